package credit

import (
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

// names parts a joint credit ("A, B dan C", "A/B") into names, and says how much the least likely of them looks like
// one. A credit that names nobody ("Editor: -") has none and is proper.
func (d *dictionary) names(value string) (names []string, like likeness) {
	if len(value) > maxName*maxNames {
		return nil, noName
	}
	like = properName
	take := func(part string) {
		name := d.cleanName(part)
		if name == "" {
			return
		}
		if n := len(names); n > 0 && isDegree(name) {
			names[n-1] += ", " + name
			return
		}
		names = append(names, name)
		like = min(like, d.nameLike(name))
	}
	from := 0
	for i := 0; i < len(value); {
		start, end := nextWord(value, i)
		between := value[i:start]
		for j, r := range between {
			if strings.ContainsRune(",;/|&、，；／＆｜", r) {
				take(value[from : i+j])
				from = i + j + utf8.RuneLen(r)
			}
		}
		if start < end && end-start <= 12 && d.and[fold(value[start:end])] {
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

// cleanName cuts what stands beside a name: the place it worked from, an address, brackets, the stop at the end.
func (d *dictionary) cleanName(s string) string {
	if i := strings.IndexAny(s, "(<["); i > 0 {
		s = s[:i]
	}
	s = squeeze(strings.Trim(s, " \t\n.,;:|–—-*()[]<>（）【】〔〕\u00a0\u3000"))
	for i := 0; i < len(s); {
		start, end := nextWord(s, i)
		if start > 0 && start < end && d.in[s[start:end]] {
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

// isDegree says whether a part of a credit belongs to the name before its comma: "S.Kom", "Jr".
func isDegree(s string) bool {
	return s == "Jr" || s == "Sr" || len(s) <= 8 && strings.Contains(s, ".") && !strings.Contains(s, " ")
}

// nameLike judges one name: few words, none of them small but the particles, and none of the marks of a sentence.
func (d *dictionary) nameLike(name string) likeness {
	if len(name) > maxName || strings.ContainsAny(name, "?!:;\"“”=@#%") {
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
		if unicode.IsLower(r) && !d.particles[fold(word)] {
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

// origins parts what a source line says into sources: at "/" and the like only where every part is an agency, since
// a ministry may have "and" in its name. known says whether they are agencies.
func (d *dictionary) origins(value string) (names []string, known bool) {
	value = strings.Trim(squeeze(value), " .,;|*")
	if value == "" {
		return nil, false
	}
	if a := d.agencyNames[fold(value)]; a != nil {
		return []string{a.Name}, true
	}
	var parts []string
	from := 0
	for i := 0; i < len(value); {
		start, end := nextWord(value, i)
		if strings.ContainsAny(value[i:start], ",;/|&") {
			parts, from = append(parts, value[from:i]), start
		} else if d.and[fold(value[start:end])] {
			parts, from = append(parts, value[from:start]), end
		}
		i = end
		if len(parts) > maxNames {
			return []string{value}, false
		}
	}
	for _, part := range append(parts, value[from:]) {
		pieces := []string{part}
		if d.agencyNames[fold(squeeze(part))] == nil {
			pieces = strings.Split(part, "-") // "Kyodo-OANA"
		}
		for _, p := range pieces {
			a := d.agencyNames[fold(strings.Trim(squeeze(p), ".,;/|& "))]
			if a == nil {
				return []string{value}, false
			}
			names = append(names, a.Name)
		}
	}
	return names, true
}
