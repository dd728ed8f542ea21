package markup

import (
	"strings"
	"testing"
)

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
