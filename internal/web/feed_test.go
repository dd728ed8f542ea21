package web

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"kawat/internal/feed"
)

func read(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestFeedHeaders(t *testing.T) {
	s := newsroom(t)
	h := handler(s, now)
	for format, contentType := range map[feed.Format]string{
		feed.RSS:      "application/rss+xml; charset=utf-8",
		feed.Atom:     "application/atom+xml; charset=utf-8",
		feed.JSON:     "application/feed+json; charset=utf-8",
		feed.NINJS:    "application/json; charset=utf-8",
		feed.NewsMLG2: "application/vnd.iptc.g2.newsmessage+xml; charset=utf-8",
	} {
		etag, body := document(t, s, "dunia", format, feed.Identity)
		r := get(h, "GET", "/feeds/dunia."+string(format))
		for name, want := range map[string]string{
			"Content-Type":           contentType,
			"Content-Length":         strconv.Itoa(len(body)),
			"Content-Encoding":       "",
			"Etag":                   etag,
			"Last-Modified":          "Mon, 23 Nov 2026 03:00:00 GMT",
			"Cache-Control":          "public, max-age=30, stale-while-revalidate=0, stale-if-error=300",
			"Vary":                   "Accept-Encoding, A-IM",
			"Tdm-Reservation":        "1",
			"Tdm-Policy":             "https://antara.example/ketentuan",
			"Content-Usage":          "train-ai=n, ai-use=n",
			"X-Content-Type-Options": "nosniff",
			"Link":                   `<https://wire.example/feeds/dunia.` + string(format) + `>; rel="self"`,
		} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q, not %q", format, name, got, want)
			}
		}
		if links := r.Header["Link"]; len(links) != 2 || links[1] != `<https://antara.example/ketentuan>; rel="license"` {
			t.Errorf("%s: links %q", format, links)
		}
		if r.StatusCode != 200 || read(t, r) != string(body) {
			t.Errorf("%s: %d or other bytes", format, r.StatusCode)
		}
	}
	open := get(h, "GET", "/feeds/world.sport.rss")
	for _, name := range []string{"Tdm-Reservation", "Tdm-Policy", "Content-Usage"} {
		if open.Header.Get(name) != "" {
			t.Errorf("an open feed says %s", name)
		}
	}
	if open.StatusCode != 200 {
		t.Errorf("a name with a dot gives %d", open.StatusCode)
	}
	empty := get(h, "GET", "/feeds/kosong.atom")
	if _, there := empty.Header["Last-Modified"]; there || empty.StatusCode != 200 {
		t.Errorf("a feed without stories was modified %q", empty.Header["Last-Modified"])
	}
}

// accepted is the Accept-Encoding among names and values in turn.
func accepted(header []string) (values []string) {
	for i := 0; i < len(header); i += 2 {
		if header[i] == "Accept-Encoding" {
			values = append(values, header[i+1])
		}
	}
	return values
}

