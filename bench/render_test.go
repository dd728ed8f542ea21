package bench

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"testing"
	"time"

	"github.com/gorilla/feeds"

	"kawat/internal/feed"
	"kawat/internal/render"
	"kawat/internal/wire"
	"kawat/internal/wire/decode"
)

// view is a feed of 50 stories of about 5 KB; generation n has one story that no other has.
func view(b *testing.B, n int) *feed.View {
	v := &feed.View{Def: feed.Def{Name: "all", Title: "All stories", Size: 50}}
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for i := range 50 {
		number := i
		if i == 49 {
			number = 1000 + n
		}
		stories, refusals := decode.Decode(&wire.Copy{Data: plainStory(number), Profile: decode.Profile("antara")})
		if len(refusals) > 0 {
			b.Fatal(refusals[0])
		}
		at := now.Add(time.Duration(number) * time.Second)
		v.Add(&feed.Entry{Record: wire.Record{Story: stories[0], Sequence: uint64(number + 1), Recorded: at}, First: at}, now.Add(time.Hour))
	}
	v.Finish()
	return v
}

// BenchmarkRender makes every document of a feed of 50 stories of 5 KB, in RSS, Atom and JSON Feed, plain and gzipped: from
// nothing; after one new story; and, for comparison, RSS alone by gorilla/feeds and a fresh gzip.
func BenchmarkRender(b *testing.B) {
	site := render.Site{Title: "Bench", BaseURL: "https://wire.example"}
	b.Run("all formats, from nothing", func(b *testing.B) {
		v := view(b, 0)
		b.ReportAllocs()
		for b.Loop() {
			if _, err := render.New(site).Snapshot(v); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("all formats, one new story", func(b *testing.B) {
		views := make([]*feed.View, 64)
		for n := range views {
			views[n] = view(b, n)
		}
		r := render.New(site)
		b.ReportAllocs()
		for n := 0; b.Loop(); n++ {
			if _, err := r.Snapshot(views[n%len(views)]); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("RSS alone, gorilla and gzip afresh", func(b *testing.B) {
		v := view(b, 0)
		b.ReportAllocs()
		for b.Loop() {
			f := &feeds.Feed{Title: v.Def.Title, Link: &feeds.Link{Href: site.BaseURL}, Description: v.Def.Title}
			for _, e := range v.Entries {
				f.Items = append(f.Items, &feeds.Item{Title: e.Headline, Link: &feeds.Link{Href: site.Story(e.Key())}, Id: e.Key().URI(),
					Content: e.Body.HTML, Description: e.Headline, Created: e.First})
			}
			var plain bytes.Buffer
			if err := f.WriteRss(&plain); err != nil {
				b.Fatal(err)
			}
			var packed bytes.Buffer
			w := gzip.NewWriter(&packed)
			if _, err := w.Write(plain.Bytes()); err != nil {
				b.Fatal(err)
			}
			if err := w.Close(); err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, f := range feed.Formats {
		b.Run(fmt.Sprint("size of ", f), func(b *testing.B) {
			s, err := render.New(site).Snapshot(view(b, 0))
			if err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
			}
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(float64(len(s.Documents[f].Identity.Bytes)), "bytes")
			b.ReportMetric(float64(len(s.Documents[f].Gzip.Bytes)), "gzip-bytes")
		})
	}
}
