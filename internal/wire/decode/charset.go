package decode

import (
	"bytes"
	"mime"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"

	"kawat/internal/wire"
)

// charset finds an encoding by its IANA name or one of its labels on the web (WHATWG Encoding: "iso-8859-1" is read as
// windows-1252, of which it is a part). It is nil for what copy is not read in: unknown names, and the encodings
// that the web replaces since they hide what they say.
func charset(name string) encoding.Encoding {
	name = strings.ToLower(strings.TrimSpace(name))
	if ibm, ok := codePages[name]; ok {
		e, _ := ianaindex.IANA.Encoding(ibm)
		return e
	}
	e, err := htmlindex.Get(name)
	if err != nil || e == encoding.Replacement {
		return nil
	}
	switch canonical, _ := htmlindex.Name(e); canonical {
	case "", "replacement", "x-user-defined", "utf-16le", "utf-16be":
		return nil // UTF-16 is known by its byte-order mark
	}
	return e
}

// codePages are of older machines on desks, and no part of the web's encodings.
var codePages = map[string]string{"cp850": "IBM850", "ibm850": "IBM850", "850": "IBM850", "cp437": "IBM437", "ibm437": "IBM437", "437": "IBM437"}

func isUTF8(name string) bool {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "", "utf-8", "utf8", "us-ascii", "ascii":
		return true
	}
	return false
}

// byteOrderMark gives the text behind a byte-order mark, in UTF-8; ok says that there was one.
func byteOrderMark(data []byte) (text []byte, ok bool, err error) {
	if rest, ok := bytes.CutPrefix(data, []byte("\xef\xbb\xbf")); ok {
		return rest, true, validUTF8(rest, "a byte-order mark says that the copy is in UTF-8")
	}
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		text, err := unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
		if err != nil || len(data)%2 != 0 {
			return nil, true, wire.Refuse(wire.BadCharset, "A byte-order mark says that the copy is in UTF-16, but it is not: send it in UTF-8.")
		}
		return text, true, nil
	}
	return data, false, nil
}

func validUTF8(text []byte, because string) error {
	if utf8.Valid(text) {
		return nil
	}
	at, line := 0, 1
	for at < len(text) {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		at += size
	}
	return wire.Refuse(wire.BadCharset, "Line %d is not in UTF-8 (byte %d is %#02x), but %s: send it in UTF-8, or name the charset that it is in (Content-Type: text/plain; charset=windows-1252).", line, at, text[at], because)
}

// convert brings text in a charset into UTF-8.
func convert(data []byte, name, because string) ([]byte, error) {
	if isUTF8(name) {
		return data, validUTF8(data, because)
	}
	e := charset(name)
	if e == nil {
		return nil, wire.Refuse(wire.BadCharset, "The charset %.40q is not one that is read here, and %s: send the copy in UTF-8.", name, because)
	}
	text, err := e.NewDecoder().Bytes(data)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return nil, wire.Refuse(wire.BadCharset, "The copy is not in %.40s, but %s: send it in UTF-8, or name the charset that it is in.", name, because)
	}
	return text, nil
}

// xmlText brings an XML document into UTF-8. Its declaration says what it is in; one that says nothing is in UTF-8, or
// in the profile's charset.
func xmlText(data []byte, p *wire.Profile) ([]byte, error) {
	if name := declaredEncoding(data); name != "" {
		return convert(data, name, "the XML declaration says so")
	}
	if utf8.Valid(data) || isUTF8(p.Charset) {
		return data, validUTF8(data, "XML without a declaration is")
	}
	return convert(data, p.Charset, "it is what the profile of "+p.Name+" says")
}

// declaredEncoding is the encoding in the XML declaration, "" if it has none.
func declaredEncoding(data []byte) string {
	head, ok := bytes.CutPrefix(data, []byte("<?xml"))
	if !ok {
		return ""
	}
	head, _, ok = bytes.Cut(head[:min(len(head), 256)], []byte("?>"))
	if !ok {
		return ""
	}
	_, rest, ok := strings.Cut(string(head), "encoding")
	if !ok {
		return ""
	}
	rest = strings.TrimLeft(rest, " \t\r\n=")
	if rest == "" || rest[0] != '"' && rest[0] != '\'' {
		return ""
	}
	name, _, _ := strings.Cut(rest[1:], rest[:1])
	return name
}

// plainText brings plain copy into UTF-8. Bytes beyond ASCII that are UTF-8 are hardly ever anything else; what is not
// is in the charset of the message's Content-Type, else in the profile's.
func plainText(data []byte, c *wire.Copy) ([]byte, error) {
	p := c.Profile
	if _, parameters, err := mime.ParseMediaType(c.ContentType); err == nil && !isUTF8(parameters["charset"]) && !utf8.Valid(data) {
		return convert(data, parameters["charset"], "it is what its Content-Type says")
	}
	ascii := true
	for _, c := range data {
		if c >= utf8.RuneSelf || c == 0x1b { // ISO-2022 writes Japanese in ASCII after an escape
			ascii = false
			break
		}
	}
	if ascii || isUTF8(p.Charset) {
		return data, validUTF8(data, "no profile says that "+p.Name+" sends another charset")
	}
	if utf8.Valid(data) && bytes.IndexByte(data, 0x1b) < 0 {
		return data, nil
	}
	return convert(data, p.Charset, "it is what the profile of "+p.Name+" says")
}

// latinText brings ANPA text into UTF-8: it is in Latin-1 unless it is UTF-8 or the profile says what else.
func latinText(data []byte, p *wire.Profile) ([]byte, error) {
	if utf8.Valid(data) {
		return data, nil
	}
	if name := p.Charset; !isUTF8(name) {
		return convert(data, name, "it is what the profile of "+p.Name+" says")
	}
	return convert(data, "iso-8859-1", "ANPA is")
}
