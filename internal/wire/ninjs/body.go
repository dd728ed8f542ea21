package ninjs

import (
	"bytes"
	"slices"
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/credit"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/nitf"
	"kawat/internal/wire/running"
)

// bodyKind is how a body is written, the best first.
type bodyKind int

const (
	hyperText bodyKind = iota
	newsText           // NITF
	plainText
	otherText
)

// kind finds out how a body is written: by its content type, else by its role, else by how it begins.
func (p part) kind() bodyKind {
	t := p.contentType
	if t == "" {
		t = p.role
	}
	switch {
	case strings.Contains(t, "nitf") && !strings.Contains(t, "ttnitf"):
		return newsText
	case strings.Contains(t, "html"):
		return hyperText
	case strings.Contains(t, "plain"), p.contentType == "" && t == "text":
		return plainText
	}
	head := strings.TrimSpace(p.value)
	head = strings.ToLower(head[:min(len(head), 400)])
	switch {
	case !strings.HasPrefix(head, "<"):
		if strings.Contains(t, "xml") {
			return otherText
		}
		return plainText
	case strings.Contains(head, "<nitf"):
		return newsText
	case !strings.Contains(t, "xml"):
		return hyperText
	}
	for _, tag := range []string{"<html", "<body", "<p>", "<p ", "<div", "<section", "<article"} {
		if strings.Contains(head, tag) {
			return hyperText
		}
	}
	return otherText
}

// mainRoles are the roles of the story's whole text; several say only how it is written.
var mainRoles = []string{"main", "", "body", "full", "text", "html", "html5", "xhtml", "nitf", "plain"}

// body reads the text: of the bodies that are the whole text the one with the most markup, the next if nothing is in it.
func (it item) body() error {
	all := it.parts("body", "bodies", "body")
	rank := func(p part) int {
		role := slices.Index(mainRoles, p.role)
		if role < 0 {
			role = 100 * len(mainRoles) // an extract, or a version for some device
		}
		return int(p.kind())*len(mainRoles) + role
	}
	slices.SortStableFunc(all, func(a, b part) int { return rank(a) - rank(b) })
	for _, p := range all {
		if err := it.write(p); err != nil {
			return err
		}
		if it.Body.Text != "" {
			return nil
		}
	}
	if kind := it.kindOf(); kind != "" && kind != "text" || it.Summary == "" || it.Status == wire.Canceled {
		return nil
	}
	// A flash is often nothing but its description.
	it.AddEvidence("body", "inferred:description", it.Summary)
	it.Summary = ""
	return it.write(summary(it.parts("summary", "descriptions", "description")))
}

// write makes a part the body.
func (it item) write(p part) error {
	var blocks []*markup.Node
	switch p.kind() {
	case hyperText:
		return markup.UseHTML(p.value, func(root *markup.Node) { it.setBody(running.Blocks(root)) })
	case newsText:
		return it.nitf(p.value)
	case plainText:
		blocks = lines(p.value)
	default:
		it.AddEvidence("body", unread, clip(p.contentType+" "+p.role, 100))
		return nil
	}
	it.setBody(blocks)
	return nil
}

func (it item) setBody(blocks []*markup.Node) {
	if len(blocks) > 1 && isHeading(blocks[0]) && it.Headline != "" && blocks[0].Words() == it.Headline {
		blocks = blocks[1:] // some repeat the headline above the text
	}
	if len(blocks) > 1 && it.datelineBlock(blocks[0]) {
		blocks = blocks[1:]
	}
	blocks = it.cutDateline(blocks)
	if slices.ContainsFunc(blocks, func(n *markup.Node) bool { return !n.Blank() }) {
		running.SetBody(it.Story, it.copy, blocks)
	}
}

// datelineBlock reads the line that TT sets above its text: place or theme, and agency, each in a span of a class.
func (it item) datelineBlock(n *markup.Node) bool {
	var place, source string
	for _, c := range n.Nodes {
		switch {
		case c.Name == "span" && c.Attr("class") == "vignette" && place == "":
			place = c.Words()
		case c.Name == "span" && c.Attr("class") == "source" && source == "":
			source = c.Words()
		case !c.Blank():
			return false
		}
	}
	if place == "" || source == "" || it.Dateline.Text != "" {
		return false
	}
	it.Dateline = wire.Dateline{Text: place + " (" + source + ")", Agency: credit.Agency(source)}
	if !strings.ContainsAny(place, "0123456789") { // or it is a time
		it.Dateline.Place = place
	}
	it.AddEvidence("dateline.text", "html:dateline", place+" "+source)
	it.addSource(wire.Source{Name: credit.Agency(source), Role: wire.Origin})
	return true
}

