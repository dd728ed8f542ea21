// Package anpa reads ANPA 1312, the wire format of North American newspapers, as Kyodo and others send it.
//
// A message is
//
//	SYN SYN SOH a0105KYODO US koko- CR LF
//	u s DC4 DC2 BC-Soccer-Cup   09-12 0344 CR LF
//	STX keyword, headline, paragraphs ETX trailer EOT
//
// The SYNs may be missing. The second line is priority, category, format codes, keyword, date and number of words.
package anpa

import (
	"strings"
	"time"

	"kawat/internal/wire"
	"kawat/internal/wire/credit"
	"kawat/internal/wire/markup"
)

// Control codes of ANPA 1312 that part a message.
const (
	soh = 0x01 // begins the header
	stx = 0x02 // begins the text
	etx = 0x03 // ends the text
	eot = 0x04 // ends the message
	us  = 0x1f // before the selector
)

// Detect says whether data begins as an ANPA message does. An IPTC 7901 message begins with the same control code, but
// its header has neither a selector nor format codes.
func Detect(data []byte) bool {
	head := string(data[:min(len(data), 256)])
	head = strings.TrimLeft(head, "\x16\x00 \r\n")
	if head == "" || head[0] != soh {
		return false
	}
	if end := strings.IndexByte(head, stx); end >= 0 {
		head = head[:end]
	}
	return strings.ContainsAny(head, "\x1f\x11\x12\x13\x14")
}

// Parse reads one ANPA message, its text in UTF-8. ANPA has no lasting identity: the story's id is made of service,
// number and date, so the same transmission is the same story, and the version stays 0. Errors are refusals.
func Parse(c *wire.Copy, data []byte) (*wire.Story, error) {
	m, err := split(string(data))
	if err != nil {
		return nil, err
	}
	h := readHeader(m.header)
	s := &wire.Story{Urgency: urgencies[h.priority], Slugline: h.keyword}
	if subject, ok := categories[h.category]; ok {
		s.Subjects = []wire.Subject{subject}
	}
	if sent, ok := sentAt(m.trailer, c.Profile.Location); ok {
		s.Created, s.Revised = sent.UTC(), sent.UTC()
		if h.reference != "" {
			s.ID = "urn:kawat:" + c.Profile.Name + ":anpa:" + sent.Format("20060102") + ":" + h.reference
			s.AddEvidence("id", "derived:reference+date", h.reference+" "+markup.Clean(m.trailer))
		}
	}
	t := readText(m.text, h.keyword)
	s.Headline = t.headline
	if t.byline != "" {
		t.paragraphs = append([]string{t.byline}, t.paragraphs...)
	}
	if isKill(h.keyword) || isKill(t.headline) {
		if c.Headers.StoryID == "" {
			return nil, wire.Refuse(wire.NoIdentity, "The kill %.80q does not name the story that it kills by a lasting id: send it again with the header %s.",
				h.keyword, wire.HeaderStoryID)
		}
		s.Signal, s.Status = wire.Kill, wire.Canceled
		s.AddEvidence("signal", "keyword:kill", h.keyword)
	}
	language := s.Language
	s.Language = c.Profile.Language // which language's labels to look for
	s.Body = markup.Paragraphs(credit.Extract(s, t.paragraphs, c.Profile))
	s.Language = language
	return s, nil
}

// maxLines is how many bytes header and trailer may have; a line each is what they are.
const maxLines = 1000

// message is a message cut at its control codes.
type message struct {
	header, text, trailer string
}

func split(data string) (m message, err error) {
	var ok bool
	if _, data, ok = strings.Cut(data, string(rune(soh))); !ok {
		return m, wire.Refuse(wire.NotWellFormed, "The message has no SOH (hex 01): it is no ANPA 1312 message.")
	}
	if m.header, data, ok = strings.Cut(data, string(rune(stx))); !ok {
		return m, wire.Refuse(wire.NotWellFormed, "The message has no STX (hex 02) after its header: it is not whole, send it again.")
	}
	if m.text, data, ok = strings.Cut(data, string(rune(etx))); !ok {
		line := 1 + strings.Count(m.header, "\n") + strings.Count(m.text, "\n") + strings.Count(data, "\n")
		return m, wire.Refuse(wire.NotWellFormed, "The message breaks off on line %d, before ETX (hex 03): it is not whole, send it again.", line)
	}
	m.trailer, data, _ = strings.Cut(data, string(rune(eot)))
	if len(m.header) > maxLines || len(m.trailer) > maxLines {
		return m, wire.Refuse(wire.NotWellFormed, "The header or the trailer is longer than %d bytes: that is no ANPA 1312 message.", maxLines)
	}
	if strings.ContainsRune(m.header+m.text+data, soh) {
		return m, wire.Refuse(wire.NotWellFormed, "A second message begins within or after the first: send one at a time.")
	}
	return m, nil
}

