package web

import (
	"net/http"
	"time"

	"kawat/internal/feed"
	"kawat/internal/render"
)

// headlines is how many of a feed's newest stories the catalogue names.
const headlines = 3

// cataloguePage is what templates/catalogue.html shows.
type cataloguePage struct {
	Site    render.Site
	Feeds   []feedCard
	Loading bool // there may be more
}

type feedCard struct {
	Name     string
	Title    string
	Language string // BCP 47, "" when there are several
	Stories  int
	Updated  time.Time
	Newest   []headline
	Formats  []address
}

type headline struct {
	Title    string
	Language string
	Address  string
	Killed   bool
	Released time.Time
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

func (s *server) catalogue(w http.ResponseWriter, r *http.Request) {
	p := cataloguePage{Site: s.Site, Loading: !s.Feeds.Loaded()}
	for _, snapshot := range s.Feeds.Snapshots() {
		p.Feeds = append(p.Feeds, cardOf(s.Site, snapshot.View))
	}
	if names, _ := s.reservations(); len(names) > 0 {
		w.Header()["Tdm-Reservation"] = reserved
		w.Header()["Content-Usage"] = contentUsage
	}
	s.page(w, r, http.StatusOK, "catalogue.html", p)
}

func cardOf(site render.Site, v *feed.View) feedCard {
	c := feedCard{Name: v.Def.Name, Title: v.Def.Title, Language: v.Def.Language, Updated: v.Updated}
	if c.Title == "" {
		c.Title = v.Def.Name
	}
	for _, f := range feed.Formats {
		a := formatNames[f]
		a.URL = site.Feed(v.Def.Name, f)
		c.Formats = append(c.Formats, a)
	}
	for _, e := range v.Entries {
		if !e.Killed() {
			c.Stories++
		}
	}
	for _, e := range v.Entries[:min(headlines, len(v.Entries))] {
		h := headline{
			Title: render.Title(e.Story), Language: e.Language, Address: site.Story(e.Key()), Released: e.Updated(),
			Killed: e.Killed(),
		}
		if h.Killed {
			n := render.NoticeOf(e)
			h.Title, h.Language = n.Title, n.Language
		}
		c.Newest = append(c.Newest, h)
	}
	return c
}
