package web

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"kawat/internal/feed"
)

// The references are written from the grammar of RFC 9110, without a thought for speed.

var elementForm = regexp.MustCompile(`^[ \t]*([^;]*?)[ \t]*(?:;[ \t]*(?:[qQ]=((?:0(?:\.[0-9]{0,3})?)|(?:1(?:\.0{0,3})?)))?[ \t]*)?$`)

func codingForSlowly(fields []string) feed.Coding {
	best := map[string]float64{}
	for _, element := range strings.Split(strings.Join(fields, ","), ",") {
		m := elementForm.FindStringSubmatch(element)
		if m == nil {
			continue
		}
		q := 1.0
		if m[2] != "" {
			var err error
			if q, err = strconv.ParseFloat(m[2], 64); err != nil {
				continue
			}
		}
		coding := strings.ToLower(m[1])
		if coding == "x-gzip" {
			coding = "gzip"
		}
		if old, ok := best[coding]; !ok || q > old {
			best[coding] = q
		}
	}
	if _, ok := best["gzip"]; !ok {
		best["gzip"] = best["*"]
	}
	for _, c := range []feed.Coding{feed.Brotli, feed.Gzip, feed.Zstd} {
		q := best[c.String()]
		if q > 0 && q >= max(best["br"], best["zstd"], best["gzip"], best["identity"]) {
			return c
		}
	}
	return feed.Identity
}

var tagForm = regexp.MustCompile(`^[ \t,]*(?:W/)?("[^"]*")[ \t]*(,|$)`)

func matchesSlowly(fields []string, etag string) bool {
	for _, field := range fields {
		if strings.Trim(field, " \t") == "*" {
			return true
		}
		for {
			m := tagForm.FindStringSubmatch(field)
			// An element that is followed by no comma is a tag all the same, but the last that is read.
			if m == nil {
				m = regexp.MustCompile(`^[ \t,]*(?:W/)?("[^"]*")`).FindStringSubmatch(field)
				if m != nil && m[1] == etag {
					return true
				}
				break
			}
			if m[1] == etag {
				return true
			}
			field = field[len(m[0]):]
		}
	}
	return false
}

func FuzzAcceptEncoding(f *testing.F) {
	for _, s := range []string{
		"gzip", "gzip, deflate, br", "gzip;q=0", "*;q=0.5,identity;q=0.5", "identity;q=1, gzip;q=.5", "gzip;q=1.001",
		"br;q=0.5, zstd;q=0.5", "zstd;q=0.2, br;q=0.1, *", "gzip;q=", "gzip;;q=1", ";q=1", ",,,", "gzip ; Q=0.5 ,x-gzip;q=0", "gzip;q=0.1234", "gzip;q=1.", "gzip;\tq=0.", "ＧＺＩＰ",
	} {
		f.Add(s, "")
	}
	f.Add("identity", "gzip;q=0.9")
	f.Fuzz(func(t *testing.T, a, b string) {
		fields := []string{a, b}
		if strings.ContainsAny(a+b, "\r\n") {
			return // no header field has them
		}
		if got, want := codingFor(fields), codingForSlowly(fields); got != want {
			t.Errorf("%q gives %v, not %v", fields, got, want)
		}
	})
}

func FuzzIfNoneMatch(f *testing.F) {
	const etag = `"AbCdEfGhIjKlMnOpQrStUv"`
	for _, s := range []string{
		etag, "W/" + etag, "*", " * ", `"a",` + etag, `"a"` + etag, `w/` + etag, `W/ ` + etag, `"a` + etag + `"`, `*, ` + etag,
		`"", ` + etag, `,,, ` + etag + ` junk`, `junk, ` + etag, `"unfinished`,
	} {
		f.Add(s, "")
	}
	f.Add(`"a"`, etag)
	f.Fuzz(func(t *testing.T, a, b string) {
		fields := []string{a, b}
		if strings.ContainsAny(a+b, "\r\n") {
			return
		}
		if got, want := matches(fields, etag), matchesSlowly(fields, etag); got != want {
			t.Errorf("%q gives %v, not %v", fields, got, want)
		}
		if got := matches([]string{a, etag}, etag); !got {
			t.Errorf("a field with %q before it hides the tag", a)
		}
	})
}

func TestLikedBest(t *testing.T) {
	for accept, want := range map[string]manner{
		"":    asLine,
		"*/*": asLine,
		"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8": asPage,
		"text/html;charset=utf-8":                          asPage,
		"TEXT/HTML; Q=0.5":                                 asPage,
		"text/html;q=0":                                    asLine,
		"text/html;q=0.000, */*":                           asLine,
		"text/html; level=1; q=0":                          asLine,
		"text/html;q=nonsense":                             asLine,
		"text/html;q=0, application/json":                  asProblem,
		"text/html;q=0.4, application/json;q=0.9":          asProblem,
		"application/json;q=0, text/html;q=0.1":            asPage,
		"application/json;q=0":                             asLine,
		"application/json, text/plain, */*":                asProblem,
		"application/feed+json, application/rss+xml;q=0.9": asProblem,
		"application/problem+json;version=1":               asProblem,
		"application/rss+xml, application/atom+xml":        asLine,
		"text/plain, text/html;q=0.5":                      asLine,
		"text/htmlx, application/jsonp":                    asLine,
		"text/*":                                           asLine,
		",;,":                                              asLine,
	} {
		if got := likedBest([]string{accept}); got != want {
			t.Errorf("%q: %d, not %d", accept, got, want)
		}
	}
	if got := likedBest([]string{"text/html;q=0.1", "application/json"}); got != asProblem {
		t.Errorf("in two fields: %d", got)
	}
}

// Who does not want HTML is not sent a page.
func TestRefusedWithoutHTML(t *testing.T) {
	r := get(handler(newsroom(t), now), "GET", "/nosuch", "Accept", "text/html;q=0, */*")
	if got := r.Header.Get("Content-Type"); got != "text/plain; charset=utf-8" || r.StatusCode != 404 {
		t.Errorf("%d, %s", r.StatusCode, got)
	}
}
