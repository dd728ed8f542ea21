package web

import (
	"encoding/xml"
	"net/http"
	"strings"
	"testing"
)

// The subscription list names every feed with its RSS and Atom addresses, all of which are served.
func TestOPML(t *testing.T) {
	s := newsroom(t)
	s.add(t, "tanda", `Tanda "petik" & <kurung>`, "id")
	h := handler(s, now)
	r := get(h, "GET", "/opml")
	body := read(t, r)
	if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "text/x-opml; charset=utf-8" {
		t.Fatalf("%d, %v", r.StatusCode, r.Header)
	}
	var list struct {
		XMLName  xml.Name `xml:"opml"`
		Version  string   `xml:"version,attr"`
		Title    string   `xml:"head>title"`
		Outlines []struct {
			Type     string `xml:"type,attr"`
			Text     string `xml:"text,attr"`
			Language string `xml:"language,attr"`
			XMLURL   string `xml:"xmlUrl,attr"`
			HTMLURL  string `xml:"htmlUrl,attr"`
			Atom     struct {
				Href string `xml:"href,attr"`
			} `xml:"http://www.w3.org/2005/Atom link"`
		} `xml:"body>outline"`
	}
	if err := xml.Unmarshal([]byte(body), &list); err != nil {
		t.Fatalf("%v\n%s", err, body)
	}
	if list.Version != "2.0" || list.Title != site.Title || len(list.Outlines) != len(s.order) {
		t.Fatalf("%s", body)
	}
	for i, name := range s.order {
		o, def := list.Outlines[i], s.snapshots[name].View.Def
		if o.Type != "rss" || o.Text != def.Title || o.Language != def.Language || o.HTMLURL != "https://wire.example/?feed="+name {
			t.Errorf("%s: %+v", name, o)
		}
		for format, address := range map[string]string{"rss": o.XMLURL, "atom": o.Atom.Href} {
			path, ok := strings.CutPrefix(address, site.BaseURL)
			if !ok || path != "/feeds/"+name+"."+format || get(h, "GET", path).StatusCode != http.StatusOK {
				t.Errorf("%s of %s is said to be at %q", format, name, address)
			}
		}
	}
	if r := get(h, "GET", "/opml", "If-None-Match", r.Header.Get("Etag")); r.StatusCode != http.StatusNotModified {
		t.Errorf("the same list again is answered %d", r.StatusCode)
	}
	if page := read(t, get(h, "GET", "/")); !strings.Contains(page, `href="/opml"`) {
		t.Error("the catalogue does not name it")
	}
	s.loading = true
	if r := get(h, "GET", "/opml"); r.StatusCode != http.StatusServiceUnavailable || r.Header.Get("Retry-After") == "" {
		t.Errorf("while the feeds are loaded it is answered %d", r.StatusCode)
	}
}
