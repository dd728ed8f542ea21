package markup

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestSanitizeRandom puts tags together that nobody would: what a mutation of bytes hardly ever hits.
func TestSanitizeRandom(t *testing.T) {
	r := rand.New(rand.NewPCG(1312, 7901))
	for range 20_000 {
		s := randomHTML(r, r.IntN(30))
		if check(t, s); t.Failed() {
			t.Fatalf("with %q", s)
		}
	}
}

var (
	someTags = strings.Fields("p p p h1 h2 h5 ul ol li li blockquote table tr td th caption thead tbody figure figcaption em b b i a a " +
		"sub code pre div span form dl dt svg math script style title select option textarea font u center details button template noscript")
	someTexts = []string{"x", " ", "\n", "two words", "&nbsp;", "&amp;", "&lt;p&gt;", "\u3000", "<br>", "<br/><br/>", "<hr>", "'", "\"", "\x00", "\xff",
		`<img src="https://e.example/a.png" alt="a">`, "<img src=x>", "<!-- c -->", "<!--", "-->", "&#x85;", "é", "]]>", "<![CDATA[", "</"}
	someAttrs = []string{"", "", "", ` class="x"`, ` href="https://e.example/?a=1&amp;b=2"`, ` href="javascript:x"`, " colspan=2", ` style='x' onclick=x`, "/"}
)

func randomHTML(r *rand.Rand, n int) string {
	var b strings.Builder
	var open []string
	for range n {
		switch r.IntN(5) {
		case 0, 1:
			name := someTags[r.IntN(len(someTags))]
			b.WriteString("<" + name + someAttrs[r.IntN(len(someAttrs))] + ">")
			open = append(open, name)
		case 2:
			if len(open) > 0 { // mostly the tag that is due, sometimes another
				i := len(open) - 1
				if r.IntN(6) == 0 {
					i = r.IntN(len(open))
				}
				b.WriteString("</" + open[i] + ">")
				open = append(open[:i], open[i+1:]...)
			}
		default:
			b.WriteString(someTexts[r.IntN(len(someTexts))])
		}
	}
	return b.String()
}