// A conditional request is answered by the tag of the coding that would be sent.
func TestConditionalRequests(t *testing.T) {
	s := newsroom(t)
	h := handler(s, now)
	plain, _ := document(t, s, "dunia", feed.RSS, feed.Identity)
	packed, _ := document(t, s, "dunia", feed.RSS, feed.Gzip)
	for name, c := range map[string]struct {
		header []string
		status int
	}{
		"none":                         {nil, 200},
		"same":                         {[]string{"If-None-Match", plain}, 304},
		"weak":                         {[]string{"If-None-Match", "W/" + plain}, 304},
		"any":                          {[]string{"If-None-Match", "*"}, 304},
		"list":                         {[]string{"If-None-Match", `"a", W/"b,c" ,` + plain + `, "d"`}, 304},
		"two fields":                   {[]string{"If-None-Match", `"a"`, "If-None-Match", plain}, 304},
		"empty elements":               {[]string{"If-None-Match", ` , ,,` + plain}, 304},
		"other":                        {[]string{"If-None-Match", `"a", "b"`}, 200},
		"without quotes":               {[]string{"If-None-Match", strings.Trim(plain, `"`)}, 200},
		"unfinished":                   {[]string{"If-None-Match", strings.TrimSuffix(plain, `"`)}, 200},
		"inside another":               {[]string{"If-None-Match", `"x` + plain + `"`}, 200},
		"empty":                        {[]string{"If-None-Match", ""}, 200},
		"gzip's tag for plain":         {[]string{"If-None-Match", packed}, 200},
		"gzip's tag for gzip":          {[]string{"If-None-Match", packed, "Accept-Encoding", "gzip"}, 304},
		"plain's tag for gzip":         {[]string{"If-None-Match", plain, "Accept-Encoding", "gzip"}, 200},
		"since the change":             {[]string{"If-Modified-Since", "Mon, 23 Nov 2026 03:00:00 GMT"}, 304},
		"since later":                  {[]string{"If-Modified-Since", "Mon, 23 Nov 2026 03:30:00 GMT"}, 304},
		"since before":                 {[]string{"If-Modified-Since", "Mon, 23 Nov 2026 02:59:59 GMT"}, 200},
		"since in an old form":         {[]string{"If-Modified-Since", "Monday, 23-Nov-26 03:00:00 GMT"}, 304},
		"since nonsense":               {[]string{"If-Modified-Since", "yesterday"}, 200},
		"tag wins over since, same":    {[]string{"If-None-Match", plain, "If-Modified-Since", "Mon, 23 Nov 2026 02:00:00 GMT"}, 304},
		"tag wins over since, changed": {[]string{"If-None-Match", `"a"`, "If-Modified-Since", "Mon, 23 Nov 2026 03:00:00 GMT"}, 200},
	} {
		t.Run(name, func(t *testing.T) {
			r := get(h, "GET", "/feeds/dunia.rss", c.header...)
			if r.StatusCode != c.status {
				t.Fatalf("status %d, not %d", r.StatusCode, c.status)
			}
			if c.status == 200 {
				return
			}
			if body := read(t, r); body != "" {
				t.Errorf("a 304 with a body of %d bytes", len(body))
			}
			whole := get(h, "GET", "/feeds/dunia.rss", "Accept-Encoding", strings.Join(accepted(c.header), ","))
			for _, name := range []string{
				"Etag", "Cache-Control", "Vary", "Last-Modified", "Tdm-Reservation", "Tdm-Policy", "Content-Usage", "Link",
			} {
				if got, want := r.Header.Get(name), whole.Header.Get(name); got != want {
					t.Errorf("%s is %q in a 304 and %q in a 200", name, got, want)
				}
			}
			for _, name := range []string{"Content-Type", "Content-Length", "Content-Encoding"} {
				if r.Header.Get(name) != "" {
					t.Errorf("a 304 says %s", name)
				}
			}
		})
	}
}

// Within two seconds of a change there may be another in the same second: the date must not hide it.
func TestLastModifiedWaits(t *testing.T) {
	s := newsroom(t)
	since := "Mon, 23 Nov 2026 03:00:00 GMT"
	for after, status := range map[time.Duration]int{
		0: 200, 999 * time.Millisecond: 200, 1999 * time.Millisecond: 200, 2 * time.Second: 304, time.Hour: 304,
	} {
		h := handler(s, at("2026-11-23T03:00:00Z").Add(after))
		r := get(h, "GET", "/feeds/dunia.rss", "If-Modified-Since", since)
		if r.StatusCode != status || (r.Header.Get("Last-Modified") != "") != (status == 304) {
			t.Errorf("%v after: %d with Last-Modified %q", after, r.StatusCode, r.Header.Get("Last-Modified"))
		}
		etag, _ := document(t, s, "dunia", feed.RSS, feed.Identity)
		r = get(h, "GET", "/feeds/dunia.rss", "If-None-Match", etag)
		if r.StatusCode != 304 {
			t.Errorf("%v after: the tag gives %d", after, r.StatusCode)
		}
	}
}

