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
		s = strings.TrimLeft(line, " \t([【［（*#-–—^")
		opened = strings.ContainsRune("([【［（", first(line))
	}
	if s == "" {
		return nil
	}
	if n, terms := d.notes.longest(s); n > 0 {
		t := choose(terms, language)
		rest := strings.TrimLeft(s[n:], " \u00a0")
		switch {
		case hasRole(terms, "blocks") && strings.Trim(rest, ":：.)]】］）*#") == "":
			return &finding{note: &noteFound{label: strings.TrimSpace(line), rule: "note:block:" + t.language, block: true}}
		case hasRole(terms, "desks") && (rest == "" || strings.ContainsRune(":：-–—_", first(rest)) || opened):
			text := strings.Trim(rest, " \t:：-–—_)]】］）")
			said := d.announcedInNote(text)
			if said.Kind == "" && d.isCredit(s, n, language) {
				return nil // "Editors: Ayu Tan and Bima Yo"
			}
			f := &noteFound{label: s[:n], rule: "note:desks:" + t.language, said: said, text: text}
			f.readers = said.Kind == Correction
			return &finding{note: f}
		case opened && hasRole(terms, "readers") && closedOnce(line):
			text := strings.TrimSpace(strings.Trim(strings.TrimSpace(line), "([【［（)]】］）"))
			f := &noteFound{label: s[:n], rule: "note:readers:" + t.language, said: d.announcedInNote(text), text: text, readers: true}
			return &finding{note: f, weak: true}
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
	if n.rule == "wire-code" {
		x.story.AddEvidence("body", n.rule, n.label)
		return
	}
	if n.readers && n.text != "" && x.story.Note == "" {
		x.story.Note = n.text
		x.story.AddEvidence("note", n.rule, n.text)
	} else {
		x.story.AddEvidence("note", n.rule, n.label)
	}
	n.said.Put(x.story)
}

// codes reads a last line for machines and desks: the initials of who worked on copy ("abc/def/ghi", "ABC // DEF"), or an
// agency's name before them ("dpa kre/su yysw a3 sck"). They are no words of the story.
func (d *dictionary) codes(line string) *finding {
	if len(line) > maxName {
		return nil
	}
	if c := line[0]; !('a' <= c && c <= 'z') && !strings.Contains(line, "//") {
		return nil
	}
	fields := strings.Fields(line)
	if len(fields) == 0 || len(fields) > 10 {
		return nil
	}
	if a := folded(d.agencyNames, fields[0]); a != nil && len(fields) >= 3 && all(fields, lowerCode) {
		return &finding{signOff: &sourceFound{a.Name, "sign-off", line}, weak: true}
	}
	initials := len(fields) == 1 && strings.Contains(line, "/") && lowerCode(line) && all(strings.FieldsFunc(line, isStroke), twoToFour) ||
		len(fields) == 3 && fields[1] == "//" && all([]string{fields[0], fields[2]}, capitalCode)
	if !initials {
		return nil
	}
	return &finding{weak: true, note: &noteFound{label: line, rule: "wire-code"}}
}

func isStroke(r rune) bool { return r == '/' || r == '-' }

func twoToFour(s string) bool { return len(s) >= 2 && len(s) <= 4 }

func lowerCode(s string) bool {
	return len(s) <= 20 && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789/-") == "" && strings.ContainsAny(s, "abcdefghijklmnopqrstuvwxyz")
}

func capitalCode(s string) bool {
	return len(s) >= 2 && len(s) <= 6 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

func all(fields []string, is func(string) bool) bool {
	for _, f := range fields {
		if !is(f) {
			return false
		}
	}
	return len(fields) > 0
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
