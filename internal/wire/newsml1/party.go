package newsml1

import (
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/credit"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/running"
)

// people reads who wrote the text: whom the bylines name, and the parties that are said to have created it.
func (m component) people(s *wire.Story) {
	var lines []string
	for n := range m.child("NewsLines").Children("ByLine") {
		if line := n.Words(); line != "" {
			lines = append(lines, line)
			s.Attribution.Credits = append(s.Attribution.Credits, running.Byline(line, s.Language)...)
		}
	}
	s.Byline = strings.Join(lines, "; ")
	role := wire.Reporter
	if len(s.Attribution.Credits) > 0 {
		role = wire.Contributor
	}
	for _, kind := range []string{"Creator", "Contributor"} {
		for _, name := range m.parties(kind) {
			if kind == "Contributor" {
				role = wire.Contributor
			}
			// Codes of parties are for machines; a name has a space, or is an agency's.
			if strings.Contains(name, " ") && !running.IsAgency(name) && !credited(s, name) {
				s.Attribution.Credits = append(s.Attribution.Credits, wire.Credit{Name: name, Role: role})
			}
		}
	}
}

func credited(s *wire.Story, name string) bool {
	for _, c := range s.Attribution.Credits {
		if strings.EqualFold(c.Name, name) {
			return true
		}
	}
	return false
}

// parties are the names of the parties that the administrative metadata name as something.
func (m component) parties(as string) []string {
	var names []string
	for _, n := range m {
		for role := range n.Child("AdministrativeMetadata").Children(as) {
			for p := range role.Children("Party") {
				if name := markup.Clean(p.Attr("FormalName")); name != "" {
					names = append(names, name)
				}
			}
		}
		if len(names) > 0 {
			break
		}
	}
	return names
}

// source reads whose report it is: whom the credit line names, or else the source or the creator that is an agency, or
// else the provider that the item names.
func (m component) source(s *wire.Story) {
	s.Attribution.CreditLine = m.line("CreditLine", s.Language)
	names := strings.Split(s.Attribution.CreditLine, "/")
	if s.Attribution.CreditLine == "" {
		names = m.parties("Source")
		for _, name := range m.parties("Creator") {
			if running.IsAgency(name) {
				names = append(names, name)
			}
		}
		if len(names) == 0 {
			names = m.parties("Provider")
		}
	}
	for _, name := range names {
		if name = credit.Agency(markup.Clean(name)); name != "" && !sourced(s, name) {
			s.Attribution.Sources = append(s.Attribution.Sources, wire.Source{Name: name, Role: wire.Origin})
		}
	}
}

func sourced(s *wire.Story, name string) bool {
	for _, source := range s.Attribution.Sources {
		if source.Name == name {
			return true
		}
	}
	return false
}

// rights reads the RightsMetadata: whose it is, and each grant with what limits it and where it holds.
func (m component) rights(s *wire.Story) {
	n := m.child("RightsMetadata")
	if holder := n.Child("Copyright", "CopyrightHolder").Words(); holder != "" {
		s.Rights.Holder, s.Rights.Year = holder, year(n.Child("Copyright", "CopyrightDate").Words())
	}
	if s.Rights.Terms != "" {
		return
	}
	var terms []string
	for usage := range n.Children("UsageRights") {
		for _, part := range []string{"Limitations", "Geography"} {
			if words := usage.Child(part).Words(); words != "" {
				terms = append(terms, words)
			}
		}
	}
	s.Rights.Terms = strings.Join(terms, "\n")
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
