package charset

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// alphabet is what text in a charset is written in: by it the text that a charset gives is judged.
type alphabet uint8

const (
	otherAlphabet alphabet = iota // judged by what no script allows
	latinAlphabet
	cyrillicAlphabet
	arabicAlphabet
	japaneseAlphabet
	simplifiedAlphabet
	traditionalAlphabet
	koreanAlphabet
)

// maxScored is how many characters beyond ASCII are judged; more of them change no verdict.
const maxScored = 300

// score says how well text reads that was brought into UTF-8 from a charset of alphabet a: 1 is text like any other, 0 is
// rare characters, below is what nobody writes (capitals and signs within words, two scripts in one word, frames and
// shades). It is the mean over the characters beyond ASCII, and 1 where there are none.
//
// Letters are weighed by how common they are, which parts charsets that have the same letters in other places (KOI8-R and
// windows-1251, GB18030 and EUC-KR), and by their neighbours, which parts all others.
func score(text []byte, a alphabet) float64 {
	sum, count, letters := 0.0, 0, 0
	prev := ' '
	var word word
	for i := 0; i < len(text) && count < maxScored; {
		if c := text[i]; c < utf8.RuneSelf {
			i++
			if isASCIILetter(rune(c)) {
				word.ascii = true
				word.small = word.small || c >= 'a'
				letters++
			} else {
				word = noWord
			}
			prev = rune(c)
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		i += size
		next := ' '
		if i < len(text) {
			next, _ = utf8.DecodeRune(text[i:])
		}
		sum += weigh(prev, r, next, word, a)
		count++
		if !unicode.IsLetter(r) && !unicode.IsMark(r) {
			word = noWord
		} else {
			word.small = word.small || unicode.IsLower(r)
		}
		prev = r
	}
	switch {
	case count == 0:
		return 1
	case a == latinAlphabet && count > 8 && count > letters/2:
		return -1 // Latin letters are those of ASCII for the most part
	}
	return sum / float64(count)
}

// word is what is before a character in its word: a letter of ASCII, a small letter.
type word struct{ ascii, small bool }

var noWord word

// weigh judges one character beyond ASCII among its neighbours.
func weigh(prev, r, next rune, word word, a alphabet) float64 {
	script := scriptOf(r)
	switch script {
	case badScript:
		return -3
	case signScript:
		return weighSign(prev, r, next, a)
	case hanScript, kanaScript, hangulScript:
		return weighEastAsian(prev, r, next, a)
	}
	if p, n := scriptOf(prev), scriptOf(next); isScript(p) && p != script || isScript(n) && n != script {
		return -1 // two scripts in one word
	}
	if unicode.IsUpper(r) && word.small || unicode.IsLower(r) && unicode.IsUpper(next) {
		return -1 // a capital within a word
	}
	if unicode.IsUpper(r) && unicode.IsUpper(prev) && unicode.IsLower(next) {
		return -0.5 // a capital and another before small letters
	}
	switch script {
	case latinScript:
		if a != latinAlphabet {
			return 0.3
		}
		beyond := prev >= utf8.RuneSelf && scriptOf(prev) == latinScript
		behind := next >= utf8.RuneSelf && scriptOf(next) == latinScript
		switch {
		case beyond && behind:
			return -1 // three accents in a row
		case (beyond || behind) && !word.ascii && !isASCIILetter(next):
			return -1 // a word of accents only
		case !isWordRune(prev) && !isWordRune(next) && !strings.ContainsRune(wordsOfOne, unicode.ToLower(r)):
			return -0.2
		case strings.ContainsRune(commonLatin, unicode.ToLower(r)):
			return 1
		case strings.ContainsRune(rareLatin, unicode.ToLower(r)):
			return 0
		}
		return 0.7
	case cyrillicScript:
		return weight(cyrillicLetters, unicode.ToLower(r))
	case arabicScript:
		if (r == 'ة' || r == 'ى') && scriptOf(next) == arabicScript {
			return -1 // these end words
		}
		return weight(arabicLetters, r)
	}
	return 0.5
}

// weighSign judges a character that is no letter.
func weighSign(prev, r, next rune, a alphabet) float64 {
	before, after := isWordRune(prev), isWordRune(next)
	within := before && after
	switch {
	case r >= 0x2500 && r < 0x25A0: // frames and shades, of code pages
		return -1
	case r >= 0x3000 && r < 0x3040, r > 0xFF00 && r < 0xFF61, r >= 0xFFE0 && r < 0xFFE7:
		if a >= japaneseAlphabet {
			return 0.3
		}
		return -1
	case r == '’' || r == 'ʼ':
		return 1
	case r == '·' && within:
		return 0.2
	case within && unicode.Is(arabicMarks, r):
		return 0.3
	case within && a < japaneseAlphabet:
		return -1 // a sign within a word
	case r == '“' || r == '„' || r == '‘' || r == '«' || r == '»' || r == '”' || r == '‹' || r == '›' || r == '‚':
		return 1
	case strings.ContainsRune(closingSigns, r):
		return 0.8
	case strings.ContainsRune(commonSigns, r) && !before:
		return 0.8
	}
	if before || after {
		return -0.5
	}
	return 0
}

// weighEastAsian judges the characters of East Asia by the language that their charset is for.
func weighEastAsian(prev, r, next rune, a alphabet) float64 {
	switch script := scriptOf(r); {
	case r >= 0xFF61 && r < 0xFFA0:
		return -0.7 // half-width katakana: what single bytes give in Shift_JIS
	case script == kanaScript:
		if a == japaneseAlphabet {
			return 1
		}
		return -0.7
	case script == hangulScript:
		if a != koreanAlphabet {
			return -1
		}
		return weight(koreanSyllables, r)
	case a == japaneseAlphabet:
		return weight(japaneseKanji, r)
	case a == simplifiedAlphabet:
		return weight(simplifiedHan, r)
	case a == traditionalAlphabet:
		return weight(traditionalHan, r)
	case scriptOf(prev) == hangulScript || scriptOf(next) == hangulScript:
		return -1 // Chinese characters stand by themselves in Korean
	}
	return -0.3
}

func weight(of map[rune]float64, r rune) float64 {
	if w, ok := of[r]; ok {
		return w
	}
	return of[0]
}

type script uint8

const (
	noScript script = iota // ASCII that is no letter
	badScript
	signScript
	latinScript
	greekScript
	cyrillicScript
	hebrewScript
	arabicScript
	thaiScript
	hanScript
	kanaScript
	hangulScript
	otherScript
)

// isScript says whether words are written in s without others in them. Those of East Asia stand beside any other.
func isScript(s script) bool { return s >= latinScript && s <= thaiScript }

func scriptOf(r rune) script {
	switch {
	case r < 0x80:
		if isASCIILetter(r) {
			return latinScript
		}
		return noScript
	case r < 0xA0, r == utf8.RuneError, r >= 0xE000 && r < 0xF900, r&0xFFFE == 0xFFFE:
		return badScript
	case r < 0xC0, r == 0xD7, r == 0xF7:
		return signScript
	case r < 0x250, r >= 0x1E00 && r < 0x1F00:
		return latinScript
	case r < 0x370:
		return signScript
	case r < 0x400:
		return greekScript
	case r < 0x530:
		return cyrillicScript
	case r >= 0x590 && r < 0x600:
		return hebrewScript
	case r >= 0x600 && r < 0x700:
		if !unicode.IsLetter(r) {
			return signScript
		}
		return arabicScript
	case r >= 0xE00 && r < 0xE80:
		return thaiScript
	case r >= 0x2000 && r < 0x2E80, r >= 0x3000 && r < 0x3040, r == 0x30FB, r > 0xFF00 && r < 0xFF61, r >= 0xFFE0 && r < 0xFFE7:
		return signScript
	case r >= 0x3040 && r < 0x3100, r >= 0xFF61 && r < 0xFFA0:
		return kanaScript
	case r >= 0x3400 && r < 0xA000, r >= 0xF900 && r < 0xFB00, r >= 0x20000 && r < 0x40000:
		return hanScript
	case r >= 0xAC00 && r < 0xD7A4, r >= 0x3130 && r < 0x3190:
		return hangulScript
	case r >= 0xFB50 && r < 0xFE00, r >= 0xFE70 && r < 0xFF00:
		return arabicScript
	}
	return otherScript
}

// isWordRune says whether words are written with r, in scripts that part them by spaces.
func isWordRune(r rune) bool { return isScript(scriptOf(r)) }

func isASCIILetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
