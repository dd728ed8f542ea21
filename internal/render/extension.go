package render

import (
	"strings"

	"kawat/internal/wire"
)

// Namespaces of what RSS and Atom cannot say themselves. Items use the prefixes; the root of the feed declares them.
const (
	nsContent    = "http://purl.org/rss/1.0/modules/content/"
	nsAtom       = "http://www.w3.org/2005/Atom"
	nsDC         = "http://purl.org/dc/elements/1.1/"
	nsDCTerms    = "http://purl.org/dc/terms/"
	nsMedia      = "http://search.yahoo.com/mrss/"
	nsRSL        = "https://rslstandard.org/rsl"
	nsTombstones = "http://purl.org/atompub/tombstones/1.0" // RFC 6721
	nsKawat      = "urn:kawat:ns:1"
)

// extension is what RSS and Atom say alike about an entry in other namespaces: Dublin Core for readers at large, RSL
// for crawlers, Media RSS for pictures, and our own for whoever wants the attribution whole.
type extension struct {
	Sources      []string `xml:"dc:source"`
	Publisher    string   `xml:"dc:publisher,omitempty"`
	RightsHolder string   `xml:"dcterms:rightsHolder,omitempty"`
	Copyrighted  int      `xml:"dcterms:dateCopyrighted,omitempty"`
	License      string   `xml:"dcterms:license,omitempty"`
	IsVersionOf  string   `xml:"dcterms:isVersionOf,omitempty"`
	Created      string   `xml:"dcterms:created,omitempty"`
	Places       []string `xml:"dcterms:spatial"`

	Licensing *rslContent    `xml:"rsl:content"`
	Media     []mediaContent `xml:"media:content"`

	Provider    string            `xml:"kawat:provider,omitempty"`
	Version     int64             `xml:"kawat:version,omitempty"`
	Status      wire.Status       `xml:"kawat:status,omitempty"`
	Signal      wire.Signal       `xml:"kawat:signal,omitempty"`
	Urgency     int               `xml:"kawat:urgency,omitempty"`
	Slugline    string            `xml:"kawat:slugline,omitempty"`
	Byline      string            `xml:"kawat:byline,omitempty"`
	Revised     string            `xml:"kawat:revised,omitempty"` // readers take dcterms:modified for the entry's update
	Embargo     string            `xml:"kawat:embargo,omitempty"`
	Expires     string            `xml:"kawat:expires,omitempty"`
	Dateline    *kawatDateline    `xml:"kawat:dateline"`
	Origins     []kawatRole       `xml:"kawat:source"`
	Credits     []kawatRole       `xml:"kawat:credit"`
	CreditLine  string            `xml:"kawat:creditLine,omitempty"`
	Translation *kawatTranslation `xml:"kawat:translation"`
	Terms       string            `xml:"kawat:terms,omitempty"`
	AI          wire.AIUse        `xml:"kawat:ai,omitempty"`
	Territories *kawatTerritories `xml:"kawat:territories"`
	Subjects    []kawatSubject    `xml:"kawat:subject"`
	Genre       string            `xml:"kawat:genre,omitempty"`
	Note        string            `xml:"kawat:note,omitempty"`
	Related     []kawatRelated    `xml:"kawat:related"`
	Alternates  []kawatAlternate  `xml:"kawat:alternate"`
}

// rslContent says in Really Simple Licensing 1.0 that the story may not be used by AI at all: "ai-all" covers
// training, input and indexing.
type rslContent struct {
	URL       string `xml:"url,attr"`
	Prohibits struct {
		Type  string `xml:"type,attr"`
		Usage string `xml:",chardata"`
	} `xml:"rsl:license>rsl:prohibits"`
	Terms string `xml:"rsl:terms,omitempty"`
}

type mediaContent struct {
	URL      string `xml:"url,attr"`
	Type     string `xml:"type,attr,omitempty"`
	Medium   string `xml:"medium,attr,omitempty"`
	FileSize int64  `xml:"fileSize,attr,omitempty"`
	Credit   string `xml:"media:credit,omitempty"`
	Caption  string `xml:"media:description,omitempty"`
}

type kawatRole struct {
	Role string `xml:"role,attr"`
	Name string `xml:",chardata"`
}

type kawatDateline struct {
	Place  string `xml:"place,attr,omitempty"`
	Agency string `xml:"agency,attr,omitempty"`
	Date   string `xml:"date,attr,omitempty"`
	Text   string `xml:",chardata"`
}

type kawatTranslation struct {
	Of     string `xml:"of,attr"`
	From   string `xml:"from,attr"`
	To     string `xml:"to,attr"`
	Method string `xml:"method,attr"`
}

