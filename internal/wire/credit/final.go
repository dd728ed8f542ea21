package credit

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"kawat/internal/wire"
)

// maxFinal is how far behind its subject a verb may stand, in bytes.
const maxFinal = 400

// citeFinal finds the agencies that are quoted in sentences whose verb comes last, as in Japanese and Korean: the
// agency is the subject, and a verb of reporting stands towards the end.
func (x *extraction) citeFinal(paragraphs []string) {
	own := ""
	if x.profile != nil && x.profile.Agency != "" {
		own = Agency(x.profile.Agency)
	}
	filed := Agency(x.story.Dateline.Agency)
	mentions := 0
	for _, p := range paragraphs {
		if !endsInVerbs(p) {
			continue
		}
		for i := x.d.nextAgency(p, 0); i < len(p); i = x.d.nextAgency(p, i) {
			n, spellings := x.d.agencies.longest(p[i:])
			if n == 0 {
				i++
				continue
			}
			if mentions++; mentions > maxMentions {
				return
			}
			a, end := spellings[0], i+n
			if a.Name != "" && !a.word && a.Name != own && a.Name != filed && !x.hasSource(a.Name) && !partOfName(p, i, end) {
				if stop, language := x.d.reportsAtLast(p, end); language != "" {
					x.addSource(sourceFound{a.Name, "cited:" + language, p[i:stop]}, wire.Cited)
				}
			}
			i = end
		}
	}
}

// endsInVerbs says whether a text has letters of a language whose verb comes last.
func endsInVerbs(s string) bool {
	for {
		if s = s[ascii(s):]; s == "" {
			return false
		}
		r, size := utf8.DecodeRuneInString(s)
		if r >= 0x1100 && unicode.In(r, unicode.Hiragana, unicode.Hangul) {
			return true
		}
		s = s[size:]
	}
}

// reportsAtLast looks for a verb of reporting to a subject that ends at byte end; stop is where the verb ends.
func (d *dictionary) reportsAtLast(p string, end int) (stop int, language string) {
	sentence := head(p[end:], maxFinal)
	for _, mark := range [...]string{"。", "！", "？", "\n", ". ", "? ", "! "} {
		if at := strings.Index(sentence, mark); at >= 0 {
			sentence = sentence[:at]
		}
	}
	size, terms := d.script.subjects.longest(sentence)
	if size == 0 {
		return 0, ""
	}
	for _, f := range d.script.finals {
		if f.language != terms[0].language {
			continue
		}
		if at := strings.LastIndex(sentence, f.verb); at >= size {
			return end + at + len(f.verb), f.language
		}
	}
	return 0, ""
}
