package web

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

// thousands is a site with many feeds in many languages and of many agencies, each with two stories of its own.
func thousands(n int) *shelf {
	s := &shelf{snapshots: map[string]*feed.Snapshot{}, stories: map[string]*feed.Entry{}}
	languages := []string{"id", "en", "ja", "ar", "th", "zh", "ko", "vi", "de", "es"}
	for i := range n {
		name := fmt.Sprintf("feed-%05d", i)
		v := &feed.View{Def: feed.Def{Name: name, Title: fmt.Sprintf("Kabar dari kantor berita dan biro nomor %d", i), Size: 50}}
		if i%2 == 0 {
			v.Def.Language = languages[i/2%len(languages)]
		}
		for k := range 2 {
			e := entry(&wire.Story{
				ID: fmt.Sprint(name, k), Provider: "antara", Version: 1, Status: wire.Usable, Language: languages[i%len(languages)],
				Headline:    fmt.Sprintf("Judul berita yang cukup panjang dari kantor berita nomor %d, bagian %d", i, k),
				Attribution: wire.Attribution{Sources: []wire.Source{{Name: fmt.Sprint("Agency ", i%3000), Role: wire.Origin}}},
			}, "2026-11-23T01:00:00Z")
			e.Recorded = e.Recorded.Add(time.Duration(i*2-k) * time.Second)
			v.Entries = append(v.Entries, e)
		}
		v.Updated = v.Entries[0].Updated()
		s.order = append(s.order, name)
		s.snapshots[name] = &feed.Snapshot{View: v}
	}
	return s
}

var (
	feedPage = regexp.MustCompile(`<h3><a href="/\?feed=([a-z0-9.-]+)"`)
	// firstFeed stands on the front page in full.
	firstFeed = regexp.MustCompile(`<h2 id="addresses"><a href="/\?feed=([a-z0-9.-]+)"`)
	nextPage  = regexp.MustCompile(`<a rel="next" href="([^"]+)">`)
)

// walk turns the catalogue's pages from a first one on, and gives the feeds that they list.
func walk(t *testing.T, s *shelf, path string) (feeds []string) {
	t.Helper()
	h := handler(s, now)
	for range len(s.order) + 1 {
		r := get(h, "GET", path)
		body := read(t, r)
		if r.StatusCode != 200 || len(body) > 30_000 {
			t.Fatalf("%s: %d with %d bytes", path, r.StatusCode, len(body))
		}
		if path == "/" || strings.HasSuffix(path, "language=id") {
			wellFormed(t, path, body)
		}
		if m := firstFeed.FindStringSubmatch(body); m != nil {
			feeds = append(feeds, m[1])
		}
		for _, m := range feedPage.FindAllStringSubmatch(body, -1) {
			feeds = append(feeds, m[1])
		}
		next := nextPage.FindStringSubmatch(body)
		if next == nil {
			return feeds
		}
		path = html.UnescapeString(next[1])
	}
	t.Fatal("the pages have no end")
	return nil
}

// However many feeds there are, every page stays small, and by pages every feed is found, once.
func TestCatalogueOfThousands(t *testing.T) {
	h := handler(thousands(10_000), now)
	for _, path := range []string{"/", "/?page=2", "/?page=358", "/?language=id", "/?find=feed", "/?feed=feed-00001"} {
		if r := get(h, "GET", path); r.StatusCode != 200 || r.ContentLength > 30_000 {
			t.Errorf("%s: %d with %d bytes", path, r.StatusCode, r.ContentLength)
		}
	}
	body := read(t, get(h, "GET", "/"))
	wellFormed(t, "/", body)
	for _, want := range []string{
		"10000 feeds, 10 languages, 3000 agencies.", "Page 1 of 358", "and more, 3000 in all",
		`<a href="/?language=id">Indonesian <small>`, `maxlength="100"`,
		"Judul berita yang cukup panjang dari kantor berita nomor 9999, bagian 0",
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the catalogue does not say %q", want)
		}
	}
	if k := strings.Count(body, `<link rel="alternate"`); k != announced*len(announcedFormats) {
		t.Errorf("%d addresses are announced", k)
	}

	s := thousands(1000)
	found := walk(t, s, "/")
	slices.Sort(found)
	if !slices.Equal(found, s.order) { // their names are in order
		t.Errorf("%d feeds are found on the pages, of %d", len(found), len(s.order))
	}
	for path, count := range map[string]int{
		"/?language=id": 50, "/?agency=Agency+7": 1, "/?find=BIRO+nomor+99": 11, "/?find=feed-0023": 10, "/?find=japanese": 50, "/?find=nosuch": 0,
	} {
		if found := walk(t, s, path); len(found) != count {
			t.Errorf("%s finds %d", path, len(found))
		}
	}
}