// header is what the two lines before the text say.
type header struct {
	reference string // service, number and source: "a0105KYODO"
	priority  byte
	category  byte
	keyword   string
}

func readHeader(text string) header {
	var h header
	first, second, _ := strings.Cut(text, "\n")
	reference, _, _ := strings.Cut(first, string(rune(us)))
	h.reference = strings.Join(strings.FieldsFunc(markup.Clean(reference), notReference), "")
	fields := strings.Fields(markup.Clean(strings.Map(codeToSpace, second)))
	if len(fields) >= 2 && len(fields[0]) == 1 && len(fields[1]) == 1 {
		h.priority, h.category = lower(fields[0][0]), lower(fields[1][0])
		fields = fields[2:]
	}
	// Behind the keyword stand the date and the number of words.
	if n := len(fields); n > 0 && isNumber(fields[n-1]) {
		fields = fields[:n-1]
	}
	if n := len(fields); n > 0 && len(fields[n-1]) == 5 && fields[n-1][2] == '-' && isNumber(fields[n-1][:2]) && isNumber(fields[n-1][3:]) {
		fields = fields[:n-1]
	}
	h.keyword = strings.Join(fields, " ")
	return h
}

// notReference keeps an id to letters, digits and signs that need no escape in a URN.
func notReference(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
}

// codeToSpace takes format codes and the space band (DLE) for spaces, but leaves what ends lines.
func codeToSpace(r rune) rune {
	if r < ' ' && r != '\n' && r != '\t' {
		return ' '
	}
	return r
}

func isNumber(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// urgencies are ANPA's priorities on IPTC's scale: flash, bulletin, urgent, regular, deferred, and the advances for a
// weekday (a) and for the weekend (s), which can wait longest.
var urgencies = map[byte]int{'f': 1, 'b': 2, 'u': 3, 'r': 4, 'd': 6, 'a': 7, 's': 8}

// categories are the ANPA categories that say what a story is about, as IPTC media topics; the others say where it is
// from or what it is for.
var categories = map[byte]wire.Subject{
	'e': {Code: "medtop:01000000", Name: "arts, culture, entertainment and media"},
	'f': {Code: "medtop:04000000", Name: "economy, business and finance"},
	'p': {Code: "medtop:11000000", Name: "politics and government"},
	's': {Code: "medtop:15000000", Name: "sport"},
	'q': {Code: "medtop:15000000", Name: "sport"},
	'o': {Code: "medtop:17000000", Name: "weather"},
}

// sentAt reads the time in a trailer. Kyodo's is sender, time, day, month, year in the profile's zone
// ("KWS-21:37-09-12-18"), AP's is sender, month, day, year, time and zone ("AP-NY-12-09-18 0737EST").
func sentAt(trailer string, zone *time.Location) (time.Time, bool) {
	if zone == nil {
		zone = time.UTC
	}
	trailer = markup.Clean(trailer)
	for i := range len(trailer) {
		if trailer[i] != '-' {
			continue
		}
		if t, err := time.ParseInLocation("15:04-02-01-06", head(trailer[i+1:], 14), zone); err == nil {
			return t, true
		}
		rest := trailer[i+1:]
		if t, err := time.Parse("01-02-06 1504", head(rest, 13)); err == nil {
			offset, ok := zones[strings.TrimSpace(rest[13:])]
			if !ok {
				return time.Time{}, false
			}
			in := time.FixedZone("", offset*3600)
			return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, in), true
		}
	}
	return time.Time{}, false
}

// zones are the names of zones in AP's trailers, in hours from UTC.
var zones = map[string]int{"GMT": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}

func head(s string, n int) string { return s[:min(n, len(s))] }

// isKill finds the words that head a kill. They are believed in capitals only: a slug may be of a killing.
func isKill(s string) bool {
	return strings.Contains(s, "BULLETIN KILL") || strings.Contains(s, "MANDATORY KILL")
}
