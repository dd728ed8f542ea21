package explain

import (
	_ "embed"
	"html/template"
	"io"
	"strings"
)

//go:embed page.html
var pageHTML string

var page = template.Must(template.New("page").Parse(pageHTML))

// Page writes the copy as an HTML page of its own: the same marks as on a terminal, with the rule of each in its title.
func (c *Copy) Page(w io.Writer, title string) error {
	type mark struct{ Text, Kind, Names, Title string }
	type row struct{ Field, Value, Rule, From string }
	type story struct {
		Title, Headline, Language string
		Rows                      []row
	}
	data := struct {
		Title    string
		Marks    []mark
		Stories  []story
		Refusals []string
	}{Title: title}
	for _, p := range c.pieces() {
		m := mark{Text: visible(p.text), Kind: "rest"}
		if p.body {
			m.Kind = "body"
		}
		var titles []string
		for _, s := range p.spans {
			titles = append(titles, s.Field+" = "+brief(s.Value, 80)+" ("+s.Rule+")")
		}
		if len(p.spans) > 0 {
			field := p.innermost().Field
			m.Kind, _, _ = strings.Cut(field, ".")
			if strings.HasPrefix(field, "attribution.sources") {
				m.Kind = "source"
			}
			m.Kind = "taken " + strings.TrimRight(m.Kind, "0123456789[]")
			m.Title, m.Names = strings.Join(titles, "\n"), strings.Join(c.ending(p), " ")
		}
		data.Marks = append(data.Marks, m)
	}
	for n, s := range c.Stories {
		st := story{Title: c.title(n), Headline: s.Headline, Language: s.Language}
		for _, span := range c.Spans {
			if span.Story == n {
				st.Rows = append(st.Rows, row{span.Field, brief(span.Value, 120), span.Rule, c.from(span)})
			}
		}
		data.Stories = append(data.Stories, st)
	}
	for _, r := range c.Refusals {
		data.Refusals = append(data.Refusals, r.Error())
	}
	return page.Execute(w, data)
}
