package web

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

// linked is the Indonesian story with its original and another translation at this gateway; the original was corrected.
func linked() *feed.Entry {
	e := indonesian()
	s := *e.Story
	e.Story = &s
	s.Translation = &wire.Translation{
		Of: "20261123-0007", Provider: "kyodo", From: "en", To: "id",
		Original: &wire.Fate{Provider: "kyodo", ID: "20261123-0007", Status: wire.Usable, At: at("2026-11-23T02:10:00Z"), Effect: wire.Usable},
	}
	s.Translations = []wire.Counterpart{{Provider: "wafa", ID: "ar-1", Language: "ar"}}
	return e
}

// shelved is a site with one more story, which is in no feed.
func shelved(t *testing.T, e *feed.Entry) http.Handler {
	s := newsroom(t)
	s.stories[e.Key().Token()] = e
	return handler(s, now)
}

func TestStoryInOtherFormats(t *testing.T) {
	h := handler(newsroom(t), now)
	page := "/stories/" + indonesian().Key().Token()
	for _, c := range []struct{ extension, contentType, says string }{
		{".json", "application/json; charset=utf-8", `"uri":"urn:newsml:antaranews.com:20261123:4410021"`},
		{".xml", "application/vnd.iptc.g2.newsitem+xml; charset=utf-8", `guid="urn:newsml:antaranews.com:20261123:4410021"`},
		{".txt", "text/plain; charset=utf-8", "Identity: urn:newsml:antaranews.com:20261123:4410021, version 2\n"},
	} {
		r := get(h, "GET", page+c.extension)
		body := read(t, r)
		if r.StatusCode != 200 || !strings.Contains(body, c.says) || !strings.Contains(body, "Jepang dan Rusia lanjutkan") {
			t.Fatalf("%s: %d, %s", c.extension, r.StatusCode, body)
		}
		for name, want := range map[string][]string{
			"Content-Type": {c.contentType}, "Tdm-Reservation": {"1"}, "Content-Usage": contentUsage,
			"Tdm-Policy": {"https://antara.example/ketentuan"}, "X-Content-Type-Options": {"nosniff"}, "Cache-Control": cacheControl,
			"Link": {`<https://antara.example/ketentuan>; rel="license"`, `<https://wire.example` + page + `>; rel="canonical"`},
		} {
			if d := cmp.Diff(want, r.Header[name]); d != "" {
				t.Errorf("%s, %s:\n%s", c.extension, name, d)
			}
		}
		if r := get(h, "GET", page+c.extension, "If-None-Match", r.Header.Get("Etag")); r.StatusCode != 304 {
			t.Errorf("%s again: %d", c.extension, r.StatusCode)
		}
		if html := read(t, get(h, "GET", page)); !strings.Contains(html, `href="https://wire.example`+page+c.extension+`"`) {
			t.Errorf("the page does not link to %s", c.extension)
		}

		for _, e := range []*feed.Entry{killed(), withheld()} {
			r := get(h, "GET", "/stories/"+e.Key().Token()+c.extension, "If-None-Match", "*")
			body := read(t, r)
			if r.StatusCode != http.StatusGone || r.Header.Get("Content-Type") != c.contentType || r.Header.Get("Etag") != "" ||
				strings.Contains(strings.ToLower(body), "rahasia") || !strings.Contains(body, e.Key().URI()) {
				t.Errorf("%s of %s: %d, %v, %s", c.extension, e.ID, r.StatusCode, r.Header, body)
			}
			if words := map[string]string{"k-1": "PEMBATALAN", "k-2": "WITHHELD"}[e.ID]; !strings.Contains(body, words) {
				t.Errorf("%s of %s has no notice: %s", c.extension, e.ID, body)
			}
		}
		for _, e := range []*feed.Entry{embargoed(), expired()} {
			if r := get(h, "GET", "/stories/"+e.Key().Token()+c.extension); r.StatusCode != 404 || r.Header.Get("Cache-Control") != "no-store" {
				t.Errorf("%s of %s: %d", c.extension, e.ID, r.StatusCode)
			}
		}
		if r := get(h, "GET", "/stories/aaaaaaaaaaaaaaaaaaaaaaaaaa"+c.extension); r.StatusCode != 404 {
			t.Errorf("%s of no story: %d", c.extension, r.StatusCode)
		}
	}
	for _, extension := range []string{".", ".rss", ".html", ".json.txt", ".JSON"} {
		if r := get(h, "GET", page+extension); r.StatusCode != 404 {
			t.Errorf("%s: %d", extension, r.StatusCode)
		}
	}
	var item struct{ Language string }
	if err := json.Unmarshal([]byte(read(t, get(h, "GET", page+".json"))), &item); err != nil || item.Language != "id" {
		t.Errorf("%+v, %v", item, err)
	}
	d := xml.NewDecoder(strings.NewReader(read(t, get(h, "GET", page+".xml"))))
	for {
		if _, err := d.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// Plain text keeps all that must not be lost with the copy.
func TestPlainText(t *testing.T) {
	e := linked()
	e.Story.Body.Text = "Pemerintah Jepang menyatakan.\n\nMenurut Tass, Moskow menyambut baik."
	e.Story.Rights.Territories = wire.Territories{Allow: []string{"ID", "MY"}, Deny: []string{"SG"}}
	e.Story.Attribution.Sources = append(e.Story.Attribution.Sources, wire.Source{Name: "PA", Role: wire.Distributor})
	e.Story.Attribution.Credits = append(e.Story.Attribution.Credits, wire.Credit{Name: "Bayu", Role: "fixer"})
	const want = `Jepang dan Rusia lanjutkan perundingan soal pasokan gas alam dari Sakhalin

ORIGINAL CORRECTED, 23 Nov 2026, 02:10 UTC. Berita aslinya telah diralat setelah terjemahan ini dibuat.

CORRECTION, 23 Nov 2026, 02:15 UTC. This version replaces all before it. Mend what was published.

Memperbaiki nama menteri di paragraf kedua.

Kedua negara sepakat bertemu lagi bulan depan untuk membahas harga dan jadwal pengiriman.

Tokyo (ANTARA) — Pemerintah Jepang menyatakan.

Menurut Tass, Moskow menyambut baik.

-- 
Reported: Kyodo, Hanako Yamada (English)
Translated: Katriana (English to Indonesian)
Edited: Agus Salim
Passed on: PA
Published: ANTARA
Fixer: Bayu
Quotes: TASS
Credit as: ANTARA/Kyodo
Translation of: 20261123-0007
Original: https://wire.example/stories/ORIGINAL
Rights: Copyright © ANTARA 2026
Only in: ID, MY
Not in: SG
Terms: Dilarang keras mengambil konten, melakukan crawling atau pengindeksan otomatis untuk AI di situs web ini tanpa izin tertulis dari Kantor Berita ANTARA.
Policy: https://antara.example/ketentuan
Reserved against AI. This story may not be crawled, mined or indexed for, nor used to train or feed, artificial intelligence.
Media: https://antara.example/gas.jpg, Kapal pengangkut gas, Kyodo
Related: Harga gas dunia naik, https://antara.example/harga
Related: Profil Sakhalin
Published: 23 Nov 2026, 01:05 UTC
Updated: 23 Nov 2026, 02:15 UTC
Identity: urn:newsml:antaranews.com:20261123:4410021, version 2
Address: https://wire.example/stories/TOKEN
`
	names := strings.NewReplacer("ORIGINAL\n", english().Key().Token()+"\n", "TOKEN", e.Key().Token())
	if d := cmp.Diff(names.Replace(want), read(t, get(shelved(t, e), "GET", "/stories/"+e.Key().Token()+".txt"))); d != "" {
		t.Error(d)
	}
}

// The page's head leads to the same story in other languages and formats, and tells other sites what it is.
func TestStoryHead(t *testing.T) {
	e := linked()
	body := read(t, get(shelved(t, e), "GET", "/stories/"+e.Key().Token()))
	address := "https://wire.example/stories/" + e.Key().Token()
	for _, want := range []string{
		`<link rel="canonical" href="` + address + `">`,
		`<link rel="alternate" hreflang="id" href="` + address + `">`,
		`<link rel="alternate" hreflang="en" href="https://wire.example/stories/` + english().Key().Token() + `">`,
		`<link rel="alternate" hreflang="ar" href="https://wire.example/stories/` + arabic().Key().Token() + `">`,
		`<link rel="alternate" type="application/json" href="` + address + `.json">`,
		`<link rel="license" href="https://antara.example/ketentuan">`,
		`<meta property="og:type" content="article">`,
		`<meta property="og:title" content="Jepang dan Rusia lanjutkan perundingan soal pasokan gas alam dari Sakhalin">`,
		`<meta property="og:url" content="` + address + `">`,
		`<meta property="og:image" content="https://antara.example/gas.jpg">`,
		`<meta property="article:modified_time" content="2026-11-23T02:15:00Z">`,
		`(asli)`, "Berita asli diralat", "Berita aslinya telah diralat", "Ralat",
		`<time dir="ltr" datetime="2026-11-23T02:10:00Z">2026-11-23 02:10 UTC</time>`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %s", want)
		}
	}
	if strings.Count(body, "Berita aslinya telah diralat") != 1+strings.Count(body, `"text":"Berita aslinya`) {
		t.Error("what became of the original is said twice")
	}
}

// A story's page leads to its feeds, as far as they are published, and names no more of them than fit.
// What the copy says is marked as the copy's language also where we write around it in other words: a screen reader reads it so, and
// Japanese is not shown with Chinese characters.
func TestNoticeHasTheStorysLanguage(t *testing.T) {
	e := indonesian()
	body := read(t, get(handler(newsroom(t), now), "GET", "/stories/"+e.Key().Token()))
	for _, want := range []string{`<span lang="id"><bdi>` + e.Rights.Notice, `<dd lang="id"><bdi>` + e.Rights.Notice, `lang="id" dir="auto">` + e.Rights.Terms[:20]} {
		if !strings.Contains(body, want) {
			t.Errorf("it does not have %s", want)
		}
	}
}

func TestStoryNamesItsFeeds(t *testing.T) {
	s := newsroom(t)
	e := linked()
	e.Feeds = []string{"dunia", "closed", "world.sport"}
	for i := range 10 {
		s.add(t, fmt.Sprint("f", i), fmt.Sprint("Topik ", i), "")
		e.Feeds = append(e.Feeds, fmt.Sprint("f", i))
	}
	s.stories[e.Key().Token()] = e
	body := read(t, get(handler(s, now), "GET", "/stories/"+e.Key().Token()))
	for _, want := range []string{`<a href="/?feed=dunia" lang="id"><bdi>Dunia</bdi></a>`, "World sport", "Topik 3", "dan 6 lagi"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %s", want)
		}
	}
	if strings.Contains(body, "closed") || strings.Contains(body, "Topik 4") {
		t.Error("it names feeds that it should not")
	}
}

