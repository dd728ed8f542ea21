package web

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/mmcdole/gofeed/atom"
	"github.com/redis/go-redis/v9"

	"kawat/internal/cache"
	"kawat/internal/feed"
	"kawat/internal/render"
	"kawat/internal/testkit"
	"kawat/internal/wire"
)

// desk is what a newsroom does to a feed, and what its readers should find then.
type desk struct {
	t        *testing.T
	r        *rand.Rand
	cache    *cache.Cache
	now      time.Time
	sequence uint64
	history  []cache.Change         // as STORIES would have it
	standing map[string]wire.Record // by id
	late     []cache.Change         // recorded, and not in the cache yet
	seen     map[string]string      // every archive address ever read, with what was there
}

var archived = feed.Def{Name: "all", Title: "Everything", Size: 20}

// Snapshot, Snapshots and Loaded are Feeds, read at each request, so that the test needs to wait for nothing.
type directFeeds struct {
	d        *desk
	renderer *render.Renderer
}

func (f directFeeds) Snapshot(name string) *feed.Snapshot {
	if name != archived.Name {
		return nil
	}
	windows, err := f.d.cache.Windows(context.Background(), []feed.Def{archived}, f.d.now, feed.Held{})
	if err != nil {
		f.d.t.Fatal(err)
	}
	s, err := f.renderer.Snapshot(windows[0].View)
	if err != nil {
		f.d.t.Fatal(err)
	}
	return s
}

func (f directFeeds) Snapshots() []*feed.Snapshot { return []*feed.Snapshot{f.Snapshot(archived.Name)} }
func (f directFeeds) Loaded() bool                { return true }

// replica gives the handler of a publish that has just started.
func (d *desk) replica() http.Handler {
	renderer := render.New(site)
	clock := func() time.Time { return d.now }
	return New(Config{Site: site, Feeds: directFeeds{d, renderer}, Archives: feed.NewArchives(d.cache, renderer, clock), Now: clock,
		Log: testkit.Log(d.t)})
}

func newDesk(t *testing.T, client redis.UniversalClient, seed uint64) *desk {
	d := &desk{t: t, r: rand.New(rand.NewPCG(seed, 1)), cache: cache.New(client, testkit.Log(t)), now: now,
		standing: map[string]wire.Record{}, seen: map[string]string{}}
	d.refill()
	return d
}

// refill fills a new epoch with all that was ever recorded.
func (d *desk) refill() {
	d.t.Helper()
	rest := slices.Clone(d.history)
	d.r.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
	_, err := d.cache.Refill(d.t.Context(), cache.Made{Stories: "s", Feeds: "f"}, []feed.Def{archived},
		func(ctx context.Context, apply func(context.Context, []cache.Change) error) error {
			some := rest
			rest = nil
			return apply(ctx, some)
		})
	if err != nil {
		d.t.Fatal(err)
	}
	d.late = nil
}

// record makes a version of a story, as ingest would.
func (d *desk) record(id string, change func(*wire.Story)) cache.Change {
	d.sequence++
	before, stood := d.standing[id]
	version := int64(1)
	if stood {
		version = before.Version + 1
	}
	s := testkit.Story(id, version)
	change(s)
	if d.r.IntN(5) == 0 { // a translation that may be shown later
		s.Translations = []wire.Counterpart{{Provider: "antara", ID: "t", Language: "en", From: d.now.Add(time.Duration(d.r.IntN(60)) * time.Minute)}}
	}
	c := cache.Change{Record: wire.Record{Story: s, Sequence: d.sequence, Recorded: d.now}, Feeds: []feed.Def{archived}}
	d.now = d.now.Add(time.Duration(d.r.IntN(3)) * 500 * time.Microsecond) // some at the same instant
	d.history = append(d.history, c)
	d.standing[id] = c.Record
	return c
}

