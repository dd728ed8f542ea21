package render

import (
	"bytes"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

// same says whether two snapshots have the same documents.
func same(t *testing.T, a, b *feed.Snapshot) bool {
	t.Helper()
	for _, f := range feed.Formats {
		for c := range feed.Coding(feed.Codings) {
			x, one := document(t, a, f, c)
			y, other := document(t, b, f, c)
			if x.ETag != y.ETag || !bytes.Equal(one, other) || x.ContentType != y.ContentType || !x.LastModified.Equal(y.LastModified) {
				t.Errorf("%s in %s differs", f, c)
				return false
			}
		}
	}
	return true
}

// A replica that has rendered other things before, for other readers, says the same.
func TestSameViewSameBytes(t *testing.T) {
	fresh := snapshot(t, longView(3))
	r := New(site)
	for n := range 4 {
		s, err := r.Snapshot(longView(n))
		if err != nil {
			t.Fatal(err)
		}
		if n < 3 { // so that the last has some that were made beforehand, and some that are made now
			document(t, s, feed.RSS, feed.Gzip)
			document(t, s, feed.RSS, feed.Brotli)
			document(t, s, feed.JSON, feed.Zstd)
			continue
		}
		same(t, fresh, s)
	}
}

// TestSameTranslations: a story that names another translation than before, and as many, is written anew.
func TestSameTranslations(t *testing.T) {
	s := *translated().Story
	s.Translations = []wire.Counterpart{
		{Provider: "p", ID: "a", Language: "ar", Until: at("2026-11-23T05:00:00Z")}, {Provider: "p", ID: "f", Language: "fr", From: at("2026-11-23T05:00:00Z")},
	}
	e := entry(&s, 1, "2026-11-23T01:00:00Z", "2026-11-23T01:00:00Z")
	r := New(site)
	for _, now := range []string{"2026-11-23T04:00:00Z", "2026-11-23T06:00:00Z"} {
		shown, _ := e.At(at(now))
		again, err := r.Snapshot(view(shown))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range feed.Formats {
			if got, want := plain(t, again, f), plain(t, snapshot(t, view(shown)), f); !bytes.Equal(got, want) {
				t.Errorf("%s at %s: it names the translation of before", f, now)
			}
		}
	}
}

func TestValidators(t *testing.T) {
	s := snapshot(t, fixedView())
	changed := fixedView()
	changed.Entries = changed.Entries[1:]
	other := snapshot(t, changed)
	for _, f := range feed.Formats {
		tags := map[string]bool{}
		for c := range feed.Coding(feed.Codings) {
			d, _ := document(t, s, f, c)
			if d.ETag[0] != '"' || d.ETag[len(d.ETag)-1] != '"' || strings.Count(d.ETag, `"`) != 2 || len(d.ETag) < 24 || tags[d.ETag] {
				t.Errorf("%s in %s has the tag %s", f, c, d.ETag)
			}
			tags[d.ETag] = true
			if !d.LastModified.Equal(at("2026-11-23T03:00:00Z")) {
				t.Errorf("%s was modified %v", f, d.LastModified)
			}
			if e, _ := document(t, other, f, c); e.ETag == d.ETag {
				t.Errorf("%s changed under its tag", f)
			}
		}
	}
	if d, err := s.Document("html", feed.Identity); d != nil || err != nil {
		t.Errorf("there is a feed in HTML: %v", err)
	}
	if d, err := s.Since("html", feed.Identity, `"a"`); d != nil || err != nil {
		t.Errorf("there is a feed in HTML: %v", err)
	}
}

// made are the documents that a snapshot has without being asked.
func made(s *feed.Snapshot) (all []string) {
	d := s.Documents.(*documents)
	for i, f := range d.renderer.formats {
		if ed := d.editions[i].made.Load(); ed != nil {
			for c := range ed.streams {
				if ed.streams[c].made.Load() != nil {
					all = append(all, string(f.name())+" "+feed.Coding(c).String())
				}
			}
		}
	}
	return all
}

// What was asked for lately is made before anybody asks, and nothing else.
func TestDocumentsAreMadeForTheirReaders(t *testing.T) {
	r := New(site)
	now := time.Unix(1_800_000_000, 0)
	r.now = func() time.Time { return now }
	next := func() *feed.Snapshot {
		t.Helper()
		s, err := r.Snapshot(fixedView())
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	has := func(s *feed.Snapshot, want ...string) {
		t.Helper()
		if got := made(s); !slices.Equal(got, want) {
			t.Errorf("%q are made, not %q", got, want)
		}
	}
	s := next()
	has(s)
	document(t, s, feed.Atom, feed.Gzip)
	has(s, "atom gzip")
	has(next(), "atom gzip")

	now = now.Add(lately / 2)
	s = next()
	document(t, s, feed.NINJS, feed.Brotli)
	document(t, s, feed.NINJS, feed.Identity)
	has(s, "atom gzip", "ninjs identity", "ninjs br")

	now = now.Add(lately/2 - time.Second)
	s = next()
	has(s, "atom gzip", "ninjs identity", "ninjs br")
	document(t, s, feed.NINJS, feed.Identity)

	now = now.Add(lately / 2) // nobody read Atom since, and ninjs only as it is; the feed does not change
	before, packed := document(t, s, feed.Atom, feed.Identity)
	has(s, "atom identity", "atom gzip", "ninjs identity", "ninjs br")
	now = now.Add(lately + time.Second)
	if _, err := r.Snapshot(&feed.View{Def: feed.Def{Name: "other"}}); err != nil { // whatever is rendered, the sweep comes by
		t.Fatal(err)
	}
	has(s)
	if again, b := document(t, s, feed.Atom, feed.Identity); again.ETag != before.ETag || !bytes.Equal(b, packed) {
		t.Error("a document that was dropped came back as another")
	}
}

// countingFormat counts how often each item is rendered, and can fail.
type countingFormat struct {
	format
	rendered *atomic.Int64
	broken   *atomic.Bool
}

func (f countingFormat) item(c *content) ([]byte, error) {
	f.rendered.Add(1)
	if f.broken.Load() {
		return nil, errors.New("broken")
	}
	return f.format.item(c)
}

// Items are rendered once a version and wanted format, by however many feeds and readers; an error is not kept.
func TestItemsAreRenderedOnce(t *testing.T) {
	r := New(site)
	var rendered, other atomic.Int64
	var broken atomic.Bool
	r.formats[0] = countingFormat{r.formats[0], &rendered, &broken}
	r.formats[1] = countingFormat{r.formats[1], &other, &broken}
	v := fixedView()
	s, err := r.Snapshot(v)
	if err != nil {
		t.Fatal(err)
	}
	broken.Store(true)
	if _, err := s.Document(feed.RSS, feed.Gzip); err == nil {
		t.Error("no error of a format that is broken")
	}
	if _, err := r.Snapshot(v); err == nil {
		t.Error("a snapshot without what its readers want")
	}
	broken.Store(false)
	rendered.Store(0)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			if _, err := s.Document(feed.RSS, feed.Gzip); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if _, err := r.Snapshot(v); err != nil {
		t.Fatal(err)
	}
	shared := fixedView()
	shared.Def.Name = "shared"
	second, err := r.Snapshot(shared)
	if err != nil {
		t.Fatal(err)
	}
	document(t, second, feed.RSS, feed.Identity)
	if n := rendered.Load(); n != int64(len(v.Entries)) {
		t.Errorf("%d items were rendered for %d entries", n, len(v.Entries))
	}
	if n := other.Load(); n != 0 {
		t.Errorf("%d items were rendered in a format that nobody reads", n)
	}
	runtime.KeepAlive(s)
}

// The bytes of an item are kept no longer than a document shows it.
func TestItemsAreKeptWhileShown(t *testing.T) {
	r := New(site)
	shows := func(name string, entries ...*feed.Entry) {
		v := view(entries...)
		v.Def.Name = name
		s, err := r.Snapshot(v)
		if err != nil {
			t.Fatal(err)
		}
		document(t, s, feed.RSS, feed.Identity)
	}
	a, b, c := translated(), english(), japanese()
	shows("satu", a, b)
	kept := r.items[versionOf(b)]
	shows("dua", b, c)
	if r.items[versionOf(b)] != kept || kept.feeds != 2 || kept.parts[0].Value() == nil {
		t.Error("a version was rendered twice")
	}
	shows("satu", c)
	if len(r.items) != 2 || r.items[versionOf(a)] != nil {
		t.Errorf("%d items are kept of 2 shown", len(r.items))
	}
	corrected := english()
	corrected.Version, corrected.Sequence = 2, 50
	shows("dua", corrected, c)
	if len(r.items) != 2 || r.items[versionOf(b)] != nil {
		t.Errorf("%d items are kept of 2 shown", len(r.items))
	}
	runtime.GC()
	if kept.parts[0].Value() != nil {
		t.Error("the bytes of a version that nothing shows are kept")
	}
	r.Forget("dua")
	r.Forget("satu")
	r.Forget("satu")
	if len(r.items) != 0 || len(r.shown) != 0 {
		t.Errorf("%d items are kept of none shown", len(r.items))
	}
}

// Feeds that share stories can be rendered and read at once, each as if it were alone.
func TestSnapshotsAtOnce(t *testing.T) {
	r := New(site)
	want := etag(t, snapshot(t, fixedView()), feed.Atom)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			for n := range 10 {
				v := fixedView()
				if n%2 == i%2 {
					v.Entries = v.Entries[n%3:]
				}
				s, err := r.Snapshot(v)
				if err != nil {
					t.Error(err)
					return
				}
				d, err := s.Document(feed.Atom, feed.Coding(n%feed.Codings))
				if err != nil {
					t.Error(err)
					return
				}
				if _, err := d.Body(); err != nil {
					t.Error(err)
				}
				if d, _ := s.Document(feed.Atom, feed.Identity); (len(v.Entries) == 4) != (d.ETag == want) {
					t.Errorf("%d entries under %s", len(v.Entries), d.ETag)
				}
			}
		})
	}
	all.Wait()
	r.Forget("dunia")
	if len(r.items) != 0 {
		t.Errorf("%d items are kept of none shown", len(r.items))
	}
}