func isHeading(n *markup.Node) bool {
	return n.Name == "h1" || n.Name == "h2" || n.Name == "h3" || n.Name == "hl1"
}

// nitf reads a body in NITF. One that is not well-formed is passed over, for the plain text beside it.
func (it item) nitf(text string) error {
	doc, err := markup.ParseXML([]byte(text))
	if err != nil {
		it.AddEvidence("body", unread, clip(err.Error(), 200))
		return nil
	}
	root := doc
	if doc.Name != "nitf" {
		if root = doc.Find("nitf"); root == nil {
			it.AddEvidence("body", unread, "NITF without a nitf element")
			return nil
		}
	}
	stated, subjects := it.Attribution, it.Subjects
	it.Attribution.Sources, it.Attribution.Credits, it.Subjects = nil, nil, nil
	if err := nitf.Fill(it.Story, it.copy, root); err != nil {
		return err
	}
	if len(subjects) > 0 {
		it.Subjects = subjects // those in the NITF are the same ones in an older vocabulary
	}
	for _, s := range stated.Sources {
		it.addSource(s)
	}
	for _, c := range stated.Credits {
		it.addCredit(c)
	}
	return nil
}

// cutDateline takes a dateline that the item states by itself out of the text, which begins with it as well, and reads its
// parts.
func (it item) cutDateline(blocks []*markup.Node) []*markup.Node {
	stated := it.Dateline.Text
	if stated == "" {
		return blocks
	}
	if d, rest, ok := credit.SplitDateline(stated, it.copy.Profile); ok && strings.TrimSpace(rest) == "" {
		d.Text = stated
		it.Dateline = d
	}
	if it.Dateline.Place == "" {
		it.Dateline.Place = it.text("dateline.place", "located")
	}
	if len(blocks) == 0 || blocks[0].Name != "p" {
		return blocks
	}
	first := *blocks[0]
	if len(first.Nodes) == 0 || first.Nodes[0].Name != "" {
		return blocks
	}
	rest, ok := strings.CutPrefix(strings.TrimSpace(first.Nodes[0].Text), stated)
	if !ok {
		return blocks
	}
	rest = strings.TrimLeft(rest, " \u00a0\u3000—–-")
	first.Nodes = append([]*markup.Node{{Text: rest}}, first.Nodes[1:]...)
	blocks = slices.Clone(blocks)
	blocks[0] = &first
	return blocks
}

// lines gives plain text as blocks. Paragraphs are parted by empty or indented lines; where there are none, each line is
// a paragraph, unless the text was broken at a width. A line that says something beside the story stands by itself.
func lines(text string) []*markup.Node {
	all := strings.Split(markup.Scrub(text), "\n")
	apart, longest := false, 0
	for _, l := range all {
		apart = apart || strings.TrimSpace(l) == "" || indented(l)
		longest = max(longest, len(l))
	}
	const width = 90 // the widest that wire copy is broken at
	each := !apart && longest > width
	var blocks []*markup.Node
	var p bytes.Buffer
	flush := func() {
		if p.Len() > 0 {
			blocks = append(blocks, &markup.Node{Name: "p", Nodes: []*markup.Node{{Text: p.String()}}})
			p.Reset()
		}
	}
	for _, l := range all {
		trimmed := strings.TrimSpace(l)
		said := len(trimmed) < 500 && credit.Opens(trimmed)
		if each || said || trimmed == "" || indented(l) {
			flush()
		}
		if p.Len() > 0 {
			p.WriteByte('\n')
		}
		p.WriteString(trimmed)
		if said {
			flush()
		}
	}
	flush()
	return blocks
}

func indented(line string) bool {
	return strings.HasPrefix(line, "   ") || strings.HasPrefix(line, "\t") || strings.HasPrefix(line, "　")
}
