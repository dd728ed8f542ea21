package credit

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// behindTime gives the words behind a time: "2026/02/05 10:00 송고" tells when the copy was sent.
func behindTime(s string) string {
	s = squeeze(s)
	for s != "" && '0' <= s[0] && s[0] <= '9' {
		_, s, _ = strings.Cut(s, " ")
	}
	return s
}

// ones also put the reporter's behind the last sentence.
func addressLine(line string) *finding {
	if !strings.Contains(line, "@") {
		return nil
	}
	if at := strings.LastIndexByte(line, ' '); at > 0 && isAddress(line[at+1:]) {
		before := strings.TrimSpace(line[:at])
		if r, _ := utf8.DecodeLastRuneInString(strings.TrimSuffix(before, ".")); strings.HasSuffix(before, ".") && unicode.Is(unicode.Hangul, r) {
			return &finding{before: before, address: line[at+1:], weak: true}
		}
	}
	if strings.HasPrefix(line, "((") && strings.HasSuffix(strings.TrimRight(line, "."), "))") && len(line) <= maxAnnounced {
		return &finding{note: &noteFound{label: line[:2], rule: "wire-code"}, weak: true} // Reuters' reporter, with a telephone number
	}
	if len(line) > 3*maxName {
		return nil
	}
	for _, word := range strings.Fields(line) {
		if !isAddress(word) {
			return nil
		}
	}
	return &finding{address: line, weak: true}
}

// signOff reads the mark or the name with which an agency ends its copy: "==Kyodo", "(ANTARA)", "-- BERNAMA", "-0-".
func (d *dictionary) signOff(line string) *finding {
	if strings.Contains(line, "==") {
		i := strings.LastIndex(line, "==")
		name := strings.Trim(line[i+2:], "= \t.")
		a := folded(d.agencyNames, head(name, maxName))
		switch {
		case a != nil && len(name) <= maxName:
			before := strings.TrimSpace(strings.TrimRight(line[:i], "= "))
			return &finding{before: before, signOff: &sourceFound{a.Name, "sign-off", strings.TrimSpace(line[len(before):])}}
		case strings.TrimRight(line[:i], "=") == "" && len(name) <= maxName && !strings.Contains(name, " "):
			return &finding{weak: true}
		}
	}
	if f := d.lastWord(line); f != nil {
		return f
	}
	if strings.HasSuffix(line, ")") && strings.Contains(line, "(") && d.allSignOffs(line) {
		return &finding{weak: true}
	}
	if before, inner, ok := bracketTail(strings.TrimSuffix(line, ".")); ok && before != "" && len(inner) <= maxName && endsSentence(before) {
		switch a := folded(d.agencyNames, inner); {
		case a != nil:
			return &finding{before: before, signOff: &sourceFound{a.Name, "sign-off", strings.TrimSpace(line[len(before):])}, weak: true}
		case folded(d.signOffs, inner): // "……。（完）"
			return &finding{before: before, ended: true, weak: true}
		}
	}
	if len(line) > maxName {
		return nil
	}
	inner := strings.Trim(line, "()[]（）［］【】<>-–—=/*_#.| \t")
	if inner == "" || folded(d.signOffs, inner) {
		return &finding{weak: true}
	}
	if words := behindTime(inner); words != inner && folded(d.signOffs, words) {
		return &finding{weak: true}
	}
	if len(inner) == len(line) && !strings.Contains(line, "/") && folded(d.agencyNames, line) == nil {
		return nil
	}
	if names, known := d.origins(inner); known {
		return &finding{signOff: &sourceFound{names[0], "sign-off", line}, weak: true}
	}
	return nil
}

// lastWord reads the word with which copy ends behind its last sentence: "… said. Enditem", "… dijo. EFE", "… said. abc@yna.co.kr".
func (d *dictionary) lastWord(line string) *finding {
	const most = 40
	i := len(line)
	for i > 0 && len(line)-i <= most && line[i-1] != ' ' && line[i-1] != '.' {
		i--
	}
	if i == 0 || len(line)-i > most || len(line)-i < len("END") { // most lines end in a stop
		return nil
	}
	before, word := strings.TrimRight(line[:i], " "), line[i:]
	if !endsSentence(before) || strings.HasSuffix(before, ")") {
		return nil
	}
	if line[i-1] == ' ' && folded(d.signOffs, word) {
		return &finding{before: before, weak: true}
	}
	if inCapitals(word) && !isAbbreviation(strings.TrimSuffix(before, ".")) {
		if n, spellings := d.agencies.longest(word); n == len(word) && spellings[0].Name != "" {
			return &finding{before: before, signOff: &sourceFound{spellings[0].Name, "sign-off", word}, weak: true}
		}
	}
	return nil
}

// allSignOffs says whether a line is a row of sign-offs, each in brackets: "(foto) (vídeo)".
func (d *dictionary) allSignOffs(line string) bool {
	if line[0] != '(' || len(line) > maxName {
		return false
	}
	for part := range strings.SplitSeq(strings.ReplaceAll(line, " ", ""), ")(") {
		if !folded(d.signOffs, strings.Trim(part, "() .")) {
			return false
		}
	}
	return true
}
