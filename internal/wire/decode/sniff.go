package decode

import (
	"bytes"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"kawat/internal/wire/anpa"
	"kawat/internal/wire/iptc7901"
	"kawat/internal/wire/markup"
)

// Formats as Received.Format names them.
const (
	formatNINJS    = "ninjs"
	formatNewsMLG2 = "newsmlg2"
	formatNewsML1  = "newsml1"
	formatNITF     = "nitf"
	formatANPA     = "anpa"
	formatIPTC7901 = "iptc7901"
	formatFeed     = "webfeed"
	formatText     = "copytext"
)

// kind is what copy looks like by its first bytes. What its sender calls it is not asked: a content type is a default
// of some program more often than a statement.
type kind uint8

const (
	plainKind kind = iota
	xmlKind
	jsonKind
	anpaKind
	iptcKind
	wireKind // begins as wire formats do, but is none that is read here
	binaryKind
)

func sniff(data []byte) kind {
	switch {
	case anpa.Detect(data):
		return anpaKind
	case iptc7901.Detect(data):
		return iptcKind
	}
	head := bytes.TrimLeft(data, " \t\r\n")
	switch {
	case len(head) == 0:
		return plainKind
	case head[0] == '<' && len(head) > 1 && (head[1] == '?' || head[1] == '!' || isNameStart(head[1])):
		return xmlKind
	case isJSON(head):
		return jsonKind
	case head[0] == 0x01 || head[0] == 0x16:
		return wireKind
	case isBinary(data):
		return binaryKind
	}
	return plainKind
}

func isNameStart(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == ':' || c >= utf8.RuneSelf
}

// isJSON says whether data is a JSON object or array, or would be if it were whole. A dateline in brackets is not.
func isJSON(data []byte) bool {
	switch data[0] {
	case '{':
		rest := bytes.TrimLeft(data[1:], " \t\r\n")
		return len(rest) == 0 || rest[0] == '"' || rest[0] == '}'
	case '[':
		return jsontext.Value(data).IsValid()
	}
	return false
}

// isBinary says whether data is no text in any charset: it has a NUL, or its beginning more control characters than a fault
// on a line leaves behind.
func isBinary(data []byte) bool {
	if bytes.IndexByte(data, 0) >= 0 || bytes.HasPrefix(data, []byte("%PDF-")) {
		return true
	}
	controls := 0
	head := string(data[:min(len(data), 2048)])
	for i := markup.Printable(head); i < len(head); i += 1 + markup.Printable(head[i+1:]) {
		if c := head[i]; c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1b {
			controls++
		}
	}
	return controls > 8 && controls > len(head)/50
}

// rootName is the name of an XML document's root element without its prefix, "" if there is none. What stands before
// the root is passed over unread.
func rootName(data []byte) string {
	for {
		data = bytes.TrimLeft(data, " \t\r\n")
		var ok bool
		switch {
		case bytes.HasPrefix(data, []byte("<?")):
			_, data, ok = bytes.Cut(data, []byte("?>"))
		case bytes.HasPrefix(data, []byte("<!--")):
			_, data, ok = bytes.Cut(data, []byte("-->"))
		case bytes.HasPrefix(data, []byte("<!")):
			data, ok = afterDoctype(data)
		default:
			return elementName(data)
		}
		if !ok {
			return ""
		}
	}
}

// afterDoctype passes over a document type declaration with its internal subset.
func afterDoctype(data []byte) ([]byte, bool) {
	depth, quote := 0, byte(0)
	for i, c := range data {
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '<' || c == '[':
			depth++
		case c == ']':
			depth--
		case c == '>':
			if depth--; depth == 0 {
				return data[i+1:], true
			}
		}
	}
	return nil, false
}

func elementName(data []byte) string {
	if len(data) < 2 || data[0] != '<' {
		return ""
	}
	name := data[1:]
	if end := bytes.IndexAny(name, " \t\r\n/>"); end >= 0 {
		name = name[:end]
	} else {
		name = name[:min(len(name), 100)]
	}
	if colon := bytes.LastIndexByte(name, ':'); colon >= 0 {
		name = name[colon+1:]
	}
	return string(name)
}
