package web

import (
	"time"

	"kawat/internal/render"
	"kawat/internal/wire"
)

// linkedData is the story as schema.org's NewsArticle: who made it, out of what, and on which terms. What the record
// does not say is left out.
func linkedData(p *storyPage) map[string]any {
	s := p.Story
	publisher := agency(render.Publisher(s))
	article := map[string]any{
		"@context":         "https://schema.org",
		"@type":            "NewsArticle",
		"identifier":       s.Key().URI(),
		"url":              p.Address,
		"mainEntityOfPage": p.Address,
		"headline":         p.Title,
		"datePublished":    p.Published().UTC().Format(time.RFC3339),
		"dateModified":     p.Entry.Updated().UTC().Format(time.RFC3339),
		"publisher":        publisher,
	}
	say := func(name string, value any, known bool) {
		if known {
			article[name] = value
		}
	}
	authors := persons(credits(s, wire.Reporter))
	if len(authors) == 0 && s.Byline != "" {
		authors = persons([]string{s.Byline})
	}
	if len(authors) == 0 {
		authors = []any{publisher}
	}
	article["author"] = authors
	say("inLanguage", s.Language, tongue(s.Language) != "")
	say("dateCreated", s.Created.UTC().Format(time.RFC3339), !s.Created.IsZero())
	if e := s.Expires; e != nil {
		article["expires"] = e.UTC().Format(time.RFC3339)
	}
	say("version", s.Version, s.Version > 0)
	say("description", s.Summary, s.Summary != "")
	say("dateline", s.Dateline.Text, s.Dateline.Text != "")
	editors, translators := persons(credits(s, wire.Editor)), persons(credits(s, wire.Translator))
	say("editor", editors, len(editors) > 0)
	say("translator", translators, len(translators) > 0)
	var hands []any // whoever has no property of their own
	for _, v := range s.Attribution.Credits {
		switch v.Role {
		case wire.Reporter, wire.Editor, wire.Translator:
		default:
			hands = append(hands, persons([]string{v.Name})...)
		}
	}
	say("contributor", hands, len(hands) > 0)
	origins, distributors := agencies(sources(s, wire.Origin)), agencies(sources(s, wire.Distributor))
	say("sourceOrganization", origins, len(origins) > 0)
	say("provider", distributors, len(distributors) > 0)
	say("citation", p.Cited, len(p.Cited) > 0)
	if t := s.Translation; t != nil {
		original := linkedOriginal(p, t, origins)
		article["translationOfWork"] = original
		if len(original) > 1 {
			article["isBasedOn"] = original
		}
	}
	if correction := corrections(p); len(correction) > 0 {
		article["correction"] = correction
	}
	var translations []any
	for _, t := range p.Entry.Translations {
		translations = append(translations, map[string]any{
			"@type": "NewsArticle", "identifier": t.Key().URI(), "url": p.Site.Story(t.Key()), "inLanguage": t.Language,
		})
	}
	say("workTranslation", translations, len(translations) > 0)
	say("creditText", s.Attribution.CreditLine, s.Attribution.CreditLine != "")
	say("copyrightNotice", s.Rights.Notice, s.Rights.Notice != "")
	say("copyrightHolder", agency(s.Rights.Holder), s.Rights.Holder != "")
	say("copyrightYear", s.Rights.Year, s.Rights.Year != 0)
	switch {
	case s.Rights.Policy != "":
		article["usageInfo"] = s.Rights.Policy
	case s.Rights.Terms != "":
		article["usageInfo"] = map[string]any{"@type": "CreativeWork", "text": s.Rights.Terms}
	}
	say("keywords", s.Keywords, len(s.Keywords) > 0)
	var sections, images []string
	for _, v := range s.Subjects {
		if v.Name != "" {
			sections = append(sections, v.Name)
		}
	}
	for _, m := range pictures(s) {
		images = append(images, m.URL)
	}
	say("articleSection", sections, len(sections) > 0)
	say("image", images, len(images) > 0)
	return article
}

// linkedOriginal is what is known of the story that this one translates.
func linkedOriginal(p *storyPage, t *wire.Translation, origins []any) map[string]any {
	original := map[string]any{"@type": "NewsArticle"}
	if tongue(t.From) != "" {
		original["inLanguage"] = t.From
	}
	if len(origins) > 0 {
		original["sourceOrganization"] = origins
	}
	if t.Of != "" {
		original["identifier"] = t.Of
	}
	if address := render.WebAddress(t.Of); address != "" {
		original["url"] = address
	}
	if p.Original != "" {
		original["url"] = p.Original
	}
	return original
}

// corrections are the changes that say that something was wrong (schema.org, CorrectionComment).
func corrections(p *storyPage) []any {
	var all []any
	for _, c := range p.Changes {
		if !c.Grave {
			continue
		}
		comment := map[string]any{"@type": "CorrectionComment", "text": c.Sentence, "datePublished": c.At.UTC().Format(time.RFC3339)}
		// The note is about this version: it does not say what became of the original.
		if p.Story.Note != "" && c.Signal == wire.Correction {
			comment["text"] = p.Story.Note
		}
		all = append(all, comment)
	}
	return all
}

func agency(name string) map[string]any {
	return map[string]any{"@type": "NewsMediaOrganization", "name": name}
}

func agencies(names []string) []any {
	var out []any
	for _, name := range names {
		out = append(out, agency(name))
	}
	return out
}

func persons(names []string) []any {
	var out []any
	for _, name := range names {
		out = append(out, map[string]any{"@type": "Person", "name": name})
	}
	return out
}
