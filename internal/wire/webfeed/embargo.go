package webfeed

import (
	"maps"
	"slices"
	"strings"
	"time"

	ext "github.com/mmcdole/gofeed/extensions"

	"kawat/internal/wire"
	"kawat/internal/wire/dates"
	"kawat/internal/wire/markup"
)

// named gives what the elements of a name say under any prefix: PRISM has a namespace for each of its versions, and a feed
// binds to it what prefix it likes. What stands empty is given as well.
func (x extension) named(name string) (values []string) {
	for _, prefix := range slices.Sorted(maps.Keys(x)) {
		for _, e := range x[prefix][name] {
			values = append(values, inner(e))
		}
	}
	return values
}

// inner is what an element says by itself, or by those in it, as RDF does: <rdf:value> in <dcterms:W3CDTF>.
func inner(e ext.Extension) string {
	said := markup.Clean(e.Value)
	for _, name := range slices.Sorted(maps.Keys(e.Children)) {
		for _, c := range e.Children[name] {
			said = strings.TrimSpace(said + " " + inner(c))
		}
	}
	return said
}

// limits reads from when an entry may be used, and until when. Of several embargoes the last to end counts, of several
// ends the first. An embargo, or PRISM's date of a kill, that cannot be understood withholds the story.
func (e *entry) limits(s *wire.Story, p *wire.Profile) {
	for _, v := range append(e.more.named("embargoDate"), e.more.values("kawat", "embargo")...) {
		embargo(s, v, p.Location)
	}
	expiring := append(e.more.named("expirationDate"), e.more.values("kawat", "expires")...)
	for _, v := range e.more.named("killDate") { // from then on it must not be used
		if _, ok := dates.Parse(v, p.Location); !ok {
			s.Status = wire.Withheld
			s.AddEvidence("status", "kill-date:not-understood", v)
			continue
		}
		expiring = append(expiring, v)
	}
	for _, name := range [...]string{"available", "valid"} {
		for _, element := range e.more["dcterms"][name] {
			v := inner(element)
			if v == "" {
				continue
			}
			t, instant := dates.Parse(v, p.Location)
			from, to, period := periodOf(v)
			switch {
			case instant && (name == "available" || !t.After(s.Created)):
				embargo(s, v, p.Location)
			case instant || !period: // "valid" with one date says neither that it is from then on, nor until then
				hold(s, v)
			default:
				if from != "" {
					embargo(s, from, p.Location)
				}
				expiring = append(expiring, to)
			}
		}
	}
	for _, v := range expiring {
		if t := dates.Read(s, "expires", v, p.Location); !t.IsZero() && (s.Expires == nil || t.Before(*s.Expires)) {
			s.Expires = &t
		}
	}
}

func embargo(s *wire.Story, value string, zone *time.Location) {
	switch t, ok := dates.Parse(value, zone); {
	case !ok:
		hold(s, value)
	case s.Embargo == nil || t.After(*s.Embargo):
		s.Embargo = &t
	}
}

// hold withholds a story that is not to be used yet, and nobody can tell until when.
func hold(s *wire.Story, value string) {
	s.Status = wire.Withheld
	if value == "" {
		s.AddEvidence("status", "embargo:no-time", "embargoDate")
		return
	}
	if said := (wire.Evidence{Field: "status", Rule: "embargo:not-understood", Text: value}); !slices.Contains(s.Evidence, said) {
		s.AddEvidence(said.Field, said.Rule, said.Text)
	}
}

// periodOf reads a period as DCMI writes it, "start=2026-11-24; end=2026-12-01; scheme=W3C-DTF;", or ISO 8601, "2026-11-24/..".
// An end that is open is empty.
func periodOf(value string) (from, to string, ok bool) {
	if !strings.Contains(value, "=") {
		from, to, ok = strings.Cut(value, "/")
		return end(from), end(to), ok && end(from)+end(to) != ""
	}
	for part := range strings.SplitSeq(value, ";") {
		switch name, said, _ := strings.Cut(part, "="); strings.ToLower(strings.TrimSpace(name)) {
		case "start":
			from, ok = end(said), true
		case "end":
			to, ok = end(said), true
		}
	}
	return from, to, ok
}

// end is one end of a period; one that is open is empty.
func end(s string) string {
	if s = strings.TrimSpace(s); s == ".." {
		return ""
	}
	return s
}
