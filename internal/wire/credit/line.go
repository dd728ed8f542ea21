package credit

import (
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
	if f := d.signOff(line); f != nil {
		return f
	}
	if f := d.labelled(line, language); f != nil {
		return f
	}
	if f := d.clause(line, language); f != nil {
		return f
	}
	return d.copyrightLine(line, language)
}

// clause reads a line that names people without a colon: "By A", "(Reporting by A; Editing by B)", "A contributed to
// this report.", also in brackets at the end of a paragraph.
func (d *dictionary) clause(line, language string) *finding {
	before, inner := "", trimBullets(line)
	if last := line[len(line)-1]; last == ')' || last == ']' || last >= utf8.RuneSelf {
		inner = strings.TrimRight(inner, ")]】］）")
	}
	if line[len(line)-1] == ')' {
		if i := strings.LastIndexByte(line, '('); i > 0 && d.beginsClause(line[i+1:]) {
			before, inner = strings.TrimSpace(line[:i]), line[i+1:len(line)-1]
		}
	}
	if len(inner) > maxLine {
		return nil
	}
	text := strings.TrimSpace(line[len(before):])
	if n, terms := d.clauses.longest(inner); n > 0 {
		t := choose(terms, language)
		if t.role == byline {
			if before != "" {
				return nil
			}
			return d.bylineOf(t, inner[n:], text, language)
		}
		credits, like := d.people(inner[n:], t, "clause", text)
		if like == noName || len(credits) == 0 {
			return nil
		}
		return &finding{before: before, credits: credits, weak: like == smallName}
	}
	end := strings.TrimRight(inner, " .")
	if start, terms := d.clauseEnds.longestBefore(end); len(terms) > 0 {
		credits, like := d.people(end[:start], choose(terms, language), "clause", text)
		if like == properName && len(credits) > 0 {
			return &finding{before: before, credits: credits}
		}
	}
	return nil
}

func (d *dictionary) beginsClause(s string) bool {
	n, terms := d.clauses.longest(s)
	return n > 0 && terms[0].role != byline
}

// bylineOf reads the names of a byline; many languages open sentences with the same word.
func (d *dictionary) bylineOf(t term, value, text, language string) *finding {
	if language != "" && language != "und" && t.language != language {
		return nil
	}
	t.role = wire.Reporter
	credits, like := d.people(value, t, "byline", text)
	if like != properName || len(credits) == 0 || endsSentence(value) {
		return nil
	}
	return &finding{credits: credits, byline: squeeze(strings.Trim(value, " .,;:")), weak: true}
}

// signOff reads the mark or the name with which an agency ends its copy: "==Kyodo", "(ANTARA)", "-- BERNAMA", "-0-".
func (d *dictionary) signOff(line string) *finding {
	if strings.Contains(line, "==") {
		i := strings.LastIndex(line, "==")
		name := strings.Trim(line[i+2:], "= \t.")
		a := d.agencyNames[fold(head(name, maxName))]
		switch {
		case a != nil && len(name) <= maxName:
			before := strings.TrimSpace(strings.TrimRight(line[:i], "= "))
			return &finding{before: before, signOff: &sourceFound{a.Name, "sign-off", strings.TrimSpace(line[len(before):])}}
		case strings.TrimRight(line[:i], "=") == "" && len(name) <= maxName && !strings.Contains(name, " "):
			return &finding{weak: true}
		}
	}
	if i := strings.LastIndexByte(line, ' '); i > 0 && len(line)-i > len("END") && len(line)-i <= 16 {
		if before := strings.TrimRight(line[:i], " "); endsSentence(before) && d.signOffs[fold(line[i+1:])] {
			return &finding{before: before, weak: true} // "… said. Enditem"
		}
	}
	if len(line) > maxName {
		return nil
	}
	inner := strings.Trim(line, "()[]（）［］【】<>-–—=/*_#.| \t")
	if inner == "" || d.signOffs[fold(inner)] {
		return &finding{weak: true}
	}
	if len(inner) == len(line) && !strings.Contains(line, "/") && d.agencyNames[fold(line)] == nil {
		return nil
	}
	if names, known := d.origins(inner); known {
		return &finding{signOff: &sourceFound{names[0], "sign-off", line}, weak: true}
	}
	return nil
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
	after := strings.TrimSpace(strings.TrimLeft(line[lead+len(n.text):], " \t.,;|)]-–—"))
	found := n
	// Above the end of the story only a line that is nothing but the notice is believed.
	return &finding{before: before, notice: &found, after: after, weak: before != "" || after != ""}
}
