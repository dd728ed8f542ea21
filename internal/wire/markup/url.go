package markup

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// maxURL is the longest address, in bytes, that is kept.
const maxURL = 2048

// WebURL gives raw as an absolute URL of one of the schemes, or "" if it is none. A blank within it is escaped as a
// browser does, and a host in other letters than ASCII is given as the network knows it (RFC 5891, "xn--…").
func WebURL(raw string, schemes ...string) string {
	raw = strings.ReplaceAll(strings.TrimSpace(raw), " ", "%20")
	if raw == "" || len(raw) > maxURL || !utf8.ValidString(raw) || strings.ContainsFunc(raw, func(r rune) bool { return !isText(r) || isSpace(r) }) {
		return ""
	}
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	for _, s := range schemes {
		if u.Scheme == s && (u.Host != "" || s == "mailto" && u.Opaque != "") {
			u.Host = asciiHost(u.Host)
			return u.String()
		}
	}
	return ""
}

// asciiHost is a host in ASCII, or as it is when it is no domain name.
func asciiHost(host string) string {
	if !strings.ContainsFunc(host, func(r rune) bool { return r >= utf8.RuneSelf }) {
		return host
	}
	name, port, found := strings.Cut(host, ":")
	ascii, err := idna.Lookup.ToASCII(name)
	switch {
	case err != nil:
		return host
	case found:
		return ascii + ":" + port
	}
	return ascii
}
