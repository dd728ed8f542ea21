package nitf

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/credit"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/running"
)

// bylines reads who wrote the text: the persons that a byline marks, else whom its words name. A story may have several.
func (f filler) bylines(h *markup.Node) {
	var lines []string
	for n := range h.Children("byline") {
		lines = add(lines, byline(n))
		named := false
		for p := range n.All("person") {
			if name := p.Words(); name != "" {
				named = true
				f.credit(name, wire.Reporter)
			}
		}
		if !named {
			for _, c := range running.Byline(byline(withoutTitle(n)), f.Language) {
				f.credit(c.Name, c.Role)
			}
		}
	}
	set(&f.Byline, strings.Join(lines, "; "))
}

// credit adds a person whom nobody has credited so far.
func (f filler) credit(name, role string) {
	same := func(c wire.Credit) bool { return strings.EqualFold(c.Name, name) }
	if !slices.ContainsFunc(f.Attribution.Credits, same) {
		f.Attribution.Credits = append(f.Attribution.Credits, wire.Credit{Name: name, Role: role})
	}
}

// source adds an agency that is not among the sources so far.
func (f filler) source(name, role string) {
	name = credit.Agency(markup.Clean(name))
	same := func(s wire.Source) bool { return s.Name == name }
	if name != "" && !slices.ContainsFunc(f.Attribution.Sources, same) {
		f.Attribution.Sources = append(f.Attribution.Sources, wire.Source{Name: name, Role: role})
	}
}

// hops reads who passed the text on, in their order (NITF 3.6, del-list: the delivery trail).
func (f filler) hops(list *markup.Node) {
	var trail []*markup.Node
	for n := range list.Children("from-src") {
		trail = append(trail, n)
	}
	slices.SortStableFunc(trail, func(a, b *markup.Node) int { return cmp.Compare(level(a), level(b)) })
	for _, n := range trail {
		f.source(n.Attr("src-name"), wire.Distributor)
	}
}

func level(n *markup.Node) int {
	l, _ := strconv.Atoi(n.Attr("level-number"))
	return l
}

// withoutTitle gives a byline without what the reporters are.
func withoutTitle(n *markup.Node) *markup.Node {
	short := &markup.Node{Name: n.Name}
	for _, c := range n.Nodes {
		if c.Name != "byttl" {
			short.Nodes = append(short.Nodes, c)
		}
	}
	return short
}

// byline gives a byline in one line, what the reporters are behind their names.
func byline(n *markup.Node) string {
	var b strings.Builder
	for _, c := range n.Nodes {
		if c.Name == "byttl" && !strings.HasSuffix(strings.TrimSpace(b.String()), ",") {
			b.WriteString(", ")
		}
		if b.WriteString(c.Text); c.Name != "" {
			b.WriteString(c.Words())
		}
	}
	return strings.TrimSpace(strings.Trim(markup.Clean(b.String()), ", "))
}
