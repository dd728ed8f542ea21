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
	open   bool     // nothing but the agency's brackets parts it from the text
	stop   bool     // its last sign ends it and is no part of it
	signs  signs    // what a paragraph must have for it
	marks  []string // of its signs of ASCII those that stand together, in their order
	// filed shapes end in the sign for "filed" of Chinese; in reporter shapes a reporter's name is written onto the place.
	// Of the two agencies in a relayed shape the second passes on what the first reports.
	filed, reporter, relayed bool
}

// signs tell in one look that most paragraphs have no dateline of most shapes: a bit for each sign of ASCII from ' ' to
// '?', and those below. A paragraph that is not in ASCII has them all: its signs may be of other widths.
type signs uint64

const (
	anyDash  signs = 1 << 32 // something that a dateline can end in
	notASCII signs = 1 << 33
	allSigns signs = 1<<34 - 1
)

func signsOf(s string) (found signs) {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= utf8.RuneSelf:
			return allSigns
		case c == '-' || c == '=' || c == '_' || c == '.' && i > 0 && s[i-1] == '/':
			found |= anyDash
			fallthrough
		default:
			if c -= ' '; c < 32 {
				found |= 1 << c
			}
		}
	}
	return found
}

// inOrder says whether the signs of a shape stand in a head, which is in ASCII, one behind the other. A story begins like one
// shape at most, and looking for these spares trying the others.
func (sh *shape) inOrder(head string) bool {
	for _, m := range sh.marks {
		at := strings.Index(head, m)
		if at < 0 {
			return false
		}
		head = head[at+len(m):]
	}
	return true
}

type token struct {
	kind    tokenKind
	literal string // folded
	agency  string // the only one that the shape is believed of, "": any
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
	sh := shape{rule: "dateline:" + s, open: s == "{place} ({agency})", stop: strings.HasSuffix(s, "}.") || strings.HasSuffix(s, "}. ") || strings.HasSuffix(s, "):")}
	for i := 0; i < len(s); {
		switch s[i] {
		case '{':
			end := strings.IndexByte(s[i:], '}')
			part, of, _ := strings.Cut(s[i+1:max(i+1, i+end)], ":")
			kind, ok := tokenNames[part]
			if !ok {
				return sh, fmt.Errorf("%q: no such part", s)
			}
			sh.agency = sh.agency || kind == agencyRun
			sh.tokens = append(sh.tokens, token{kind: kind, agency: of})
			if kind == dash {
				sh.signs |= anyDash
			}
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
			if said := signsOf(s[i : i+end]); said == allSigns {
				sh.signs |= notASCII
			} else {
				sh.signs |= said &^ anyDash
				if !hasCase(s[i : i+end]) {
					sh.marks = append(sh.marks, s[i:i+end])
				}
			}
			i += end
		}
	}
	sh.filed = strings.HasSuffix(s, "电") || strings.HasSuffix(s, "電")
	if strings.Contains(s, "{place} {date} {agency}") {
		sh.signs |= notASCII // nothing but spaces parts them in Arabic; elsewhere it would take long to say no
	}
	sh.relayed = strings.Contains(s, "{agency}={agency}")
	sh.reporter = strings.Contains(s, "记者{place}") || strings.Contains(s, "記者{place}")
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
	// origin is the agency whose report another passes on: "(도쿄 교도=연합뉴스)".
	origin string
	// guessed says that nothing parted the reporter's name from the place.
	guessed bool
	end     int // of the dash, where the text begins
	rule    string
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
	if bare, marked := voiced(paragraph); marked {
		f, ok := d.dateline(bare, profile)
		f.end = unvoiced(paragraph, f.end)
		return f, ok
	}
	lead := skipSpace(paragraph, 0)
	m := matcher{d: d, s: paragraph[lead:]}
	if profile != nil {
		m.own = profile.Agency
	}
	whole := len(m.s)
	m.s = head(m.s, maxDateline)
	m.all = len(m.s) == whole
	m.wide = strings.IndexByte(m.s, "（"[0]) >= 0
	signs := signsOf(m.s)
	if m.all {
		signs |= anyDash // its end is as good
	}
	agency := m.own != "" && strings.Contains(m.s, m.own)
	for i := d.nextAgency(m.s, 0); i < len(m.s) && !agency; i = d.nextAgency(m.s, i+1) {
		_, agency = m.agencyAt(i)
	}
	for i := range d.shapes {
		sh := &d.shapes[i]
		if sh.agency && !agency || sh.signs&^signs != 0 || signs&notASCII == 0 && !sh.inOrder(m.s) {
			continue
		}
		m.out = found{rule: sh.rule}
		if !m.match(sh.tokens, 0) || !sh.agency && (!inCapitals(m.out.Place) || len(m.out.Date) > maxBareDate) {
			continue
		}
		if next, _ := utf8.DecodeRuneInString(m.s[m.out.end:]); sh.filed && strings.ContainsRune("话話视視影台力子池器脑腦缆站网網信报報动動机機", next) {
			continue // the sign for "filed" begins another word: telephone, television
		}
		if sh.open && !m.filedBy(paragraph[lead+m.out.end:]) {
			continue
		}
		if sh.reporter {
			m.out.names, m.out.Place, m.out.guessed = d.reporterPlace(m.out.Place)
		}
		m.out.Text = strings.TrimSpace(m.s[:m.text])
		if sh.relayed {
			m.out.origin = m.out.Agency
			_, by, _ := strings.Cut(strings.ReplaceAll(m.out.Text, "＝", "="), "=")
			m.out.Agency = Agency(by[:max(0, strings.IndexAny(by, ")]】）］"))])
		}
		if sh.stop {
			m.out.Text = strings.TrimRight(m.out.Text, ".:")
		}
		m.out.Place = strings.TrimSpace(m.out.Place)
		m.out.Date = strings.TrimSpace(m.out.Date)
		m.out.end = skipSpace(paragraph, lead+m.out.end)
		return m.out, true
	}
	return found{}, false
}

