package credit

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// scriptWords are the words of languages that write without spaces between words, or write some of them onto names:
// what is joined to a name there cannot be found as a word of its own.
type scriptWords struct {
	bracketed  trie[term] // clauses that are believed in brackets
	and        trie[term]
	honorifics trie[term] // backward
	places     trie[term] // backward
	subjects   trie[term] // what makes a name the subject
	finals     []finalVerb
	surnames   trie[term]
	whole      map[string]bool
	prefixes   map[rune]bool // "and", where it is one letter that is written onto the next name
}

// finalVerb is a verb of reporting that stands far behind its subject.
type finalVerb struct{ verb, language string }

func (d *dictionary) addScript(e *entry) error {
	w := &d.script
	if w.whole == nil {
		w.whole, w.prefixes = map[string]bool{}, map[rune]bool{}
	}
	for role, clauses := range e.Bracketed {
		if !slices.Contains(clauseRoles, role) {
			return &badWord{role, "is no role of a clause: use one of " + strings.Join(clauseRoles, ", ")}
		}
		for _, c := range clauses {
			before, ok := strings.CutSuffix(c, "{names}")
			if before = strings.TrimSpace(before); !ok || before == "" {
				return &badWord{c, "does not say where the names stand: write {names} at its end"}
			}
			w.bracketed.add(before, term{role, e.Language})
		}
	}
	for _, a := range e.And {
		r, size := utf8.DecodeRuneInString(a)
		switch {
		case unspaced(r):
			w.and.add(a, term{"and", e.Language})
		case size == len(a) && unicode.Is(unicode.Arabic, r):
			w.prefixes[r] = true
		}
	}
	for _, h := range e.Honorifics {
		w.honorifics.addBackward(h, term{"", e.Language})
	}
	for _, n := range e.Surnames {
		w.surnames.add(n, term{"", e.Language})
	}
	for _, p := range e.Places {
		w.places.addBackward(p, term{"", e.Language})
	}
	for _, s := range e.Saying.Subject {
		w.subjects.add(s, term{"", e.Language})
	}
	for _, f := range e.Saying.Final {
		w.finals = append(w.finals, finalVerb{f, e.Language})
	}
	for _, n := range e.Whole {
		w.whole[fold(n)] = true
	}
	return nil
}

// letters counts the letters of a text by script.
type letters struct {
	han, hiragana, katakana, hangul, thai, other int
}

func lettersOf(s string) (l letters) {
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			if r|0x20 >= 'a' && r|0x20 <= 'z' {
				l.other++
			}
		case unicode.Is(unicode.Han, r):
			l.han++
		case unicode.Is(unicode.Hiragana, r):
			l.hiragana++
		case unicode.Is(unicode.Katakana, r), r == 'ー', r == 'ｰ':
			l.katakana++
		case unicode.Is(unicode.Hangul, r):
			l.hangul++
		case unicode.Is(unicode.Thai, r):
			l.thai++
		case unicode.IsLetter(r):
			l.other++
		}
	}
	return l
}

// scriptLanguage tells the language of a text by its letters, where its script is that of one language: kana is Japanese,
// Hangul Korean, Thai Thai, and Han without kana Chinese. clear says that hardly any other letters are among them, and
// that they are not a few words only.
func scriptLanguage(text string) (language string, clear bool, sample string) {
	l := lettersOf(text)
	most := l.han + l.hiragana + l.katakana
	switch kana := l.hiragana + l.katakana; {
	case l.hangul > most && l.hangul > l.thai:
		language, most = "ko", l.hangul
	case l.thai > most:
		language, most = "th", l.thai
	case most == 0:
		return "", false, ""
	case kana*12 >= most: // a name in kana may stand in Chinese
		language = "ja"
	default:
		language = "zh"
	}
	if most*2 < l.other {
		return "", false, ""
	}
	from := strings.IndexFunc(text, unspaced)
	if from < 0 { // marks of a script alone
		return "", false, ""
	}
	sample = text[from:]
	if end := strings.IndexFunc(sample, func(r rune) bool { return !inWord(r) }); end >= 0 {
		sample = sample[:end]
	}
	return language, most >= 12 && most >= 2*l.other, head(sample, 36)
}
