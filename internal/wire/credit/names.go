package credit

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// likeness is how much a text looks like the name of a person.
type likeness int

const (
	noName    likeness = iota
	smallName          // typed without capitals: believed where only credits can stand
	properName
)

const (
	maxName  = 60 // bytes; in a script of three bytes a rune this is still twenty
	maxNames = 32 // in one credit
)

// Signs between names and beside them.
var (
	nameBreaks = newSignSet(",;/|&、，；／＆｜،؛")
	nameDots   = newSignSet("·・‧･") // some are part of names
	besideName = newSignSet("(<[)>]（［【〔）］】〕")
	aroundName = newSignSet(" \t\n.,;:|–—-*·・=＝()[]<>（）［］【】〔〕\u00a0\u3000")
	inNoName   = newSignSet("?!:;\"“”=@#%")
)

// names parts a joint credit ("A, B dan C", "A/B") into names, and says how much the least likely of them looks like
// one. A credit that names nobody ("Editor: -") has none and is proper. language is that of the words around it.
func (d *dictionary) names(value, language string) (names []string, like likeness) {
	if len(value) > maxName*maxNames {
		return nil, noName
	}
	like = properName
	value = d.withoutPost(value)
	take := func(part string) {
		name := d.cleanName(part)
		if name == "" {
			return
		}
		if n := len(names); n > 0 && isDegree(name) {
			names[n-1] += ", " + name
			return
		}
		if len(names) > 0 && d.isPost(name) {
			return
		}
		for _, person := range d.persons(name, language) {
			names = append(names, person)
			like = min(like, d.nameLike(person))
		}
	}
	from := 0
	for i := 0; i < len(value); {
		start, end := nextWord(value, i)
		between := value[i:start]
		for j, r := range between {
			if nameBreaks.has(r) || nameDots.has(r) && dotParts(value, i+j, r) {
				if r == '/' && isDescent(value, i+j) {
					continue
				}
				take(value[from : i+j])
				from = i + j + utf8.RuneLen(r)
			}
		}
		if start == end {
			break
		}
		if first := value[start]; first >= utf8.RuneSelf {
			if n := d.joined(value, from, start); n > 0 {
				take(value[from:start])
				from, i = start+n, start+n
				continue
			}
		}
		if r, _ := utf8.DecodeRuneInString(value[start:]); end-start <= 12 && !unspaced(r) && folded(d.and, value[start:end]) && !d.inSurname(value[from:start], value[start:end], value[end:]) {
			take(value[from:start])
			from = end
		}
		i = end
	}
	take(value[from:])
	if len(names) > maxNames {
		return nil, noName
	}
	return names, like
}

// withoutPost cuts the post that an agency's staff have before their names: "Associated Press writers A in B and C".
func (d *dictionary) withoutPost(value string) string {
	value = strings.TrimLeft(value, " ") // of "By {names}"
	n, spellings := d.agencies.longest(value)
	if n == 0 || spellings[0].Name == "" {
		return value
	}
	for i, words := n, 0; words < 3; words++ { // "AP Science Writer"
		start, end := nextWord(value, i)
		if start == end || strings.Trim(value[i:start], " ") != "" {
			return value
		}
		if word := value[start:end]; folded(d.titles, word) || folded(d.titles, strings.TrimSuffix(word, "s")) {
			return value[end:]
		}
		i = end
	}
	return value
}

// isPost says whether a part of a credit is the post of the person before it: "dpa", "AP Science Writer".
func (d *dictionary) isPost(part string) bool {
	n, spellings := d.agencies.longest(part)
	switch {
	case n == 0 || spellings[0].Name == "":
		return false
	case n == len(part): // "Antara" is a given name as well
		return !spellings[0].word || part == strings.ToUpper(part) || part == strings.ToLower(part)
	}
	return folded(d.titles, part[strings.LastIndexByte(part, ' ')+1:])
}

// isDescent says whether the stroke at byte i is that of "a/l" and "a/p", son and daughter of, in Malaysian names.
func isDescent(s string, i int) bool {
	return i >= 2 && i+2 < len(s) && s[i-1]|0x20 == 'a' && s[i-2] == ' ' && (s[i+1]|0x20 == 'l' || s[i+1]|0x20 == 'p') && s[i+2] == ' '
}

// inSurname says whether an "and" of one letter is part of a surname: "José Ortega y Gasset". Two who are credited with
// their full names have more words than that, and two who are not have fewer.
func (d *dictionary) inSurname(before, and, after string) bool {
	if len(and) > 2 {
		return false
	}
	if r, _ := utf8.DecodeRuneInString(and); utf8.RuneLen(r) != len(and) {
		return false
	}
	if end := strings.IndexAny(after, ",;/|&.("); end >= 0 {
		after = after[:end]
	}
	next := strings.TrimSpace(after)
	return and == strings.ToUpper(and) || // an initial
		len(strings.Fields(before)) >= 2 && next != "" && !strings.Contains(next, " ") && folded(d.agencyNames, next) == nil
}

