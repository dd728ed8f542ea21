package markup

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

var pieces = []string{
	"<p>One.</p><p>Two <em>more</em> &amp; a half.</p>", "<div><h2>A</h2><p>B&nbsp;C</p></div>", "<ul><li>a</li><li>b</li></ul>",
	"<p>a<p>b</p></p>", "<em><p>a</p></em>", "a <strong>b</strong>\n\n<p>c</p>", "<P>a</P>", "<p>a<script>b</script></p>", "<p>a &lt;b&gt;</p>",
	"<li>a</li>", "<p>a</div>", "</div><div>", "<blockquote>a<p>b</p></blockquote>", "<p>a<ul><li>b</li></ul></p>", "<p title='<'>a</p>", "<p>a&copy</p>",
	"</>", "<p></></p>", "<p title='a'>b</p>", "<p>a<br>b</p>", "<p title='a' title='b'>c</p>", "<p x:title='a'>b</p>", "<x:p>a</x:p>", "<p xmlns='a'>b</p>",
}

// FuzzParseHTML holds that the quick way gives what the browser's way gives, in used memory as well.
func FuzzParseHTML(f *testing.F) {
	for _, s := range pieces {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		quick, ok := parsePlainHTML(s)
		want, _ := ParseHTML(s)
		_ = UseHTML(s, func(got *Node) {
			if !cmp.Equal(got, want, cmpopts.EquateEmpty()) {
				t.Errorf("%q: %s", s, cmp.Diff(want, got))
			}
		})
		if !ok {
			return
		}
		thorough, err := parseThoroughHTML(s)
		if err != nil || !cmp.Equal(quick, thorough, cmpopts.EquateEmpty()) {
			t.Errorf("%q: %v %s", s, err, cmp.Diff(thorough, quick))
		}
	})
}

// The quick way is taken for what agencies send.
func TestParsePlainHTML(t *testing.T) {
	for i, want := range []bool{true, true, true, false, false, true, false, false, true, false, false, false, true, false, false, false, false, false, true, false, false, false, false, false} {
		if _, got := parsePlainHTML(pieces[i]); got != want {
			t.Errorf("%s: %v", pieces[i], got)
		}
	}
}
