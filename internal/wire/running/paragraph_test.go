package running

import (
	"testing"
	"unicode/utf8"

	"kawat/internal/wire/markup"
)

// FuzzParagraph: the text of a paragraph is what is written of it.
func FuzzParagraph(f *testing.F) {
	for _, s := range []string{
		"<p>One <em>and</em> a <a href='https://e.example/'>half</a>.</p>", "<p> \u00a0<b> a</b>\u00a0 <i>\u2003b</i> </p>", "<p>a<br>b<span> <strong>c</strong></span></p>",
		"<p>a<frac>b</frac><td>c</td></p>", "<em>a</em> b &amp; &lt;c&gt;\u0085d\u3000",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		root, err := markup.ParseHTML(s)
		if err != nil || !utf8.ValidString(s) { // copy is in UTF-8 when it comes here
			return
		}
		for _, n := range Blocks(root) {
			if n.Name != "p" {
				continue
			}
			if got, want := paragraph(n), Body([]*markup.Node{n}).Text; got != want {
				t.Errorf("%q is read as %q, not %q", s, got, want)
			}
		}
	})
}
