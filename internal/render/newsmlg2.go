package render

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

// newsmlg2Format writes NewsML-G2 2.35 (IPTC, power conformance): the feed is a newsMessage, each story a newsItem that
// stands by itself. A killed story is its guid with a version of the status stat:canceled, and the notice.
type newsmlg2Format struct{ site Site }

const (
	nsG2    = "http://iptc.org/std/nar/2006-10-01/"
	nsXHTML = "http://www.w3.org/1999/xhtml"
)

func (newsmlg2Format) name() feed.Format { return feed.NewsMLG2 }
func (newsmlg2Format) contentType() string {
	return "application/vnd.iptc.g2.newsmessage+xml; charset=utf-8"
}
func (newsmlg2Format) separator() string { return "" }

// g2Message is the document. Its header has no catalog: each item brings the one for its own codes.
type g2Message struct {
	XMLName xml.Name   `xml:"newsMessage"`
	NS      string     `xml:"xmlns,attr"`
	Sent    string     `xml:"header>sent"`
	Sender  string     `xml:"header>sender,omitempty"`
	Channel string     `xml:"header>channel"`
	Package *g2Package `xml:"itemSet>packageItem"`
}

// g2Package stands in the itemSet of a feed without stories: the schema wants one item at least, and a package may be
// empty.
type g2Package struct {
	g2Root
	ItemMeta g2ItemMeta `xml:"itemMeta"`
	GroupSet struct {
		Root  string `xml:"root,attr"`
		Group struct {
			ID string `xml:"id,attr"`
		} `xml:"group"`
	} `xml:"groupSet"`
}

func (f newsmlg2Format) frame(v *feed.View, ch *channel) (head, tail []byte, err error) {
	updated := g2Time(v.Updated)
	if updated == "" {
		updated = "1970-01-01T00:00:00Z" // the element is required; nothing has changed yet
	}
	doc := g2Message{NS: nsG2, Sent: updated, Sender: f.site.Title, Channel: ch.title}
	const closing = "</itemSet>\n</newsMessage>"
	if len(v.Entries) == 0 {
		var codes g2Codes
		p := &g2Package{ItemMeta: g2ItemMeta{
			ItemClass: codes.coded("ninat", "composite"), VersionCreated: updated, PubStatus: codes.coded("stat", "usable"),
			Provider: g2Named{Name: f.site.Title}, Titles: []string{ch.title},
		}}
		p.g2Root = g2Root{Standard: "NewsML-G2", Release: "2.35", Conformance: "power", GUID: "urn:kawat:feed:" + v.Def.Name, Language: ch.language}
		p.Catalog = codes.catalog()
		p.GroupSet.Root, p.GroupSet.Group.ID = "stories", "stories"
		doc.Package = p
	}
	b, err := xml.MarshalIndent(doc, "", " ")
	if err != nil {
		return nil, nil, err
	}
	if doc.Package == nil { // encoding/xml leaves out an element that has nothing in it
		b = append(bytes.TrimSuffix(b, []byte("</newsMessage>")), " <itemSet>\n "+closing...)
	}
	head, ok := bytes.CutSuffix(b, []byte(closing))
	if !ok {
		return nil, nil, fmt.Errorf("render: the frame of a NewsML-G2 feed does not end in %q", closing)
	}
	return append([]byte(xml.Header), bytes.TrimRight(head, " ")...), []byte(" " + closing + "\n"), nil
}

func (newsmlg2Format) item(c *content) ([]byte, error) {
	s := c.story
	codes := new(g2Codes)
	it := g2Item{
		g2Root: g2Root{
			Standard: "NewsML-G2", Release: "2.35", Conformance: "power", GUID: c.id, Version: max(s.Version, 0), Language: c.language,
		},
		Hops:     g2HopsOf(s, codes),
		Rights:   g2RightsOf(s, codes),
		ItemMeta: g2ItemMetaOf(c, codes),
		Content:  g2ContentOf(c, codes),
	}
	if html := g2Body(c); html != "" {
		it.ContentSet = &g2ContentSet{}
		x := &it.ContentSet.XML
		x.Type, x.Language = "application/xhtml+xml", c.language
		x.HTML.NS, x.HTML.Title, x.HTML.Body.Inner = nsXHTML, c.title, html
	}
	it.Catalog = codes.catalog()
	return xmlItem(it)
}

// g2Body is the story's text as XHTML, its dateline marked as what it is. Text that is not well-formed would break the
// feed for everybody, so it goes without its markup.
func g2Body(c *content) string {
	if c.killed {
		return c.html
	}
	html := c.story.Body.HTML
	if html == "" || !wellFormed(html) {
		html = paragraphs(c.story.Body.Text)
	}
	d := datelineBefore(c.story)
	if d == "" || html == "" {
		return html
	}
	d = `<span class="dateline">` + escape(d) + `</span>`
	if rest, ok := strings.CutPrefix(html, "<p>"); ok {
		return "<p>" + d + rest
	}
	return "<p>" + d + "</p>" + html
}

// wellFormed says whether html can stand in an XML document as it is: balanced elements in no namespace, no attribute
// twice, no declarations, no entities but XML's own.
func wellFormed(html string) bool {
	d := xml.NewDecoder(strings.NewReader("<div>" + html + "</div>"))
	depth := 0
	for {
		token, err := d.Token()
		if err != nil {
			return errors.Is(err, io.EOF)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if depth == 0 && d.InputOffset() != int64(len("<div>")) || !plainName(t.Name) {
				return false // a second root: the text has closed ours
			}
			for i, a := range t.Attr {
				if !plainName(a.Name) || a.Name.Local == "xmlns" {
					return false
				}
				for _, other := range t.Attr[:i] {
					if other.Name == a.Name {
						return false
					}
				}
			}
			depth++
		case xml.EndElement:
			depth--
		case xml.Comment, xml.ProcInst, xml.Directive:
			return false
		}
	}
}

// plainName says whether a name is one of XHTML's: ASCII letters, digits and hyphens, without a prefix.
func plainName(n xml.Name) bool {
	return n.Space == "" && n.Local != "" && !strings.ContainsFunc(n.Local, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-')
	})
}

// g2Time is a time as XML Schema's dateTime wants it.
func g2Time(t time.Time) string { return rfc3339(t) }

// g2Signal is IPTC's word for what a version does. It has none for a kill: the status says it.
func g2Signal(s wire.Signal) string {
	switch s {
	case wire.Update, wire.Correction:
		return string(s)
	}
	return ""
}
