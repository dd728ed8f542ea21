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
	var paragraphs []string
	var at []int // the block of each paragraph
	for i, n := range blocks {
		if n.Name != "p" {
			continue
		}
		if text := paragraph(n); text != "" {
			paragraphs, at = append(paragraphs, text), append(at, i)
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
	keep := make([]*markup.Node, 0, len(blocks))
	next := 0
	for i, n := range blocks {
		if len(at) == 0 || at[0] != i {
			if n.Name != "p" {
				keep = append(keep, n)
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
		if left != text {
			n = cut(n, text, left)
		}
		keep = append(keep, n)
		next++
	}
	if next < len(rest) {
		// The text has been rearranged: better without its markup than without its words.
		s.Body = markup.Paragraphs(rest)
		return
	}
	s.Body = Body(keep)
}

// paragraph is the text of a paragraph, with a newline at each break.
func paragraph(n *markup.Node) string {
	if len(n.Nodes) == 1 && n.Nodes[0].Name == "" {
		return markup.Clean(n.Nodes[0].Text)
	}
	return Body([]*markup.Node{n}).Text
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
			if s := squeezed(string(r)); s != "" {
				count -= len(s)
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

// Paragraphs parts plain text where it has an empty line or an indented one, as agencies do; the paragraphs are the
// children of what it gives.
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
			lines = append(lines, line)
		}
	}
	flush()
	return root
}
