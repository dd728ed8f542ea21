package original

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"kawat/internal/wire"
)

// names are the words of a story that may be names, folded, with how they stand.
type names map[string]name

type name struct {
	// shown is how it stands, for people.
	shown string
	// sure says that it stood inside a sentence, or in capitals: at the head of one every word has a capital.
	sure bool
}

// namesOf gives the words in Latin letters that begin with a capital. Headlines are passed over: in English all their words
// may have capitals. The agencies whose report it is, and the one that sends it, say nothing: all the possible originals
// have them.
func namesOf(s *wire.Story) names {
	found := names{}
	found.read(head(s.Body.Text))
	found.read(", " + s.Byline)
	for _, c := range s.Attribution.Credits {
		if c.Role == wire.Reporter {
			found.read(", " + c.Name)
		}
	}
	for _, c := range s.Attribution.Sources {
		if c.Role == wire.Cited {
			found.read(", " + c.Name)
		}
	}
	ours := names{}
	for _, source := range s.Attribution.Sources {
		if source.Role != wire.Cited {
			ours.read(", " + source.Name)
		}
	}
	ours.read(", " + s.Dateline.Agency + ", " + s.Provider)
	for key := range ours {
		delete(found, key)
	}
	for _, month := range months {
		delete(found, month)
	}
	return found
}

// months are the names of months that languages have in common; most stories have one.
var months = []string{"april", "august", "september", "oktober", "october", "november", "desember", "december", "januari", "februari"}

func (n names) read(text string) {
	opening := true // of a sentence
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			switch {
			case strings.ContainsRune(".!?:;\n\"“”«»„•。！？「」–—", r):
				opening = true
			case !unicode.IsSpace(r) && r != '(' && r != '\'' && r != '‘' && r != '’':
				opening = false
			}
			text = text[size:]
			continue
		}
		end := wordEnd(text)
		if word := text[:end]; unicode.Is(unicode.Latin, r) {
			n.add(word, opening)
		}
		text, opening = text[end:], false
	}
}

// wordEnd is where a word of letters and digits ends; an apostrophe and what follows it are no part of it. A change
// between Latin letters and others ends it too, as in copy without spaces.
func wordEnd(text string) int {
	latin := false
	for i, r := range text {
		is := unicode.Is(unicode.Latin, r) || r < utf8.RuneSelf
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) || i > 0 && is != latin && !unicode.Is(unicode.Mn, r) {
			return i
		}
		latin = is
	}
	return len(text)
}

func (n names) add(word string, opening bool) {
	first, size := utf8.DecodeRuneInString(word)
	if !unicode.IsUpper(first) || size == len(word) || len(word) > 40 {
		return
	}
	acronym := strings.IndexFunc(word[size:], func(r rune) bool { return unicode.IsUpper(r) || unicode.IsDigit(r) }) >= 0
	key := fold(word)
	if had, ok := n[key]; ok {
		had.sure = had.sure || acronym || !opening
		n[key] = had
		return
	}
	n[key] = name{word, acronym || !opening}
}

// fold writes a word without case, accents and width.
func fold(word string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(word))
}

// says is how much a name tells by its length: two letters are easily the same by chance.
func (n name) says() float64 {
	if utf8.RuneCountInString(n.shown) <= 3 {
		return 0.6
	}
	return 1
}

// common gives the names that both have, in order; at least one of them must be sure of each.
func (n names) common(other names) []string {
	var both []string
	for key, a := range n {
		if b, ok := other[key]; ok && (a.sure || b.sure) {
			both = append(both, key)
		}
	}
	slices.Sort(both)
	return both
}

// sure are the names that are beyond doubt, in order.
func (n names) sure() []string {
	var keys []string
	for key, name := range n {
		if name.sure {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// capitals says whether a language is written in Latin letters, in which names can be compared.
func capitals(language string) bool {
	return !slices.Contains(otherScripts, language)
}

// otherScripts are the languages of copy that is not in Latin letters.
var otherScripts = []string{"ja", "zh", "ko", "ar", "fa", "ur", "he", "th", "hi", "bn", "ta", "ru", "uk", "be", "bg", "el", "sr", "mk",
	"kk", "ky", "mn", "ka", "hy", "am", "km", "lo", "my", "ne", "si"}
