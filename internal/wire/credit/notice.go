package credit

import (
	"strings"
	"unicode/utf8"
)

// wording is what kinds of words a notice was found to hold.
type wording uint8

const (
	opens     wording = 1 << iota // it begins as a notice does
	forbids                       // it forbids
	self                          // it speaks of this very copy or site
	work                          // it speaks of content
	byMachine                     // it speaks of crawling, mining, training, AI
	ends                          // it ends in words of a notice, in a script that writes no spaces
)

func (w wording) has(all wording) bool { return w&all == all }

type noticeTerm struct {
	wording
	language string
}

// Bounds in bytes: of usage terms, and of a copyright notice.
const (
	maxTerms  = 4000
	maxNotice = 300
)

// head gives the first bytes of s, at most most of them, without cutting a rune.
func head(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most]
}

// wordingOf reads the wording of a line, and the language that most plainly forbids.
func (d *dictionary) wordingOf(line string) (w wording, language string) {
	if len(line) > maxTerms {
		return 0, ""
	}
	if d.opensNotice(line) {
		w = opens
	}
	lastEnd := 0
	for i := 0; i < len(line); {
		start, end := nextWord(line, i)
		if start == end {
			break
		}
		n, terms := d.notice.longest(line[start:])
		if n > 0 {
			lastEnd = max(lastEnd, start+n)
		}
		for _, t := range terms {
			w |= t.wording
			if t.wording == forbids && language == "" {
				language = t.language
			}
		}
		i = max(end, start+n)
	}
	if r, _ := utf8.DecodeLastRuneInString(line[:lastEnd]); unspaced(r) && !strings.ContainsFunc(line[lastEnd:], inWord) {
		w |= ends
	}
	return w, language
}

// opensNotice says whether a line begins as a notice does. Most lines do not, and need not be read to their ends.
func (d *dictionary) opensNotice(line string) bool {
	start, _ := nextWord(line, 0)
	n, _ := d.openings.longest(line[start:])
	return n > 0
}

// isTerms says whether wording is that of usage terms below credits or a copyright notice.
func isTerms(w wording) bool { return w.has(forbids) && w&(self|work|byMachine) != 0 }

// Reserves says whether usage terms that stand in a field of their own reserve copy against machines, in any language: in
// running text more has to be there, since news speaks of such terms as well.
func Reserves(terms string) bool {
	for line := range strings.Lines(terms) {
		if w, _ := words().wordingOf(line); w.has(forbids | byMachine) {
			return true
		}
	}
	return false
}

// termsAlone reads a line whose wording is that of usage terms wherever it stands at the end of copy; it gives nil for all
// others. Where a verb comes last, a notice begins and ends as one; a sentence that tells of a notice goes on.
func (d *dictionary) termsAlone(line string) *finding {
	if !d.opensNotice(line) {
		return nil
	}
	w, language := d.wordingOf(line)
	if w.has(opens|forbids|self) || w.has(opens|forbids|ends) && w&(work|byMachine) != 0 {
		return &finding{terms: strings.TrimSpace(line), wording: w, termsLanguage: language}
	}
	return nil
}

// notice is a copyright notice in a line.
type notice struct {
	text   string // as it is to be shown
	holder string
	year   int
	rule   string
}

// findNotice finds a copyright notice in a line, from a word or a sign of it on; at is -1 when there is none.
func (d *dictionary) findNotice(line, language string) (n notice, at int) {
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case c == '(' || c == 0xC2: // (c), ©
		case !utf8.RuneStart(c), c < utf8.RuneSelf && !inWord(rune(c)), !parts(line, i) && !glued(line, i):
			continue
		}
		if n, ok := d.parseNotice(line[i:], language); ok {
			return n, i
		}
	}
	return notice{}, -1
}

func hasRole(terms []term, role string) bool {
	for _, t := range terms {
		if t.role == role {
			return true
		}
	}
	return false
}