// What the lists say follows the feeds, of which only those that changed are looked through again.
func TestListsFollowTheFeeds(t *testing.T) {
	s := newsroom(t)
	v := &server{Config: Config{Site: site, Feeds: s}}
	before := v.index()
	if v.index() != before {
		t.Error("it is made anew though nothing has changed")
	}
	dunia := s.snapshots["dunia"].View
	s.snapshots["dunia"] = &feed.Snapshot{View: &feed.View{Def: dunia.Def, Entries: []*feed.Entry{killed()}, Updated: now}}
	after := v.index()
	if after == before || after.byName["dunia"].Stories != 0 || after.byName["world.sport"] != before.byName["world.sport"] || after.reserved {
		t.Errorf("%+v after %+v", after, before)
	}
	s.order = s.order[1:]
	if x := v.index(); x.byName["dunia"] != nil || len(x.feeds) != 2 {
		t.Errorf("a feed that is gone is still there: %+v", x)
	}
}

func TestCatalogueAnswers(t *testing.T) {
	s := newsroom(t)
	h := handler(s, now)
	for path, status := range map[string]int{
		"/": 200, "/?page=1": 200, "/?page=2": 404, "/?page=0": 404, "/?page=-1": 404, "/?page=x": 404, "/?page=99999999999999999999": 404,
		"/?feed=dunia": 200, "/?feed=nosuch": 404, "/?language=id": 200, "/?language=xx": 200, "/?find=dunia": 200,
		"/?find=" + strings.Repeat("x", 5000): 200, "/?find=%ff%fe": 200, "/?%zz": 200, "/?utm_source=mail": 200,
	} {
		if r := get(h, "GET", path); r.StatusCode != status {
			t.Errorf("%.40s: %d", path, r.StatusCode)
		}
	}
	body := html.UnescapeString(read(t, get(h, "GET", "/?feed=dunia")))
	for _, f := range feed.Formats {
		if !strings.Contains(body, "<dd>https://wire.example/feeds/dunia."+string(f)+"</dd>") {
			t.Errorf("the feed's page does not show its address as %s", f)
		}
	}
	for _, want := range []string{
		"<title>Dunia – Kawat Nusantara</title>", `<link rel="canonical" href="https://wire.example/?feed=dunia">`, "ANTARA/Kyodo",
		`class="killed"`, "Correction", `<time datetime="2026-11-23T02:15:00Z">23 Nov 02:15</time>`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the feed's page does not say %q", want)
		}
	}
	if !strings.Contains(read(t, get(h, "GET", "/?language=xx")), "No feed is like that.") {
		t.Error("nothing says that there is none")
	}
	if r := get(h, "GET", "/"); r.Header.Get("Tdm-Reservation") != "1" || len(r.Header["Content-Usage"]) == 0 {
		t.Errorf("headers %v", r.Header)
	}
	s.loading = true
	if r := get(h, "GET", "/?feed=nosuch"); r.StatusCode != 503 || r.Header.Get("Retry-After") == "" {
		t.Errorf("while the feeds are loaded a feed's page gives %d", r.StatusCode)
	}
}

