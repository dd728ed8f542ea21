package webfeed_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"kawat/internal/testkit"
	"kawat/internal/wire"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/webfeed"
)

var partner = &wire.Profile{Name: "partner", Agency: "Partner", Location: time.FixedZone("CET", 3600)}

// outcome is what comes of a feed.
type outcome struct {
	Stories  []*wire.Story
	Refusals []*wire.Refusal
}

func parse(data []byte) outcome {
	stories, refusals := webfeed.Parse(&wire.Copy{Data: data, Profile: partner}, data)
	return outcome{stories, refusals}
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestGolden(t *testing.T) {
	for _, name := range []string{"partner.rss", "old.rss", "broken.rss", "rdf.rss", "partner.atom", "partner.json"} {
		t.Run(name, func(t *testing.T) {
			testkit.GoldenJSON(t, filepath.Join("testdata", name+".golden.json"), parse(read(t, filepath.Join("testdata", name))))
		})
	}
}

// TestOwnFeeds holds that what this gateway publishes comes back as it was, in each of its formats.
func TestOwnFeeds(t *testing.T) {
	formats := map[string]map[string]*wire.Story{}
	for _, format := range []string{"rss", "atom", "json"} {
		o := parse(read(t, filepath.Join("..", "..", "render", "testdata", "dunia."+format)))
		if len(o.Refusals) > 0 || len(o.Stories) < 4 {
			t.Fatalf("%s: %d stories, %v", format, len(o.Stories), o.Refusals)
		}
		formats[format] = map[string]*wire.Story{}
		for _, s := range o.Stories {
			formats[format][s.ID] = s
		}
		gas := formats[format]["urn:newsml:antaranews.com:20261123:4410021"]
		want := &wire.Story{
			ID: gas.ID, Version: 2, Status: wire.Usable, Signal: wire.Correction, Urgency: 3, Language: "id",
			Headline: "Jepang & Rusia lanjutkan perundingan soal \"gas alam\"", Slugline: "JEPANG-RUSIA-GAS", Byline: "Oleh Dewi Lestari",
			Dateline: wire.Dateline{Text: "Tokyo (ANTARA)", Place: "Tokyo", Agency: "ANTARA"},
			Body: wire.Body{
				HTML: "<p>Pemerintah Jepang pada Senin menyatakan perundingan &amp; pembelian gas berlanjut.</p><p>Menurut Tass, <strong>Moskow</strong> menyambut baik.</p>",
				Text: "Pemerintah Jepang pada Senin menyatakan perundingan & pembelian gas berlanjut.\n\nMenurut Tass, Moskow menyambut baik.",
			},
			Created:  time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC),
			Revised:  time.Date(2026, 11, 23, 2, 10, 0, 0, time.UTC),
			Subjects: []wire.Subject{{Code: "medtop:11000000", Name: "politik"}, {Name: "energi"}},
			Places:   []string{"Tokyo", "Moskow"}, Keywords: []string{"gas alam", "Sakhalin"}, Genre: "Berita",
			Note: "Memperbaiki nama menteri di paragraf kedua.",
			Attribution: wire.Attribution{
				Sources: []wire.Source{{Name: "Kyodo", Role: wire.Origin}, {Name: "TASS", Role: wire.Cited}},
				Credits: []wire.Credit{
					{Name: "Hanako Yamada", Role: wire.Reporter}, {Name: "Katriana", Role: wire.Translator},
					{Name: "Agus Salim", Role: wire.Editor}, {Name: "Rina", Role: wire.Uploader},
				},
				CreditLine: "ANTARA/Kyodo",
			},
			Translation: &wire.Translation{Of: "https://english.kyodonews.example/20261123-gas", From: "en", To: "id", Method: "human"},
			Rights: wire.Rights{
				Holder: "ANTARA", Year: 2026, Notice: "Copyright © ANTARA 2026",
				Terms: "Dilarang keras mengambil konten, melakukan crawling atau pengindeksan otomatis untuk AI.",
				AI:    wire.AIReserved, Policy: "https://antara.example/ketentuan", Territories: wire.Territories{Deny: []string{"XK"}},
			},
			Related: []wire.Link{{Title: "Harga gas naik", URL: "https://antara.example/harga-gas"}, {Title: "Profil Sakhalin"}},
			Media: []wire.Media{
				{URL: "https://antara.example/gas.jpg", Type: "image/jpeg", Credit: "Kyodo", Caption: "Kapal gas", Length: 48211},
				{URL: "https://antara.example/peta.png", Type: "image/png"},
			},
		}
		got := *gas
		got.Evidence = nil
		if len(got.Related) == 2 && got.Related[0].Title == "Profil Sakhalin" {
			got.Related[0], got.Related[1] = got.Related[1], got.Related[0]
		}
		if diff := cmp.Diff(want, &got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", format, diff)
		}
		killed := formats[format]["urn:newsml:antaranews.com:20261122:4400001"]
		if killed.Status != wire.Canceled || killed.Signal != wire.Kill || killed.Body.Text != "" {
			t.Errorf("%s: the kill is %+v", format, killed)
		}
		saitama := formats[format]["urn:kawat:kyodo:20261123-0007"]
		if saitama.Headline != "Saitama <wins> Emperor's Cup" || saitama.Byline != "By Ken Mori" {
			t.Errorf("%s: %+v", format, saitama)
		}
	}
}

