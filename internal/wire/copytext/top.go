package copytext

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"kawat/internal/wire"
	"kawat/internal/wire/credit"
)

// top is what stands above a story's text.
type top struct {
	slugline string
	headline string
	summary  string   // further lines between headline and text
	credits  []string // bylines and the like among them
	notices  []string // lines that announce a kill, a hold or a correction, and are neither headline nor summary
	end      int      // of the paragraphs above the text
	fallback int      // the paragraph that is the text where there is no other, -1: none
}

// Bounds of what stands above the text: paragraphs before the dateline, and bytes of a headline and a slugline.
const (
	maxAbove    = 6
	maxHeadline = 300
	maxSlugline = 60
)

// readTop reads the paragraphs above the one with the dateline. Without a dateline the first paragraph is a headline if
// it looks like one.
func readTop(paragraphs []string, profile *wire.Profile) top {
	t := top{fallback: -1}
	dateline := -1
	for i, p := range paragraphs[:min(len(paragraphs), maxAbove)] {
		if _, _, ok := credit.SplitDateline(p, profile); ok {
			dateline = i
			break
		}
	}
	last := dateline
	if dateline < 0 {
		last = min(len(paragraphs), maxAbove)
	}
	for i, p := range paragraphs[:last] {
		switch {
		case credit.Opens(p):
			t.credits = append(t.credits, p)
		case t.slugline == "" && t.headline == "" && isSlugline(p):
			t.slugline = p
		case t.headline == "" && dateline > i+1 && isNotice(p):
			t.notices = append(t.notices, p)
		case t.headline == "" && (dateline >= 0 && len(p) <= maxHeadline || isHeadline(p) && i+1 < len(paragraphs)):
			t.headline, t.fallback = p, i
		case dateline >= 0 && credit.Lifecycle(p, "", "", "").Kind != "":
			t.notices = append(t.notices, p)
		case dateline >= 0 && len(p) <= 2*maxHeadline:
			t.summary = strings.TrimSpace(t.summary + " " + p)
		case dateline >= 0: // a paragraph of text before another that begins like a dateline
			return top{fallback: -1}
		default:
			t.end = i
			return t
		}
		t.end = i + 1
	}
	return t
}

// isSlugline says whether a line is a slug: one word of several parts, "JAPAN-QUAKE/FERRY".
func isSlugline(s string) bool {
	return len(s) <= maxSlugline && !strings.ContainsAny(s, " .:") && strings.ContainsAny(s, "-/") &&
		strings.ContainsFunc(s, unicode.IsUpper)
}

// isNotice says whether a line is nothing but the word for what becomes of the story: "MANDATORY KILL", "(RALAT)".
func isNotice(s string) bool {
	words := credit.Lifecycle(s, "", "", "").Words
	return words != "" && strings.Trim(s, " \t()[]【】［］（）〈〉*.:：-–—=_\"“”„«»'‘’") == words
}

// isHeadline says whether a first line without a dateline below it reads as a headline: short, and no sentence.
func isHeadline(s string) bool {
	r, _ := utf8.DecodeLastRuneInString(s)
	return len(s) <= maxHeadline && !strings.ContainsRune(".!。！:：,，、،", r)
}

// setHeadline takes the headline of the headers, or the one above the text, or makes one of the first sentence.
func setHeadline(story *wire.Story, headers *wire.Headers, t top, body []string) {
	if t.slugline != "" {
		story.Slugline = t.slugline
		story.AddEvidence("slugline", "position:above-text", t.slugline)
	}
	if t.summary != "" {
		story.Summary = t.summary
		story.AddEvidence("summary", "position:above-text", t.summary)
	}
	if stated := strings.TrimSpace(clean(headers.Headline)); stated != "" {
		story.Headline = strings.Join(strings.Fields(stated), " ")
		story.AddEvidence("headline", "header:"+wire.HeaderHeadline, stated)
	} else if t.headline != "" {
		story.Headline = t.headline
		story.AddEvidence("headline", "position:above-text", t.headline)
	} else if len(body) > 0 {
		var words string
		story.Headline, words = firstSentence(body[0])
		story.AddEvidence("headline", "inferred:first-sentence", words)
	}
	// The copy's own headline tells what becomes of the story even where the desk sends a better one.
	for _, line := range append([]string{t.headline}, t.notices...) {
		credit.Lifecycle(line, "", "", "").Put(story)
	}
}

// maxInferred is the length of a headline made of text, in runes.
const maxInferred = 100

// firstSentence gives a headline made of the first sentence of a paragraph, cut at a word where it is too long, and
// the words it was made of.
func firstSentence(p string) (headline, words string) {
	count, lastSpace := 0, 0
	word := false // a stop before any word ends no sentence
	for i, r := range p {
		if count == maxInferred {
			cut := lastSpace
			if cut == 0 { // a script without spaces, or one endless word
				for cut = i; cut > 0; {
					r, size := utf8.DecodeLastRuneInString(p[:cut])
					if next, _ := utf8.DecodeRuneInString(p[cut:]); !unicode.IsMark(next) && r != '\u200d' {
						break
					}
					cut -= size
				}
				if cut == 0 {
					cut = i
				}
			}
			words = strings.TrimRight(p[:cut], " ,;:-–—(\"")
			return words + "…", words
		}
		count++
		word = word || isWordRune(r)
		switch {
		case r == ' ':
			lastSpace = i
		case !word:
		case r == '。' || r == '！' || r == '？':
			end := i + utf8.RuneLen(r)
			if next, _ := utf8.DecodeRuneInString(p[end:]); strings.ContainsRune("」』”’）", next) {
				continue // within a quotation
			}
			if r == '。' {
				return p[:i], p[:end]
			}
			return p[:end], p[:end]
		case (r == '.' || r == '!' || r == '?' || r == '؟') && endsHere(p, i):
			end := len(p) - len(strings.TrimLeft(p[i+utf8.RuneLen(r):], "\"”’')"))
			return strings.TrimRight(p[:end], "."), p[:end]
		}
	}
	if headline = strings.TrimRight(p, "."); headline == "" {
		headline = p
	}
	return headline, p
}

// endsHere says whether the stop at byte i of p ends a sentence: it does not follow a short capitalised word ("No.",
// "PT."), and neither a small letter nor a figure follows it ("Dec. 9").
func endsHere(p string, i int) bool {
	_, size := utf8.DecodeRuneInString(p[i:])
	rest := strings.TrimLeft(p[i+size:], "\"”’')")
	if rest == "" {
		return true
	}
	if rest[0] != ' ' {
		return false
	}
	word := p[strings.LastIndexAny(p[:i], " .(\"")+1 : i]
	if first, _ := utf8.DecodeRuneInString(word); unicode.IsUpper(first) && utf8.RuneCountInString(word) < 3 {
		return false
	}
	next, _ := utf8.DecodeRuneInString(strings.TrimLeft(rest, " \"“‘'("))
	return !unicode.IsLower(next) && !unicode.IsDigit(next)
}
