package credit

import (
	"strings"
	"unicode/utf8"
)

// signSet is a set of signs. Of a line most are looked for in vain, character by character, so one of ASCII is asked for in a
// table; package strings has one for sets that are in ASCII themselves.
type signSet struct {
	ascii  [utf8.RuneSelf]bool
	others string
}

func newSignSet(all string) *signSet {
	s := &signSet{others: all}
	for _, r := range all {
		if r < utf8.RuneSelf {
			s.ascii[r] = true
		}
	}
	return s
}

func (s *signSet) has(r rune) bool {
	if uint32(r) < utf8.RuneSelf {
		return s.ascii[r]
	}
	return strings.ContainsRune(s.others, r)
}

// index finds the first sign of the set in a text, -1: there is none.
func (s *signSet) index(text string) int { return strings.IndexFunc(text, s.has) }

// trim cuts the signs of the set off both ends of a text.
func (s *signSet) trim(text string) string { return strings.TrimFunc(text, s.has) }
