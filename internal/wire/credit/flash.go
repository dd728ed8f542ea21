package credit

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Flash finds what says that copy is a flash, which may be nothing but its headline: its genre, a field of its slugline, or
// the word in front of the headline ("FLASH: Ferry sinks", "EILMELDUNG - …", "【速報】…"). It gives the words; "": none.
func Flash(headline, slugline, genre string) string {
	d := words()
	if d.isFlash(genre) {
		return genre
	}
	for field := range strings.FieldsFuncSeq(head(slugline, maxAnnounced), func(r rune) bool { return r == ',' || r == '/' }) {
		if field = strings.TrimPrefix(strings.TrimSpace(field), "BC-"); d.isFlash(field) {
			return field
		}
	}
	return d.flashAt(strings.TrimSpace(headline))
}

// IsFlash says whether a term that a format has for kinds of copy is one for flashes: "Alert", "afprole:urgent".
func IsFlash(term string) bool { return words().isFlash(term) }

func (d *dictionary) isFlash(term string) bool {
	term = strings.TrimSpace(term[strings.LastIndexAny(term, ":/#")+1:])
	n, _ := d.flashes.longest(term)
	return n > 0 && n == len(term)
}

// flashAt reads what a headline begins with. "Flash floods hit port", "FLASH-FLOOD WARNING" and "Urgent repairs" are news.
func (d *dictionary) flashAt(headline string) string {
	s := strings.TrimLeft(headline, lineOpenings)
	n, _ := d.flashes.longest(s)
	if n == 0 {
		return ""
	}
	said, rest := s[:n], s[n:]
	spaced := strings.TrimLeft(rest, " \u00a0")
	next := first(spaced)
	title := strings.TrimLeftFunc(spaced, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	cased := strings.ContainsFunc(said, func(r rune) bool { return unicode.IsUpper(r) || unicode.IsLower(r) })
	apart := strings.ContainsRune(":：)]】］）〉|*!+＞>/－=＝　", next) || strings.HasPrefix(spaced, "..")
	if strings.ContainsRune("-–—", next) {
		word, _, _ := strings.Cut(spaced[utf8.RuneLen(next):], " ")
		apart = len(spaced) < len(rest) || inCapitals(said) && unicode.IsUpper(first(word)) && !inCapitals(word)
	}
	if title == "" || !apart && !(cased && inCapitals(said) && !inCapitals(headline)) {
		return ""
	}
	return said
}