func TestSingleEntry(t *testing.T) {
	o := parse([]byte(`<?xml version="1.0"?><entry xmlns="http://www.w3.org/2005/Atom" xml:lang="id"><title>Feri</title><id>urn:x:1</id><updated>2026-11-23T08:00:00Z</updated><content>Feri tiba.</content></entry>`))
	if len(o.Stories) != 1 || o.Stories[0].ID != "urn:x:1" || o.Stories[0].Language != "id" || o.Stories[0].Body.Text != "Feri tiba." {
		t.Errorf("%+v", o)
	}
}

func TestRefuses(t *testing.T) {
	whole := string(read(t, "testdata/partner.rss"))
	for _, tt := range []struct {
		name, data string
		code       wire.Code
	}{
		{"cut off", whole[:len(whole)/2], wire.NotWellFormed},
		{"cut off in the last tag", whole[:len(whole)-4], wire.NotWellFormed},
		{"no feed", "<opml/>", wire.NotWellFormed},
		{"empty", "<rss version='2.0'><channel><title>x</title></channel></rss>", wire.NoText},
		{"no JSON Feed", `{"version":"https://jsonfeed.org/version/1.1","items":[`, wire.NotWellFormed},
		{"items of another kind", `{"version":"https://jsonfeed.org/version/1.1","items":{}}`, wire.NotWellFormed},
		{"too many", "<rss><channel>" + strings.Repeat("<item><title>x</title></item>", 1001) + "</channel></rss>", wire.TooLarge},
		{"too deep", "<rss><channel><item>" + strings.Repeat("<x:a>", 100000), wire.TooLarge},
		{"too deep and broken", "<rss><channel></y><item>" + strings.Repeat("<x:a>", 100000), wire.NotWellFormed},
	} {
		o := parse([]byte(tt.data))
		if len(o.Stories) != 0 || len(o.Refusals) != 1 || o.Refusals[0].Code != tt.code {
			t.Errorf("%s: %d stories, %v", tt.name, len(o.Stories), o.Refusals)
		}
	}
}

