// Package language tells the language of copy by its words: where nobody says it, and where what is said may be wrong.
//
// The script tells most, then letters that one language has alone, then frequent words, which are data. The libraries for
// this did not do: lingua-go's models add more than 100 MB to every program and 20 MB to its memory, and whatlanggo knows no Malay and,
// where two languages come near each other, does not give the same answer twice, which decoding must.
package language

import (
	"slices"
	"strings"
	"unicode/utf8"

	"kawat/internal/wire/credit"
)

// Bounds on the text that is looked at, in bytes: for a first look, and for a thorough one.
const (
	glance = 300
	most   = 2000
)

// sureLetters is how many letters a text must have to be believed against what somebody says.
const sureLetters = 120

// Detect tells the language of a text as a BCP 47 tag, "" where nothing tells it. sure says that it is beyond doubt: a
// story's words, and not only a line of names.
func Detect(text string) (tag string, sure bool) {
	text = head(text, most)
	s := survey(text)
	switch tag := s.byScript(); {
	case tag != "":
		return tag, s.letters >= sureLetters/3
	case s.letters == 0 || 2*s.latin < s.letters:
		return "", false
	}
	tag, points, next, words := byWords(text)
	guess, clear, _ := credit.GuessLanguage(text)
	switch {
	case words < 2 || points == next: // one word may be a name, or a slip
		return guess, clear
	case clear && (guess == tag || near(guess, tag)):
		return guess, true
	case guess != "" && near(guess, tag):
		return guess, false
	}
	return tag, s.letters >= sureLetters && words >= 6 && points >= 2*next
}

// Clash says whether a text is plainly in another language than it is said to be, and gives that language with a sample of
// the words. Usual copy is confirmed by a glance at its first words. Of a language that Detect does not know nothing is
// said.
func Clash(said, text string) (other, sample string, clash bool) {
	base := canonical(said)
	if !known(base) {
		return "", "", false
	}
	first := head(text, glance)
	if tag := survey(first).byScript(); tag == base {
		return "", "", false
	} else if tag == "" {
		if guess, _, _ := credit.GuessLanguage(first); guess == base {
			return "", "", false
		}
	}
	other, sure := Detect(text)
	if !sure || other == base || near(base, other) {
		return "", "", false
	}
	sample = strings.Join(strings.Fields(head(text, 80)), " ")
	return other, sample, true
}

// canonical gives the language of a tag as Detect names it.
func canonical(tag string) string {
	base, _, _ := strings.Cut(strings.ToLower(tag), "-")
	switch base {
	case "nb", "nn":
		return "no"
	case "fil":
		return "tl"
	case "in":
		return "id"
	case "cmn", "yue":
		return "zh"
	}
	return base
}

// near says whether two languages are written so alike that only a reader tells them apart for certain.
func near(one, other string) bool {
	const malay, scandinavian = "id ms", "no da sv"
	return one != "" && other != "" && strings.Contains(malay, one) && strings.Contains(malay, other) ||
		one != "" && other != "" && strings.Contains(scandinavian, one) && strings.Contains(scandinavian, other)
}

// known says whether Detect can find a language.
func known(tag string) bool {
	switch tag {
	case "ja", "zh", "ko", "th", "ar", "fa", "ru", "uk", "el", "he", "hi":
		return true
	}
	return slices.Contains(table().tags, tag)
}

// head gives no more than n bytes of s, whole characters.
func head(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
