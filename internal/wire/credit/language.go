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
	if language, clear, sample := scriptLanguage(text); language != "" {
		return language, clear, sample
	}
	var hits [maxLanguages]int
	var masks [maxGuess / 2]uint32 // of all words that told, one after another
	count := 0
	type hit struct {
		word string
		mask uint32
	}
	var told [32]hit
	tellers := 0
	var room [32]byte
	decided := func() bool {
		best, second := 0, 0
		for _, n := range hits {
			best, second = max(best, n), max(second, min(best, n))
		}
		return best >= 12 && second <= best/4
	}
	for i := 0; i < len(text); {
		if count == 16 && decided() {
			break
		}
		start, end := nextWord(text, i)
		i = end
		if end-start == 0 || end-start > 16 {
			continue
		}
		key := room[:0]
		for j := start; j < end; {
			if c := text[j]; c < utf8.RuneSelf {
				if 'A' <= c && c <= 'Z' {
					c += 'a' - 'A'
				}
				key = append(key, c)
				j++
				continue
			}
			r, size := utf8.DecodeRuneInString(text[j:])
			key = appendFold(key, r, false)
			j += size
		}
		mask := d.stopwords[string(key)]
		if mask == 0 {
			continue
		}
		if tellers < len(told) {
			told[tellers] = hit{text[start:end], mask}
			tellers++
		}
		masks[count] = mask
		count++
		for ; mask != 0; mask &= mask - 1 {
			hits[bits.TrailingZeros32(mask)]++
		}
	}
	best, tie := -1, false
	for i := range d.languages {
		switch {
		case best < 0 || hits[i] > hits[best], hits[i] == hits[best] && d.near[best]&(1<<i) != 0:
			best, tie = i, false
		case hits[i] == hits[best] && d.near[i]&(1<<best) == 0:
			tie = true
		}
	}
	if best < 0 || hits[best] == 0 || tie {
		return "", false, ""
	}
	clear = hits[best] >= 5
	for i := range d.languages {
		// Two languages are told apart by the words that only one of them has.
		own, others := 0, 0
		for _, mask := range masks[:count] {
			switch mask>>best&1<<1 | mask>>i&1 {
			case 2:
				own++
			case 1:
				others++
			}
		}
		near := d.near[best]&(1<<i)|d.near[i]&(1<<best) != 0
		clear = clear && (i == best || own >= 3*others && (own >= 5 || near && own >= 3))
	}
	its := make([]string, 0, 5)
	for _, h := range told[:tellers] {
		if h.mask&(1<<best) != 0 && len(its) < cap(its) {
			its = append(its, h.word)
		}
	}
	return d.languages[best], clear, strings.Join(its, " ")
}

func first(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}
