package markup

import (
	"encoding/xml"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxPlain is the size of the largest document, in bytes, that is read in the quick way: some fifty stories. What a
// document of that size costs at most is a small part of what a message may cost.
const maxPlain = 256 << 10

// parsePlain reads XML in the way that news systems write it, five times as fast as encoding/xml: names in ASCII, no
// entities but those of XML and HTML, nothing beyond the bounds. It gives false for every other document, broken ones
// too, which then encoding/xml reads or refuses; where it does read, the two agree.
func parsePlain(data []byte) (*Node, bool) {
	if len(data) > maxPlain {
		return nil, false
	}
	p := newXMLReader(string(data))
	for p.at < len(p.s) {
		if p.tokens++; p.tokens > maxTokens || !p.token() {
			return nil, false
		}
	}
	return p.root, p.root != nil && len(p.open) == 0
}

// newXMLReader makes a reader with room for as many nodes as a text of its size usually has.
func newXMLReader(s string) *xmlReader {
	return &xmlReader{
		s: s, open: make([]openNode, 0, 8), waiting: make([]*Node, 0, 16+len(s)/320),
		nodes: make([]Node, 0, 16+len(s)/160), links: make([]*Node, 0, 16+len(s)/160),
	}
}

type xmlReader struct {
	s      string
	at     int
	tokens int
	root   *Node
	open   []openNode
	// waiting are the children, so far, of the elements that are open, those of the outermost first.
	waiting []*Node
	// Nodes, attributes and lists of children are cut from a few large pieces.
	nodes []Node
	attrs []xml.Attr
	links []*Node
	// onlyXML says that there was something that HTML has not or means in another way: a name with a prefix or one that names one,
	// an element without an end tag, an instruction, a comment, a carriage return, a reference by number.
	onlyXML bool
}

type openNode struct {
	node     *Node
	name     string // with its prefix
	children int    // where they begin in waiting
}

// token reads what comes next: text up to the next tag, or a tag.
func (p *xmlReader) token() bool {
	s := p.s[p.at:]
	if s[0] != '<' {
		end := strings.IndexByte(s, '<')
		if end < 0 {
			end = len(s)
		}
		p.at += end
		return p.text(s[:end])
	}
	if len(s) < 2 {
		return false
	}
	switch s[1] {
	case '/':
		return p.endTag(s[2:])
	case '?':
		p.onlyXML = true
		return p.instruction(s)
	case '!':
		p.onlyXML = true
		switch {
		case strings.HasPrefix(s, "<!--"):
			end := strings.Index(s[4:], "--")
			if end < 0 || !strings.HasPrefix(s[4+end:], "-->") {
				return false
			}
			p.at += 4 + end + 3
			return true
		case strings.HasPrefix(s, "<![CDATA["):
			s = s[len("<![CDATA["):]
			end := strings.Index(s, "]]>")
			if end < 0 || len(p.open) == 0 {
				return false
			}
			p.at += len("<![CDATA[") + end + len("]]>")
			text, ok := p.characters(s[:end], false)
			if ok {
				p.add(Node{Text: text})
			}
			return ok
		}
		return strings.HasPrefix(s, "<!DOCTYPE") && p.directive(s)
	}
	return p.startTag(s)
}

// add adds a node to the element that is open.
func (p *xmlReader) add(n Node) *Node {
	if len(p.nodes) == cap(p.nodes) {
		p.nodes = make([]Node, 0, 256) // those in use stay where they are
	}
	p.nodes = append(p.nodes, n)
	made := &p.nodes[len(p.nodes)-1]
	p.waiting = append(p.waiting, made)
	return made
}

func (p *xmlReader) text(s string) bool {
	if len(p.open) == 0 {
		return strings.Trim(s, " \t\n\ufeff") == ""
	}
	if strings.Contains(s, "]]>") {
		return false
	}
	text, ok := p.characters(s, true)
	if ok {
		p.add(Node{Text: text})
	}
	return ok
}

// instruction passes over a processing instruction. Of the XML declaration only the usual form is known here.
func (p *xmlReader) instruction(s string) bool {
	end := strings.Index(s, "?>")
	if end < 2 {
		return false
	}
	p.at += end + 2
	s = s[2:end]
	target, rest := xmlName(s)
	if target == "" || rest != "" && !isXMLSpace(rest[0]) {
		return false
	}
	return target != "xml" || strings.Contains(rest, ` version="1.0"`) || strings.Contains(rest, ` version='1.0'`)
}

// directive passes over a document type declaration.
func (p *xmlReader) directive(s string) bool {
	quote, depth := byte(0), 0
	for i := 2; i < len(s); i++ {
		switch c := s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '<':
			if strings.HasPrefix(s[i:], "<!--") {
				return false
			}
			depth++
		case c == '>':
			if depth == 0 {
				p.at += i + 1
				return true
			}
			depth--
		}
	}
	return false
}

