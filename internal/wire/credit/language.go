package credit

import (
	"math/bits"
	"strings"
	"unicode/utf8"
)

// maxGuess is how many bytes of a text are read to tell its language.
const maxGuess = 700

// GuessLanguage tells the language of a text by its frequent words, of the languages that labels/ has. language is ""
// when there is nothing to go by; clear says that no other language comes near; sample is the first few of the words
// that told.
func GuessLanguage(text string) (language string, clear bool, sample string) {
	d := words()
	text = head(text, maxGuess)
	var hits [32]int
	type hit struct {
		word string
		mask uint32
	}
	var told [32]hit
	tellers := 0
	var room [32]byte
	for i := 0; i < len(text); {
		start, end := nextWord(text, i)
		i = end
		if end-start == 0 || end-start > 16 {
			continue
		}
		key := room[:0]
		for _, r := range text[start:end] {
			key = appendFold(key, r, false)
		}
		mask := d.stopwords[string(key)]
		if mask == 0 {
			continue
		}
		if tellers < len(told) {
			told[tellers] = hit{text[start:end], mask}
			tellers++
		}
		for ; mask != 0; mask &= mask - 1 {
			hits[bits.TrailingZeros32(mask)]++
		}
	}
	best, second := -1, 0
	for i := range d.languages {
		switch {
		case best < 0 || hits[i] > hits[best]:
			if best >= 0 {
				second = max(second, hits[best])
			}
			best = i
		default:
			second = max(second, hits[i])
		}
	}
	if best < 0 || hits[best] == 0 || hits[best] == second {
		return "", false, ""
	}
	its := make([]string, 0, 5)
	for _, h := range told[:tellers] {
		if h.mask&(1<<best) != 0 && len(its) < cap(its) {
			its = append(its, h.word)
		}
	}
	return d.languages[best], hits[best] >= 5 && hits[best] >= 3*second, strings.Join(its, " ")
}

// CorrectionWord finds the word with which the headline of a correction begins ("RALAT: …", "CORRECTED-…",
// "(Koreksi) …"), and its language. Since "Koreksi harga berlanjut" is ordinary news, the word must stand apart: alone,
// before a colon or a dash, in brackets, or in capitals before words that are not.
func CorrectionWord(headline string) (word, language string, ok bool) {
	s := strings.TrimLeft(headline, " \t([【［（*")
	n, terms := words().correction.longest(s)
	if n == 0 {
		return "", "", false
	}
	rest := strings.TrimLeft(s[n:], " \u00a0")
	bracketed := len(s) < len(headline) && strings.IndexAny(headline, "([【［（") == 0
	apart := rest == "" || strings.ContainsRune(":：-–—/)]|", first(rest)) || bracketed ||
		inCapitals(s[:n]) && !inCapitals(headline)
	return s[:n], terms[0].language, apart
}

func first(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}
