// Package anpa reads ANPA 1312, the wire format of North American newspapers, as AP, Kyodo and others send it.
//
// A message is
//
//	SYN SYN SOH a0105 US ap--- CR LF
//	u s DC4 DC2 BC-Soccer-Cup   09-12 0344 CR LF
//	STX keyword, headline, paragraphs ETX trailer EOT
//
// The SYNs may be missing. The second line is priority, category, format codes, keyword, date and number of words. A
// transmission may have several messages.
package anpa

import (
	"fmt"
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/running"
)

// Control codes of ANPA 1312 that part a message.
const (
	soh = "\x01" // begins the header
	stx = "\x02" // begins the text
	etx = "\x03" // ends the text
	eot = "\x04" // ends the message
	us  = "\x1f" // before the selector
)

// maxMessages is how many messages a transmission may have.
const maxMessages = 1000

// Detect says whether data begins as an ANPA message does. An IPTC 7901 message begins with the same control code, but
// its header has neither a selector nor format codes.
func Detect(data []byte) bool {
	head := string(data[:min(len(data), 256)])
	head = strings.TrimLeft(head, filler)
	if head == "" || head[:1] != soh {
		return false
	}
	if end := strings.Index(head, stx); end >= 0 {
		head = head[:end]
	}
	return strings.ContainsAny(head, "\x1f\x11\x12\x13\x14")
}

// filler is what fills the line before, between and behind messages.
const filler = "\x16\x00\x7f \r\n"

// Parse reads the ANPA messages in data, which is in UTF-8: a story for each, or a refusal. What a message does not say
// stays empty.
//
// ANPA has no lasting identity: a story's id is made of service, number and date of its first take. A lead, an add, a
// correction or a kill that names the number of the first take has that story's id; a kill that names none, or leaves the
// day open, has an inferred id, with which it cannot be taken without the header that names its story.
func Parse(c *wire.Copy, data []byte) ([]*wire.Story, []*wire.Refusal) {
	before, rest, ok := strings.Cut(string(data), soh)
	if !ok {
		return nil, []*wire.Refusal{wire.Refuse(wire.NotWellFormed, "The message has no SOH (hex 01): it is no ANPA 1312 message.")}
	}
	several := strings.Count(rest, soh) + 1
	if several > maxMessages {
		return nil, []*wire.Refusal{wire.Refuse(wire.TooLarge, "The transmission has %d messages, more than the %d that are taken: send fewer at a time.", several, maxMessages)}
	}
	var stories []*wire.Story
	var refusals []*wire.Refusal
	if stray := strings.Trim(before, filler); stray != "" {
		refusals = append(refusals, wire.Refuse(wire.NotWellFormed, "Before the first message stands text that is in none (%.40q): send it as a message.", stray))
	}
	for n := 1; n <= several; n++ {
		var one string
		one, rest, _ = strings.Cut(rest, soh)
		s, stray, refused := read(c, one)
		if s != nil {
			stories = append(stories, s)
		}
		refuse := func(r *wire.Refusal) {
			if several > 1 {
				r.Sentence = fmt.Sprintf("Message %d: %s", n, r.Sentence)
			}
			refusals = append(refusals, r)
		}
		if refused != nil {
			refuse(refused)
		}
		if stray != "" {
			refuse(wire.Refuse(wire.NotWellFormed, "Behind its end stands text that is in no message (%.40q): send it as a message.", stray))
		}
	}
	return stories, refusals
}

// read reads one message, from behind its SOH; stray is what stands behind its end and in no message.
func read(c *wire.Copy, message string) (s *wire.Story, stray string, refused *wire.Refusal) {
	m, refused := split(message)
	if refused != nil {
		return nil, "", refused
	}
	h := readHeader(m.header)
	t := readText(m.text, h.keyword)
	if m.trailer == "" {
		m.trailer = t.trailer
	}
	k := readTake(&h, &t)
	sent := sentAt(m.trailer, c.Profile.Location)
	s = &wire.Story{Urgency: urgencies[h.priority], Slugline: h.keyword, Headline: t.headline, Summary: strings.Join(t.summary, " ")}
	if t.keyword != "" {
		s.Slugline = t.keyword
	}
	if s.Urgency == 0 {
		s.Urgency = k.urgency
	}
	if subject, ok := categories[h.category]; ok {
		s.Subjects = []wire.Subject{subject}
	}
	if !sent.IsZero() {
		s.Created, s.Revised = sent.UTC(), sent.UTC()
	}
	if refused := identify(s, c, &h, &k, sent, m.trailer); refused != nil {
		return nil, m.stray, refused
	}
	release(s, c, &h, &k, &t, sent)
	t.annotate(s)
	running.SetBody(s, c, t.blocks)
	return s, m.stray, nil
}

// maxLines is how many bytes header and trailer may have; a line each is what they are.
const maxLines = 1000

// maxTextLines is how many lines the text of a message may have; long tables have some thousands.
const maxTextLines = 50_000

// message is a message cut at its control codes.
type message struct {
	header, text, trailer, stray string
}

func split(data string) (m message, refused *wire.Refusal) {
	var ok bool
	if m.header, data, ok = strings.Cut(data, stx); !ok {
		return m, wire.Refuse(wire.NotWellFormed, "The message has no STX (hex 02) after its header: it is not whole, send it again.")
	}
	if m.text, data, ok = strings.Cut(data, etx); !ok {
		line := 1 + strings.Count(m.header, "\n") + strings.Count(m.text, "\n")
		return m, wire.Refuse(wire.NotWellFormed, "The message breaks off on line %d, before ETX (hex 03): it is not whole, send it again.", line)
	}
	if lines := strings.Count(m.text, "\n"); lines > maxTextLines {
		return m, wire.Refuse(wire.TooLarge, "The text has %d lines, more than the %d that are taken: send the story in parts.", lines, maxTextLines)
	}
	m.trailer, m.stray, _ = strings.Cut(data, eot)
	if len(m.header) > maxLines || len(m.trailer) > maxLines {
		return m, wire.Refuse(wire.NotWellFormed, "The header or the trailer is longer than %d bytes: that is no ANPA 1312 message.", maxLines)
	}
	m.trailer = strings.Trim(m.trailer, filler+"\t<")
	m.stray = strings.Trim(m.stray, filler+eot+"\t")
	return m, nil
}
