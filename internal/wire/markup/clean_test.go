package markup

import (
	"strings"
	"testing"
)

// FuzzParagraph: Paragraph writes what Open, Text and Close write, wherever it stands.
func FuzzParagraph(f *testing.F) {
	f.Add("Before", "One & <two>", "em")
	f.Add("", "a", "ul")
	f.Add("<a>", "é\u00a0b", "pre")
	f.Fuzz(func(t *testing.T, before, words, tag string) {
		if words = Clean(words); words == "" {
			return
		}
		var quick, slow Builder
		for _, b := range []*Builder{&quick, &slow} {
			for range 2 {
				b.Text(before)
				m := b.Open(tag)
				b.Text(before)
				if b == &quick {
					b.Paragraph(words)
				} else {
					p := b.Open("p")
					b.Text(words)
					b.Close(p)
				}
				b.Close(m)
				if b == &quick {
					b.Paragraph(words)
				} else {
					p := b.Open("p")
					b.Text(words)
					b.Close(p)
				}
			}
			b.Text(before)
		}
		if got, want := quick.Body(), slow.Body(); got != want {
			t.Errorf("%+v, not %+v", got, want)
		}
	})
}

// FuzzRuns: looking at eight bytes at once finds what looking at each finds.
func FuzzRuns(f *testing.F) {
	for _, s := range []string{"", " ", "a  b", "seven a  b", "seven ab  c", "0123456789 \x7f", "01234567\x1f", "0123é567", "\xff\x80 01234567", strings.Repeat("ab ", 20) + " c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		printable := 0
		for printable < len(s) && ' ' <= s[printable] && s[printable] <= '~' {
			printable++
		}
		if n := Printable(s); n != printable {
			t.Errorf("%q has %d printable bytes, not %d", s, printable, n)
		}
		want := printable
		if i := strings.Index(s[:printable], "  "); i >= 0 {
			want = i + 1
		}
		if n := tidy(s); n != want {
			t.Errorf("%q is tidy for %d bytes, not %d", s, want, n)
		}
	})
}
