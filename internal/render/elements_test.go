package render

import (
	"bytes"
	"encoding/xml"
	"strconv"
	"strings"
	"testing"

	"github.com/gorilla/feeds"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

// FuzzElements: RSS, and what Atom has of other namespaces, is byte for byte what encoding/xml makes of the same.
func FuzzElements(f *testing.F) {
	for _, text := range append(nasty, "") {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { asByReflection(t, filled(text)) })
}

func TestElements(t *testing.T) {
	older := fixedView()
	older.Below = &feed.Position{}
	for _, v := range []*feed.View{fixedView(), view(), longView(0), older} {
		asByReflection(t, v)
	}
}

func asByReflection(t *testing.T, v *feed.View) {
	t.Helper()
	d, _ := New(site).hold(v)
	for _, e := range v.Entries {
		c := contentOf(site, e)
		equal(t, rssFormat{site}.item, rssReference{}.item, c)
		equal(t, atomFormat{site}.item, atomReference, c)
	}
	for _, archive := range []string{"", "2026"} {
		ch := *d.channel
		ch.archive = archive
		head, tail, err := rssFormat{site}.frame(v, &ch)
		wantHead, wantTail, other := rssReference{site}.frame(v, &ch)
		if err != nil || other != nil || !bytes.Equal(head, wantHead) || !bytes.Equal(tail, wantTail) {
			t.Errorf("%q, %q is not %q, %q", head, tail, wantHead, wantTail)
		}
	}
}

func equal(t *testing.T, write, reference func(*content) ([]byte, error), c *content) {
	t.Helper()
	got, err := write(c)
	if err != nil {
		t.Fatal(err)
	}
	want, err := reference(c)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s\nis not\n%s", got, want)
	}
}

// rssReference writes RSS with encoding/xml.
type rssReference struct{ site Site }

// rssDocument is the root. feeds.RssFeedXml declares one namespace only.
type rssDocument struct {
	XMLName xml.Name `xml:"rss"`
	Version string   `xml:"version,attr"`
	Content string   `xml:"xmlns:content,attr"`
	Atom    string   `xml:"xmlns:atom,attr"`
	DC      string   `xml:"xmlns:dc,attr"`
	DCTerms string   `xml:"xmlns:dcterms,attr"`
	Media   string   `xml:"xmlns:media,attr"`
	RSL     string   `xml:"xmlns:rsl,attr"`
	Kawat   string   `xml:"xmlns:kawat,attr"`
	History string   `xml:"xmlns:fh,attr,omitempty"`
	Channel *rssChannel
}

type rssChannel struct {
	feeds.RssFeed
	Links   []rssLink `xml:"atom:link"`
	Archive *struct{} `xml:"fh:archive"`
}

type rssLink struct {
	Href string `xml:"href,attr"`
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
}

// rssItem adds to feeds.RssItem several categories, creators and contributors, and every other namespace.
type rssItem struct {
	feeds.RssItem
	Category     []rssCategory `xml:"category"` // in the place of the one without a domain
	Updated      string        `xml:"atom:updated"`
	Creators     []string      `xml:"dc:creator"`
	Contributors []string      `xml:"dc:contributor"`
	Language     string        `xml:"dc:language"`
	Rights       string        `xml:"dc:rights,omitempty"`
	extensionReference
}

type rssCategory struct {
	Domain string `xml:"domain,attr,omitempty"`
	Name   string `xml:",chardata"`
}

func (rssReference) item(c *content) ([]byte, error) {
	s := c.story
	it := rssItem{
		RssItem: feeds.RssItem{
			Title: c.title,
			Link:  c.page,
			// Readers take a description for HTML, so plain text is escaped once more.
			Description: escape(c.summary),
			Guid:        &feeds.RssGuid{Id: c.id, IsPermaLink: "false"},
			PubDate:     rfc822(c.published),
		},
		Updated:            rfc3339(c.updated),
		Creators:           c.creators,
		Language:           c.language,
		Rights:             s.Rights.Notice,
		extensionReference: extensionReferenceOf(c),
	}
	if c.html != "" {
		it.Content = &feeds.RssContent{Content: c.html}
	}
	for _, v := range s.Subjects {
		k := categoryOf(v)
		it.Category = append(it.Category, rssCategory{Domain: k.scheme, Name: k.name()})
	}
	for _, k := range s.Keywords {
		it.Category = append(it.Category, rssCategory{Name: k})
	}
	for _, p := range s.Attribution.Credits {
		switch p.Role {
		case wire.Reporter:
		case "":
			it.Contributors = append(it.Contributors, p.Name)
		default:
			it.Contributors = append(it.Contributors, p.Name+" ("+p.Role+")")
		}
	}
	for _, r := range s.Related {
		it.Related = append(it.Related, kawatRelated{Href: r.URL, Title: r.Title})
	}
	for _, a := range c.alternates {
		it.Alternates = append(it.Alternates, kawatAlternate{Href: a.Address, Language: a.Language, ID: a.ID})
	}
	for _, m := range s.Media {
		// RSS wants the length and the type, and most readers take the first enclosure only.
		if m.Type != "" && m.Length > 0 {
			it.Enclosure = &feeds.RssEnclosure{Url: m.URL, Length: strconv.FormatInt(m.Length, 10), Type: m.Type}
			break
		}
	}
	return xmlItem(it)
}

