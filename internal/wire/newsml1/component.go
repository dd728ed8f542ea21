package newsml1

import (
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/nitf"
	"kawat/internal/wire/running"
)

// component is a NewsComponent that has text, and the components around it, itself first: what it does not say, they
// say for it (NewsML 1.2, section 5.9).
type component []*markup.Node

// mainText finds the component whose text is the item's: the first with the role Main, else the first with text that is
// no caption, else, better than none, the first that is a summary or a note to editors. If none has text, it is the outermost.
func mainText(item *markup.Node) component {
	var first, lesser component
	var visit func(n *markup.Node, around component) component
	visit = func(n *markup.Node, around component) component {
		here := append(component{n}, around...)
		if textOf(n) != nil {
			switch role := roleOf(n); {
			case strings.HasPrefix(role, "main"):
				return here
			case strings.Contains(role, "caption"):
			case isLesser(role):
				if lesser == nil {
					lesser = here
				}
			case first == nil:
				first = here
			}
		}
		for c := range n.Children("NewsComponent") {
			if found := visit(c, here); found != nil {
				return found
			}
		}
		return nil
	}
	top := item.Child("NewsComponent")
	if top == nil {
		return component{}
	}
	if found := visit(top, nil); found != nil {
		return found
	}
	if first != nil {
		return first
	}
	if lesser != nil {
		return lesser
	}
	return component{top}
}

// isLesser says whether a role is of text that goes with a story and is none.
func isLesser(role string) bool {
	for _, word := range [...]string{"summary", "abstract", "teaser", "headline", "advisory", "editor", "ednote", "editnote"} {
		if strings.Contains(role, word) {
			return true
		}
	}
	return false
}

// others notes the texts of an item that are not the story.
func (m component) others(s *wire.Story, item *markup.Node) {
	for n := range item.All("NewsComponent") {
		if len(m) > 0 && n == m[0] || strings.Contains(roleOf(n), "caption") {
			continue
		}
		if text := textOf(n); text != nil {
			s.AddEvidence("body", "left-out:component", head(text.Words(), 200))
		}
	}
}

// head is at most n bytes of a text.
func head(text string, n int) string {
	if len(text) <= n {
		return text
	}
	return strings.ToValidUTF8(text[:n], "") + "…"
}

// note reads what is for editors: lines of no other kind, as AFP's AdvisoryLine, and properties.
func (m component) note(management *markup.Node) string {
	var notes []string
	add := func(kind, text string) {
		if kind = strings.ToLower(kind); text != "" && (strings.Contains(kind, "advisory") || strings.Contains(kind, "ednote") || strings.Contains(kind, "editornote") ||
			strings.Contains(kind, "editorialnote") || strings.Contains(kind, "editnote")) {
			notes = append(notes, text)
		}
	}
	for _, n := range m {
		for l := range n.Child("NewsLines").Children("NewsLine") {
			for text := range l.Children("NewsLineText") {
				add(l.Child("NewsLineType").Attr("FormalName"), text.Words())
			}
		}
	}
	for p := range management.Children("Property") {
		add(p.Attr("FormalName"), p.Attr("Value"))
	}
	return strings.Join(notes, "\n")
}

// roleOf is what a component is for, in lower case.
func roleOf(n *markup.Node) string { return strings.ToLower(n.Child("Role").Attr("FormalName")) }

// textOf is the DataContent of a component's own text, nil when it has none.
func textOf(n *markup.Node) *markup.Node {
	for c := range n.Children("ContentItem") {
		switch strings.ToLower(c.Child("MediaType").Attr("FormalName")) {
		case "", "text", "complexdata":
			for _, path := range [][]string{{"DataContent"}, {"Encoding", "DataContent"}} {
				if d := c.Child(path...); !d.Blank() {
					return d
				}
			}
		}
	}
	return nil
}

// hasText says whether the component has a text of its own.
func (m component) hasText() bool { return len(m) > 0 && textOf(m[0]) != nil }

