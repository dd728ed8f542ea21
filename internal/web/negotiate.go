package web

import (
	"iter"
	"net/http"
	"strings"
	"time"

	"kawat/internal/feed"
)

// codingFor is the coding in which a body is to be sent, by Accept-Encoding (RFC 9110, section 12.5.3): the one that the
// reader likes best, of several the shortest; each is ready as soon as any. It must not depend on what is ready: a reader
// that is sent another coding next time has another entity tag and needs the whole again. A reader that takes none of ours
// gets the plain bytes, which is better than nothing. "*" stands for gzip, which whoever says so is sure to know. An
// element that cannot be read counts for nothing.
func codingFor(fields []string) feed.Coding {
	const unsaid = -1
	said := [feed.Codings]int{unsaid, unsaid, unsaid, unsaid}
	rest := unsaid
	for _, field := range fields {
		for len(field) > 0 {
			var element string
			element, field, _ = strings.Cut(field, ",")
			coding, parameter, _ := strings.Cut(element, ";")
			q, ok := quality(parameter)
			if !ok {
				continue
			}
			if coding = trim(coding); coding == "*" {
				rest = max(rest, q)
			} else if c, ok := codingNamed(coding); ok {
				said[c] = max(said[c], q)
			}
		}
	}
	if said[feed.Gzip] == unsaid {
		said[feed.Gzip] = rest
	}
	best := feed.Identity
	for _, c := range [...]feed.Coding{feed.Zstd, feed.Gzip, feed.Brotli} { // the shortest last
		if said[c] > 0 && said[c] >= said[best] {
			best = c
		}
	}
	return best
}

func codingNamed(name string) (feed.Coding, bool) {
	switch {
	case strings.EqualFold(name, "gzip"), strings.EqualFold(name, "x-gzip"):
		return feed.Gzip, true
	case strings.EqualFold(name, "br"):
		return feed.Brotli, true
	case strings.EqualFold(name, "zstd"):
		return feed.Zstd, true
	case strings.EqualFold(name, "identity"):
		return feed.Identity, true
	}
	return 0, false
}

// takesDifferences says whether A-IM (RFC 3229, section 10.5.3) asks for a feed's new entries alone.
func takesDifferences(fields []string) bool {
	for _, field := range fields {
		for element := range strings.SplitSeq(field, ",") {
			name, parameter, _ := strings.Cut(element, ";")
			if q, ok := quality(parameter); ok && q > 0 && strings.EqualFold(trim(name), "feed") {
				return true
			}
		}
	}
	return false
}

// manner is how a reader is told that it does not get what it asked for.
type manner int

const (
	asLine manner = iota
	asProblem
	asPage
	manners = iota
)

// likedBest is the manner that Accept weighs highest (RFC 9110, section 12.5.1), of several the richest: a page for whoever
// names HTML, a problem document for whoever names JSON of any kind, a line for others. An element that cannot be read counts
// for nothing.
func likedBest(fields []string) manner {
	var weight [manners]int
	for _, field := range fields {
		for element := range strings.SplitSeq(field, ",") {
			kind, parameters, _ := strings.Cut(element, ";")
			q := 1000
			for parameter := range strings.SplitSeq(parameters, ";") {
				// Other parameters are the type's own (charset, version), and any of its kinds will do.
				if parameter = trim(parameter); len(parameter) > 1 && parameter[0]|0x20 == 'q' && parameter[1] == '=' {
					var ok bool
					if q, ok = quality(parameter); !ok {
						q = 0
					}
				}
			}
			m := asLine
			switch kind = strings.ToLower(trim(kind)); {
			case kind == "text/html", kind == "application/xhtml+xml":
				m = asPage
			case strings.HasSuffix(kind, "/json"), strings.HasSuffix(kind, "+json"):
				m = asProblem
			case kind != "text/plain" && kind != "text/*" && kind != "*/*":
				continue
			}
			weight[m] = max(weight[m], q)
		}
	}
	best := asLine
	for _, m := range [...]manner{asProblem, asPage} {
		if weight[m] > 0 && weight[m] >= weight[best] {
			best = m
		}
	}
	return best
}

// quality reads the weight of an element in thousandths (RFC 9110, section 12.4.2): "" or "q=0.5".
func quality(parameter string) (int, bool) {
	parameter = trim(parameter)
	if parameter == "" {
		return 1000, true
	}
	if len(parameter) < 3 || parameter[0]|0x20 != 'q' || parameter[1] != '=' {
		return 0, false
	}
	value := parameter[2:]
	if len(value) > 5 || value[0] != '0' && value[0] != '1' || len(value) > 1 && value[1] != '.' {
		return 0, false
	}
	q, unit := int(value[0]-'0')*1000, 100
	for i := 2; i < len(value); i++ {
		if value[i] < '0' || value[i] > '9' {
			return 0, false
		}
		q += int(value[i]-'0') * unit
		unit /= 10
	}
	return q, q <= 1000
}

// matches says whether If-None-Match names an entity tag, compared weakly (RFC 9110, sections 8.8.3.2 and 13.1.2).
func matches(fields []string, etag string) bool {
	for tag := range tags(fields) {
		if tag == etag || tag == "*" {
			return true
		}
	}
	return false
}

// tags are the entity tags in If-None-Match, without what marks weak ones, and "*" where a field is nothing else. What
// follows an element that is no entity tag is passed over: the reader then gets the whole body, which is safe.
func tags(fields []string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, field := range fields {
			field = trim(field)
			if field == "*" && !yield(field) {
				return
			}
			for {
				field = strings.TrimLeft(field, " \t,")
				opaque := strings.TrimPrefix(field, "W/")
				if len(opaque) < 2 || opaque[0] != '"' {
					break
				}
				end := strings.IndexByte(opaque[1:], '"')
				if end < 0 {
					break
				}
				end += 2
				if !yield(opaque[:end]) {
					return
				}
				field = trim(opaque[end:])
				if field != "" && field[0] != ',' {
					break
				}
			}
		}
	}
}

// unmodified says whether the reader's copy is the one with these validators. If-None-Match wins over
// If-Modified-Since (RFC 9110, section 13.2.2); the zero time has no say.
func unmodified(r *http.Request, etag string, modified time.Time) bool {
	if fields := r.Header["If-None-Match"]; len(fields) > 0 {
		return matches(fields, etag)
	}
	fields := r.Header["If-Modified-Since"]
	if len(fields) != 1 || modified.IsZero() {
		return false
	}
	since, err := http.ParseTime(fields[0])
	return err == nil && !modified.After(since)
}

func trim(s string) string { return strings.Trim(s, " \t") }
