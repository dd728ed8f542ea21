package copytext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"kawat/internal/wire/credit"
	"kawat/internal/wire/markup"
)

// clean gives text with line ends as \n, without a byte order mark, and without what XML 1.0 does not allow; what is
// not UTF-8 becomes U+FFFD.
func clean(text string) string {
	dirty := -1
	for i := 0; i < len(text); {
		if i += markup.Printable(text[i:]); i == len(text) {
			break
		}
		if c := text[i]; c == '\n' || c == '\t' {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		if r < utf8.RuneSelf || !plain(r) || r == utf8.RuneError {
			dirty = i
			break
		}
		i += size
	}
	if dirty < 0 {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	b.WriteString(text[:dirty])
	afterCR := false
	for _, r := range text[dirty:] {
		switch {
		case r == '\n':
			if !afterCR {
				b.WriteByte('\n')
			}
		case r == '\r', r == '\v', r == '\f', r == 0x85, r == 0x2028:
			b.WriteByte('\n')
		case r == 0x2029:
			b.WriteString("\n\n")
		case r == '\t', r >= ' ' && r != 0x7F && plain(r):
			b.WriteRune(r)
		}
		afterCR = r == '\r'
	}
	return b.String()
}

// plain says whether a rune above ASCII may stay in copy.
func plain(r rune) bool {
	switch {
	case r < 0x80:
		return true
	case r < 0xA0, r == 0x2028, r == 0x2029, r == 0xFEFF, r == 0xFFFE, r == 0xFFFF:
		return false
	}
	return true
}

// Lines of wrapped copy are from minWrapped to maxWrapped columns wide, and an indent of three spaces, of one of full
// width, or of a tab begins a paragraph.
const (
	minWrapped = 45
	maxWrapped = 110
)

// columns says how wide a line is shown: a sign of Han, kana or Hangul takes two columns, a mark above a letter none. An
// ASCII line is as wide as it has bytes.
func columns(line string) int {
	if len(line) > 4*maxWrapped {
		return len(line) / 2 // a paragraph
	}
	wide := markup.Printable(line)
	for _, r := range line[wide:] {
		switch {
		case r < 0x0300:
			wide++
		case unicode.IsMark(r):
		case r >= 0x1100 && (unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) ||
			r >= 0x3000 && r <= 0x30FF || r >= 0xFF01 && r <= 0xFF60):
			wide += 2
		default:
			wide++
		}
	}
	return wide
}

// join makes one line of the lines of a paragraph. Where words are written without spaces, the line's end is none.
func join(lines []string) string {
	if len(lines) == 1 {
		return lines[0]
	}
	var b strings.Builder
	for i, line := range lines {
		if i > 0 {
			last, _ := utf8.DecodeLastRuneInString(lines[i-1])
			first, _ := utf8.DecodeRuneInString(line)
			if !(solid(last) && solid(first)) {
				b.WriteByte(' ')
			}
		}
		b.WriteString(line)
	}
	return b.String()
}

// solid says whether r is of writing that has no spaces between words: not Korean, which has them.
func solid(r rune) bool {
	return r >= 0x0E00 && (unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) ||
		r >= 0x3000 && r <= 0x30FF || r >= 0xFF01 && r <= 0xFF60)
}

// split parts clean copy into paragraphs, each on one line. Blank lines part paragraphs, and so does every line end
// unless the copy is wrapped.
func split(text string) []string {
	lines := strings.Split(text, "\n")
	wrapped := isWrapped(lines)
	paragraphs := make([]string, 0, len(lines))
	var open []string // lines of the paragraph that is not yet complete
	flush := func() {
		if len(open) > 0 {
			paragraphs = append(paragraphs, join(open))
			open = open[:0]
		}
	}
	long := false // whether the line above is long enough to be wrapped
	for _, line := range lines {
		trimmed := strings.TrimSpace(line)
		if trimmed == "" {
			flush()
			continue
		}
		if !wrapped || !long || indented(line) || credit.Opens(trimmed) || credit.IsKillLine(trimmed) {
			flush()
		}
		open = append(open, trimmed)
		// A paragraph in brackets, such as a note on a correction, ends with them.
		long = columns(line) >= minWrapped && !(open[0][0] == '(' && trimmed[len(trimmed)-1] == ')')
	}
	flush()
	return paragraphs
}

func indented(line string) bool {
	return strings.HasPrefix(line, "\t") || strings.HasPrefix(line, "   ") || strings.HasPrefix(line, "　")
}

// isWrapped says whether the lines of a copy were broken at a width: none is longer than a line, and most of those that
// another follows stop in the middle of a sentence.
func isWrapped(lines []string) bool {
	broken, complete := 0, 0
	for i, line := range lines {
		wide := columns(line)
		if wide > maxWrapped {
			return false
		}
		if wide < minWrapped || i+1 == len(lines) || strings.TrimSpace(lines[i+1]) == "" {
			continue
		}
		line = strings.TrimRight(line, " \t\u3000")
		switch last, _ := utf8.DecodeLastRuneInString(line); last {
		case '.', '!', '?', '"', ':', '。', '！', '？', '：', '”', '」', '』', '؟':
			complete++
		default:
			if !indented(lines[i+1]) && !credit.Opens(line) && !credit.Opens(lines[i+1]) {
				broken++
			}
		}
	}
	return broken >= 2 && broken > 2*complete
}