func (f rssReference) frame(v *feed.View, ch *channel) (head, tail []byte, err error) {
	doc := rssDocument{
		Version: "2.0", Content: nsContent, Atom: nsAtom, DC: nsDC, DCTerms: nsDCTerms, Media: nsMedia, RSL: nsRSL,
		Kawat: nsKawat,
		Channel: &rssChannel{
			RssFeed: feeds.RssFeed{
				Title:         ch.title,
				Link:          f.site.Home(),
				Description:   description(f.site, ch),
				Language:      ch.language,
				Copyright:     ch.copyright,
				LastBuildDate: rfc822(v.Updated),
				Generator:     "kawat",
				Docs:          "https://www.rssboard.org/rss-specification",
				Ttl:           5, // minutes
			},
		},
	}
	for _, r := range ch.history(f.site, v, feed.RSS) {
		doc.Channel.Links = append(doc.Channel.Links, rssLink{Href: r.href, Rel: r.rel, Type: "application/rss+xml"})
	}
	doc.History, doc.Channel.Archive = ch.marked()
	return xmlFrame(doc, "\n </channel>\n</rss>")
}

// extensionReference is what RSS and Atom say alike about an entry in other namespaces: Dublin Core for readers at large, RSL
// for crawlers, Media RSS for pictures, and our own for whoever wants the attribution whole.
type extensionReference struct {
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

func extensionReferenceOf(c *content) extensionReference {
	s := c.story
	x := extensionReference{
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

type atomReferenceEntry struct {
	feeds.AtomEntry
	Language    string         `xml:"xml:lang,attr"`
	Author      []atomPerson   `xml:"author"`
	Contributor []atomPerson   `xml:"contributor"`
	Category    []atomCategory `xml:"category"`
	Links       []atomLink     `xml:"link"`
	extensionReference
}

func atomReference(c *content) ([]byte, error) {
	s := c.story
	e := atomReferenceEntry{
		AtomEntry: feeds.AtomEntry{
			Title:     c.title,
			Id:        c.id,
			Published: rfc3339(c.published),
			Updated:   rfc3339(c.updated),
			Rights:    s.Rights.Notice,
			Content:   &feeds.AtomContent{Type: "html", Content: c.html},
		},
		Language:           c.language,
		extensionReference: extensionReferenceOf(c),
	}
	if c.summary != "" {
		e.Summary = &feeds.AtomSummary{Type: "text", Content: c.summary}
	}
	e.Author, e.Contributor = persons(c)
	page := link("alternate", c.page)
	page.Type, page.Language = "text/html", c.language
	e.Links = append(e.Links, page)
	for _, a := range c.alternates {
		other := link("alternate", a.Address)
		other.Type, other.Language = "text/html", a.Language
		e.Links = append(e.Links, other)
	}
	if t := s.Translation; t != nil {
		if of := WebAddress(t.Of); of != "" {
			via := link("via", of)
			if t.From != "und" {
				via.Language = t.From
			}
			e.Links = append(e.Links, via)
			e.IsVersionOf = ""
		}
	}
	for _, r := range s.Related {
		if r.URL == "" {
			e.Related = append(e.Related, kawatRelated{Title: r.Title})
			continue
		}
		related := link("related", r.URL)
		related.Title = r.Title
		e.Links = append(e.Links, related)
	}
	if s.Rights.Policy != "" {
		e.Links = append(e.Links, link("license", s.Rights.Policy)) // RFC 4946
	}
	for _, m := range s.Media {
		enclosure := link("enclosure", m.URL)
		enclosure.Type, enclosure.Title = m.Type, m.Caption
		if m.Length > 0 {
			enclosure.Length = strconv.FormatInt(m.Length, 10)
		}
		e.Links = append(e.Links, enclosure)
	}
	for _, v := range s.Subjects {
		k := categoryOf(v)
		e.Category = append(e.Category, atomCategory{Term: k.term, Scheme: k.scheme, Label: k.label})
	}
	for _, k := range s.Keywords {
		e.Category = append(e.Category, atomCategory{Term: k})
	}
	return xmlItem(e)
}
