package credit

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"kawat/internal/wire"
)

// shape is one form of dateline, as datelines.yaml gives it.
type shape struct {
	rule   string
	tokens []token
	agency bool
}

type token struct {
	kind    tokenKind
	literal string // folded
}

type tokenKind uint8

const (
	literal tokenKind = iota
	space
	placeRun
	dateRun
	agencyRun
	namesRun
	dash
)

var tokenNames = map[string]tokenKind{"place": placeRun, "date": dateRun, "agency": agencyRun, "names": namesRun, "dash": dash}

func compileShape(s string) (shape, error) {
	sh := shape{rule: "dateline:" + s}
	for i := 0; i < len(s); {
		switch s[i] {
		case '{':
			end := strings.IndexByte(s[i:], '}')
			kind, ok := tokenNames[s[i+1:max(i+1, i+end)]]
			if !ok {
				return sh, fmt.Errorf("%q: no such part", s)
			}
			sh.agency = sh.agency || kind == agencyRun
			sh.tokens = append(sh.tokens, token{kind: kind})
			if kind == dash && i+end+1 != len(s) {
				return sh, fmt.Errorf("%q: {dash} must come last", s)
			}
			i += end + 1
		case ' ':
			sh.tokens = append(sh.tokens, token{kind: space})
			i++
		default:
			end := strings.IndexAny(s[i:], "{ ")
			if end < 0 {
				end = len(s) - i
			}
			sh.tokens = append(sh.tokens, token{literal: fold(s[i : i+end])})
			i += end
		}
	}
	return sh, nil
}

// Bounds of a dateline and its parts, in bytes.
const (
	maxDateline = 200
	maxPlace    = 60
	maxDate     = 32
	maxBareDate = 18 // without an agency beside it
)

// found is a dateline at the head of a paragraph.
type found struct {
	wire.Dateline
	names string // of the reporters
	end   int    // of the dash, where the text begins
	rule  string
}

// matcher matches one shape against the head of a paragraph.
type matcher struct {
	d    *dictionary
	s    string // the head
	all  bool   // the head is the whole paragraph
	own  string // the provider's own agency, which need not be in the dictionary
	text int    // end of the dateline's text
	out  found
}

// SplitDateline parts the dateline from the text of a first paragraph: "Tokyo (ANTARA) - Pelabuhan …" gives a Dateline
// with the text "Tokyo (ANTARA)", and "Pelabuhan …". Without a dateline ok is false and rest is the paragraph. The
// profile may be nil; its agency is believed in a dateline even if the dictionary has no such agency. The agency comes
// in the dictionary's spelling, place and date as they stand.
func SplitDateline(paragraph string, profile *wire.Profile) (d wire.Dateline, rest string, ok bool) {
	f, ok := words().dateline(paragraph, profile)
	if !ok {
		return wire.Dateline{}, paragraph, false
	}
	return f.Dateline, paragraph[f.end:], true
}

func (d *dictionary) dateline(paragraph string, profile *wire.Profile) (found, bool) {
	lead := skipSpace(paragraph, 0)
	m := matcher{d: d, s: paragraph[lead:]}
	if profile != nil {
		m.own = profile.Agency
	}
	whole := len(m.s)
	m.s = head(m.s, maxDateline)
	m.all = len(m.s) == whole
	agency := m.own != "" && strings.Contains(m.s, m.own)
	for i := 0; i < len(m.s) && !agency; i++ {
		_, agency = m.agencyAt(i)
	}
	for i := range d.shapes {
		sh := &d.shapes[i]
		if sh.agency && !agency {
			continue
		}
		m.out = found{rule: sh.rule}
		if !m.match(sh.tokens, 0) || !sh.agency && (!inCapitals(m.out.Place) || len(m.out.Date) > maxBareDate) {
			continue
		}
		m.out.Text = strings.TrimSpace(m.s[:m.text])
		m.out.Place = strings.TrimSpace(m.out.Place)
		m.out.Date = strings.TrimSpace(m.out.Date)
		m.out.end = skipSpace(paragraph, lead+m.out.end)
		return m.out, true
	}
	return found{}, false
}

// match matches tokens from byte i of the head. Runs are as short as the rest allows.
func (m *matcher) match(tokens []token, i int) bool {
	if len(tokens) == 0 {
		m.text, m.out.end = i, i
		return true
	}
	t, rest := tokens[0], tokens[1:]
	switch t.kind {
	case space:
		return m.match(rest, skipSpace(m.s, i))
	case literal:
		end, ok := m.literal(t.literal, i)
		return ok && m.match(rest, end)
	case agencyRun:
		end, ok := m.agencyAt(i)
		if !ok {
			return false
		}
		name := m.s[i:end]
		end = m.moreAgencies(end)
		if !m.match(rest, end) {
			return false
		}
		m.out.Agency = Agency(name)
		return true
	case dash:
		end, ok := m.dash(i)
		if !ok {
			return false
		}
		m.text, m.out.end = i, end
		return true
	case placeRun:
		return m.run(rest, i, maxPlace, m.d.isPlace, &m.out.Place)
	case dateRun:
		return m.run(rest, i, maxDate, m.d.isDate, &m.out.Date)
	default:
		return m.run(rest, i, maxName*2, isNames, &m.out.names)
	}
}

