package markup

import (
	"encoding/xml"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"kawat/internal/wire"
)

// ParseHTML reads a piece of HTML as a browser does, and gives its elements and texts below a root without a name. What
// must never be shown (scripts, styles, forms, frames) is left out with all that is in it. HTML that is nested too deep
// to be read is a refusal.
func ParseHTML(s string) (*Node, error) {
	if root, ok := parsePlainHTML(s); ok {
		return root, nil
	}
	return parseThoroughHTML(s)
}

// UseHTML reads HTML as ParseHTML does, for a caller who needs the nodes no longer than use takes: the memory of a story's
// nodes then serves the next story.
func UseHTML(s string, use func(root *Node)) error {
	p := readers.Get().(*xmlReader)
	root, ok := p.plainHTML(s)
	if !ok {
		var err error
		if root, err = parseThoroughHTML(s); err != nil {
			return err
		}
	}
	use(root)
	p.reset()
	readers.Put(p)
	return nil
}

var readers = sync.Pool{New: func() any { return newXMLReader("") }}

// reset makes the reader ready for another text. Nothing of the last one is held on to.
func (p *xmlReader) reset() {
	clear(p.nodes)
	clear(p.attrs)
	clear(p.links)
	clear(p.waiting[:cap(p.waiting)])
	clear(p.open[:cap(p.open)])
	*p = xmlReader{open: p.open[:0], waiting: p.waiting[:0], nodes: p.nodes[:0], attrs: p.attrs[:0], links: p.links[:0]}
}

// parsePlainHTML reads HTML that is XML as well and of few elements, as most agencies send it, in a fraction of the time.
// Where a browser might see it in another way it gives false.
func parsePlainHTML(s string) (*Node, bool) { return newXMLReader(s).plainHTML(s) }

func (p *xmlReader) plainHTML(s string) (*Node, bool) {
	if len(s) > maxPlain {
		return nil, false
	}
	p.s = s
	root := new(Node)
	p.root = root
	p.open = append(p.open, openNode{node: root})
	for p.at < len(s) {
		if !p.token() || len(p.open) == 0 || p.onlyXML {
			return nil, false
		}
	}
	if len(p.open) != 1 {
		return nil, false
	}
	root.Nodes = p.waiting
	return root, isPlainHTML(root, false)
}

// isPlainHTML says whether elements stand only where a browser leaves them, none of them of a kind that it treats by
// itself.
func isPlainHTML(n *Node, inLine bool) bool {
	for _, c := range n.Nodes {
		for i, a := range c.Attrs {
			if strings.ToLower(a.Name.Local) != a.Name.Local {
				return false // to a browser their case means nothing
			}
			if slices.ContainsFunc(c.Attrs[:i], func(b xml.Attr) bool { return b.Name.Local == a.Name.Local }) {
				return false // a browser takes the first of a name
			}
		}
		inner := true
		switch c.Name {
		case "":
			continue
		case "p", "h2", "h3", "h4":
			if inLine {
				return false
			}
		case "div", "section", "article", "blockquote", "ul", "ol":
			if inLine {
				return false
			}
			inner = false
		case "li":
			if n.Name != "ul" && n.Name != "ol" {
				return false
			}
		case "em", "strong", "sub", "sup", "span":
		default:
			return false
		}
		if !isPlainHTML(c, inner) {
			return false
		}
	}
	return true
}

func parseThoroughHTML(s string) (*Node, error) {
	nodes, err := html.ParseFragment(strings.NewReader(s), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		return nil, wire.Refuse(wire.NotWellFormed, "the HTML cannot be read: %v", err)
	}
	root := new(Node)
	for _, n := range nodes {
		root.adopt(n)
	}
	return root, nil
}

// adopt adds a node of parsed HTML. The parser bounds how deep it can be.
func (n *Node) adopt(h *html.Node) {
	switch {
	case h.Type == html.TextNode:
		n.Nodes = append(n.Nodes, &Node{Text: h.Data})
		return
	case h.Type != html.ElementNode || dropped[h.DataAtom] || h.Namespace != "":
		return
	}
	c := &Node{Name: h.Data}
	for _, a := range h.Attr {
		if a.Namespace == "" {
			c.Attrs = append(c.Attrs, xml.Attr{Name: xml.Name{Local: a.Key}, Value: a.Val})
		}
	}
	n.Nodes = append(n.Nodes, c)
	for child := range h.ChildNodes() {
		c.adopt(child)
	}
}
