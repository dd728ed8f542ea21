package render

import (
	"encoding/xml"
	"strconv"

	"github.com/gorilla/feeds"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

// rssFormat writes RSS 2.0 after the RSS Advisory Board's profile.
type rssFormat struct{ site Site }

// rssDocument is the root. feeds.RssFeedXml declares one namespace only.
type rssDocument struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	Content string   `xml:"xmlns:content,attr"`
	Atom    string   `xml:"xmlns:atom,attr"`
	DC      string   `xml:"xmlns:dc,attr"`
	DCTerms string   `xml:"xmlns:dcterms,attr"`
	Media   string   `xml:"xmlns:media,attr"`
	RSL     string   `xml:"xmlns:rsl,attr"`
	Kawat   string   `xml:"xmlns:kawat,attr"`
	History string   `xml:"xmlns:fh,attr,omitempty"`
	Channel *rssChannel
}

type rssChannel struct {
	feeds.RssFeed
	Links   []rssLink `xml:"atom:link"`
	Archive *struct{} `xml:"fh:archive"`
}

type rssLink struct {
	Href string `xml:"href,attr"`
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
}

// rssItem adds to feeds.RssItem several categories, creators and contributors, and every other namespace.
type rssItem struct {
	feeds.RssItem
	Category     []rssCategory `xml:"category"` // in the place of the one without a domain
	Updated      string        `xml:"atom:updated"`
	Creators     []string      `xml:"dc:creator"`
	Contributors []string      `xml:"dc:contributor"`
	Language     string        `xml:"dc:language"`
	Rights       string        `xml:"dc:rights,omitempty"`
	extension
}

type rssCategory struct {
	Domain string `xml:"domain,attr,omitempty"`
	Name   string `xml:",chardata"`
}

func (rssFormat) name() feed.Format   { return feed.RSS }
func (rssFormat) contentType() string { return "application/rss+xml; charset=utf-8" }
func (rssFormat) separator() string   { return "" }

func (rssFormat) item(c *content) ([]byte, error) {
	s := c.story
	it := rssItem{
		RssItem: feeds.RssItem{
			Title: c.title,
			Link:  c.page,
			// Readers take a description for HTML, so plain text is escaped once more.
			Description: escape(c.summary),
			Guid:        &feeds.RssGuid{Id: c.id, IsPermaLink: "false"},
			PubDate:     rfc822(c.published),
		},
		Updated:   rfc3339(c.updated),
		Creators:  c.creators,
		Language:  c.language,
		Rights:    s.Rights.Notice,
		extension: extensionOf(c),
	}
	if c.html != "" {
		it.Content = &feeds.RssContent{Content: c.html}
	}
	for _, v := range s.Subjects {
		k := categoryOf(v)
		it.Category = append(it.Category, rssCategory{Domain: k.scheme, Name: k.name()})
	}
	for _, k := range s.Keywords {
		it.Category = append(it.Category, rssCategory{Name: k})
	}
	for _, p := range s.Attribution.Credits {
		switch p.Role {
		case wire.Reporter:
		case "":
			it.Contributors = append(it.Contributors, p.Name)
		default:
			it.Contributors = append(it.Contributors, p.Name+" ("+p.Role+")")
		}
	}
	for _, r := range s.Related {
		it.Related = append(it.Related, kawatRelated{Href: r.URL, Title: r.Title})
	}
	for _, a := range c.alternates {
		it.Alternates = append(it.Alternates, kawatAlternate{Href: a.Address, Language: a.Language, ID: a.ID})
	}
	for _, m := range s.Media {
		// RSS wants the length and the type, and most readers take the first enclosure only.
		if m.Type != "" && m.Length > 0 {
			it.Enclosure = &feeds.RssEnclosure{Url: m.URL, Length: strconv.FormatInt(m.Length, 10), Type: m.Type}
			break
		}
	}
	return xmlItem(it)
}

func (f rssFormat) frame(v *feed.View, ch *channel) (head, tail []byte, err error) {
	doc := rssDocument{
		Version: "2.0", Content: nsContent, Atom: nsAtom, DC: nsDC, DCTerms: nsDCTerms, Media: nsMedia, RSL: nsRSL,
		Kawat: nsKawat,
		Channel: &rssChannel{
			RssFeed: feeds.RssFeed{
				Title:         ch.title,
				Link:          f.site.Home(),
				Description:   description(f.site, ch),
				Language:      ch.language,
				Copyright:     ch.copyright,
				LastBuildDate: rfc822(v.Updated),
				Generator:     "kawat",
				Docs:          "https://www.rssboard.org/rss-specification",
				Ttl:           5, // minutes
			},
		},
	}
	for _, r := range ch.history(f.site, v, feed.RSS) {
		doc.Channel.Links = append(doc.Channel.Links, rssLink{Href: r.href, Rel: r.rel, Type: "application/rss+xml"})
	}
	doc.History, doc.Channel.Archive = ch.marked()
	return xmlFrame(doc, "\n </channel>\n</rss>")
}
