package explain

import (
	"html"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// indexed is a text without white space, markup and escapes, with the place of each of its bytes in the text as it
// stands. What a record says was read out of all of these.
type indexed struct {
	text       string
	start, end []int // in the text as it stands, of what each byte was
}

// glyph is one character of a text, and where it stands.
type glyph struct {
	r          rune
	start, end int
}

// readings are the ways in which a text may be meant, each prepared to be searched.
type readings []indexed

// index prepares a text to be searched: JSON with its escapes read, with markup in its strings or without; XML with its
// markup read, once or, as in feeds, twice.
func index(text string) readings {
	glyphs := make([]glyph, 0, len(text))
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRuneInString(text[i:])
		glyphs = append(glyphs, glyph{r, i, i + size})
		i += size
	}
	switch head := strings.TrimLeft(text, " \t\r\n\ufeff"); {
	case strings.HasPrefix(head, "{"), strings.HasPrefix(head, "["):
		glyphs = withoutEscapes(glyphs)
	case strings.HasPrefix(head, "<"):
		glyphs = withoutMarkup(glyphs)
	default:
		return readings{squeezed(glyphs)}
	}
	return readings{squeezed(glyphs), squeezed(withoutMarkup(glyphs))}
}

// squeezed leaves out white space.
func squeezed(glyphs []glyph) (x indexed) {
	var b strings.Builder
	for _, g := range glyphs {
		if !unicode.IsSpace(g.r) && !unicode.IsControl(g.r) {
			n := b.Len()
			for b.WriteRune(g.r); n < b.Len(); n++ {
				x.start, x.end = append(x.start, g.start), append(x.end, g.end)
			}
		}
	}
	x.text = b.String()
	return x
}

// maxPlaces is how many places of the same words are looked at.
const maxPlaces = 100

// find gives the place of words that is nearest to byte near of the text, both 0 where they do not stand in it. White
// space does not count; if need be, nor do the signs that wires and print write in different ways.
func (in readings) find(words string, near int) (start, end int) {
	words = letters(words, false)
	if start, end = in.nearest(words, near, false); end > start || len(words) < 20 {
		return start, end
	}
	return in.nearest(letters(words, true), near, true)
}

// nearest finds words in the first reading that has them.
func (in readings) nearest(words string, near int, bare bool) (start, end int) {
	if words == "" {
		return 0, 0
	}
	for _, x := range in {
		if bare {
			x = x.bare()
		}
		at := 0
		for range maxPlaces {
			i := strings.Index(x.text[at:], words)
			if i < 0 {
				break
			}
			i += at
			if from := x.start[i]; end == 0 || max(from-near, near-from) < max(start-near, near-start) {
				start, end = from, x.end[i+len(words)-1]
			}
			at = i + len(words)
		}
		if end > start {
			return start, end
		}
	}
	return 0, 0
}

// letters leaves out white space, and bare also the signs that differ from wire to print.
func letters(s string, bare bool) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) || bare && isSign(r) {
			return -1
		}
		return r
	}, s)
}

// isSign says whether wires write a sign in another way than print: quotation marks, dashes, fractions.
func isSign(r rune) bool { return strings.ContainsRune("\"'`“”‘’„«»_-–—{½", r) }

// bare is an indexed text without such signs.
func (x indexed) bare() (b indexed) {
	var text strings.Builder
	for i, r := range x.text {
		if isSign(r) {
			continue
		}
		n := text.Len()
		for text.WriteRune(r); n < text.Len(); n++ {
			b.start, b.end = append(b.start, x.start[i]), append(b.end, x.end[i])
		}
	}
	b.text = text.String()
	return b
}

// withoutEscapes reads the escapes of JSON's strings.
func withoutEscapes(in []glyph) []glyph {
	out := make([]glyph, 0, len(in))
	for i := 0; i < len(in); i++ {
		g := in[i]
		if g.r != '\\' || i+1 == len(in) {
			out = append(out, g)
			continue
		}
		i++
		g.end = in[i].end
		switch in[i].r {
		case 'n', 'r', 't', 'b', 'f':
			g.r = ' '
		case 'u':
			g.r = 0
			for n := 0; n < 4 && i+1 < len(in); n++ {
				i++
				g.r = g.r<<4 | hexDigit(in[i].r)
				g.end = in[i].end
			}
			// The two halves of a character beyond the basic plane (RFC 8259, section 7).
			if last := len(out) - 1; last >= 0 && g.r >= 0xdc00 && g.r < 0xe000 && out[last].r >= 0xd800 && out[last].r < 0xdc00 {
				out[last].r = 0x10000 + (out[last].r-0xd800)<<10 + g.r - 0xdc00
				out[last].end = g.end
				continue
			}
		default:
			g.r = in[i].r
		}
		out = append(out, g)
	}
	return out
}

func hexDigit(r rune) rune {
	switch {
	case '0' <= r && r <= '9':
		return r - '0'
	case 'a' <= r && r <= 'f':
		return r - 'a' + 10
	case 'A' <= r && r <= 'F':
		return r - 'A' + 10
	}
	return 0
}

// withoutMarkup leaves out tags, and reads references to characters.
func withoutMarkup(in []glyph) []glyph {
	out := make([]glyph, 0, len(in))
	for i := 0; i < len(in); i++ {
		switch in[i].r {
		case '<':
			if starts(in[i:], "<![CDATA[") {
				i += len("<![CDATA[") - 1
				continue
			}
			if end := indexGlyph(in[i:], '>', 4096); end > 0 {
				i += end
				continue
			}
		case ']':
			if starts(in[i:], "]]>") {
				i += 2
				continue
			}
		case '&':
			if end := indexGlyph(in[i:], ';', 32); end > 0 {
				var name strings.Builder
				for _, g := range in[i : i+end+1] {
					name.WriteRune(g.r)
				}
				if said := html.UnescapeString(name.String()); said != name.String() {
					for _, r := range said {
						out = append(out, glyph{r, in[i].start, in[i+end].end})
					}
					i += end
					continue
				}
			}
		}
		out = append(out, in[i])
	}
	return out
}

func starts(in []glyph, s string) bool {
	if len(in) < len(s) {
		return false
	}
	for i, r := range s {
		if in[i].r != r {
			return false
		}
	}
	return true
}

// indexGlyph finds a character within the next few.
func indexGlyph(in []glyph, r rune, most int) int {
	for i := range in[:min(len(in), most)] {
		if in[i].r == r {
			return i
		}
	}
	return -1
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
