package render

import (
	"net/url"
	"strings"
	"time"
	"unicode/utf8"
)

// scrub leaves only what XML 1.0 allows in a document (its production [2], Char), so that no field can make a feed
// unreadable: bytes that are not UTF-8 become U+FFFD, the control codes of the wire and the noncharacters go, and
// every line ends in a line feed, which is what an XML reader would make of it.
func scrub(s string) string {
	if spotless(s) {
		return s
	}
	s = strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\r", "\n")
	return strings.Map(func(r rune) rune {
		if allowed(r) {
			return r
		}
		return -1
	}, s)
}

// allowed is XML's Char without the carriage return. A surrogate never comes out of a Go string.
func allowed(r rune) bool {
	return r >= 0x20 && r <= utf8.RuneError || r >= 0x10000 || r == '\t' || r == '\n'
}

// spotless says that there is nothing to scrub, which is so of nearly every text.
func spotless(s string) bool {
	for len(s) > 0 {
		if len(s) >= 8 && printable(s[:8]) {
			s = s[8:]
			continue
		}
		r, size := rune(s[0]), 1
		if r >= utf8.RuneSelf {
			if r, size = utf8.DecodeRuneInString(s); size == 1 {
				return false
			}
		}
		if !allowed(r) {
			return false
		}
		s = s[size:]
	}
	return true
}

// printable says, at once, that all of eight bytes are characters of ASCII from the space on.
func printable(s string) bool {
	const each = 0x0101010101010101
	n := uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 | uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
	return (n|(n-each*' '))&(each*0x80) == 0
}

// line is a text as one line: a headline, a name, a label.
func line(s string) string {
	if tidy(s) {
		return s
	}
	return strings.Join(strings.Fields(scrub(s)), " ")
}

// tidy says that a text in ASCII is one line already.
func tidy(s string) bool {
	before := byte(' ')
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' || s[i] == ' ' && before == ' ' {
			return false
		}
		before = s[i]
	}
	return before != ' ' || s == ""
}

// lines are texts as lines, without the empty ones.
func lines(texts []string) []string {
	var out []string
	for _, t := range texts {
		if t = line(t); t != "" {
			out = append(out, t)
		}
	}
	return out
}

var htmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// escape makes HTML of plain text. Quotes stay: it is for text between tags only.
func escape(s string) string { return htmlEscaper.Replace(s) }

// paragraphs makes HTML of plain text with a blank line between paragraphs.
func paragraphs(text string) string {
	var b strings.Builder
	for p := range strings.SplitSeq(text, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			b.WriteString("<p>" + strings.ReplaceAll(escape(p), "\n", "<br/>") + "</p>")
		}
	}
	return b.String()
}

// firstParagraph is the first paragraph of a plain text, as one line.
func firstParagraph(text string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(text), "\n\n")
	return line(first)
}

// shorten cuts a line to at most n characters, at a space where there is one in its second half.
func shorten(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	cut := string([]rune(s)[:n-1])
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 {
		cut = cut[:i]
	}
	return cut + "…"
}

// WebAddress is s when it is an absolute http or https address, written in ASCII so that it can stand in any format
// and in a header; else "".
func WebAddress(s string) string {
	u, err := url.Parse(strings.TrimSpace(s))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return ""
	}
	s = u.String()
	for i := range len(s) {
		if s[i] <= ' ' || s[i] >= 0x7f || strings.IndexByte("<>\"{}|\\^`", s[i]) >= 0 {
			return ""
		}
	}
	return s
}

// languageTag is s when it has the form of a BCP 47 tag, else "und": a reader's schema refuses any other.
func languageTag(s string) string {
	for i, part := range strings.Split(s, "-") {
		if len(part) < 1 || len(part) > 8 {
			return "und"
		}
		for j := range len(part) {
			c := part[j] | 0x20
			if (c < 'a' || c > 'z') && (i == 0 || part[j] < '0' || part[j] > '9') {
				return "und"
			}
		}
	}
	return s
}

// mediaType is s when it has the form of a media type, else "".
func mediaType(s string) string {
	main, sub, ok := strings.Cut(s, "/")
	if !ok || main == "" || sub == "" || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return ""
	}
	return s
}

// rfc822 is a time as RSS wants it: RFC 822 with a year of four digits, in GMT.
func rfc822(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("Mon, 02 Jan 2006 15:04:05 GMT")
}

// rfc3339 is a time as Atom and JSON Feed want it, to the millisecond: two versions within one second differ.
func rfc3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.999Z07:00")
}
