package render

import (
	"strconv"
	"strings"

	"kawat/internal/wire"
)

// Namespaces of what RSS and Atom cannot say themselves. Items use the prefixes; the root of the feed declares them.
const (
	nsContent    = "http://purl.org/rss/1.0/modules/content/"
	nsAtom       = "http://www.w3.org/2005/Atom"
	nsDC         = "http://purl.org/dc/elements/1.1/"
	nsDCTerms    = "http://purl.org/dc/terms/"
	nsMedia      = "http://search.yahoo.com/mrss/"
	nsRSL        = "https://rslstandard.org/rsl"
	nsTombstones = "http://purl.org/atompub/tombstones/1.0" // RFC 6721
	nsKawat      = "urn:kawat:ns:1"
)

// extension is what RSS and Atom say alike about an entry in other namespaces: Dublin Core for readers at large, RSL
// for crawlers, Media RSS for pictures, and our own for whoever wants the attribution whole. In it stands what the format
// cannot say itself.
type extension struct {
	versionOf  string // what the entry translates
	related    []wire.Link
	alternates []Alternate
}

func (e extension) write(x *elements, c *content) {
	s := c.story
	for _, o := range s.Attribution.Sources {
		if o.Role == wire.Origin {
			x.element("dc:source", o.Name)
		}
	}
	x.optional("dc:publisher", c.publisher)
	x.optional("dcterms:rightsHolder", s.Rights.Holder)
	x.optional("dcterms:dateCopyrighted", number(s.Rights.Year))
	x.optional("dcterms:license", s.Rights.Policy)
	x.optional("dcterms:isVersionOf", e.versionOf)
	x.optional("dcterms:created", rfc3339(s.Created))
	for _, place := range s.Places {
		x.element("dcterms:spatial", place)
	}
	if s.Rights.AI == wire.AIReserved {
		// Really Simple Licensing 1.0 for: the story may not be used by AI at all. "ai-all" covers training, input and indexing.
		x.begin("rsl:content", attribute{"url", c.page, true})
		x.begin("rsl:license")
		x.element("rsl:prohibits", "ai-all", attribute{"type", "usage", true})
		x.end("rsl:license")
		x.optional("rsl:terms", s.Rights.Policy)
		x.end("rsl:content")
	}
	for _, m := range s.Media {
		writeMedia(x, m)
	}
	e.writeOwn(x, s)
}

func writeMedia(x *elements, m wire.Media) {
	medium, _, _ := strings.Cut(m.Type, "/")
	switch medium {
	case "image", "audio", "video":
	default:
		medium = ""
	}
	attributes := []attribute{{"url", m.URL, true}, {"type", m.Type, false}, {"medium", medium, false}, {"fileSize", number(m.Length), false}}
	if m.Credit == "" && m.Caption == "" {
		x.element("media:content", "", attributes...)
		return
	}
	x.begin("media:content", attributes...)
	x.optional("media:credit", m.Credit)
	x.optional("media:description", m.Caption)
	x.end("media:content")
}

// writeOwn writes what is in our own namespace.
func (e extension) writeOwn(x *elements, s *wire.Story) {
	x.optional("kawat:provider", s.Provider)
	x.optional("kawat:version", number(s.Version))
	x.optional("kawat:status", string(s.Status))
	x.optional("kawat:signal", string(s.Signal))
	x.optional("kawat:urgency", number(s.Urgency))
	x.optional("kawat:slugline", s.Slugline)
	x.optional("kawat:byline", s.Byline)
	x.optional("kawat:revised", rfc3339(s.Revised)) // readers take dcterms:modified for the entry's update
	if s.Embargo != nil {
		x.optional("kawat:embargo", rfc3339(*s.Embargo)) // over, or the story would not be shown
	}
	if s.Expires != nil {
		x.optional("kawat:expires", rfc3339(*s.Expires))
	}
	if d := s.Dateline; d != (wire.Dateline{}) {
		x.element("kawat:dateline", d.Text, attribute{"place", d.Place, false}, attribute{"agency", d.Agency, false}, attribute{"date", d.Date, false})
	}
	for _, o := range s.Attribution.Sources {
		x.element("kawat:source", o.Name, attribute{"role", o.Role, true})
	}
	for _, p := range s.Attribution.Credits {
		x.element("kawat:credit", p.Name, attribute{"role", p.Role, true})
	}
	x.optional("kawat:creditLine", s.Attribution.CreditLine)
	if t := s.Translation; t != nil {
		x.element("kawat:translation", "", attribute{"of", t.Of, true}, attribute{"from", t.From, true}, attribute{"to", t.To, true}, attribute{"method", t.Method, true})
	}
	x.optional("kawat:terms", s.Rights.Terms)
	x.optional("kawat:ai", string(s.Rights.AI))
	if t := s.Rights.Territories; len(t.Allow)+len(t.Deny) > 0 {
		x.element("kawat:territories", "", attribute{"allow", strings.Join(t.Allow, " "), false}, attribute{"deny", strings.Join(t.Deny, " "), false})
	}
	for _, v := range s.Subjects {
		x.element("kawat:subject", v.Name, attribute{"code", v.Code, false})
	}
	x.optional("kawat:genre", s.Genre)
	x.optional("kawat:note", s.Note)
	for _, r := range e.related {
		x.element("kawat:related", r.Title, attribute{"href", r.URL, false})
	}
	for _, a := range e.alternates {
		x.element("kawat:alternate", a.ID, attribute{"href", a.Address, true}, attribute{"hreflang", a.Language, true})
	}
}

// number is a number as text, "" for none.
func number[N int | int64](n N) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(int64(n), 10)
}

// schemes are the addresses of the vocabularies that subject codes come from, by the prefix of the code.
var schemes = map[string]string{
	"medtop": "http://cv.iptc.org/newscodes/mediatopic/",
	"subj":   "http://cv.iptc.org/newscodes/subjectcode/",
	"genre":  "http://cv.iptc.org/newscodes/genre/",
	"prod":   "http://cv.iptc.org/newscodes/productgenre/",
}

// category is a subject as feeds have it: a term of a vocabulary, and its name.
type category struct{ scheme, term, label string }

func categoryOf(s wire.Subject) category {
	prefix, term, ok := strings.Cut(s.Code, ":")
	if scheme := schemes[prefix]; ok && scheme != "" && term != "" {
		return category{scheme: scheme, term: term, label: s.Name}
	}
	if address := WebAddress(s.Code); address != "" {
		if i := strings.LastIndexAny(address, "/#"); i+1 < len(address) {
			return category{scheme: address[:i+1], term: address[i+1:], label: s.Name}
		}
	}
	if s.Code == "" {
		return category{term: s.Name}
	}
	return category{term: s.Code, label: s.Name}
}

// name is what a person reads: the label, or the term where there is none.
func (c category) name() string {
	if c.label != "" {
		return c.label
	}
	return c.term
}
