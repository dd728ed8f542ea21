// Package copytext reads plain agency copy: a headline perhaps, a dateline, paragraphs, and below them credits and
// notices, without any markup.
package copytext

import (
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/credit"
	"kawat/internal/wire/language"
)

// Parse reads plain copy into a story. text is c.Data as UTF-8; line ends may be of any system, and what XML 1.0 does
// not allow is left out. c.Profile may be nil.
//
// Of the headers it uses two, which it needs: the story's id and its headline, which win over the copy. Version,
// signal, embargo and translation of the headers, the digest, and the profile's rights other than those against AI are
// for the caller to apply, who does so for all formats. The story has version 1 and Received.Unversioned where the
// headers state no version.
//
// Copy without a text is a *wire.Refusal with code no-text, unless the headers kill the story they name: a kill needs
// no text. Parse gives either a story or an error, and the same for the same copy.
func Parse(c *wire.Copy, text string) (*wire.Story, error) {
	profile := c.Profile
	if profile == nil {
		profile = &wire.Profile{}
	}
	story := &wire.Story{
		Provider: profile.Name,
		Version:  1,
		Status:   wire.Usable,
		Evidence: make([]wire.Evidence, 0, 24),
		Received: wire.Received{Format: "copytext", Unversioned: c.Headers.Version == 0},
	}
	text = clean(text)
	setLanguage(story, profile, text)
	paragraphs := split(text)
	top := readTop(paragraphs, profile)
	body := credit.Extract(story, append(top.credits, paragraphs[top.end:]...), profile)
	if len(body) == 0 && top.fallback >= 0 {
		// What looked like a headline is all the text there is.
		body = []string{paragraphs[top.fallback]}
		top.headline, top.summary = "", ""
	}
	if len(body) == 0 && !(c.Headers.Kills() && c.Headers.StoryID != "") {
		if strings.TrimSpace(text) == "" {
			return nil, wire.Refuse(wire.NoText, "the copy is empty: send the story's text")
		}
		return nil, wire.Refuse(wire.NoText, "the copy has credits or notices but no text of a story: send it again with its paragraphs")
	}
	story.Body = bodyOf(body)
	setHeadline(story, &c.Headers, top, body)
	setID(story, &c.Headers, body)
	setCreditLine(story, profile)
	return story, nil
}

// setLanguage takes the provider's language, or what the words of the copy tell where it has none or where they
// plainly tell of another.
func setLanguage(story *wire.Story, profile *wire.Profile, text string) {
	story.Language = profile.Language
	base, _, _ := strings.Cut(profile.Language, "-")
	guess, clear, sample := credit.GuessLanguage(text)
	if base == "" && !clear {
		// It may be a language that the labels do not know, and has a word or two that look like one of theirs.
		if tag, _ := language.Detect(text); tag != "" && tag != guess {
			words := strings.Fields(text[:min(len(text), 200)])
			guess, sample = tag, strings.ToValidUTF8(strings.Join(words[:min(len(words), 8)], " "), "")
		}
	}
	if guess != "" && (base == "" || clear && guess != strings.ToLower(base)) {
		story.Language = guess
		story.AddEvidence("language", "inferred:frequent-words", sample)
	}
	if story.Language == "" {
		story.Language = "und"
	}
}

// setCreditLine says in print's way that one agency passes on the report of another: "ANTARA/Kyodo".
func setCreditLine(story *wire.Story, profile *wire.Profile) {
	agency := story.Dateline.Agency
	if agency == "" {
		agency = profile.Agency
	}
	if agency == "" || story.Attribution.CreditLine != "" {
		return
	}
	line := agency
	for _, s := range story.Attribution.Sources {
		if s.Role == wire.Origin && s.Name != agency {
			line += "/" + s.Name
		}
	}
	if line != agency {
		story.Attribution.CreditLine = line
		story.AddEvidence("attribution.creditLine", "inferred:dateline-and-source", line)
	}
}

// bodyOf writes paragraphs as text and as HTML.
func bodyOf(paragraphs []string) wire.Body {
	size := 0
	for _, p := range paragraphs {
		size += len(p) + len("<p></p>")
	}
	var text, html strings.Builder
	text.Grow(size)
	html.Grow(size + size/32)
	for i, p := range paragraphs {
		if i > 0 {
			text.WriteString("\n\n")
		}
		text.WriteString(p)
		html.WriteString("<p>")
		escape(&html, p)
		html.WriteString("</p>")
	}
	return wire.Body{HTML: html.String(), Text: text.String()}
}

// escape writes s as the text of an element. Quotation marks may stand there as they are.
func escape(b *strings.Builder, s string) {
	if strings.IndexByte(s, '<') < 0 && strings.IndexByte(s, '>') < 0 && strings.IndexByte(s, '&') < 0 {
		b.WriteString(s)
		return
	}
	_, _ = escaper.WriteString(b, s) // a Builder gives no errors
}

var escaper = strings.NewReplacer("<", "&lt;", ">", "&gt;", "&", "&amp;")