// work has the newsroom do something.
func (d *desk) work() cache.Change {
	ids := slices.Sorted(func(yield func(string) bool) {
		for id, r := range d.standing {
			if r.Status == wire.Usable && !slices.ContainsFunc(d.late, func(c cache.Change) bool { return c.ID == id }) && !yield(id) {
				return
			}
		}
	})
	soon := func(minutes int) *time.Time {
		at := d.now.Truncate(time.Minute).Add(time.Duration(1+d.r.IntN(minutes)) * time.Minute)
		return &at
	}
	if len(ids) > 0 && d.r.IntN(4) == 0 {
		id := ids[d.r.IntN(len(ids))]
		before := d.standing[id]
		return d.record(id, func(s *wire.Story) {
			switch d.r.IntN(4) {
			case 0:
				s.Status, s.Signal = wire.Canceled, wire.Kill
			case 1: // amended in its place
				s.Placed, s.Embargo, s.Expires = before.Placed, before.Embargo, before.Expires
				if s.Placed.IsZero() {
					s.Placed = before.Recorded
				}
			case 2:
				s.Expires = soon(90)
			}
		})
	}
	return d.record(fmt.Sprintf("b%d", len(d.standing)), func(s *wire.Story) {
		switch d.r.IntN(8) {
		case 0, 1: // many of them end at the same instant
			s.Embargo = soon(8)
		case 2:
			s.Expires = soon(60)
		case 3:
			s.Embargo, s.Expires = soon(30), soon(30)
		}
	})
}

// push does some work and puts most of it into the cache; some new stories come later, after others that were recorded later.
func (d *desk) push(n int) {
	d.t.Helper()
	changes := d.late
	d.late = nil
	for range n {
		if c := d.work(); c.Version == 1 && d.r.IntN(5) == 0 {
			d.late = append(d.late, c)
		} else {
			changes = append(changes, c)
		}
	}
	if err := d.cache.Apply(d.t.Context(), changes); err != nil {
		d.t.Fatal(err)
	}
}

// live are the ids that readers should find, and killed those whose notices they may find.
func (d *desk) live() (live, killed []string) {
	for id, r := range d.standing {
		late := slices.ContainsFunc(d.late, func(c cache.Change) bool { return c.ID == id })
		e := feed.Entry{Record: r}
		switch {
		case late || !e.Visible(d.now):
		case e.Killed():
			killed = append(killed, id)
		default:
			live = append(live, id)
		}
	}
	slices.Sort(live)
	return live, killed
}

// document is what a reader takes from a feed's document, or an archive's.
type readDocument struct {
	address, bytes string
	ids            []string
	previous       string
	current        string
	archive        bool
}

// links are RFC 5005's, which RSS has in Atom's namespace.
type readLinks []struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

func (l readLinks) to(rel string) string {
	for _, link := range l {
		if link.Rel == rel {
			return link.Href
		}
	}
	return ""
}

func readHistory(t *testing.T, f feed.Format, b []byte) (doc readDocument) {
	t.Helper()
	doc.bytes = string(b)
	var err error
	switch f {
	case feed.Atom:
		var x struct {
			XMLName xml.Name  `xml:"http://www.w3.org/2005/Atom feed"`
			Links   readLinks `xml:"http://www.w3.org/2005/Atom link"`
			Archive *struct{} `xml:"http://purl.org/syndication/history/1.0 archive"`
			Entries []struct {
				ID string `xml:"id"`
			} `xml:"http://www.w3.org/2005/Atom entry"`
		}
		err = xml.Unmarshal(b, &x)
		doc.previous, doc.current, doc.archive = x.Links.to("prev-archive"), x.Links.to("current"), x.Archive != nil
		for _, e := range x.Entries {
			doc.ids = append(doc.ids, e.ID)
		}
	case feed.RSS:
		var x struct {
			Channel struct {
				Links   readLinks `xml:"http://www.w3.org/2005/Atom link"`
				Archive *struct{} `xml:"http://purl.org/syndication/history/1.0 archive"`
				Items   []struct {
					GUID string `xml:"guid"`
				} `xml:"item"`
			} `xml:"channel"`
		}
		err = xml.Unmarshal(b, &x)
		c := x.Channel
		doc.previous, doc.current, doc.archive = c.Links.to("prev-archive"), c.Links.to("current"), c.Archive != nil
		for _, e := range c.Items {
			doc.ids = append(doc.ids, e.GUID)
		}
	case feed.JSON:
		var x struct {
			NextURL string `json:"next_url"`
			FeedURL string `json:"feed_url"`
			Items   []struct{ ID string }
		}
		err = json.Unmarshal(b, &x)
		doc.previous, doc.current = x.NextURL, x.FeedURL
		for _, e := range x.Items {
			doc.ids = append(doc.ids, e.ID)
		}
	}
	if err != nil {
		t.Errorf("%s: %v\n%s", f, err, b)
	}
	return doc
}

