package credit

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// brackets are the pairs in which copy says something beside the story.
var brackets = [...][2]string{{"(", ")"}, {"[", "]"}, {"（", "）"}, {"［", "］"}, {"【", "】"}, {"〔", "〕"}, {"<", ">"}, {"＜", "＞"}, {"〈", "〉"}}

var openingBrackets, closingBrackets = newSignSet("([（［【〔"), newSignSet(")]）］】〕")

// bracketTail parts what stands in brackets at the end of a line from what is before it.
func bracketTail(line string) (before, inner string, ok bool) {
	if n := len(line); n == 0 || line[n-1] < utf8.RuneSelf && line[n-1] != ')' && line[n-1] != ']' && line[n-1] != '>' {
		return "", "", false
	}
	for _, b := range brackets {
		if body, closed := strings.CutSuffix(line, b[1]); closed {
			if i := strings.LastIndex(body, b[0]); i >= 0 {
				return strings.TrimSpace(line[:i]), strings.TrimSpace(body[i+len(b[0]):]), true
			}
			return "", "", false
		}
	}
	return "", "", false
}

// openAfter says whether more than figures stands behind the bracket in which a label and its value stand: then they are
// part of a text.
func (d *dictionary) openAfter(value string) bool {
	i := closingBrackets.index(value)
	if j := openingBrackets.index(value); i < 0 || j >= 0 && j < i {
		return false
	}
	rest := value[i:]
	for {
		before, inner, ok := bracketTail(strings.TrimSpace(rest))
		if !ok || len(before) >= len(rest) || !folded(d.signOffs, inner) {
			break
		}
		rest = before
	}
	return strings.ContainsFunc(rest, unicode.IsLetter)
}
