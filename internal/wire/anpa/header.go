package anpa

import (
	"strings"
	"time"

	"kawat/internal/wire"
	"kawat/internal/wire/dates"
	"kawat/internal/wire/markup"
)

// header is what the two lines before the text say.
type header struct {
	reference string // service, number and source: "a0105KYODO"
	priority  byte
	category  byte
	keyword   string // with the words for the version, if there are any
}

func readHeader(text string) header {
	var h header
	first, second, _ := strings.Cut(text, "\n")
	reference, _, _ := strings.Cut(first, "\x1f") // US, before the selector
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

// sending is when a message was sent, as the sender's clock had it.
type sending struct {
	time.Time
	// zoned says that the trailer names a zone. Then the day of the trailer need not be the one by which the sender
	// counts its messages: AP counts by New York's, and its trailers are in GMT.
	zoned bool
}

// sentAt reads the time in a trailer: sender, time, day, month, year in the provider's zone as Kyodo has it
// ("KWS-21:37-09-12-18"), or sender, month, day, year, time and zone as AP has it ("AP-NY-12-09-18 0737EST"). It is the
// zero time where there is none.
func sentAt(trailer string, zone *time.Location) sending {
	if zone == nil {
		zone = time.UTC
	}
	trailer = strings.TrimRight(markup.Clean(trailer), "< ")
	at, ok := dates.Parse(trailer, zone)
	if !ok {
		return sending{}
	}
	// What the clock of the trailer's zone showed is the trailer's time taken without its zone.
	bare := strings.TrimRight(trailer, " ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	if bare == trailer || !isNumber(trailer[max(0, len(bare)-4):len(bare)]) {
		return sending{Time: at.In(zone)}
	}
	shown, ok := dates.Parse(bare, time.UTC)
	if !ok {
		return sending{Time: at.In(zone)}
	}
	return sending{Time: at.In(time.FixedZone("", int(shown.Sub(at).Seconds()))), zoned: true}
}
