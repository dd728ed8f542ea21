package bench

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/andybalholm/brotli/matchfinder"
	"github.com/gorilla/feeds"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"kawat/internal/feed"
	"kawat/internal/render"
	"kawat/internal/wire"
	"kawat/internal/wire/decode"
)

var site = render.Site{Title: "Bench", BaseURL: "https://wire.example"}

// storyOf is story n of about 5 KB, released n seconds into the day.
func storyOf(b testing.TB, n int) *feed.Entry {
	b.Helper()
	stories, refusals := decode.Decode(&wire.Copy{Data: plainStory(n), Profile: decode.Profile("antara")})
	if len(refusals) > 0 {
		b.Fatal(refusals[0])
	}
	at := time.Date(2026, 11, 23, 0, 0, n, 0, time.UTC)
	return &feed.Entry{Record: wire.Record{Story: stories[0], Sequence: uint64(n + 1), Recorded: at}, First: at}
}

// viewOf is a feed of 50 stories.
func viewOf(name string, entries []*feed.Entry) *feed.View {
	v := &feed.View{Def: feed.Def{Name: name, Title: "All stories", Size: 50}}
	for _, e := range entries {
		v.Add(e, e.First)
	}
	v.Finish()
	return v
}

// views are a feed's next revisions, each with one new story and without the oldest.
func views(b *testing.B, n int) []*feed.View {
	b.Helper()
	entries := make([]*feed.Entry, 50+n)
	for i := range entries {
		entries[i] = storyOf(b, i)
	}
	all := make([]*feed.View, n)
	for i := range all {
		all[i] = viewOf("all", entries[i:i+50])
	}
	return all
}

// body gives a document's bytes.
func body(b *testing.B, s *feed.Snapshot, f feed.Format, c feed.Coding) []byte {
	b.Helper()
	d, err := s.Document(f, c)
	if err != nil {
		b.Fatal(err)
	}
	made, err := d.Body()
	if err != nil {
		b.Fatal(err)
	}
	return bytes.Join(made.Pieces, nil)
}

