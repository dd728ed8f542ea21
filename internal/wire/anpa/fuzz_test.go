package anpa_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kawat/internal/wire"
	"kawat/internal/wire/anpa"
	"kawat/internal/wire/markup"
)

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.anpa")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range append(files, "../../../samples/kyodo-original.anpa") {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c := &wire.Copy{Data: data, Profile: ap}
		stories, refusals := anpa.Parse(c, data)
		if len(stories)+len(refusals) == 0 {
			t.Fatal("neither a story nor a refusal")
		}
		// A message is a story or a refusal; a second refusal can only be of what stands before or behind it.
		if messages := bytes.Count(data, []byte{1}); len(stories) > messages || len(stories)+len(refusals) > 2*messages+1 {
			t.Fatalf("%d stories and %d refusals of %d messages", len(stories), len(refusals), messages)
		}
		again, _ := anpa.Parse(c, data)
		for i, s := range stories {
			a, err := s.Marshal()
			if err != nil && strings.ToValidUTF8(string(data), "") == string(data) {
				t.Fatal(err)
			}
			if b, _ := again[i].Marshal(); !bytes.Equal(a, b) {
				t.Errorf("read twice:\n%s\n%s", a, b)
			}
			if markup.Scrub(s.Body.HTML) != s.Body.HTML || markup.Scrub(s.Body.Text) != s.Body.Text || markup.Clean(s.ID) != s.ID {
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
	for _, name := range []string{"ap-first", "kyodo-original"} {
		b.Run(name, func(b *testing.B) {
			data := long(b, name)
			c := &wire.Copy{Data: data, Profile: ap}
			anpa.Parse(c, data) // loads the dictionaries
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if stories, refusals := anpa.Parse(c, data); len(stories) != 1 || len(refusals) > 0 {
					b.Fatal(refusals)
				}
			}
		})
	}
}

// long is a message with its first paragraphs repeated until it has about 5 KB.
func long(b *testing.B, name string) []byte {
	file := "testdata/" + name + ".anpa"
	if name == "kyodo-original" {
		file = "../../../samples/kyodo-original.anpa"
	}
	data, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	before, after, ok := bytes.Cut(data, []byte("agency reported that"))
	if !ok {
		b.Fatal("the paragraph to repeat is not there")
	}
	paragraph := "agency reported that it was so.\r\n\tThe bridge was built of cedar and steel, and the city paid for half of it.\r\n\tThe "
	for len(before)+len(after) < 5000 {
		before = append(bytes.Clone(before), paragraph...)
	}
	return bytes.Join([][]byte{before, after}, []byte("agency reported that"))
}
