package webfeed

import (
	"slices"
	"strings"

	"github.com/mmcdole/gofeed/atom"

	"kawat/internal/wire"
	"kawat/internal/wire/markup"
)

// ofAtom takes an Atom feed. root is the same document; gofeed leaves the languages of entries out. It is nil where the
// document is not well-formed.
func ofAtom(f *atom.Feed, root *markup.Node) *source {
	feed := &source{title: f.Title, language: f.Language, rights: f.Rights, authors: people(f.Authors)}
	languages := slices.Collect(root.Children("entry"))
	for i, a := range f.Entries {
		e := &entry{
			id: a.ID, title: a.Title, published: a.Published, updated: a.Updated, authors: people(a.Authors), rights: a.Rights,
			summary: a.Summary, more: extension(a.Extensions),
		}
		if len(languages) == len(f.Entries) {
			e.language = languages[i].Attr("lang")
			for _, inner := range []string{"content", "title"} {
				set(&e.language, languages[i].Child(inner).Attr("lang"))
			}
		}
		e.content(a.Content)
		for _, p := range a.Contributors {
			if name := markup.Clean(p.Name); name != "" {
				e.contributors = append(e.contributors, wire.Credit{Name: name, Role: wire.Contributor})
			}
		}
		for _, c := range a.Categories {
			e.category(c.Scheme, c.Term, c.Label)
		}
		for _, l := range a.Links {
			e.addLink(l)
		}
		if a.Source != nil { // the feed that the entry was first in; what it says of its entries holds here too (4.2.11)
			e.origin = a.Source.Title
			set(&e.rights, a.Source.Rights)
			if len(e.authors) == 0 {
				e.authors = people(a.Source.Authors)
			}
		}
		feed.entries = append(feed.entries, e)
	}
	for _, d := range deletedIn(extension(f.Extensions)) {
		feed.entries = append(feed.entries, &entry{id: d.Attrs["ref"], updated: d.Attrs["when"], deleted: true})
	}
	return feed
}

// content takes an entry's text (RFC 4287, 4.1.3). One that stands elsewhere or in another medium is no text.
func (e *entry) content(c *atom.Content) {
	if c == nil || c.Src != "" || strings.TrimSpace(c.Value) == "" {
		e.html, e.summary = e.summary, ""
		return
	}
	switch kind := strings.ToLower(c.Type); {
	case kind == "" || kind == "text" || kind == "text/plain":
		e.text = c.Value
	case kind == "html" || kind == "xhtml" || kind == "text/html" || kind == "application/xhtml+xml":
		e.html = c.Value
	default:
		e.html, e.summary = e.summary, ""
	}
}

// addLink takes a link by what it is to the entry.
func (e *entry) addLink(l *atom.Link) {
	switch strings.ToLower(l.Rel) {
	case "", "alternate":
		if e.link == "" {
			e.link = l.Href
		}
	case "enclosure":
		e.addMedia(wire.Media{URL: l.Href, Type: l.Type, Caption: l.Title, Length: size(l.Length)})
	case "related":
		e.related = append(e.related, wire.Link{Title: l.Title, URL: l.Href})
	case "license":
		set(&e.policy, l.Href)
	case "via":
		if l.Hreflang != "" && e.via.URL == "" {
			e.via = wire.Link{URL: l.Href, Title: l.Hreflang}
		} else if l.Title != "" {
			set(&e.origin, l.Title)
		}
	}
}

func people(persons []*atom.Person) []string {
	var all []string
	for _, p := range persons {
		if name := markup.Clean(p.Name); name != "" && !strings.Contains(name, "@") {
			all = append(all, name)
		}
	}
	return all
}
