package render

import "kawat/internal/wire"

// Clean is a copy of a story in which every text can be written in every format: scrubbed, names and labels on one
// line, addresses of other things usable or empty, tags well-formed. Evidence and the way the copy came in are the
// gateway's own business and stay out.
func Clean(s *wire.Story) *wire.Story {
	c := &wire.Story{
		ID: line(s.ID), Provider: line(s.Provider), Version: s.Version,
		Status: wire.Status(line(string(s.Status))), Signal: wire.Signal(line(string(s.Signal))),
		Urgency: s.Urgency, Language: languageTag(s.Language),
		Headline: line(s.Headline), Slugline: line(s.Slugline), Byline: line(s.Byline), Summary: line(s.Summary),
		Dateline: wire.Dateline{
			Text: line(s.Dateline.Text), Place: line(s.Dateline.Place),
			Agency: line(s.Dateline.Agency), Date: line(s.Dateline.Date),
		},
		Body:    wire.Body{HTML: scrub(s.Body.HTML), Text: scrub(s.Body.Text)},
		Created: s.Created, Revised: s.Revised, Embargo: s.Embargo, Expires: s.Expires,
		Places: lines(s.Places), Keywords: lines(s.Keywords), Genre: line(s.Genre), Note: scrub(s.Note),
		Attribution: wire.Attribution{
			Sources: []wire.Source{}, Credits: []wire.Credit{}, CreditLine: line(s.Attribution.CreditLine),
		},
		Rights: cleanRights(s.Rights),
	}
	for _, v := range s.Subjects {
		if v = (wire.Subject{Code: line(v.Code), Name: line(v.Name)}); v != (wire.Subject{}) {
			c.Subjects = append(c.Subjects, v)
		}
	}
	for _, v := range s.Attribution.Sources {
		if v = (wire.Source{Name: line(v.Name), Role: line(v.Role)}); v.Name != "" {
			c.Attribution.Sources = append(c.Attribution.Sources, v)
		}
	}
	for _, v := range s.Attribution.Credits {
		if v = (wire.Credit{Name: line(v.Name), Role: line(v.Role)}); v.Name != "" {
			c.Attribution.Credits = append(c.Attribution.Credits, v)
		}
	}
	if t := s.Translation; t != nil {
		c.Translation = &wire.Translation{
			Of: line(t.Of), From: languageTag(t.From), To: languageTag(t.To), Method: line(t.Method),
		}
	}
	for _, v := range s.Related {
		if v = (wire.Link{Title: line(v.Title), URL: WebAddress(v.URL)}); v != (wire.Link{}) {
			c.Related = append(c.Related, v)
		}
	}
	for _, v := range s.Media {
		v = wire.Media{
			URL: WebAddress(v.URL), Type: mediaType(v.Type), Credit: line(v.Credit), Caption: line(v.Caption),
			Length: max(v.Length, 0),
		}
		if v.URL != "" {
			c.Media = append(c.Media, v)
		}
	}
	return c
}

func cleanRights(r wire.Rights) wire.Rights {
	return wire.Rights{
		Holder: line(r.Holder), Year: r.Year, Notice: line(r.Notice),
		Terms: scrub(r.Terms), AI: wire.AIUse(line(string(r.AI))), Policy: WebAddress(r.Policy),
		Territories: wire.Territories{Allow: lines(r.Territories.Allow), Deny: lines(r.Territories.Deny)},
	}
}
