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
	if !isASCII(text) {
		if language, clear, sample := scriptLanguage(text); language != "" {
			return language, clear, sample
		}
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
	decided := func() bool {
		best, second := 0, 0
		for _, n := range hits {
			best, second = max(best, n), max(second, min(best, n))
		}
		return best >= 12 && second <= best/4
	}
	for i := 0; i < len(text); {
		start, end := nextWord(text, i)
		i = end
		if end-start == 0 || end-start > 16 {
			continue
		}
		mask := d.stopword(text, start, end)
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
		if count == 16 && decided() {
			break
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
	var shared [maxLanguages]int // words that a language shares with the best
	for _, mask := range masks[:count] {
		if mask&(1<<best) != 0 {
			for ; mask != 0; mask &= mask - 1 {
				shared[bits.TrailingZeros32(mask)]++
			}
		}
	}
	clear = hits[best] >= 5
	for i := range d.languages {
		// Two languages are told apart by the words that only one of them has.
		own, others := hits[best]-shared[i], hits[i]-shared[i]
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

// stopword gives the languages that the word text[start:end] is frequent in, a bit each.
func (d *dictionary) stopword(text string, start, end int) uint32 {
	key := uint64(0)
	if n := end - start; n <= 8 && start+8 <= len(text) { // what shortKey does, without a copy
		if key = eight(text[start:]) & (1<<(8*n) - 1); key&0x8080808080808080 == 0 {
			key |= 0x2020202020202020
		} else {
			key = 0
		}
	} else {
		key = shortKey(text[start:end])
	}
	if key != 0 {
		return d.shortStopwords.of(key)
	}
	return folded(d.stopwords, text[start:end])
}

// shortKey packs a word of at most eight letters of ASCII into a number, since nothing is looked up more often; 0: it is longer,
// or has other letters. A bit that capitals do not have makes them small; all else that stands in words has it.
func shortKey(word string) uint64 {
	if len(word) == 0 || len(word) > 8 {
		return 0
	}
	var room [8]byte
	copy(room[:], word)
	key := eight(string(room[:]))
	if key&0x8080808080808080 != 0 {
		return 0
	}
	return key | 0x2020202020202020
}

// shortWords is a table of words by their shortKey, made for being asked in vain: most words are in no language's list.
type shortWords struct {
	slots []struct {
		key  uint64
		mask uint32
	}
	shift int
}

func (t *shortWords) fill(words map[string]uint32) {
	t.shift = 64 - bits.Len(uint(4*len(words))) // at least half of the slots stay empty
	t.slots = make([]struct {
		key  uint64
		mask uint32
	}, 1<<(64-t.shift))
	for w, mask := range words {
		if key := shortKey(w); key != 0 {
			i := t.slot(key)
			t.slots[i].key = key
			t.slots[i].mask |= mask
		}
	}
}

// of gives the languages of a word, 0: it is not in the table.
func (t *shortWords) of(key uint64) uint32 { return t.slots[t.slot(key)].mask }

// slot is where a key stands, or where it would.
func (t *shortWords) slot(key uint64) int {
	for i := int(key * 0x9e3779b97f4a7c15 >> t.shift); ; i = (i + 1) & (len(t.slots) - 1) {
		if k := t.slots[i].key; k == key || k == 0 {
			return i
		}
	}
}

func first(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}
