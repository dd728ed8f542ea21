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
	// next is the byte of ASCII that must follow a run, spaces apart; 0: any may.
	next byte
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
	for i := range sh.tokens {
		j := i + 1
		for j < len(sh.tokens) && sh.tokens[j].kind == space {
			j++
		}
		if j < len(sh.tokens) && sh.tokens[j].kind == literal && sh.tokens[j].literal[0] < utf8.RuneSelf {
			sh.tokens[i].next = sh.tokens[j].literal[0]
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
	m.wide = strings.IndexByte(m.s, "（"[0]) >= 0
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
