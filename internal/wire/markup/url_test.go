package markup

import (
	"strings"
	"testing"
)

func TestWebURL(t *testing.T) {
	for in, want := range map[string]string{
		" https://antara.example/berita?a=1&b=2 ":          "https://antara.example/berita?a=1&b=2",
		"HTTP://antara.example/":                           "http://antara.example/",
		"https://antara.example/rapat pagi.mp4":            "https://antara.example/rapat%20pagi.mp4",
		"https://antara.example/?q=harga beras":            "https://antara.example/?q=harga%20beras",
		"https://antara .example/":                         "",
		"https://bücher.example/straße":                    "https://xn--bcher-kva.example/stra%C3%9Fe",
		"https://B%C3%BCcher.example/":                     "https://xn--bcher-kva.example/",
		"https://ニュース.example:8443/a":                      "https://xn--zck9awe6d.example:8443/a",
		"https://a_b.example/":                             "https://a_b.example/",
		"https://[::1]:80/":                                "https://[::1]:80/",
		"https://antara.example/\u3000":                    "https://antara.example/",
		"https://antara.example/a\tb":                      "",
		"mailto:redaksi@antara.example":                    "mailto:redaksi@antara.example",
		"javascript:alert(1)":                              "",
		"/berita":                                          "",
		"https:///berita":                                  "",
		"https://a.example/" + strings.Repeat("a", maxURL): "",
	} {
		if got := WebURL(in, "http", "https", "mailto"); got != want {
			t.Errorf("WebURL(%q) = %q, want %q", in, got, want)
		}
	}
}
