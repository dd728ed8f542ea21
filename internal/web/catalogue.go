package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"kawat/internal/feed"
	"kawat/internal/render"
)

const (
	// feedsAPage is how many feeds a page of the catalogue lists: with them it stays below 30 KB.
	feedsAPage = 28
	// announced is how many of these a page announces to feed readers that look for feeds by themselves.
	announced = 8
	// headlines is how many of the newest stories the catalogue names, and alone how many a feed's own page does.
	headlines = 6
	alone     = 25
	// choices is how many languages, and how many agencies, the catalogue offers to choose from.
	choices = 20
)

// cataloguePage is what templates/catalogue.html shows.
type cataloguePage struct {
	Site      render.Site
	Title     string
	Canonical string
	Asked     asked
	Feeds     int // all there are
	Found     int // of these, what was asked for
	// Languages and Agencies are those with the most feeds; the numbers are how many there are of each.
	Languages, Agencies        []choice
	LanguageCount, AgencyCount int
	One                        *feedCard // the feed to show with all of its addresses
	Groups                     []group
	Announced                  []address
	Newest                     []newsline
	Previous, Next             string // addresses
	Page, Pages                int
	Loading                    bool // there may be more
	Reserved                   bool // stories' rights are, against AI
}

// asked is what a reader asked the catalogue for. Only one of Feed, Language, Agency and Find counts, in this order.
type asked struct {
	Feed, Language, Agency, Find string
	page                         int
}

type group struct {
	Title string
	ID    string
	Feeds []feedCard
}

type feedCard struct {
	*listing
	// Page is the address, within the site, of the feed's own page.
	Page    string
	Formats []address
}

type address struct {
	Name, Type, URL string
}

var formatNames = map[feed.Format]address{
	feed.RSS:      {Name: "RSS", Type: "application/rss+xml"},
	feed.Atom:     {Name: "Atom", Type: "application/atom+xml"},
	feed.JSON:     {Name: "JSON", Type: "application/feed+json"},
	feed.NINJS:    {Name: "ninjs", Type: "application/json"},
	feed.NewsMLG2: {Name: "NewsML-G2", Type: "application/vnd.iptc.g2.newsmessage+xml"},
}

func cardOf(site render.Site, l *listing) feedCard {
	c := feedCard{listing: l, Page: asked{Feed: l.Name}.address()}
	for _, f := range feed.Formats {
		a := formatNames[f]
		a.URL = site.Feed(l.Name, f)
		c.Formats = append(c.Formats, a)
	}
	return c
}

func (s *server) catalogue(w http.ResponseWriter, r *http.Request) {
	q, ok := askedFor(r.URL.Query())
	if !ok {
		refuse(w, r, notFound)
		return
	}
	x := s.index()
	p := s.cataloguePage(q, x)
	switch {
	case p == nil && !s.Feeds.Loaded():
		refuse(w, r, notLoaded)
		return
	case p == nil:
		refuse(w, r, notFound)
		return
	}
	if p.Reserved = s.reserves(x); p.Reserved {
		w.Header()["Tdm-Reservation"] = reserved
		w.Header()["Content-Usage"] = contentUsage
	}
	s.page(w, r, http.StatusOK, "catalogue.html", p)
}

