package render

import (
	"bytes"
	"encoding/xml"
	"strings"
)

// elements writes XML byte for byte as encoding/xml indents it, for an item in a fraction of the time.
type elements struct {
	bytes.Buffer
	depth int // of the next element, in spaces
}

// attribute is left out where it is empty, unless it always has to stand.
type attribute struct {
	name, value string
	always      bool
}

// begin starts an element that others stand in.
func (x *elements) begin(name string, attributes ...attribute) {
	x.start(name, attributes)
	x.depth++
}

func (x *elements) end(name string) {
	x.depth--
	x.line()
	x.close(name)
}

// element is one with nothing but text.
func (x *elements) element(name, text string, attributes ...attribute) {
	x.start(name, attributes)
	x.text(text)
	x.close(name)
}

// optional is an element that is left out where it has no text.
func (x *elements) optional(name, text string) {
	if text != "" {
		x.element(name, text)
	}
}

// cdata is an element with text that is easier to read unescaped, and shorter.
func (x *elements) cdata(name, text string) {
	x.start(name, nil)
	x.WriteString("<![CDATA[")
	x.WriteString(strings.ReplaceAll(text, "]]>", "]]]]><![CDATA[>"))
	x.WriteString("]]>")
	x.close(name)
}

func (x *elements) start(name string, attributes []attribute) {
	x.line()
	x.WriteByte('<')
	x.WriteString(name)
	for _, a := range attributes {
		if a.value == "" && !a.always {
			continue
		}
		x.WriteByte(' ')
		x.WriteString(a.name)
		x.WriteString(`="`)
		x.text(a.value)
		x.WriteByte('"')
	}
	x.WriteByte('>')
}

func (x *elements) close(name string) {
	x.WriteString("</")
	x.WriteString(name)
	x.WriteByte('>')
}

func (x *elements) line() {
	x.WriteByte('\n')
	for range x.depth {
		x.WriteByte(' ')
	}
}

// text writes what most texts are at once, and leaves any that may have to be escaped to encoding/xml.
func (x *elements) text(s string) {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\'' || c == '&' || c == '<' || c == '>' {
			_ = xml.EscapeText(x, []byte(s)) // into memory
			return
		}
	}
	x.WriteString(s)
}
