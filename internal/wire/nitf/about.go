package nitf

import (
	"slices"
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/credit"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/running"
)

// about reads what the text is about: places, persons, bodies, series.
func (f filler) about(d *markup.Node) {
	if n := d.Child("evloc"); n != nil {
		place := ""
		for _, part := range []string{"city", "county-dist", "state-prov", "iso-cc"} {
			set(&place, markup.Clean(n.Attr(part)))
		}
		f.Places = add(f.Places, place)
	}
	for n := range d.Children("doc-scope") {
		f.Places = add(f.Places, markup.Clean(n.Attr("scope")))
	}
	if n := d.Child("series"); n != nil {
		f.Keywords = add(f.Keywords, markup.Clean(n.Attr("series.name")))
	}
	if n := d.Child("identified-content"); n != nil {
		for _, c := range n.Nodes {
			switch c.Name {
			case "location":
				f.Places = add(f.Places, c.Words())
			case "classifier":
				f.subject(c.Attr("value"), c.Words())
			case "person", "org", "event", "object.title":
				f.subject("", c.Words())
			}
		}
	}
}

// notes reads the notes above the text: to editors, or of copyright.
func (f filler) notes(h *markup.Node) {
	for n := range h.Children("note") {
		text := markup.Clean(running.Body(running.Blocks(n)).Text)
		switch {
		case n.Attr("type") == "npa": // a non-publishable advisory (NITF 3.6, note): what it announces counts all the same
			credit.Lifecycle("", "", text, "").Put(f.Story)
			f.AddEvidence("note", "left-out:not-for-publication", "")
		case n.Attr("noteclass") == "cpyrt":
			set(&f.Rights.Notice, text)
			said, _ := running.Line(text)
			set(&f.Rights.Holder, said.Rights.Holder)
			if f.Rights.Year == 0 {
				f.Rights.Year = said.Rights.Year
			}
		case !strings.Contains(f.Note, text):
			f.Note = strings.TrimSpace(f.Note + "\n" + text)
		}
	}
}

// notesWithin takes out of a text the notes in it that are for editors.
func (f filler) notesWithin(n *markup.Node) {
	n.Nodes = slices.DeleteFunc(n.Nodes, func(inner *markup.Node) bool {
		if inner.Name == "note" && (inner.Attr("type") == "npa" || inner.Attr("noteclass") == "editorsnote") {
			f.notes(&markup.Node{Nodes: []*markup.Node{inner}})
			return true
		}
		f.notesWithin(inner)
		return false
	})
}

// docRights reads the rights in the docdata, each with where it holds.
func (f filler) docRights(d *markup.Node) {
	var terms []string
	for n := range d.Children("doc.rights") {
		set(&f.Rights.Holder, markup.Clean(n.Attr("owner")))
		terms = add(terms, markup.Clean(n.Attr("limitations")))
		terms = add(terms, markup.Clean(n.Attr("geography")))
		code := strings.ToUpper(markup.Clean(n.Attr("location-code")))
		if len(code) == 2 && strings.Contains(n.Attr("code-source"), "3166") {
			f.Rights.Territories.Allow = add(f.Rights.Territories.Allow, code)
		}
	}
	set(&f.Rights.Terms, strings.Join(terms, "\n"))
}

// subjects reads IPTC subject codes.
func (f filler) subjects(tobject *markup.Node) {
	for n := range tobject.Children("tobject.subject") {
		name := n.Attr("tobject.subject.detail")
		for _, broader := range []string{"tobject.subject.matter", "tobject.subject.type"} {
			if name == "" {
				name = n.Attr(broader)
			}
		}
		f.subject(n.Attr("tobject.subject.refnum"), name)
	}
}

// subject adds a subject; eight digits are a code of IPTC's Subject NewsCodes.
func (f filler) subject(code, name string) {
	code, name = markup.Clean(code), markup.Clean(name)
	if IsSubjectCode(code) {
		code = "subj:" + code
	} else if name == "" {
		code, name = "", code
	}
	if name != "" || code != "" {
		f.Subjects = append(f.Subjects, wire.Subject{Code: code, Name: name})
	}
}

// IsSubjectCode says whether code is one of IPTC's Subject NewsCodes: eight digits.
func IsSubjectCode(code string) bool {
	return len(code) == 8 && strings.Trim(code, "0123456789") == ""
}
