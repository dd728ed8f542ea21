package explain

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// Terminal writes the copy with its spans marked, and below it what each says. In colour the story's own text is as it is,
// what was taken out of it is coloured, and the rest is faint; without colour spans stand in brackets.
func (c *Copy) Terminal(w io.Writer, colour bool) error {
	b := bufio.NewWriter(w)
	for _, p := range c.pieces() {
		text := visible(p.text)
		if len(p.spans) == 0 {
			if colour && !p.body {
				text = paint(faint, text)
			}
			b.WriteString(text)
			continue
		}
		label := ""
		if names := c.ending(p); len(names) > 0 {
			label = "‹" + strings.Join(names, " ") + "›"
		}
		if colour {
			b.WriteString(paint(colourOf(p.innermost().Field), text) + paint(faint, label))
		} else {
			b.WriteString("[" + text + "]" + label)
		}
	}
	if !strings.HasSuffix(c.Text, "\n") {
		b.WriteByte('\n')
	}
	for n := range c.Stories {
		fmt.Fprintf(b, "\n%s\n", c.title(n))
		table := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
		for _, span := range c.Spans {
			if span.Story == n {
				fmt.Fprintf(table, "  %s\t%s\t%s\t%s\n", span.Field, brief(span.Value, 48), span.Rule, c.from(span))
			}
		}
		if err := table.Flush(); err != nil {
			return err
		}
	}
	for _, r := range c.Refusals {
		fmt.Fprintf(b, "\nrefused: %s\n", r)
	}
	return b.Flush()
}

// ending are the names of the spans that end with a piece, each once.
func (c *Copy) ending(p piece) (names []string) {
	for _, s := range p.spans {
		if name := c.name(s); s.End == p.end && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// title says of which story what follows is.
func (c *Copy) title(n int) string {
	story := c.Stories[n]
	of := ""
	if len(c.Stories) > 1 {
		of = fmt.Sprintf("Story %d of %d: ", n+1, len(c.Stories))
	}
	return fmt.Sprintf("%s%s, version %d, %s, %s (%s)", of, story.ID, story.Version, story.Status, story.Language, story.Received.Format)
}

// from says which words a span was taken from.
func (c *Copy) from(s Span) string {
	switch {
	case s.Words == "" || s.Words == s.Value && s.Rule == "field":
		return ""
	case s.Placed(), strings.HasPrefix(s.Rule, "inferred:"), strings.HasPrefix(s.Rule, "header:"):
		return "“" + brief(s.Words, 60) + "”"
	}
	return "“" + brief(s.Words, 60) + "” (not in the copy as it stands)"
}

// name is a span's field, short: a credit is known by its role.
func (c *Copy) name(s Span) string {
	name := s.Field
	if open := strings.LastIndexByte(s.Value, '('); strings.HasPrefix(name, "attribution.") && strings.HasSuffix(s.Value, ")") && open >= 0 {
		name = s.Value[open+1 : len(s.Value)-1]
	}
	if len(c.Stories) > 1 {
		name = fmt.Sprintf("%d:%s", s.Story+1, name)
	}
	return name
}

// visible shows control characters by their pictures (U+2400 and on); line ends stay what they are.
func visible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return -1
		case r == 0x7f:
			return 0x2421
		case r < ' ' && r != '\n' && r != '\t':
			return 0x2400 + r
		case r >= 0x80 && r < 0xa0:
			return '\ufffd'
		}
		return r
	}, s)
}

// brief is text on one line, cut where it is too long.
func brief(s string, most int) string {
	s = strings.Join(strings.Fields(visible(s)), " ")
	n := 0
	for i := range s {
		if n++; n > most {
			return s[:i] + "…"
		}
	}
	return s
}

// Colours of a terminal (ECMA-48, SGR), by what a field is about.
const (
	faint = "2"
	reset = "\x1b[0m"
)

func colourOf(field string) string {
	for _, f := range []struct{ prefix, colour string }{
		{"attribution.sources", "36"}, {"attribution", "32"}, {"dateline", "34"}, {"rights", "35"}, {"related", "33"}, {"headline", "1"},
		{"signal", "31"}, {"status", "31"}, {"embargo", "31"},
	} {
		if strings.HasPrefix(field, f.prefix) {
			return f.colour
		}
	}
	return "4"
}

// paint colours text line by line, so that a pager that shows a part of it shows it right.
func paint(colour, text string) string {
	if text == "" {
		return ""
	}
	return "\x1b[" + colour + "m" + strings.ReplaceAll(text, "\n", reset+"\n\x1b["+colour+"m") + reset
}
