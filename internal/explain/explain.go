// Package explain shows a desk what the gateway took from its copy, and from which words: it finds the evidence of the
// records in the copy that they were made of, and writes the copy with every such span marked and named, for a terminal
// or as a page.
package explain

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"kawat/internal/wire"
)

// Span is a piece of copy that says something in the record.
type Span struct {
	// Start and End are its place in the text, in bytes; both are 0 for what stands nowhere in it as it is: what a header
	// or the provider's profile said, or what was made up.
	Start, End int
	// Story is the number of the story in the message, from 0.
	Story int
	// Field is the field's path in the record, Value what stands there now, Rule what found it ("field": the format has a
	// place of its own for it), and Words what it was taken from.
	Field, Value, Rule, Words string
}

// Placed says whether the span stands in the text.
func (s Span) Placed() bool { return s.End > s.Start }

// Copy is a message with what was made of it.
type Copy struct {
	Text     string // in UTF-8
	Stories  []*wire.Story
	Refusals []*wire.Refusal
	// Spans are ordered by story, then as the records have them; Body are those of the stories' own text.
	Spans []Span
	Body  []Span
}

// New finds what the records took from a text. The text is the message in UTF-8.
func New(text string, stories []*wire.Story, refusals []*wire.Refusal) *Copy {
	c := &Copy{Text: text, Stories: stories, Refusals: refusals}
	in := index(text)
	for n, s := range stories {
		// Of several places the nearest to the story's own text is meant: a message may hold other stories.
		near := 0
		if first, _, _ := strings.Cut(s.Body.Text, "\n"); first != "" {
			near, _ = in.find(first, 0)
		}
		place := func(field, rule, words string) Span {
			span := Span{Story: n, Field: field, Rule: rule, Words: words, Value: Value(s, field)}
			span.Start, span.End = in.find(words, near)
			return span
		}
		shown := map[string]bool{}
		for _, e := range s.Evidence {
			shown[e.Field] = true
			c.Spans = append(c.Spans, place(e.Field, e.Rule, e.Text))
		}
		for _, field := range ownFields {
			// Where there is no evidence the format has a field of its own for it.
			if value := Value(s, field); len(value) >= shortest && !shown[field] && !shown[strings.TrimSuffix(field, ".text")+".place"] {
				if span := place(field, "field", value); span.Placed() {
					c.Spans = append(c.Spans, span)
				}
			}
		}
		for p := range strings.SplitSeq(s.Body.Text, "\n") {
			if span := place("body", "", strings.TrimSpace(p)); span.Placed() {
				c.Body = append(c.Body, span)
			}
		}
	}
	return c
}

// shortest is the shortest value, in bytes, that is looked for: shorter ones stand in other words too.
const shortest = 5

// ownFields are looked for by their value where they have no evidence.
var ownFields = []string{"id", "headline", "slugline", "byline", "summary", "dateline.text", "note", "attribution.creditLine",
	"rights.holder", "rights.notice", "rights.terms"}

// Value is what a field of the record holds, as text; "" for a path that is not known.
func Value(s *wire.Story, field string) string {
	name, rest, indexed := strings.Cut(field, "[")
	if indexed {
		var i int
		if _, err := fmt.Sscanf(rest, "%d]", &i); err != nil || i < 0 {
			return ""
		}
		switch a := &s.Attribution; {
		case name == "attribution.credits" && i < len(a.Credits):
			return a.Credits[i].Name + " (" + a.Credits[i].Role + ")"
		case name == "attribution.sources" && i < len(a.Sources):
			return a.Sources[i].Name + " (" + a.Sources[i].Role + ")"
		case name == "related" && i < len(s.Related):
			return strings.TrimSpace(s.Related[i].Title + " " + s.Related[i].URL)
		case name == "media" && i < len(s.Media):
			return s.Media[i].URL
		}
		return ""
	}
	switch field {
	case "id":
		return s.ID
	case "provider":
		return s.Provider
	case "version":
		return fmt.Sprint(s.Version)
	case "status":
		return string(s.Status)
	case "signal":
		return string(s.Signal)
	case "language":
		return s.Language
	case "headline":
		return s.Headline
	case "slugline":
		return s.Slugline
	case "byline":
		return s.Byline
	case "summary":
		return s.Summary
	case "note":
		return s.Note
	case "genre":
		return s.Genre
	case "dateline.text":
		return s.Dateline.Text
	case "dateline.place":
		return s.Dateline.Place
	case "dateline.agency":
		return s.Dateline.Agency
	case "dateline.date":
		return s.Dateline.Date
	case "attribution.creditLine":
		return s.Attribution.CreditLine
	case "rights.holder":
		return s.Rights.Holder
	case "rights.year":
		return fmt.Sprint(s.Rights.Year)
	case "rights.notice":
		return s.Rights.Notice
	case "rights.terms":
		return s.Rights.Terms
	case "rights.ai":
		return string(s.Rights.AI)
	case "rights.policy":
		return s.Rights.Policy
	case "created":
		return stamp(s.Created)
	case "revised":
		return stamp(s.Revised)
	case "embargo":
		if s.Embargo != nil {
			return stamp(*s.Embargo)
		}
	case "expires":
		if s.Expires != nil {
			return stamp(*s.Expires)
		}
	case "translation":
		if t := s.Translation; t != nil {
			return t.From + " → " + t.To
		}
	case "translation.of":
		if s.Translation != nil {
			return s.Translation.Of
		}
	case "translation.from":
		if s.Translation != nil {
			return s.Translation.From
		}
	}
	return ""
}

// piece is a part of the text with all that it says.
type piece struct {
	text  string
	end   int
	spans []Span
	body  bool
}

// pieces part the text where a span begins or ends.
func (c *Copy) pieces() []piece {
	edges := []int{0, len(c.Text)}
	var placed []Span
	for _, s := range append(slices.Clone(c.Spans), c.Body...) {
		if s.Placed() {
			edges = append(edges, s.Start, s.End)
		}
	}
	for _, s := range c.Spans {
		if s.Placed() {
			placed = append(placed, s)
		}
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	slices.SortStableFunc(placed, func(a, b Span) int { return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(b.End, a.End)) })
	var parts []piece
	for i := range edges[1:] {
		from, to := edges[i], edges[i+1]
		p := piece{text: c.Text[from:to], end: to}
		for _, s := range placed {
			if s.Start <= from && to <= s.End {
				p.spans = append(p.spans, s)
			}
		}
		for _, s := range c.Body {
			p.body = p.body || s.Start <= from && to <= s.End
		}
		parts = append(parts, p)
	}
	return parts
}

// innermost is the span that a piece is coloured for: the shortest that it is in.
func (p piece) innermost() Span {
	in := p.spans[0]
	for _, s := range p.spans[1:] {
		if s.End-s.Start < in.End-in.Start {
			in = s
		}
	}
	return in
}