func TestCodings(t *testing.T) {
	s := newsroom(t)
	h := handler(s, now)
	_, plain := document(t, s, "dunia", feed.JSON, feed.Identity)
	for _, c := range []struct{ accept, coding string }{
		{"gzip", "gzip"}, {"GZIP", "gzip"}, {"x-gzip", "gzip"}, {"gzip, deflate, br, zstd", "br"}, {"gzip, zstd", "gzip"}, {"zstd", "zstd"}, {"br", "br"},
		{"br;q=1.0, gzip;q=0.8, *;q=0.1", "br"}, {"br;q=0.9, zstd;q=0.8, gzip", "gzip"}, {"zstd;q=0.9,br;q=0.8", "zstd"},
		{"*", "gzip"}, {"br;q=0.5, *", "gzip"}, {"gzip;q=0.001", "gzip"}, {"identity, gzip", "gzip"}, {" gzip ; q=1 ", "gzip"}, {"gzip;Q=0.5", "gzip"},
		{"", ""}, {"identity", ""}, {"gzip;q=0", ""}, {"gzip;q=0.000", ""}, {"*;q=0", ""}, {"gzip;q=0, *", ""},
		{"identity;q=1, gzip;q=0.5", ""}, {"identity;q=0.6, gzip;q=0.5, zstd;q=0.4", ""}, {"gzip;q=1.5", ""}, {"gzip;q=0.1234", ""},
		{"gzip;level=9", ""}, {"gzipped", ""}, {"identity;q=0", ""}, {"br;q=0, zstd;q=0", ""}, {"deflate", ""},
	} {
		r := get(h, "GET", "/feeds/dunia.json", "Accept-Encoding", c.accept)
		body := read(t, r)
		if coding := r.Header.Get("Content-Encoding"); coding != c.coding {
			t.Errorf("%q is answered in %q, not %q", c.accept, coding, c.coding)
			continue
		}
		if r.Header.Get("Vary") != "Accept-Encoding, A-IM" || r.Header.Get("Content-Length") != strconv.Itoa(len(body)) {
			t.Errorf("%q: Vary %q, length %s", c.accept, r.Header.Get("Vary"), r.Header.Get("Content-Length"))
		}
		if !bytes.Equal(unpack(t, c.coding, body), plain) {
			t.Errorf("%q: other bytes", c.accept)
		}
	}
}

// unpack decodes a body by the name of its coding.
func unpack(t *testing.T, coding, body string) []byte {
	t.Helper()
	var r io.Reader = strings.NewReader(body)
	var err error
	switch coding {
	case "gzip":
		r, err = gzip.NewReader(r)
	case "zstd":
		r, err = zstd.NewReader(r)
	case "br":
		r = brotli.NewReader(r)
	}
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("%s: %v", coding, err)
	}
	return b
}

// A reader that asks for differences gets what is new, under the entity tag of the whole.
func TestDifferences(t *testing.T) {
	s := newsroom(t)
	h := handler(s, now)
	had, whole := map[string]string{}, map[string]string{}
	for _, coding := range []string{"", "gzip", "br", "zstd"} {
		r := get(h, "GET", "/feeds/dunia.rss", "Accept-Encoding", coding, "A-IM", "feed")
		had[coding], whole[coding] = r.Header.Get("Etag"), read(t, r)
		if r.StatusCode != 200 || r.Header.Get("IM") != "" {
			t.Errorf("%q: %d with IM %q to a reader that has nothing", coding, r.StatusCode, r.Header.Get("IM"))
		}
		r = get(h, "GET", "/feeds/dunia.rss", "Accept-Encoding", coding, "A-IM", "feed", "If-None-Match", had[coding])
		if r.StatusCode != 304 {
			t.Errorf("%q: %d to a reader that has it all", coding, r.StatusCode)
		}
	}
	latest := english()
	latest.Sequence = 9
	s.add(t, "dunia", "Dunia", "id", latest, killed(), withheld(), indonesian())
	for coding, etag := range had {
		for name, c := range map[string]struct {
			header []string
			status int
		}{
			"known":         {[]string{"A-IM", "feed", "If-None-Match", etag}, 226},
			"another's":     {[]string{"A-IM", "feed", "If-None-Match", `"abc"`}, 200},
			"among others":  {[]string{"A-IM", "vcdiff;q=0.3, Feed ;q=0.5", "If-None-Match", `"abc", W/` + etag}, 226},
			"not asked for": {[]string{"If-None-Match", etag}, 200},
			"refused":       {[]string{"A-IM", "feed;q=0", "If-None-Match", etag}, 200},
			"others":        {[]string{"A-IM", "vcdiff, feeds", "If-None-Match", etag}, 200},
		} {
			r := get(h, "GET", "/feeds/dunia.rss", append([]string{"Accept-Encoding", coding}, c.header...)...)
			body := unpack(t, r.Header.Get("Content-Encoding"), read(t, r))
			if r.StatusCode != c.status || r.Header.Get("Content-Encoding") != coding || r.Header.Get("Etag") == etag {
				t.Errorf("%q, %s: %d in %q under %s", coding, name, r.StatusCode, r.Header.Get("Content-Encoding"), r.Header.Get("Etag"))
			}
			whole := c.status == 200
			if bytes.Contains(body, []byte("Sakhalin")) != whole || !bytes.Contains(body, []byte("Saitama")) {
				t.Errorf("%q, %s: the wrong entries", coding, name)
			}
			im, base, control := "feed", etag, "no-store, im, max-age=30"
			if whole {
				im, base, control = "", "", cacheControl[0]
			}
			if r.Header.Get("IM") != im || r.Header.Get("Delta-Base") != base || r.Header.Get("Cache-Control") != control {
				t.Errorf("%q, %s: IM %q, Delta-Base %q, Cache-Control %q", coding, name, r.Header.Get("IM"), r.Header.Get("Delta-Base"), r.Header.Get("Cache-Control"))
			}
			if r.Header.Get("Vary") != varies[0] {
				t.Errorf("%q, %s: Vary %q", coding, name, r.Header.Get("Vary"))
			}
		}
	}
}

