package ninjs

import (
	"testing"

	"kawat/internal/wire/markup"
	"kawat/internal/wire/running"
)

var pieces = []string{
	"<p>One.</p><p>Two <em>more</em> &amp; a half.</p>", "<div><h2>A</h2><p>B&nbsp;C</p></div>", "<ul><li>a</li><li>b</li></ul>",
	"<p>a<p>b</p></p>", "<em><p>a</p></em>", "a <strong>b</strong>\n\n<p>c</p>", "<P>a</P>", "<p>a<script>b</script></p>", "<p>a &lt;b&gt;</p>",
	"<li>a</li>", "<p>a</div>", "</div><div>", "<blockquote>a<p>b</p></blockquote>", "<p>a<ul><li>b</li></ul></p>", "<p title='<'>a</p>", "<p>a&copy</p>",
}

// FuzzPlainHTML holds that the quick way gives the body that the browser's way gives.
func FuzzPlainHTML(f *testing.F) {
	for _, s := range pieces {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		quick := plainHTML(s)
		if quick == nil {
			return
		}
		thorough, err := markup.ParseHTML(s)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := running.Body(running.Blocks(quick)), running.Body(running.Blocks(thorough)); a != b {
			t.Errorf("%q\nquick:    %q\nthorough: %q", s, a, b)
		}
	})
}

// The quick way is taken for what agencies send.
func TestPlainHTML(t *testing.T) {
	for i, want := range []bool{true, true, true, false, false, true, false, false, true, false, false, false, true, false, false, false} {
		if got := plainHTML(pieces[i]) != nil; got != want {
			t.Errorf("%s: %v", pieces[i], got)
		}
	}
}
