package decode

import (
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/language"
	"kawat/internal/wire/markup"
)

// setLanguage settles which language the story is in: what the copy says, else the profile, else what its words tell. Where
// the words are plainly of another language than that, the record notes it, and what was said stays: a desk may know better,
// and a story that quotes at length reads like what it quotes. rule is the profile's rule of evidence.
func setLanguage(s *wire.Story, p *wire.Profile, rule string) {
	text := s.Body.Text
	if s.Language = markup.Language(s.Language); s.Language == "und" {
		s.Language = ""
	}
	switch {
	case s.Language != "" && inferred(s, "language"):
		return // told by its words already
	case s.Language == "":
		if s.Language = markup.Language(p.Language); s.Language != "" {
			s.AddEvidence("language", rule, "")
			break
		}
		tag, _ := language.Detect(text)
		if tag == "" && len(text) < shortText {
			text = strings.TrimSpace(s.Headline + ". " + text)
			tag, _ = language.Detect(text)
		}
		if s.Language = tag; tag == "" {
			s.Language = "und"
			return
		}
		s.AddEvidence("language", "inferred:frequent-words", sampleOf(text))
		return
	}
	if other, sample, clash := language.Clash(s.Language, text); clash {
		s.AddEvidence("language", "clash:language", other+": "+sample)
	}
}

// shortText is how many bytes of text a story must have for its language to be told without the headline.
const shortText = 200

// sampleOf gives the first words of a text.
func sampleOf(text string) string {
	words := strings.Fields(text[:min(len(text), 200)])
	return strings.ToValidUTF8(strings.Join(words[:min(len(words), 8)], " "), "")
}
