package web

import (
	"net/http"
	"strings"
	"time"
)

// acceptsGzip says whether a body is to be sent in gzip, by Accept-Encoding (RFC 9110, section 12.5.3): it is when
// the reader takes gzip, by name or by "*", no less gladly than the plain bytes. A reader that takes neither gets the
// plain bytes, which is better than nothing. An element that cannot be read counts for nothing.
func acceptsGzip(fields []string) bool {
	const unsaid = -1
	packed, plain, rest := unsaid, unsaid, unsaid
	for _, field := range fields {
		for len(field) > 0 {
			var element string
			element, field, _ = strings.Cut(field, ",")
			coding, parameter, _ := strings.Cut(element, ";")
			q, ok := quality(parameter)
			if !ok {
				continue
			}
			switch coding = trim(coding); {
			case strings.EqualFold(coding, "gzip"), strings.EqualFold(coding, "x-gzip"):
				packed = max(packed, q)
			case strings.EqualFold(coding, "identity"):
				plain = max(plain, q)
			case coding == "*":
				rest = max(rest, q)
			}
		}
	}
	if packed == unsaid {
		packed = rest
	}
	return packed > 0 && packed >= plain
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
// What follows an element that is no entity tag is passed over: the reader then gets the whole body, which is safe.
func matches(fields []string, etag string) bool {
	for _, field := range fields {
		field = trim(field)
		if field == "*" {
			return true
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
			if opaque[:end] == etag {
				return true
			}
			field = trim(opaque[end:])
			if field != "" && field[0] != ',' {
				break
			}
		}
	}
	return false
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
