package web

import (
	"cmp"
	"encoding/json"
	"encoding/xml"
	"net/http"
	"slices"
	"strings"

	"kawat/internal/feed"
)

// What crawlers are told in one place is the strictest that any story served here may say. Where it is open to argument,
// the headers of the single feed or story are what counts.

// location is addresses that are reserved; path may hold the signs of RFC 9309 ("*").
type location struct{ path, policy string }

// reservations are where stories are served whose rights are reserved, none when there is no such story. The first that fits
// an address counts: feeds that show such a story, for their policies' sake, then everything. What can be read is more than
// what feeds show now, by archives, cursors and the stories' pages, under the addresses of any feed.
func (s *server) reservations() []location {
	x := s.index()
	if !s.reserves(x) {
		return nil
	}
	var all []location
	for _, l := range x.feeds {
		if l.reserved {
			all = append(all, location{"/feeds/" + l.Name + ".*", l.policy})
		}
	}
	// "/feeds/world.*" fits the feed world.sport too.
	slices.SortStableFunc(all, func(a, b location) int { return cmp.Compare(len(b.path), len(a.path)) })
	return append(all, location{path: "/"})
}

// reserves says whether a story's rights are reserved, of those that the feeds show or of older ones. Nothing here knows the
// older ones: unless the feed of everything shows everything, some of them may be.
func (s *server) reserves(x *index) bool {
	all := x.byName[feed.AllName]
	return x.reserved || !s.Feeds.Loaded() || all == nil || all.view.Def.Filter != "" || all.view.Below != nil
}

// robots is /robots.txt (RFC 9309), with the preferences of AIPREF's attachment draft and the address of the licence
// (RSL 1.0, section 4.4).
func (s *server) robots(w http.ResponseWriter, r *http.Request) {
	var b strings.Builder
	b.WriteString("User-Agent: *\nAllow: /\n")
	if s.reserves(s.index()) {
		b.WriteString("Content-Usage: " + contentUsage[0] + "\n\nLicense: " + s.Site.Home() + "license.xml\n")
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	send(w, r, http.StatusOK, []byte(b.String()))
}

// tdmrep is the TDM Reservation Protocol's file (W3C community group report, section on the file on the origin
// server): an array of locations, the first that fits counts.
func (s *server) tdmrep(w http.ResponseWriter, r *http.Request) {
	type rule struct {
		Location    string `json:"location"`
		Reservation int    `json:"tdm-reservation"`
		Policy      string `json:"tdm-policy,omitempty"`
	}
	rules := []rule{}
	for _, l := range s.reservations() {
		rules = append(rules, rule{Location: l.path, Reservation: 1, Policy: l.policy})
	}
	body, err := json.Marshal(rules)
	if err != nil {
		s.Log.Error("the reservations could not be written", "error", err)
		refuse(w, r, broken)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	send(w, r, http.StatusOK, append(body, '\n'))
}

// license is the site's licence in Really Simple Licensing 1.0: what is reserved may not be used by AI.
func (s *server) license(w http.ResponseWriter, r *http.Request) {
	type content struct {
		URL       string `xml:"url,attr"`
		Prohibits struct {
			Type  string `xml:"type,attr"`
			Usage string `xml:",chardata"`
		} `xml:"license>prohibits"`
		Terms string `xml:"terms,omitempty"`
	}
	type rsl struct {
		XMLName  xml.Name  `xml:"https://rslstandard.org/rsl rsl"`
		Contents []content `xml:"content"`
	}
	all := s.reservations()
	if len(all) == 0 {
		refuse(w, r, notFound)
		return
	}
	var doc rsl
	for _, l := range all {
		c := content{URL: l.path, Terms: l.policy}
		c.Prohibits.Type, c.Prohibits.Usage = "usage", "ai-all"
		doc.Contents = append(doc.Contents, c)
	}
	body, err := xml.MarshalIndent(doc, "", " ")
	if err != nil {
		s.Log.Error("the licence could not be written", "error", err)
		refuse(w, r, broken)
		return
	}
	w.Header().Set("Content-Type", "application/rsl+xml; charset=utf-8")
	send(w, r, http.StatusOK, append([]byte(xml.Header), append(body, '\n')...))
}
