package bench

import (
	"testing"

	"kawat/internal/wire"
	"kawat/internal/wire/decode"
)

// BenchmarkDecode makes the story record of copy of about 6 KB.
func BenchmarkDecode(b *testing.B) {
	for _, f := range formats {
		b.Run(f.name, func(b *testing.B) {
			data, profile := f.story(7), decode.Profile(f.provider)
			if _, refusals := decode.Decode(&wire.Copy{Data: data, Profile: profile}); len(refusals) > 0 {
				b.Fatal(refusals[0])
			}
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				decode.Decode(&wire.Copy{Data: data, Profile: profile})
			}
		})
	}
}

// TestCopyIsRead: what the benchmarks feed is whole stories, with everything taken out of the text.
func TestCopyIsRead(t *testing.T) {
	for _, f := range formats {
		stories, refusals := decode.Decode(&wire.Copy{Data: f.story(7), Profile: decode.Profile(f.provider)})
		if len(refusals) > 0 || len(stories) != 1 {
			t.Fatalf("%s: %d stories, refusals %v", f.name, len(stories), refusals)
		}
		if s := stories[0]; len(s.Body.Text) < 4000 || s.Dateline.Text == "" || s.Attribution.Sources[0].Name != "Kyodo" || s.Headline == "" {
			t.Errorf("%s: %+v", f.name, s)
		}
	}
}
