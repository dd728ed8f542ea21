package newsml1

import (
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/credit"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/nitf"
	"kawat/internal/wire/running"
)

// component is a NewsComponent that has text, and the components around it, itself first: what it does not say, they
// say for it (NewsML 1.2, section 5.9).
type component []*markup.Node

// mainText finds the component whose text is the item's: the first with the role Main, else the first with text. If
// none has text, it is the outermost.
func mainText(item *markup.Node) component {
	var first component
	var visit func(n *markup.Node, around component) component
	visit = func(n *markup.Node, around component) component {
		here := append(component{n}, around...)
		if textOf(n) != nil {
			if strings.HasPrefix(strings.ToLower(n.Child("Role").Attr("FormalName")), "main") {
				return here
			}
			if first == nil {
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
	return component{top}
}

// textOf is the DataContent of a component's own text, nil when it has none.
func textOf(n *markup.Node) *markup.Node {
	for c := range n.Children("ContentItem") {
		switch strings.ToLower(c.Child("MediaType").Attr("FormalName")) {
		case "", "text", "complexdata":
			if d := c.Child("DataContent"); !d.Blank() {
				return d
			}
		}
	}
	return nil
}

// child finds what the path leads to in the innermost component that has it.
func (m component) child(path ...string) *markup.Node {
	for _, n := range m {
		if c := n.Child(path...); c != nil {
			return c
		}
	}
	return nil
}

// line is a line of NewsLines.
func (m component) line(name string) string { return m.child("NewsLines", name).Words() }

// describe reads lines and metadata.
func (m component) describe(s *wire.Story, p *wire.Profile) {
	s.Headline, s.Slugline, s.Summary = m.line("HeadLine"), m.line("SlugLine"), m.line("SubHeadLine")
	if line := m.line("ByLine"); line != "" {
		s.Byline = line
		said, ok := running.Line(line)
		if !ok {
			said, _ = running.Line("By " + line) // the names alone
		}
		s.Attribution.Credits = said.Attribution.Credits
	}
	if line := m.line("DateLine"); line != "" {
		s.Dateline = dateline(line, p)
	}
	if line := m.line("CopyrightLine"); line != "" {
		said, _ := running.Line(line)
		s.Rights.Notice, s.Rights.Holder, s.Rights.Year = line, said.Rights.Holder, said.Rights.Year
	}
	s.Rights.Terms = m.line("RightsLine")
	for k := range m.child("NewsLines").Children("KeywordLine") {
		for word := range strings.FieldsFuncSeq(k.Words(), func(r rune) bool { return strings.ContainsRune(",;/、", r) }) {
			s.Keywords = append(s.Keywords, strings.TrimSpace(word))
		}
	}
	m.source(s)
	m.rights(s)
	m.descriptive(s)
	if s.Language == "" {
		for _, n := range m {
			if s.Language = n.Attr("lang"); s.Language != "" {
				break
			}
		}
	}
}

// dateline reads a DateLine: as copy's are read, or else as place and date with a comma between them.
func dateline(line string, p *wire.Profile) wire.Dateline {
	if d, rest, ok := credit.SplitDateline(line, p); ok && rest == "" {
		return d
	}
	d := wire.Dateline{Text: line}
	if i := strings.LastIndex(line, ","); i > 0 && strings.ContainsAny(line[i:], "0123456789") {
		d.Place, d.Date = strings.TrimSpace(line[:i]), strings.TrimSpace(line[i+1:])
	}
	return d
}

// source reads whose report it is: the credit line, or else the provider that the item names.
func (m component) source(s *wire.Story) {
	s.Attribution.CreditLine = m.line("CreditLine")
	names := strings.Split(s.Attribution.CreditLine, "/")
	if s.Attribution.CreditLine == "" {
		names = names[:0]
		for p := range m.child("AdministrativeMetadata", "Provider").Children("Party") {
			names = append(names, p.Attr("FormalName"))
		}
	}
	for _, name := range names {
		if name = credit.Agency(markup.Clean(name)); name != "" {
			s.Attribution.Sources = append(s.Attribution.Sources, wire.Source{Name: name, Role: wire.Origin})
		}
	}
}

// rights reads the RightsMetadata.
func (m component) rights(s *wire.Story) {
	n := m.child("RightsMetadata")
	if holder := n.Child("Copyright", "CopyrightHolder").Words(); holder != "" {
		s.Rights.Holder, s.Rights.Year = holder, year(n.Child("Copyright", "CopyrightDate").Words())
	}
	if terms := n.Child("UsageRights", "Limitations").Words(); terms != "" && s.Rights.Terms == "" {
		s.Rights.Terms = terms
	}
}

// year reads the year that a date begins with.
func year(s string) int {
	y := 0
	for i := 0; i < len(s) && i < 4 && s[i] >= '0' && s[i] <= '9'; i++ {
		y = y*10 + int(s[i]-'0')
	}
	if y < 1900 || y >= 2100 {
		return 0
	}
	return y
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

// text reads the text: NITF or HTML, as elements or as escaped text, or plain paragraphs.
func (m component) text(s *wire.Story, c *wire.Copy) error {
	if len(m) == 0 {
		return nil
	}
	content := textOf(m[0])
	if content == nil {
		return nil
	}
	if inner := strings.TrimSpace(rawText(content)); strings.HasPrefix(inner, "<nitf") {
		doc, err := markup.ParseXML([]byte(inner))
		if err != nil {
			return err
		}
		return nitf.Fill(s, c, doc)
	}
	if doc := content.Child("nitf"); doc != nil {
		return nitf.Fill(s, c, doc)
	}
	if !hasElements(content) {
		content = running.Paragraphs(rawText(content))
	}
	running.SetBody(s, c, running.Blocks(content))
	return nil
}

// hasElements says whether n is more than text.
func hasElements(n *markup.Node) bool {
	for _, c := range n.Nodes {
		if c.Name != "" {
			return true
		}
	}
	return false
}

// rawText is the text of n if n is nothing but text.
func rawText(n *markup.Node) string {
	if hasElements(n) {
		return ""
	}
	var b strings.Builder
	for _, c := range n.Nodes {
		b.WriteString(c.Text)
	}
	return b.String()
}
