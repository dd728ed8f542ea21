package render

import (
	"bytes"
	"slices"
	"testing"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

// A reader that has an earlier revision is sent the entries that are new or changed since, and no other.
func TestDifference(t *testing.T) {
	r := New(site)
	render := func(entries ...*feed.Entry) *feed.Snapshot {
		t.Helper()
		s, err := r.Snapshot(view(entries...))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range feed.Formats {
			for c := range feed.Coding(feed.Codings) {
				document(t, s, f, c)
			}
		}
		return s
	}
	first := render(english(), japanese())
	second := render(translated(), english(), japanese())
	kill := english()
	kill.Status, kill.Signal, kill.Sequence = wire.Canceled, wire.Kill, 77
	third := render(kill, translated(), japanese())
	for _, f := range feed.Formats {
		for c := range feed.Coding(feed.Codings) {
			for name, d := range map[string]struct {
				before *feed.Snapshot
				want   []*feed.Entry
			}{
				"one revision":  {second, []*feed.Entry{kill}},
				"two revisions": {first, []*feed.Entry{kill, translated()}},
			} {
				had, _ := document(t, d.before, f, c)
				got, err := third.Since(f, c, had.ETag)
				if err != nil || got == nil {
					t.Fatalf("%s, %s, %s: nothing, %v", f, c, name, err)
				}
				whole, _ := document(t, third, f, c)
				if got.ETag != whole.ETag || got.Coding != c || got.ContentType != whole.ContentType {
					t.Errorf("%s, %s, %s: %s in %s under %s", f, c, name, got.ContentType, got.Coding, got.ETag)
				}
				body := bodyOfDocument(t, got)
				if c != feed.Identity {
					body = unpack(t, c, body)
				}
				for _, e := range []*feed.Entry{kill, translated(), japanese()} {
					wanted := slices.ContainsFunc(d.want, func(w *feed.Entry) bool { return w.Key() == e.Key() })
					if bytes.Contains(body, []byte(e.Key().URI())) != wanted {
						t.Errorf("%s, %s, %s: entry %s is there: %v", f, c, name, e.ID, !wanted)
					}
				}
			}
		}
		for name, tag := range map[string]string{"its own": etag(t, third, f), "another's": `"abc"`, "none": "*", "empty": ""} {
			if d, err := third.Since(f, feed.Gzip, tag); d != nil || err != nil {
				t.Errorf("%s: there is a difference to %s tag, %v", f, name, err)
			}
		}
	}
	// Of entries that are all new, and of no new ones, the whole is sent.
	fourth := render(japanese())
	if d, err := fourth.Since(feed.RSS, feed.Gzip, etag(t, third, feed.RSS)); d != nil || err != nil {
		t.Errorf("there is a difference of no entry, %v", err)
	}
	fifth := render(translated())
	if d, err := fifth.Since(feed.RSS, feed.Gzip, etag(t, fourth, feed.RSS)); d != nil || err != nil {
		t.Errorf("there is a difference of all entries, %v", err)
	}
}

// Revisions are forgotten in the end, the oldest first.
func TestDifferenceIsBounded(t *testing.T) {
	r := New(site)
	var tags []string
	var s *feed.Snapshot
	for n := range remembered + 2 {
		e := english()
		e.Sequence, e.Version = uint64(n+1), int64(n+1)
		var err error
		if s, err = r.Snapshot(view(e, japanese())); err != nil {
			t.Fatal(err)
		}
		tags = append(tags, etag(t, s, feed.RSS))
	}
	for n, tag := range tags {
		d, err := s.Since(feed.RSS, feed.Identity, tag)
		if want := n >= 1 && n <= remembered; err != nil || (d != nil) != want {
			t.Errorf("revision %d of %d is remembered: %v, %v", n, len(tags), !want, err)
		}
	}
}
