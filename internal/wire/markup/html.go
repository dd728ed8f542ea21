package markup

import (
	"encoding/xml"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"kawat/internal/wire"
)

// ParseHTML reads a piece of HTML as a browser does, and gives its elements and texts below a root without a name. What
// must never be shown (scripts, styles, forms, frames) is left out with all that is in it. HTML that is nested too deep
// to be read is a refusal.
func ParseHTML(s string) (*Node, error) {
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
