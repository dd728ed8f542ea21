package decode

import (
	"bytes"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"kawat/internal/wire"
	"kawat/internal/wire/charset"
)

// inUTF8 finds out what kind of copy the message is and brings it into UTF-8. notes are evidence for the stories in it:
// that it was not in the charset that it was said to be, or that its words were garbled before it came.
func inUTF8(c *wire.Copy) (text []byte, is kind, notes []wire.Evidence, err error) {
	text, marked, err := charset.Marked(c.Data)
	if err != nil {
		return nil, 0, nil, err
	}
	if is = sniff(text); is == binaryKind {
		return text, is, nil, nil
	}
	if !marked {
		var found string
		claims := claimsOf(text, is, c)
		// Where it is in UTF-8, nobody says otherwise, and nothing in it shifts to another charset, there is no more to find out.
		if claims[0].Charset != "" || !utf8.Valid(text) || bytes.IndexByte(text, 0x1b) >= 0 {
			if text, found, err = charset.Text(text, claims...); err != nil {
				return nil, is, nil, err
			}
		}
		if found != "" {
			said := ""
			if !claims[0].Assumed {
				said = claims[0].Charset
			}
			notes = append(notes, wire.Evidence{Field: "charset", Rule: "detected:" + found, Text: said})
		}
	}
	if sample := charset.Garbled(text); sample != "" {
		notes = append(notes, wire.Evidence{Field: "charset", Rule: "suspect:mojibake", Text: sample})
	}
	return text, is, notes, nil
}

// claimsOf collects what is said of the charset: by the document itself, by the message's Content-Type, by the provider's
// profile, and by the format.
func claimsOf(data []byte, is kind, c *wire.Copy) []charset.Claim {
	claims := make([]charset.Claim, 0, 4)
	if is == xmlKind {
		if name := declaredEncoding(data); name != "" {
			claims = append(claims, charset.Claim{Charset: name, Because: "the document itself says so"})
		}
	}
	if strings.Contains(c.ContentType, "=") {
		if _, parameters, err := mime.ParseMediaType(c.ContentType); err == nil && parameters["charset"] != "" {
			claims = append(claims, charset.Claim{Charset: parameters["charset"], Because: "it is what its Content-Type says"})
		}
	}
	switch p := c.Profile; {
	case p.Charset != "":
		claims = append(claims, charset.Claim{Charset: p.Charset, Because: "it is what the profile of " + p.Name + " says", Assumed: true})
	case is == anpaKind || is == iptcKind || is == wireKind:
		claims = append(claims, charset.Claim{Charset: "iso-8859-1", Because: "copy of its kind is", Assumed: true})
	case is == xmlKind:
		claims = append(claims, charset.Claim{Because: "XML without a declaration is", Assumed: true})
	default:
		claims = append(claims, charset.Claim{Because: "no profile says that " + p.Name + " sends another charset", Assumed: true})
	}
	return claims
}

// declaredEncoding is the encoding in the XML declaration, or the charset in the head of an HTML page; "" if there is none.
func declaredEncoding(data []byte) string {
	head, ok := bytes.CutPrefix(data, []byte("<?xml"))
	if !ok {
		head = data[:min(len(data), 1024)]
		if !bytes.Contains(head, []byte("charset")) && !bytes.Contains(head, []byte("CHARSET")) {
			return ""
		}
		if m := metaCharset.FindSubmatch(head); m != nil {
			return string(m[1])
		}
		return ""
	}
	head, _, ok = bytes.Cut(head[:min(len(head), 256)], []byte("?>"))
	if !ok {
		return ""
	}
	_, rest, ok := strings.Cut(string(head), "encoding")
	if !ok {
		return ""
	}
	rest = strings.TrimLeft(rest, " \t\r\n=")
	if rest == "" || rest[0] != '"' && rest[0] != '\'' {
		return ""
	}
	name, _, _ := strings.Cut(rest[1:], rest[:1])
	return name
}

// metaCharset is where an HTML page says what it is in (HTML, 4.2.5.4): within its first 1024 bytes.
var metaCharset = regexp.MustCompile(`(?i)<meta\s[^>]*charset\s*=\s*["']?\s*([a-z0-9_:.-]+)`)
