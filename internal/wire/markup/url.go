package markup

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

// maxURL is the longest address, in bytes, that is kept.
const maxURL = 2048

// WebURL gives raw as an absolute URL of one of the schemes, or "" if it is none.
func WebURL(raw string, schemes ...string) string {
	raw = strings.TrimSpace(raw)
	if raw == "" || len(raw) > maxURL || !utf8.ValidString(raw) || strings.ContainsFunc(raw, func(r rune) bool { return !isText(r) || isSpace(r) }) {
		return ""
	}
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	for _, s := range schemes {
		if u.Scheme == s && (u.Host != "" || s == "mailto" && u.Opaque != "") {
			return u.String()
		}
	}
	return ""
}
