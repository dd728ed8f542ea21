package newsmlg2

import (
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"

	"kawat/internal/wire/markup"
	"kawat/internal/wire/nitf"
	"kawat/internal/wire/running"
)

// text reads the contentSet. What is in it is the same content in several forms (NewsML-G2 specification, contentSet):
// the one with the most said about it is read. Pictures beside the text go with the story.
func (it item) text() error {
	var best *markup.Node
	bestForm := noText
	for set := range it.node.Children("contentSet") {
		for _, n := range set.Nodes {
			if n.Name == "remoteContent" {
				it.remote(n)
				continue
			}
			if form := formOf(n); form > bestForm {
				best, bestForm = n, form
			}
		}
	}
	switch bestForm {
	case noText:
		return nil
	case nitfText:
		return nitf.Fill(it.Story, it.copy, best.Find("nitf"))
	case xmlText:
		it.body(best)
		return nil
	}
	return nitf.FillText(it.Story, it.copy, data(best), strings.Contains(best.Attr("contenttype"), "html"))
}

// remote keeps the address of a picture that goes with a text. Its other forms are of no use to a reader.
func (it item) remote(n *markup.Node) {
	web := markup.WebURL(n.Attr("href"), "http", "https")
	if web == "" || len(it.Media) == maxLinks || !strings.HasPrefix(strings.ToLower(n.Attr("contenttype")), "image/") {
		return
	}
	it.Media = append(it.Media, mediaOf(n, web))
}

// form is how a content is written; of two the greater is read.
type form uint8

const (
	noText form = iota
	plainText
	escapedText // markup as text
	xmlText
	nitfText
)

// formOf tells what an element of the contentSet is. XML of which no element is known is no text: it may be results,
// or a chart.
func formOf(n *markup.Node) form {
	if n.Blank() || n.Name != "inlineXML" && n.Name != "inlineData" {
		return noText
	}
	if n.Find("nitf") != nil {
		return nitfText
	}
	for _, c := range n.Nodes {
		switch c.Name {
		case "":
		case "html", "body", "div", "section", "article", "main", "p":
			return xmlText
		default:
			if c.Find("p") != nil {
				return xmlText
			}
			return noText
		}
	}
	text := data(n)
	switch {
	case strings.TrimSpace(text) == "":
		return noText
	case strings.HasPrefix(strings.TrimSpace(text), "<") || strings.Contains(n.Attr("contenttype"), "html"):
		return escapedText
	}
	return plainText
}

// data is the text of an inlineData, decoded where it is in base64.
func data(n *markup.Node) string {
	var b strings.Builder
	for _, c := range n.Nodes {
		b.WriteString(c.Text)
	}
	if !strings.Contains(strings.ToLower(n.Attr("encoding")+n.Attr("encodinguri")), "base64") {
		return b.String()
	}
	decoded, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(b.String()), ""))
	if err != nil || !utf8.Valid(decoded) || slices.Contains(decoded, 0) {
		return "" // a file, not a text
	}
	return string(decoded)
}

// body reads a text in XHTML. What stands above the text in it (headline, byline, time, keywords: HTML's header) says
// again what the metadata say, and completes them where they are silent.
func (it item) body(n *markup.Node) {
	title := n.Child("html", "head", "title").Words()
	if b := n.Find("body"); b != nil {
		n = b
	}
	blocks := it.withoutHeadline(running.Blocks(it.withoutHeader(n)))
	set(&it.Headline, title)
	blocks = slices.DeleteFunc(blocks, func(b *markup.Node) bool { return hasClass(b, "teaser") && b.Words() == it.Summary })
	for i, b := range blocks {
		if rest, ok := it.withoutDateline(b); ok {
			blocks[i] = rest
			break
		}
	}
	running.SetBody(it.Story, it.copy, blocks)
}

// withoutHeader gives n without the header elements in it, which it reads.
func (it item) withoutHeader(n *markup.Node) *markup.Node {
	at := slices.IndexFunc(n.Nodes, func(c *markup.Node) bool { return c.Name == "header" })
	if at < 0 {
		// One element around all, as <article>.
		only := -1
		for i, c := range n.Nodes {
			switch {
			case c.Blank() && c.Name == "":
			case only >= 0:
				return n
			default:
				only = i
			}
		}
		if only < 0 || n.Nodes[only].Name == "" || n.Nodes[only].Name == "p" {
			return n
		}
		return it.withoutHeader(n.Nodes[only])
	}
	rest := &markup.Node{Name: n.Name, Attrs: n.Attrs}
	rest.Nodes = append(append(append(rest.Nodes, n.Nodes[:at]...), it.header(n.Nodes[at])...), n.Nodes[at+1:]...)
	return rest
}

// header reads a header element, and gives the blocks in it that say what no field says: a standfirst, say.
func (it item) header(header *markup.Node) []*markup.Node {
	set(&it.Headline, header.Find("h1").Words())
	for p := range header.All("p") {
		if hasClass(p, "byline") && it.Byline == "" {
			it.Byline = p.Words()
			it.writers(nil)
		}
	}
	said := map[string]bool{it.Headline: true, it.Byline: true, it.Summary: true}
	for n := range it.node.Child("contentMeta").Children("headline") {
		said[n.Words()] = true
	}
	for note := range strings.Lines(it.Note) {
		said[strings.TrimSpace(note)] = true
	}
	untimed := &markup.Node{Name: header.Name}
	for _, c := range header.Nodes {
		if c.Name != "time" && !hasClass(c, "slugline") {
			untimed.Nodes = append(untimed.Nodes, c)
		}
	}
	return slices.DeleteFunc(running.Blocks(untimed), func(b *markup.Node) bool { return said[b.Words()] })
}

// withoutHeadline leaves out a first heading that is the headline.
func (it item) withoutHeadline(blocks []*markup.Node) []*markup.Node {
	if len(blocks) == 0 || blocks[0].Name != "h1" && blocks[0].Name != "hl1" {
		return blocks
	}
	set(&it.Headline, blocks[0].Words())
	if blocks[0].Words() == it.Headline {
		return blocks[1:]
	}
	return blocks
}

// withoutDateline gives a paragraph without a dateline that is marked as one at its beginning; it fails where there is
// none.
func (it item) withoutDateline(p *markup.Node) (*markup.Node, bool) {
	for i, c := range p.Nodes {
		if c.Name == "" && c.Blank() {
			continue
		}
		if p.Name != "p" || c.Name != "span" || !hasClass(c, "dateline") {
			return p, false
		}
		if line := c.Words(); it.Dateline.Text == "" && line != "" {
			it.Dateline = running.Dateline(line, it.copy.Profile)
			it.AddEvidence("dateline.text", "field:dateline", line)
		}
		rest := &markup.Node{Name: p.Name, Attrs: p.Attrs}
		rest.Nodes = append(append(rest.Nodes, p.Nodes[:i]...), p.Nodes[i+1:]...)
		return rest, true
	}
	return p, false
}

// hasClass says whether an element is of a class.
func hasClass(n *markup.Node, class string) bool {
	for c := range strings.FieldsSeq(n.Attr("class")) {
		if strings.EqualFold(c, class) {
			return true
		}
	}
	return false
}
