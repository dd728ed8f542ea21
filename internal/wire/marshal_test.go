package wire

import (
	"bytes"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
)

// FuzzMarshal: a record is written as the JSON library writes it.
func FuzzMarshal(f *testing.F) {
	f.Add("<p>One \"two\" \\ &amp; three</p>\n", "One\n\n\x00\x1f\u2028\x7f\t\b\f\r", "H")
	f.Add("", "\xff", "")
	f.Add("a", "b", `"body":{"html":"","text":""}`)
	f.Add("", "", `"received":{`)
	f.Fuzz(func(t *testing.T, html, text, headline string) {
		s := &Story{ID: headline, Headline: headline, Body: Body{HTML: html, Text: text}, Note: headline, Created: time.Unix(1, 0).UTC()}
		for range len(html) % 3 {
			s.AddEvidence(headline, html, text)
		}
		want, wantErr := json.Marshal(s, json.Deterministic(true))
		got, err := s.Marshal()
		if (err == nil) != (wantErr == nil) || err == nil && !bytes.Equal(got, want) {
			t.Errorf("got  %s %v\nwant %s %v", got, err, want, wantErr)
		}
	})
}

func BenchmarkMarshal(b *testing.B) {
	text := bytes.Repeat([]byte("The ferry made its crossing on time, a spokesman for the port said. "), 80)
	s := &Story{ID: "urn:x:y", Headline: "Ferry arrives", Body: Body{HTML: "<p>" + string(text) + "</p>", Text: string(text)}}
	for range 16 {
		s.AddEvidence("attribution.credits[1]", "label:editor:id", "Editor: Bima Ananta")
	}
	b.ReportAllocs()
	b.SetBytes(int64(2 * len(text)))
	for b.Loop() {
		if _, err := s.Marshal(); err != nil {
			b.Fatal(err)
		}
	}
}
