package web

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

// hostile says in every text of a story what would do harm where it is not escaped.
func hostile() *feed.Entry {
	const evil = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>\x00\x1b\ufffe{{.}}"
	e := linked()
	s := e.Story
	s.ID, s.Provider = evil, evil
	s.Headline, s.Slugline, s.Byline, s.Summary, s.Note, s.Genre, s.Language = evil, evil, evil, evil, evil, evil, evil
	s.Dateline = wire.Dateline{Text: evil, Place: evil, Agency: evil, Date: evil}
	s.Body = wire.Body{Text: evil}
	s.Subjects, s.Places, s.Keywords = []wire.Subject{{Code: evil, Name: evil}}, []string{evil}, []string{evil}
	s.Attribution.CreditLine = evil
	for i := range s.Attribution.Sources {
		s.Attribution.Sources[i].Name = evil
	}
	for i := range s.Attribution.Credits {
		s.Attribution.Credits[i].Name = evil
	}
	s.Attribution.Credits = append(s.Attribution.Credits, wire.Credit{Name: evil, Role: evil})
	s.Translation = &wire.Translation{Of: evil, Provider: evil, From: evil, To: evil, Method: "machine"}
	s.Translations = []wire.Counterpart{{Provider: evil, ID: evil, Language: evil}}
	s.Rights = wire.Rights{Holder: evil, Notice: evil, Terms: evil, Policy: "javascript:alert(3)", AI: wire.AIReserved,
		Territories: wire.Territories{Allow: []string{evil}, Deny: []string{evil}}}
	s.Related = []wire.Link{{Title: evil, URL: "javascript:alert(4)"}, {Title: evil, URL: "https://a.example/\"><script>"}}
	s.Media = []wire.Media{{URL: "data:text/html,x", Type: "image/png"}, {URL: "https://a.example/a", Type: evil, Caption: evil, Credit: evil}}
	return e
}

// Whatever a story, a feed's title or a question says stays where it is shown, and every page is well-formed.
func TestPagesAreInert(t *testing.T) {
	e := hostile()
	gone := hostile()
	gone.Story.ID, gone.Story.Provider, gone.Story.Status = "gone", "antara", wire.Canceled
	s := newsroom(t)
	s.add(t, "evil", e.Headline, "", e, gone)
	s.stories[linked().Key().Token()] = linked()
	h := handler(s, now)
	for _, path := range []string{
		"/", "/?feed=evil", "/?find=%3Cscript%3Ealert(5)%3C/script%3E", "/?language=%22%3E%3Cscript%3E", "/?agency=%3Cscript%3E", "/nosuch",
		"/stories/" + e.Key().Token(), "/stories/" + gone.Key().Token(), "/stories/" + linked().Key().Token(),
		"/stories/" + arabic().Key().Token(), "/stories/" + english().Key().Token(), "/stories/" + killed().Key().Token(),
	} {
		r := get(h, "GET", path, "Accept", "text/html")
		body := read(t, r)
		if csp := r.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none';") || strings.Contains(csp, "unsafe") {
			t.Errorf("%s: policy %q", path, csp)
		}
		wellFormed(t, path, body)
		if shown := strings.Contains(body, "alert(1)"); shown != (path == "/" || path == "/?feed=evil" || path == "/stories/"+e.Key().Token()) {
			t.Errorf("%s, %d, shows the words: %t", path, r.StatusCode, shown)
		}
	}
	r := get(h, "GET", "/stories/"+e.Key().Token()+".xml")
	if err := xml.Unmarshal([]byte(read(t, r)), new(struct{})); err != nil || r.StatusCode != 200 {
		t.Errorf("NewsML-G2: %d, %v", r.StatusCode, err)
	}
	if b := read(t, get(h, "GET", "/stories/"+e.Key().Token()+".json")); !json.Valid([]byte(b)) {
		t.Errorf("ninjs: %s", b)
	}
	if b := read(t, get(h, "GET", "/stories/"+e.Key().Token()+".txt")); strings.ContainsAny(b, "\x00\x1b\ufffe") {
		t.Errorf("plain text: %q", b)
	}
}

var void = []string{"meta", "link", "img", "input", "br", "hr"}

// wellFormed holds a page against what its templates promise: every element is closed in order, no program is run, no
// id stands twice, every picture has a text, headings leave out no level.
func wellFormed(t *testing.T, path, page string) {
	t.Helper()
	z := html.NewTokenizer(strings.NewReader(page))
	var open []string
	ids := map[string]bool{}
	level, mains := 0, 0
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		token := z.Token()
		switch kind {
		case html.StartTagToken, html.SelfClosingTagToken:
			attributes := map[string]string{}
			for _, a := range token.Attr {
				attributes[a.Key] = a.Val
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || (a.Key == "href" || a.Key == "src") && !harmless(a.Val) {
					t.Errorf("%s: <%s %s=%q>", path, token.Data, a.Key, a.Val)
				}
			}
			if id := attributes["id"]; id != "" && ids[id] {
				t.Errorf("%s: the id %q stands twice", path, id)
			} else {
				ids[id] = true
			}
			_, hasAlt := attributes["alt"]
			switch {
			case token.Data == "script" && attributes["type"] != "application/ld+json",
				token.Data == "iframe", token.Data == "style", token.Data == "img" && !hasAlt:
				t.Errorf("%s: %s", path, token)
			case token.Data == "main":
				mains++
			case len(token.Data) == 2 && token.Data[0] == 'h' && token.Data[1] >= '1' && token.Data[1] <= '6':
				if next := int(token.Data[1] - '0'); next > level+1 {
					t.Errorf("%s: %s after h%d", path, token.Data, level)
				} else {
					level = next
				}
			}
			if kind == html.StartTagToken && !slices.Contains(void, token.Data) {
				open = append(open, token.Data)
			}
		case html.EndTagToken:
			if len(open) == 0 || open[len(open)-1] != token.Data {
				t.Fatalf("%s: </%s> within %v:\n%s", path, token.Data, open, bytes.TrimSpace(z.Raw()))
			}
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 || mains != 1 || level == 0 {
		t.Errorf("%s: left open %v, %d mains, headings to level %d", path, open, mains, level)
	}
}

// harmless says that an address is of this site, or on the web.
func harmless(address string) bool {
	return strings.HasPrefix(address, "/") || strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://")
}