func (p *xmlReader) startTag(s string) bool {
	name, rest := xmlName(s[1:])
	local, ok := localName(name)
	if !ok || len(p.open) == 0 && p.root != nil || len(p.open) >= maxDepth {
		return false
	}
	p.onlyXML = p.onlyXML || local != name
	from := len(p.attrs)
	closed := false
	for {
		rest = trimXMLSpace(rest)
		if rest == "" {
			return false
		}
		if rest[0] == '>' {
			rest = rest[1:]
			break
		}
		if strings.HasPrefix(rest, "/>") {
			closed, rest, p.onlyXML = true, rest[2:], true
			break
		}
		var attr string
		if attr, rest = xmlName(rest); attr == "" {
			return false
		}
		rest = trimXMLSpace(rest)
		if rest == "" || rest[0] != '=' {
			return false
		}
		rest = trimXMLSpace(rest[1:])
		if rest == "" || rest[0] != '"' && rest[0] != '\'' {
			return false
		}
		end := strings.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return false
		}
		value, ok := p.characters(rest[1:1+end], true)
		if !ok || strings.IndexByte(rest[1:1+end], '<') >= 0 {
			return false
		}
		rest = rest[end+2:]
		attrLocal, ok := localName(attr)
		if !ok {
			return false
		}
		p.onlyXML = p.onlyXML || attrLocal != attr || attr == "xmlns"
		if attr == "xmlns" || strings.HasPrefix(attr, "xmlns:") {
			continue
		}
		if len(p.attrs) == cap(p.attrs) {
			// The attributes of one element stand together.
			p.attrs = append(make([]xml.Attr, 0, 2*(len(p.attrs)-from)+64), p.attrs[from:]...)
			from = 0
		}
		p.attrs = append(p.attrs, xml.Attr{Name: xml.Name{Local: attrLocal}, Value: value})
	}
	if len(p.attrs)-from > maxAttrs/2 || len(s)-len(rest) >= maxTag/2 {
		return false
	}
	p.at += len(s) - len(rest)
	n := p.add(Node{Name: local})
	if len(p.attrs) > from {
		n.Attrs = p.attrs[from:len(p.attrs):len(p.attrs)]
	}
	if len(p.open) == 0 {
		p.root = n
	}
	if !closed {
		p.open = append(p.open, openNode{node: n, name: name, children: len(p.waiting)})
	}
	return true
}

func (p *xmlReader) endTag(s string) bool {
	name, rest := xmlName(s)
	rest = trimXMLSpace(rest)
	if len(p.open) == 0 || name == "" || rest == "" || rest[0] != '>' {
		return false
	}
	last := p.open[len(p.open)-1]
	if last.name != name {
		return false
	}
	p.open = p.open[:len(p.open)-1]
	if children := p.waiting[last.children:]; len(children) > 0 {
		if cap(p.links)-len(p.links) < len(children) {
			p.links = make([]*Node, 0, len(children)+256)
		}
		from := len(p.links)
		p.links = append(p.links, children...)
		last.node.Nodes = p.links[from:len(p.links):len(p.links)]
		p.waiting = p.waiting[:last.children]
	}
	p.at += 2 + len(s) - len(rest) + 1
	return true
}

// characters gives text as XML means it: line ends as \n, and its references, if it may have any, as what they stand
// for.
func (p *xmlReader) characters(s string, references bool) (string, bool) {
	clean := true // nothing is to be replaced
	for i := 0; i < len(s); {
		if i += Printable(s[i:]); i == len(s) {
			break
		}
		c := s[i]
		if c < utf8.RuneSelf {
			switch c {
			case '\r':
				clean, p.onlyXML = false, true
			case 0x7f:
				p.onlyXML = true
			case '\n', '\t':
			default:
				return "", false
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && size < 2 || r == 0xfffe || r == 0xffff {
			return "", false
		}
		i += size
	}
	if !clean {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	}
	if !references || strings.IndexByte(s, '&') < 0 {
		return s, true
	}
	return p.dereference(s)
}

// dereference replaces references to characters and entities.
func (p *xmlReader) dereference(s string) (string, bool) {
	var b strings.Builder
	b.Grow(len(s))
	for {
		at := strings.IndexByte(s, '&')
		if at < 0 {
			b.WriteString(s)
			return b.String(), true
		}
		b.WriteString(s[:at])
		s = s[at+1:]
		end := strings.IndexByte(s, ';')
		if end < 1 || end > 32 {
			return "", false
		}
		name := s[:end]
		s = s[end+1:]
		if c, ok := xmlEntities[name]; ok {
			b.WriteByte(c)
			continue
		}
		if name[0] != '#' {
			text, ok := xml.HTMLEntity[name]
			if !ok {
				return "", false
			}
			b.WriteString(text)
			continue
		}
		p.onlyXML = true
		digits, base := name[1:], 10
		if strings.HasPrefix(digits, "x") {
			digits, base = digits[1:], 16
		}
		n, err := strconv.ParseUint(digits, base, 32)
		if err != nil || digits[0] == '+' || n > utf8.MaxRune || !isText(rune(n)) && n != '\n' && n != '\t' {
			return "", false
		}
		b.WriteRune(rune(n))
	}
}

var xmlEntities = map[string]byte{"amp": '&', "lt": '<', "gt": '>', "quot": '"', "apos": '\''}

// xmlName parts a name in ASCII, with its prefix, from what follows it.
func xmlName(s string) (name, rest string) {
	if s == "" || !isNameByte[s[0]] || s[0] == '-' || s[0] == '.' || '0' <= s[0] && s[0] <= '9' {
		return "", s
	}
	i := 1
	for i < len(s) && isNameByte[s[i]] {
		i++
	}
	if i < len(s) && s[i] >= utf8.RuneSelf {
		return "", s
	}
	return s[:i], s[i:]
}

var isNameByte = func() (t [256]bool) {
	for c := range t {
		t[c] = 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '-' || c == '.' || c == ':'
	}
	return t
}()

// localName is a name without its prefix.
func localName(name string) (string, bool) {
	colon := strings.IndexByte(name, ':')
	if colon < 0 {
		return name, name != ""
	}
	local := name[colon+1:]
	return local, colon > 0 && local != "" && strings.IndexByte(local, ':') < 0
}

func isXMLSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

func trimXMLSpace(s string) string {
	for s != "" && isXMLSpace(s[0]) {
		s = s[1:]
	}
	return s
}
