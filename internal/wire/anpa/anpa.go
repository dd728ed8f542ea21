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
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/running"
	"kawat/internal/wire/transmission"
)

// Detect says whether data begins as an ANPA message does. An IPTC 7901 message begins with the same control code, but
// its header has neither a selector nor format codes.
func Detect(data []byte) bool {
	head := string(data[:min(len(data), 256)])
	head = strings.TrimLeft(head, transmission.Filler)
	if !strings.HasPrefix(head, transmission.SOH) {
		return false
	}
	if end := strings.Index(head, transmission.STX); end >= 0 {
		head = head[:end]
	}
	return strings.ContainsAny(head, "\x1f\x11\x12\x13\x14")
}

// Parse reads the ANPA messages in data, which is in UTF-8: a story for each, or a refusal. What a message does not say
// stays empty.
//
// ANPA has no lasting identity: a story's id is made of service, number and date of its first take. A lead, an add, a
// correction or a kill that names the number of the first take has that story's id; a kill that names none, or leaves the
// day open, has an inferred id, with which it cannot be taken without the header that names its story.
func Parse(c *wire.Copy, data []byte) ([]*wire.Story, []*wire.Refusal) {
	return transmission.Read(data, "ANPA 1312", func(m transmission.Message) (*wire.Story, *wire.Refusal) { return read(c, m) })
}

// read reads one message.
func read(c *wire.Copy, m transmission.Message) (*wire.Story, *wire.Refusal) {
	h := readHeader(m.Header)
	t := readText(m.Text, h.keyword)
	trailer := strings.Trim(m.Trailer, transmission.Filler+"\t<")
	if trailer == "" {
		trailer = t.trailer
	}
	k := readTake(&h, &t)
	sent := sentAt(trailer, c.Profile.Location)
	s := &wire.Story{Urgency: urgencies[h.priority], Slugline: h.keyword, Headline: t.headline, Summary: strings.Join(t.summary, " ")}
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
	if refused := identify(s, c, &h, &k, sent, trailer); refused != nil {
		return nil, refused
	}
	release(s, c, &h, &k, &t, sent)
	t.annotate(s)
	running.SetBody(s, c, t.blocks)
	return s, nil
}