// filedBy says whether the brackets that the head ends with name who filed, and not somebody in the news: a wire that
// writes its own name in small letters, or the provider. A sentence follows.
func (m *matcher) filedBy(text string) bool {
	name := m.s[:m.out.end]
	name = strings.Trim(name[strings.LastIndexByte(name, '(')+1:], ") ")
	next := first(strings.TrimLeft(text, " \t\u00a0\"«“„'"))
	return (name == strings.ToLower(name) || name == m.own) && (unicode.IsUpper(next) || unicode.IsDigit(next))
}

// isPlace says whether s can be the place of a dateline: a few capitalised words, no digit, no sentence.
func (d *dictionary) isPlace(s string) bool {
	s = strings.TrimSpace(s)
	if s == "" || folded(d.weekdays, s) {
		return false
	}
	count, commas := 0, 0
	for i := 0; i < len(s); {
		start, end := nextWord(s, i)
		for _, r := range s[i:start] {
			switch r {
			case ',', '、':
				commas++
			case ' ', '.', '/', '-', '\'', '’', '`', '&', '‘', '\u00a0', '·', '・':
			default:
				return false
			}
		}
		if start == end {
			break
		}
		r, _ := utf8.DecodeRuneInString(s[start:])
		if unicode.IsLower(r) && !folded(d.particles, s[start:end]) {
			return false
		}
		if !unspaced(r) || i == 0 {
			count++
		}
		i = end
	}
	if !hasCase(s) && (count > 4 || notPlace(s)) {
		return false
	}
	return count > 0 && count <= 7 && commas <= 3 && !strings.ContainsFunc(s, unicode.IsDigit)
}

// notPlace says of a text without capitals that it reads as words of a sentence.
func notPlace(s string) bool {
	return strings.ContainsAny(s, "在的是了说說據据称稱对對をにはがでへ") || utf8.RuneCountInString(s) > 20
}

// isDate says whether each part of s between commas has a digit in it or is a day of the week.
func (d *dictionary) isDate(s string) bool {
	for part := range strings.SplitSeq(s, ",") {
		digit := false
		if word, _, spaced := strings.Cut(strings.TrimSpace(part), " "); spaced && folded(d.weekdays, word) {
			part = strings.TrimSpace(part)[len(word):]
		}
		for _, r := range part {
			if !digit && r >= 0x0590 && unicode.IsLetter(r) && !hasCase(string(r)) { // a place written before its date
				return false
			}
			if unicode.IsDigit(r) {
				digit = true
			} else if !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune(" ./-'", r) {
				return false
			}
		}
		if !digit && !folded(d.weekdays, strings.TrimSpace(part)) {
			return false
		}
	}
	return true
}

func isNames(s string) bool {
	return !notReporter(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !strings.ContainsRune(" ,、，.·・", r)
	})
}

// inCapitals says whether s has capitals and no small letters.
func inCapitals(s string) bool {
	return strings.ContainsFunc(s, unicode.IsUpper) && !strings.ContainsFunc(s, unicode.IsLower)
}
