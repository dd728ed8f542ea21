// Package charset brings copy into UTF-8. It believes what the copy and its sender say of the charset as long as the text
// that comes of it reads like text; where it does not, it finds the charset that gives such text, and where none does, it
// refuses: garbled words must not reach a reader.
//
// The usual detectors of the web guess by statistics of long pages and always give an answer. Here a headline must do, most
// copy says what it is in, and no answer is better than a wrong one; so this is our own, on the tables of golang.org/x/text.
package charset

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"kawat/internal/wire"
)

// Claim is what somebody says of a text's charset.
type Claim struct {
	// Charset is a name of IANA's or a label of the web's (WHATWG Encoding); "" is UTF-8.
	Charset string
	// Because completes "The copy is not in X, but …" for the desk: "the XML declaration says so".
	Because string
	// Assumed says that nobody has said it of this very copy: to find another charset is no contradiction.
	Assumed bool
}

// Known says whether copy can be read in a charset: UTF-8, those of the web without its stand-ins for what hides text, and
// the code pages 850 and 437 of desks' older machines. UTF-16 is among them.
func Known(name string) bool { return isUTF8(name) || isUTF16(name) || find(name) != nil }

// find finds an encoding by its name. As on the web, iso-8859-1 is read as windows-1252, of which it is a part.
func find(name string) encoding.Encoding {
	name = strings.ToLower(strings.TrimSpace(name))
	switch name {
	case "cp850", "ibm850", "850":
		return charmap.CodePage850
	case "cp437", "ibm437", "437":
		return charmap.CodePage437
	}
	e, err := htmlindex.Get(name)
	if err != nil || e == encoding.Replacement {
		return nil
	}
	switch canonical, _ := htmlindex.Name(e); canonical {
	case "", "replacement", "x-user-defined", "utf-16le", "utf-16be", "utf-8":
		return nil
	}
	return e
}

func isUTF8(name string) bool {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "", "utf-8", "utf8", "us-ascii", "ascii":
		return true
	}
	return false
}

func isUTF16(name string) bool {
	return strings.HasPrefix(strings.ToLower(strings.TrimSpace(name)), "utf-16")
}

// alphabetOf gives what text in an encoding is written in.
func alphabetOf(e encoding.Encoding) alphabet {
	for _, c := range candidates {
		if c.encoding == e {
			return c.alphabet
		}
	}
	switch e {
	case charmap.CodePage437, charmap.ISO8859_2, charmap.ISO8859_3, charmap.ISO8859_4, charmap.ISO8859_10, charmap.ISO8859_13, charmap.ISO8859_14,
		charmap.ISO8859_16, charmap.Macintosh, charmap.Windows1250, charmap.Windows1254, charmap.Windows1257, charmap.Windows1258:
		return latinAlphabet
	case charmap.ISO8859_5, charmap.KOI8U, charmap.CodePage866, charmap.MacintoshCyrillic:
		return cyrillicAlphabet
	case charmap.ISO8859_6, charmap.ISO8859_6E, charmap.ISO8859_6I:
		return arabicAlphabet
	case japanese.ISO2022JP:
		return japaneseAlphabet
	case simplifiedchinese.GBK, simplifiedchinese.HZGB2312:
		return simplifiedAlphabet
	}
	return otherAlphabet
}

// Bounds of what is believed, on the scale of score.
const (
	plain     = 0.6  // a claim whose text reads so is believed at once
	good      = 0.5  // what is found must read so at least
	tolerable = 0.2  // a claim whose text reads so is believed where nothing better is found
	clearly   = 0.15 // by so much the best must read better than the next
)

// Text brings data into UTF-8. claims say what it is in, the most credible first; the last resort is to try. found is
// empty where the first claim was right, else the charset that the text was read in. Text that no charset makes sense of
// is a refusal with code bad-charset.
func Text(data []byte, claims ...Claim) (text []byte, found string, err error) {
	if len(claims) == 0 {
		claims = []Claim{{Because: "nobody says what else", Assumed: true}}
	}
	first := claims[0]
	ascii, escapes := isASCII(data)
	if ascii && (isUTF8(first.Charset) || isUTF16(first.Charset) || find(first.Charset) != nil) && !escapes {
		return data, "", nil
	}
	if ascii && !escapes {
		return nil, "", unknown(first)
	}
	if escapes {
		if text, ok := into(data, japanese.ISO2022JP); ok && score(text, japaneseAlphabet) > tolerable {
			return text, unless(find(first.Charset) == japanese.ISO2022JP, "iso-2022-jp"), nil
		}
		if ascii {
			return data, "", nil // ESC is no escape here
		}
	}
	if utf8.Valid(data) && !byChance(data, first) {
		return data, unless(isUTF8(first.Charset), "utf-8"), nil
	}
	var best []byte
	bestScore, bestName := tolerable, ""
	for i, c := range claims {
		e := find(c.Charset)
		if e == nil {
			continue
		}
		text, ok := into(data, e)
		if !ok {
			continue
		}
		if s := score(text, alphabetOf(e)); s >= plain {
			return text, unless(i == 0, c.Charset), nil
		} else if s > bestScore {
			best, bestScore, bestName = text, s, unless(i == 0, c.Charset)
		}
	}
	if text, name, s := detect(data); text != nil && s > bestScore+clearly {
		return text, name, nil
	}
	if best != nil {
		return best, bestName, nil
	}
	return nil, "", refuse(data, first)
}

