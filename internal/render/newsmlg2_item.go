package render

import (
	"encoding/xml"
	"slices"
	"strconv"

	"kawat/internal/wire"
)

func g2ItemMetaOf(c *content, codes *g2Codes) g2ItemMeta {
	s := c.story
	m := g2ItemMeta{
		ItemClass:      codes.coded("ninat", "text"),
		Provider:       g2Named{g2ID: g2ID{Literal: s.Provider}, Name: c.publisher},
		VersionCreated: g2Time(s.Revised),
		FirstCreated:   g2Time(s.Created),
		PubStatus:      codes.coded("stat", "usable"),
		Generator:      "kawat",
		Titles:         []string{c.title},
		Note:           s.Note,
	}
	if m.VersionCreated == "" {
		m.VersionCreated = g2Time(c.updated)
	}
	// The embargo is over when this is read; that there was one is still part of the record.
	if s.Embargo != nil {
		m.Embargoed = g2Time(*s.Embargo)
	}
	if s.Expires != nil {
		m.Expires = g2Time(*s.Expires)
	}
	switch s.Status {
	case wire.Canceled, wire.Withheld:
		m.PubStatus = codes.coded("stat", string(s.Status))
	}
	if signal := g2Signal(s.Signal); signal != "" {
		m.Signal = codes.coded("sig", signal)
	}
	if t := s.Translation; t != nil {
		m.translation(t, codes)
	}
	for _, a := range c.alternates {
		m.Links = append(m.Links, g2Link{Rel: codes.code("kawat", "alternate"), Href: g2Address(a.Address), Type: "text/html", Language: &g2Language{Tag: a.Language}})
	}
	for _, r := range s.Related {
		m.Links = append(m.Links, g2Link{Rel: codes.code("irel", "seeAlso"), Href: g2Address(r.URL), Title: r.Title})
	}
	for _, media := range s.Media {
		l := g2Link{Rel: codes.code("irel", "seeAlso"), Href: g2Address(media.URL), Type: media.Type, Size: media.Length, CreditLine: media.Credit}
		if l.Type == "" {
			l.Type = "application/octet-stream" // a link without a type is to a page
		}
		if media.Caption != "" {
			l.Caption = &g2Role{Role: codes.code("drol", "caption"), Text: media.Caption}
		}
		m.Links = append(m.Links, l)
	}
	return m
}

// translation links to the original, and says what a link cannot.
func (m *g2ItemMeta) translation(t *wire.Translation, codes *g2Codes) {
	if t.Of != "" {
		l := g2Link{Rel: codes.code("irel", "translatedFrom")}
		if WebAddress(t.Of) == t.Of {
			l.Href = g2Address(t.Of)
		} else {
			l.ID = t.Of
		}
		if t.From != "und" {
			l.Language = &g2Language{Tag: t.From}
		}
		m.Links = append(m.Links, l)
	}
	for _, x := range []struct{ rel, value string }{
		{"translationFrom", t.From}, {"translationTo", t.To}, {"translationMethod", t.Method},
	} {
		if x.value != "" {
			m.Extensions = append(m.Extensions, g2Extension{Rel: codes.code("kawat", x.rel), Value: x.value})
		}
	}
}

func g2RightsOf(s *wire.Story, codes *g2Codes) *g2Rights {
	r := &s.Rights
	x := g2Rights{Notice: r.Notice}
	if r.Holder != "" {
		x.Holder = &g2Named{Name: r.Holder}
	}
	if r.Terms != "" || r.Policy != "" {
		x.Terms = &g2Terms{Href: g2Address(r.Policy), Text: r.Terms}
	}
	extend := func(rel, value string) {
		x.Extensions = append(x.Extensions, g2Extension{Rel: codes.code("kawat", rel), Value: value})
	}
	if r.Year > 0 {
		extend("copyrightYear", strconv.Itoa(r.Year))
	}
	for _, place := range r.Territories.Allow {
		extend("territoryAllow", place)
	}
	for _, place := range r.Territories.Deny {
		extend("territoryDeny", place)
	}
	switch r.AI {
	case wire.AIReserved:
		x.Mining = codes.coded("plus", "DMI-PROHIBITED-SEECONSTRAINT")
	case wire.AIAllowed:
		x.Mining = codes.coded("plus", "DMI-ALLOWED")
	}
	if x.Holder == nil && x.Notice == "" && x.Terms == nil && len(x.Extensions) == 0 && x.Mining == nil {
		return nil
	}
	return &x
}

// g2HopsOf is the chain that a story came by, where somebody passed it on.
func g2HopsOf(s *wire.Story, codes *g2Codes) *g2Hops {
	passed := slices.ContainsFunc(s.Attribution.Sources, func(s wire.Source) bool { return s.Role == wire.Distributor })
	if !passed {
		return nil
	}
	var x g2Hops
	for _, role := range []string{wire.Origin, wire.Distributor} {
		for _, source := range s.Attribution.Sources {
			if source.Role != role {
				continue
			}
			hop := g2Hop{Sequence: len(x.Hops) + 1, Party: g2Named{Name: source.Name}}
			if role == wire.Origin {
				hop.Action = &g2Doing{*codes.coded("hopaction", "created"), codes.code("hatarget", "content")}
			}
			x.Hops = append(x.Hops, hop)
		}
	}
	return &x
}

func g2ContentOf(c *content, codes *g2Codes) g2Content {
	s := c.story
	m := g2Content{
		Language: g2Language{Tag: c.language}, Keywords: s.Keywords, Slugline: s.Slugline, Headline: c.title,
		Dateline: s.Dateline.Text, By: s.Byline, CreditLine: s.Attribution.CreditLine,
	}
	if s.Urgency >= 1 && s.Urgency <= 9 {
		m.Urgency = s.Urgency
	}
	if s.Dateline.Place != "" {
		m.Located = &g2Named{Name: s.Dateline.Place}
	}
	for _, source := range s.Attribution.Sources {
		m.Sources = append(m.Sources, g2Named{Role: codes.sourceRole(source.Role), Name: source.Name})
	}
	for _, person := range s.Attribution.Credits {
		p := g2Party{XMLName: xml.Name{Local: "contributor"}, g2Named: g2Named{Role: codes.creditRole(person.Role), Name: person.Name}}
		if person.Role == wire.Reporter {
			p.XMLName.Local = "creator"
		}
		m.Parties = append(m.Parties, p)
	}
	if s.Genre != "" {
		m.Genre = &g2Named{Name: s.Genre}
	}
	for _, v := range s.Subjects {
		m.Subjects = append(m.Subjects, g2Named{g2ID: codes.concept(v.Code), Type: codes.code("cpnat", "abstract"), Name: v.Name})
	}
	for _, place := range s.Places {
		m.Subjects = append(m.Subjects, g2Named{Type: codes.code("cpnat", "geoArea"), Name: place})
	}
	if s.Summary != "" {
		m.Description = &g2Role{Role: codes.code("drol", "summary"), Text: s.Summary}
	}
	return m
}
