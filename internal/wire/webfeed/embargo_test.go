package webfeed

import (
	"slices"
	"strings"
	"testing"
	"time"

	"kawat/internal/wire"
)

// TestEmbargoes: whatever a feed calls PRISM, and in whichever form Dublin Core says from when an entry may be used, nobody is
// shown it before; and what cannot be read holds it.
func TestEmbargoes(t *testing.T) {
	const item = `<title>Ferry returns</title><guid>g1</guid><pubDate>Mon, 23 Nov 2026 08:00:00 GMT</pubDate><description>A ferry returned.</description>`
	six, nine := "2026-11-24T06:00:00Z", "2026-11-24T09:00:00Z"
	for _, tt := range []struct {
		in, embargo, expires string
		held                 bool
	}{
		{in: `<prism:embargoDate xmlns:prism="http://prismstandard.org/namespaces/1.2/basic/">2026-11-24T06:00:00Z</prism:embargoDate>`, embargo: six},
		{in: `<prism:embargoDate xmlns:prism="http://prismstandard.org/namespaces/basic/2.0/">2026-11-24T06:00:00Z</prism:embargoDate>`, embargo: six},
		{in: `<p:embargoDate xmlns:p="http://prismstandard.org/namespaces/basic/2.1/">2026-11-24T06:00:00Z</p:embargoDate>`, embargo: six},
		{in: `<embargoDate xmlns="http://prismstandard.org/namespaces/basic/3.0/">2026-11-24T06:00:00Z</embargoDate>`, embargo: six},
		{in: `<pur:embargoDate xmlns:pur="http://prismstandard.org/namespaces/prismusagerights/2.1/">2026-11-24T06:00:00Z</pur:embargoDate>` +
			`<pur:expirationDate xmlns:pur="http://prismstandard.org/namespaces/prismusagerights/2.1/">2026-11-24T09:00:00Z</pur:expirationDate>`, embargo: six, expires: nine},
		{in: `<p:embargoDate xmlns:p="http://prismstandard.org/namespaces/basic/3.0/">2026-11-24T06:00:00Z</p:embargoDate>` +
			`<p:embargoDate xmlns:p="http://prismstandard.org/namespaces/basic/3.0/">2026-11-24T09:00:00Z</p:embargoDate>`, embargo: nine},
		{in: `<p:embargoDate xmlns:p="http://prismstandard.org/namespaces/basic/3.0/">tomorrow</p:embargoDate>`, held: true},
		{in: `<p:embargoDate xmlns:p="http://prismstandard.org/namespaces/basic/3.0/"/>`, held: true},
		{in: `<p:killDate xmlns:p="http://prismstandard.org/namespaces/basic/2.0/">2026-11-24T06:00:00Z</p:killDate>` +
			`<p:expirationDate xmlns:p="http://prismstandard.org/namespaces/basic/2.0/">2026-11-24T09:00:00Z</p:expirationDate>`, expires: six},
		{in: `<p:killDate xmlns:p="http://prismstandard.org/namespaces/basic/2.0/">at once</p:killDate>`, held: true},
		{in: `<d:available>2026-11-24T06:00:00Z</d:available>`, embargo: six},
		{in: `<d:available>start=2026-11-24T06:00Z; end=2026-11-24T09:00Z; scheme=W3C-DTF;</d:available>`, embargo: six, expires: nine},
		{in: `<d:available>name=The morning; Start = 2026-11-24T06:00Z</d:available>`, embargo: six},
		{in: `<d:available><d:Period><r:value>start=2026-11-24T06:00Z;</r:value></d:Period></d:available>`, embargo: six},
		{in: `<d:available>2026-11-24T06:00Z/2026-11-24T09:00Z</d:available>`, embargo: six, expires: nine},
		{in: `<d:available>2026-11-24T06:00Z/..</d:available>`, embargo: six},
		{in: `<d:available>start=tomorrow; end=2026-11-24T09:00Z</d:available>`, expires: nine, held: true},
		{in: `<d:available>name=The morning</d:available>`, held: true},
		{in: `<d:available>tomorrow/soon</d:available>`, held: true},
		{in: `<d:available></d:available>`},
		{in: `<d:valid>start=2026-11-24T06:00Z; end=2026-11-24T09:00Z</d:valid>`, embargo: six, expires: nine},
		{in: `<d:valid>end=2026-11-24T09:00Z</d:valid>`, expires: nine},
		{in: `<d:valid>2026-11-24T09:00Z</d:valid>`, held: true}, // from then on, or until then?
		{in: `<d:valid>2026-11-23T08:00:00Z</d:valid>`, embargo: "2026-11-23T08:00:00Z"},
	} {
		doc := `<rss version="2.0" xmlns:d="http://purl.org/dc/terms/" xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><channel><title>F</title><item>` + item + tt.in + `</item></channel></rss>`
		entry := `<feed xmlns="http://www.w3.org/2005/Atom" xmlns:d="http://purl.org/dc/terms/" xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><title>F</title><entry><id>g1</id><title>Ferry returns</title>` +
			`<published>2026-11-23T08:00:00Z</published><content>A ferry returned.</content>` + tt.in + `</entry></feed>`
		for _, data := range []string{doc, entry} {
			stories, refusals := Parse(&wire.Copy{Profile: &wire.Profile{Name: "x", Location: time.UTC}}, []byte(data))
			if len(stories) != 1 {
				t.Fatalf("%s: %d stories, %v", tt.in, len(stories), refusals)
			}
			s := stories[0]
			if stamp(s.Embargo) != tt.embargo || stamp(s.Expires) != tt.expires || (s.Status == wire.Withheld) != tt.held {
				t.Errorf("%s: embargo %s, expires %s, status %q", data, stamp(s.Embargo), stamp(s.Expires), s.Status)
			}
			if why := slices.ContainsFunc(s.Evidence, func(e wire.Evidence) bool {
				return strings.HasPrefix(e.Rule, "embargo:") || strings.HasPrefix(e.Rule, "kill-date:")
			}); why != tt.held {
				t.Errorf("%s: %+v", data, s.Evidence)
			}
		}
	}
}

func stamp(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.Format(time.RFC3339)
}
