package render

import (
	"encoding/xml"
	"slices"
	"strconv"

	"github.com/gorilla/feeds"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

// atomFormat writes Atom (RFC 4287), with tombstones (RFC 6721) for killed stories.
type atomFormat struct{ site Site }

// atomFeed adds to feeds.AtomFeed its language, several links, and the namespaces that its entries use. The id is
// ours: an address may change its host, an id may not.
type atomFeed struct {
	feeds.AtomFeed
	Language   string     `xml:"xml:lang,attr,omitempty"`
	DC         string     `xml:"xmlns:dc,attr"`
	DCTerms    string     `xml:"xmlns:dcterms,attr"`
	Media      string     `xml:"xmlns:media,attr"`
	RSL        string     `xml:"xmlns:rsl,attr"`
	Tombstones string     `xml:"xmlns:at,attr"`
	Kawat      string     `xml:"xmlns:kawat,attr"`
	History    string     `xml:"xmlns:fh,attr,omitempty"`
	Generator  string     `xml:"generator"`
	Link       []atomLink `xml:"link"`
	Archive    *struct{}  `xml:"fh:archive"`
}

// atomEntry adds to feeds.AtomEntry its language, several persons and categories, and every other namespace.
type atomEntry struct {
	feeds.AtomEntry
	Language    string         `xml:"xml:lang,attr"`
	Author      []atomPerson   `xml:"author"`
	Contributor []atomPerson   `xml:"contributor"`
	Category    []atomCategory `xml:"category"`
	Links       []atomLink     `xml:"link"`
	Extension   []byte         `xml:",innerxml"`
}

type atomPerson struct {
	feeds.AtomPerson
	Role *atomRole `xml:"kawat:role"`
}

// atomRole is what a person did: our word for it, and the MARC relator's code.
type atomRole struct {
	Relator string `xml:"relator,attr,omitempty"`
	Role    string `xml:",chardata"`
}

var relators = map[string]string{
	wire.Reporter: "rpt", wire.Translator: "trl", wire.Editor: "edt", wire.Contributor: "ctb",
}

type atomCategory struct {
	Term   string `xml:"term,attr"`
	Scheme string `xml:"scheme,attr,omitempty"`
	Label  string `xml:"label,attr,omitempty"`
}

type atomLink struct {
	feeds.AtomLink
	Language string `xml:"hreflang,attr,omitempty"`
	Title    string `xml:"title,attr,omitempty"`
}

// deletedEntry is RFC 6721's tombstone, section 3. It stands beside the notice under the same id: "when" is the
// notice's own update, so that a reader of tombstones does not take the notice for the story's return.
type deletedEntry struct {
	XMLName xml.Name `xml:"at:deleted-entry"`
	Ref     string   `xml:"ref,attr"`
	When    string   `xml:"when,attr"`
	Comment struct {
		Language string `xml:"xml:lang,attr"`
		Text     string `xml:",chardata"`
	} `xml:"at:comment"`
}

func (atomFormat) name() feed.Format   { return feed.Atom }
func (atomFormat) contentType() string { return "application/atom+xml; charset=utf-8" }
func (atomFormat) separator() string   { return "" }

func link(rel, href string) atomLink {
	return atomLink{AtomLink: feeds.AtomLink{Rel: rel, Href: href}}
}

func (atomFormat) item(c *content) ([]byte, error) {
	s := c.story
	e := atomEntry{
		AtomEntry: feeds.AtomEntry{
			Title:     c.title,
			Id:        c.id,
			Published: rfc3339(c.published),
			Updated:   rfc3339(c.updated),
			Rights:    s.Rights.Notice,
			Content:   &feeds.AtomContent{Type: "html", Content: c.html},
		},
		Language: c.language,
	}
	var other extension
	if c.summary != "" {
		e.Summary = &feeds.AtomSummary{Type: "text", Content: c.summary}
	}
	e.Author, e.Contributor = persons(c)
	page := link("alternate", c.page)
	page.Type, page.Language = "text/html", c.language
	e.Links = append(e.Links, page)
	for _, a := range c.alternates {
		translation := link("alternate", a.Address)
		translation.Type, translation.Language = "text/html", a.Language
		e.Links = append(e.Links, translation)
	}
	if t := s.Translation; t != nil {
		other.versionOf = t.Of
		if of := WebAddress(t.Of); of != "" {
			via := link("via", of)
			if t.From != "und" {
				via.Language = t.From
			}
			e.Links = append(e.Links, via)
			other.versionOf = ""
		}
	}
	for _, r := range s.Related {
		if r.URL == "" {
			other.related = append(other.related, r)
			continue
		}
		related := link("related", r.URL)
		related.Title = r.Title
		e.Links = append(e.Links, related)
	}
	if s.Rights.Policy != "" {
		e.Links = append(e.Links, link("license", s.Rights.Policy)) // RFC 4946
	}
	for _, m := range s.Media {
		enclosure := link("enclosure", m.URL)
		enclosure.Type, enclosure.Title = m.Type, m.Caption
		if m.Length > 0 {
			enclosure.Length = strconv.FormatInt(m.Length, 10)
		}
		e.Links = append(e.Links, enclosure)
	}
	for _, v := range s.Subjects {
		k := categoryOf(v)
		e.Category = append(e.Category, atomCategory{Term: k.term, Scheme: k.scheme, Label: k.label})
	}
	for _, k := range s.Keywords {
		e.Category = append(e.Category, atomCategory{Term: k})
	}
	x := &elements{depth: 2}
	other.write(x, c)
	e.Extension = x.Bytes()
	return xmlItem(e)
}

// persons are an entry's authors, of whom RFC 4287 wants one at least, and everybody else.
func persons(c *content) (authors, others []atomPerson) {
	for _, name := range c.creators {
		authors = append(authors, atomPerson{AtomPerson: feeds.AtomPerson{Name: name}})
	}
	if len(authors) == 0 {
		authors = []atomPerson{{AtomPerson: feeds.AtomPerson{Name: c.publisher}}}
	}
	for _, p := range c.story.Attribution.Credits {
		if p.Role == wire.Reporter {
			continue
		}
		others = append(others, atomPerson{
			AtomPerson: feeds.AtomPerson{Name: p.Name},
			Role:       &atomRole{Relator: relators[p.Role], Role: p.Role},
		})
	}
	return authors, others
}

func (atomFormat) tombstone(c *content) ([]byte, error) {
	d := deletedEntry{Ref: c.id, When: rfc3339(c.updated)}
	d.Comment.Language, d.Comment.Text = c.language, c.title
	return xmlItem(d)
}

func (f atomFormat) frame(v *feed.View, ch *channel) (head, tail []byte, err error) {
	home := link("alternate", f.site.Home())
	home.Type = "text/html"
	updated := rfc3339(v.Updated)
	if updated == "" {
		updated = "1970-01-01T00:00:00Z" // the element is required; nothing has changed yet
	}
	doc := atomFeed{
		AtomFeed: feeds.AtomFeed{
			Xmlns:    nsAtom,
			Title:    ch.title,
			Subtitle: description(f.site, ch),
			Id:       "urn:kawat:feed:" + v.Def.Name,
			Updated:  updated,
			Rights:   ch.copyright,
			Author:   &feeds.AtomAuthor{AtomPerson: feeds.AtomPerson{Name: f.site.Title}},
		},
		Language: ch.language,
		DC:       nsDC, DCTerms: nsDCTerms, Media: nsMedia, RSL: nsRSL, Tombstones: nsTombstones, Kawat: nsKawat,
		Generator: "kawat",
	}
	for _, r := range ch.history(f.site, v, feed.Atom) {
		l := link(r.rel, r.href)
		l.Type = "application/atom+xml"
		doc.Link = append(doc.Link, l)
	}
	doc.Link = slices.Insert(doc.Link, 1, home)
	doc.History, doc.Archive = ch.marked()
	head, tail, err = xmlFrame(doc, "\n</feed>")
	if err != nil {
		return nil, nil, err
	}
	// A schema of Atom has its extensions before the entries.
	for _, e := range v.Entries {
		if e.Killed() {
			t, err := f.tombstone(contentOf(f.site, e))
			if err != nil {
				return nil, nil, err
			}
			head = append(head, t...)
		}
	}
	return head, tail, nil
}
