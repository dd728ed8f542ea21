package mail

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"path"
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/charset"
	"kawat/internal/wire/credit"
	"kawat/internal/wire/markup"
)

// Bounds of a mail.
const (
	maxDepth = 10
	maxParts = 100
)

// Open finds the copy in a mail. Attachments in a news format are the copy where there are any, else attached text, else
// the mail's own text, its HTML only where it has no plain one; HTML comes as plain text in UTF-8. Signatures, quoted
// mails and the footers of mail systems are taken off the mail's own text.
//
// Of c its profile is used, for text of which the mail does not say the charset. Refusals are a mail without copy, one that
// takes back a story and has several, one that breaks off, and one beyond the bounds (10 multiparts deep, 100 parts).
func Open(c *wire.Copy, data []byte) (*Message, error) {
	w := walk{message: new(Message), profile: c.Profile}
	raw, err := mail.ReadMessage(bytes.NewReader(afterFrom(data)))
	if err != nil {
		return nil, broken("its header", err)
	}
	m := w.message
	m.Subject = subject(raw.Header.Get("Subject"))
	m.ID = markup.Clean(strings.Trim(strings.TrimSpace(raw.Header.Get("Message-Id")), "<>"))
	m.Date = markup.Clean(raw.Header.Get("Date"))
	if err := w.part(header(raw.Header), raw.Body, 0); err != nil {
		return nil, err
	}
	for _, found := range [][]Part{w.formats, w.texts, w.bodies, w.pages} {
		if m.Parts = found; len(found) > 0 {
			break
		}
	}
	if len(m.Parts) == 0 {
		return nil, wire.Refuse(wire.NoText, "The mail has no copy in it, neither as its text nor attached in a format that is read here: send it again with the story.")
	}
	switch credit.Lifecycle(m.Subject, "", "", "").Kind {
	case credit.Kill, credit.Withdrawn, credit.Withhold:
		if len(m.Parts) > 1 && m.Parts[0].File != "" {
			return nil, wire.Refuse(wire.NoIdentity, "The subject %.80q takes a story back, but the mail has %d attached: send the one that is meant by itself, so that no other story is killed.", m.Subject, len(m.Parts))
		}
	}
	if m.Parts[0].File != "" {
		for _, p := range append(w.bodies, w.pages...) {
			m.note("covering", string(p.Data))
		}
	} else {
		m.Parts = m.Parts[:1] // what mail systems put behind it is no copy
	}
	return m, nil
}

// walk collects the parts of a mail by what they may be.
type walk struct {
	message                       *Message
	profile                       *wire.Profile
	formats, texts, bodies, pages []Part
	parts                         int
}

// header is that of a mail or of a part.
type header map[string][]string