// parseNotice reads a copyright notice that s begins with: marks, then holder and year in either order, then what
// reserves the rights. A word alone is no notice: it needs © or (c), or a year.
func (d *dictionary) parseNotice(s, language string) (n notice, ok bool) {
	s = head(s, maxNotice)
	n.rule = "notice:copyright"
	i, sign, weakSign := 0, false, false
	for range 6 {
		i = skipSpace(s, i)
		rest := s[i:]
		size, terms := d.copyright.longest(rest)
		if size > 0 && hasRole(terms, "copyright") {
			if n.rule == "notice:copyright" {
				n.rule += ":" + choose(terms, language).language
			}
			i += size
		} else if strings.HasPrefix(rest, "©") {
			i, sign = i+2, true
		} else if strings.HasPrefix(rest, "ⓒ") || strings.HasPrefix(rest, "Ⓒ") {
			i, sign = i+len("ⓒ"), true
		} else if len(rest) >= 3 && strings.EqualFold(rest[:3], "(c)") {
			i, weakSign = i+3, true
		} else if i > 0 && strings.HasPrefix(rest, ":") {
			i++
		} else {
			break
		}
	}
	if i == 0 {
		return n, false
	}
	sign = sign || weakSign && n.rule != "notice:copyright"
	rest := s[i:]
	holderEnd := 0
	if year, size := leadingYear(rest); size > 0 {
		n.year = year
		from := size + len(rest[size:]) - len(strings.TrimLeft(rest[size:], " ,"))
		holderEnd = from + d.holderLength(rest[from:])
		n.holder = cleanHolder(rest[from:holderEnd])
	} else {
		if !sign && !weakSign && n.rule == "notice:copyright" {
			return n, false
		}
		holderEnd = d.holderLength(rest)
		for j := 0; j < holderEnd; j++ {
			if !utf8.RuneStart(rest[j]) || !parts(rest, j) {
				continue
			}
			if year, size := leadingYear(rest[j:]); size > 0 {
				n.year, n.holder, holderEnd = year, cleanHolder(rest[:j]), j+size
				break
			}
		}
		if n.year == 0 {
			n.holder = cleanHolder(rest[:holderEnd])
			if !sign && !(weakSign && folded(d.agencyNames, n.holder) != nil) {
				return n, false
			}
		}
	}
	if n.holder == "" || len(n.holder) > 80 {
		return n, false
	}
	end := i + holderEnd
	// "All rights reserved." belongs to what is to be shown.
	after := end + len(s[end:]) - len(strings.TrimLeft(s[end:], " .,-–—|"))
	if size, terms := d.copyright.longest(s[after:]); size > 0 && hasRole(terms, "reserved") {
		end = after + size
	}
	if strings.HasPrefix(s[end:], ".") {
		end++
	}
	n.text = strings.TrimRight(s[:end], " ,、，،\t\n\u00a0\u3000")
	return n, true
}

// holderLength says how many bytes of s can name a holder: up to a stop, a bar, or words that open terms.
func (d *dictionary) holderLength(s string) int {
	for i := 0; i < len(s); {
		start, end := nextWord(s, i)
		for j := i; j < start; j++ {
			switch {
			case s[j] == '|' || s[j] == '\n' || s[j] == ';' || s[j] == '>':
				return j
			case s[j] == '.' && (j+1 == len(s) || s[j+1] == ' ') && !isAbbreviation(s[:j]):
				return j
			case strings.HasPrefix(s[j:], " - ") || strings.HasPrefix(s[j:], "。"):
				return j
			}
		}
		if start == end {
			return len(s)
		}
		if start > 120 {
			return start
		}
		if size, terms := d.copyright.longest(s[start:]); size > 0 && hasRole(terms, "reserved") {
			return start
		}
		if size, _ := d.openings.longest(s[start:]); size > 0 && i > 0 {
			return start
		}
		i = end
	}
	return len(s)
}

// isAbbreviation says whether the word that s ends with is one that is written with a stop: "Ltd", "Inc", "J".
func isAbbreviation(s string) bool {
	word := s[strings.LastIndexByte(s, ' ')+1:]
	switch word {
	case "Ltd", "Inc", "Co", "Corp", "PT", "No":
		return true
	}
	return len(word) == 1
}

func cleanHolder(s string) string {
	s = squeeze(strings.Trim(s, " \t,.:;-–—()<>＜＞〈〉、，。،"))
	if strings.Count(s, "(") > strings.Count(s, ")") { // "dpa (www.dpa.de)."
		s += ")"
	}
	for _, by := range [...]string{"by ", "oleh ", "By ", "Oleh "} {
		s = strings.TrimPrefix(s, by)
	}
	return s
}

// leadingYear reads a year, or the last year of a range, that s begins with.
func leadingYear(s string) (year, size int) {
	if year, size = yearAt(s); size == 0 {
		return 0, 0
	}
	for _, dash := range [...]string{"-", "–", " - ", ", "} {
		if rest, ok := strings.CutPrefix(s[size:], dash); ok {
			if last, more := yearAt(rest); more > 0 {
				return last, size + len(dash) + more
			}
		}
	}
	return year, size
}

// yearAt reads four figures of any script that write figures as ASCII does.
func yearAt(s string) (year, size int) {
	for range 4 {
		r, n := utf8.DecodeRuneInString(s[size:])
		f := figure(r)
		if f < 0 {
			return 0, 0
		}
		year, size = year*10+f, size+n
	}
	if r, _ := utf8.DecodeRuneInString(s[size:]); figure(r) >= 0 || year < 1900 || year >= 2100 {
		return 0, 0
	}
	return year, size
}

// figure gives the value of a figure of ASCII, of full width, or of Arabic, Persian or Thai; -1: it is none.
func figure(r rune) int {
	for _, zero := range [...]rune{'0', '٠', '۰', '๐', '０'} {
		if zero <= r && r <= zero+9 {
			return int(r - zero)
		}
	}
	return -1
}
