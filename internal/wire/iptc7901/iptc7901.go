// Package iptc7901 reads IPTC 7901, the wire format of European agencies (IPTC, The IPTC Recommended Message Format), as dpa,
// Keystone-ATS, APA, ANSA and others send it.
//
// A message is
//
//	SOH bdt0123 4 pl 110  dpa 0456 CR LF
//	CR LF keywords/parted/by strokes/ CR LF
//	STX headline =, paragraphs ETX 251037 Sep 24 CR LF EOT
//
// The first line is source and number, priority, category, number of words, service and its own number; behind ETX stand
// day, hour and minute, month and year. A transmission may have several messages.
package iptc7901

import (
	"fmt"
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/dates"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/running"
)

// Control codes of IPTC 7901 that part a message.
const (
	soh = "\x01" // begins the header
	stx = "\x02" // begins the text
	etx = "\x03" // ends the text
	eot = "\x04" // ends the message
)

// filler is what fills the line before, between and behind messages.
const filler = "\x16\x00\x7f \r\n"

// maxMessages is how many messages a transmission may have.
const maxMessages = 1000

// Detect says whether data begins as an IPTC 7901 message does: with SOH and a line of source and number, priority and
// category. An ANPA message begins with the same control code, but has a selector or format codes in its header.
func Detect(data []byte) bool {
	head := strings.TrimLeft(string(data[:min(len(data), 512)]), filler)
	if head == "" || head[:1] != soh {
		return false
	}
	if end := strings.Index(head, stx); end >= 0 {
		head = head[:end]
	}
	if strings.ContainsAny(head, "\x1f\x11\x12\x13\x14") {
		return false
	}
	h := readHeader(strings.TrimLeft(head, filler+soh))
	return h.source+h.number != "" && h.priority > 0 && h.category != ""
}

// Parse reads the IPTC 7901 messages in data, which is in UTF-8: a story for each, or a refusal. What a message does not
// say stays empty. Times without a zone are in the profile's.
//
// IPTC 7901 has no lasting identity: a story's id is made of source, number and date. A correction or a kill that names
// the number of its story has that story's id; a kill that names none has an inferred id, with which it cannot be
// taken without the header that names its story. Of messages that are not numbered (0000) the id is inferred from
// keywords and headline.
func Parse(c *wire.Copy, data []byte) ([]*wire.Story, []*wire.Refusal) {
	before, rest, ok := strings.Cut(string(data), soh)
	if !ok {
		return nil, []*wire.Refusal{wire.Refuse(wire.NotWellFormed, "The message has no SOH (hex 01): it is no IPTC 7901 message.")}
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
func read(c *wire.Copy, data string) (s *wire.Story, stray string, refused *wire.Refusal) {
	m, refused := split(data)
	if refused != nil {
		return nil, "", refused
	}
	h := readHeader(m.header)
	t := readText(m.text, c.Profile)
	s = &wire.Story{
		Urgency: h.priority, Slugline: h.slugline, Keywords: h.keywords, Headline: t.headline, Summary: t.summary, Genre: t.genre,
	}
	if subject, ok := categories[h.category]; ok {
		s.Subjects = []wire.Subject{subject}
	}
	if m.trailer == "" {
		m.trailer = t.sent
	}
	s.Created = dates.Read(s, "created", m.trailer, c.Profile.Location)
	s.Revised = s.Created
	sent := sentAt(m.trailer, s.Created, c.Profile.Location)
	if refused := identify(s, c, &h, &t, sent); refused != nil {
		return nil, m.stray, refused
	}
	t.annotate(s)
	embargo(s, c, t.embargo, sent)
	running.SetBody(s, c, t.blocks)
	return s, m.stray, nil
}

// maxLines is how many bytes header and trailer may have.
const maxLines = 2000

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
		return m, wire.Refuse(wire.NotWellFormed, "The header or the trailer is longer than %d bytes: that is no IPTC 7901 message.", maxLines)
	}
	m.trailer = markup.Clean(strings.Trim(m.trailer, filler+"\t"))
	m.stray = strings.Trim(m.stray, filler+eot+"\t")
	return m, nil
}
