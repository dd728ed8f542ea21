package credit

import (
	"strings"
	"unicode/utf8"
)

// matcher matches one shape against the head of a paragraph.
type matcher struct {
	d    *dictionary
	s    string // the head
	all  bool   // the head is the whole paragraph
	wide bool   // it has signs of other widths than ASCII's
	own  string // the provider's own agency, which need not be in the dictionary
	text int    // end of the dateline's text
	out  found
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
		name := Agency(m.s[i:end])
		end = m.moreAgencies(end)
		if t.agency != "" && t.agency != name || !m.match(rest, end) {
			return false
		}
		m.out.Agency = name
		return true
	case dash:
		end, ok := m.dash(i)
		if !ok {
			return false
		}
		m.text, m.out.end = i, end
		return true
	case placeRun:
		return m.run(t.next, rest, i, maxPlace, m.d.isPlace, &m.out.Place)
	case dateRun:
		return m.run(t.next, rest, i, maxDate, m.d.isDate, &m.out.Date)
	default:
		return m.run(t.next, rest, i, maxName*2, isNames, &m.out.names)
	}
}

func (m *matcher) run(next byte, rest []token, i, most int, is func(string) bool, into *string) bool {
	if next != 0 && !m.wide && strings.IndexByte(m.s[min(i, len(m.s)):], next) < 0 {
		return false
	}
	for end := i; end < len(m.s) && end-i <= most; {
		_, size := utf8.DecodeRuneInString(m.s[end:])
		end += size
		if next != 0 && end < len(m.s) && m.s[end] != next && ' ' < m.s[end] && m.s[end] < utf8.RuneSelf {
			continue
		}
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
		n, _ := m.d.agencies.longest(m.s[i:])
		return i + max(n, len(m.own)), true // "dpa-AFX", where dpa is the provider
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
			ok = start == next && folded(m.d.agencyNames, m.s[start:end]) != nil
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
