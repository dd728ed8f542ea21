package decode

import (
	"kawat/internal/wire"
	"kawat/internal/wire/markup"
)

// clean makes every text of the record fit for XML and JSON, whatever the format let through, and drops what is empty
// or there twice.
func clean(s *wire.Story) {
	for _, field := range []*string{
		&s.ID, &s.Language, &s.Headline, &s.Slugline, &s.Byline, &s.Summary, &s.Genre,
		&s.Dateline.Text, &s.Dateline.Place, &s.Dateline.Agency, &s.Dateline.Date,
		&s.Attribution.CreditLine, &s.Rights.Holder, &s.Rights.Notice, &s.Rights.Policy,
	} {
		*field = markup.Clean(*field)
	}
	// Of these the lines matter.
	for _, field := range []*string{&s.Body.HTML, &s.Body.Text, &s.Note, &s.Rights.Terms} {
		*field = markup.Scrub(*field)
	}
	if t := s.Translation; t != nil {
		t.Of, t.From, t.To = markup.Clean(t.Of), markup.Clean(t.From), markup.Clean(t.To)
	}
	for i, source := range s.Attribution.Sources {
		s.Attribution.Sources[i].Name = markup.Clean(source.Name)
	}
	for i, credit := range s.Attribution.Credits {
		s.Attribution.Credits[i].Name = markup.Clean(credit.Name)
	}
	for i, r := range s.Related {
		s.Related[i] = wire.Link{Title: markup.Clean(r.Title), URL: markup.Clean(r.URL)}
	}
	for i, m := range s.Media {
		m.URL, m.Type, m.Credit, m.Caption = markup.Clean(m.URL), markup.Clean(m.Type), markup.Clean(m.Credit), markup.Clean(m.Caption)
		s.Media[i] = m
	}
	for i, e := range s.Evidence {
		s.Evidence[i].Text = markup.Scrub(e.Text)
	}
	s.Keywords, s.Places = distinct(s.Keywords), distinct(s.Places)
	s.Subjects = distinctSubjects(s.Subjects)
}

func distinct(words []string) []string {
	seen := make(map[string]bool, len(words))
	kept := words[:0]
	for _, w := range words {
		if w = markup.Clean(w); w != "" && !seen[w] {
			seen[w] = true
			kept = append(kept, w)
		}
	}
	return kept
}

func distinctSubjects(subjects []wire.Subject) []wire.Subject {
	seen := make(map[wire.Subject]bool, len(subjects))
	kept := subjects[:0]
	for _, s := range subjects {
		if s = (wire.Subject{Code: markup.Clean(s.Code), Name: markup.Clean(s.Name)}); s != (wire.Subject{}) && !seen[s] {
			seen[s] = true
			kept = append(kept, s)
		}
	}
	return kept
}
