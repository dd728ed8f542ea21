package charset

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Garbled finds words in UTF-8 text that were garbled before they came to us: UTF-8 that somebody read as windows-1252 and
// wrote as UTF-8 again ("cafÃ©", "donâ€™t"). It gives the first of them as a sample, "" if there are none. The words stay
// as they are: what else was lost on the way, nobody can know.
func Garbled(text []byte) string {
	hits := 0
	sample := ""
	for i := 0; i < len(text); {
		// What was garbled begins with the lead byte of a character, C2 to F4, and these are U+00C2 to U+00F4 now.
		n := bytes.IndexByte(text[i:], 0xC3)
		if n < 0 {
			break
		}
		i += n
		if i+2 >= len(text) || text[i+1] < 0x82 || text[i+1] > 0xB4 || text[i+2] < 0xC2 { // ASCII follows most accents
			i++
			continue
		}
		size, certain := garbledAt(text[i:])
		if size == 0 {
			i += 2
			continue
		}
		hits++
		if sample == "" {
			sample = wordAt(text, i)
		}
		if certain || hits > 1 {
			return sample
		}
		i += size
	}
	return ""
}

// garbledAt says how many bytes at the head of text are one garbled character, 0 if they are none, and whether the letters
// in it stand in no language beside each other.
func garbledAt(text []byte) (size int, certain bool) {
	var bytes1252 [4]byte
	need, have := 1, 0
	for have < need {
		r, n := utf8.DecodeRune(text[size:])
		b, ok := charmap.Windows1252.EncodeRune(r)
		switch {
		case r >= 0x80 && r < 0xA0: // what windows-1252 leaves open came through as it was
			b = byte(r)
		case !ok || r < 0x80:
			return 0, false
		}
		if have == 0 {
			switch {
			case b >= 0xF0:
				need = 4
			case b >= 0xE0:
				need = 3
			default:
				need = 2
			}
		}
		bytes1252[have] = b
		have++
		size += n
	}
	r, n := utf8.DecodeRune(bytes1252[:have])
	if r == utf8.RuneError || n != have {
		return 0, false
	}
	lead := bytes1252[0]
	return size, lead == 0xC2 || lead == 0xC3 || lead == 0xE2 && bytes1252[1] == 0x80
}

// wordAt gives the word around byte i of text.
func wordAt(text []byte, i int) string {
	start := max(i-40, 0)
	if space := bytes.LastIndexFunc(text[start:i], unicode.IsSpace); space >= 0 {
		start += space + 1
	}
	end := min(i+40, len(text))
	if space := bytes.IndexFunc(text[i:end], unicode.IsSpace); space > 0 {
		end = i + space
	}
	return string(bytes.ToValidUTF8(text[start:end], nil))
}