func TestListing(t *testing.T) {
	from := func(names ...string) func(*wire.Story) {
		return func(s *wire.Story) {
			s.Attribution.Sources = nil
			for _, name := range names {
				s.Attribution.Sources = append(s.Attribution.Sources, wire.Source{Name: name, Role: wire.Origin})
			}
		}
	}
	story := func(changes ...func(*wire.Story)) *feed.Entry {
		e := english()
		for _, change := range changes {
			change(e.Story)
		}
		return e
	}
	for name, c := range map[string]struct {
		def              feed.Def
		entries          []*feed.Entry
		language, agency string
		kind, stories    int
	}{
		"everything":       {feed.Def{Name: "all"}, []*feed.Entry{story()}, "", "", 0, 1},
		"a language":       {feed.Def{Name: "lang-en", Language: "en"}, []*feed.Entry{story(from("Kyodo")), story(from("AFP"))}, "en", "", 1, 2},
		"an agency":        {feed.Def{Name: "a", Title: "AFP"}, []*feed.Entry{story(from("Kyodo", "AFP")), story(from("AFP"))}, "en", "AFP", 2, 2},
		"two agencies":     {feed.Def{Name: "b"}, []*feed.Entry{story(from("Kyodo")), story(from("AFP"))}, "en", "", 0, 2},
		"two languages":    {feed.Def{Name: "c"}, []*feed.Entry{story(from("AFP")), story(from("AFP"), func(s *wire.Story) { s.Language = "fr" })}, "", "AFP", 2, 2},
		"without a source": {feed.Def{Name: "d"}, []*feed.Entry{story(from())}, "en", "Kyodo News", 2, 1},
		"killed":           {feed.Def{Name: "e"}, []*feed.Entry{killed()}, "", "", 0, 0},
		"an empty agency":  {feed.Def{Name: "agency-efe", Title: "EFE"}, nil, "", "EFE", 2, 0},
		"filtered":         {feed.Def{Name: "agency-x", Title: "X", Filter: "true"}, nil, "", "", 0, 0},
	} {
		l := listingOf(&feed.View{Def: c.def, Entries: c.entries})
		if l.Language != c.language || l.Agency != c.agency || l.kind() != c.kind || l.Stories != c.stories {
			t.Errorf("%s: %+v of kind %d", name, l, l.kind())
		}
	}
}

// The reservation and the policy of a list are the strictest that its stories have.
func TestListingReserves(t *testing.T) {
	other := indonesian()
	other.Story.Rights.Policy = "https://other.example/"
	for name, c := range map[string]struct {
		entries  []*feed.Entry
		reserved bool
		policy   string
	}{
		"none":         {[]*feed.Entry{english(), killed()}, false, ""},
		"one":          {[]*feed.Entry{english(), indonesian()}, true, "https://antara.example/ketentuan"},
		"two policies": {[]*feed.Entry{indonesian(), other}, true, ""},
	} {
		l := listingOf(&feed.View{Def: feed.Def{Name: "x"}, Entries: c.entries})
		if l.reserved != c.reserved || l.policy != c.policy {
			t.Errorf("%s: %t, %q", name, l.reserved, l.policy)
		}
	}
}

func TestAskedAddress(t *testing.T) {
	for _, c := range []struct{ query, address string }{
		{"", "/"}, {"page=1", "/"}, {"page=3&find=a+b", "/?find=a+b&page=3"}, {"feed=x&page=9&language=id", "/?feed=x"},
		{"language=id&agency=AFP", "/?language=id"}, {"find=%20%20", "/"},
	} {
		v, err := url.ParseQuery(c.query)
		if err != nil {
			t.Fatal(err)
		}
		if q, ok := askedFor(v); !ok || q.address() != c.address {
			t.Errorf("%s: %s, %t", c.query, q.address(), ok)
		}
	}
}

func BenchmarkCatalogue(b *testing.B) {
	h := handler(thousands(10_000), now)
	for b.Loop() {
		get(h, "GET", "/")
	}
}