// child finds what the path leads to in the innermost component that has it.
func (m component) child(path ...string) *markup.Node {
	for _, n := range m {
		if c := n.Child(path...); c != nil {
			return c
		}
	}
	return nil
}

// line is a line of NewsLines: of several in different languages, the one in the text's.
func (m component) line(name, language string) string {
	for _, n := range m {
		first := n.Child("NewsLines", name)
		if first == nil {
			continue
		}
		for l := range n.Child("NewsLines").Children(name) {
			if lang := l.Attr("lang"); lang != "" && markup.Language(lang) == markup.Language(language) {
				return l.Words()
			}
		}
		return first.Words()
	}
	return ""
}

// describe reads lines and metadata.
func (m component) describe(s *wire.Story, p *wire.Profile) {
	m.descriptive(s)
	m.language(s)
	line := func(name string) string { return m.line(name, s.Language) }
	s.Headline, s.Slugline, s.Summary = line("HeadLine"), line("SlugLine"), line("SubHeadLine")
	m.people(s)
	if line := line("DateLine"); line != "" {
		s.Dateline = running.Dateline(line, p)
	}
	if line := line("CopyrightLine"); line != "" {
		said, _ := running.Line(line)
		s.Rights.Notice, s.Rights.Holder, s.Rights.Year = line, said.Rights.Holder, said.Rights.Year
	}
	s.Rights.Terms = line("RightsLine")
	for k := range m.child("NewsLines").Children("KeywordLine") {
		for word := range strings.FieldsFuncSeq(k.Words(), func(r rune) bool { return strings.ContainsRune(",;/、", r) }) {
			s.Keywords = append(s.Keywords, strings.TrimSpace(word))
		}
	}
	m.source(s)
	m.rights(s)
}

// language completes which language the text is in, from how its components and lines are marked.
func (m component) language(s *wire.Story) {
	for _, n := range m {
		if s.Language == "" {
			s.Language = n.Attr("lang")
		}
	}
	for _, line := range []string{"HeadLine", "DateLine"} {
		if s.Language == "" {
			s.Language = m.child("NewsLines", line).Attr("lang")
		}
	}
}

// descriptive reads what the item is about.
func (m component) descriptive(s *wire.Story) {
	d := m.descriptiveMetadata()
	if d == nil {
		return
	}
	s.Language = d.Child("Language").Attr("FormalName")
	s.Genre = d.Child("Genre").Attr("FormalName")
	for group := range d.Children("SubjectCode") {
		for _, n := range group.Nodes {
			if code := markup.Clean(n.Attr("FormalName")); nitf.IsSubjectCode(code) {
				s.Subjects = append(s.Subjects, wire.Subject{Code: "subj:" + code})
			} else if code != "" {
				s.Subjects = append(s.Subjects, wire.Subject{Name: code})
			}
		}
	}
	for p := range d.Children("Property") {
		if strings.EqualFold(p.Attr("FormalName"), "Keyword") && p.Attr("Value") != "" {
			s.Keywords = append(s.Keywords, markup.Clean(p.Attr("Value")))
		}
	}
	for l := range d.Children("Location") {
		s.Places = append(s.Places, place(l)...)
	}
}

// descriptiveMetadata finds the DescriptiveMetadata also under the name that TASS gives it, DescriptiveMetada.
func (m component) descriptiveMetadata() *markup.Node {
	if d := m.child("DescriptiveMetadata"); d != nil {
		return d
	}
	return m.child("DescriptiveMetada")
}

// place names a Location: its city, else what is wider.
func place(l *markup.Node) []string {
	for _, kind := range []string{"City", "CountryArea", "Country", "WorldRegion"} {
		for p := range l.Children("Property") {
			if v := markup.Clean(p.Attr("Value")); strings.EqualFold(p.Attr("FormalName"), kind) && v != "" {
				return []string{v}
			}
		}
	}
	return nil
}
