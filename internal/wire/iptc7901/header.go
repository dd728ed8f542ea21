package iptc7901

import (
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/markup"
)

// header is what stands before the text.
type header struct {
	source   string // "bdt"
	number   string // "0123"
	priority int    // 1 to 9, 0 where there is none
	category string // in small letters
	slugline string // the line of keywords as it stands
	keywords []string
}

func readHeader(text string) header {
	var h header
	first, rest, _ := strings.Cut(text, "\n")
	fields := strings.Fields(markup.Clean(first))
	if len(fields) > 0 {
		h.source = strings.TrimRight(fields[0], "0123456789")
		h.number = fields[0][len(h.source):]
		fields = fields[1:]
		if h.number == "" && len(fields) > 2 && isNumber(fields[0]) && len(fields[0]) > 1 { // "ats 0123 4 pol"
			h.number, fields = fields[0], fields[1:]
		}
		if strings.ContainsFunc(h.source, notLetter) {
			h.source, h.number = "", ""
		}
	}
	if len(fields) > 0 && len(fields[0]) == 1 && fields[0][0] >= '1' && fields[0][0] <= '9' {
		h.priority, fields = int(fields[0][0]-'0'), fields[1:]
		if len(fields) > 0 && len(fields[0]) <= 4 && !strings.ContainsFunc(fields[0], notLetter) {
			h.category = strings.ToLower(fields[0])
		}
	}
	var lines []string
	for line := range strings.Lines(rest) {
		if line = markup.Clean(line); line != "" {
			lines = append(lines, line)
		}
	}
	h.slugline = strings.Trim(strings.Join(lines, " "), "/ ")
	for word := range strings.SplitSeq(h.slugline, "/") {
		if word = strings.TrimSpace(word); word != "" {
			h.keywords = append(h.keywords, word)
		}
	}
	return h
}

func notLetter(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z') }

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// unnumbered says whether messages do not count: a number of zeros is the same for all of them.
func (h *header) unnumbered() bool { return strings.Trim(h.number, "0") == "" }

// categories are the categories of German and French agencies that say what a story is about, as IPTC media topics; the
// others say where it is from or what it is for.
var categories = map[string]wire.Subject{
	"ku": arts, "kul": arts, "cul": arts,
	"wi": economy, "wir": economy, "eco": economy,
	"pl": politics, "pol": politics,
	"sp": sport, "spo": sport,
}

var (
	arts     = wire.Subject{Code: "medtop:01000000", Name: "arts, culture, entertainment and media"}
	economy  = wire.Subject{Code: "medtop:04000000", Name: "economy, business and finance"}
	politics = wire.Subject{Code: "medtop:11000000", Name: "politics and government"}
	sport    = wire.Subject{Code: "medtop:15000000", Name: "sport"}
)
