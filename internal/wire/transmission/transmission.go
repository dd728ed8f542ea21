// Package transmission parts what comes over an agency's line into its messages. ANPA 1312 and IPTC 7901 frame them alike,
// with the control codes of ISO 646: SOH header STX text ETX trailer EOT, any number of them, with filler between.
package transmission

import (
	"fmt"
	"strings"

	"kawat/internal/wire"
)

// Control codes that part a message.
const (
	SOH = "\x01" // begins the header
	STX = "\x02" // begins the text
	ETX = "\x03" // ends the text
	EOT = "\x04" // ends the message
)

// Filler is what fills the line before, between and behind messages.
const Filler = "\x16\x00\x7f \r\n"

// Bounds of a transmission: its messages, the bytes of a header or a trailer, which are a line or two, and the lines of a
// text; long tables have some thousands.
const (
	maxMessages  = 1000
	maxHeader    = 2000
	maxTextLines = 50_000
)

// Message is a message cut at its control codes. The trailer is without the filler around it.
type Message struct {
	Header, Text, Trailer string
}

// Read parts data, which is in UTF-8, and has read make a story of each message. format is the format's name, for the desk.
// What cannot be read is a refusal, which says which message it is where there are several; so is text that stands in
// none, for nothing goes without a trace.
func Read(data []byte, format string, read func(Message) (*wire.Story, *wire.Refusal)) (stories []*wire.Story, refusals []*wire.Refusal) {
	before, rest, ok := strings.Cut(string(data), SOH)
	if !ok {
		return nil, []*wire.Refusal{wire.Refuse(wire.NotWellFormed, "The message has no SOH (hex 01): it is no %s message.", format)}
	}
	several := strings.Count(rest, SOH) + 1
	if several > maxMessages {
		return nil, []*wire.Refusal{wire.Refuse(wire.TooLarge, "The transmission has %d messages, more than the %d that are taken: send fewer at a time.", several, maxMessages)}
	}
	if stray := strings.Trim(before, Filler); stray != "" {
		refusals = append(refusals, wire.Refuse(wire.NotWellFormed, "Before the first message stands text that is in none (%.40q): send it as a message.", stray))
	}
	for n := 1; n <= several; n++ {
		refuse := func(r *wire.Refusal) {
			if several > 1 {
				r.Sentence = fmt.Sprintf("Message %d: %s", n, r.Sentence)
			}
			refusals = append(refusals, r)
		}
		var one string
		one, rest, _ = strings.Cut(rest, SOH)
		m, stray, refused := split(one, format)
		var s *wire.Story
		if refused == nil {
			s, refused = read(m)
		}
		if refused != nil {
			refuse(refused)
		} else {
			stories = append(stories, s)
		}
		if stray != "" {
			refuse(wire.Refuse(wire.NotWellFormed, "Behind its end stands text that is in no message (%.40q): send it as a message.", stray))
		}
	}
	return stories, refusals
}

// split cuts one message, from behind its SOH; stray is what stands behind its end and in no message.
func split(data, format string) (m Message, stray string, refused *wire.Refusal) {
	var ok bool
	if m.Header, data, ok = strings.Cut(data, STX); !ok {
		return m, "", wire.Refuse(wire.NotWellFormed, "The message has no STX (hex 02) after its header: it is not whole, send it again.")
	}
	if m.Text, data, ok = strings.Cut(data, ETX); !ok {
		line := 1 + strings.Count(m.Header, "\n") + strings.Count(m.Text, "\n")
		return m, "", wire.Refuse(wire.NotWellFormed, "The message breaks off on line %d, before ETX (hex 03): it is not whole, send it again.", line)
	}
	if lines := strings.Count(m.Text, "\n"); lines > maxTextLines {
		return m, "", wire.Refuse(wire.TooLarge, "The text has %d lines, more than the %d that are taken: send the story in parts.", lines, maxTextLines)
	}
	m.Trailer, stray, _ = strings.Cut(data, EOT)
	if len(m.Header) > maxHeader || len(m.Trailer) > maxHeader {
		return m, "", wire.Refuse(wire.NotWellFormed, "The header or the trailer is longer than %d bytes: that is no %s message.", maxHeader, format)
	}
	m.Trailer = strings.Trim(m.Trailer, Filler+"\t")
	return m, strings.Trim(stray, Filler+EOT+"\t"), nil
}
