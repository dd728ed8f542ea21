package ninjs

import (
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"kawat/internal/wire/markup"
)

// maxPlain is the size of the largest document, in bytes, that is read in the quick way: some thirty stories, and far fewer
// values than maxValues. So a document that turns out not to be plain costs little more for having been tried.
const maxPlain = 256 << 10

// readPlain reads JSON in UTF-8 that is as JSON should be, several times as fast as jsontext, whose caution costs more than
// all else that is done with an item. It gives false for every other document, which jsontext then reads or refuses: a broken
// one, one that is large or deep, one with half a surrogate pair. Where it does read, the two agree.
func readPlain(data []byte) (value, bool) {
	if len(data) > maxPlain {
		return value{}, false
	}
	r := plainReader{s: string(data), members: make([]member, 0, 24)}
	v, ok := r.value()
	return v, ok && r.next() == 0 && r.at == len(r.s)
}

type plainReader struct {
	s     string
	at    int
	depth int
	// Of the objects and arrays that are open, so far: those of the outermost first.
	members []member
	values  []value
}

// next passes over white space and gives the byte behind it; 0: there is none, or it is a NUL, which nothing begins with.
func (r *plainReader) next() byte {
	for ; r.at < len(r.s); r.at++ {
		switch c := r.s[r.at]; c {
		case ' ', '\n', '\t', '\r':
		default:
			return c
		}
	}
	return 0
}

func (r *plainReader) value() (v value, ok bool) {
	if r.depth > maxDepth {
		return v, false
	}
	c := r.next()
	v.kind = jsontext.Kind(c)
	switch c {
	case '{':
		v.members, ok = r.object()
	case '[':
		v.values, ok = r.array()
	case '"':
		v.text, ok = r.text()
	case 't':
		ok = r.word("true")
	case 'f':
		ok = r.word("false")
	case 'n':
		ok = r.word("null")
	default:
		v.kind = '0'
		v.text, ok = r.number()
	}
	return v, ok
}

func (r *plainReader) object() (members []member, ok bool) {
	from := len(r.members)
	r.depth++
	r.at++
	for r.next() != '}' {
		if len(r.members) > from && !r.word(",") || r.next() != '"' {
			return nil, false
		}
		name, ok := r.text()
		if !ok || r.next() != ':' {
			return nil, false
		}
		r.at++
		m := member{name: strings.ToLower(name)}
		if m.value, ok = r.value(); !ok {
			return nil, false
		}
		r.members = append(r.members, m)
	}
	r.depth--
	r.at++
	members = slices.Clone(r.members[from:])
	r.members = r.members[:from]
	return members, true
}

func (r *plainReader) array() (values []value, ok bool) {
	from := len(r.values)
	r.depth++
	r.at++
	for r.next() != ']' {
		if len(r.values) > from && !r.word(",") {
			return nil, false
		}
		v, ok := r.value()
		if !ok {
			return nil, false
		}
		r.values = append(r.values, v)
	}
	r.depth--
	r.at++
	values = slices.Clone(r.values[from:])
	r.values = r.values[:from]
	return values, true
}

// word passes over a word that must come next.
func (r *plainReader) word(w string) bool {
	ok := strings.HasPrefix(r.s[r.at:], w)
	r.at += len(w)
	return ok
}

// number reads a number as it is written (RFC 8259, section 6).
func (r *plainReader) number() (text string, ok bool) {
	from := r.at
	digits := func() bool {
		begin := r.at
		for r.at < len(r.s) && '0' <= r.s[r.at] && r.s[r.at] <= '9' {
			r.at++
		}
		return r.at > begin
	}
	skip := func(any string) bool {
		if r.at < len(r.s) && strings.IndexByte(any, r.s[r.at]) >= 0 {
			r.at++
			return true
		}
		return false
	}
	skip("-")
	if !skip("0") && !digits() {
		return "", false
	}
	if skip(".") && !digits() {
		return "", false
	}
	if skip("eE") {
		if skip("+-"); !digits() {
			return "", false
		}
	}
	return r.s[from:r.at], true
}

// text reads a string. Where nothing in it is escaped it is a piece of the document.
func (r *plainReader) text() (text string, ok bool) {
	s := r.s[r.at+1:]
	end := closingQuote(s)
	if end < 0 || hasControls(s[:end]) {
		return "", false
	}
	r.at += end + 2
	s = s[:end]
	at := strings.IndexByte(s, '\\')
	if at < 0 {
		return s, true
	}
	var b strings.Builder
	b.Grow(len(s))
	for ; at >= 0; at = strings.IndexByte(s, '\\') {
		c, size := unescape(s[at:])
		if size == 0 {
			return "", false
		}
		b.WriteString(s[:at])
		b.WriteRune(c)
		s = s[at+size:]
	}
	b.WriteString(s)
	return b.String(), true
}

// closingQuote finds the quotation mark that ends a string: the first that an even number of backslashes stands before.
func closingQuote(s string) int {
	for i := 0; ; i++ {
		at := strings.IndexByte(s[i:], '"')
		if at < 0 {
			return -1
		}
		i += at
		if escapes := i - len(strings.TrimRight(s[:i], `\`)); escapes%2 == 0 {
			return i
		}
	}
}

// unescape reads the escape that s begins with, and gives the character that it stands for and its size in bytes; 0: it is none,
// or half a pair.
func unescape(s string) (c rune, size int) {
	switch s[1] { // a string does not end in a backslash
	case '"', '\\', '/':
		return rune(s[1]), 2
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'u':
		c, size = hexadecimal(s[2:]), 6
		if utf16.IsSurrogate(c) && strings.HasPrefix(s[6:], `\u`) {
			c, size = utf16.DecodeRune(c, hexadecimal(s[8:])), 12
		}
		if utf8.ValidRune(c) && (size == 6 || c != utf8.RuneError) {
			return c, size
		}
	}
	return 0, 0
}

// hexadecimal reads the four digits that s begins with; -1: it does not.
func hexadecimal(s string) (n rune) {
	if len(s) < 4 {
		return -1
	}
	for i := range 4 {
		switch c := s[i]; {
		case '0' <= c && c <= '9':
			n = n<<4 | rune(c-'0')
		case 'a' <= c|0x20 && c|0x20 <= 'f':
			n = n<<4 | rune(c|0x20-'a'+10)
		default:
			return -1
		}
	}
	return n
}

func hasControls(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= utf8.RuneSelf {
			continue
		}
		if i += markup.Printable(s[i:]); i < len(s) && s[i] < ' ' {
			return true
		}
	}
	return false
}
