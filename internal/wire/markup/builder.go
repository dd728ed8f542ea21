package markup

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"

	"kawat/internal/wire"
)

// A Builder writes a story's body by the newsroom policy, its HTML and its text at once. What it writes is
// well-formed and safe whatever it is told: a tag that it does not know is passed over, one that cannot stand where it
// comes is put where it can, text outside of any block becomes a paragraph, and what stays empty is left out.
//
// The zero Builder is ready. It is for one goroutine.
type Builder struct {
	html, text strings.Builder
	blocks     []block
	// inlines are the inline elements that the text to come is in; the first written of them have been opened in
	// the innermost block. So a block that comes within an inline element gets an inline element of its own.
	inlines []inline
	written int
	// space and breaks wait for the next word: at the end of a block there is none, and they are dropped.
	space  bool
	breaks int
	gap    string // what parts the text to come from the text before
}

type block struct {
	tag     string
	attrs   string // as they are to be written, each behind a space
	kind    kind
	written bool
	auto    bool // nobody asked for it: text needed it
	filled  bool // there is text directly before the place where we write
}

type inline struct {
	tag, attrs string
}

type kind uint8

const (
	leaf  kind = 1 << iota // takes text
	flow                   // takes blocks
	list                   // takes li
	table                  // takes caption and sections
	section
	row
)

var kinds = map[string]kind{
	"p": leaf, "h2": leaf, "h3": leaf, "h4": leaf, "pre": leaf, "caption": leaf, "figcaption": leaf,
	"li": leaf | flow, "td": leaf | flow, "th": leaf | flow,
	"blockquote": flow, "figure": flow,
	"ul": list, "ol": list,
	"table": table, "thead": section, "tbody": section, "tfoot": section, "tr": row,
}

var inlineTags = map[string]bool{
	"em": true, "strong": true, "b": true, "i": true, "sub": true, "sup": true, "code": true,
}

// maxBlocks is how deep blocks are nested; deeper ones give their text to the one they are in.
const maxBlocks = 24

// A Mark remembers what was open, for Close.
type Mark struct {
	blocks, inlines int
	inline          bool
}

// Grow makes room for a body of about so many bytes of text, in so many blocks.
func (b *Builder) Grow(text, blocks int) {
	if text > 0 {
		b.html.Grow(text + text/16 + 16*blocks)
		b.text.Grow(text + 2*blocks)
	}
}

// Open begins an element: a block (p, h2 to h4, pre, blockquote, ul, ol, li, figure, figcaption, table, caption, thead,
// tbody, tfoot, tr, td, th) or an inline element (em, strong, b, i, sub, sup, code). Any other tag is taken for a block
// that is not written: it parts the paragraphs before, in and after it. Give the Mark to Close where the element ends.
func (b *Builder) Open(tag string) Mark {
	if inlineTags[tag] {
		m := Mark{inlines: len(b.inlines), inline: true}
		b.pushInline(tag, "")
		return m
	}
	b.endLeaf(tag)
	return b.open(tag, "")
}

// open opens a block; the Mark is of the block itself, without what had to be opened around it.
func (b *Builder) open(tag, attrs string) Mark {
	m := Mark{blocks: len(b.blocks), inlines: len(b.inlines)}
	if len(b.blocks) < maxBlocks && b.openBlock(tag, attrs) {
		m.blocks = len(b.blocks) - 1
	}
	return m
}

// Cell begins a table cell, td or th, with its spans; spans that are no small numbers are left out.
func (b *Builder) Cell(tag, colspan, rowspan string) Mark {
	b.endLeaf(tag)
	attrs := ""
	if n, err := strconv.Atoi(colspan); err == nil && n > 1 && n <= 100 {
		attrs += ` colspan="` + strconv.Itoa(n) + `"`
	}
	if n, err := strconv.Atoi(rowspan); err == nil && n > 1 && n <= 1000 {
		attrs += ` rowspan="` + strconv.Itoa(n) + `"`
	}
	return b.open(tag, attrs)
}

// Link begins a link. An address that is not an absolute http, https or mailto URL gives the words without a link.
func (b *Builder) Link(href string) Mark {
	m := Mark{inlines: len(b.inlines), inline: true}
	if href = WebURL(href, "http", "https", "mailto"); href != "" {
		b.pushInline("a", ` href="`+html.EscapeString(href)+`"`)
	}
	return m
}

// Close ends the element that Open, Cell or Link began, and all that was begun within it and is still open.
func (b *Builder) Close(m Mark) {
	if !m.inline {
		b.closeBlocks(m.blocks)
		b.space, b.breaks = true, 0
	}
	if len(b.inlines) > m.inlines {
		b.closeInlines(m.inlines)
		b.inlines = b.inlines[:m.inlines]
	}
}

// Break ends a line. Two in a paragraph end the paragraph.
func (b *Builder) Break() {
	if n := len(b.blocks); n > 0 && b.blocks[n-1].filled {
		if b.blocks[n-1].tag == "pre" {
			b.verbatim("\n")
			return
		}
		b.breaks++
		b.space = false
	}
}

// Image sets an image in the figure that it comes in, else in one of its own. An address that is not an absolute http
// or https URL leaves it out.
func (b *Builder) Image(src, alt string) {
	if src = WebURL(src, "http", "https"); src == "" {
		return
	}
	b.endLeaf("img")
	mark := len(b.blocks)
	if b.top().tag != "figure" {
		b.openBlock("figure", "")
	}
	b.writeBlocks()
	b.writeInlines()
	b.html.WriteString(`<img src="`)
	b.html.WriteString(html.EscapeString(src))
	b.html.WriteString(`" alt="`)
	b.html.WriteString(html.EscapeString(Clean(alt)))
	b.html.WriteString(`"/>`)
	b.closeInlines(0)
	b.closeBlocks(mark)
}

// Paragraph adds a paragraph of words that are as Clean leaves them, and not empty. It is Open, Text and Close in one, and what
// nearly all of a story is made of.
func (b *Builder) Paragraph(clean string) {
	if len(b.blocks) > 0 || len(b.inlines) > 0 {
		m := b.Open("p")
		b.Text(clean)
		b.Close(m)
		return
	}
	b.html.WriteString("<p>")
	if strings.IndexByte(clean, '&') < 0 && strings.IndexByte(clean, '<') < 0 && strings.IndexByte(clean, '>') < 0 {
		b.html.WriteString(clean)
	} else {
		_, _ = escapeText.WriteString(&b.html, clean)
	}
	b.html.WriteString("</p>")
	if b.text.Len() > 0 {
		b.text.WriteString("\n\n")
	}
	b.text.WriteString(clean)
	b.space, b.breaks = true, 0
	b.part("p")
}

var escapeText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// Text adds words; white space is folded, characters that may not stand in XML are left out.
func (b *Builder) Text(s string) {
	if b.top().tag == "pre" {
		b.verbatim(s)
		return
	}
	for i := 0; i < len(s); {
		if t := b.top(); !t.filled || b.breaks > 1 && t.tag == "p" {
			// Wide spaces before the first word indent a paragraph, or fill one that is to be empty.
			i = len(s) - len(strings.TrimLeft(s[i:], " \u00a0\u3000"))
		}
		if n := run(s[i:]); n > 0 {
			b.begin()
			b.html.WriteString(s[i : i+n])
			b.text.WriteString(s[i : i+n])
			i += n
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		switch {
		case size == 0:
		case isSpace(r):
			b.space = true
		case r == utf8.RuneError:
			b.begin()
			b.write(r)
		case isText(r):
			b.begin()
			b.write(r)
		}
	}
}

// run is how many bytes at the head of s go out as they are: words with one space between them.
func run(s string) int {
	i := 0
	for i < len(s) {
		if n := plainWords(s[i:]); n > 0 {
			i += n
			continue
		}
		switch c := s[i]; {
		case c == ' ' && i > 0 && i+1 < len(s) && plain[s[i+1]]:
			i += 2
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError || isSpace(r) || !isText(r) {
				return i
			}
			i += size
		default:
			return i
		}
	}
	return i
}

// plainWords is how many bytes at the head of s are words in ASCII with one space between them, and nothing to escape.
func plainWords(s string) int {
	if !plain[s[0]] {
		return 0
	}
	n := tidy(s)
	for _, c := range [...]byte{'&', '<', '>'} {
		if i := strings.IndexByte(s[:n], c); i >= 0 {
			n = i
		}
	}
	return len(strings.TrimRight(s[:n], " "))
}

// write writes one character, escaped where it must be.
func (b *Builder) write(r rune) {
	switch r {
	case '&':
		b.html.WriteString("&amp;")
	case '<':
		b.html.WriteString("&lt;")
	case '>':
		b.html.WriteString("&gt;")
	default:
		b.html.WriteRune(r)
	}
	b.text.WriteRune(r)
}

// Body gives what was written, and closes what is open.
func (b *Builder) Body() wire.Body {
	b.closeBlocks(0)
	return wire.Body{HTML: b.html.String(), Text: strings.TrimSpace(b.text.String())}
}

// verbatim writes text into a pre.
func (b *Builder) verbatim(s string) {
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	if !b.top().filled {
		// A newline right after <pre> is not part of the text (HTML, section 13.1.2.5).
		if s = strings.TrimLeft(s, "\n"); strings.TrimSpace(s) == "" {
			return
		}
	}
	b.space = false
	for _, r := range s {
		if r == '\n' || r == '\t' || isText(r) {
			b.begin()
			b.write(r)
		}
	}
}

// begin makes ready for a word: the blocks and inline elements that it is in, and the space or break before it.
func (b *Builder) begin() {
	if b.breaks > 1 && b.top().tag == "p" {
		b.closeBlocks(len(b.blocks) - 1)
	}
	for t := b.top(); t.auto && t.kind&list != 0; t = b.top() {
		b.closeBlocks(len(b.blocks) - 1)
	}
	if b.top().kind&leaf == 0 {
		b.openLeaf()
	}
	b.writeBlocks()
	t := &b.blocks[len(b.blocks)-1]
	if t.filled && b.breaks > 0 {
		b.html.WriteString("<br/>")
		b.text.WriteByte('\n')
	} else if t.filled && b.space {
		b.html.WriteByte(' ')
		b.text.WriteByte(' ')
	} else if b.text.Len() > 0 {
		b.text.WriteString(b.gap)
	}
	b.gap, b.space, b.breaks = "", false, 0
	t.filled = true
	b.writeInlines()
}

// plain are the bytes that stand in text as they are.
var plain = func() (t [256]bool) {
	for c := '!'; c < 0x7f; c++ {
		t[c] = c != '&' && c != '<' && c != '>'
	}
	return t
}()
