package credit

import (
	"strings"

	"kawat/internal/wire"
)

// noteFound is a line that speaks of the copy and not of its news.
type noteFound struct {
	text    string // of a note that readers may see, without its brackets
	label   string // the words that told, which is all that is kept of a note to desks: it may hold a telephone number
	rule    string
	said    Announcement
	readers bool
	block   bool // so is everything below it
}

// note reads a line that is a note: to desks ("Eds: …"), which is not for publication, or in brackets on what was
// changed ("(Corrects spelling in paragraph 3)"), which readers may see. It gives nil for all others.
func (d *dictionary) note(line, language string) *finding {
	s, opened := line, false
	if !plainWord[line[0]] {
		s = strings.TrimLeft(line, " \t([【［（*#-–—^▶▷►※")
		opened = strings.ContainsRune("([【［（", first(line))
	}
	if s == "" {
		return nil
	}
	if n, terms := d.notes.longest(s); n > 0 {
		t := choose(terms, language)
		rest := strings.TrimLeft(s[n:], " \u00a0")
		switch {
		case hasRole(terms, "house") && len(line) <= maxAnnounced:
			return d.houseLine(line, t.language)
		case hasRole(terms, "blocks") && strings.Trim(rest, ":：.)]】］）*#") == "":
			return &finding{note: &noteFound{label: strings.TrimSpace(line), rule: "note:block:" + t.language, block: true}}
		case hasRole(terms, "desks") && (rest == "" || strings.ContainsRune(":：-–—_", first(rest)) || opened):
			text := strings.Trim(rest, " \t:：-–—_)]】］）")
			said := d.saidInNote(text)
			if said.Kind == "" && d.isCredit(s, n, language) {
				return nil // "Editors: Ayu Tan and Bima Yo"
			}
			f := &noteFound{label: s[:n], rule: "note:desks:" + t.language, said: said, text: text}
			f.readers = said.Kind == Correction && !hasAddress(text)
			return &finding{note: f}
		case opened && hasRole(terms, "readers") && closedOnce(line):
			text := strings.TrimSpace(strings.Trim(strings.TrimSpace(line), "([【［（)]】］）"))
			f := &noteFound{label: s[:n], rule: "note:readers:" + t.language, said: d.saidInNote(text), text: text, readers: true}
			return &finding{note: f, weak: true}
		case hasRole(terms, "remarks"), hasRole(terms, "hints"):
			if f := d.remark(s[:n], rest, t, opened && !closedOnce(line)); f != nil {
				return f
			}
		}
	}
	if len(line) > maxAnnounced || endsSentence(line) {
		return nil
	}
	if _, terms := d.signals.longest(s); len(terms) == 0 || terms[0].kind != Embargo {
		if said, _ := d.usableFrom(line); said == "" {
			return nil
		}
	}
	if a := d.announcedIn(line, "body"); a.Kind == Embargo {
		return &finding{note: &noteFound{label: strings.TrimSpace(line), rule: "note:embargo:" + a.Rule[strings.LastIndexByte(a.Rule, ':')+1:], said: a}}
	}
	return nil
}

// houseLine reads what an agency says of itself below a story: how to reach it, by which rules it works. A copyright notice may
// end it.
func (d *dictionary) houseLine(line, language string) *finding {
	f := &finding{weak: true, note: &noteFound{label: line, rule: "house-line:" + language}}
	if n, at := d.findNotice(line, language); at > 0 {
		f.notice, f.after = &n, strings.TrimSpace(line[at+len(n.text):])
		f.note.label = strings.TrimSpace(line[:at])
	}
	return f
}

// isCredit says whether what opens a note, of n bytes, also opens a credit, and names people.
func (d *dictionary) isCredit(s string, n int, language string) bool {
	start, terms := d.labels.longestBefore(s[:n])
	return len(terms) > 0 && start == 0 && d.labelled(s, language) != nil
}

// closedOnce says whether the bracket that opens a line closes at its end.
func closedOnce(line string) bool {
	line = strings.TrimSpace(line)
	at := strings.IndexAny(line, ")]】］）")
	return at >= 0 && strings.Trim(line[at:], ")]】］）. ") == ""
}

// putNote puts a note into the story: what readers may see as its note, what it announces, and evidence of both.
func (x *extraction) putNote(n *noteFound) {
	if n.rule == "wire-code" || strings.HasPrefix(n.rule, "house-line") {
		x.story.AddEvidence("body", n.rule, n.label)
		return
	}
	switch s := x.story; {
	case !n.readers || n.text == "":
		s.AddEvidence("note", n.rule, n.label)
	case strings.Contains(s.Note, n.text):
		s.AddEvidence("note", n.rule, n.text)
	case s.Note == "":
		s.Note = n.text
		s.AddEvidence("note", n.rule, n.text)
	case len(s.Note) < maxTerms:
		s.Note += "\n" + n.text
		s.AddEvidence("note", n.rule, n.text)
	default:
		s.AddEvidence("note", n.rule, n.label)
	}
	n.said.Put(x.story)
}

// sourceClause takes agencies that a clause names as the source: "Con información de Reuters".
func (d *dictionary) sourceClause(t term, value, text string) *finding {
	names, known := d.origins(strings.TrimRight(value, " .)"))
	if !known {
		return nil
	}
	f := new(finding)
	for _, n := range names {
		f.sources = append(f.sources, sourceFound{n, "clause:" + wire.Origin + ":" + t.language, text})
	}
	return f
}
