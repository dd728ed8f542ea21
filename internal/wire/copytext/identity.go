package copytext

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"kawat/internal/wire"
)

// firstWords is how many words of the text make a story's identity where nobody states one.
const firstWords = 12

// setID takes the id of the headers, or makes one of the provider, the dateline and the first words of the text, so that
// copy with a corrected tail, or with a typo mended further in, is the same story. The words are compared without
// case, punctuation and width.
func setID(story *wire.Story, headers *wire.Headers, body []string) {
	if id := strings.TrimSpace(clean(headers.StoryID)); id != "" {
		story.ID = id
		story.AddEvidence("id", "header:"+wire.HeaderStoryID, id)
		return
	}
	var words string
	var key []string
	for _, p := range body {
		if key, words = leading(p, firstWords); len(key) > 0 {
			break
		}
	}
	if len(key) == 0 { // copy of signs only
		words = body[0]
		key = []string{words}
	}
	dateline, _ := leading(story.Dateline.Text, firstWords)
	sum := sha256.Sum256([]byte(story.Provider + "\x00" + strings.Join(dateline, " ") + "\x00" + strings.Join(key, " ")))
	story.ID = "urn:kawat:" + url.PathEscape(story.Provider) + ":" + hex.EncodeToString(sum[:16])
	story.AddEvidence("id", "inferred:first-words", strings.TrimSpace(story.Dateline.Text+" "+words))
}

// maxLeading is how many bytes of a paragraph are read for its first words.
const maxLeading = 240

// leading gives the first words of s in the form in which they are compared, and as they stand. In scripts that do not
// part words, two signs count as one.
func leading(s string, most int) (key []string, words string) {
	end, halves, within := 0, 0, false
	for i, r := range s {
		if !isWordRune(r) {
			within = false
			continue
		}
		whole := r >= 0x0E00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
		switch {
		case whole:
			halves++
		case !within:
			halves += 2
		}
		if halves > 2*most || i >= maxLeading {
			break
		}
		within = !whole
		end = i + utf8.RuneLen(r)
	}
	words = s[:end]
	return strings.FieldsFunc(strings.ToLower(norm.NFKC.String(words)), func(r rune) bool { return !isWordRune(r) }), words
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }
