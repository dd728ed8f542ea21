package markup

import (
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestSanitize(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"paragraphs", "<p>One.</p>\n<p>Two.</p>", "<p>One.</p><p>Two.</p>"},
		{"bare text", "One.\nTwo.", "<p>One. Two.</p>"},
		{"white space", "<p>\n  One\t two  <b> three </b> four</p>", "<p>One two <b>three</b> four</p>"},
		{"divisions part paragraphs", "<div>One</div><div>Two</div>Three", "<p>One</p><p>Two</p><p>Three</p>"},
		{"headings", "<h1>A</h1><h2>B</h2><h6>C</h6>", "<h2>A</h2><h2>B</h2><h4>C</h4>"},
		{"two breaks part paragraphs", "One<br><br/>Two<br>Three", "<p>One</p><p>Two<br/>Three</p>"},
		{"breaks at the edges", "<p><br>One<br></p>", "<p>One</p>"},
		{"empty elements", "<p></p><p> <b></b></p><ul></ul><p>x</p>", "<p>x</p>"},
		{"entities", "<p>Tom &amp; Jerry&rsquo;s &lt;b&gt; &quot;&#233;&quot;</p>", "<p>Tom &amp; Jerry’s &lt;b&gt; \"é\"</p>"},
		{"list", "<ul><li>One<li>Two</ul>", "<ul><li>One</li><li>Two</li></ul>"},
		{"stray items", "<li>One</li><li>Two</li>Three<p>Four</p>", "<ul><li>One</li><li>Two</li></ul><p>Three</p><p>Four</p>"},
		{"text in a list", "<ul>One<li>Two</li></ul>", "<ul><li>One</li><li>Two</li></ul>"},
		{"link", `<p><a href="https://antara.example/a?b=1&amp;c=2" target="_blank" rel="x">x</a></p>`,
			`<p><a href="https://antara.example/a?b=1&amp;c=2">x</a></p>`},
		{"mail", `<a href="mailto:desk@antara.example">x</a>`, `<p><a href="mailto:desk@antara.example">x</a></p>`},
		{"relative link", `<p><a href="/a">x</a></p>`, "<p>x</p>"},
		{"link around blocks", `<a href="https://e.example/"><p>One</p><p>Two</p></a>`,
			`<p><a href="https://e.example/">One</a></p><p><a href="https://e.example/">Two</a></p>`},
		{"image", `<p>One <img src="https://e.example/a.jpg" alt="A &quot;b&quot;" onerror="x()"> two</p>`,
			`<p>One</p><figure><img src="https://e.example/a.jpg" alt="A &#34;b&#34;"/></figure><p>two</p>`},
		{"figure", `<figure class="x"><a href="https://e.example/"><img src="http://e.example/a.jpg"></a><figcaption>C</figcaption></figure>`,
			`<figure><a href="https://e.example/"><img src="http://e.example/a.jpg" alt=""/></a><figcaption>C</figcaption></figure>`},
		{"caption without figure", "<figcaption>C</figcaption>", "<p>C</p>"},
		{"table", "<table border=1><caption>T</caption><tr><th colspan=2>A</th></tr><tr><td>1</td><td></td></tr></table>",
			`<table><caption>T</caption><tbody><tr><th colspan="2">A</th></tr><tr><td>1</td><td></td></tr></tbody></table>`},
		{"table in a cell", "<table><tr><td><table><tr><td>1</td></tr></table></td></tr></table>",
			"<table><tbody><tr><td><table><tbody><tr><td>1</td></tr></tbody></table></td></tr></tbody></table>"},
		{"pre", "<pre>\n a  b\r\n<b>c</b></pre>", "<pre> a  b\n<b>c</b></pre>"},
		{"quotation", "<blockquote>One<p>Two</p></blockquote>", "<blockquote><p>One</p><p>Two</p></blockquote>"},
		{"control characters", "<p>a\x01b\x00c\u0085d&#1;&#xFFFE;\ufffee</p>", "<p>abc de</p>"},
		{"invalid UTF-8", "<p>a\xffb</p>", "<p>a\uFFFDb</p>"},
		{"whole document", "<!DOCTYPE html><html><head><title>T</title><style>p{}</style></head><body><p>x</p></body></html>", "<p>x</p>"},
		{"indented by wide spaces", "<p>　東京で　会見した。</p><p>&nbsp;</p><p>\n 　 x&nbsp;y</p>", "<p>東京で　会見した。</p><p>x\u00a0y</p>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := Sanitize(tt.in)
			if got != tt.want {
				t.Errorf("Sanitize(%q)\n got %s\nwant %s", tt.in, got, tt.want)
			}
			check(t, tt.in)
		})
	}
}

// TestSanitizeHostile holds what must never come through, by the ways it is known to try.
func TestSanitizeHostile(t *testing.T) {
	for _, in := range []string{
		`<script>alert(1)</script>`,
		`<p onclick="alert(1)">x</p>`,
		`<a href="javascript:alert(1)">x</a>`,
		`<a href="JaVaScRiPt:alert(1)">x</a>`,
		"<a href=\"java\tscript:alert(1)\">x</a>",
		`<a href="&#106;avascript:alert(1)">x</a>`,
		`<a href=" javascript:alert(1)">x</a>`,
		`<a href="data:text/html,<script>alert(1)</script>">x</a>`,
		`<a href="vbscript:msgbox(1)">x</a>`,
		`<a href="//evil.example/">x</a>`,
		`<img src=x onerror=alert(1)>`,
		`<img src="data:image/svg+xml,<svg onload=alert(1)>">`,
		`<img src="mailto:a@e.example">`,
		`<svg><script>alert(1)</script></svg>`,
		`<svg onload=alert(1)><p>x</p></svg>`,
		`<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>`,
		`<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)></style></mglyph></form>`,
		`<iframe src="https://evil.example/"></iframe>`,
		`<object data="x"></object><embed src="x">`,
		`<style>@import "https://evil.example/";</style>`,
		`<link rel=stylesheet href="https://evil.example/"><base href="https://evil.example/"><meta http-equiv=refresh content="0">`,
		`<p style="background:url(javascript:alert(1))">x</p>`,
		`<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>`,
		`<textarea><script>alert(1)</script></textarea>`,
		`<title><script>alert(1)</script></title>`,
		`<xmp><script>alert(1)</script></xmp>`,
		`<plaintext><script>alert(1)</script>`,
		`<template><script>alert(1)</script></template>`,
		`<select><option><script>alert(1)</script></option></select>`,
		`<<script>script>alert(1)</script>`,
		`<scr<script>ipt>alert(1)</script>`,
		`<p><!--><script>alert(1)</script>--></p>`,
		`<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>`,
		`<![CDATA[<script>alert(1)</script>]]>`,
		`<?xml version="1.0"?><script>alert(1)</script>`,
		`<a href="https://e.example/" onmouseover="alert(1)" style="x">x</a>`,
		`<a href='https://e.example/"onmouseover="alert(1)'>x</a>`,
		`<input autofocus onfocus=alert(1)><button onclick=alert(1)>x</button>`,
		`<video><source onerror=alert(1)></video><audio src=x onerror=alert(1)></audio>`,
		`<details open ontoggle=alert(1)>x</details>`,
		`<table background="javascript:alert(1)"><tr><td onclick=alert(1)>x`,
		"<\x00script>alert(1)</script>",
		`<p/onclick=alert(1)>x`,
	} {
		got := strings.ToLower(Sanitize(in))
		for _, bad := range []string{"<script", "javascript:", "vbscript:", "data:", " on", "<svg", "<math", "<iframe", "<style", "style=",
			"<object", "<embed", "<link", "<meta", "<base", "<form", "<input", "//evil", "x onerror"} {
			if i := strings.Index(got, bad); i >= 0 {
				// In text it is harmless: there the angle brackets and quotes around it are escaped.
				if strings.LastIndexByte(got[:i+1], '<') > strings.LastIndexByte(got[:i+1], '>') {
					t.Errorf("Sanitize(%q) lets %q through: %s", in, bad, got)
				}
			}
		}
		check(t, in)
	}
}

func TestSanitizeHostileSize(t *testing.T) {
	for name, in := range map[string]string{
		"nested divisions":  strings.Repeat("<div>", 1e5) + "x",
		"nested emphasis":   strings.Repeat("<b>", 1e5) + "x",
		"nested quotations": strings.Repeat("<blockquote>", 400) + "x",
		"nested tables":     strings.Repeat("<table><tr><td>", 100) + "x",
		"misnested":         strings.Repeat("<b><i></b>", 2e4) + "x",
		"attributes":        "<p " + strings.Repeat("a='1' ", 1e5) + ">x</p>",
		"brackets":          strings.Repeat("<", 1e6),
		"unclosed comment":  "<!--" + strings.Repeat("-", 1e6),
		"breaks":            "x" + strings.Repeat("<br>", 2e5) + "y",
		"links":             strings.Repeat(`<a href="https://e.example/">x`, 5e3),
	} {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			check(t, in)
			if d := time.Since(start); d > time.Minute {
				t.Errorf("took %v", d)
			}
		})
	}
}

func TestText(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"<p>One &amp; two.</p><p>Three<br>four.</p>", "One & two.\n\nThree\nfour."},
		{"<h2>A</h2><ul><li>x</li><li>y</li></ul><p>z</p>", "A\n\nx\ny\n\nz"},
		{"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table><p>z</p>", "a\tb\nc\td\n\nz"},
		{"<p>It <em>is</em> so</p><script>x()</script>", "It is so"},
		{"<figure><img src='https://e.example/a.png'><figcaption>C</figcaption></figure><p>x</p>", "C\n\nx"},
		{"", ""},
	} {
		if got := Text(tt.in); got != tt.want {
			t.Errorf("Text(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestParagraphs(t *testing.T) {
	got := Paragraphs([]string{"One  <two>\n& \"three\"", "", " \x02 ", "四　五"})
	if want := "<p>One &lt;two&gt; &amp; \"three\"</p><p>四　五</p>"; got.HTML != want {
		t.Errorf("HTML %q, want %q", got.HTML, want)
	}
	if want := "One <two> & \"three\"\n\n四　五"; got.Text != want {
		t.Errorf("Text %q, want %q", got.Text, want)
	}
}

func TestClean(t *testing.T) {
	for _, tt := range []struct{ in, clean, scrubbed string }{
		{"", "", ""},
		{"plain words", "plain words", "plain words"},
		{" a  b\n\tc ", "a b c", "a  b\n\tc"},
		{"a\r\nb\rc", "a b c", "a\nb\nc"},
		{"a\x00\x1bb\x7fc\u0080", "abc", "abc"},
		{"a\xffb", "a\uFFFDb", "a\uFFFDb"},
		{"a\ufffeb\uffffc\ufeff\U0001fffe", "abc", "abc"},
		{"　東京　大阪\u00a0", "東京　大阪", "東京　大阪"},
		{"\u00a0 \x01 \u00a0", "", ""},
	} {
		if got := Clean(tt.in); got != tt.clean {
			t.Errorf("Clean(%q) = %q, want %q", tt.in, got, tt.clean)
		}
		if got := Scrub(tt.in); got != tt.scrubbed {
			t.Errorf("Scrub(%q) = %q, want %q", tt.in, got, tt.scrubbed)
		}
	}
}

func FuzzSanitize(f *testing.F) {
	for _, s := range []string{
		"<p>One &amp; <b>two</b><br>three</p><ul><li>x<ul><li>y</li></ul>z</li></ul>",
		`<a href="https://e.example/?a=1&amp;b"><h1>x</h1></a><pre>` + "\n\n x</pre>",
		"<table><td>a<th rowspan=3>b<caption>c</table><blockquote><p>x<p>y</blockquote>",
		"<figure><img src=https://e.example/x><figcaption>a<p>b</figure>",
		"<b><p>a<i>b</p>c</b>d</i><br><br>e", "a\xff\x00<p \x01>&#0;&#x85;&nbsp;</p>", "<a href='http://[::1]:x'>y</a>",
		"<code>a</code><sub>b</sub><li><table><ol>x</ol><tr>y",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { check(t, s) })
}

func FuzzClean(f *testing.F) {
	f.Add(" a \x00\u3000\xff")
	f.Fuzz(func(t *testing.T, s string) {
		for _, fn := range []func(string) string{Clean, Scrub} {
			once := fn(s)
			if twice := fn(once); twice != once {
				t.Errorf("%q becomes %q, then %q", s, once, twice)
			}
			wellFormed(t, strings.NewReplacer("<", "", "&", "", ">", "").Replace(once))
		}
	})
}

// check holds the invariants of Sanitize.
func check(t *testing.T, s string) {
	t.Helper()
	body := Body(s)
	if again := Body(body.HTML); again != body {
		t.Errorf("not idempotent: %.300q\n once %.300q\ntwice %.300q", s, body, again)
	}
	wellFormed(t, body.HTML)
	judged, ok := rewrite(policy.Sanitize(body.HTML))
	if !ok || judged.HTML != body.HTML {
		t.Errorf("the policy changes what came of %.300q:\n    %.300q\n to %.300q", s, body.HTML, judged.HTML)
	}
	if quick, ok := simple(s); ok {
		if slow := thorough(s); slow != quick {
			t.Errorf("%.300q is read in two ways:\n   simple %.300q\n thorough %.300q", s, quick, slow)
		}
	}
}

func wellFormed(t *testing.T, s string) {
	t.Helper()
	if !utf8.ValidString(s) {
		t.Errorf("not UTF-8: %.300q", s)
	}
	d := xml.NewDecoder(strings.NewReader("<x>" + s + "</x>"))
	for {
		if _, err := d.Token(); err == io.EOF {
			return
		} else if err != nil {
			t.Errorf("%v: %.300q", err, s)
			return
		}
	}
}

var story = strings.Repeat("<p>The ports of Niigata and Vladivostok agreed Monday to share readings from sensors, \"it costs us little\", an official said.</p>\n", 45)

func BenchmarkSanitize(b *testing.B) {
	b.SetBytes(int64(len(story)))
	for b.Loop() {
		Sanitize(story)
	}
}

func BenchmarkSanitizeThorough(b *testing.B) {
	b.SetBytes(int64(len(story)))
	for b.Loop() {
		thorough(story)
	}
}

func TestLanguage(t *testing.T) {
	for in, want := range map[string]string{
		"en": "en", " EN_us ": "en-US", "zh-hant-tw": "zh-Hant-TW", "": "", "English": "", "x": "", "e1": "", "en--us": "en-US",
		"en-a-b-c-d": "", "in": "id", "ind-ID": "id-ID", "IW": "he", "jw": "jv", "jpn": "ja", "may": "ms", "chi-hant": "zh-Hant", "ger": "de",
		"fil": "fil", "tl": "tl", "sh": "sh", "mo": "mo", "no": "no", "yue": "yue", "und": "und", "xyz": "xyz", "zz": "zz",
	} {
		if got := Language(in); got != want {
			t.Errorf("Language(%q) = %q, want %q", in, got, want)
		}
	}
}
