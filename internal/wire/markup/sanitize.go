package markup

import (
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"kawat/internal/wire"
)

// Sanitize gives HTML from outside by the newsroom policy: paragraphs, headings h2 to h4, lists, quotations, tables,
// figures, links to absolute http, https and mailto URLs, emphasis, sub- and superscript, pre and code; no styles,
// classes, identifiers, scripts, forms or frames, and nothing that loads but images over http and https. Headings of
// other levels are brought to the nearest, words outside of any block become paragraphs.
//
// The result is a sequence of block elements, well-formed as HTML and as XML, of XML 1.0 characters only, and
// Sanitize(Sanitize(x)) == Sanitize(x).
func Sanitize(s string) string { return Body(s).HTML }

// Text gives the words of HTML, with a blank line between paragraphs, as Sanitize keeps them.
func Text(s string) string { return Body(s).Text }

// Paragraphs makes a body of plain paragraphs; empty ones are left out.
func Paragraphs(texts []string) wire.Body {
	var b Builder
	for _, t := range texts {
		m := b.Open("p")
		b.Text(t)
		b.Close(m)
	}
	return b.Body()
}

// Body is Sanitize and Text in one.
func Body(s string) wire.Body {
	if b, ok := simple(s); ok {
		return b
	}
	return thorough(s)
}

// maxPasses bounds how often HTML is read again until it comes out as it went in. Once is the rule.
const maxPasses = 4

// thorough reads HTML as a browser does, writes it anew, and lets bluemonday judge what was written. Since a reader may
// understand what was written in another way than the writer (the root of mutation attacks), the result counts only
// when reading it again changes nothing; what never settles is cut down to its words.
func thorough(s string) wire.Body {
	body, ok := rewrite(s)
	for i := 0; ok && i < maxPasses; i++ {
		again, ok := rewrite(policy.Sanitize(body.HTML))
		if ok && again.HTML == body.HTML {
			return body
		}
		body = again
	}
	return Paragraphs(strings.Split(words(s), "\n"))
}

// rewrite parses HTML and writes it by the policy; it fails on HTML that the parser refuses (nested too deep).
func rewrite(s string) (wire.Body, bool) {
	nodes, err := html.ParseFragment(strings.NewReader(s), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		return wire.Body{}, false
	}
	var b Builder
	for _, n := range nodes {
		b.node(n)
	}
	return b.Body(), true
}

// node writes a node of parsed HTML.
func (b *Builder) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		b.Text(n.Data)
		return
	case html.ElementNode:
	default:
		return
	}
	if dropped[n.DataAtom] || n.Namespace != "" {
		return
	}
	var m Mark
	switch a := n.DataAtom; a {
	case atom.Br:
		b.Break()
		return
	case atom.Img:
		b.Image(attr(n, "src"), attr(n, "alt"))
		return
	case atom.A:
		m = b.Link(attr(n, "href"))
	case atom.Td, atom.Th:
		m = b.Cell(n.Data, attr(n, "colspan"), attr(n, "rowspan"))
	case atom.H1:
		m = b.Open("h2")
	case atom.H5, atom.H6:
		m = b.Open("h4")
	default:
		if transparent[a] || a == 0 {
			m = b.Link("") // nothing of its own; its words stay in the line
		} else {
			m = b.Open(n.Data)
		}
	}
	for c := range n.ChildNodes() {
		b.node(c)
	}
	b.Close(m)
}

// dropped are the elements that go with all that is in them.
var dropped = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Title: true, atom.Noscript: true, atom.Noembed: true, atom.Noframes: true,
	atom.Iframe: true, atom.Object: true, atom.Embed: true, atom.Applet: true, atom.Template: true, atom.Svg: true,
	atom.Math: true, atom.Textarea: true, atom.Select: true, atom.Xmp: true, atom.Plaintext: true, atom.Audio: true,
	atom.Video: true, atom.Canvas: true, atom.Head: true, atom.Button: true, atom.Frameset: true,
}

// transparent are the inline elements whose words stay in the line without them.
var transparent = map[atom.Atom]bool{
	atom.Span: true, atom.Font: true, atom.U: true, atom.S: true, atom.Strike: true, atom.Small: true, atom.Big: true,
	atom.Mark: true, atom.Time: true, atom.Abbr: true, atom.Acronym: true, atom.Cite: true, atom.Q: true, atom.Dfn: true,
	atom.Var: true, atom.Samp: true, atom.Kbd: true, atom.Tt: true, atom.Del: true, atom.Ins: true, atom.Bdi: true,
	atom.Bdo: true, atom.Label: true, atom.Data: true, atom.Wbr: true, atom.Nobr: true, atom.Ruby: true, atom.Rb: true,
	atom.Output: true, atom.Input: true, atom.Source: true, atom.Track: true, atom.Col: true, atom.Colgroup: true,
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Namespace == "" && a.Key == name {
			return a.Val
		}
	}
	return ""
}

// words gives what is no tag in HTML that cannot be parsed.
func words(s string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(s))
	for skip := 0; ; {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			if skip == 0 {
				b.Write(z.Text())
			}
		case html.StartTagToken:
			if name, _ := z.TagName(); dropped[atom.Lookup(name)] {
				skip++
			}
			b.WriteByte('\n')
		case html.EndTagToken:
			if name, _ := z.TagName(); skip > 0 && dropped[atom.Lookup(name)] {
				skip--
			}
			b.WriteByte('\n')
		}
	}
}

// policy is the newsroom policy as bluemonday states it. It is the judge of what the Builder wrote, not its author.
var policy = func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "em", "strong", "b", "i", "br", "sub", "sup", "pre",
		"code", "figure", "figcaption", "table", "caption", "thead", "tbody", "tfoot", "tr", "td", "th")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("src", "alt").OnElements("img")
	p.AllowAttrs("colspan", "rowspan").Matching(bluemonday.Integer).OnElements("td", "th")
	return p
}()
