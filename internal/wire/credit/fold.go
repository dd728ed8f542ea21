package credit

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// fold gives s in the form in which words are compared: compatibility decomposition, lower case. Each rune is folded by
// itself, so that a place in the folded form always answers to a place in the words as they stand. Of two strings that
// NFKC and case folding make equal, the folds are equal.
func fold(s string) string {
	out := make([]byte, 0, len(s))
	for _, r := range s {
		out = appendFold(out, r, false)
	}
	return string(out)
}

// folded looks a word up in a map whose keys are folded.
func folded[V any](in map[string]V, word string) V {
	var room [256]byte
	if len(word) > len(room)/2 {
		return in[fold(word)]
	}
	key := room[:0]
	for i := 0; i < len(word); {
		if c := word[i]; c < utf8.RuneSelf {
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			key = append(key, c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(word[i:])
		key = appendFold(key, r, false)
		i += size
	}
	return in[string(key)]
}

// isASCII spares most text the reading of its runes.
func isASCII(s string) bool { return ascii(s) == len(s) }

// ascii counts the bytes of ASCII at the head of s.
func ascii(s string) int {
	const high = 0x8080808080808080
	rest := s
	for len(rest) >= 32 && (eight(rest)|eight(rest[8:])|eight(rest[16:])|eight(rest[24:]))&high == 0 {
		rest = rest[32:]
	}
	for len(rest) >= 8 && eight(rest)&high == 0 {
		rest = rest[8:]
	}
	n := len(s) - len(rest)
	for n < len(s) && s[n] < utf8.RuneSelf {
		n++
	}
	return n
}

// eight gives the first eight bytes of s, the very first in the lowest place.
func eight(s string) uint64 {
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// appendFold appends the fold of one rune; exact keeps its case.
func appendFold(dst []byte, r rune, exact bool) []byte {
	switch {
	case r < utf8.RuneSelf:
		if !exact && 'A' <= r && r <= 'Z' {
			r += 'a' - 'A'
		}
		return append(dst, byte(r))
	case int(r) < len(latin[0]):
		if exact {
			return append(dst, latin[1][r]...)
		}
		return append(dst, latin[0][r]...)
	case r == '’' || r == '‘': // as it is typed, "jusqu’au" is "jusqu'au"
		return append(dst, '\'')
	case 0x3400 <= r && r <= 0x9FFF: // Han stays as it is
		return utf8.AppendRune(dst, r)
	}
	return decompose(dst, r, exact)
}

// latin are the folds of Latin letters, which stand in every line of many languages: without their case, and exact.
var latin = func() (t [2][0x250]string) {
	for r := range t[0] {
		t[0][r], t[1][r] = string(decompose(nil, rune(r), false)), string(decompose(nil, rune(r), true))
	}
	return t
}()

func decompose(dst []byte, r rune, exact bool) []byte {
	var one [utf8.UTFMax]byte
	n := utf8.EncodeRune(one[:], r)
	var room [64]byte
	for plain := norm.NFKD.Append(room[:0], one[:n]...); len(plain) > 0; {
		d, size := utf8.DecodeRune(plain)
		if !exact {
			d = unicode.ToLower(d)
		}
		dst = utf8.AppendRune(dst, d)
		plain = plain[size:]
	}
	return dst
}

// plainWord holds the letters and digits of ASCII; other bytes are not in it.
var plainWord = func() (t [256]bool) {
	for c := range t {
		t[c] = 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
	}
	return t
}()

// inWord says whether r is part of words.
func inWord(r rune) bool {
	if r < utf8.RuneSelf {
		return r >= 0 && plainWord[r]
	}
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// unspaced says whether r is of a script in which nothing shows where a word ends, or, as in Korean, in which
// particles are written onto names.
func unspaced(r rune) bool {
	return r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai,
		unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// joins says whether two neighbouring runes stand in one word.
func joins(a, b rune) bool {
	if !inWord(a) || !inWord(b) {
		return false
	}
	return unicode.IsMark(b) || !unspaced(a) && !unspaced(b)
}

// parts says whether s may be parted before byte i without cutting a word.
func parts(s string, i int) bool {
	if i <= 0 || i >= len(s) {
		return true
	}
	if s[i-1] < utf8.RuneSelf && s[i] < utf8.RuneSelf {
		return !plainWord[s[i-1]] || !plainWord[s[i]]
	}
	a, _ := utf8.DecodeLastRuneInString(s[:i])
	b, _ := utf8.DecodeRuneInString(s[i:])
	return !joins(a, b)
}

// glued says whether a capitalised word begins at byte i though the word before it has no space after it
// ("SavitriEditor").
func glued(s string, i int) bool {
	if i <= 0 || i >= len(s) {
		return false
	}
	a, _ := utf8.DecodeLastRuneInString(s[:i])
	b, size := utf8.DecodeRuneInString(s[i:])
	if !unicode.IsUpper(b) {
		return false
	}
	c, _ := utf8.DecodeRuneInString(s[i+size:])
	return unicode.IsLower(a) || (unicode.IsUpper(a) || unicode.IsDigit(a)) && unicode.IsLower(c)
}

// nextWord gives the first word of s at or after byte i, and its place. A word that holds an apostrophe or a hyphen is
// one word. In scripts that do not part words every rune is one.
func nextWord(s string, i int) (start, end int) {
	for i < len(s) {
		if c := s[i]; c < utf8.RuneSelf {
			if plainWord[c] {
				break
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if inWord(r) {
			break
		}
		i += size
	}
	start = i
	for i < len(s) {
		for i < len(s) && plainWord[s[i]] {
			i++
		}
		if i == len(s) || s[i] <= ' ' {
			break
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if !inWord(r) {
			next, _ := utf8.DecodeRuneInString(s[i+size:])
			if i > start && (r == '\'' || r == '’' || r == '-') && inWord(next) {
				i += size
				continue
			}
			break
		}
		if unspaced(r) {
			if i == start {
				i += size
			}
			break
		}
		i += size
	}
	return start, i
}

// squeeze makes every run of spaces one space and cuts them at both ends.
func squeeze(s string) string {
	s = strings.TrimSpace(s)
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || c < ' ' || c == ' ' && s[i+1] == ' ' {
			return strings.Join(strings.Fields(s), " ")
		}
	}
	return s
}