// TestHostile holds that entities are not expanded and that no feed takes long.
func TestHostile(t *testing.T) {
	const rest = 2 << 20
	for name, data := range map[string]string{
		"entities":   `<!DOCTYPE rss [<!ENTITY a "` + strings.Repeat("x", 1000) + `"><!ENTITY b "` + strings.Repeat("&a;", 1000) + `">]><rss><channel><item><title>x</title><guid>1</guid><description>` + strings.Repeat("&b;", 1000) + `</description></item></channel></rss>`,
		"external":   `<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><item><title>x &a;</title><guid>1</guid><description>y &a;</description></item></channel></rss>`,
		"deep HTML":  `<rss><channel><item><title>x</title><guid>1</guid><description><![CDATA[` + strings.Repeat("<b><p>", rest/8) + `]]></description></item></channel></rss>`,
		"attributes": `<rss><channel><item><guid>1</guid><media:content xmlns:media="http://search.yahoo.com/mrss/" ` + strings.Repeat("a='' ", 1e5) + `/></item></channel></rss>`,
		"categories": `<rss><channel><item><guid>1</guid><title>x</title>` + strings.Repeat("<category>x</category>", 5e4) + `</item></channel></rss>`,
		"media":      `<rss><channel><item><guid>1</guid><title>x</title>` + strings.Repeat("<enclosure url='https://e.example/1' length='9'/>", 2e4) + `</item></channel></rss>`,
		"numbers":    `{"version":"https://jsonfeed.org/version/1.1","items":[` + strings.Repeat(`{"id":1},`, 900) + `{"id":1}]}`,
		"brackets":   `{"version":"https://jsonfeed.org/version/1.1","items":` + strings.Repeat("[", rest),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			o := parse([]byte(data))
			if took := time.Since(start); took > 30*time.Second {
				t.Errorf("took %v", took)
			}
			for _, s := range o.Stories {
				if strings.Contains(s.Headline+s.Body.Text, "root:") || strings.Contains(s.Body.Text, "xxxx") {
					t.Errorf("an entity was expanded: %.100s", s.Body.Text)
				}
			}
			t.Logf("%v: %d stories, %.200v", time.Since(start), len(o.Stories), o.Refusals[:min(len(o.Refusals), 1)])
		})
	}
}

func TestDetectJSON(t *testing.T) {
	for data, want := range map[string]bool{
		`{"version":"https://jsonfeed.org/version/1.1"}`:                true,
		`{"items":[], "version" : "http:\/\/jsonfeed.org\/version\/1"}`: true,
		`{"version":"3.1","uri":"https://jsonfeed.org/version/1"}`:      false,
		`{"version":"1"}`: false,
		`{}`:              false,
	} {
		if got := webfeed.DetectJSON([]byte(data)); got != want {
			t.Errorf("%s: %t", data, got)
		}
	}
}

// FuzzParse holds that any bytes end in stories or refusals, the same each time, and that what is in a story may stand in
// XML.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.[raj]*")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		if !strings.HasSuffix(file, ".golden.json") {
			f.Add(read(f, file))
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		o, again := parse(data), parse(data)
		if diff := cmp.Diff(o, again); diff != "" {
			t.Fatalf("not the same twice: %s", diff)
		}
		if len(o.Stories)+len(o.Refusals) == 0 {
			t.Fatal("nothing came of it")
		}
		for _, r := range o.Refusals {
			if r.Code == "" || r.Sentence == "" || errors.Is(r, nil) {
				t.Errorf("%+v", r)
			}
		}
		for _, s := range o.Stories {
			if safe := markup.Body(s.Body.HTML); safe != s.Body {
				t.Errorf("the body is not as the policy has it:\n%+q\n%+q", s.Body, safe)
			}
			for _, v := range []string{s.ID, s.Headline, s.Byline, s.Summary, s.Slugline, s.Rights.Notice} {
				if !utf8.ValidString(v) || v != markup.Clean(v) {
					t.Errorf("%q is not clean", v)
				}
			}
			if s.Status == wire.Canceled && s.Body.Text != "" {
				t.Error("a kill with a text")
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for _, name := range []string{"dunia.rss", "dunia.atom", "dunia.json"} {
		data := read(b, filepath.Join("..", "..", "render", "testdata", name))
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				parse(data)
			}
		})
	}
}