// walk reads a feed and all of its archives, as RFC 5005, section 4.2, has it.
func (d *desk) walk(h http.Handler, f feed.Format) (all []readDocument) {
	d.t.Helper()
	first := site.Feed(archived.Name, f)
	for address := first; address != ""; {
		response := fetch(h, address)
		for response.StatusCode == http.StatusTemporaryRedirect {
			if got := response.Header.Get("Cache-Control"); got != "no-store" {
				d.t.Errorf("a redirection may be kept: %q", got)
			}
			address = response.Header.Get("Location")
			response = fetch(h, address)
		}
		body, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != http.StatusOK {
			d.t.Fatalf("%s: %s %v\n%s", address, response.Status, err, body)
		}
		doc := readHistory(d.t, f, body)
		doc.address = address
		if address != first {
			if f != feed.JSON && !doc.archive || doc.current != first {
				d.t.Fatalf("%s is no archive of %s: %s", address, doc.current, body)
			}
			if len(doc.ids) > 100 {
				d.t.Errorf("%s has %d stories", address, len(doc.ids))
			}
			if had, ok := d.seen[address]; ok && had != doc.bytes {
				d.t.Fatalf("%s changed:\n%s\n---\n%s", address, had, doc.bytes)
			}
			d.seen[address] = doc.bytes
		} else if doc.archive {
			d.t.Fatalf("the feed says that it is an archive")
		}
		all = append(all, doc)
		if len(all) > 1000 {
			d.t.Fatal("the archives have no end")
		}
		address = doc.previous
	}
	return all
}

func fetch(h http.Handler, address string, header ...string) *http.Response {
	return get(h, http.MethodGet, strings.TrimPrefix(address, site.BaseURL), header...)
}

// check walks in one format and holds what was found against what should be.
func (d *desk) check(h http.Handler, f feed.Format) []readDocument {
	d.t.Helper()
	all := d.walk(h, f)
	live, killed := d.live()
	var got []string
	for _, doc := range all {
		for _, id := range doc.ids {
			id = strings.TrimPrefix(id, "urn:kawat:antara:")
			if !slices.Contains(killed, id) {
				got = append(got, id)
			}
		}
		for _, id := range killed {
			if strings.Contains(doc.bytes, "berita "+id+".") {
				d.t.Errorf("%s has the text of %s, which was killed", doc.address, id)
			}
		}
	}
	slices.Sort(got)
	if !slices.Equal(got, live) {
		missing := slices.DeleteFunc(slices.Clone(live), func(id string) bool { return slices.Contains(got, id) })
		wrong := slices.DeleteFunc(slices.Clone(got), func(id string) bool { return slices.Contains(live, id) })
		d.t.Fatalf("%s at %s: %d stories in %d documents, want %d; missing %v, not to be shown %v", f, d.now, len(got), len(all), len(live), missing, wrong)
	}
	return all
}

