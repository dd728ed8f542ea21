package bench

import (
	"strings"
	"testing"
	"time"

	"kawat/internal/wire"
	"kawat/internal/wire/decode"
)

// BenchmarkDecode makes the story record of copy of about 6 KB, credits taken out and sanitised, and in turn with it has
// the same document read into a plain struct by encoding/json or encoding/xml, which is all that is done there. It gives
// processor time a story of both and their ratio.
func BenchmarkDecode(b *testing.B) {
	for _, f := range formats {
		b.Run(f.name, func(b *testing.B) {
			data, profile := f.story(7), decode.Profile(f.provider)
			plain, plainData := f.plain, data
			if plain == nil { // the same words in ninjs
				plain, plainData = plainNINJS, ninjsStory(7)
			}
			if _, refusals := decode.Decode(&wire.Copy{Data: data, Profile: profile}); len(refusals) > 0 {
				b.Fatal(refusals[0])
			}
			if err := plain(plainData); err != nil {
				b.Fatal(err)
			}
			const turn = 20 // of each, one after the other: what disturbs the machine disturbs both
			var whole, bare time.Duration
			turns := 0
			b.SetBytes(turn * int64(len(data)))
			for b.Loop() {
				begin := time.Now()
				for range turn {
					decode.Decode(&wire.Copy{Data: data, Profile: profile})
				}
				whole += time.Since(begin)
				b.StopTimer()
				begin = time.Now()
				for range turn {
					_ = plain(plainData)
				}
				bare += time.Since(begin)
				turns++
				b.StartTimer()
			}
			each := func(d time.Duration) float64 { return float64(d.Microseconds()) / float64(turns*turn) }
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(each(whole), "µs/story")
			b.ReportMetric(each(bare), "µs/plain")
			b.ReportMetric(float64(whole)/float64(bare), "×plain")
			b.ReportMetric(testing.AllocsPerRun(10, func() { decode.Decode(&wire.Copy{Data: data, Profile: profile}) }), "allocs/story")
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
		s := stories[0]
		if s.Received.Format != f.name {
			t.Errorf("%s is read as %s", f.name, s.Received.Format)
		}
		if len(s.Body.Text) < 4000 || s.Dateline.Text == "" || s.Headline == "" || strings.Contains(s.Body.Text, "Editor") {
			t.Errorf("%s: %+v", f.name, s)
		}
		if f.provider == "antara" && (s.Attribution.Sources[0].Name != "Kyodo" || len(s.Attribution.Credits) != 2 || s.Rights.AI != wire.AIReserved) {
			t.Errorf("%s: %+v %+v", f.name, s.Attribution, s.Rights)
		}
	}
}
