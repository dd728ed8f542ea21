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
	"bytes"
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/dates"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/running"
	"kawat/internal/wire/transmission"
)

// Detect says whether data begins as an IPTC 7901 message does: with SOH and a line of source and number, priority and
// category. An ANPA message begins with the same control code, but has a selector or format codes in its header.
func Detect(data []byte) bool {
	begin := bytes.TrimLeft(data[:min(len(data), 512)], transmission.Filler)
	if !bytes.HasPrefix(begin, []byte(transmission.SOH)) {
		return false
	}
	head := string(begin)
	if end := strings.Index(head, transmission.STX); end >= 0 {
		head = head[:end]
	}
	if strings.ContainsAny(head, "\x1f\x11\x12\x13\x14") {
		return false
	}
	h := readHeader(strings.TrimLeft(head, transmission.Filler+transmission.SOH))
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
	return transmission.Read(data, "IPTC 7901", func(m transmission.Message) (*wire.Story, *wire.Refusal) { return read(c, m) })
}

// read reads one message.
func read(c *wire.Copy, m transmission.Message) (*wire.Story, *wire.Refusal) {
	h := readHeader(m.Header)
	t := readText(m.Text, c.Profile)
	s := &wire.Story{
		Urgency: h.priority, Slugline: h.slugline, Keywords: h.keywords, Headline: t.headline, Summary: t.summary, Genre: t.genre,
	}
	if subject, ok := categories[h.category]; ok {
		s.Subjects = []wire.Subject{subject}
	}
	trailer := markup.Clean(m.Trailer)
	if trailer == "" {
		trailer = t.sent
	}
	s.Created = dates.Read(s, "created", trailer, c.Profile.Location)
	s.Revised = s.Created
	sent := sentAt(trailer, s.Created, c.Profile.Location)
	if refused := identify(s, c, &h, &t, sent); refused != nil {
		return nil, refused
	}
	t.annotate(s)
	embargo(s, c, t.embargo, sent)
	running.SetBody(s, c, t.blocks)
	return s, nil
}