// recheck reads every archive that was ever seen: it has not changed, or it is gone, and no archive has a word of a killed
// story.
func (d *desk) recheck(h http.Handler) (gone int) {
	d.t.Helper()
	_, killed := d.live()
	for address, had := range d.seen {
		response := fetch(h, address)
		body, _ := io.ReadAll(response.Body)
		switch response.StatusCode {
		case http.StatusOK:
			if string(body) != had {
				d.t.Fatalf("%s changed:\n%s\n---\n%s", address, had, body)
			}
		case http.StatusGone:
			gone++
		default:
			d.t.Fatalf("%s: %s", address, response.Status)
		}
		for _, id := range killed {
			if strings.Contains(string(body), "berita "+id+".") {
				d.t.Errorf("%s has the text of %s, which was killed", address, id)
			}
		}
	}
	return gone
}

var archiveFormats = []feed.Format{feed.RSS, feed.Atom, feed.JSON}

// TestArchives: whatever a newsroom does, a walk through the archives finds every live story once, at any instant, in any
// format, at any replica, in the same documents; and no document ever changes under its address.
func TestArchives(t *testing.T) {
	for name, redises := range map[string]struct {
		start func(t *testing.T) []string
		seeds []uint64
	}{
		"redis-server": {func(t *testing.T) []string { return []string{testkit.StartRedis(t).Address} }, []uint64{0}},
		"cluster":      {func(t *testing.T) []string { return testkit.StartRedisCluster(t) }, []uint64{2}},
		"miniredis":    {func(t *testing.T) []string { return []string{miniredis.RunT(t).Addr()} }, []uint64{3}},
	} {
		t.Run(name, func(t *testing.T) {
			client := redis.NewUniversalClient(&redis.UniversalOptions{Addrs: redises.start(t)})
			defer client.Close()
			for _, seed := range redises.seeds {
				d := newDesk(t, client, seed)
				h := d.replica()
				for round := range 20 {
					if round == 10 {
						d.refill()
					}
					d.push(1 + d.r.IntN(40))
					d.check(h, archiveFormats[round%3])
					d.now = d.now.Add(time.Duration(d.r.IntN(300)) * time.Second)
					d.check(h, archiveFormats[d.r.IntN(3)])
					if round%5 == 0 {
						d.recheck(h)
					}
				}
				d.push(0)
				gone := d.recheck(h)
				kept := len(d.seen) - gone
				other := d.replica()
				longest := 0
				for _, f := range archiveFormats {
					was := d.check(h, f)
					longest = max(longest, len(was))
					if there := d.check(other, f); !slices.EqualFunc(was, there, sameDocument) {
						t.Errorf("two replicas differ in %s", f)
					}
				}
				d.refill()
				for _, f := range archiveFormats {
					was := d.check(h, f)
					if there := d.check(other, f); !slices.EqualFunc(was, there, sameDocument) {
						t.Errorf("two replicas differ in %s after a refill", f)
					}
				}
				if after := d.recheck(h); after > gone {
					t.Errorf("a refill took %d documents away", after-gone)
				}
				if longest < 5 || kept < 5 || gone < 5 {
					t.Errorf("too little was tried: %d documents, %d kept, %d gone", longest, kept, gone)
				}
				t.Logf("seed %d: %d stories, a walk of %d documents; of %d addresses %d are gone", seed, len(d.standing), longest, len(d.seen), gone)
			}
		})
	}
}

func sameDocument(a, b readDocument) bool { return a.address == b.address && a.bytes == b.bytes }

// archiveOf gives a newsroom with archives of some documents, and the address of the newest in a format.
func archiveOf(t *testing.T, seed uint64, f feed.Format) (d *desk, h http.Handler, address string) {
	client := redis.NewUniversalClient(&redis.UniversalOptions{Addrs: []string{testkit.StartRedis(t).Address}})
	t.Cleanup(func() { client.Close() })
	d = newDesk(t, client, seed)
	d.push(200)
	d.push(0)
	h = d.replica()
	all := d.check(h, f)
	if len(all) < 3 {
		t.Fatalf("a walk of %d documents", len(all))
	}
	return d, h, all[1].address
}

