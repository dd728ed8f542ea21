package render

import "encoding/xml"

// The elements of NewsML-G2 that are written, in the order of IPTC's schema.

// g2Root is what every item begins with.
type g2Root struct {
	Standard    string    `xml:"standard,attr"`
	Release     string    `xml:"standardversion,attr"`
	Conformance string    `xml:"conformance,attr"`
	GUID        string    `xml:"guid,attr"`
	Version     int64     `xml:"version,attr,omitempty"`
	Language    string    `xml:"xml:lang,attr,omitempty"`
	Catalog     g2Catalog `xml:"catalog"`
}

type g2Catalog struct {
	Schemes []g2Scheme `xml:"scheme"`
}

type g2Scheme struct {
	Alias string `xml:"alias,attr"`
	URI   string `xml:"uri,attr"`
}

type g2Item struct {
	XMLName xml.Name `xml:"newsItem"`
	g2Root
	Hops       *g2Hops       `xml:"hopHistory"`
	Rights     *g2Rights     `xml:"rightsInfo"`
	ItemMeta   g2ItemMeta    `xml:"itemMeta"`
	Content    g2Content     `xml:"contentMeta"`
	ContentSet *g2ContentSet `xml:"contentSet"`
}

type g2Coded struct {
	QCode string `xml:"qcode,attr"`
}

// g2ID identifies a concept in one of three ways.
type g2ID struct {
	QCode   string `xml:"qcode,attr,omitempty"`
	URI     string `xml:"uri,attr,omitempty"`
	Literal string `xml:"literal,attr,omitempty"`
}

type g2Named struct {
	g2ID
	Type string `xml:"type,attr,omitempty"`
	Role string `xml:"role,attr,omitempty"`
	Name string `xml:"name,omitempty"`
}

type g2Role struct {
	Role string `xml:"role,attr,omitempty"`
	Text string `xml:",chardata"`
}

type g2Extension struct {
	Rel   string `xml:"rel,attr"`
	Value string `xml:"value,attr"`
}

type g2Hops struct {
	Hops []g2Hop `xml:"hop"`
}

type g2Hop struct {
	Sequence int      `xml:"seq,attr"`
	Party    g2Named  `xml:"party"`
	Action   *g2Doing `xml:"action"`
}

type g2Doing struct {
	g2Coded
	Target string `xml:"target,attr"`
}

type g2Rights struct {
	Holder     *g2Named      `xml:"copyrightHolder"`
	Notice     string        `xml:"copyrightNotice,omitempty"`
	Terms      *g2Terms      `xml:"usageTerms"`
	Extensions []g2Extension `xml:"rightsInfoExtProperty"`
	Mining     *g2Coded      `xml:"dataMining"`
}

type g2Terms struct {
	Href string `xml:"href,attr,omitempty"`
	Text string `xml:",chardata"`
}

type g2ItemMeta struct {
	ItemClass      *g2Coded      `xml:"itemClass"`
	Provider       g2Named       `xml:"provider"`
	VersionCreated string        `xml:"versionCreated"`
	FirstCreated   string        `xml:"firstCreated,omitempty"`
	Embargoed      string        `xml:"embargoed,omitempty"`
	PubStatus      *g2Coded      `xml:"pubStatus"`
	Generator      string        `xml:"generator,omitempty"`
	Titles         []string      `xml:"title"`
	Note           string        `xml:"edNote,omitempty"`
	Signal         *g2Coded      `xml:"signal"`
	Expires        string        `xml:"expires,omitempty"`
	Links          []g2Link      `xml:"link"`
	Extensions     []g2Extension `xml:"itemMetaExtProperty"`
}

type g2Link struct {
	Rel        string      `xml:"rel,attr"`
	Href       string      `xml:"href,attr,omitempty"`
	ID         string      `xml:"residref,attr,omitempty"`
	Type       string      `xml:"contenttype,attr,omitempty"`
	Size       int64       `xml:"size,attr,omitempty"`
	Language   *g2Language `xml:"language"`
	Title      string      `xml:"title,omitempty"`
	Caption    *g2Role     `xml:"description"`
	CreditLine string      `xml:"creditline,omitempty"`
}

type g2Language struct {
	Tag string `xml:"tag,attr"`
}

type g2Content struct {
	Urgency     int        `xml:"urgency,omitempty"`
	Located     *g2Named   `xml:"located"`
	Sources     []g2Named  `xml:"infoSource"`
	Parties     []g2Party  `xml:"creator"` // or contributor
	Language    g2Language `xml:"language"`
	Genre       *g2Named   `xml:"genre"`
	Keywords    []string   `xml:"keyword"`
	Subjects    []g2Named  `xml:"subject"`
	Slugline    string     `xml:"slugline,omitempty"`
	Headline    string     `xml:"headline"`
	Dateline    string     `xml:"dateline,omitempty"`
	By          string     `xml:"by,omitempty"`
	CreditLine  string     `xml:"creditline,omitempty"`
	Description *g2Role    `xml:"description"`
}

// g2Party is a creator or a contributor: the order of the credits is kept.
type g2Party struct {
	XMLName xml.Name
	g2Named
}

type g2ContentSet struct {
	XML struct {
		Type     string `xml:"contenttype,attr"`
		Language string `xml:"xml:lang,attr,omitempty"`
		HTML     struct {
			NS    string `xml:"xmlns,attr"`
			Title string `xml:"head>title"`
			Body  struct {
				Inner string `xml:",innerxml"`
			} `xml:"body"`
		} `xml:"html"`
	} `xml:"inlineXML"`
}
