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

// find gives the place of words, both 0 where they do not stand in the text. White space does not count.
func (in readings) find(words string) (start, end int) {
	words = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.IsControl(r) {
			return -1
		}
		return r
	}, words)
	for _, x := range in {
		if i := strings.Index(x.text, words); i >= 0 && words != "" {
			return x.start[i], x.end[i+len(words)-1]
		}
	}
	return 0, 0
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