// TestArchiveOverHTTP: archives have the validators, codings and bounds of feeds, and say where the feed is.
func TestArchiveOverHTTP(t *testing.T) {
	d, h, address := archiveOf(t, 11, feed.RSS)
	plain := fetch(h, address)
	body, _ := io.ReadAll(plain.Body)
	header := plain.Header
	if header.Get("Cache-Control") != cacheControl[0] || header.Get("Vary") != "Accept-Encoding" || header.Get("Content-Type") != "application/rss+xml; charset=utf-8" {
		t.Errorf("headers %v", header)
	}
	if got := header.Values("Link"); !slices.Contains(got, "<"+address+`>; rel="self"`) || !slices.Contains(got, `<https://wire.example/feeds/all.rss>; rel="current"`) {
		t.Errorf("links %q", got)
	}
	if header.Get("Tdm-Reservation") != "1" || header.Get("Content-Usage") == "" {
		t.Errorf("the stories are reserved against AI, and the headers are %v", header)
	}
	zipped := fetch(h, address, "Accept-Encoding", "gzip")
	unzip, err := gzip.NewReader(zipped.Body)
	if err != nil {
		t.Fatal(err)
	}
	if unzipped, err := io.ReadAll(unzip); err != nil || zipped.Header.Get("Content-Encoding") != "gzip" || zipped.Header.Get("Etag") == header.Get("Etag") || string(unzipped) != string(body) {
		t.Errorf("gzip: %v", zipped.Header)
	}
	for name, c := range map[string]struct {
		method, address string
		header          []string
		status          int
	}{
		"known by its tag":   {"GET", address, []string{"If-None-Match", header.Get("Etag")}, 304},
		"known by its date":  {"GET", address, []string{"If-Modified-Since", header.Get("Last-Modified")}, 304},
		"head":               {"HEAD", address, nil, 200},
		"no such format":     {"GET", strings.TrimSuffix(address, "rss") + "ninjs", nil, 404},
		"no such feed":       {"GET", strings.Replace(address, "/all/", "/none/", 1), nil, 404},
		"no position":        {"GET", "/feeds/all/archive/before-.rss", nil, 404},
		"no name":            {"GET", "/feeds/all/archive/x.rss", nil, 410},
		"another hash":       {"GET", strings.TrimSuffix(address, ".rss") + "0.rss", nil, 410},
		"above all stories":  {"GET", "/feeds/all/archive/before-9999999999999999-zzzzzzzzzzzzzzzzzzzzzzzzzz.atom", nil, 307},
		"below all stories":  {"GET", "/feeds/all/archive/before-0000000000000001-aaaaaaaaaaaaaaaaaaaaaaaaaa.json", nil, 307},
		"only to be read":    {"POST", address, nil, 405},
		"nothing below this": {"GET", address + "/x", nil, 404},
	} {
		r := get(h, c.method, strings.TrimPrefix(c.address, site.BaseURL), c.header...)
		got, _ := io.ReadAll(r.Body)
		if r.StatusCode != c.status || (c.status == 304 || c.method == "HEAD") && len(got) > 0 {
			t.Errorf("%s: %s, %d bytes", name, r.Status, len(got))
		}
		if r.StatusCode >= 307 && r.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept: %q", name, r.Header.Get("Cache-Control"))
		}
		if r.StatusCode == 410 && (!strings.Contains(string(got), "Begin again at the feed") || r.Header.Get("Link") != `<https://wire.example/feeds/all.rss>; rel="current"`) {
			t.Errorf("%s: %q %s", name, r.Header.Get("Link"), got)
		}
	}
	// Below all stories stands a document without any.
	empty := fetch(h, fetch(h, "/feeds/all/archive/before-0000000000000001-aaaaaaaaaaaaaaaaaaaaaaaaaa.atom").Header.Get("Location"))
	if doc := readHistory(t, feed.Atom, []byte(read(t, empty))); empty.StatusCode != 200 || !doc.archive || len(doc.ids) > 0 || doc.previous != "" {
		t.Errorf("below all stories: %s %+v", empty.Status, doc)
	}
	story := d.record("new", func(*wire.Story) {})
	if err := d.cache.Apply(t.Context(), []cache.Change{story}); err != nil {
		t.Fatal(err)
	}
	if r := fetch(h, address); r.StatusCode != 200 || read(t, r) != string(body) {
		t.Errorf("after a new story: %s", r.Status)
	}
}

