package running

import (
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/markup"
)

// Blocks gives the blocks of a body.content (or of anything that is built like one) in their order: what is within
// block and div elements comes without them. Text that stands in no block is a paragraph.
func Blocks(content *markup.Node) []*markup.Node {
	if content.Find("q") != nil {
		content = quoted(content)
	}
	return appendBlocks(make([]*markup.Node, 0, len(content.Nodes)), content)
}

// quoted gives n with the marks that a reader would set around its q elements: without them a quotation becomes the
// agency's own words.
func quoted(n *markup.Node) *markup.Node {
	with := &markup.Node{Name: n.Name, Attrs: n.Attrs, Text: n.Text}
	for _, c := range n.Nodes {
		if c.Name != "q" || strings.ContainsAny(firstOf(c.Words()), "\"'“”„«»‘’「『") {
			with.Nodes = append(with.Nodes, quoted(c))
			continue
		}
		with.Nodes = append(with.Nodes, &markup.Node{Text: "“"})
		with.Nodes = append(with.Nodes, quoted(c).Nodes...)
		with.Nodes = append(with.Nodes, &markup.Node{Text: "”"})
	}
	return with
}

// firstOf is the first character of a text.
func firstOf(s string) string {
	for _, r := range s {
		return string(r)
	}
	return ""
}

func appendBlocks(to []*markup.Node, n *markup.Node) []*markup.Node {
	var line []*markup.Node // text and inline elements outside of any block
	flush := func() {
		if len(line) == 0 {
			return
		}
		p := &markup.Node{Name: "p", Nodes: line}
		if line = nil; !p.Blank() {
			to = append(to, p)
		}
	}
	for _, c := range n.Nodes {
		switch shape := shapes[c.Name]; {
		case shape == inlineShape:
			line = append(line, c)
		case shape == wrapper:
			flush()
			to = appendBlocks(to, c)
		default:
			flush()
			to = append(to, c)
		}
	}
	flush()
	return to
}

// Body writes blocks by the newsroom policy.
func Body(blocks []*markup.Node) wire.Body {
	var w markup.Builder
	for _, n := range blocks {
		write(&w, n)
	}
	return w.Body()
}

type shape uint8

const (
	inlineShape shape = iota // text, and elements whose words stand in a line
	blockShape
	wrapper // gives its blocks to what it is in
	nothing // is not shown
)

// shapes are the elements that are not inline. NITF's own come first, then HTML's, which senders mix in.
var shapes = map[string]shape{
	"block": wrapper, "body.content": wrapper, "nitf-table": wrapper, "custom-table": wrapper,
	"p": blockShape, "hl1": blockShape, "hl2": blockShape, "bq": blockShape, "ul": blockShape, "ol": blockShape, "li": blockShape,
	"dl": blockShape, "dt": blockShape, "dd": blockShape, "table": blockShape, "media": blockShape, "pre": blockShape,
	"note": blockShape, "fn": blockShape, "byline": blockShape, "dateline": blockShape, "abstract": blockShape, "copyrite": blockShape,
	"datasource": blockShape, "credit": blockShape, "tagline": blockShape, "hr": blockShape,
	"tobject": nothing, "key-list": nothing, "classifier": nothing, "nitf-table-metadata": nothing, "nitf-col": nothing,
	"table-reference": nothing, "media-metadata": nothing, "media-object": nothing, "alt-code": nothing,

	"div": wrapper, "section": wrapper, "article": wrapper, "body": wrapper, "html": wrapper,
	"main": wrapper, "header": wrapper, "footer": wrapper, "aside": wrapper, "hgroup": wrapper, "nav": nothing,
	"h1": blockShape, "h2": blockShape, "h3": blockShape, "h4": blockShape, "h5": blockShape, "h6": blockShape,
	"blockquote": blockShape, "figure": blockShape, "img": blockShape, "title": nothing,
	"script": nothing, "style": nothing, "iframe": nothing, "object": nothing, "head": nothing,
}

// html names elements whose counterpart in the policy has another name.
var html = map[string]string{
	"bq": "blockquote", "hl1": "h2", "hl2": "h2", "h1": "h2", "h5": "h4", "h6": "h4", "li": "li", "media-caption": "figcaption",
}

// write writes one node of the body.
func write(w *markup.Builder, n *markup.Node) {
	if n.Name == "" {
		w.Text(n.Text)
		return
	}
	if shapes[n.Name] == nothing {
		return
	}
	var m markup.Mark
	switch n.Name {
	case "br":
		w.Break()
		return
	case "img":
		w.Image(n.Attr("src"), n.Attr("alt"))
		return
	case "media":
		writeMedia(w, n)
		return
	case "frac": // one and a half must not become eleven halves
		w.Text(" ")
		m = w.Link("")
	case "a":
		m = w.Link(n.Attr("href"))
	case "td", "th":
		m = w.Cell(n.Name, n.Attr("colspan"), n.Attr("rowspan"))
	case "em", "strong", "b", "i", "sub", "sup", "code", "p", "h2", "h3", "h4", "ul", "ol", "pre", "blockquote", "figure",
		"figcaption", "table", "caption", "thead", "tbody", "tfoot", "tr":
		m = w.Open(n.Name)
	default:
		if name := html[n.Name]; name != "" {
			m = w.Open(name)
		} else if shapes[n.Name] == inlineShape {
			m = w.Link("") // its words stay in the line
		} else {
			m = w.Open(n.Name) // parts paragraphs
		}
	}
	for _, c := range n.Nodes {
		write(w, c)
	}
	w.Close(m)
}

// writeMedia writes a picture that has an address of its own; others are of no use to a reader.
func writeMedia(w *markup.Builder, n *markup.Node) {
	picture, ok := MediaOf(n)
	if !ok || !isImage(n, picture) {
		return
	}
	figure := w.Open("figure")
	w.Image(picture.URL, n.Child("media-reference").Attr("alternate-text"))
	if picture.Caption != "" {
		caption := w.Open("figcaption")
		w.Text(picture.Caption)
		w.Close(caption)
	}
	w.Close(figure)
}

func isImage(n *markup.Node, m wire.Media) bool {
	kind := strings.ToLower(n.Attr("media-type"))
	return strings.HasPrefix(m.Type, "image/") || m.Type == "" && (kind == "image" || kind == "photo" || kind == "graphic" || kind == "")
}

// MediaOf reads a NITF media element; it fails where the reference is no address on the web.
func MediaOf(n *markup.Node) (wire.Media, bool) {
	ref := n.Child("media-reference")
	m := wire.Media{
		URL:     markup.WebURL(ref.Attr("source"), "http", "https"),
		Type:    strings.ToLower(markup.Clean(ref.Attr("mime-type"))),
		Credit:  markup.Clean(ref.Attr("source-credit")),
		Caption: n.Child("media-caption").Words(),
	}
	if m.Credit == "" {
		m.Credit = n.Child("media-producer").Words()
	}
	return m, m.URL != ""
}