// cataloguePage is the page that was asked for, nil when there is none.
func (s *server) cataloguePage(q asked, x *index) *cataloguePage {
	p := &cataloguePage{Site: s.Site, Title: s.Site.Title, Asked: q, Feeds: len(x.feeds), Loading: !s.Feeds.Loaded()}
	p.Canonical = s.Site.Home() + strings.TrimPrefix(q.address(), "/")
	if q.Feed != "" {
		l := x.byName[q.Feed]
		if l == nil {
			return nil
		}
		card := cardOf(s.Site, l)
		p.One, p.Title, p.Announced = &card, card.Title, card.announce()
		p.Newest = newslinesOf(s.Site, newestOf([]*feed.View{l.view}, alone))
		return p
	}
	found := x.byKind
	if q.turned(1) != (asked{page: 1}) {
		found = slices.DeleteFunc(slices.Clone(found), func(l *listing) bool { return !q.admits(l) })
	}
	p.Found = len(found)
	p.Pages = max(1, (len(found)+feedsAPage-1)/feedsAPage)
	p.Page = q.page
	if p.Page > p.Pages {
		return nil
	}
	for _, l := range found[(p.Page-1)*feedsAPage : min(p.Page*feedsAPage, len(found))] {
		card := cardOf(s.Site, l)
		if kind := kinds[l.kind()]; len(p.Groups) == 0 || p.Groups[len(p.Groups)-1].ID != kind.ID {
			p.Groups = append(p.Groups, kind)
		}
		g := &p.Groups[len(p.Groups)-1]
		g.Feeds = append(g.Feeds, card)
		if len(p.Announced) < announced*len(announcedFormats) {
			p.Announced = append(p.Announced, card.announce()...)
		}
	}
	p.Languages, p.LanguageCount = x.languages[:min(choices, len(x.languages))], len(x.languages)
	p.Agencies, p.AgencyCount = x.agencies[:min(choices, len(x.agencies))], len(x.agencies)
	if p.Page > 1 {
		p.Previous = q.turned(p.Page - 1).address()
	}
	if p.Page < p.Pages {
		p.Next = q.turned(p.Page + 1).address()
	}
	if p.First() {
		p.Newest = newslinesOf(s.Site, x.newest)
		if len(p.Groups) > 0 && p.Groups[0].ID == kinds[0].ID { // the first feed is shown in full, and not again below
			first := &p.Groups[0]
			p.One, first.Feeds = &first.Feeds[0], first.Feeds[1:]
			if len(first.Feeds) == 0 {
				p.Groups = p.Groups[1:]
			}
		}
	}
	return p
}

// First says that this is the front page.
func (p *cataloguePage) First() bool { return p.Asked == asked{page: 1} }

// Many says that the feeds do not all stand on one page.
func (p *cataloguePage) Many() bool { return p.Feeds > feedsAPage }

// The kinds of feeds, in the order of the catalogue.
var kinds = []group{
	{Title: "Everything, and by topic", ID: "general"},
	{Title: "By language", ID: "languages"},
	{Title: "By agency", ID: "agencies"},
}

func (l *listing) kind() int {
	switch {
	case l.view.Def.Language != "":
		return 1
	case l.Agency != "":
		return 2
	}
	return 0
}

// announcedFormats are what feed readers look for.
var announcedFormats = []feed.Format{feed.RSS, feed.Atom, feed.JSON}

// announce is the feed for readers that look for feeds by themselves.
func (c feedCard) announce() []address {
	var all []address
	for _, a := range c.Formats {
		for _, f := range announcedFormats {
			if a.Name == formatNames[f].Name {
				all = append(all, address{Name: c.Title + " (" + a.Name + ")", Type: a.Type, URL: a.URL})
			}
		}
	}
	return all
}

// longest is how much of a question is read; no feed's name and no sensible word is longer.
const longest = 100

// askedFor reads the question. What is not understood is passed over, except for a page that cannot be.
func askedFor(v url.Values) (q asked, ok bool) {
	q.page = 1
	if s := v.Get("page"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > 1e6 {
			return q, false
		}
		q.page = n
	}
	text := func(name string) string {
		s := strings.Join(strings.Fields(strings.ToValidUTF8(v.Get(name), "")), " ")
		if utf8.RuneCountInString(s) > longest {
			s = string([]rune(s)[:longest])
		}
		return s
	}
	switch {
	case text("feed") != "":
		return asked{Feed: text("feed"), page: 1}, true
	case text("language") != "":
		q.Language = text("language")
	case text("agency") != "":
		q.Agency = text("agency")
	default:
		q.Find = text("find")
	}
	return q, true
}

// admits says whether a feed is one of those asked for.
func (q asked) admits(l *listing) bool {
	switch {
	case q.Language != "":
		return strings.EqualFold(l.Language, q.Language)
	case q.Agency != "":
		return l.Agency == q.Agency
	case q.Find != "":
		word := strings.ToLower(q.Find)
		return strings.Contains(l.Name, word) || strings.Contains(strings.ToLower(l.Title), word) ||
			strings.Contains(strings.ToLower(l.Tongue), word)
	}
	return true
}

func (q asked) turned(page int) asked {
	q.page = page
	return q
}

// address is where the answer stands, within the site; there is one address for each answer.
func (q asked) address() string {
	v := url.Values{}
	for name, value := range map[string]string{"feed": q.Feed, "language": q.Language, "agency": q.Agency, "find": q.Find} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if q.page > 1 {
		v.Set("page", strconv.Itoa(q.page))
	}
	if len(v) == 0 {
		return "/"
	}
	return "/?" + v.Encode()
}
