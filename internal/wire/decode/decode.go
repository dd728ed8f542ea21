// Package decode turns copy, in whatever format it came, into the story record: it finds out the format and the
// charset, keeps the bounds, and applies alike to all formats what the message's headers and the provider's profile say.
//
// Decode is a pure function of the copy: the same copy gives the same records. It may be called from any number of
// goroutines.
package decode

import (
	"errors"
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/anpa"
	"kawat/internal/wire/copytext"
	"kawat/internal/wire/newsml1"
	"kawat/internal/wire/nitf"
)

// MaxSize is the most bytes that a message may have.
const MaxSize = 4 << 20

// Decode gives the stories in a message, each complete, and a refusal for each item in it that cannot become one. A
// message that cannot be read at all is one refusal. There is always at least one of the two.
//
// c.Profile must be set; see Profile. Neither c nor what it points to is changed or kept.
func Decode(c *wire.Copy) (stories []*wire.Story, refusals []*wire.Refusal) {
	if len(c.Data) > MaxSize {
		return nil, one(wire.Refuse(wire.TooLarge, "The message has %d bytes, more than the %d that are taken: send the story in parts, or its pictures by their address.",
			len(c.Data), MaxSize))
	}
	read, format, refusals := read(c)
	if len(read) > 1 && (c.Headers.StoryID != "" || c.Headers.Headline != "" || c.Headers.TranslationOf != "") {
		return nil, one(wire.Refuse(wire.BadHeader, "The headers name one story, but the message has %d: send each by itself, or leave the headers out.", len(read)))
	}
	digest := c.Digest()
	for _, s := range read {
		s.Received.Format, s.Received.Digest = format, digest
		if err := finish(c, s); err != nil {
			refusals = append(refusals, asRefusal(err))
			continue
		}
		stories = append(stories, s)
	}
	return stories, refusals
}

// read finds out what the copy is and has its format read it.
func read(c *wire.Copy) (stories []*wire.Story, format string, refusals []*wire.Refusal) {
	text, marked, err := byteOrderMark(c.Data)
	if err != nil {
		return nil, "", one(asRefusal(err))
	}
	kind := sniff(text)
	if !marked { // with a byte-order mark it is in UTF-8 by now
		switch kind {
		case xmlKind:
			text, err = xmlText(text, c.Profile)
		case anpaKind:
			text, err = latinText(text, c.Profile)
		case plainKind:
			text, err = plainText(text, c)
		}
		if err != nil {
			return nil, "", one(asRefusal(err))
		}
	}
	switch kind {
	case xmlKind:
		return readXML(c, text)
	case anpaKind:
		s, err := anpa.Parse(c, text)
		return single(s, formatANPA, err)
	case jsonKind:
		return nil, "", one(wire.Refuse(wire.UnknownFormat, "The message is JSON, which is not read here yet: send NewsML, NITF, ANPA or plain text."))
	case wireKind, binaryKind:
		return nil, "", one(wire.Refuse(wire.UnknownFormat, "The message is no text in any format that is read here: send NewsML, NITF, ANPA or plain text."))
	}
	s, err := copytext.Parse(c, string(text))
	return single(s, formatText, err)
}

// readXML has an XML document read by what its root is.
func readXML(c *wire.Copy, text []byte) ([]*wire.Story, string, []*wire.Refusal) {
	switch root := rootName(text); root {
	case "NewsML":
		stories, refusals := newsml1.Parse(c, text)
		return stories, formatNewsML1, refusals
	case "nitf":
		s, err := nitf.Parse(c, text)
		return single(s, formatNITF, err)
	case "":
		return nil, "", one(wire.Refuse(wire.NotWellFormed, "The XML breaks off before its first element: the file is not whole, send it again."))
	default:
		return nil, "", one(wire.Refuse(wire.UnknownFormat, "The message is XML, but of a kind that is not read here (its root is %.60q): send NewsML 1.x or NITF.", root))
	}
}

func single(s *wire.Story, format string, err error) ([]*wire.Story, string, []*wire.Refusal) {
	if err != nil {
		return nil, format, one(asRefusal(err))
	}
	return []*wire.Story{s}, format, nil
}

func one(r *wire.Refusal) []*wire.Refusal {
	r.Sentence = strings.ToUpper(r.Sentence[:1]) + r.Sentence[1:]
	return []*wire.Refusal{r}
}

func asRefusal(err error) *wire.Refusal {
	var r *wire.Refusal
	if !errors.As(err, &r) {
		r = wire.Refuse(wire.NotWellFormed, "The copy cannot be read: %v.", err)
	}
	return r
}
