package web

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"kawat/internal/feed"
	"kawat/internal/render"
	"kawat/internal/wire"
)

// schemaTypes are, for each property that is written, the types that schema.org expects there (schema.org/NewsArticle).
var schemaTypes = map[string][]string{
	"@context": {"text"}, "@type": {"text"}, "identifier": {"text"}, "url": {"url"}, "mainEntityOfPage": {"url"},
	"headline": {"text"}, "description": {"text"}, "dateline": {"text"}, "name": {"text"}, "text": {"text"},
	"datePublished": {"time"}, "dateModified": {"time"}, "dateCreated": {"time"}, "expires": {"time"},
	"inLanguage": {"text"}, "version": {"number"}, "keywords": {"text"}, "articleSection": {"text"}, "image": {"url"},
	"publisher": {"NewsMediaOrganization"}, "author": {"Person", "NewsMediaOrganization"}, "editor": {"Person"},
	"translator": {"Person"}, "contributor": {"Person"}, "sourceOrganization": {"NewsMediaOrganization"},
	"provider": {"NewsMediaOrganization"}, "citation": {"text"}, "translationOfWork": {"NewsArticle"},
	"workTranslation": {"NewsArticle"}, "isBasedOn": {"NewsArticle"}, "correction": {"CorrectionComment"},
	"creditText": {"text"}, "copyrightNotice": {"text"}, "copyrightYear": {"number"},
	"copyrightHolder": {"NewsMediaOrganization"}, "usageInfo": {"url", "CreativeWork"},
}

// Every page has linked data of the right types, with what a NewsArticle needs.
func TestLinkedDataIsValid(t *testing.T) {
	bare := entry(&wire.Story{ID: "b", Provider: "nnt", Version: 1, Status: wire.Usable, Language: "und", Body: wire.Body{Text: "Satu."}}, "2026-11-23T01:00:00Z")
	for _, e := range []*feed.Entry{indonesian(), linked(), english(), arabic(), bare} {
		body := read(t, get(shelved(t, e), "GET", "/stories/"+e.Key().Token()))
		m := linkedDataIn.FindStringSubmatch(body)
		if m == nil {
			t.Fatalf("%s has none", e.ID)
		}
		var article map[string]any
		if err := json.Unmarshal([]byte(m[1]), &article); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"identifier", "headline", "datePublished", "dateModified", "author", "publisher", "url"} {
			if article[name] == nil {
				t.Errorf("%s has no %s", e.ID, name)
			}
		}
		checkLinked(t, e.ID, article)
	}
}

// The editor's note stands for the correction that it explains, and not for what became of the original.
func TestLinkedCorrections(t *testing.T) {
	e := linked()
	e.Story.Signal, e.Story.Note = wire.Correction, "Nama menteri diperbaiki."
	e.Story.Translation.Original.Status = wire.Canceled
	var said []string
	for _, c := range corrections(storyPageOf(render.Site{BaseURL: "https://wire.example"}, e, labelsIn("id"))) {
		said = append(said, c.(map[string]any)["text"].(string))
	}
	if want := []string{"Berita aslinya telah ditarik setelah terjemahan ini dibuat.", "Nama menteri diperbaiki."}; !slices.Equal(said, want) {
		t.Errorf("%q, not %q", said, want)
	}
}

func checkLinked(t *testing.T, where string, object map[string]any) {
	t.Helper()
	for name, value := range object {
		expected, known := schemaTypes[name]
		if !known {
			t.Errorf("%s.%s is no property that is known here", where, name)
		}
		values, many := value.([]any)
		if !many {
			values = []any{value}
		}
		if len(values) == 0 {
			t.Errorf("%s.%s is empty", where, name)
		}
		for _, v := range values {
			kinds := []string{}
			switch v := v.(type) {
			case string:
				kinds = append(kinds, "text")
				if strings.HasPrefix(v, "https://") || strings.HasPrefix(v, "http://") {
					kinds = append(kinds, "url")
				}
				if _, err := time.Parse(time.RFC3339, v); err == nil {
					kinds = append(kinds, "time")
				}
				if v == "" {
					kinds = nil
				}
			case float64:
				kinds = append(kinds, "number")
			case map[string]any:
				kind, _ := v["@type"].(string)
				kinds = append(kinds, kind)
				checkLinked(t, where+"."+name, v)
			}
			if !slices.ContainsFunc(kinds, func(k string) bool { return slices.Contains(expected, k) }) {
				t.Errorf("%s.%s is %v, not one of %v", where, name, v, expected)
			}
		}
	}
}
