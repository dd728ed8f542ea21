package ninjs

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
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
	r := plainReader{s: data, members: make([]member, 0, 24)}
	r.texts.Grow(len(data))
	v, ok := r.value()
	return v, ok && r.next() == 0 && r.at == len(r.s)
}

type plainReader struct {
	s     []byte
	at    int
	depth int
	// The strings of the document, one behind the other: as what they stand for they are never longer than as they are written.
	texts strings.Builder
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
	if r.depth == 0 { // no object is open that would go on with them
		members, r.members = r.members, nil
		return members, true
	}
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
	ok := len(r.s)-r.at >= len(w) && string(r.s[r.at:r.at+len(w)]) == w
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
	return string(r.s[from:r.at]), true
}

// text reads a string.
func (r *plainReader) text() (text string, ok bool) {
	from := r.texts.Len()
	for i := r.at + 1; ; {
		n := unescaped(r.s[i:])
		r.texts.Write(r.s[i : i+n])
		if i += n; i == len(r.s) {
			return "", false
		}
		switch r.s[i] {
		case '"':
			r.at = i + 1
			return r.texts.String()[from:], true
		case '\\':
			c, size := unescape(r.s[i:])
			if size == 0 {
				return "", false
			}
			r.texts.WriteRune(c)
			i += size
		default:
			return "", false
		}
	}
}

// unescaped counts the bytes at the head of s that a string holds as they are: up to a quotation mark, a backslash or a control
// character. It looks at eight at once: the high bits of the three words below are exact up to the first of those.
func unescaped(s []byte) (n int) {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	for ; n+8 <= len(s); n += 8 {
		v := binary.LittleEndian.Uint64(s[n:])
		quote, slash := v^ones*'"', v^ones*'\\'
		if ((v-ones*' ')&^v|(quote-ones)&^quote|(slash-ones)&^slash)&high != 0 {
			break
		}
	}
	for n < len(s) && s[n] >= ' ' && s[n] != '"' && s[n] != '\\' {
		n++
	}
	return n
}

// unescape reads the escape that s begins with, and gives the character that it stands for and its size in bytes; 0: it is none,
// or half a pair.
func unescape(s []byte) (c rune, size int) {
	if len(s) < 2 {
		return 0, 0
	}
	switch s[1] {
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
		if utf16.IsSurrogate(c) && bytes.HasPrefix(s[6:], []byte(`\u`)) {
			c, size = utf16.DecodeRune(c, hexadecimal(s[8:])), 12
		}
		if utf8.ValidRune(c) && (size == 6 || c != utf8.RuneError) {
			return c, size
		}
	}
	return 0, 0
}

// hexadecimal reads the four digits that s begins with; -1: it does not.
func hexadecimal(s []byte) (n rune) {
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
