package render

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"kawat/internal/feed"
)

// Cut or not, what stands before the items is the same.
func TestHeadsAreWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := &feed.View{Updated: time.Date(2026, 11, 23, 3, 4, 5, 0, time.UTC)}
		line := rapid.SampledFrom([]string{"", "<rss>", "<lastBuildDate>Mon, 23 Nov 2026 03:04:05 GMT</lastBuildDate>", "\n", "<updated>2026-11-23T03:04:05.1Z</updated>"})
		var head []byte
		for _, l := range rapid.SliceOfN(line, 0, 8).Draw(t, "lines") {
			head = append(head, l+"\n"...)
		}
		head = bytes.TrimSuffix(head, []byte(rapid.SampledFrom([]string{"", "\n"}).Draw(t, "end")))
		var joined []byte
		for _, p := range headOf(head, v) {
			if len(p.bytes) == 0 {
				t.Fatal("a part is empty")
			}
			joined = append(joined, p.bytes...)
		}
		if !bytes.Equal(joined, head) {
			t.Fatalf("%q became %q", head, joined)
		}
	})
}

// Most of what stands before the items is taken over from the revision before.
func TestHeadsStay(t *testing.T) {
	for _, f := range []feed.Format{feed.RSS, feed.Atom, feed.NewsMLG2} {
		var editions []*edition
		r := New(site)
		for n := range 2 {
			v := longView(n)
			v.Updated = v.Updated.Add(time.Duration(n) * time.Second)
			s, err := r.Snapshot(v)
			if err != nil {
				t.Fatal(err)
			}
			document(t, s, f, feed.Gzip)
			for i, known := range r.formats {
				if known.name() == f {
					editions = append(editions, s.Documents.(*documents).editions[i].made.Load())
				}
			}
		}
		before, after := editions[0].head, editions[1].head
		size, kept := 0, 0
		for _, p := range after {
			size += len(p.bytes)
			if slices.Contains(before, p) {
				kept += len(p.bytes)
			}
		}
		if kept < size*2/3 || kept == size {
			t.Errorf("%s: %d bytes of %d before the items are kept", f, kept, size)
		}
	}
}