// unwritten is a snapshot that cannot be rendered.
type unwritten struct{ feed.Documents }

func (unwritten) Document(feed.Format, feed.Coding) (*feed.Document, error) {
	return nil, errors.New("broken")
}

func TestFeedThatCannotBeRendered(t *testing.T) {
	s := newsroom(t)
	s.snapshots["dunia"] = &feed.Snapshot{View: s.snapshots["dunia"].View, Documents: unwritten{}}
	r := get(handler(s, now), "GET", "/feeds/dunia.rss", "Accept-Encoding", "gzip")
	if r.StatusCode != 500 || r.Header.Get("Cache-Control") != "no-store" || r.Header.Get("Etag") != "" || r.Header.Get("Content-Encoding") != "" {
		t.Errorf("%d with %v", r.StatusCode, r.Header)
	}
}

// HEAD says what GET says, and nothing more.
func TestHeadEqualsGet(t *testing.T) {
	s := newsroom(t)
	server := httptest.NewServer(handler(s, now))
	defer server.Close()
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	for _, path := range []string{
		"/", "/feeds/dunia.rss", "/feeds/dunia.json", "/feeds/nosuch.rss", "/robots.txt",
		"/.well-known/tdmrep.json", "/license.xml", "/nosuch", "/assets/" + stylesheetName,
		"/stories/" + indonesian().Key().Token(), "/stories/" + killed().Key().Token(),
	} {
		for _, accept := range []string{"identity", "gzip", "br", "zstd"} {
			ask := func(method string) (int, http.Header, string) {
				req, err := http.NewRequest(method, server.URL+path, nil)
				if err != nil {
					t.Fatal(err)
				}
				req.Header.Set("Accept-Encoding", accept)
				r, err := client.Do(req)
				if err != nil {
					t.Fatal(err)
				}
				defer r.Body.Close()
				r.Header.Del("Date")
				return r.StatusCode, r.Header, read(t, r)
			}
			status, header, body := ask("GET")
			headStatus, headHeader, headBody := ask("HEAD")
			if status != headStatus || headBody != "" || body == "" {
				t.Errorf("%s: GET %d, HEAD %d with %d bytes", path, status, headStatus, len(headBody))
			}
			if len(header) != len(headHeader) {
				t.Errorf("%s: GET says %v, HEAD %v", path, header, headHeader)
			}
			for name := range header {
				if header.Get(name) != headHeader.Get(name) {
					t.Errorf("%s: %s is %q, in HEAD %q", path, name, header.Get(name), headHeader.Get(name))
				}
			}
			if header.Get("Content-Length") != strconv.Itoa(len(body)) {
				t.Errorf("%s: length %s of %d", path, header.Get("Content-Length"), len(body))
			}
		}
	}
}

// A new snapshot is served from the next request on, under its own tag.
func TestNewSnapshotIsServedAtOnce(t *testing.T) {
	s := newsroom(t)
	h := handler(s, now)
	before := get(h, "GET", "/feeds/dunia.rss").Header.Get("Etag")
	s.add(t, "dunia", "Dunia", "id", killed())
	r := get(h, "GET", "/feeds/dunia.rss", "If-None-Match", before)
	if r.StatusCode != 200 || r.Header.Get("Etag") == before {
		t.Errorf("%d under %s", r.StatusCode, r.Header.Get("Etag"))
	}
	if strings.Contains(read(t, r), "Sakhalin") {
		t.Error("the old bytes")
	}
}
