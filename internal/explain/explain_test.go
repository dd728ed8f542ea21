package explain_test

import (
	"strings"
	"testing"

	"kawat/internal/explain"
	"kawat/internal/wire"
)

func story(evidence ...wire.Evidence) *wire.Story {
	return &wire.Story{
		ID: "x", Version: 1, Status: wire.Usable, Language: "en", Headline: "Ferry <arrives>", Evidence: evidence,
		Body:        wire.Body{Text: "The ferry came.\n\nIt left again."},
		Attribution: wire.Attribution{Credits: []wire.Credit{{Name: "Ada Lovis", Role: wire.Editor}}},
		Received:    wire.Received{Format: "copytext"},
	}
}

// TestSpans: words are found in copy whatever their white space, markup and escapes, and nowhere else.
func TestSpans(t *testing.T) {
	editor := wire.Evidence{Field: "attribution.credits[0]", Rule: "label:editor:en", Text: "Editor: Ada Lovis & Söhne"}
	for _, tt := range []struct{ name, text, marked string }{
		{"plain", "The ferry came.\nEditor:  Ada\r\nLovis & Söhne\nEnd", "Editor:  Ada\r\nLovis & Söhne"},
		{"xml", "<p>Editor: <b>Ada</b> Lovis &amp; S&#246;hne</p>", "Editor: <b>Ada</b> Lovis &amp; S&#246;hne"},
		{"cdata", "<d><![CDATA[<p>Editor: Ada Lovis &amp; Söhne</p>]]></d>", "Editor: Ada Lovis &amp; Söhne"},
		{"html in xml", "<d>&lt;p&gt;Editor: Ada&lt;br/&gt;Lovis &amp;amp; Söhne&lt;/p&gt;</d>", "Editor: Ada&lt;br/&gt;Lovis &amp;amp; Söhne"},
		{"json", `{"body":"<p>Editor:\nAda Lovis &amp; S\u00f6hne<\/p>"}`, `Editor:\nAda Lovis &amp; S\u00f6hne`},
		{"signs of a wire", "Editor: ``Ada'' Lovis & Söhne _ Editor: Ada Lovis & Söhne", "Editor: Ada Lovis & Söhne"},
		{"signs of a wire alone", "x Editor: ``Ada'' Lovis & Söhne", "Editor: ``Ada'' Lovis & Söhne"},
		{"not there", "Editor: Ada", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := explain.New(tt.text, []*wire.Story{story(editor)}, nil)
			got := tt.text[c.Spans[0].Start:c.Spans[0].End]
			if got != tt.marked || c.Spans[0].Placed() != (tt.marked != "") {
				t.Errorf("marked %q, want %q", got, tt.marked)
			}
			if want := "Ada Lovis (editor)"; c.Spans[0].Value != want {
				t.Errorf("value %q, want %q", c.Spans[0].Value, want)
			}
		})
	}
}

// TestNearest: of several places the one beside the story is meant.
func TestNearest(t *testing.T) {
	text := "One.\nEditor: Ada Lovis & Söhne\nTwo.\nEditor: Ada Lovis & Söhne\n"
	one, two := story(wire.Evidence{Field: "note", Rule: "x", Text: "Editor: Ada Lovis & Söhne"}), story(wire.Evidence{Field: "note", Rule: "x", Text: "Editor: Ada Lovis & Söhne"})
	one.Body.Text, two.Body.Text = "One.", "Two."
	c := explain.New(text, []*wire.Story{one, two}, nil)
	if c.Spans[0].Start != strings.Index(text, "Editor") || c.Spans[1].Start != strings.LastIndex(text, "Editor") {
		t.Errorf("%+v", c.Spans)
	}
}

func TestTerminal(t *testing.T) {
	text := "Ferry <arrives>\n\x01The ferry came.\n\nIt left again.\nEditor: Ada Lovis"
	c := explain.New(text, []*wire.Story{story(
		wire.Evidence{Field: "attribution.credits[0]", Rule: "label:editor:en", Text: "Editor: Ada Lovis"},
		wire.Evidence{Field: "language", Rule: "profile:kyodo"},
	)}, []*wire.Refusal{wire.Refuse(wire.NoText, "Item 2 has no text.")})
	var b strings.Builder
	if err := c.Terminal(&b, false); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"[Ferry <arrives>]‹headline›\n␁The ferry came.\n\nIt left again.\n[Editor: Ada Lovis]‹editor›\n",
		"x, version 1, usable, en (copytext)\n", "label:editor:en  “Editor: Ada Lovis”\n", "refused: no-text: Item 2 has no text.\n",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("not in it: %q\n%s", want, b.String())
		}
	}
	b.Reset()
	if err := c.Terminal(&b, true); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\x1b[32mEditor: Ada Lovis\x1b[0m", "\x1b[1mFerry <arrives>\x1b[0m", "\x1b[0mThe ferry came."} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("not in it: %q\n%q", want, b.String())
		}
	}
}

func TestPage(t *testing.T) {
	c := explain.New("<script>alert(1)</script>Ferry &lt;arrives&gt;", []*wire.Story{story()}, nil)
	var b strings.Builder
	if err := c.Page(&b, "Why </title>"); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	if strings.Contains(page, "<script>") || strings.Contains(page, "Why </title><") {
		t.Error("copy became markup of the page")
	}
	if !strings.Contains(page, `<mark class="taken headline" title="headline = Ferry &lt;arrives&gt; (field)">Ferry &amp;lt;arrives&amp;gt;<small>headline</small></mark>`) {
		t.Error("the headline is not marked\n", page[strings.Index(page, "<pre"):])
	}
}

// FuzzNew: whatever the copy and the evidence, spans are within the text and pages can be written.
func FuzzNew(f *testing.F) {
	f.Add("<a>&amp;</a>", "a")
	f.Add(`{"\ud83d\ude00":"\u12"}`, "😀")
	f.Fuzz(func(t *testing.T, text, words string) {
		c := explain.New(text, []*wire.Story{story(wire.Evidence{Field: "related[0]", Rule: "r", Text: words}, wire.Evidence{Field: "dateline.text", Text: text})}, nil)
		for _, s := range c.Spans {
			if s.Start < 0 || s.End < s.Start || s.End > len(text) {
				t.Errorf("%+v", s)
			}
		}
		var b strings.Builder
		if c.Terminal(&b, true) != nil || c.Page(&b, words) != nil {
			t.Error("cannot be written")
		}
	})
}
