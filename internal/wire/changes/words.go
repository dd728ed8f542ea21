package changes

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Kind says in which of two versions a piece of text is.
type Kind string

const (
	Kept    Kind = "kept" // in both
	Removed Kind = "removed"
	Added   Kind = "added"
)

// Piece is a run of text.
type Piece struct {
	Kind Kind   `json:"kind"`
	Text string `json:"text"`
}

// Line is a headline or a paragraph as its pieces. Without the added ones it is the old text, without the removed ones the
// new.
type Line []Piece

// Changed says that it is not the same in both versions.
func (l Line) Changed() bool { return len(l) != 1 || l[0].Kind != Kept }

// leastKept is how much of two texts must be the same, from 0 to 1, to show them as one with its changes and not as two.
const leastKept = 0.3

// Words compares two texts word by word.
func Words(before, after string) Line {
	a, b := split(before), split(after)
	w := weaver{}
	for _, p := range common(a, b) {
		w.between(a, b, p)
		w.keep(a[p.a])
	}
	w.between(a, b, pair{len(a), len(b)})
	w.close()
	if len(before) > 0 && len(after) > 0 && float64(2*w.kept) < leastKept*float64(len(before)+len(after)) {
		return Line{{Removed, before}, {Added, after}}
	}
	return w.line
}

// weaver puts a line together of the words that are in both texts and what is between them.
type weaver struct {
	line           Line
	next           pair // the first words that are not in the line
	removed, added strings.Builder
	space          string // kept, but perhaps between two changes: then it goes with them
	kept           int    // bytes
}

// between takes what is before the words that p names.
func (w *weaver) between(a, b []string, p pair) {
	if p.a == w.next.a && p.b == w.next.b {
		w.next = pair{p.a + 1, p.b + 1}
		return
	}
	w.removed.WriteString(w.space)
	w.added.WriteString(w.space)
	w.kept -= len(w.space)
	w.space = ""
	for _, word := range a[w.next.a:p.a] {
		w.removed.WriteString(word)
	}
	for _, word := range b[w.next.b:p.b] {
		w.added.WriteString(word)
	}
	w.next = pair{p.a + 1, p.b + 1}
}

func (w *weaver) keep(word string) {
	w.kept += len(word)
	if w.removed.Len() > 0 && w.added.Len() > 0 && w.space == "" && strings.TrimSpace(word) == "" {
		w.space = word
		return
	}
	w.close()
	w.put(Kept, word)
}

func (w *weaver) close() {
	w.put(Removed, w.removed.String())
	w.put(Added, w.added.String())
	w.put(Kept, w.space)
	w.removed.Reset()
	w.added.Reset()
	w.space = ""
}

func (w *weaver) put(kind Kind, text string) {
	if text == "" {
		return
	}
	if n := len(w.line); n > 0 && w.line[n-1].Kind == kind {
		w.line[n-1].Text += text
		return
	}
	w.line = append(w.line, Piece{kind, text})
}

// unspaced are the scripts that put no spaces between words.
var unspaced = []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar}

// split parts text into words, numbers, and single signs between them. In scripts without spaces each letter is a word of
// its own.
func split(s string) []string {
	var words []string
	for len(s) > 0 {
		n := wordLength(s)
		words = append(words, s[:n])
		s = s[n:]
	}
	return words
}

func wordLength(s string) int {
	first, n := utf8.DecodeRuneInString(s)
	alone := !isWord(first) || unicode.In(first, unspaced...)
	digit := unicode.IsDigit(first)
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		switch {
		case unicode.IsMark(r):
		case alone || unicode.In(r, unspaced...):
			return n
		case isWord(r):
			digit = unicode.IsDigit(r)
		case digit && (r == '.' || r == ',' || r == ':') && n+1 < len(s) && s[n+1] >= '0' && s[n+1] <= '9': // 1.250, 9:30
		default:
			return n
		}
		n += size
	}
	return n
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
