package credit

import (
	"slices"
	"strings"
	"unicode/utf8"

	"kawat/internal/wire"
)

// maxLine is the longest line in which credits are looked for at the head, in bytes; longer lines are text.
const maxLine = 2000

// read reads one line or paragraph; it gives nil for the story's text.
func (d *dictionary) read(line, language string) *finding {
	line = strings.TrimSpace(line)
	if line == "" {
		return nil
	}
	if bare, marked := voiced(line); marked {
		f := d.read(bare, language)
		f.revoice(line, bare)
		return f
	}
	if f := d.agencyByline(line); f != nil {
		return f
	}
	if f := d.signOff(line); f != nil {
		if f.before != "" {
			if credits := d.clause(f.before, language); credits != nil && credits.byline == "" {
				credits.signOff = f.signOff
				return credits
			}
		}
		return f
	}
	if f := addressLine(line); f != nil {
		return f
	}
	if f := d.note(line, language); f != nil {
		return f
	}
	if f := d.labelled(line, language); f != nil {
		return f
	}
	if f := d.clause(line, language); f != nil {
		return f
	}
	if f := d.codes(line); f != nil {
		return f
	}
	return d.copyrightLine(line, language)
}

// agencyByline reads the byline of Japanese wires, an agency and its reporter in brackets: "（共同＝山田太郎）", also with the
// place. It stands above the text, or at the head or the end of a paragraph; at the head with a place it is a dateline.
func (d *dictionary) agencyByline(line string) *finding {
	if !strings.Contains(line, "=") && !strings.Contains(line, "＝") || !strings.ContainsFunc(line, unspaced) {
		return nil
	}
	if before, inner, ok := bracketTail(line); ok {
		if f, _ := d.agencyReporter(inner, strings.TrimSpace(line[len(before):])); f != nil {
			f.before = before
			return f
		}
	}
	for _, b := range brackets {
		rest, opened := strings.CutPrefix(line, b[0])
		inner, after, closed := strings.Cut(rest, b[1])
		if !opened || !closed || len(inner) > 3*maxName {
			continue
		}
		if f, placed := d.agencyReporter(inner, line[:len(line)-len(after)]); f != nil && !placed {
			f.after = strings.TrimSpace(after)
			return f
		}
	}
	return nil
}

// agencyReporter reads what stands in the brackets of an agency's byline; placed says that the place does as well.
func (d *dictionary) agencyReporter(inner, text string) (f *finding, placed bool) {
	filed, names, ok := strings.Cut(strings.ReplaceAll(inner, "＝", "="), "=")
	filed, names = strings.TrimSpace(filed), strings.TrimSpace(names)
	if !ok || len(filed) > maxPlace || len(names) > maxName || strings.ContainsAny(names, "=。") || notReporter(names) {
		return nil, false
	}
	if placed = folded(d.agencyNames, filed) == nil; placed {
		at := -1
		for i := range filed {
			if i > 0 && folded(d.agencyNames, filed[i:]) != nil && d.isPlace(filed[:i]) {
				at = i
				break
			}
		}
		if at < 0 {
			return nil, false
		}
	}
	if _, agencies := d.origins(names); agencies {
		return nil, false
	}
	credits, like := d.people(names, term{wire.Reporter, "ja"}, "byline", text)
	if like != properName || len(credits) == 0 {
		return nil, false
	}
	return &finding{credits: credits, byline: names}, placed
}

// notReporter says of what stands behind the agency that it tells whose a picture is.
func notReporter(names string) bool {
	for _, word := range [...]string{"撮影", "提供", "写真", "資料", "配信", "動画"} {
		if strings.Contains(names, word) {
			return true
		}
	}
	return false
}

// addressLine reads a line that is nothing but addresses of mail, as agencies put below a story for their clients. Korean
// revoice gives back to a finding the silent marks of its line: what is text of the story, and the words of evidence.
func (f *finding) revoice(line, bare string) {
	if f == nil {
		return
	}
	if f.before != "" {
		f.before = strings.TrimSpace(line[:unvoiced(line, strings.Index(bare, f.before)+len(f.before))])
	}
	if f.after != "" && strings.HasSuffix(bare, f.after) {
		f.after = strings.TrimSpace(line[unvoiced(line, len(bare)-len(f.after)):])
	}
	line = strings.TrimSpace(strings.TrimPrefix(line, f.before))
	for i := range f.credits {
		f.credits[i].text = line
	}
	for i := range f.sources {
		f.sources[i].text = line
	}
	for i := range f.related {
		f.related[i].text = line
	}
	if f.signOff != nil {
		f.signOff.text = line
	}
}

