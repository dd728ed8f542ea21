package web

import (
	"encoding/xml"
	"net/http"
	"strings"

	"kawat/internal/feed"
	"kawat/internal/render"
)

// subscriptions is the list of the feeds in OPML 2.0 (opml.org/spec2.opml, "Subscription lists"), which feed readers import.
// Each feed is one outline with its RSS, which every reader takes; the Atom of the same feed is a link inside it, so that
// nobody who imports the list subscribes twice. It has no dates: it changes with the feeds that there are, and not with
// what they hold.
type subscriptions struct {
	XMLName xml.Name  `xml:"opml"`
	Version string    `xml:"version,attr"`
	Atom    string    `xml:"xmlns:atom,attr"`
	Title   string    `xml:"head>title"`
	Docs    string    `xml:"head>docs"`
	Feeds   []outline `xml:"body>outline"`
}

type outline struct {
	Type     string      `xml:"type,attr"`
	Text     string      `xml:"text,attr"`
	Title    string      `xml:"title,attr"`
	Version  string      `xml:"version,attr"`
	Language string      `xml:"language,attr,omitempty"`
	XMLURL   string      `xml:"xmlUrl,attr"`
	HTMLURL  string      `xml:"htmlUrl,attr"`
	Atom     outlineLink `xml:"atom:link"`
}

type outlineLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

func subscriptionsTo(site render.Site, feeds []*listing) subscriptions {
	list := subscriptions{Version: "2.0", Atom: "http://www.w3.org/2005/Atom", Title: site.Title, Docs: "https://opml.org/spec2.opml"}
	for _, l := range feeds {
		list.Feeds = append(list.Feeds, outline{
			Type: "rss", Version: "RSS2", Text: l.Title, Title: l.Title, Language: l.Language,
			XMLURL: site.Feed(l.Name, feed.RSS), HTMLURL: strings.TrimSuffix(site.Home(), "/") + asked{Feed: l.Name}.address(),
			Atom: outlineLink{"alternate", formatNames[feed.Atom].Type, site.Feed(l.Name, feed.Atom)},
		})
	}
	return list
}

// opml is /opml. Until every feed was loaded nobody can say that the list is whole.
func (s *server) opml(w http.ResponseWriter, r *http.Request) {
	if !s.Feeds.Loaded() {
		refuse(w, r, notLoaded)
		return
	}
	body, err := xml.MarshalIndent(subscriptionsTo(s.Site, s.index().feeds), "", " ")
	if err != nil {
		s.Log.Error("the subscription list could not be written", "error", err)
		refuse(w, r, broken)
		return
	}
	w.Header().Set("Content-Type", "text/x-opml; charset=utf-8")
	send(w, r, http.StatusOK, append([]byte(xml.Header), append(body, '\n')...))
}
