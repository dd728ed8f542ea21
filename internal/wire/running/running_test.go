package running_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kawat/internal/wire"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/running"
)

var kyodo = &wire.Profile{Name: "kyodo", Agency: "Kyodo", Location: time.UTC}

// TestBody holds what becomes of elements that HTML has no word for, or another one.
func TestBody(t *testing.T) {
	for in, want := range map[string]string{
		"<p>She said <q>no</q>.</p>":                                            "<p>She said “no”.</p>",
		"<p>She said <q>“no”</q>.</p>":                                          "<p>She said “no”.</p>",
		"<p>Sie sagte <q>„<em>nein</em>“</q>.</p>":                              "<p>Sie sagte „<em>nein</em>“.</p>",
		"<p>1<frac><frac-num>1</frac-num>/<frac-den>2</frac-den></frac> km</p>": "<p>1 1/2 km</p>",
		"<main><article><p>One.</p></article></main><nav><p>Menu</p></nav>":     "<p>One.</p>",
		"<section>One.<aside><p>Two.</p></aside></section>":                     "<p>One.</p><p>Two.</p>",
	} {
		root, err := markup.ParseXML([]byte("<x>" + in + "</x>"))
		if err != nil {
			t.Fatal(err)
		}
		if got := running.Body(running.Blocks(root)).HTML; got != want {
			t.Errorf("%s\n gives %s\n want %s", in, got, want)
		}
	}
}

func TestParagraphs(t *testing.T) {
	const text = "     The ferry was\nearly.\n     It waited.\nEditing by Ken Oda\n\n　Ende\n"
	var got []string
	for _, p := range running.Paragraphs(text).Nodes {
		got = append(got, p.Words())
	}
	if diff := cmp.Diff([]string{"The ferry was early.", "It waited.", "Editing by Ken Oda", "Ende"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestByline(t *testing.T) {
	for _, tt := range []struct {
		line, language string
		want           []string
	}{
		{"By Mio Arakawa", "en", []string{"Mio Arakawa"}},
		{"Mio Arakawa", "en", []string{"Mio Arakawa"}},
		{"By Mio Arakawa and Ken Oda, Kyodo", "en", []string{"Mio Arakawa", "Ken Oda"}},
		{"Von Erika Erle und Udo Ulme, dpa", "de", []string{"Erika Erle", "Udo Ulme"}},
		{"", "en", nil},
	} {
		var got []string
		for _, c := range running.Byline(tt.line, tt.language) {
			got = append(got, c.Name)
			if c.Role != wire.Reporter {
				t.Errorf("%q: %+v", tt.line, c)
			}
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.line, diff)
		}
	}
}

func TestDateline(t *testing.T) {
	for line, want := range map[string]wire.Dateline{
		"Berlin (dpa) - ":       {Text: "Berlin (dpa)", Place: "Berlin", Agency: "dpa"},
		"Tokyo (ANTARA)":        {Text: "Tokyo (ANTARA)", Place: "Tokyo", Agency: "ANTARA"},
		"BEIJING, July 23":      {Text: "BEIJING, July 23", Place: "BEIJING", Date: "July 23"},
		"At the foot of a hill": {Text: "At the foot of a hill"},
	} {
		if diff := cmp.Diff(want, running.Dateline(line, kyodo)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", line, diff)
		}
	}
}
