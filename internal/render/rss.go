package render

import (
	"encoding/xml"
	"strings"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

// rssFormat writes RSS 2.0 after the RSS Advisory Board's profile.
type rssFormat struct{ site Site }

func (rssFormat) name() feed.Format   { return feed.RSS }
func (rssFormat) contentType() string { return "application/rss+xml; charset=utf-8" }
func (rssFormat) separator() string   { return "" }

func (rssFormat) item(c *content) ([]byte, error) {
	s := c.story
	x := &elements{depth: 2}
	x.Grow(len(c.html) + 4<<10)
	x.WriteString(" <item>")
	x.element("title", c.title)
	x.element("link", c.page)
	x.element("description", escape(c.summary)) // readers take it for HTML, so plain text is escaped once more
	if c.html != "" {
		x.cdata("content:encoded", c.html)
	}
	for _, m := range s.Media {
		// RSS wants the length and the type, and most readers take the first enclosure only.
		if m.Type != "" && m.Length > 0 {
			x.element("enclosure", "", attribute{"url", m.URL, true}, attribute{"length", number(m.Length), true}, attribute{"type", m.Type, true})
			break
		}
	}
	x.element("guid", c.id, attribute{"isPermaLink", "false", true})
	x.optional("pubDate", rfc822(c.published))
	for _, v := range s.Subjects {
		k := categoryOf(v)
		x.element("category", k.name(), attribute{"domain", k.scheme, false})
	}
	for _, k := range s.Keywords {
		x.element("category", k)
	}
	x.element("atom:updated", rfc3339(c.updated))
	for _, name := range c.creators {
		x.element("dc:creator", name)
	}
	for _, p := range s.Attribution.Credits {
		switch p.Role {
		case wire.Reporter:
		case "":
			x.element("dc:contributor", p.Name)
		default:
			x.element("dc:contributor", p.Name+" ("+p.Role+")")
		}
	}
	x.element("dc:language", c.language)
	x.optional("dc:rights", s.Rights.Notice)
	e := extension{related: s.Related, alternates: c.alternates}
	if s.Translation != nil {
		e.versionOf = s.Translation.Of
	}
	e.write(x, c)
	x.WriteString("\n </item>\n")
	return x.Bytes(), nil
}

func (f rssFormat) frame(v *feed.View, ch *channel) (head, tail []byte, err error) {
	x := new(elements)
	x.Grow(2 << 10)
	x.WriteString(strings.TrimSuffix(xml.Header, "\n"))
	history, archive := ch.marked()
	x.begin("rss", attribute{"version", "2.0", true}, attribute{"xmlns:content", nsContent, true}, attribute{"xmlns:atom", nsAtom, true},
		attribute{"xmlns:dc", nsDC, true}, attribute{"xmlns:dcterms", nsDCTerms, true}, attribute{"xmlns:media", nsMedia, true},
		attribute{"xmlns:rsl", nsRSL, true}, attribute{"xmlns:kawat", nsKawat, true}, attribute{"xmlns:fh", history, false})
	x.begin("channel")
	x.element("title", ch.title)
	x.element("link", f.site.Home())
	x.element("description", description(f.site, ch))
	x.optional("language", ch.language)
	x.optional("copyright", ch.copyright)
	x.optional("lastBuildDate", rfc822(v.Updated))
	x.element("generator", "kawat")
	x.element("docs", "https://www.rssboard.org/rss-specification")
	x.element("ttl", "5") // minutes
	for _, r := range ch.history(f.site, v, feed.RSS) {
		x.element("atom:link", "", attribute{"href", r.href, true}, attribute{"rel", r.rel, true}, attribute{"type", "application/rss+xml", true})
	}
	if archive != nil {
		x.element("fh:archive", "")
	}
	x.WriteByte('\n')
	return x.Bytes(), []byte(" </channel>\n</rss>\n"), nil
}