// cleanName cuts what stands beside a name: the place it worked from, an address, brackets, the stop at the end.
func (d *dictionary) cleanName(s string) string {
	if i := besideName.index(s); i > 0 {
		s = s[:i]
	}
	if strings.Contains(s, "@") {
		s = withoutAddresses(s)
	}
	s = squeeze(aroundName.trim(s))
	for i := 0; i < len(s); {
		start, end := nextWord(s, i)
		if r, _ := utf8.DecodeRuneInString(s[start:]); start > 0 && start < end && !unicode.IsUpper(r) && folded(d.in, s[start:end]) {
			if name := strings.TrimSpace(s[:start]); name != "" {
				return name
			}
		}
		i = end
	}
	if !strings.ContainsFunc(s, unicode.IsLetter) {
		return ""
	}
	return s
}

// withoutAddresses cuts addresses of mail out of a credit: they are not for publication.
func withoutAddresses(s string) string {
	return strings.Join(slices.DeleteFunc(strings.Fields(s), isAddress), " ")
}

// isAddress says whether a word is an address of mail.
func isAddress(word string) bool {
	if strings.IndexByte(word, '@') < 0 {
		return false
	}
	word = strings.Trim(word, "()<>[]（）,;:·=")
	name, host, ok := strings.Cut(word, "@")
	return ok && name != "" && len(word) <= 100 && strings.Contains(host, ".") && !strings.ContainsFunc(word, func(r rune) bool {
		return r <= ' ' || r >= utf8.RuneSelf
	})
}

// isDegree says whether a part of a credit belongs to the name before its comma: "S.Kom", "Jr".
func isDegree(s string) bool {
	return s == "Jr" || s == "Sr" || len(s) <= 8 && strings.Contains(s, ".") && !strings.Contains(s, " ")
}

// nameLike judges one name: few words, none of them small but the particles, and none of the marks of a sentence.
func (d *dictionary) nameLike(name string) likeness {
	if like, ok := scriptName(name); ok {
		return like
	}
	if len(name) > maxName || inNoName.index(name) >= 0 {
		return noName
	}
	small, count := 0, 0
	for i := 0; i < len(name); {
		end := len(name)
		if sp := strings.IndexByte(name[i:], ' '); sp >= 0 {
			end = i + sp
		}
		word := name[i:end]
		i = end + 1
		r, _ := utf8.DecodeRuneInString(word)
		if unicode.IsDigit(r) {
			return noName
		}
		count++
		if unicode.IsLower(r) && !folded(d.particles, word) && !elided(word) {
			small++
		}
	}
	switch {
	case count > 6:
		return noName
	case small == 0:
		return properName
	case small == count && count <= 4:
		return smallName
	}
	return noName
}

// elided says whether a word is a name with a short particle written onto it: "d'Arc".
func elided(word string) bool {
	article, name, ok := strings.Cut(strings.ReplaceAll(word, "’", "'"), "'")
	return ok && len(article) == 1 && unicode.IsUpper(first(name))
}

// origins parts what a source line says into sources: at "/" and the like only where every part is an agency, since
// a ministry may have "and" in its name. known says whether they are agencies.
func (d *dictionary) origins(value string) (names []string, known bool) {
	value = strings.Trim(squeeze(value), " .,;|*")
	if value == "" {
		return nil, false
	}
	if a := folded(d.agencyNames, value); a != nil {
		return []string{a.Name}, true
	}
	var parts []string
	from := 0
	for i := 0; i < len(value); {
		start, end := nextWord(value, i)
		if strings.ContainsAny(value[i:start], ",;/|&、，；／＆｜،؛・") {
			parts, from = append(parts, value[from:i]), start
		} else if folded(d.and, value[start:end]) {
			parts, from = append(parts, value[from:start]), end
		}
		i = end
		if len(parts) > maxNames {
			return []string{value}, false
		}
	}
	for _, part := range append(parts, value[from:]) {
		pieces := []string{part}
		if folded(d.agencyNames, squeeze(part)) == nil {
			pieces = strings.Split(part, "-") // "Kyodo-OANA"
		}
		for _, p := range pieces {
			a := folded(d.agencyNames, strings.Trim(squeeze(p), ".,;/|&、，；／＆｜،؛・ "))
			if a == nil {
				return []string{value}, false
			}
			names = append(names, a.Name)
		}
	}
	return names, true
}