func (m *matcher) run(rest []token, i, most int, is func(string) bool, into *string) bool {
	for end := i; end < len(m.s) && end-i <= most; {
		_, size := utf8.DecodeRuneInString(m.s[end:])
		end += size
		if m.match(rest, end) && is(m.s[i:end]) {
			*into = m.s[i:end]
			return true
		}
	}
	return false
}

// literal compares folded text with the head from byte i.
func (m *matcher) literal(want string, i int) (end int, ok bool) {
	var room [64]byte
	for want != "" {
		if i >= len(m.s) {
			return 0, false
		}
		if c := m.s[i]; c < utf8.RuneSelf {
			if c != want[0] && (c < 'A' || c > 'Z' || c+'a'-'A' != want[0]) {
				return 0, false
			}
			want, i = want[1:], i+1
			continue
		}
		r, size := utf8.DecodeRuneInString(m.s[i:])
		key := appendFold(room[:0], r, false)
		if len(key) == 0 || !strings.HasPrefix(want, string(key)) {
			return 0, false
		}
		want, i = want[len(key):], i+size
	}
	return i, true
}

// agencyAt finds an agency's name at byte i of the head.
func (m *matcher) agencyAt(i int) (end int, ok bool) {
	if m.own != "" && strings.HasPrefix(m.s[i:], m.own) && parts(m.s, i) && parts(m.s, i+len(m.own)) {
		return i + len(m.own), true
	}
	if !m.d.mayStartAgency(m.s, i) || !utf8.RuneStart(m.s[i]) || !parts(m.s, i) {
		return 0, false
	}
	n, spellings := m.d.agencies.longest(m.s[i:])
	if n == 0 || spellings[0].Name == "" {
		return 0, false
	}
	return i + n, true
}

// moreAgencies passes over what follows an agency's name within its brackets: "/JACX", " afp", " News".
func (m *matcher) moreAgencies(i int) int {
	for i < len(m.s) {
		next := skipSpace(m.s, i)
		if next < len(m.s) && (m.s[next] == '/' || m.s[next] == '-') {
			if end, ok := m.agencyAt(skipSpace(m.s, next+1)); ok {
				i = end
				continue
			}
			_, end := nextWord(m.s, next)
			if m.s[next] == '/' && end > next+1 && end-next < 24 && strings.HasPrefix(m.s[end:], ")") {
				return end
			}
			return i
		}
		end, ok := m.agencyAt(next)
		if !ok && next > i { // "(ats afp)"
			var start int
			start, end = nextWord(m.s, next)
			ok = start == next && m.d.agencyNames[fold(m.s[start:end])] != nil
		}
		if !ok || next == i {
			return i
		}
		i = end
	}
	return i
}

const dashes = "-–—―‐−_=－"

// dash matches what ends a dateline: dashes, with a stop before them or not; a stop after "/TASS/"; the paragraph's end.
// A single hyphen that is written onto a word is part of the word.
func (m *matcher) dash(i int) (end int, ok bool) {
	i = skipSpace(m.s, i)
	if i >= len(m.s) {
		return i, m.all
	}
	stop := false
	if m.s[i] == '.' {
		i, stop = i+1, i > 0 && m.s[i-1] == '/'
	}
	before, _ := utf8.DecodeLastRuneInString(m.s[:i])
	end = i
	for n := 0; end < len(m.s) && n < 3; n++ {
		r, size := utf8.DecodeRuneInString(m.s[end:])
		if !strings.ContainsRune(dashes, r) {
			break
		}
		end += size
	}
	if m.s[i:end] == "-" && inWord(before) {
		return 0, false
	}
	return end, end > i || stop
}

// isPlace says whether s can be the place of a dateline: a few capitalised words, no digit, no sentence.
func (d *dictionary) isPlace(s string) bool {
	s = strings.TrimSpace(s)
	if s == "" || d.weekdays[fold(s)] {
		return false
	}
	count, commas := 0, 0
	for i := 0; i < len(s); {
		start, end := nextWord(s, i)
		for _, r := range s[i:start] {
			switch r {
			case ',', '、':
				commas++
			case ' ', '.', '/', '-', '\'', '’', '`', '&', '‘', '\u00a0', '·':
			default:
				return false
			}
		}
		if start == end {
			break
		}
		r, _ := utf8.DecodeRuneInString(s[start:])
		if unicode.IsLower(r) && !d.particles[fold(s[start:end])] {
			return false
		}
		if !unspaced(r) || i == 0 {
			count++
		}
		i = end
	}
	return count > 0 && count <= 7 && commas <= 3 && !strings.ContainsFunc(s, unicode.IsDigit)
}

// isDate says whether each part of s between commas has a digit in it or is a day of the week.
func (d *dictionary) isDate(s string) bool {
	for part := range strings.SplitSeq(s, ",") {
		digit := false
		for _, r := range part {
			if !digit && unspaced(r) { // a place written onto its date
				return false
			}
			if unicode.IsDigit(r) {
				digit = true
			} else if !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune(" ./-'", r) {
				return false
			}
		}
		if !digit && !d.weekdays[fold(strings.TrimSpace(part))] {
			return false
		}
	}
	return true
}

func isNames(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune(" ,、，.·・", r)
	})
}

// inCapitals says whether s has capitals and no small letters.
func inCapitals(s string) bool {
	return strings.ContainsFunc(s, unicode.IsUpper) && !strings.ContainsFunc(s, unicode.IsLower)
}