type kawatTerritories struct {
	Allow string `xml:"allow,attr,omitempty"`
	Deny  string `xml:"deny,attr,omitempty"`
}

type kawatSubject struct {
	Code string `xml:"code,attr,omitempty"`
	Name string `xml:",chardata"`
}

type kawatRelated struct {
	Href  string `xml:"href,attr,omitempty"`
	Title string `xml:",chardata"`
}

// kawatAlternate is the same story in another language; Atom has links for it.
type kawatAlternate struct {
	Href     string `xml:"href,attr"`
	Language string `xml:"hreflang,attr"`
	ID       string `xml:",chardata"`
}

func extensionOf(c *content) extension {
	s := c.story
	x := extension{
		Publisher:    c.publisher,
		RightsHolder: s.Rights.Holder,
		Copyrighted:  s.Rights.Year,
		License:      s.Rights.Policy,
		Created:      rfc3339(s.Created),
		Places:       s.Places,
		Provider:     s.Provider,
		Version:      s.Version,
		Status:       s.Status,
		Signal:       s.Signal,
		Urgency:      s.Urgency,
		Slugline:     s.Slugline,
		Byline:       s.Byline,
		Revised:      rfc3339(s.Revised),
		CreditLine:   s.Attribution.CreditLine,
		Terms:        s.Rights.Terms,
		AI:           s.Rights.AI,
		Genre:        s.Genre,
		Note:         s.Note,
	}
	if s.Embargo != nil {
		x.Embargo = rfc3339(*s.Embargo) // over, or the story would not be shown
	}
	if s.Expires != nil {
		x.Expires = rfc3339(*s.Expires)
	}
	for _, o := range s.Attribution.Sources {
		x.Origins = append(x.Origins, kawatRole{Role: o.Role, Name: o.Name})
		if o.Role == wire.Origin {
			x.Sources = append(x.Sources, o.Name)
		}
	}
	for _, p := range s.Attribution.Credits {
		x.Credits = append(x.Credits, kawatRole{Role: p.Role, Name: p.Name})
	}
	if d := s.Dateline; d != (wire.Dateline{}) {
		x.Dateline = &kawatDateline{Place: d.Place, Agency: d.Agency, Date: d.Date, Text: d.Text}
	}
	if t := s.Translation; t != nil {
		x.IsVersionOf = t.Of
		x.Translation = &kawatTranslation{Of: t.Of, From: t.From, To: t.To, Method: t.Method}
	}
	if t := s.Rights.Territories; len(t.Allow)+len(t.Deny) > 0 {
		x.Territories = &kawatTerritories{Allow: strings.Join(t.Allow, " "), Deny: strings.Join(t.Deny, " ")}
	}
	if s.Rights.AI == wire.AIReserved {
		x.Licensing = &rslContent{URL: c.page, Terms: s.Rights.Policy}
		x.Licensing.Prohibits.Type, x.Licensing.Prohibits.Usage = "usage", "ai-all"
	}
	for _, v := range s.Subjects {
		x.Subjects = append(x.Subjects, kawatSubject{Code: v.Code, Name: v.Name})
	}
	for _, m := range s.Media {
		medium, _, _ := strings.Cut(m.Type, "/")
		switch medium {
		case "image", "audio", "video":
		default:
			medium = ""
		}
		x.Media = append(x.Media, mediaContent{
			URL: m.URL, Type: m.Type, Medium: medium, FileSize: m.Length, Credit: m.Credit, Caption: m.Caption,
		})
	}
	return x
}

// schemes are the addresses of the vocabularies that subject codes come from, by the prefix of the code.
var schemes = map[string]string{
	"medtop": "http://cv.iptc.org/newscodes/mediatopic/",
	"subj":   "http://cv.iptc.org/newscodes/subjectcode/",
	"genre":  "http://cv.iptc.org/newscodes/genre/",
	"prod":   "http://cv.iptc.org/newscodes/productgenre/",
}

// category is a subject as feeds have it: a term of a vocabulary, and its name.
type category struct{ scheme, term, label string }

func categoryOf(s wire.Subject) category {
	prefix, term, ok := strings.Cut(s.Code, ":")
	if scheme := schemes[prefix]; ok && scheme != "" && term != "" {
		return category{scheme: scheme, term: term, label: s.Name}
	}
	if address := WebAddress(s.Code); address != "" {
		if i := strings.LastIndexAny(address, "/#"); i+1 < len(address) {
			return category{scheme: address[:i+1], term: address[i+1:], label: s.Name}
		}
	}
	if s.Code == "" {
		return category{term: s.Name}
	}
	return category{term: s.Code, label: s.Name}
}

// name is what a person reads: the label, or the term where there is none.
func (c category) name() string {
	if c.label != "" {
		return c.label
	}
	return c.term
}
