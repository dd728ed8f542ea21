package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

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
		d := s.snapshots["dunia"].Documents[format]
		r := get(h, "GET", "/feeds/dunia."+string(format))
		for name, want := range map[string]string{
			"Content-Type":           contentType,
			"Content-Length":         strconv.Itoa(len(d.Identity.Bytes)),
			"Content-Encoding":       "",
			"Etag":                   d.Identity.ETag,
			"Last-Modified":          "Mon, 23 Nov 2026 03:00:00 GMT",
			"Cache-Control":          "public, max-age=30, stale-if-error=300",
			"Vary":                   "Accept-Encoding",
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
		if r.StatusCode != 200 || read(t, r) != string(d.Identity.Bytes) {
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
	d := s.snapshots["dunia"].Documents[feed.RSS]
	plain, packed := d.Identity.ETag, d.Gzip.ETag
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
		r = get(h, "GET", "/feeds/dunia.rss", "If-None-Match", s.snapshots["dunia"].Documents[feed.RSS].Identity.ETag)
		if r.StatusCode != 304 {
			t.Errorf("%v after: the tag gives %d", after, r.StatusCode)
		}
	}
}

func TestCodings(t *testing.T) {
	s := newsroom(t)
	h := handler(s, now)
	for _, c := range []struct {
		accept string
		packed bool
	}{
		{"gzip", true}, {"GZIP", true}, {"x-gzip", true}, {"gzip, deflate, br, zstd", true}, {"br;q=1.0, gzip;q=0.8, *;q=0.1", true},
		{"*", true}, {"gzip;q=0.001", true}, {"identity, gzip", true}, {" gzip ; q=1 ", true}, {"gzip;Q=0.5", true},
		{"", false}, {"identity", false}, {"gzip;q=0", false}, {"gzip;q=0.000", false}, {"*;q=0", false}, {"br", false},
		{"gzip;q=0, *", false}, {"identity;q=1, gzip;q=0.5", false}, {"gzip;q=1.5", false}, {"gzip;q=0.1234", false},
		{"gzip;level=9", false}, {"gzipped", false}, {"identity;q=0", false},
	} {
		r := get(h, "GET", "/feeds/dunia.json", "Accept-Encoding", c.accept)
		body := read(t, r)
		if packed := r.Header.Get("Content-Encoding") == "gzip"; packed != c.packed {
			t.Errorf("%q is answered in gzip: %v", c.accept, packed)
			continue
		}
		if r.Header.Get("Vary") != "Accept-Encoding" || r.Header.Get("Content-Length") != strconv.Itoa(len(body)) {
			t.Errorf("%q: Vary %q, length %s", c.accept, r.Header.Get("Vary"), r.Header.Get("Content-Length"))
		}
		if c.packed {
			z, err := gzip.NewReader(strings.NewReader(body))
			if err != nil {
				t.Fatal(err)
			}
			plain, err := io.ReadAll(z)
			if err != nil || !bytes.Equal(plain, s.snapshots["dunia"].Documents[feed.JSON].Identity.Bytes) {
				t.Errorf("%q: other bytes, %v", c.accept, err)
			}
		}
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
		for _, accept := range []string{"identity", "gzip"} {
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