// TestArchivesAtOnce: several readers walk while stories come and change. Each gets documents, or is sent back to the feed.
func TestArchivesAtOnce(t *testing.T) {
	d, _, _ := archiveOf(t, 16, feed.RSS)
	var changes []cache.Change
	for range 100 {
		changes = append(changes, d.work())
	}
	h := d.replica()
	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	for _, f := range append(render.ArchiveFormats, render.ArchiveFormats...) {
		readers.Go(func() {
			for address := ""; ctx.Err() == nil; {
				if address == "" {
					address = "/feeds/all/archive/before-9999999999999999-zzzzzzzzzzzzzzzzzzzzzzzzzz." + string(f)
				}
				switch r := fetch(h, address); r.StatusCode {
				case http.StatusOK:
					body, _ := io.ReadAll(r.Body)
					address = readHistory(t, f, body).previous
				case http.StatusTemporaryRedirect:
					address = r.Header.Get("Location")
				case http.StatusGone:
					address = ""
				case http.StatusServiceUnavailable: // a story was changed, and the index was about to be
				default:
					t.Errorf("%s: %s", address, r.Status)
					return
				}
			}
		})
	}
	for part := range slices.Chunk(changes, 3) {
		if err := d.cache.Apply(t.Context(), part); err != nil {
			t.Error(err)
		}
	}
	stop()
	readers.Wait()
	d.check(h, feed.Atom)
}

// killing puts a kill into the cache just before stories are read, when it is known already which ones.
type killing struct {
	*cache.Cache
	kill func()
}

func (k killing) Entries(ctx context.Context, tokens []string) ([]*feed.Entry, error) {
	k.kill()
	return k.Cache.Entries(ctx, tokens)
}

// TestKillMeanwhile: a kill that comes while an archive is made leaves no word of the story in it.
func TestKillMeanwhile(t *testing.T) {
	d, _, address := archiveOf(t, 12, feed.JSON)
	id := strings.TrimPrefix(readHistory(t, feed.JSON, []byte(d.seen[address])).ids[0], "urn:kawat:antara:")
	renderer := render.New(site)
	store := killing{d.cache, func() {
		if d.standing[id].Status != wire.Usable {
			return
		}
		c := d.record(id, func(s *wire.Story) { s.Status, s.Signal = wire.Canceled, wire.Kill })
		if err := d.cache.Apply(t.Context(), []cache.Change{c}); err != nil {
			t.Fatal(err)
		}
	}}
	clock := func() time.Time { return d.now }
	h := New(Config{Site: site, Feeds: directFeeds{d, renderer}, Archives: feed.NewArchives(store, renderer, clock), Now: clock, Log: testkit.Log(t)})
	if r := fetch(h, address); r.StatusCode != http.StatusGone {
		t.Errorf("%s: %s", r.Status, read(t, r))
	}
	d.check(h, feed.JSON)
}

