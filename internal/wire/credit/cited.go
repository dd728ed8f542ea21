package credit

import (
	"math/bits"
	"strings"
	"unicode/utf8"

	"kawat/internal/wire"
)

// Bounds of what is read around an agency's name, in bytes, and of the words between it and a word of saying.
const (
	citeBefore  = 100
	citeAfter   = 120
	citeWords   = 6
	maxMentions = 500 // of agencies in one story
)

// cite finds the agencies that the text quotes: a name from the dictionary near a word of saying. The agency that
// filed the story and those that are sources already are none of them.
func (x *extraction) cite(paragraphs []string) {
	own := ""
	if x.profile != nil && x.profile.Agency != "" {
		own = Agency(x.profile.Agency)
	}
	filed := Agency(x.story.Dateline.Agency)
	mentions := 0
	for _, p := range paragraphs {
		for i := x.d.nextAgency(p, 0); i < len(p); i = x.d.nextAgency(p, i) {
			n, spellings := x.d.agencies.longest(p[i:])
			if n == 0 {
				i++
				continue
			}
			if mentions++; mentions > maxMentions {
				return
			}
			if a := spellings[0]; a.Name != "" && a.Name != own && a.Name != filed && !x.hasSource(a.Name) {
				if rule, text := x.d.quoted(p, i, i+n, a.word); rule != "" {
					x.addSource(sourceFound{a.Name, rule, text}, wire.Cited)
				}
			}
			i += n
		}
	}
}

// nextAgency gives the next place in p, from byte i on, at which a word begins as an agency's name does; len(p): there is
// none. Nearly every byte of every story comes by here, so eight are looked at together, and where words begin is noted for
// thirty-two: a word begins at a letter of ASCII with no other before it, or anywhere beyond ASCII.
func (d *dictionary) nextAgency(p string, i int) int {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	carry := uint64(0) // whether the byte before is a letter of ASCII
	if i > 0 && i < len(p) && plainWord[p[i-1]] {
		carry = 0x80
	}
	rest := p[min(i, len(p)):]
	for len(rest) > 8 {
		block := min(len(rest)-1, 32) &^ 7
		starts := uint64(0) // a bit for each byte of the block
		for k := 0; k < block; k += 8 {
			v := eight(rest[k:])
			small := v&^high | ones*0x20
			letters := (small + ones*(0x80-'a')) &^ (small + ones*(0x80-'z'-1)) &^ v & high
			begin := letters&^(letters<<8|carry) | v&high
			carry = letters >> 56
			starts |= (begin >> 7 * 0x0102040810204080 >> 56) << k
		}
		for ; starts != 0; starts &= starts - 1 {
			if at := bits.TrailingZeros64(starts); d.mayStartAgency(rest, at) {
				if at += len(p) - len(rest); d.startsWord(p, at) {
					return at
				}
			}
		}
		rest = rest[block:]
	}
	i = max(i, len(p)-len(rest))
	for ; i < len(p); i++ {
		if d.mayStartAgency(p, i) && d.startsWord(p, i) {
			return i
		}
	}
	return len(p)
}

func (d *dictionary) startsWord(p string, i int) bool { return utf8.RuneStart(p[i]) && parts(p, i) }

func (x *extraction) hasSource(name string) bool {
	for _, s := range x.story.Attribution.Sources {
		if s.Name == name {
			return true
		}
	}
	return false
}

// quoted says by which rule the agency named at p[i:end] is quoted, and in which words; no rule: it is not. A name that
// is also an ordinary word counts only right beside a word of saying.
func (d *dictionary) quoted(p string, i, end int, word bool) (rule, text string) {
	if partOfName(p, i, end) || d.lookalike(p, i, end) {
		return "", ""
	}
	if start, language := d.saidBefore(p, i, word); language != "" {
		return "cited:" + language, p[start:end]
	}
	if stop, language := d.saidAfter(p, end, i > 0 && endsWithComma(p[:i]), word); language != "" {
		return "cited:" + language, p[i:stop]
	}
	return "", ""
}

