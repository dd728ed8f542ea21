package credit

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// scriptName judges a name in a script without capitals that does not part words; ok is false for all others. What
// the case of letters tells of a Latin name, length and kind of the letters must tell here.
func scriptName(name string) (like likeness, ok bool) {
	if !strings.ContainsFunc(name, unspaced) {
		return noName, false
	}
	words, longest, word := 1, 0, 0
	foreign := false // written with dots between its parts
	for _, r := range name {
		switch {
		case strings.ContainsRune("・･·‧•=＝", r):
			foreign = true
		case r == ' ' || r == '　' || r == '.' || r == '-' || r == '’' || r == '\'':
			words, word = words+1, 0
		case unicode.IsLetter(r) || unicode.IsMark(r) || r == '々' || r == 'ฯ':
			word++
			longest = max(longest, word)
		default:
			return noName, true
		}
	}
	l := lettersOf(name)
	cjk := l.han + l.hiragana + l.katakana
	switch {
	case strings.ContainsAny(name, "的是说說这這那们們吗嗎您"):
		return noName, true
	case words > 5:
		return noName, true
	case l.thai > 0:
		if longest > 30 || words == 1 && longest > 24 {
			return noName, true
		}
		return properName, true
	case l.hangul > 0:
		if longest > 6 || words > 3 {
			return noName, true
		}
		return properName, true
	case cjk+l.other < 2 || cjk > 24:
		return noName, true
	case foreign && l.hiragana == 0:
		return properName, true
	case l.hiragana > 0:
		if longest > 8 {
			return noName, true
		}
		return smallName, true
	case l.katakana > 0:
		if longest > 12 {
			return noName, true
		}
		return properName, true
	case longest <= 4:
		return properName, true
	case longest <= 8:
		return smallName, true
	}
	return noName, true
}

// surnamed says whether all names begin with a surname, as they must where the words beside them open or end headlines as
// well; a Korean name has three syllables then, or one of two behind a surname of two. Of other languages than those
// that list surnames it says yes.
func (d *dictionary) surnamed(credits []creditFound, language string) bool {
	if language != "zh" && language != "ko" {
		return true
	}
	for _, c := range credits {
		n, _ := d.script.surnames.longest(c.Name)
		if strings.ContainsAny(c.Name, "·‧・") && language == "zh" {
			continue
		}
		signs, surname := utf8.RuneCountInString(c.Name), utf8.RuneCountInString(c.Name[:n])
		if n == 0 || signs == surname || language == "ko" && signs != surname+2 {
			return false
		}
	}
	return true
}

// hasCase says whether a name is written in a script that has capitals. Where it has none, a credit is believed above
// and below the story's text only.
func hasCase(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return unicode.IsUpper(r) || unicode.IsLower(r) })
}

// joined says how many bytes of value at byte i stand for "and" between the name that begins at byte from and the next.
func (d *dictionary) joined(value string, from, i int) int {
	r, size := utf8.DecodeRuneInString(value[i:])
	switch {
	case unspaced(r):
		n, _ := d.script.and.longest(value[i:])
		if n == 0 {
			return 0
		}
		before, after := strings.TrimSpace(value[from:i]), value[i+n:]
		if end := strings.IndexAny(after, ",;/|&、，；／"); end >= 0 {
			after = after[:end]
		}
		// The same signs stand in names: 李和平 is one man.
		if utf8.RuneCountInString(before) < 2 || utf8.RuneCountInString(strings.TrimSpace(after)) < 2 {
			return 0
		}
		last, _ := utf8.DecodeLastRuneInString(before)
		next, _ := utf8.DecodeRuneInString(after)
		switch {
		case unicode.Is(unicode.Hiragana, r) && n == size && (unicode.Is(unicode.Hiragana, last) || unicode.Is(unicode.Hiragana, next)),
			unicode.Is(unicode.Hangul, r) && next != ' ':
			return 0
		}
		return n
	case d.script.prefixes[r]:
		before, rest := strings.Fields(value[from:i]), value[i:]
		if end := strings.IndexAny(rest, ",;/|&،؛-"); end >= 0 {
			rest = rest[:end]
		}
		after := strings.Fields(rest)
		switch {
		case i == 0 || value[i-1] != ' ' || len(after) == 0 || len(before) == 0:
			return 0
		case after[0] == string(r): // it stands alone
			return size
		// Otherwise it may be the first letter of a name: full names on both sides, and none that is known to begin so.
		case len(before) < 2 || len(after) < 2 || len(after[0]) < 4*2 || folded(d.script.whole, after[0]):
			return 0
		}
		return size
	}
	return 0
}

// dotParts says whether the dot at byte i parts two names. Japanese and Korean write one between people as well as within
// a foreigner's name: there it stands between katakana.
func dotParts(value string, i int, dot rune) bool {
	before, _ := utf8.DecodeLastRuneInString(value[:i])
	after, _ := utf8.DecodeRuneInString(value[i+utf8.RuneLen(dot):])
	switch dot {
	case '·', '‧':
		return unicode.Is(unicode.Hangul, before) && unicode.Is(unicode.Hangul, after)
	case '・', '･':
		kanji := func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana) }
		return kanji(before) && kanji(after)
	}
	return false
}

// persons parts a piece of a credit where a space stands between two people, as in Chinese and Korean, and takes off
// what is written onto a name. In Chinese a name of two signs may have a space within.
func (d *dictionary) persons(name, language string) []string {
	name = d.withoutHonorific(name)
	if language != "zh" && language != "ko" || !strings.ContainsFunc(name, unspaced) {
		return []string{name}
	}
	var all []string
	words := strings.Fields(name)
	for i := 0; i < len(words); i++ {
		l := lettersOf(words[i])
		if l.han+l.hangul == 0 || l.other > 0 {
			return []string{name}
		}
		if l.han+l.hangul == 1 && i+1 < len(words) {
			words[i+1] = words[i] + words[i+1]
			continue
		}
		if start, terms := d.script.honorifics.longestBefore(words[i]); i > 0 && len(terms) > 0 && start == 0 {
			continue // "홍길동 기자 김철수 통신원": the first one's post
		}
		all = append(all, d.withoutHonorific(words[i]))
	}
	return all
}

func (d *dictionary) withoutHonorific(name string) string {
	start, terms := d.script.honorifics.longestBefore(name)
	if rest := strings.TrimSpace(name[:start]); len(terms) > 0 && utf8.RuneCountInString(rest) >= 2 {
		return rest
	}
	return name
}

// reporterPlace parts a name from the place behind it: "王大明台北". Where the place is none that is known, they are
// guessed: the name has three signs, as most have.
func (d *dictionary) reporterPlace(s string) (names, place string, guessed bool) {
	if start, terms := d.script.places.longestBefore(s); len(terms) > 0 {
		return s[:start], s[start:], false
	}
	last := strings.LastIndexAny(s, "、") + len("、")
	if last < len("、") {
		last = 0
	}
	signs := []rune(s[last:])
	if len(signs) < 4 {
		return "", s, true
	}
	name := 3
	if len(signs) == 4 {
		name = 2
	}
	at := last + len(string(signs[:name]))
	return s[:at], s[at:], true
}
