package render

import (
	"strconv"
	"strings"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

// ninjsFormat writes ninjs 3.1 (IPTC News in JSON, iptc.org/standards/ninjs). A feed is an array of items: ninjs has no
// document of several.
type ninjsFormat struct{ site Site }

// ninjsItem is an item, or an association of one, which alone has a name and a rel.
type ninjsItem struct {
	Standard           *ninjsStandard   `json:"standard,omitempty"`
	URI                string           `json:"uri"`
	Name               string           `json:"name,omitempty"`
	Rel                string           `json:"rel,omitempty"`
	Type               string           `json:"type,omitempty"`
	RepresentationType string           `json:"representationType,omitempty"`
	Version            string           `json:"version,omitempty"`
	FirstCreated       string           `json:"firstCreated,omitempty"`
	VersionCreated     string           `json:"versionCreated,omitempty"`
	EmbargoedUntil     string           `json:"embargoedUntil,omitempty"`
	Expires            string           `json:"expires,omitempty"`
	PubStatus          wire.Status      `json:"pubStatus,omitempty"`
	Urgency            int              `json:"urgency,omitempty"`
	Language           string           `json:"language,omitempty"`
	Headlines          []ninjsText      `json:"headlines,omitempty"`
	Slugline           string           `json:"slugline,omitempty"`
	By                 string           `json:"by,omitempty"`
	Located            string           `json:"located,omitempty"`
	Descriptions       []ninjsText      `json:"descriptions,omitempty"`
	Bodies             []ninjsText      `json:"bodies,omitempty"`
	EdNote             string           `json:"edNote,omitempty"`
	Genres             []ninjsConcept   `json:"genres,omitempty"`
	Subjects           []ninjsConcept   `json:"subjects,omitempty"`
	Places             []ninjsConcept   `json:"places,omitempty"`
	InfoSources        []ninjsParty     `json:"infoSources,omitempty"`
	CopyrightHolder    string           `json:"copyrightHolder,omitempty"`
	CopyrightNotice    string           `json:"copyrightNotice,omitempty"`
	UsageTerms         string           `json:"usageTerms,omitempty"`
	RightsInfo         *ninjsRights     `json:"rightsInfo,omitempty"`
	Renditions         []ninjsRendition `json:"renditions,omitempty"`
	Associations       []ninjsItem      `json:"associations,omitempty"`
	AltIDs             []ninjsAltID     `json:"altIds,omitempty"`
}

type ninjsStandard struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Schema  string `json:"schema"`
}

// ninjsText is a headline, a description or a body.
type ninjsText struct {
	Role        string `json:"role"`
	ContentType string `json:"contentType,omitempty"`
	Value       string `json:"value"`
}

type ninjsConcept struct {
	Name    string `json:"name,omitempty"`
	Rel     string `json:"rel,omitempty"`
	URI     string `json:"uri,omitempty"`
	Literal string `json:"literal,omitempty"`
}

type ninjsParty struct {
	Name    string `json:"name"`
	Role    string `json:"role"`
	Literal string `json:"literal,omitempty"`
}

type ninjsRendition struct {
	Name        string `json:"name"`
	Href        string `json:"href"`
	ContentType string `json:"contentType,omitempty"`
	SizeInBytes int64  `json:"sizeInBytes,omitempty"`
}

type ninjsAltID struct {
	Role  string `json:"role"`
	Value string `json:"value"`
}

// ninjs31 is the standard that every item conforms to.
var ninjs31 = &ninjsStandard{Name: "ninjs", Version: "3.1", Schema: "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json"}

func (ninjsFormat) name() feed.Format   { return feed.NINJS }
func (ninjsFormat) contentType() string { return "application/json; charset=utf-8" }
func (ninjsFormat) separator() string   { return ",\n" }

func (ninjsFormat) frame(*feed.View, *channel) (head, tail []byte, err error) {
	return []byte("[\n"), []byte("\n]\n"), nil
}

func (ninjsFormat) item(c *content) ([]byte, error) {
	s := c.story
	it := ninjsItem{
		Standard:           ninjs31,
		URI:                c.id,
		Type:               "text",
		RepresentationType: "full",
		Version:            strconv.FormatInt(s.Version, 10),
		FirstCreated:       rfc3339(c.published),
		VersionCreated:     rfc3339(c.updated),
		PubStatus:          s.Status,
		Language:           c.language,
		Headlines:          []ninjsText{{Role: "main", Value: c.title}},
		Renditions:         []ninjsRendition{{Name: "web", Href: c.page, ContentType: "text/html"}},
		AltIDs:             []ninjsAltID{{Role: "provider", Value: s.Provider}},
	}
	if c.html != "" {
		it.Bodies = append(it.Bodies, ninjsText{"main", "text/html", c.html})
	}
	if c.text != "" {
		it.Bodies = append(it.Bodies, ninjsText{"text", "text/plain", c.text})
	}
	if !c.killed {
		ninjsStory(&it, c)
	}
	return marshalJSON(it)
}

