package iptc7901

import (
	"slices"
	"strconv"
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/credit"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/running"
)

// text is what stands between STX and ETX.
type text struct {
	headline string
	byline   string
	summary  string
	genre    string
	note     []string            // for the editors who get the story
	pictures []string            // that go with it
	said     credit.Announcement // what it announces about itself
	words    string              // in which it says so
	embargo  []string            // lines that say until when it is to be held
	names    []string            // where a correction may name its story
	killing  []string            // where a kill may
	urgent   string              // "Eil"
	left     []left              // what is not for the reader
	sent     string              // the time of sending, where it stands before ETX
	blocks   []*markup.Node
}

// left is what is left out of the record, by the rule that says so. Words of contacts are not kept.
type left struct{ rule, words string }

// readText parts the text into the lines above it, which end in =, the story, and the notes below it.
func readText(raw string, p *wire.Profile) text {
	var t text
	lines := linesOf(raw)
	for len(lines) > 0 && isTime(lines[len(lines)-1]) {
		t.sent = strings.TrimSpace(lines[len(lines)-1])
		lines = trimmed(lines[:len(lines)-1])
	}
	above, lines := cutTop(lines, p)
	t.top(above)
	lines, notes := cutNotes(lines)
	tail := t.notes(notes)
	t.blocks = t.withoutContacts(blocksOf(lines))
	t.teaser(p)
	for _, words := range tail {
		t.blocks = append(t.blocks, block("p", words))
	}
	t.announced()
	return t
}

// linesOf gives the lines of a text without control codes, without empty ones at its ends.
func linesOf(raw string) []string {
	lines := make([]string, 0, 1+strings.Count(raw, "\n"))
	for line := range strings.Lines(raw) {
		line = strings.TrimRight(line, " \r\n\t")
		if hasCode(line) {
			line = strings.TrimRight(strings.Map(func(r rune) rune {
				if isCode(r) {
					return -1
				}
				return r
			}, line), " ")
		}
		lines = append(lines, line)
	}
	return trimmed(lines)
}

func hasCode(line string) bool {
	for i := markup.Printable(line); i < len(line); i += 1 + markup.Printable(line[i+1:]) {
		if isCode(rune(line[i])) {
			return true
		}
	}
	return false
}

func isCode(r rune) bool { return r < ' ' && r != '\t' || r == 0x7f }