// into brings data into UTF-8; ok says that every byte of it has a meaning in the encoding, and none a control character
// beyond ASCII.
func into(data []byte, e encoding.Encoding) (text []byte, ok bool) {
	text, err := e.NewDecoder().Bytes(data)
	if err != nil {
		return nil, false
	}
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case 0xC2: // U+0080 to U+009F
			if i+1 < len(text) && text[i+1] < 0xA0 {
				return nil, false
			}
		case 0xEF: // U+FFFD
			if i+2 < len(text) && text[i+1] == 0xBF && text[i+2] == 0xBD {
				return nil, false
			}
		}
	}
	return text, true
}

// byChance says that valid UTF-8 may be something else: it has sequences of two bytes only, as the charsets of East Asia
// have, one of these is claimed, and it does not read well.
func byChance(data []byte, c Claim) bool {
	e := find(c.Charset)
	if e == nil || alphabetOf(e) < japaneseAlphabet {
		return false
	}
	for _, b := range data {
		if b >= 0xE0 {
			return false
		}
	}
	return score(data, latinAlphabet) < good && score(data, cyrillicAlphabet) < good && score(data, arabicAlphabet) < good
}

// isASCII says whether data has no byte beyond ASCII, and whether it has escapes as ISO-2022 does.
func isASCII(data []byte) (ascii, escapes bool) {
	i := 0
	for ; i+8 <= len(data); i += 8 {
		if b := data[i : i+8 : i+8]; (b[0]|b[1]|b[2]|b[3]|b[4]|b[5]|b[6]|b[7])&utf8.RuneSelf != 0 {
			break
		}
	}
	for i < len(data) && data[i] < utf8.RuneSelf {
		i++
	}
	return i == len(data), bytes.Contains(data[:i], []byte("\x1b$"))
}

func unless(right bool, name string) string {
	if right {
		return ""
	}
	return strings.ToLower(strings.TrimSpace(name))
}

func unknown(c Claim) error {
	return wire.Refuse(wire.BadCharset, "The charset %.40q is not one that is read here, and %s: send the copy in UTF-8.", c.Charset, c.Because)
}

// refuse says why data cannot be read, in the words of the claim that ought to have been right.
func refuse(data []byte, c Claim) error {
	if !isUTF8(c.Charset) {
		if !Known(c.Charset) {
			return unknown(c)
		}
		return wire.Refuse(wire.BadCharset, "The copy is not in %.40s, but %s, and no other charset makes sense of it: send it in UTF-8, or name the charset that it is in.", c.Charset, c.Because)
	}
	at, line := 0, 1
	for at < len(data) {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		if r == '\n' {
			line++
		}
		at += size
	}
	if at == len(data) {
		return wire.Refuse(wire.BadCharset, "The words of the copy are garbled in every charset: send it in UTF-8.")
	}
	return wire.Refuse(wire.BadCharset, "Line %d is not in UTF-8 (byte %d is %#02x), but %s: send it in UTF-8, or name the charset that it is in (Content-Type: text/plain; charset=windows-1252).", line, at, data[at], c.Because)
}

// Marked gives the text of data that says itself which Unicode encoding it is in: by a byte-order mark, which is taken
// off, or by the NULs that UTF-16 has between letters of ASCII. ok says that it does. An error is a refusal.
func Marked(data []byte) (text []byte, ok bool, err error) {
	if rest, ok := bytes.CutPrefix(data, []byte("\xef\xbb\xbf")); ok {
		if !utf8.Valid(rest) {
			return nil, true, refuse(rest, Claim{Because: "a byte-order mark says that the copy is in UTF-8"})
		}
		return rest, true, nil
	}
	order, marked := unicode.BigEndian, true
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		order, data = unicode.LittleEndian, data[2:]
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		data = data[2:]
	default:
		if order, marked = nulls(data); !marked {
			return data, false, nil
		}
	}
	text, err = unicode.UTF16(order, unicode.IgnoreBOM).NewDecoder().Bytes(data)
	if err != nil || len(data)%2 != 0 || bytes.ContainsRune(text, utf8.RuneError) {
		return nil, true, wire.Refuse(wire.BadCharset, "The copy begins as UTF-16 does, but is not in it as a whole: send it in UTF-8.")
	}
	return text, true, nil
}

// nulls tells the byte order of UTF-16 by its NULs: in text they are the upper halves of ASCII, so all at even or all at odd
// places.
func nulls(data []byte) (order unicode.Endianness, ok bool) {
	if len(data) < 4 || len(data)%2 != 0 {
		return order, false
	}
	head := data[:min(len(data), 512)]
	var at [2]int
	for i, c := range head {
		if c == 0 {
			at[i%2]++
		}
	}
	switch {
	case at[0] == 0 && at[1] >= len(head)/16 && at[1] > 1:
		return unicode.LittleEndian, true
	case at[1] == 0 && at[0] >= len(head)/16 && at[0] > 1:
		return unicode.BigEndian, true
	}
	return order, false
}
