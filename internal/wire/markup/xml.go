package markup

import (
	"encoding/xml"
	"errors"
	"io"
	"iter"
	"strings"

	"kawat/internal/wire"
)

// Bounds of an XML document; encoding/xml has none of its own. A document beyond one of them is refused as too large.
const (
	maxDepth  = 64
	maxAttrs  = 128     // of one element
	maxTag    = 1 << 16 // bytes of one start tag
	maxTokens = 250_000 // elements, texts, comments, directives
)

// Node is an element of an XML document, or a text in one.
type Node struct {
	// Name is the element's name without its namespace; it is empty for text.
	Name string
	// Attrs are the attributes by their local names, without declarations of namespaces.
	Attrs []xml.Attr
	Nodes []*Node
	// Text is the text of a text node, as it stands in the document.
	Text string
}

// ParseXML reads an XML document that is in UTF-8 already, whatever its declaration says, and gives its root.
//
// A document type declaration is passed over: nothing in it is fetched, no entity that it declares is known. Entities
// are the five of XML and the named ones of HTML. Errors are refusals: not well-formed, with the line, or too large.
func ParseXML(data []byte) (*Node, error) {
	if root, ok := parsePlain(data); ok {
		return root, nil
	}
	return parseThorough(data)
}

// parseThorough reads any XML, by encoding/xml.
func parseThorough(data []byte) (*Node, error) {
	in := &window{data: data}
	d := xml.NewDecoder(in)
	d.Entity = xml.HTMLEntity
	d.CharsetReader = func(_ string, in io.Reader) (io.Reader, error) { return in, nil }

	var root *Node
	open := make([]*Node, 0, maxDepth)
	for tokens := 0; ; tokens++ {
		if tokens > maxTokens {
			return nil, wire.Refuse(wire.TooLarge, "The XML has more than %d elements and texts: send the story without its tables, or in parts.", maxTokens)
		}
		in.bound(d.InputOffset())
		token, err := d.Token()
		switch {
		case err == io.EOF:
			if root == nil {
				return nil, wire.Refuse(wire.NotWellFormed, "There is no element in the XML: send the whole file.")
			}
			return root, nil
		case errors.Is(err, errTag):
			line, _ := d.InputPos()
			return nil, wire.Refuse(wire.TooLarge, "A tag on line %d of the XML is longer than %d bytes: that is no news format.", line, maxTag)
		case err != nil:
			line, _ := d.InputPos()
			return nil, broken(line, err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if err := admit(d, &t, root != nil && len(open) == 0, len(open)); err != nil {
				return nil, err
			}
			n := &Node{Name: t.Name.Local, Attrs: withoutNamespaces(t.Attr)}
			if len(open) == 0 {
				root = n
			} else {
				parent := open[len(open)-1]
				parent.Nodes = append(parent.Nodes, n)
			}
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if len(open) > 0 {
				parent := open[len(open)-1]
				parent.Nodes = append(parent.Nodes, &Node{Text: string(t)})
			} else if len(strings.Trim(string(t), " \t\r\n\ufeff")) > 0 {
				line, _ := d.InputPos()
				return nil, wire.Refuse(wire.NotWellFormed, "There is text outside of the XML's root element, before line %d: send one document in a message.", line)
			}
		}
	}
}

// withoutNamespaces gives attributes by their local names, and drops declarations of namespaces.
func withoutNamespaces(attrs []xml.Attr) (kept []xml.Attr) {
	for _, a := range attrs {
		if a.Name.Space != "xmlns" && (a.Name.Space != "" || a.Name.Local != "xmlns") {
			kept = append(kept, xml.Attr{Name: xml.Name{Local: a.Name.Local}, Value: a.Value})
		}
	}
	return kept
}

// admit checks a start tag against the bounds.
func admit(d *xml.Decoder, t *xml.StartElement, second bool, depth int) error {
	line, _ := d.InputPos()
	switch {
	case second:
		return wire.Refuse(wire.NotWellFormed, "A second document begins on line %d (element %.40q): send one in a message.", line, t.Name.Local)
	case depth >= maxDepth:
		return wire.Refuse(wire.TooLarge, "The XML is nested more than %d elements deep on line %d: that is no news format.", maxDepth, line)
	case len(t.Attr) > maxAttrs:
		return wire.Refuse(wire.TooLarge, "An element on line %d of the XML has more than %d attributes: that is no news format.", line, maxAttrs)
	}
	return nil
}

// broken makes the refusal of XML that is not well-formed.
func broken(line int, err error) error {
	why := err.Error()
	var syntax *xml.SyntaxError
	if errors.As(err, &syntax) {
		why, line = syntax.Msg, syntax.Line
	}
	if len(why) > 120 {
		why = strings.ToValidUTF8(why[:120], "") + "…"
	}
	if strings.Contains(why, "unexpected EOF") {
		return wire.Refuse(wire.NotWellFormed, "The XML breaks off on line %d: the file is not whole, send it again.", line)
	}
	return wire.Refuse(wire.NotWellFormed, "The XML is broken on line %d (%s): mend it and send it again.", line, Clean(why))
}

var errTag = errors.New("tag too long")

// window gives the decoder its document, but of a tag no more than maxTag bytes: the decoder collects all attributes of
// a tag before anyone can look at them.
type window struct {
	data []byte
	at   int
	end  int
}

// bound sets how far the next token may reach; it begins at offset.
func (w *window) bound(offset int64) {
	w.end = len(w.data)
	if rest := w.data[offset:]; len(rest) > maxTag && rest[0] == '<' && rest[1] != '!' && rest[1] != '?' {
		w.end = int(offset) + maxTag
	}
}

func (w *window) ReadByte() (byte, error) {
	if w.at >= w.end {
		if w.at < len(w.data) {
			return 0, errTag
		}
		return 0, io.EOF
	}
	w.at++
	return w.data[w.at-1], nil
}

// Read is there for the decoder's signature; it reads by byte.
func (w *window) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	c, err := w.ReadByte()
	if err != nil {
		return 0, err
	}
	p[0] = c
	return 1, nil
}

