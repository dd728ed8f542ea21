// Package decode turns copy, in whatever format it came, into the story record: it finds out the format and the
// charset, keeps the bounds, and applies alike to all formats what the message's headers and the provider's profile say.
//
// Decode is a pure function of the copy: the same copy gives the same records. It may be called from any number of
// goroutines.
package decode

import (
	"cmp"
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/anpa"
	"kawat/internal/wire/copytext"
	"kawat/internal/wire/iptc7901"
	"kawat/internal/wire/mail"
	"kawat/internal/wire/newsml1"
	"kawat/internal/wire/newsmlg2"
	"kawat/internal/wire/ninjs"
	"kawat/internal/wire/nitf"
	"kawat/internal/wire/webfeed"
)

// MaxSize is the most bytes that a message may have, unless the profile says another number.
const MaxSize = 4 << 20

// Decode gives the stories in a message, each complete, and a refusal for each item in it that cannot become one. A
// message that cannot be read at all is one refusal. There is always at least one of the two.
//
// c.Profile must be set; see Profile. Neither c nor what it points to is changed or kept.
func Decode(c *wire.Copy) (stories []*wire.Story, refusals []*wire.Refusal) {
	most := cmp.Or(c.Profile.MaxBytes, MaxSize)
	if int64(len(c.Data)) > most {
		return nil, one(wire.Refuse(wire.TooLarge, "The message has %d bytes, more than the %d that are taken: send the story in parts, or its pictures by their address.",
			len(c.Data), most))
	}
	read, refusals := open(c)
	if len(read) > 1 && (c.Headers.StoryID != "" || c.Headers.Headline != "" || c.Headers.TranslationOf != "") {
		return nil, one(wire.Refuse(wire.BadHeader, "The headers name one story, but the message has %d: send each by itself, or leave the headers out.", len(read)))
	}
	digest := c.Digest()
	for _, s := range read {
		s.Received.Digest = digest
		if err := finish(c, s); err != nil {
			refusals = append(refusals, wire.AsRefusal(err))
			continue
		}
		stories = append(stories, s)
	}
	return stories, refusals
}

// open reads a message: a mail by its parts, everything else as it is.
func open(c *wire.Copy) (stories []*wire.Story, refusals []*wire.Refusal) {
	if !mail.Detect(c.Data) {
		return readCopy(c)
	}
	m, err := mail.Open(c, c.Data)
	if err != nil {
		return nil, one(wire.AsRefusal(err))
	}
	for _, part := range m.Parts {
		inner := *c
		inner.Data, inner.ContentType = part.Data, part.ContentType
		found, refused := readCopy(&inner)
		for _, s := range found {
			m.Fill(s, c.Profile)
		}
		for _, r := range refused {
			if part.File != "" && len(m.Parts) > 1 {
				r = wire.Refuse(r.Code, "Attachment %.100q: %s", part.File, r.Sentence)
			}
			refusals = append(refusals, r)
		}
		stories = append(stories, found...)
	}
	return stories, refusals
}

// readCopy finds out what copy is, brings it into UTF-8 and has it read by its format.
func readCopy(c *wire.Copy) ([]*wire.Story, []*wire.Refusal) {
	text, is, notes, err := inUTF8(c)
	if err != nil {
		return nil, one(wire.AsRefusal(err))
	}
	stories, format, refusals := read(c, is, text)
	for _, s := range stories {
		s.Received.Format = format
		s.Evidence = append(s.Evidence, notes...)
	}
	return stories, refusals
}

// read has copy in UTF-8 read by its format.
func read(c *wire.Copy, is kind, text []byte) (stories []*wire.Story, format string, refusals []*wire.Refusal) {
	parse := unknown
	switch is {
	case xmlKind:
		format, parse = xmlFormat(text)
	case jsonKind:
		format, parse = jsonFormat(text)
	case anpaKind:
		format, parse = formatANPA, anpa.Parse
	case iptcKind:
		format, parse = formatIPTC7901, iptc7901.Parse
	case plainKind:
		format, parse = formatText, readText
	}
	stories, refusals = parse(c, text)
	return stories, format, refusals
}

// parser reads a message: a story for each item, a refusal for each that cannot become one.
type parser func(c *wire.Copy, text []byte) ([]*wire.Story, []*wire.Refusal)

// readable is what a desk may send instead of what is not read.
const readable = "send ninjs, NewsML-G2, NewsML 1.x, NITF, ANPA 1312, IPTC 7901, RSS, Atom, JSON Feed or plain text"

func unknown(*wire.Copy, []byte) ([]*wire.Story, []*wire.Refusal) {
	return nil, one(wire.Refuse(wire.UnknownFormat, "The message is no text in any format that is read here: %s.", readable))
}

// xmlFormat tells what an XML document is by its root.
func xmlFormat(text []byte) (string, parser) {
	switch root := rootName(text); root {
	case "newsItem", "newsMessage", "packageItem", "conceptItem", "knowledgeItem", "planningItem", "itemSet":
		return formatNewsMLG2, newsmlg2.Parse
	case "NewsML":
		return formatNewsML1, newsml1.Parse
	case "nitf":
		return formatNITF, func(c *wire.Copy, text []byte) ([]*wire.Story, []*wire.Refusal) { return single(nitf.Parse(c, text)) }
	case "rss", "RDF", "feed", "entry":
		return formatFeed, webfeed.Parse
	case "":
		return "", func(*wire.Copy, []byte) ([]*wire.Story, []*wire.Refusal) {
			return nil, one(wire.Refuse(wire.NotWellFormed, "The XML breaks off before its first element: the file is not whole, send it again."))
		}
	default:
		return "", func(*wire.Copy, []byte) ([]*wire.Story, []*wire.Refusal) {
			return nil, one(wire.Refuse(wire.UnknownFormat, "The message is XML, but of a kind that is not read here (its root is %.60q): %s.", root, readable))
		}
	}
}

// jsonFormat tells what JSON is by the names at its top.
func jsonFormat(text []byte) (string, parser) {
	switch {
	case webfeed.DetectJSON(text):
		return formatFeed, webfeed.Parse
	case ninjs.Detect(text):
		return formatNINJS, ninjs.Parse
	}
	return "", func(*wire.Copy, []byte) ([]*wire.Story, []*wire.Refusal) {
		return nil, one(wire.Refuse(wire.UnknownFormat, "The message is JSON, but neither ninjs nor a JSON Feed: %s.", readable))
	}
}

func readText(c *wire.Copy, text []byte) ([]*wire.Story, []*wire.Refusal) {
	return single(copytext.Parse(c, string(text)))
}

func single(s *wire.Story, err error) ([]*wire.Story, []*wire.Refusal) {
	if err != nil {
		return nil, one(wire.AsRefusal(err))
	}
	return []*wire.Story{s}, nil
}

func one(r *wire.Refusal) []*wire.Refusal {
	r.Sentence = strings.ToUpper(r.Sentence[:1]) + r.Sentence[1:]
	return []*wire.Refusal{r}
}
