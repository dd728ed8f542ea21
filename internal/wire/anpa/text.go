package anpa

import (
	"strconv"
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/credit"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/running"
	"kawat/internal/wire/transmission"
)

// text is what stands between STX and ETX.
type text struct {
	keyword  string // as the text repeats it in the manner of AP, in full
	headline string
	summary  []string
	bylines  []string // "By RIKO TANABE"
	notes    []string // to editors
	release  []string // lines that say until when the copy is to be held
	codes    []string // what is for the machines of newspapers, and the titles of reporters
	trailer  string   // which some senders set before ETX
	blocks   []*markup.Node

	slug  string   // the header's keyword
	lines []string // of the paragraph that is being read
	field []string // lines of a field that begins with ^ and has not ended
	table *markup.Node
	heads []string // headline lines of a text without ^
	caret bool     // the text has fields
	begun bool     // the first paragraph or table was read
}

// readText parts the text into what stands above the story and the story.
//
// Kyodo repeats the keyword, and has a headline that may run over lines and ends in +. AP has fields that begin with ^ and
// end in < (keyword, headline, summary, notes) or = (byline, title of the reporter, heads within tables). Each paragraph
// begins with an indented line.
func readText(raw, slug string) text {
	t := text{slug: slug, blocks: make([]*markup.Node, 0, 24)}
	if body := strings.TrimRight(raw, transmission.Filler+"\t"); body != "" {
		last := body[strings.LastIndexByte(body, '\n')+1:]
		if line := strings.TrimRight(markup.Clean(last), "< "); len(line) < 40 && strings.Count(line, " ") <= 1 && !sentAt(line, nil).IsZero() {
			t.trailer, raw = line, body[:len(body)-len(last)]
		}
	}
	above := true // still above the first paragraph
	for line := range strings.Lines(raw) {
		row := strings.IndexByte(line, '\b') >= 0
		line = withoutCodes(strings.TrimRight(line, " \r\n"))
		words := markup.Clean(line)
		indented := isIndented(line)
		if len(t.field) > 0 && (words == "" || indented || row || words[0] == '^') {
			t.endField(0)
		}
		switch {
		case words == "":
			t.flush()
			above = above && len(t.heads) == 0
		case words[0] == '^':
			t.flush()
			t.caret = true
			t.openField(words)
			above = above && !t.begun
		case len(t.field) > 0:
			t.openField(words)
		case row, !indented && t.isRow(words):
			t.flush()
			t.addRow(line, "td")
			above = false
		case !above && (indented || strings.HasPrefix(words, "==") || isLabel(words, t.lines)):
			t.flush()
			t.lines = append(t.lines, words)
		case !above:
			t.lines = append(t.lines, words)
		case indented || t.caret:
			above = false
			t.lines = append(t.lines, words)
		case t.keyword == "" && len(t.heads) == 0 && isKeyword(words, slug):
			t.keyword = withoutCount(words)
		case isNote(words):
			t.note(words)
		default:
			last := strings.HasSuffix(words, "+")
			t.heads = append(t.heads, strings.TrimSpace(strings.TrimSuffix(words, "+")))
			above = !last
		}
	}
	t.endField(0)
	t.flush()
	if len(t.heads) > 0 {
		t.headline = strings.TrimSpace(strings.Join(t.heads, " ") + " " + t.headline)
	}
	t.headline = typographic(t.headline)
	if !t.begun { // an alert, a list of headlines: the fields are all the text there is
		for _, words := range t.summary {
			t.paragraph(words)
		}
		t.summary = nil
	}
	return t
}

// maxKeyword is how many bytes a keyword line may have.
const maxKeyword = 300

// openField begins or continues a field, and ends it where its last line does.
func (t *text) openField(words string) {
	if words[0] == '^' {
		words = strings.TrimLeft(words, "^ ")
		for strings.HasPrefix(words, "*") { // a selector: "*9006<"
			_, rest, ok := strings.Cut(words, "<")
			if !ok {
				break
			}
			words = strings.TrimLeft(rest, "^ ")
		}
	}
	if words == "" {
		return
	}
	if words[0] == ';' {
		t.addRow(words, "th")
		return
	}
	end := words[len(words)-1]
	if end != '<' && end != '=' {
		t.field = append(t.field, words)
		return
	}
	t.field = append(t.field, strings.TrimRight(words, "<= "))
	t.endField(end)
}