// The methods of Node may be called on nil, and then find nothing.

// Attr gives the value of an attribute by its name without namespace (so "lang" finds xml:lang), "" if there is none.
func (n *Node) Attr(name string) string {
	if n == nil {
		return ""
	}
	for _, a := range n.Attrs {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// Child gives the first element at the end of a path of names below n, nil if there is none.
func (n *Node) Child(path ...string) *Node {
	if n == nil || len(path) == 0 {
		return n
	}
	for c := range n.Children(path[0]) {
		if found := c.Child(path[1:]...); found != nil {
			return found
		}
	}
	return nil
}

// Children gives the elements of a name right below n.
func (n *Node) Children(name string) iter.Seq[*Node] {
	return func(yield func(*Node) bool) {
		if n == nil {
			return
		}
		for _, c := range n.Nodes {
			if c.Name == name && !yield(c) {
				return
			}
		}
	}
}

// All gives the elements of a name anywhere below n, in the order of the document.
func (n *Node) All(name string) iter.Seq[*Node] {
	return func(yield func(*Node) bool) { n.visit(name, yield) }
}

func (n *Node) visit(name string, yield func(*Node) bool) bool {
	if n == nil {
		return true
	}
	for _, c := range n.Nodes {
		if c.Name == name && !yield(c) || !c.visit(name, yield) {
			return false
		}
	}
	return true
}

// Find gives the first element of a name anywhere below n, nil if there is none.
func (n *Node) Find(name string) *Node {
	for c := range n.All(name) {
		return c
	}
	return nil
}

// Blank says whether there is no text in n but white space.
func (n *Node) Blank() bool {
	if n == nil {
		return true
	}
	for _, c := range n.Nodes {
		if !c.Blank() {
			return false
		}
	}
	return strings.TrimSpace(n.Text) == ""
}

// Words gives all text in n as a plain field: see Clean.
func (n *Node) Words() string {
	if n == nil {
		return ""
	}
	if len(n.Nodes) == 1 && n.Nodes[0].Name == "" {
		return Clean(n.Nodes[0].Text)
	}
	var b strings.Builder
	n.words(&b)
	return Clean(b.String())
}

func (n *Node) words(b *strings.Builder) {
	b.WriteString(n.Text)
	for _, c := range n.Nodes {
		if c.Name == "br" {
			b.WriteByte(' ')
		}
		c.words(b)
	}
}
