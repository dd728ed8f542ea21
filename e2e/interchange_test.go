package e2e

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kawat/internal/wire"
)

// wording is what a partner must have of a story in every format: whose headline it is, and who is to be named for it.
type wording struct {
	Headline             string
	Translators, Editors []string
}

// wordings are those of the stories that the samples are, by id.
func wordings(stories map[string]*wire.Story) map[string]wording {
	all := map[string]wording{}
	for id, story := range stories {
		w := wording{Headline: story.Headline}
		for _, c := range story.Attribution.Credits {
			switch c.Role {
			case wire.Translator:
				w.Translators = append(w.Translators, c.Name)
			case wire.Editor:
				w.Editors = append(w.Editors, c.Name)
			}
		}
		all[id] = w
	}
	return all
}

// The addresses of the roles, MARC's and IPTC's.
const (
	translatorRole = "http://id.loc.gov/vocabulary/relators/trl"
	editorRole     = "http://cv.iptc.org/newscodes/contentprodpartyrole/editor"
)

// inNINJS checks that the feed in ninjs has every story, with its headline, translators and editors.
func inNINJS(t *testing.T, g *gateway, readable map[string]*wire.Story) {
	body, err := g.fetch("/feeds/all.ninjs")
	if err != nil {
		t.Fatal(err)
	}
	var items []struct {
		URI         string
		Headlines   []struct{ Role, Value string }
		InfoSources []struct{ Name, Role string }
	}
	if err := json.Unmarshal([]byte(body), &items); err != nil {
		t.Fatal(err)
	}
	got := map[string]wording{}
	for _, item := range items {
		var w wording
		for _, h := range item.Headlines {
			if h.Role == "main" {
				w.Headline = h.Value
			}
		}
		for _, s := range item.InfoSources {
			switch s.Role {
			case translatorRole:
				w.Translators = append(w.Translators, s.Name)
			case editorRole:
				w.Editors = append(w.Editors, s.Name)
			}
		}
		got[item.URI] = w
	}
	if len(items) != len(readable) {
		t.Errorf("%d items, want %d", len(items), len(readable))
	}
	if diff := cmp.Diff(wordings(readable), got); diff != "" {
		t.Errorf("-pushed +read:\n%s", diff)
	}
}

// inNewsML checks the same of the feed in NewsML-G2, and that it is one well-formed document.
func inNewsML(t *testing.T, g *gateway, readable map[string]*wire.Story) {
	body, err := g.fetch("/feeds/all.newsml")
	if err != nil {
		t.Fatal(err)
	}
	wellFormed(t, body)
	type party struct {
		Role string `xml:"role,attr"`
		Name string `xml:"name"`
	}
	var message struct {
		XMLName xml.Name `xml:"http://iptc.org/std/nar/2006-10-01/ newsMessage"`
		Items   []struct {
			GUID         string  `xml:"guid,attr"`
			Headline     string  `xml:"contentMeta>headline"`
			Contributors []party `xml:"contentMeta>contributor"`
		} `xml:"itemSet>newsItem"`
	}
	if err := xml.Unmarshal([]byte(body), &message); err != nil {
		t.Fatal(err)
	}
	got := map[string]wording{}
	for _, item := range message.Items {
		w := wording{Headline: item.Headline}
		for _, c := range item.Contributors {
			switch roles := strings.Fields(c.Role); {
			case slices.Contains(roles, "marcrel:trl"):
				w.Translators = append(w.Translators, c.Name)
			case slices.Contains(roles, "cpprole:editor"):
				w.Editors = append(w.Editors, c.Name)
			}
		}
		got[item.GUID] = w
	}
	if len(message.Items) != len(readable) {
		t.Errorf("%d items, want %d", len(message.Items), len(readable))
	}
	if diff := cmp.Diff(wordings(readable), got); diff != "" {
		t.Errorf("-pushed +read:\n%s", diff)
	}
}

// wellFormed reads a document to its end: xml.Unmarshal stops at the end of the first element.
func wellFormed(t *testing.T, body string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(body))
	roots, depth := 0, 0
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token.(type) {
		case xml.StartElement:
			if depth == 0 {
				roots++
			}
			depth++
		case xml.EndElement:
			depth--
		}
	}
	if roots != 1 || depth != 0 {
		t.Errorf("%d root elements, %d left open", roots, depth)
	}
}
