package render

import (
	"bytes"
	stdgzip "compress/gzip"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/feeds"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

// vocabulary are made-up words, the n-th about as rare as the n-th word of a language.
func vocabulary() func(*rand.Rand) string {
	syllables := strings.Fields("ka wat ber ita pe me rin tah nya tak an gas har ga sta bil du nia men te ri lu ar neg " +
		"des ke pa kat ek spor ki lang la por pe kan rak yat tok yo mos kow in dus tri sa ha lin")
	r := rand.New(rand.NewPCG(1, 2))
	words := make([]string, 6000)
	for i := range words {
		for range 1 + r.IntN(4) {
			words[i] += syllables[r.IntN(len(syllables))]
		}
	}
	return func(r *rand.Rand) string {
		return words[int(math.Exp(r.Float64()*math.Log(float64(len(words)))))-1]
	}
}

// longView is a feed of 50 stories of 5 KB each, no two alike.
func longView(from int) *feed.View {
	word := vocabulary()
	var entries []*feed.Entry
	for i := range 50 {
		n := from + 50 - i
		r := rand.New(rand.NewPCG(uint64(n), 0))
		var html, text strings.Builder
		for text.Len() < 5<<10 {
			html.WriteString("<p>")
			for range 40 + r.IntN(40) {
				w := word(r)
				html.WriteString(w + " ")
				text.WriteString(w + " ")
			}
			html.WriteString("</p>")
			text.WriteString("\n\n")
		}
		e := translated()
		e.Story.ID = fmt.Sprintf("urn:newsml:antaranews.com:20261123:%d", n)
		e.Story.Headline = fmt.Sprintf("Berita nomor %d: %s %s", n, word(r), word(r))
		e.Story.Body = wire.Body{HTML: html.String(), Text: text.String()}
		e.Sequence, e.Recorded = uint64(n), e.Recorded.Add(time.Duration(n)*time.Second)
		entries = append(entries, e)
	}
	return view(entries...)
}

// BenchmarkFormat is what the first reader of a format costs, without and with gzip, and what one new story then costs.
func BenchmarkFormat(b *testing.B) {
	v := longView(0)
	for _, f := range feed.Formats {
		for _, c := range []feed.Coding{feed.Identity, feed.Gzip} {
			b.Run(string(f)+"/first/"+c.String(), func(b *testing.B) {
				for b.Loop() {
					document(b, snapshot(b, v), f, c)
				}
			})
		}
		for c := range feed.Coding(feed.Codings) {
			b.Run(string(f)+"/next/"+c.String(), func(b *testing.B) {
				views := make([]*feed.View, 65)
				for n := range views {
					views[n] = longView(n)
				}
				r := New(site)
				first, err := r.Snapshot(views[0])
				if err != nil {
					b.Fatal(err)
				}
				document(b, first, f, c)
				for n := 0; b.Loop(); n++ {
					if _, err := r.Snapshot(views[n%64+1]); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// gorillaFeed is the same feed through the library's own types and conversion.
func gorillaFeed(v *feed.View) *feeds.Feed {
	f := &feeds.Feed{Title: v.Def.Title, Link: &feeds.Link{Href: site.Home()}, Updated: v.Updated}
	for _, e := range v.Entries {
		f.Add(&feeds.Item{
			Id: e.Key().URI(), Title: e.Headline, Link: &feeds.Link{Href: site.Story(e.Key())},
			Description: e.Summary, Content: e.Body.HTML, Created: e.First, Updated: e.Updated(),
			Author: &feeds.Author{Name: e.Byline},
		})
	}
	return f
}

// BenchmarkWriteXML is the yardstick: the library writes the whole feed anew, and it is compressed anew.
func BenchmarkWriteXML(b *testing.B) {
	v := longView(0)
	write := map[string]func(*feeds.Feed, io.Writer) error{
		"rss":  (*feeds.Feed).WriteRss,
		"atom": (*feeds.Feed).WriteAtom,
		"json": (*feeds.Feed).WriteJSON,
	}
	for name, w := range write {
		var out bytes.Buffer
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				out.Reset()
				if err := w(gorillaFeed(v), &out); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(name+"/gzip", func(b *testing.B) {
			var size int
			for b.Loop() {
				var packed bytes.Buffer
				z := stdgzip.NewWriter(&packed)
				if _, err := z.Write(out.Bytes()); err != nil {
					b.Fatal(err)
				}
				if err := z.Close(); err != nil {
					b.Fatal(err)
				}
				size = packed.Len()
			}
			b.ReportMetric(float64(size), "gzip-B")
		})
	}
}