// endField puts a field where it belongs; end is the sign that ended it, or 0.
func (t *text) endField(end byte) {
	if len(t.field) == 0 {
		return
	}
	words := strings.Join(t.field, " ")
	t.field = t.field[:0]
	isByline := hasPrefixFold(words, "By ")
	if len(t.bylines) > 0 && end == '=' && hasPrefixFold(words, "and ") { // "^By MIO ARAKAWA=" and "^and KEN MORI="
		words, isByline = "By "+strings.TrimSpace(words[len("and "):]), true
	}
	switch {
	case words == "":
	case isNote(words):
		t.note(typographic(words))
	case t.begun:
		if isByline && end == '=' {
			t.add(block("p", words))
			return
		}
		t.add(block("h3", typographic(words)))
	case t.keyword == "" && t.headline == "" && len(words) <= maxKeyword && (isSlug(words) || isKeyword(words, t.slug)):
		t.keyword = withoutCount(words)
	case isAdvanceCode(words), strings.EqualFold(words, "editors:"), strings.EqualFold(words, "eds:"):
		t.codes = append(t.codes, words)
	case holds(words):
		t.release = append(t.release, words)
	case isPicture(words), end == '=' && !isByline && isTitle(words):
		t.codes = append(t.codes, words)
	case end == '=' && isByline && credit.Agency(words[3:]) != words[3:]:
		t.codes = append(t.codes, words) // the agency as a whole: its credit is the dateline's
	case end == '=' && isByline:
		t.bylines = append(t.bylines, words)
	case end == '=':
		t.add(block("h3", typographic(words)))
	case t.headline == "":
		t.headline = words
	default:
		t.summary = append(t.summary, typographic(words))
	}
}

// flush ends a paragraph.
func (t *text) flush() {
	if len(t.lines) == 0 {
		return
	}
	words := strings.TrimRight(strings.Join(t.lines, " "), "< ")
	t.lines = t.lines[:0]
	t.paragraph(words)
}

// paragraph takes a paragraph of the text, if it is one.
func (t *text) paragraph(words string) {
	words = typographic(words)
	rule := strings.TrimRight(words, "=< ")
	switch {
	case strings.Trim(rule, "_") == "":
		t.table = nil
	case isNote(words):
		t.note(words)
	case isAdvanceCode(words):
		t.codes = append(t.codes, words)
	case len(t.blocks) < 3 && opensRelease(words), hasPrefixFold(words, "end adv"):
		t.release = append(t.release, words)
	default:
		t.begun = true
		t.add(block("p", words))
	}
}

// note takes a note to editors, which may say that the copy is to be held.
func (t *text) note(words string) {
	words = strings.Trim(words, "()")
	t.notes = append(t.notes, words)
	if holds(words) {
		t.release = append(t.release, words)
	}
}

func (t *text) add(n *markup.Node) {
	t.table = nil
	t.blocks = append(t.blocks, n)
}

// block is an element that has nothing but text in it, made at once: a story has hundreds.
func block(name, words string) *markup.Node {
	b := new(struct {
		element, text markup.Node
		nodes         [1]*markup.Node
	})
	b.text.Text = words
	b.nodes[0] = &b.text
	b.element = markup.Node{Name: name, Nodes: b.nodes[:]}
	return &b.element
}

// isRow says whether a line is a row of a table in AP's agate, cells parted by semicolons.
func (t *text) isRow(words string) bool {
	return (t.table != nil || t.caret && len(t.lines) == 0) && strings.Count(words, ";") > 1 && !strings.Contains(words, "; ")
}

// addRow adds a row to the table that is being read, or to a new one. Its cells are parted by semicolons, or by tabs
// where the line is a tab line (BS).
func (t *text) addRow(line, cell string) {
	if t.table == nil || cell == "th" {
		t.add(&markup.Node{Name: "table"})
		t.table = t.blocks[len(t.blocks)-1]
	}
	t.begun = true
	line = strings.TrimRight(line, "<= \t")
	separator := "\t"
	if strings.Count(line, ";") > 1 {
		separator = ";"
	} else {
		line = strings.TrimLeft(line, " \t")
	}
	row := &markup.Node{Name: "tr"}
	for words := range strings.SplitSeq(line, separator) {
		if words = markup.Clean(words); words == "_" {
			words = "—"
		}
		row.Nodes = append(row.Nodes, block(cell, typographic(words)))
	}
	t.table.Nodes = append(t.table.Nodes, row)
}

// firstWords is the first paragraph.
func (t *text) firstWords() string {
	for _, n := range t.blocks {
		if n.Name == "p" {
			return n.Nodes[0].Text
		}
	}
	return ""
}

// annotate puts what stands above the text and is no part of it into the record. Notes to editors go with the story,
// but not those that say whom to call.
func (t *text) annotate(s *wire.Story) {
	for _, words := range t.bylines {
		if s.Byline != "" {
			s.Byline += " and "
		}
		s.Byline += strings.TrimSpace(words[len("By "):])
		s.AddEvidence("byline", "field", words)
		for _, by := range running.Byline(words, "en") {
			s.AddEvidence("attribution.credits["+strconv.Itoa(len(s.Attribution.Credits))+"]", "field", words)
			s.Attribution.Credits = append(s.Attribution.Credits, by)
		}
	}
	var public []string
	for _, note := range t.notes {
		if isContact(note) {
			s.AddEvidence("note", "contact:not-for-publication", "")
			continue
		}
		words := strings.TrimSpace(note[strings.IndexByte(note, ':')+1:])
		public = append(public, words)
		s.AddEvidence("note", "note-to-editors", note)
	}
	s.Note = strings.Join(public, "\n")
	for _, words := range t.codes {
		s.AddEvidence("body", "code-above-text", words)
	}
}
