package ninjs

import (
	"slices"
	"strings"

	"kawat/internal/wire/markup"
	"kawat/internal/wire/running"
)

// part is a headline, description or body: one of several in ninjs 2 and 3, a property of its own in ninjs 1.
type part struct {
	role        string // in lower case
	contentType string
	value       string
}

// parts gives those of a kind: plural is their name in ninjs 2 and 3, single the name in ninjs 1, which is also the
// beginning of the names of the others there ("body_xhtml").
func (it item) parts(field, plural, single string) []part {
	var all []part
	for i := range it.members {
		m := &it.members[i]
		switch {
		case m.name == plural:
			if kind := m.value.kind; kind != '[' && kind != 'n' {
				it.lenient(field, &m.value, '[', m.value.words() != "")
			}
			for _, v := range m.value.list() {
				p := part{role: strings.ToLower(v.get("role").words()), contentType: strings.ToLower(v.get("contenttype").words()), value: v.get("value").raw()}
				if v.kind != '{' {
					if m.value.kind == '[' {
						it.lenient(field, &v, '{', v.raw() != "")
					}
					p.value = v.raw()
				}
				all = append(all, p)
			}
		case m.name == single:
			if kind := m.value.kind; kind != '"' && kind != 'n' {
				it.lenient(field, &m.value, '"', m.value.words() != "")
			}
			value := m.value.raw()
			if m.value.kind != '"' {
				value = m.value.words()
			}
			all = append(all, part{value: value})
		case strings.HasPrefix(m.name, single) && m.name[len(single)] == '_':
			p := part{role: m.name[len(single)+1:], value: m.value.raw()}
			switch {
			case strings.Contains(p.role, "html"):
				p.contentType = "text/html"
			case strings.Contains(p.role, "nitf"):
				p.contentType = "application/nitf+xml"
			}
			all = append(all, p)
		}
	}
	return slices.DeleteFunc(all, func(p part) bool { return strings.TrimSpace(p.value) == "" })
}

// line gives a part as a plain field.
func (p part) line() string {
	if !strings.Contains(p.contentType, "html") && !strings.Contains(p.contentType, "xml") {
		return markup.Clean(p.value)
	}
	root, err := markup.ParseHTML(p.value)
	if err != nil {
		return markup.Clean(p.value)
	}
	return markup.Clean(running.Body(running.Blocks(root)).Text)
}

// headline reads the headline: the main one, else the one without a role, else the first.
func (it item) headline() {
	rank := func(p part) int {
		switch p.role {
		case "main":
			return 0
		case "", "headline":
			return 1
		}
		return 2
	}
	all := it.parts("headline", "headlines", "headline")
	slices.SortStableFunc(all, func(a, b part) int { return rank(a) - rank(b) })
	for _, p := range all {
		if it.Headline = p.line(); it.Headline != "" {
			return
		}
	}
	if it.Headline = it.text("headline", "title"); it.Headline != "" {
		it.AddEvidence("headline", "inferred:title", it.Headline)
	}
}

// descriptions reads the summary, and what agencies put beside it: AP its credit line and its notes.
func (it item) descriptions() {
	it.Attribution.CreditLine = it.text("attribution.creditLine", "creditline")
	all := it.parts("summary", "descriptions", "description")
	for _, p := range all {
		into := new(string)
		switch p.plainRole() {
		case "creditline":
			into = &it.Attribution.CreditLine
		case "editornotes", "editornote", "ednote":
			into = &it.Note
		case "dateline":
			into = &it.Dateline.Text
		}
		if *into == "" {
			*into = p.line()
		}
	}
	it.Summary = summary(all).line()
}

// plainRole is the role without what says how the part is written: "creditline" for "credit_line_xhtml".
func (p part) plainRole() string {
	role := strings.NewReplacer("_", "", "-", "").Replace(p.role)
	for _, format := range []string{"xhtml", "html5", "html", "text", "plain"} {
		role = strings.TrimSuffix(role, format)
	}
	return role
}

// summary finds, among descriptions, what the item is about in short: of a picture, its caption.
func summary(descriptions []part) part {
	for _, roles := range [][]string{{"summary", "abstract", "lead", "ingress"}, {"", "main", "description", "short", "long"}, {"caption"}} {
		for _, p := range descriptions {
			if slices.Contains(roles, p.plainRole()) {
				return p
			}
		}
	}
	for _, p := range descriptions {
		switch p.plainRole() {
		case "creditline", "editornotes", "editornote", "ednote", "dateline", "writer", "headline", "slugline":
		default:
			return p
		}
	}
	return part{}
}