// trimmed takes empty lines off both ends.
func trimmed(lines []string) []string {
	for len(lines) > 0 && lines[0] == "" {
		lines = lines[1:]
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// maxTop is how many lines may stand above the text.
const maxTop = 24

// cutTop parts the lines above the text from it. They end in a line with = at its end; where an agency has none, the
// first paragraph is the headline, unless it is the text already.
func cutTop(lines []string, p *wire.Profile) (top, rest []string) {
	for i, line := range lines[:min(len(lines), maxTop)] {
		if line == "" {
			head := strings.Join(lines[:i], " ")
			if _, _, ok := credit.SplitDateline(head, p); ok || i > 4 || len(head) > 300 || strings.HasPrefix(line, "|") {
				return nil, lines
			}
			return lines[:i], trimmed(lines[i:])
		}
		if words, ok := strings.CutSuffix(line, "="); ok && (words == "" || strings.HasSuffix(words, " ")) {
			top = append(top, lines[:i]...)
			if words = strings.TrimSpace(words); words != "" {
				top = append(top, words)
			}
			return top, trimmed(lines[i+1:])
		}
	}
	return nil, lines
}

// top reads the lines above the text: what stands in brackets (what kind of message it is, a correction, pictures), the
// headline, and the byline.
func (t *text) top(lines []string) {
	var headline, names []string
	for i := 0; i < len(lines); i++ {
		line := strings.TrimSpace(lines[i])
		switch {
		case strings.HasPrefix(line, "(") && closes(lines[i:]) > 0:
			n := closes(lines[i:])
			words := strings.Join(lines[i:i+n], " ")
			i += n - 1
			t.bracketed(markup.Clean(strings.Trim(strings.TrimSpace(words), "()")))
		case len(headline) > 0 && (len(names) > 0 || bylineLanguage(line) != ""):
			names = append(names, line)
		default:
			headline = append(headline, line)
		}
	}
	t.headline = markup.Clean(strings.Join(headline, " "))
	t.byline = markup.Clean(strings.Join(names, " "))
}

// closes says how many lines a bracket that begins the first takes, 0 if it does not close.
func closes(lines []string) int {
	depth := 0
	for i, line := range lines[:min(len(lines), 12)] {
		depth += strings.Count(line, "(") - strings.Count(line, ")")
		if depth <= 0 {
			if strings.HasSuffix(strings.TrimSpace(line), ")") {
				return i + 1
			}
			return 0 // the headline goes on behind the bracket
		}
	}
	return 0
}

// bylineLanguage gives the language in which a line below the headline begins as a byline does, "" where it does not.
func bylineLanguage(line string) string {
	opening, rest, _ := strings.Cut(line, " ")
	if rest == "" || !(rest[0] >= 'A' && rest[0] <= 'Z' || rest[0] >= 0x80) {
		return ""
	}
	return bylines[opening]
}

// bylines are the words that open a byline, to their language.
var bylines = map[string]string{"Von": "de", "By": "en", "Par": "fr", "Di": "it", "Da": "it", "Por": "es", "Door": "nl"}

// bracketed reads what stands in brackets above or below the headline.
func (t *text) bracketed(words string) {
	if words == "" {
		return
	}
	first, _, _ := strings.Cut(words, " ")
	t.names = append(t.names, words)
	switch strings.ToLower(strings.TrimRight(first, ":,")) {
	case "foto", "fotos", "photo", "photos", "bild", "bilder", "grafik", "video", "mit", "avec", "con", "with", "archiv", "archivbild", "infografik":
		t.pictures = append(t.pictures, words)
		return
	case "eil", "urgent", "urgente", "flash", "blitz", "eilt", "alerte":
		t.urgent = words
		return
	}
	if holds(words) {
		t.embargo = append(t.embargo, words)
		return
	}
	if a := ownMark(words); a.Kind != "" && a.Kind != credit.Advisory {
		t.announce(a, words)
		t.killing = append(t.killing, words)
		if _, text, ok := strings.Cut(words, ":"); ok && a.Kind == credit.Correction {
			t.note = append(t.note, strings.TrimSpace(text))
		}
		return
	}
	if t.genre == "" {
		t.genre = words
		return
	}
	t.genre += ", " + words
}

// teaser takes the paragraphs above the one with the dateline for the summary.
func (t *text) teaser(p *wire.Profile) {
	if t.headline == "" {
		return
	}
	for i, n := range t.blocks[:min(len(t.blocks), 3)] {
		if n.Name != "p" {
			return
		}
		if _, _, ok := credit.SplitDateline(n.Nodes[0].Text, p); !ok {
			continue
		}
		var words []string
		for _, n := range t.blocks[:i] {
			words = append(words, n.Nodes[0].Text)
		}
		t.summary, t.blocks = strings.Join(words, " "), t.blocks[i:]
		return
	}
}

// withoutContacts leaves out paragraphs of a preview that say whom to call.
func (t *text) withoutContacts(blocks []*markup.Node) []*markup.Node {
	return slices.DeleteFunc(blocks, func(n *markup.Node) bool {
		if n.Name != "p" {
			return false
		}
		title, _, ok := strings.Cut(n.Nodes[0].Text, ":")
		if !ok || sections[strings.ToLower(title)] != contacts || !hasContact(n.Nodes[0].Text) {
			return false
		}
		t.leave("contact:not-for-publication", "")
		return true
	})
}

// annotate puts into the record what stands beside the text.
func (t *text) annotate(s *wire.Story) {
	if t.byline != "" {
		_, s.Byline, _ = strings.Cut(t.byline, " ")
		s.AddEvidence("byline", "position:below-headline", t.byline)
		for _, by := range running.Byline(t.byline, bylineLanguage(t.byline)) {
			s.AddEvidence("attribution.credits["+strconv.Itoa(len(s.Attribution.Credits))+"]", "position:below-headline", t.byline)
			s.Attribution.Credits = append(s.Attribution.Credits, by)
		}
	}
	for _, words := range t.note {
		s.AddEvidence("note", "notes", words)
	}
	s.Note = strings.Join(t.note, "\n")
	if t.genre != "" {
		s.AddEvidence("genre", "bracketed", t.genre)
	}
	if t.summary != "" {
		s.AddEvidence("summary", "position:above-dateline", t.summary)
	}
	if t.urgent != "" {
		if s.Urgency == 0 {
			s.Urgency = 2
		}
		s.AddEvidence("urgency", "bracketed", t.urgent)
	}
	for _, words := range t.pictures {
		s.AddEvidence("media", "bracketed:pictures", words)
	}
	for _, l := range t.left {
		s.AddEvidence("note", l.rule, l.words)
	}
}
