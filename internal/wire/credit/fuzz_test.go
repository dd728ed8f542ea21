package credit

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"kawat/internal/wire"
)

// FuzzExtract: of valid text nothing but valid text is made, each value has its evidence in the text, the same text
// gives the same, and a credit that was taken is not left among the paragraphs.
func FuzzExtract(f *testing.F) {
	for _, s := range []string{
		"Tokyo (ANTARA) - Feri tiba.\n\nPewarta: A Editor: B Copyright © ANTARA 2026",
		"SAITAMA, Japan, Dec. 9 Kyodo - A.\n==Kyodo", "By Ayu Tan\n\n(Reporting by A; Editing by B)",
		"Baca juga:\nSatu\nDua", "(c) 2026 Kyodo. All rights reserved", "【東京共同】共同通信", "SavitriEditor: Agus Salim", "©©(c)Copyright:",
		"X. Sumber: Xinhua-OANA\n\nlapor Tass, kata AP", "Penerjemah/Editor: -",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		paragraphs := strings.Split(text, "\n\n")
		profile := &wire.Profile{Agency: "ANTARA"}
		a, b := &wire.Story{Language: "id"}, &wire.Story{Language: "id"}
		rest := Extract(a, paragraphs, profile)
		again := Extract(b, paragraphs, profile)
		if !cmp.Equal(a, b) || !cmp.Equal(rest, again) {
			t.Fatal("the same text gave another record")
		}
		line, err := a.Marshal()
		if err != nil || !utf8.Valid(line) {
			t.Fatalf("the record is not valid: %v", err)
		}
		if n := len(a.Attribution.Credits); n > 0 && len(a.Evidence) < n {
			t.Fatalf("%d credits with %d evidence", n, len(a.Evidence))
		}
		for _, e := range a.Evidence {
			if strings.HasPrefix(e.Rule, "dateline:") || strings.HasPrefix(e.Rule, "label:") || strings.HasPrefix(e.Rule, "cited:") {
				if !strings.Contains(spaced(text), spaced(e.Text)) {
					t.Fatalf("evidence %+v is not in the text", e)
				}
			}
		}
		for i, p := range rest {
			if !utf8.ValidString(p) || strings.TrimSpace(p) == "" {
				t.Fatalf("paragraph %q", p)
			}
			if i == len(rest)-1 && strings.HasPrefix(p, "Editor: Agus Salim") {
				t.Fatalf("a credit was left in the text: %q", p)
			}
		}
	})
}

// spaced is text with its lines joined: a credit may run over a line's end.
func spaced(s string) string { return strings.Join(strings.Fields(s), " ") }
