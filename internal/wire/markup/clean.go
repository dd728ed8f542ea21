// Package markup keeps what the gateway publishes safe and well-formed: it sanitises HTML by the newsroom policy,
// scrubs plain fields, and reads XML within bounds.
package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"
)

// Clean makes s fit for a plain field of the record: valid UTF-8 without control characters or non-characters, every
// run of white space one space, none at the ends. An ideographic or no-break space within the text stays.
// Clean(Clean(s)) == Clean(s).
func Clean(s string) string {
	s = strings.TrimSpace(s)
	if isClean(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		switch {
		case isSpace(r):
			space = true
		case !isText(r):
		default:
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(b.String())
}

// Scrub is Clean for text whose lines matter: white space stays as it is, but that a line ends in one newline and
// that none stands at the ends.
func Scrub(s string) string {
	s = strings.TrimSpace(s)
	if isPrintable(s) {
		return s
	}
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		i += size
		if r == '\n' || r == '\t' || isText(r) {
			b.WriteRune(r)
		}
	}
	return strings.TrimSpace(b.String())
}

// isClean is the quick way out for the many fields that are clean as they are.
func isClean(s string) bool {
	if s == "" {
		return true
	}
	if s[0] == ' ' || s[len(s)-1] == ' ' {
		return false
	}
	for i := 0; i < len(s); {
		if i += tidy(s[i:]); i == len(s) {
			break
		}
		if s[i] < utf8.RuneSelf {
			return false
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError || unicode.IsSpace(r) && (i == 0 || i+size == len(s)) || isSpace(r) || !isText(r) {
			return false
		}
		i += size
	}
	return true
}

func isPrintable(s string) bool {
	for i := 0; i < len(s); {
		if i += Printable(s[i:]); i == len(s) {
			break
		}
		c := s[i]
		if c < utf8.RuneSelf {
			if c != '\n' && c != '\t' {
				return false
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError || isSpace(r) || !isText(r) {
			return false
		}
		i += size
	}
	return true
}

// Printable counts the bytes at the head of s that are printable ASCII. Bodies are read through several times, so it looks
// at eight bytes at once. Where all of them are ASCII, no sum carries into the next byte: adding 1 sets the high bit of DEL
// alone, and adding 0x60 that of everything from ' ' on.
func Printable(s string) int {
	rest := s
	for ; len(rest) >= 32; rest = rest[32:] {
		v, w, x, y := eight(rest), eight(rest[8:]), eight(rest[16:]), eight(rest[24:])
		if (v|w|x|y|(v+ones)|(w+ones)|(x+ones)|(y+ones)|^(v+ones*0x60)|^(w+ones*0x60)|^(x+ones*0x60)|^(y+ones*0x60))&high != 0 {
			break
		}
	}
	for ; len(rest) >= 8; rest = rest[8:] {
		if v := eight(rest); (v|(v+ones)|^(v+ones*0x60))&high != 0 {
			break
		}
	}
	n := len(s) - len(rest)
	for n < len(s) && ' ' <= s[n] && s[n] < 0x7f {
		n++
	}
	return n
}

// tidy counts the bytes at the head of s that are printable ASCII, up to the second of two spaces that stand together. It
// looks at eight bytes as Printable does; adding 0x7f to how a byte differs from a space sets the high bit of all but spaces.
func tidy(s string) int {
	rest := s
	space := uint64(0) // whether the byte before is one
	for ; len(rest) >= 16; rest = rest[16:] {
		v, w := eight(rest), eight(rest[8:])
		spaces, more := ^((v^ones*' ')+ones*0x7f)&high, ^((w^ones*' ')+ones*0x7f)&high
		if (v|w|(v+ones)|(w+ones)|^(v+ones*0x60)|^(w+ones*0x60)|spaces&(spaces<<8|space)|more&(more<<8|spaces>>56))&high != 0 {
			break
		}
		space = more >> 56
	}
	n := len(s) - len(rest)
	for n < len(s) && ' ' <= s[n] && s[n] < 0x7f && !(s[n] == ' ' && n > 0 && s[n-1] == ' ') {
		n++
	}
	return n
}

const ones, high = 0x0101010101010101, 0x8080808080808080

// eight gives the first eight bytes of s, the very first in the lowest place.
func eight(s string) uint64 {
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// isSpace is the white space that folds into one space. The spaces that typographers chose (U+00A0, U+3000) are not
// in it.
func isSpace(r rune) bool {
	switch r {
	case ' ', '\t', '\n', '\v', '\f', '\r', 0x85, 0x2028, 0x2029:
		return true
	}
	return false
}

// isText says that r may stand in text: a Char of XML 1.0 (section 2.2) that is neither a control character, nor a
// non-character, nor a stray byte-order mark.
func isText(r rune) bool {
	switch {
	case r < 0x20, r >= 0x7f && r < 0xa0, r >= 0xd800 && r < 0xe000, r == 0xfeff, r > unicode.MaxRune:
		return false
	case r >= 0xfdd0 && r <= 0xfdef, r&0xfffe == 0xfffe:
		return false
	}
	return true
}

// Language gives a language tag in BCP 47's usual case ("en-GB", "zh-Hant"), "" for what is no tag at all. It reads
// underscores. A language has one code, whichever is sent: the shortest that there is (RFC 5646, section 4.5), so that
// "in", "ind" and "id" are one language to filters and readers. A code that nobody knows stays as it is.
func Language(s string) string {
	parts := strings.FieldsFunc(strings.TrimSpace(s), func(r rune) bool { return r == '-' || r == '_' })
	for i, p := range parts {
		if len(p) > 8 || p == "" || strings.ContainsFunc(p, func(r rune) bool {
			return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || i > 0 && r >= '0' && r <= '9')
		}) {
			return ""
		}
		switch p = strings.ToLower(p); {
		case i == 0 && (len(p) < 2 || len(p) > 3):
			return ""
		case i == 0:
			p = languageCode(p)
		case i > 0 && len(p) == 2:
			p = strings.ToUpper(p)
		case i > 0 && len(p) == 4:
			p = strings.ToUpper(p[:1]) + p[1:]
		}
		parts[i] = p
	}
	if len(parts) > 4 {
		return ""
	}
	return strings.Join(parts, "-")
}

// languageCode is the code of a language in use today: "id" for "in" and "ind", "de" for "deu" and "ger".
func languageCode(code string) string {
	for _, c := range []language.CanonType{language.DeprecatedBase, language.Default} {
		if t, err := c.Parse(code); err == nil && len(t.String()) == 2 {
			return t.String()
		}
	}
	return code
}
