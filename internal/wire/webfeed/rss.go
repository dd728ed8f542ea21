package webfeed

import (
	"net/mail"
	"strings"

	"github.com/mmcdole/gofeed/rss"

	"kawat/internal/wire"
	"kawat/internal/wire/markup"
)

// ofRSS takes an RSS feed of any version.
func ofRSS(f *rss.Feed) *source {
	all := extension(f.Extensions)
	feed := &source{title: f.Title, language: f.Language, rights: f.Copyright}
	set(&feed.language, all.value("dc", "language"))
	set(&feed.rights, all.value("dc", "rights"))
	set(&feed.rights, all.value("media", "copyright"))
	if feed.authors = all.values("dc", "creator"); len(feed.authors) == 0 {
		feed.authors, feed.role = names(f.ManagingEditor), wire.Editor
	}
	for _, i := range f.Items {
		e := &entry{
			link: i.Link, title: i.Title, published: i.PubDate, html: i.Content, more: extension(i.Extensions),
			authors: names(i.Author),
		}
		if i.GUID != nil {
			e.id = i.GUID.Value
		}
		set(&e.title, e.more.value("dc", "title"))
		if strings.TrimSpace(e.html) == "" {
			e.html = i.Description
		} else {
			e.summary = i.Description
		}
		if i.Source != nil {
			e.origin = i.Source.Title
		}
		for _, c := range i.Categories {
			e.category(c.Domain, c.Value, "")
		}
		for _, n := range i.Enclosures {
			e.addMedia(wire.Media{URL: n.URL, Type: n.Type, Length: size(n.Length)})
		}
		feed.entries = append(feed.entries, e)
	}
	return feed
}

// names gives who stands in an RSS author element: "name@example.org (Name)" by the book, a name alone as often. An
// address is nobody's name, and not for readers.
func names(author string) []string {
	author = markup.Clean(author)
	if before, rest, ok := strings.Cut(author, "("); ok && strings.Contains(before, "@") {
		author, _, _ = strings.Cut(rest, ")")
	} else if address, err := mail.ParseAddress(author); err == nil {
		author = address.Name
	}
	if author = markup.Clean(author); author == "" || strings.Contains(author, "@") {
		return nil
	}
	return []string{author}
}
