package iptc7901_test

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"kawat/internal/wire"
	"kawat/internal/wire/iptc7901"
	"kawat/internal/wire/markup"
)

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.iptc")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		f.Add(read(f, file))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		iptc7901.Detect(data)
		c := &wire.Copy{Data: data, Profile: profiles["dpa"]}
		stories, refusals := iptc7901.Parse(c, data)
		if len(stories)+len(refusals) == 0 {
			t.Fatal("neither a story nor a refusal")
		}
		// A message is a story or a refusal; a second refusal can only be of what stands before or behind it.
		if messages := bytes.Count(data, []byte{1}); len(stories) > messages || len(stories)+len(refusals) > 2*messages+1 {
			t.Fatalf("%d stories and %d refusals of %d messages", len(stories), len(refusals), messages)
		}
		again, _ := iptc7901.Parse(c, data)
		for i, s := range stories {
			a, err := s.Marshal()
			if err != nil && utf8.Valid(data) {
				t.Fatal(err)
			}
			if b, _ := again[i].Marshal(); !bytes.Equal(a, b) {
				t.Errorf("read twice:\n%s\n%s", a, b)
			}
			if markup.Scrub(s.Body.HTML) != s.Body.HTML || markup.Scrub(s.Body.Text) != s.Body.Text || markup.Clean(s.ID) != s.ID || markup.Clean(s.Headline) != s.Headline {
				t.Errorf("not clean: %q", s.Body.HTML)
			}
			if (s.Signal == wire.Kill) != (s.Status == wire.Canceled) {
				t.Errorf("%q with %q", s.Signal, s.Status)
			}
			if s.Status == wire.Canceled && s.Embargo != nil {
				t.Error("a kill waits for an embargo")
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	data := read(b, "testdata/dpa-news.iptc")
	before, after, ok := bytes.Cut(data, []byte("\r\n\r\n# Notizblock"))
	if !ok {
		b.Fatal("the notes are not there")
	}
	const paragraph = "\r\n\r\nDie Stadt zahlt die Hälfte der Brücke, die andere der Verein der\r\nLaternenfreunde. «Das war so abgemacht», sagte dessen Vorsitzende.\r\nIm Frühjahr soll gezählt werden."
	for len(before)+len(after) < 5000 {
		before = append(before, paragraph...)
	}
	data = bytes.Join([][]byte{before, after}, []byte("\r\n\r\n# Notizblock"))
	c := &wire.Copy{Data: data, Profile: profiles["dpa"]}
	iptc7901.Parse(c, data) // loads the dictionaries
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if stories, refusals := iptc7901.Parse(c, data); len(stories) != 1 || len(refusals) > 0 || !strings.Contains(stories[0].Body.Text, "Verein") {
			b.Fatal(refusals)
		}
	}
}