// TestArchivesWithoutRedis: while the cache is away or is not filled, archives say that they will be there again; they are.
func TestArchivesWithoutRedis(t *testing.T) {
	server := testkit.StartRedis(t)
	client := redis.NewUniversalClient(&redis.UniversalOptions{Addrs: []string{server.Address}, MaxRetries: -1})
	defer client.Close()
	d := newDesk(t, client, 13)
	d.push(200)
	d.push(0)
	h := d.replica()
	address := d.check(h, feed.Atom)[1].address
	server.Kill()
	<-server.Exited()
	held := New(Config{Site: site, Feeds: newsroom(t), Archives: feed.NewArchives(d.cache, render.New(site), time.Now), Now: time.Now, Log: testkit.Log(t)})
	if r := get(held, "GET", "/feeds/dunia/archive/before-9999999999999999-zzzzzzzzzzzzzzzzzzzzzzzzzz.atom"); r.StatusCode != 503 || r.Header.Get("Retry-After") == "" {
		t.Errorf("without Redis: %s", r.Status)
	}
	server.Restart()
	server.WaitReady()
	if _, err := d.cache.Windows(t.Context(), []feed.Def{archived}, d.now, feed.Held{}); err == nil {
		t.Fatal("Redis has kept what it had")
	}
	if r := get(held, "GET", "/feeds/dunia/archive/before-9999999999999999-zzzzzzzzzzzzzzzzzzzzzzzzzz.atom"); r.StatusCode != 503 {
		t.Errorf("before the refill: %s", r.Status)
	}
	d.refill()
	d.check(h, feed.Atom)
	if r := fetch(h, address); r.StatusCode != 200 || read(t, r) != d.seen[address] {
		t.Errorf("after the refill: %s", r.Status)
	}
}

// TestArchivesAreValid: xmllint reads every archive, and Atom's are valid by the schema of RFC 4287.
func TestArchivesAreValid(t *testing.T) {
	d, h, _ := archiveOf(t, 14, feed.Atom)
	dir := t.TempDir()
	files := map[feed.Format][]string{}
	for _, f := range []feed.Format{feed.Atom, feed.RSS} {
		for i, doc := range d.check(h, f) {
			file := filepath.Join(dir, fmt.Sprintf("%d.%s", i, f))
			if err := os.WriteFile(file, []byte(doc.bytes), 0o600); err != nil {
				t.Fatal(err)
			}
			files[f] = append(files[f], file)
		}
	}
	lint := func(args ...string) {
		if out, err := exec.CommandContext(t.Context(), "xmllint", append([]string{"--noout", "--nonet"}, args...)...).CombinedOutput(); err != nil {
			t.Errorf("xmllint: %v\n%s", err, out)
		}
	}
	lint(files[feed.RSS]...)
	lint(files[feed.Atom]...)
	schema := filepath.Join("..", "..", "..", "shared", "schemas", "atom.rng")
	if _, err := os.Stat(schema); err == nil {
		lint(append([]string{"--relaxng", schema}, files[feed.Atom]...)...)
	}
}

// TestArchivesByAnotherReader: a reader of another make, over the network, that knows RFC 5005 and no more, has all stories.
func TestArchivesByAnotherReader(t *testing.T) {
	d, _, _ := archiveOf(t, 15, feed.Atom)
	server := httptest.NewUnstartedServer(nil)
	server.Start()
	defer server.Close()
	there := render.Site{Title: site.Title, BaseURL: server.URL}
	renderer := render.New(there)
	clock := func() time.Time { return d.now }
	server.Config.Handler = New(Config{Site: there, Feeds: directFeeds{d, renderer}, Archives: feed.NewArchives(d.cache, renderer, clock), Now: clock, Log: testkit.Log(t)})
	found := map[string]int{}
	documents := 0
	for address := there.Feed("all", feed.Atom); address != ""; documents++ {
		r, err := server.Client().Get(address)
		if err != nil || r.StatusCode != 200 {
			t.Fatal(address, r, err)
		}
		doc, err := new(atom.Parser).Parse(r.Body)
		r.Body.Close()
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range doc.Entries {
			if e.Extensions["kawat"]["status"][0].Value == "usable" {
				found[e.ID]++
			}
		}
		address = ""
		for _, l := range doc.Links {
			if l.Rel == "prev-archive" {
				address = l.Href
			}
		}
	}
	live, _ := d.live()
	for _, id := range live {
		if found["urn:kawat:antara:"+id] != 1 {
			t.Errorf("%s was found %d times", id, found["urn:kawat:antara:"+id])
		}
	}
	if len(found) != len(live) || documents < 3 {
		t.Errorf("%d stories in %d documents, want %d", len(found), documents, len(live))
	}
}
