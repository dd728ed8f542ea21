// Package running reads the running text of stories that come with markup: its blocks (NITF, XHTML, HTML), and what the
// copy says about itself in them.
package running

import (
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/credit"
	"kawat/internal/wire/markup"
)

// SetBody makes blocks the body of s. What the copy says about itself in running text (a dateline, a sign-off, credits,
// agencies quoted, notices) goes into the record with evidence, and out of the body. A paragraph that says again what
// fields say already leaves evidence as well: nothing goes without a trace.
func SetBody(s *wire.Story, c *wire.Copy, blocks []*markup.Node) {
	paragraphs := make([]string, 0, len(blocks))
	at := make([]int, 0, len(blocks)) // the block of each paragraph
	size := 0
	for i, n := range blocks {
		if n.Name != "p" {
			continue
		}
		if text := paragraph(n); text != "" {
			paragraphs, at = append(paragraphs, text), append(at, i)
			size += len(text)
		}
	}
	stated := s.Language
	if s.Language = markup.Language(stated); s.Language == "" {
		s.Language = c.Profile.Language // which language's labels to look for; that it was assumed is for others to say
	}
	rest := credit.Extract(s, paragraphs, c.Profile)
	s.Language = stated

	trace := func(text string) {
		for _, e := range s.Evidence {
			if e.Text != "" && strings.Contains(text, e.Text) {
				return
			}
		}
		s.AddEvidence("body", "taken-out", text)
	}
	var w markup.Builder
	w.Grow(size, len(blocks))
	next := 0
	for i, n := range blocks {
		if len(at) == 0 || at[0] != i {
			if n.Name != "p" {
				write(&w, n)
			}
			continue
		}
		text := paragraphs[0]
		paragraphs, at = paragraphs[1:], at[1:]
		left := ""
		if next < len(rest) {
			left = rest[next]
		}
		if line, _, _ := strings.Cut(left, "\n"); line == "" || !strings.Contains(text, line) {
			trace(text)
			continue
		}
		switch {
		case left != text:
			write(&w, cut(n, text, left))
		case len(n.Nodes) == 1 && n.Nodes[0].Text == text: // and clean, then
			w.Paragraph(text)
		default:
			write(&w, n)
		}
		next++
	}
	if next < len(rest) {
		// The text has been rearranged: better without its markup than without its words.
		s.Body = markup.Paragraphs(rest)
		return
	}
	s.Body = w.Body()
}

// paragraph is the text of a paragraph, with a newline at each break.
func paragraph(n *markup.Node) string {
	if len(n.Nodes) == 1 && n.Nodes[0].Name == "" {
		return markup.Clean(n.Nodes[0].Text)
	}
	if inLine(n) {
		return n.Words()
	}
	return Body([]*markup.Node{n}).Text
}

// inLine says whether nothing but emphasis and links is in a paragraph, so that its words are its text.
func inLine(n *markup.Node) bool {
	for _, c := range n.Nodes {
		switch c.Name {
		case "", "em", "strong", "b", "i", "a", "span":
			if !inLine(c) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// cut gives paragraph n with only the part of its text that is left. Where that is its end, the emphasis and links in
// it stay.
func cut(n *markup.Node, text, left string) *markup.Node {
	if before, ok := strings.CutSuffix(text, left); ok {
		n, _ = skip(n, len(squeezed(before)))
		return n
	}
	n = &markup.Node{Name: "p"}
	for line := range strings.SplitSeq(left, "\n") {
		n.Nodes = append(n.Nodes, &markup.Node{Text: line}, &markup.Node{Name: "br"})
	}
	return n
}

// skip gives n without its first count bytes of text, white space not counted, and how many of them it did not have.
func skip(n *markup.Node, count int) (*markup.Node, int) {
	if count == 0 {
		return n, 0
	}
	if n.Name == "" {
		for i, r := range n.Text {
			if count <= 0 {
				return &markup.Node{Text: n.Text[i:]}, 0
			}
			if r > ' ' && r < 0x7f {
				count--
			} else {
				count -= len(squeezed(string(r)))
			}
		}
		return &markup.Node{}, max(count, 0)
	}
	short := &markup.Node{Name: n.Name, Attrs: n.Attrs}
	for _, c := range n.Nodes {
		c, count = skip(c, count)
		short.Nodes = append(short.Nodes, c)
	}
	return short, count
}

// squeezed is s as Clean leaves it, without any white space.
func squeezed(s string) string {
	return strings.Join(strings.Fields(markup.Clean(s)), "")
}

// Line reads a line that stands in a field of its own (a byline, a copyright line) as copy is read: what it says
// comes in a story that has nothing else. It fails where the line says nothing that is known.
func Line(line string) (*wire.Story, bool) {
	s := new(wire.Story)
	if line == "" {
		return s, false
	}
	rest := credit.Extract(s, []string{line}, nil)
	return s, len(rest) == 0
}

// Byline reads a byline that stands in a field of its own ("By Mio Arakawa, Kyodo", or the names alone) and gives whom it
// names; language is the text's. The agency that they write for is not one of them.
func Byline(line, language string) []wire.Credit {
	tries := []string{line, "By " + line}
	if i := strings.LastIndexByte(line, ','); i > 0 && IsAgency(strings.TrimSpace(line[i+1:])) {
		tries = []string{line[:i], "By " + line[:i], line, "By " + line}
	}
	for _, t := range tries {
		said := &wire.Story{Language: markup.Language(language)}
		if rest := credit.Extract(said, []string{t}, nil); len(rest) == 0 && len(said.Attribution.Credits) > 0 {
			return said.Attribution.Credits
		}
	}
	said, _ := Line("By " + line)
	return said.Attribution.Credits
}

// IsAgency says whether a name is in the dictionary of agencies, which gives it back in its own spelling.
func IsAgency(name string) bool {
	lower, upper := strings.ToLower(name), strings.ToUpper(name)
	return credit.Agency(lower) != lower || credit.Agency(upper) != upper
}

// Dateline reads a dateline that stands in a field of its own: as copy's are read, with or without the dash that joins
// them to the text, or else as place and date with a comma between them.
func Dateline(line string, p *wire.Profile) wire.Dateline {
	for _, end := range []string{"", " -", " x"} { // the last for shapes that close themselves, and want a text behind
		if d, rest, ok := credit.SplitDateline(line+end, p); ok && (rest == "" || rest == "x") {
			return d
		}
	}
	d := wire.Dateline{Text: line}
	if i := strings.LastIndex(line, ","); i > 0 && strings.ContainsAny(line[i:], "0123456789") {
		d.Place, d.Date = strings.TrimSpace(line[:i]), strings.TrimSpace(line[i+1:])
	}
	return d
}

// Paragraphs parts plain text where it has an empty line or an indented one, as agencies do, and before a line that says
// something beside the story (a credit, a sign-off); the paragraphs are the children of what it gives.
func Paragraphs(text string) *markup.Node {
	root := new(markup.Node)
	var lines []string
	flush := func() {
		if len(lines) > 0 {
			root.Nodes = append(root.Nodes, &markup.Node{Name: "p", Nodes: []*markup.Node{{Text: strings.Join(lines, "\n")}}})
			lines = nil
		}
	}
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "   ") || strings.HasPrefix(line, "\t") || strings.HasPrefix(line, "　") {
			flush()
		}
		if line = strings.TrimSpace(line); line != "" {
			if credit.Opens(line) {
				flush()
			}
			lines = append(lines, line)
		}
	}
	flush()
	return root
}