func TestChanges(t *testing.T) {
	with := func(change func(*wire.Story)) *feed.Entry {
		e := linked()
		e.Story.Signal, e.Story.Note = "", ""
		change(e.Story)
		return e
	}
	for name, c := range map[string]struct {
		entry  *feed.Entry
		labels []string
	}{
		"the original was corrected": {with(func(*wire.Story) {}), []string{"Original corrected"}},
		"the original was killed, and this is only marked": {
			with(func(s *wire.Story) { s.Translation.Original.Status = wire.Canceled }), []string{"Original withdrawn"},
		},
		"an update": {with(func(s *wire.Story) { s.Signal, s.Translation = wire.Update, nil }), []string{"Update"}},
		"back after a kill": {
			with(func(s *wire.Story) { s.Signal, s.Translation = wire.Reinstate, nil }), []string{"Reinstated"},
		},
		"nothing": {with(func(s *wire.Story) { s.Translation = nil }), nil},
	} {
		all, note := changesOf(c.entry, inEnglish())
		var labels []string
		for _, change := range all {
			labels = append(labels, change.Label)
			if change.Sentence == "" || change.At.IsZero() {
				t.Errorf("%s: %+v", name, change)
			}
		}
		if !slices.Equal(labels, c.labels) || note != "" {
			t.Errorf("%s: %q, %q", name, labels, note)
		}
	}
}
