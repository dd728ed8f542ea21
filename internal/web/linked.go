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
		"identifier":       p.Entry.Key().URI(),
		"url":              p.Address,
		"mainEntityOfPage": p.Address,
		"headline":         p.Title,
		"datePublished":    p.Published().UTC().Format(time.RFC3339),
		"dateModified":     p.Entry.Updated().UTC().Format(time.RFC3339),
		"inLanguage":       s.Language,
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
	say("description", s.Summary, s.Summary != "")
	say("dateline", s.Dateline.Text, s.Dateline.Text != "")
	for property, role := range map[string]string{
		"editor": wire.Editor, "translator": wire.Translator, "contributor": wire.Contributor,
	} {
		people := persons(credits(s, role))
		say(property, people, len(people) > 0)
	}
	var origins []any
	for _, name := range sources(s, wire.Origin) {
		origins = append(origins, agency(name))
	}
	say("sourceOrganization", origins, len(origins) > 0)
	say("citation", p.Cited, len(p.Cited) > 0)
	if t := s.Translation; t != nil {
		original := map[string]any{"@type": "NewsArticle"}
		if t.From != "und" {
			original["inLanguage"] = t.From
		}
		if t.Of != "" {
			original["identifier"] = t.Of
			article["isBasedOn"] = t.Of
		}
		if address := render.WebAddress(t.Of); address != "" {
			original["url"] = address
		}
		if k, ok := render.OriginalOf(p.Entry); ok {
			original["url"] = p.Site.Story(k)
		}
		article["translationOfWork"] = original
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

func agency(name string) map[string]any {
	return map[string]any{"@type": "NewsMediaOrganization", "name": name}
}

func persons(names []string) []any {
	var out []any
	for _, name := range names {
		out = append(out, map[string]any{"@type": "Person", "name": name})
	}
	return out
}
