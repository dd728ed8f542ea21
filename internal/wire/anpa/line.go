package anpa

import (
	"regexp"
	"strings"

	"kawat/internal/wire/credit"
)

// isKeyword says whether a line repeats the keyword of the header. AP writes it in full in the text, with spaces, the
// words for the version and the number of words; the header has no more than 24 letters of it.
func isKeyword(line, keyword string) bool {
	if keyword == "" {
		return false
	}
	if strings.HasPrefix(line, keyword) {
		rest := strings.TrimLeft(line[len(keyword):], ", ")
		if rest == "" || isNumber(rest) {
			return true
		}
	}
	slug, _, _ := strings.Cut(keyword, " ")
	slug, _, _ = strings.Cut(slug, ",")
	cycle, _, ok := strings.Cut(slug, "-")
	if !ok || !hasPrefixFold(line, cycle+"-") {
		return false
	}
	i := 0
	for j := 0; j < len(line) && i < len(slug); j++ {
		if isSeparator(line[j]) {
			continue
		}
		for i < len(slug) && isSeparator(slug[i]) {
			i++
		}
		if i < len(slug) && lower(line[j]) != lower(slug[i]) {
			return false
		}
		i++
	}
	return strings.Trim(slug[min(i, len(slug)):], "- ") == ""
}

func isSeparator(c byte) bool { return c == ' ' || c == '-' }

// isSlug says whether a line begins with the cycle of a keyword: that of the morning papers (AM-), of the afternoon's
// (PM-), or of both (BC-), or the agency's own (AP-).
func isSlug(line string) bool {
	return len(line) > 3 && line[2] == '-' && (line[:2] == "AM" || line[:2] == "PM" || line[:2] == "BC" || line[:2] == "AP")
}

// withoutCount takes the number of words off the end of a keyword line.
func withoutCount(line string) string {
	if i := strings.LastIndexByte(line, ','); i > 0 && isNumber(strings.TrimSpace(line[i+1:])) {
		return strings.TrimRight(line[:i], ", ")
	}
	return line
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

// isNote says whether a line or paragraph is a note to editors. An EDITOR'S NOTE is not: it is for the reader.
func isNote(words string) bool {
	words = strings.TrimLeft(words, "( ")
	for _, opening := range [...]string{"Eds:", "Eds.:", "Editors:", "Eds. note:", "Eds note:", "Editors' note:", "Desks:"} {
		if hasPrefixFold(words, opening) {
			return len(words) > len(opening)
		}
	}
	return false
}

// isPicture says whether a field names the pictures that go with the story.
func isPicture(words string) bool {
	for _, opening := range [...]string{"AP Photo", "AP Graphic", "AP Video", "With AP Photo", "With AP Graphic", "LaserPhoto"} {
		if hasPrefixFold(words, opening) {
			return true
		}
	}
	return false
}

// isTitle says whether a field is the title of a reporter, which stands below the byline.
func isTitle(words string) bool {
	return len(words) < 60 && (strings.HasSuffix(words, "Writer") || strings.HasSuffix(words, "Writers") || strings.HasSuffix(words, "Editor") ||
		strings.HasSuffix(words, "Correspondent") || words == "Associated Press" || words == "The Associated Press" || hasPrefixFold(words, "For The Associated"))
}

// isAdvanceCode says whether a line is nothing but the mark of an advance: "$adv24".
func isAdvanceCode(words string) bool {
	return len(words) < 30 && hasPrefixFold(words, "$adv")
}

// isContact says whether a note tells whom to call or to write to.
func isContact(note string) bool { return contact.MatchString(note) }

var contact = regexp.MustCompile(`@\w|\b\d{3}[-. ]\d{4}\b|\b\d{2,4}[-/ ]\d{3,}[- ]?\d{2,}`)

// typographic gives the signs of print for those that stand for them on the wire: “ and ” for quotation marks, _ for
// a dash, { behind a figure for a half.
func typographic(s string) string {
	if !strings.ContainsAny(s, "`_{") && !strings.Contains(s, "''") {
		return s
	}
	s = ligatures.Replace(s)
	if rest, ok := strings.CutPrefix(s, "_ "); ok {
		s = "— " + rest
	}
	if strings.IndexByte(s, '{') >= 0 {
		s = half.ReplaceAllString(s, "$1½")
	}
	return s
}

var (
	ligatures = strings.NewReplacer("``", "“", "''", "”", "`", "‘", " _ ", " — ")
	half      = regexp.MustCompile(`(^|\d)\{`)
)

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