// partOfName says whether the name is a piece of an address, a handle or a picture's credit.
func partOfName(p string, i, end int) bool {
	if i > 0 && strings.IndexByte("./@#_-", p[i-1]) >= 0 {
		return true
	}
	if end+1 < len(p) {
		next, _ := utf8.DecodeRuneInString(p[end+1:])
		return strings.IndexByte("./@_", p[end]) >= 0 && inWord(next)
	}
	return false
}

// lookalike says whether a word beside the name makes it a street, a building or a company.
func (d *dictionary) lookalike(p string, i, end int) bool {
	before := strings.TrimRight(p[max(0, i-40):i], " .")
	if _, terms := d.lookBefore.longestBefore(before); len(terms) > 0 {
		return true
	}
	if next := skipSpace(p, end); next > end && next < len(p) {
		n, _ := d.lookAfter.longest(p[next:])
		// "Reuters House" is a building; "Reuters in-house" is not.
		return n > 0 && 'A' <= p[next] && p[next] <= 'Z'
	}
	return false
}

func endsWithComma(s string) bool {
	return strings.HasSuffix(strings.TrimRight(s, " "), ",")
}

// endsClause says whether the separators between two words end a sentence.
func endsClause(separators string) bool {
	for i := 0; i < len(separators); i++ {
		switch separators[i] {
		case '!', '?', ';', ':', '|':
			return true
		case '.':
			if i+1 < len(separators) {
				return true
			}
		}
	}
	return strings.Contains(separators, "。")
}

// saidBefore looks for a word of saying before byte i. It reads from left to right, since that is how terms are
// found, and keeps the last that still holds.
func (d *dictionary) saidBefore(p string, i int, word bool) (start int, language string) {
	from := max(0, i-citeBefore)
	for from > 0 && (!utf8.RuneStart(p[from]) || !parts(p, from)) {
		from++
	}
	count, plain := 0, true // words since the term; whether all of them may stand between
	right := false
	for at := from; at < i; {
		begin, stop := nextWord(p[:i], at)
		if endsClause(p[at:min(begin, i)]) {
			language = ""
		}
		if begin >= i || begin == stop {
			break
		}
		n, terms := d.saying.longest(p[begin:])
		if t, ok := sayingTerm(terms, "before", "rightBefore"); ok && begin+n <= i {
			start, language, right = begin, t.language, t.role == "rightBefore"
			count, plain = 0, true
			at = begin + n
			continue
		}
		if _, ok := sayingTerm(terms, "between", "between"); ok && begin+n <= i {
			at = begin + n
			continue
		}
		at = stop
		count++
		if plain = plain && isPossessive(p[begin:stop]); !plain && (right || word) || count > citeWords {
			language = ""
		}
	}
	return start, language
}

// saidAfter looks for a word of saying after byte end. enclosed says that the name has a comma before it, as in
// "Kantor berita Rusia, Tass, melaporkan". A clause between two commas is passed over.
func (d *dictionary) saidAfter(p string, end int, enclosed, word bool) (stop int, language string) {
	window := head(p[end:], citeAfter)
	count, commas, plain := 0, 0, true
	if enclosed {
		commas = -1
	}
	for at := 0; at < len(window); {
		begin, stop := nextWord(window, at)
		between := window[at:begin]
		if endsClause(between) || begin == stop || strings.HasPrefix(between, ". ") {
			break
		}
		commas += strings.Count(between, ",")
		n, terms := d.saying.longest(window[begin:])
		if t, ok := sayingTerm(terms, "after", "rightAfter"); ok {
			even := commas <= 0 || commas%2 == 0
			if (even || count == 0 && t.role == "after") && (plain || t.role == "after" && !word) {
				return end + begin + n, t.language
			}
		}
		if _, ok := sayingTerm(terms, "between", "between"); ok {
			at = begin + n
			continue
		}
		at = stop
		if commas == 1 { // within a clause of its own
			continue
		}
		if plain = false; count >= citeWords {
			break
		}
		count++
	}
	return 0, ""
}

func sayingTerm(terms []term, role, other string) (term, bool) {
	for _, t := range terms {
		if t.role == role || t.role == other {
			return t, true
		}
	}
	return term{}, false
}

// isPossessive says whether a word is like "Russia's", which may stand before an agency's name.
func isPossessive(word string) bool {
	return strings.HasSuffix(word, "'s") || strings.HasSuffix(word, "’s")
}