// clause reads a line that names people without a colon: "By A", "(Reporting by A; Editing by B)", "A contributed to
// this report.", also in brackets at the end of a paragraph.
func (d *dictionary) clause(line, language string) *finding {
	before, inner := "", trimBullets(line)
	bracketed := false
	if last := line[len(line)-1]; last == ')' || last == ']' || last >= utf8.RuneSelf {
		inner = strings.TrimRight(inner, ")]】］）")
		var head, tail string
		if head, tail, bracketed = bracketTail(line); bracketed && d.beginsClause(tail) {
			if before, inner = head, tail; before != "" {
				if text, mark, ok := bracketTail(before); ok && folded(d.signOffs, mark) && endsSentence(text) {
					before = text
				}
			}
		} else {
			bracketed = bracketed && head == ""
		}
	}
	if len(inner) > maxLine {
		return nil
	}
	text := strings.TrimSpace(line[len(before):])
	n, terms := d.clauses.longest(inner)
	if more, others := d.script.bracketed.longest(inner); bracketed && more > n {
		n, terms = more, others
	}
	if last, _ := utf8.DecodeLastRuneInString(inner[:n]); n > 0 && !bracketed && unspaced(last) && skipSpace(inner, n) == n {
		n = 0 // a sentence may begin with the same signs
	}
	if n > 0 {
		t := choose(terms, language)
		if t.role == byline {
			if before != "" {
				return nil
			}
			return d.bylineOf(t, inner[n:], text, language)
		}
		if t.role == source {
			if f := d.sourceClause(t, inner[n:], text); f != nil {
				f.before = before
				return f
			}
			return nil
		}
		credits, like := d.people(inner[n:], t, "clause", text)
		if like == noName || len(credits) == 0 {
			return nil
		}
		if first, _ := utf8.DecodeRuneInString(inner); !bracketed && unspaced(first) && (like != properName || !d.surnamed(credits, t.language)) {
			return nil
		}
		return &finding{before: before, credits: credits, weak: like == smallName || !hasCase(inner[n:])}
	}
	end, addressed := strings.TrimRight(inner, " ."), false
	if at := strings.LastIndexByte(end, ' '); at > 0 && isAddress(end[at+1:]) {
		end, addressed = strings.TrimRight(end[:at], " "), true
	}
	if start, terms := d.clauseEnds.longestBefore(end); len(terms) > 0 {
		if t := choose(terms, language); t.role == byline {
			if before != "" || start == 0 {
				return nil
			}
			f := d.bylineOf(t, end[:start], text, language)
			if f != nil && !addressed && !d.surnamed(f.credits, t.language) {
				return nil
			}
			if agency := strings.TrimLeft(end[start:], "/ "); f != nil && folded(d.agencyNames, agency) != nil { // "Matti Meikäläinen / STT"
				f.signOff = &sourceFound{Agency(agency), "sign-off", text}
			}
			return f
		}
		credits, like := d.people(end[:start], choose(terms, language), "clause", text)
		if like == properName && len(credits) > 0 {
			return &finding{before: before, credits: credits}
		}
	}
	// "(A also contributed to the story; Video editor: B)"
	if helped, rest, ok := strings.Cut(inner, ";"); ok && bracketed {
		first, others := d.clause("("+helped+")", language), d.labelled(strings.TrimSpace(rest), language)
		if first != nil && others != nil && first.before == "" && first.byline == "" && others.before == "" && len(others.credits) > 0 {
			return &finding{before: before, credits: slices.Concat(first.credits, others.credits)}
		}
	}
	return nil
}

func (d *dictionary) beginsClause(s string) bool {
	n, terms := d.clauses.longest(s)
	if n == 0 {
		n, _ = d.script.bracketed.longest(s)
		return n > 0
	}
	return terms[0].role != byline
}

// bylineOf reads the names of a byline; many languages open sentences with the same word.
func (d *dictionary) bylineOf(t term, value, text, language string) *finding {
	if language != "" && language != "und" && t.language != language {
		return nil
	}
	t.role = wire.Reporter
	credits, like := d.people(value, t, "byline", text)
	if agency := d.agencyAlone(value); agency != "" {
		return &finding{sources: []sourceFound{{agency, "byline:" + t.language, text}}, byline: squeeze(strings.Trim(value, " .")), weak: true}
	}
	if like != properName || len(credits) == 0 || endsSentence(value) {
		return nil
	}
	return &finding{credits: credits, byline: squeeze(strings.Trim(value, " .,;:")), weak: true}
}

// agencyAlone is the agency that a byline names and nobody else: "By PA Reporters", "By AFP". "By Antara" may be a person.
func (d *dictionary) agencyAlone(value string) string {
	value = strings.Trim(value, " .")
	n, spellings := d.agencies.longest(value)
	if n == 0 || spellings[0].Name == "" || d.withoutPost(value) != "" && !(n == len(value) && (!spellings[0].word || inCapitals(value))) {
		return ""
	}
	return spellings[0].Name
}

// copyrightLine reads a line that begins with a copyright notice, or has one after a sentence.
func (d *dictionary) copyrightLine(line, language string) *finding {
	lead := len(line) - len(trimBullets(line))
	if strings.HasPrefix(line, "(c)") || strings.HasPrefix(line, "(C)") {
		lead = 0
	}
	before := ""
	n, ok := d.parseNotice(line[lead:], language)
	if !ok {
		at := strings.Index(line, "©")
		if at < 0 {
			return nil
		}
		stop := strings.LastIndexAny(line[:at], ".!?”\"")
		if stop < 0 {
			return nil
		}
		lead = skipSpace(line, stop+1)
		if lead > at { // the mark of the end of a quotation is longer than a byte
			return nil
		}
		if n, ok = d.parseNotice(line[lead:], language); !ok {
			return nil
		}
		before = strings.TrimSpace(line[:lead])
	}
	after := strings.TrimSpace(strings.TrimLeft(line[lead+len(n.text):], " \t.,;|)]>＞〉-–—、，。،"))
	if strings.HasPrefix(line, "<") || strings.HasPrefix(line, "＜") || strings.HasPrefix(line, "〈") {
		after = strings.TrimRight(after, " >＞〉")
	}
	if strings.Count(n.text, ")") > strings.Count(n.text, "(") { // "(©NTB)"
		n.text = strings.TrimSuffix(n.text, ")")
	}
	revision := revisionIn(n.text)
	if revision != nil {
		n.text, n.holder = strings.TrimSuffix(n.text, ", "+revision.text), strings.TrimSuffix(n.holder, ", "+revision.text)
	}
	found := n
	// Above the end of the story only a line that is nothing but the notice is believed.
	return &finding{before: before, notice: &found, after: after, revision: revision, weak: before != "" || after != ""}
}