// BenchmarkRender brings a feed of 50 stories of 5 KB up to date after one new story, by kawat and by gorilla/feeds, which
// writes the feed anew; both compress with the same libraries at the same levels, gorilla's anew. It gives processor time of
// both and their ratio: for RSS in each coding, and in all of them.
func BenchmarkRender(b *testing.B) {
	const revisions = 256
	var all []*feed.View
	for _, run := range []struct {
		name    string
		codings []feed.Coding
	}{
		{"identity", []feed.Coding{feed.Identity}},
		{"gzip", []feed.Coding{feed.Gzip}},
		{"zstd", []feed.Coding{feed.Zstd}},
		{"br", []feed.Coding{feed.Brotli}},
		{"all", []feed.Coding{feed.Identity, feed.Gzip, feed.Zstd, feed.Brotli}},
	} {
		b.Run("update/"+run.name, func(b *testing.B) {
			if all == nil {
				all = views(b, revisions)
			}
			fresh := newAfresh()
			var ratios, whole, bare []float64
			for b.Loop() {
				r := render.New(site)
				// Its readers ask once, and have everything beforehand from then on.
				for n := range 2 {
					s, err := r.Snapshot(all[n])
					if err != nil {
						b.Fatal(err)
					}
					for _, c := range run.codings {
						body(b, s, feed.RSS, c)
					}
				}
				begin := cpuSeconds()
				for _, v := range all[2:] {
					if _, err := r.Snapshot(v); err != nil {
						b.Fatal(err)
					}
				}
				kawat := (cpuSeconds() - begin) / (revisions - 2)
				begin = cpuSeconds()
				for n := 2; n < revisions; n += 16 { // every one costs the same
					fresh.write(b, all[n], run.codings)
				}
				gorilla := (cpuSeconds() - begin) / ((revisions - 2 + 15) / 16)
				ratios, whole, bare = append(ratios, gorilla/kawat), append(whole, kawat), append(bare, gorilla)
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(median(whole)*1e6, "µs")
			b.ReportMetric(median(bare)*1e6, "µs-afresh")
			b.ReportMetric(median(ratios), "×faster")
		})
	}
	for _, f := range feed.Formats {
		b.Run(fmt.Sprint("first/", f), func(b *testing.B) {
			v := views(b, 1)[0]
			b.ReportAllocs()
			var s *feed.Snapshot
			for b.Loop() {
				var err error
				if s, err = render.New(site).Snapshot(v); err != nil {
					b.Fatal(err)
				}
				body(b, s, f, feed.Gzip)
			}
			for c := range feed.Coding(feed.Codings) {
				b.ReportMetric(float64(len(body(b, s, f, c))), c.String()+"-bytes")
			}
		})
	}
}

// afresh writes a feed as anybody would.
type afresh struct {
	plain, packed bytes.Buffer
	gzip          *gzip.Writer
	zstd          *zstd.Encoder
	brotli        *matchfinder.Writer
}

func newAfresh() *afresh {
	a := new(afresh)
	a.gzip, _ = gzip.NewWriterLevel(&a.packed, 6)                                               // the level is right
	a.zstd, _ = zstd.NewWriter(nil, zstd.WithEncoderCRC(false), zstd.WithLowerEncoderMem(true)) // and so are the options
	a.brotli = brotli.NewWriterV2(&a.packed, 4)
	return a
}

func (a *afresh) write(b *testing.B, v *feed.View, codings []feed.Coding) {
	f := &feeds.Feed{Title: v.Def.Title, Link: &feeds.Link{Href: site.BaseURL}, Description: v.Def.Title}
	for _, e := range v.Entries {
		f.Items = append(f.Items, &feeds.Item{Title: e.Headline, Link: &feeds.Link{Href: site.Story(e.Key())}, Id: e.Key().URI(),
			Content: e.Body.HTML, Description: e.Headline, Created: e.First})
	}
	a.plain.Reset()
	if err := feeds.WriteXML(&feeds.Rss{Feed: f}, &a.plain); err != nil {
		b.Fatal(err)
	}
	for _, c := range codings {
		a.packed.Reset()
		switch c {
		case feed.Gzip:
			a.gzip.Reset(&a.packed)
			_, _ = a.gzip.Write(a.plain.Bytes()) // into memory
			_ = a.gzip.Close()
		case feed.Zstd:
			a.zstd.EncodeAll(a.plain.Bytes(), a.packed.AvailableBuffer())
		case feed.Brotli:
			a.brotli.Reset(&a.packed)
			_, _ = a.brotli.Write(a.plain.Bytes())
			_ = a.brotli.Close()
		}
	}
}

// BenchmarkMemory has 1,000 feeds of 50 stories of 5 KB, each story in five of them, read as RSS in gzip and every tenth as
// Atom in br too. It gives the heap that they take, by the bytes that are different: each item once in each of its formats, and
// each compressed document. Then each feed has ten more stories.
func BenchmarkMemory(b *testing.B) {
	const many, shared, news = 1000, 5, 10
	entries := make([]*feed.Entry, many*50/shared+news)
	for i := range entries {
		entries[i] = storyOf(b, i)
	}
	// revision n of a feed: its stories lie side by side, so that each is in as many feeds as any other.
	revision := func(i, n int) *feed.View {
		from := i * (len(entries) - 50 - news) / many
		return viewOf(fmt.Sprint("feed", i), entries[from+n:from+n+50])
	}
	for b.Loop() {
		before := heap()
		r := render.New(site)
		snapshots := make([]*feed.Snapshot, many)
		for n := range news + 1 {
			for i := range snapshots {
				s, err := r.Snapshot(revision(i, n))
				if err != nil {
					b.Fatal(err)
				}
				snapshots[i] = s
				if n > 0 {
					continue
				}
				body(b, s, feed.RSS, feed.Gzip)
				if i%10 == 0 {
					body(b, s, feed.Atom, feed.Brotli)
				}
			}
			if n == 0 || n == news {
				kept := float64(heap() - before)
				distinct := distinctBytes(b, snapshots)
				b.ReportMetric(kept/1e6, fmt.Sprintf("MB-after-%d", n))
				b.ReportMetric(kept/distinct, fmt.Sprintf("×distinct-after-%d", n))
			}
		}
		runtime.KeepAlive(r)
	}
	b.ReportMetric(0, "ns/op")
}

// heap is what is in use after a collection. The second frees what the first has found out.
func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// distinctBytes counts each item once in each format it is kept in, and each document that is kept.
func distinctBytes(b *testing.B, snapshots []*feed.Snapshot) float64 {
	sum := 0
	for _, f := range []feed.Format{feed.RSS, feed.Atom} {
		pieces := map[*byte]int{}
		for i, s := range snapshots {
			if f == feed.Atom && i%10 > 0 {
				continue
			}
			coding := map[feed.Format]feed.Coding{feed.RSS: feed.Gzip, feed.Atom: feed.Brotli}[f]
			sum += len(body(b, s, f, coding))
			d, err := s.Document(f, feed.Identity)
			if err != nil {
				b.Fatal(err)
			}
			plain, err := d.Body()
			if err != nil {
				b.Fatal(err)
			}
			for _, piece := range plain.Pieces {
				pieces[&piece[0]] = len(piece)
			}
		}
		for _, n := range pieces {
			sum += n
		}
	}
	return float64(sum)
}