// ninjsStory says of an item what a killed story's no longer says.
func ninjsStory(it *ninjsItem, c *content) {
	s := c.story
	if !s.Created.IsZero() {
		it.FirstCreated = rfc3339(s.Created)
	}
	if !s.Revised.IsZero() {
		it.VersionCreated = rfc3339(s.Revised)
	}
	if s.Embargo != nil {
		it.EmbargoedUntil = rfc3339(*s.Embargo) // over, or the story would not be shown
	}
	if s.Expires != nil {
		it.Expires = rfc3339(*s.Expires)
	}
	if s.Urgency >= 1 && s.Urgency <= 9 {
		it.Urgency = s.Urgency
	}
	it.Slugline, it.By, it.Located, it.EdNote = s.Slugline, s.Byline, s.Dateline.Place, s.Note
	for _, d := range []ninjsText{
		{Role: "summary", Value: s.Summary}, {Role: "dateline", Value: s.Dateline.Text}, {Role: "creditLine", Value: s.Attribution.CreditLine},
	} {
		if d.Value != "" {
			it.Descriptions = append(it.Descriptions, d)
		}
	}
	if s.Genre != "" {
		it.Genres = append(it.Genres, ninjsConcept{Name: s.Genre})
	}
	if s.Signal == wire.Correction || s.Signal == wire.Update {
		// ninjs has no place for it; the vocabulary says what it is.
		it.Genres = append(it.Genres, ninjsConcept{Name: string(s.Signal), URI: "http://cv.iptc.org/newscodes/signal/" + string(s.Signal)})
	}
	for _, v := range s.Subjects {
		it.Subjects = append(it.Subjects, ninjsSubject(v))
	}
	for _, word := range s.Keywords {
		it.Subjects = append(it.Subjects, ninjsConcept{Name: word, Rel: "keyword"})
	}
	for _, place := range s.Places {
		it.Places = append(it.Places, ninjsConcept{Name: place})
	}
	it.InfoSources = ninjsParties(s)
	it.CopyrightHolder, it.CopyrightNotice, it.UsageTerms = s.Rights.Holder, s.Rights.Notice, s.Rights.Terms
	it.RightsInfo = ninjsRightsOf(c)
	it.Associations = ninjsAssociations(c)
	if s.ID != c.id {
		it.AltIDs = append(it.AltIDs, ninjsAltID{Role: "providerId", Value: s.ID})
	}
}

// ninjsSubject gives the address of a subject where its code has one.
func ninjsSubject(v wire.Subject) ninjsConcept {
	n := ninjsConcept{Name: v.Name, Rel: "about"}
	switch c := categoryOf(v); {
	case c.scheme != "":
		if address := WebAddress(c.scheme + c.term); address != "" {
			n.URI = address
			return n
		}
		fallthrough
	default:
		n.Literal = v.Code
	}
	return n
}

// ninjsRoles are the addresses of the roles: IPTC's Content Production Party Roles, and MARC's relators for those that
// IPTC does not have. There is none for an uploader.
var ninjsRoles = map[string]string{
	wire.Origin:      "http://cv.iptc.org/newscodes/contentprodpartyrole/origcont",
	wire.Cited:       "http://cv.iptc.org/newscodes/contentprodpartyrole/originfo",
	wire.Distributor: "http://cv.iptc.org/newscodes/contentprodpartyrole/distributor",
	wire.Reporter:    "http://cv.iptc.org/newscodes/contentprodpartyrole/author",
	wire.Editor:      "http://cv.iptc.org/newscodes/contentprodpartyrole/editor",
	wire.Translator:  "http://id.loc.gov/vocabulary/relators/trl",
	wire.Contributor: "http://id.loc.gov/vocabulary/relators/ctb",
}

// ninjsParties are all who are credited, each with the role, and the machine that translated if one did.
func ninjsParties(s *wire.Story) []ninjsParty {
	var parties []ninjsParty
	add := func(name, role string) {
		if address := ninjsRoles[role]; address != "" {
			role = address
		}
		parties = append(parties, ninjsParty{Name: name, Role: role})
	}
	for _, v := range s.Attribution.Sources {
		add(v.Name, v.Role)
	}
	for _, v := range s.Attribution.Credits {
		add(v.Name, v.Role)
	}
	if t := s.Translation; t != nil && t.Method == "machine" {
		parties = append(parties, ninjsParty{Name: "machine translation", Role: ninjsRoles[wire.Translator], Literal: "machine"})
	}
	return parties
}

// ninjsAssociations are the original of a translation, the pictures and other files, and the related stories.
func ninjsAssociations(c *content) []ninjsItem {
	s := c.story
	var all []ninjsItem
	if t := s.Translation; t != nil {
		original := ninjsItem{URI: c.id + "#original", Name: "original", Rel: "translatedFrom", Type: "text", Language: t.From}
		if t.Of != "" {
			original.URI = wire.Key{ID: t.Of}.URI()
		}
		all = append(all, original)
	}
	for _, x := range c.alternates {
		all = append(all, ninjsItem{URI: x.ID, Name: "alternate-" + x.Language, Rel: "alternate", Type: "text", Language: x.Language,
			Renditions: []ninjsRendition{{Name: "web", Href: x.Address, ContentType: "text/html"}}})
	}
	for i, m := range s.Media {
		kind := map[string]string{"image": "picture", "audio": "audio", "video": "video"}[strings.SplitN(m.Type, "/", 2)[0]]
		a := ninjsItem{URI: m.URL, Name: "media-" + strconv.Itoa(i+1), Type: kind, By: m.Credit,
			Renditions: []ninjsRendition{{Name: "main", Href: m.URL, ContentType: m.Type, SizeInBytes: m.Length}}}
		if m.Caption != "" {
			a.Descriptions = []ninjsText{{Role: "caption", Value: m.Caption}}
		}
		all = append(all, a)
	}
	for i, l := range s.Related {
		a := ninjsItem{URI: l.URL, Name: l.Title, Rel: "seeAlso", Type: "text"}
		if a.URI == "" {
			a.URI = c.id + "#related-" + strconv.Itoa(i+1)
		}
		if l.Title == "" {
			a.Name = l.URL
		} else {
			a.Headlines = []ninjsText{{Role: "main", Value: l.Title}}
		}
		all = append(all, a)
	}
	return all
}
