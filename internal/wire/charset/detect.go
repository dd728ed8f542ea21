package charset

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// candidate is a charset that copy is sent in without a word about it.
type candidate struct {
	name     string
	encoding encoding.Encoding
	alphabet alphabet
	// handicap is what its text must read better by: the charset is rare and gives letters for most bytes.
	handicap float64
	// variant says that it differs from the one before in a few signs only, and is taken for these.
	variant bool
}

var candidates = []candidate{
	{name: "windows-1252", encoding: charmap.Windows1252, alphabet: latinAlphabet},
	{name: "iso-8859-15", encoding: charmap.ISO8859_15, alphabet: latinAlphabet, variant: true},
	{name: "windows-1251", encoding: charmap.Windows1251, alphabet: cyrillicAlphabet},
	{name: "windows-1256", encoding: charmap.Windows1256, alphabet: arabicAlphabet},
	{name: "koi8-r", encoding: charmap.KOI8R, alphabet: cyrillicAlphabet},
	{name: "shift_jis", encoding: japanese.ShiftJIS, alphabet: japaneseAlphabet},
	{name: "euc-jp", encoding: japanese.EUCJP, alphabet: japaneseAlphabet},
	{name: "gb18030", encoding: simplifiedchinese.GB18030, alphabet: simplifiedAlphabet},
	{name: "big5", encoding: traditionalchinese.Big5, alphabet: traditionalAlphabet},
	{name: "euc-kr", encoding: korean.EUCKR, alphabet: koreanAlphabet},
	{name: "cp850", encoding: charmap.CodePage850, alphabet: latinAlphabet, handicap: 0.3},
}

// detect finds the charset whose text reads best, if there is one that reads well and clearly better than all others.
func detect(data []byte) (text []byte, name string, best float64) {
	whole := data
	data = sample(data)
	best = -2
	second := -2.0
	var its encoding.Encoding
	for _, c := range candidates {
		t, ok := into(data, c.encoding)
		if !ok || bytes.Equal(t, text) {
			continue
		}
		switch s := score(t, c.alphabet) - c.handicap; {
		case c.variant && name == "windows-1252":
			if s > best {
				text, name, best, its = t, c.name, s, c.encoding
			}
		case s > best:
			text, name, best, second, its = t, c.name, s, best, c.encoding
		case s > second:
			second = s
		}
	}
	if best < good || second > best-clearly {
		return nil, "", 0
	}
	if len(data) < len(whole) {
		var ok bool
		if text, ok = into(whole, its); !ok {
			return nil, "", 0
		}
	}
	return text, name, best
}

// maxSample is how many bytes are tried in every charset.
const maxSample = 16 << 10

// sample gives the part of data that is tried: from before the first character beyond ASCII. It ends at a space or a line
// end, which is no part of a character in any charset.
func sample(data []byte) []byte {
	if len(data) <= maxSample {
		return data
	}
	first := bytes.IndexFunc(data, func(r rune) bool { return r >= utf8.RuneSelf })
	if start := bytes.LastIndexByte(data[:max(first, 0)], '\n'); start > 0 {
		data = data[start:]
	}
	if len(data) > maxSample {
		if end := bytes.LastIndexAny(data[:maxSample], " \n"); end > 0 {
			data = data[:end]
		}
	}
	return data
}
