package web

import (
	"encoding/json"
	"encoding/xml"
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

func TestRefusals(t *testing.T) {
	s := newsroom(t)
	h := handler(s, now)
	story := func(e *feed.Entry) string { return "/stories/" + e.Key().Token() }
	for name, c := range map[string]struct {
		method, path string
		status       int
		header       [2]string
	}{
		"unknown feed":         {"GET", "/feeds/nosuch.rss", 404, [2]string{}},
		"unknown format":       {"GET", "/feeds/dunia.pdf", 404, [2]string{}},
		"no format":            {"GET", "/feeds/dunia", 404, [2]string{}},
		"below a feed":         {"GET", "/feeds/dunia.rss/x", 404, [2]string{}},
		"unknown page":         {"GET", "/nosuch", 404, [2]string{}},
		"unknown story":        {"GET", "/stories/aaaaaaaaaaaaaaaaaaaaaaaaaa", 404, [2]string{}},
		"no token":             {"GET", "/stories/..%2f..%2fetc", 404, [2]string{}},
		"embargoed":            {"GET", story(embargoed()), 404, [2]string{"Cache-Control", "no-store"}},
		"expired":              {"GET", story(expired()), 404, [2]string{}},
		"old stylesheet":       {"GET", "/assets/kawat.00000000.css", 404, [2]string{}},
		"post to a feed":       {"POST", "/feeds/dunia.rss", 405, [2]string{"Allow", "GET, HEAD"}},
		"delete a story":       {"DELETE", story(indonesian()), 405, [2]string{"Allow", "GET, HEAD"}},
		"options of nothing":   {"OPTIONS", "/nosuch", 405, [2]string{"Allow", "GET, HEAD"}},
		"killed":               {"GET", story(killed()), 410, [2]string{}},
		"withheld":             {"GET", story(withheld()), 410, [2]string{}},
		"usable":               {"GET", story(indonesian()), 200, [2]string{}},
		"usable without terms": {"GET", story(arabic()), 200, [2]string{}},
	} {
		t.Run(name, func(t *testing.T) {
			r := get(h, c.method, c.path)
			body := read(t, r)
			if r.StatusCode != c.status || body == "" {
				t.Fatalf("%d with %q", r.StatusCode, body)
			}
			if c.header[0] != "" && r.Header.Get(c.header[0]) != c.header[1] {
				t.Errorf("%s is %q", c.header[0], r.Header.Get(c.header[0]))
			}
			if r.Header.Get("X-Content-Type-Options") != "nosniff" || r.Header.Get("Content-Type") == "" {
				t.Errorf("headers %v", r.Header)
			}
			if strings.Contains(body, "Embargoedheadline") {
				t.Error("embargoed words")
			}
			if c.status == 200 || c.status == 410 {
				return
			}
			if page := read(t, get(h, c.method, c.path, "Accept", "text/html,*/*")); c.method != "HEAD" && !strings.Contains(page, "<h1>") {
				t.Errorf("a browser gets %q", page)
			}
			problem := get(h, c.method, c.path, "Accept", "application/json")
			var p struct {
				Title, Detail string
				Status        int
			}
			if err := json.Unmarshal([]byte(read(t, problem)), &p); err != nil || p.Status != c.status || p.Title == "" ||
				problem.Header.Get("Content-Type") != "application/problem+json" {
				t.Errorf("a program gets %+v, %v", p, err)
			}
		})
	}
	s.loading = true
	for path, status := range map[string]int{
		"/feeds/nosuch.rss": 503, "/feeds/nosuch.pdf": 404, "/feeds/dunia.rss": 200, "/feeds/dunia.pdf": 404, "/": 200,
	} {
		r := get(h, "GET", path)
		if r.StatusCode != status || (r.Header.Get("Retry-After") != "") != (status == 503) {
			t.Errorf("while the feeds are loaded %s gives %d", path, r.StatusCode)
		}
	}
	s.down = true
	if r := get(h, "GET", story(indonesian())); r.StatusCode != 503 || r.Header.Get("Retry-After") == "" {
		t.Errorf("without a store: %d", r.StatusCode)
	}
	if r := get(h, "GET", "/feeds/dunia.rss"); r.StatusCode != 200 {
		t.Errorf("without a store a feed gives %d", r.StatusCode)
	}
}

// No word of a killed or withheld story is in anything that the site serves.
func TestKilledWordsAreNowhere(t *testing.T) {
	h := handler(newsroom(t), now)
	paths := []string{"/", "/robots.txt", "/license.xml", "/.well-known/tdmrep.json", "/nosuch",
		"/stories/" + killed().Key().Token(), "/stories/" + withheld().Key().Token()}
	for _, f := range feed.Formats {
		paths = append(paths, "/feeds/dunia."+string(f))
	}
	for _, path := range paths {
		for _, accept := range []string{"*/*", "text/html", "application/json"} {
			r := get(h, "GET", path, "Accept", accept)
			text := strings.ToLower(read(t, r))
			for name, values := range r.Header {
				text += strings.ToLower(name + strings.Join(values, " "))
			}
			if i := strings.Index(text, "rahasia"); i >= 0 {
				t.Errorf("%s says %q", path, text[i:min(len(text), i+30)])
			}
			if strings.Contains(text, "embargoed") {
				t.Errorf("%s says what is embargoed", path)
			}
		}
	}
	r := get(h, "GET", "/stories/"+killed().Key().Token())
	if body := read(t, r); !strings.Contains(body, "PEMBATALAN") || !strings.Contains(body, `lang="id"`) {
		t.Error("no notice in the story's language")
	}
	// A reader that has the page from before must see the notice all the same.
	if r := get(h, "GET", "/stories/"+killed().Key().Token(), "If-None-Match", "*"); r.StatusCode != 410 {
		t.Errorf("a conditional request is answered %d", r.StatusCode)
	}
}

// Embargoed copy is there from the instant on, with nothing happening but the clock.
func TestEmbargoEndsByTheClock(t *testing.T) {
	s := newsroom(t)
	path := "/stories/" + embargoed().Key().Token()
	for after, status := range map[time.Duration]int{time.Hour - time.Nanosecond: 404, time.Hour: 200} {
		if r := get(handler(s, now.Add(after)), "GET", path); r.StatusCode != status {
			t.Errorf("%v after: %d", after, r.StatusCode)
		}
	}
}

func TestStoryPage(t *testing.T) {
	h := handler(newsroom(t), now)
	r := get(h, "GET", "/stories/"+indonesian().Key().Token())
	body := read(t, r)
	for name, want := range map[string]string{
		"Content-Type": "text/html; charset=utf-8", "Tdm-Reservation": "1", "Tdm-Policy": "https://antara.example/ketentuan",
		"Content-Usage": "train-ai=n, ai-use=n", "Referrer-Policy": "no-referrer",
		"Link": `<https://antara.example/ketentuan>; rel="license"`,
	} {
		if got := r.Header.Get(name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	if csp := r.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none';") || strings.Contains(csp, "unsafe") {
		t.Errorf("policy %q", csp)
	}
	for _, want := range []string{
		`<html lang="id" dir="ltr">`, `<meta name="tdm-reservation" content="1">`,
		`<p><span class="dateline">Tokyo (ANTARA)</span> — Pemerintah`, "Hanako Yamada", "Kyodo", "Katriana", "Inggris ke Indonesia", "Agus Salim", "Mengutip", "TASS",
		"Copyright © ANTARA 2026", "Hak dicadangkan terhadap AI", "Dilarang keras", "Memperbaiki nama menteri", "Profil Sakhalin",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if r := get(h, "GET", "/stories/"+indonesian().Key().Token(), "If-None-Match", r.Header.Get("Etag")); r.StatusCode != 304 {
		t.Errorf("the same page again gives %d", r.StatusCode)
	}
	rtl := read(t, get(h, "GET", "/stories/"+arabic().Key().Token()))
	if !strings.Contains(rtl, `<html lang="ar" dir="rtl">`) || strings.Contains(rtl, "tdm-reservation") {
		t.Error("the Arabic page")
	}
}

var linkedDataIn = regexp.MustCompile(`(?s)<script type="application/ld\+json">(.*?)</script>`)

func TestLinkedData(t *testing.T) {
	h := handler(newsroom(t), now)
	m := linkedDataIn.FindStringSubmatch(read(t, get(h, "GET", "/stories/"+indonesian().Key().Token())))
	if m == nil {
		t.Fatal("no linked data")
	}
	var got map[string]any
	if err := json.Unmarshal([]byte(m[1]), &got); err != nil {
		t.Fatal(err)
	}
	const original = `{"@type":"NewsArticle","identifier":"https://english.kyodonews.example/gas","inLanguage":"en",` +
		`"sourceOrganization":[{"@type":"NewsMediaOrganization","name":"Kyodo"}],"url":"https://english.kyodonews.example/gas"}`
	for name, want := range map[string]string{
		"@type": `"NewsArticle"`, "inLanguage": `"id"`, "creditText": `"ANTARA/Kyodo"`, "copyrightYear": `2026`,
		"copyrightNotice": `"Copyright © ANTARA 2026"`, "usageInfo": `"https://antara.example/ketentuan"`,
		"datePublished": `"2026-11-23T01:05:00Z"`, "dateModified": `"2026-11-23T02:15:00Z"`,
		"author":             `[{"@type":"Person","name":"Hanako Yamada"}]`,
		"translator":         `[{"@type":"Person","name":"Katriana"}]`,
		"editor":             `[{"@type":"Person","name":"Agus Salim"}]`,
		"sourceOrganization": `[{"@type":"NewsMediaOrganization","name":"Kyodo"}]`,
		"copyrightHolder":    `{"@type":"NewsMediaOrganization","name":"ANTARA"}`,
		"isBasedOn":          original,
		"translationOfWork":  original,
		"correction":         `[{"@type":"CorrectionComment","datePublished":"2026-11-23T02:15:00Z","text":"Memperbaiki nama menteri di paragraf kedua."}]`,
	} {
		if b, err := json.Marshal(got[name]); err != nil || string(b) != want {
			t.Errorf("%s is %s", name, b)
		}
	}
}

// Nothing that a story says can leave the place it is shown in.
func TestStoryCannotBreakThePage(t *testing.T) {
	e := indonesian()
	evil := `</script><script>alert(1)</script>"'><img src=x onerror=alert(2)>`
	e.Headline, e.Summary, e.Byline, e.Note, e.Language = evil, evil, evil, evil, evil
	e.Attribution.CreditLine, e.Attribution.Credits[0].Name, e.Rights.Terms = evil, evil, evil
	e.Rights.Policy, e.Related[0].URL, e.Media[0].URL = "javascript:alert(3)", "javascript:alert(4)", "data:text/html,x"
	s := newsroom(t)
	s.stories[e.Key().Token()] = e
	r := get(handler(s, now), "GET", "/stories/"+e.Key().Token())
	body := read(t, r)
	for _, bad := range []string{"<script>", "<img src=x", "javascript:", "data:text"} {
		if strings.Contains(body, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
	if r.Header.Get("Tdm-Policy") != "" {
		t.Errorf("policy %q", r.Header.Get("Tdm-Policy"))
	}
}

func TestCatalogue(t *testing.T) {
	body := html.UnescapeString(read(t, get(handler(newsroom(t), now), "GET", "/")))
	for _, want := range []string{
		"Kawat Nusantara", "Dunia", "Indonesian", "1 story", "Several languages", "2 stories", "No stories<",
		"https://wire.example/feeds/dunia.rss", "https://wire.example/feeds/dunia.atom", "https://wire.example/feeds/dunia.json",
		`<link rel="alternate" type="application/rss+xml" title="Dunia (RSS)" href="https://wire.example/feeds/dunia.rss">`,
		"PEMBATALAN", "Saitama wins the Emperor's Cup",
		"/stories/" + indonesian().Key().Token(),
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the catalogue does not say %q", want)
		}
	}
	css := get(handler(newsroom(t), now), "GET", "/assets/"+stylesheetName)
	if css.StatusCode != 200 || !strings.Contains(css.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("stylesheet: %d", css.StatusCode)
	}
}

func TestWhatCrawlersAreTold(t *testing.T) {
	h := handler(newsroom(t), now)
	robots := read(t, get(h, "GET", "/robots.txt"))
	for _, want := range []string{"User-Agent: *\n", "Content-Usage: train-ai=n, ai-use=n\n", "License: https://wire.example/license.xml\n"} {
		if !strings.Contains(robots, want) {
			t.Errorf("robots.txt does not say %q", want)
		}
	}
	var rules []map[string]any
	if err := json.Unmarshal([]byte(read(t, get(h, "GET", "/.well-known/tdmrep.json"))), &rules); err != nil {
		t.Fatal(err)
	}
	want := []map[string]any{
		{"location": "/feeds/dunia.*", "tdm-reservation": 1.0, "tdm-policy": "https://antara.example/ketentuan"},
		{"location": "/", "tdm-reservation": 1.0},
	}
	if d := cmp.Diff(want, rules); d != "" {
		t.Errorf("rules:\n%s", d)
	}
	r := get(h, "GET", "/license.xml")
	var rsl struct {
		XMLName  xml.Name `xml:"https://rslstandard.org/rsl rsl"`
		Contents []struct {
			URL      string `xml:"url,attr"`
			Prohibit string `xml:"license>prohibits"`
		} `xml:"content"`
	}
	if err := xml.Unmarshal([]byte(read(t, r)), &rsl); err != nil {
		t.Fatal(err)
	}
	if len(rsl.Contents) != 2 || rsl.Contents[0].URL != "/feeds/dunia.*" || rsl.Contents[1].URL != "/" || rsl.Contents[0].Prohibit != "ai-all" {
		t.Errorf("licence %+v", rsl)
	}

}

// told is whether the site says that stories are reserved, by each of the ways in which it does.
func told(t *testing.T, h http.Handler) (all []bool) {
	t.Helper()
	catalogue := get(h, "GET", "/")
	return []bool{
		read(t, get(h, "GET", "/robots.txt")) != "User-Agent: *\nAllow: /\n",
		read(t, get(h, "GET", "/.well-known/tdmrep.json")) != "[]\n",
		get(h, "GET", "/license.xml").StatusCode == http.StatusOK,
		catalogue.Header.Get("Tdm-Reservation") == "1",
		strings.Contains(read(t, catalogue), `<meta name="tdm-reservation" content="1">`),
	}
}

// A site says that it is open only where every story that can be read is known to be: older ones than the feeds show may be
// reserved, and so may those that are in no feed.
func TestReservedInDoubt(t *testing.T) {
	for name, c := range map[string]struct {
		arrange  func(*shelf)
		reserved bool
	}{
		"every story is shown, and open": {func(s *shelf) { s.add(t, "all", "All stories", "", english()) }, false},
		"no story yet":                   {func(s *shelf) { s.add(t, "all", "All stories", "") }, false},
		"a killed one was reserved":      {func(s *shelf) { s.add(t, "all", "All stories", "", killed(), english()) }, false},
		"a story is reserved": {func(s *shelf) {
			s.add(t, "all", "All stories", "", english(), indonesian())
		}, true},
		"there are older stories": {func(s *shelf) {
			s.add(t, "all", "All stories", "", english())
			s.snapshots["all"].View.Continues()
		}, true},
		"some stories may be in no feed": {func(s *shelf) { s.add(t, "sport", "Sport", "en", english()) }, true},
		"all is not all": {func(s *shelf) {
			s.add(t, "all", "All sport", "", english())
			s.snapshots["all"].View.Def.Filter = `story.genre == "sport"`
		}, true},
		"the feeds are being loaded": {func(s *shelf) {
			s.add(t, "all", "All stories", "", english())
			s.loading = true
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := &shelf{snapshots: map[string]*feed.Snapshot{}, stories: map[string]*feed.Entry{}}
			c.arrange(s)
			for i, reserved := range told(t, handler(s, now)) {
				if reserved != c.reserved {
					t.Errorf("the %d. way says %v", i+1, reserved)
				}
			}
		})
	}
}

// What a story's own rights say counts before what stands for the whole site.
func TestStoriesOwnReservation(t *testing.T) {
	allowed := english()
	allowed.Story.ID, allowed.Story.Rights.AI = "open-1", wire.AIAllowed
	s := newsroom(t)
	s.add(t, "open", "Open", "en", allowed)
	h := handler(s, now)
	for want, e := range map[string]*feed.Entry{"1": indonesian(), "0": allowed, "": english()} {
		for _, extension := range []string{"", ".json", ".xml", ".txt"} {
			r := get(h, "GET", "/stories/"+e.Key().Token()+extension)
			if got := r.Header.Get("Tdm-Reservation"); got != want {
				t.Errorf("%s%s: %q, not %q", e.ID, extension, got, want)
			}
		}
	}
}

func TestChain(t *testing.T) {
	for name, c := range map[string]struct {
		story *wire.Story
		want  []step
	}{
		"only a provider": {&wire.Story{Provider: "antara"}, []step{{Label: "Reported", Agency: "antara"}}},
		"a byline": {
			&wire.Story{Provider: "kyodo", Byline: "Ken Mori", Rights: wire.Rights{Holder: "Kyodo News"}},
			[]step{{Label: "Reported", Agency: "Kyodo News", People: []string{"Ken Mori"}}},
		},
		"a machine's translation, passed on": {
			&wire.Story{
				Provider: "antara",
				Attribution: wire.Attribution{
					Sources: []wire.Source{{Name: "Kyodo", Role: wire.Origin}, {Name: "PA", Role: wire.Distributor}},
				},
				Translation: &wire.Translation{From: "ja", To: "en", Method: "machine"},
			},
			[]step{
				{Label: "Reported", Agency: "Kyodo", Detail: "Japanese"},
				{Label: "Translated", Detail: "Japanese to English by machine"},
				{Label: "Passed on", Agency: "PA"},
				{Label: "Published", Agency: "antara"},
			},
		},
		"a translation from nobody knows what": {
			&wire.Story{Provider: "antara", Translation: &wire.Translation{From: "und", To: "id"}},
			[]step{{Label: "Translated", Detail: "into Indonesian"}, {Label: "Published", Agency: "antara"}},
		},
	} {
		if d := cmp.Diff(c.want, chain(c.story, inEnglish())); d != "" {
			t.Errorf("%s:\n%s", name, d)
		}
	}
}