func (h header) get(name string) string {
	if v := h[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// part takes a part, and the parts within it.
func (w *walk) part(h header, body io.Reader, depth int) error {
	if w.parts++; w.parts > maxParts || depth > maxDepth {
		return wire.Refuse(wire.TooLarge, "The mail has more than %d parts, or parts more than %d deep in each other: send the copy without them.", maxParts, maxDepth)
	}
	kind, parameters, err := mime.ParseMediaType(h.get("Content-Type"))
	if err != nil && kind == "" || !strings.Contains(kind, "/") {
		kind, parameters = "text/plain", nil // RFC 2045, 5.2
	}
	if strings.HasPrefix(kind, "multipart/") && parameters["boundary"] != "" {
		return w.multipart(kind, multipart.NewReader(body, parameters["boundary"]), depth)
	}
	data, err := decoded(body, h.get("Content-Transfer-Encoding"))
	if err != nil {
		return broken("a part of it ("+markup.Clean(kind)+")", err)
	}
	if kind == "message/rfc822" {
		raw, err := mail.ReadMessage(bytes.NewReader(data))
		if err != nil {
			return broken("a mail within it", err)
		}
		return w.part(header(raw.Header), raw.Body, depth+1)
	}
	p := Part{ContentType: h.get("Content-Type"), Data: data, File: fileName(h, parameters)}
	if len(bytes.TrimSpace(data)) == 0 {
		return nil
	}
	switch {
	case isFormat(kind, p.File, data):
		w.formats = append(w.formats, named(p))
	case (kind == "text/plain" || kind == "text/html") && p.File != "":
		w.texts = append(w.texts, p)
	case kind == "text/plain" || kind == "text/html":
		w.own(p, kind, parameters)
	default:
		w.message.note("attachment", p.File+" "+kind)
	}
	return nil
}

// own takes the mail's own text.
func (w *walk) own(p Part, kind string, parameters map[string]string) {
	text, found, err := charset.Text(p.Data,
		charset.Claim{Charset: parameters["charset"], Because: "the mail says so", Assumed: parameters["charset"] == ""},
		charset.Claim{Charset: w.profile.Charset, Assumed: true})
	if err != nil {
		w.bodies = append(w.bodies, p) // as it is: if it is the copy, whoever reads it says why it cannot be read
		return
	}
	if found != "" {
		w.message.notes = append(w.message.notes, wire.Evidence{Field: "charset", Rule: "detected:" + found, Text: markup.Clean(parameters["charset"])})
	}
	if kind == "text/html" {
		if text = w.message.own(markup.Text(string(text)), nil); len(text) > 0 {
			w.pages = append(w.pages, Part{ContentType: utf8Text, Data: text})
		}
	} else if text = w.message.own(string(text), parameters); len(text) > 0 {
		w.bodies = append(w.bodies, Part{ContentType: utf8Text, Data: text})
	}
}

const utf8Text = "text/plain; charset=utf-8"

func (w *walk) multipart(kind string, parts *multipart.Reader, depth int) error {
	for {
		p, err := parts.NextRawPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return broken("its parts", err)
		}
		if err := w.part(header(p.Header), p, depth+1); err != nil {
			return err
		}
		if kind == "multipart/signed" {
			return nil // the rest is the signature
		}
	}
}

// decoded brings a part out of its transfer encoding (RFC 2045, 6).
func decoded(body io.Reader, encoding string) ([]byte, error) {
	data, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	switch strings.ToLower(strings.TrimSpace(encoding)) {
	case "base64":
		data = bytes.Map(func(r rune) rune {
			if r == ' ' || r == '\t' || r == '\r' || r == '\n' {
				return -1
			}
			return r
		}, data)
		text := make([]byte, base64.StdEncoding.DecodedLen(len(data)))
		n, err := base64.StdEncoding.Decode(text, data)
		return text[:n], err
	case "quoted-printable":
		return io.ReadAll(quotedprintable.NewReader(bytes.NewReader(data)))
	case "", "7bit", "8bit", "binary":
		return data, nil
	}
	return nil, errors.New("its transfer encoding is not one that is read here")
}

// isFormat says whether a part is in a news format: it is called so, or begins as one does.
func isFormat(kind, file string, data []byte) bool {
	if kind == "text/html" || kind == "application/xhtml+xml" || strings.HasPrefix(kind, "image/") {
		return false
	}
	switch strings.ToLower(path.Ext(file)) {
	case ".xml", ".nitf", ".newsml", ".ninjs", ".json", ".iptc", ".anpa", ".rss", ".atom":
		return true
	}
	head := bytes.TrimLeft(data, "\ufeff\x16 \t\r\n")
	return strings.HasSuffix(kind, "/xml") || strings.HasSuffix(kind, "+xml") || strings.HasSuffix(kind, "/json") || strings.HasSuffix(kind, "+json") ||
		bytes.HasPrefix(head, []byte("<?xml")) || bytes.HasPrefix(head, []byte("\x01"))
}

// named gives a part of a news format a name, so that it counts as attached.
func named(p Part) Part {
	if p.File == "" {
		p.File = "inline"
	}
	return p
}

// fileName is the name of an attachment, "" for what is shown in the mail.
func fileName(h header, parameters map[string]string) string {
	disposition, its, _ := mime.ParseMediaType(h.get("Content-Disposition"))
	name := its["filename"]
	if name == "" {
		name = parameters["name"]
	}
	if name = markup.Clean(words(name)); name == "" && disposition == "attachment" {
		name = "attachment"
	}
	if disposition == "inline" && name != "" && path.Ext(name) == "" {
		return ""
	}
	return name
}

// words decodes the encoded words of a header (RFC 2047).
func words(s string) string {
	decoder := mime.WordDecoder{CharsetReader: func(name string, input io.Reader) (io.Reader, error) {
		data, err := io.ReadAll(input)
		if err != nil {
			return nil, err
		}
		text, _, err := charset.Text(data, charset.Claim{Charset: name})
		return bytes.NewReader(text), err
	}}
	if decoded, err := decoder.DecodeHeader(s); err == nil {
		s = decoded
	}
	text, _, err := charset.Text([]byte(s))
	if err != nil {
		return strings.ToValidUTF8(s, "")
	}
	return string(text)
}

// subject is a Subject without what mail programs put before it.
func subject(s string) string {
	s = markup.Clean(words(s))
	for {
		before, rest, ok := strings.Cut(s, ":")
		switch strings.ToLower(strings.TrimSpace(before)) {
		case "re", "fw", "fwd", "aw", "wg", "tr", "rv", "bls", "trs":
		default:
			return s
		}
		if !ok {
			return s
		}
		s = strings.TrimSpace(rest)
	}
}

func broken(what string, err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return wire.Refuse(wire.NotWellFormed, "The mail breaks off in %s: it is not whole, send it again.", what)
	}
	return wire.Refuse(wire.NotWellFormed, "The mail cannot be read: %s is broken (%.100s). Send it again.", what, markup.Clean(err.Error()))
}
