package anpa

import (
	"strings"

	"kawat/internal/wire/credit"
	"kawat/internal/wire/markup"
)

// text is what stands between STX and ETX.
type text struct {
	headline   string
	byline     string
	paragraphs []string
}

// readText parts the text into its headline, which follows the repeated keyword and may run over lines, and its
// paragraphs, each of which begins with an indented line. Lines above the text in the manner of AP begin with ^ and end
// in < (keyword and headline) or = (bylines).
func readText(raw, keyword string) text {
	var t text
	var headlines, lines []string
	flush := func() {
		if len(lines) > 0 {
			t.paragraphs = append(t.paragraphs, strings.Join(lines, " "))
			lines = nil
		}
	}
	above := true // still above the first paragraph
	for line := range strings.Lines(raw) {
		line = withoutCodes(strings.TrimRight(line, " \r\n"))
		words := markup.Clean(line)
		switch indented := isIndented(line); {
		case words == "":
			flush()
			above = above && len(headlines) == 0
		case !above && (indented || strings.HasPrefix(words, "==") || isLabel(words, lines)):
			flush()
			lines = append(lines, words)
		case !above:
			lines = append(lines, words)
		case strings.HasPrefix(words, "^"):
			if name, ok := strings.CutSuffix(words, "="); ok {
				if t.byline == "" { // the lines below it say what the reporter is
					t.byline = strings.Trim(name, "^ ")
				}
			} else if words = strings.Trim(words, "^< "); !isKeyword(words, keyword) {
				headlines = append(headlines, words)
			}
		case indented:
			above = false
			lines = append(lines, words)
		case isKeyword(words, keyword) && len(headlines) == 0:
		default:
			last := strings.HasSuffix(words, "+")
			headlines = append(headlines, strings.TrimSpace(strings.TrimSuffix(words, "+")))
			above = !last
		}
	}
	flush()
	t.headline = strings.Join(headlines, " ")
	return t
}

// isKeyword says whether a line repeats the keyword of the header; AP puts the number of words behind it.
func isKeyword(line, keyword string) bool {
	if keyword == "" || !strings.HasPrefix(line, keyword) {
		return false
	}
	rest := strings.TrimLeft(line[len(keyword):], ", ")
	return rest == "" || isNumber(rest)
}

// isIndented says whether a line begins a paragraph: with a tab or at least three spaces, the sign of a new paragraph
// being five.
func isIndented(line string) bool {
	return strings.HasPrefix(line, "\t") || strings.HasPrefix(line, "   ")
}

// isLabel says whether a line that is not indented says something beside the story. Only one that stands after the
// end of a sentence can.
func isLabel(line string, before []string) bool {
	if n := len(before); n > 0 && !strings.ContainsAny(before[n-1][len(before[n-1])-1:], ".!?\"')") {
		return false
	}
	return credit.Opens(line)
}

// withoutCodes takes format codes out of a line, so that those at its head do not indent it; the space band (DLE) is a
// space.
func withoutCodes(line string) string {
	for i := range len(line) {
		if line[i] < ' ' && line[i] != '\t' {
			return strings.Map(func(r rune) rune {
				switch {
				case r == 0x10:
					return ' '
				case r < ' ' && r != '\t':
					return -1
				}
				return r
			}, line)
		}
	}
	return line
}
