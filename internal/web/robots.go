package web

import (
	"encoding/json"
	"encoding/xml"
	"net/http"
	"strings"
)

// What crawlers are told in one place is the strictest that any feed's stories say. Where it is open to argument,
// the headers of the single feed or story are what counts.

// reservations are the feeds that hold a story whose rights are reserved.
func (s *server) reservations() (names []string, policies map[string]string) {
	policies = make(map[string]string)
	for _, l := range s.index().feeds {
		if l.reserved {
			names = append(names, l.Name)
			policies[l.Name] = l.policy
		}
	}
	return names, policies
}

// robots is /robots.txt (RFC 9309), with the preferences of AIPREF's attachment draft and the address of the licence
// (RSL 1.0, section 4.4).
func (s *server) robots(w http.ResponseWriter, r *http.Request) {
	var b strings.Builder
	b.WriteString("User-Agent: *\nAllow: /\n")
	if names, _ := s.reservations(); len(names) > 0 {
		b.WriteString("Content-Usage: " + contentUsage[0] + "\n\nLicense: " + s.Site.Home() + "license.xml\n")
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	send(w, r, http.StatusOK, []byte(b.String()))
}

// tdmrep is the TDM Reservation Protocol's file (W3C community group report, section 6): an array of locations, the
// first that fits counts.
func (s *server) tdmrep(w http.ResponseWriter, r *http.Request) {
	type rule struct {
		Location    string `json:"location"`
		Reservation int    `json:"tdm-reservation"`
		Policy      string `json:"tdm-policy,omitempty"`
	}
	rules := []rule{}
	names, policies := s.reservations()
	for _, name := range names {
		rules = append(rules, rule{Location: "/feeds/" + name + ".*", Reservation: 1, Policy: policies[name]})
	}
	if len(names) > 0 {
		rules = append(rules, rule{Location: "/stories/*", Reservation: 1}, rule{Location: "/feeds/*/archive/*", Reservation: 1})
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
	names, policies := s.reservations()
	if len(names) == 0 {
		refuse(w, r, notFound)
		return
	}
	var doc rsl
	add := func(url, policy string) {
		c := content{URL: url, Terms: policy}
		c.Prohibits.Type, c.Prohibits.Usage = "usage", "ai-all"
		doc.Contents = append(doc.Contents, c)
	}
	for _, name := range names {
		add("/feeds/"+name+".*", policies[name])
	}
	add("/stories/", "")
	add("/feeds/*/archive/", "")
	body, err := xml.MarshalIndent(doc, "", " ")
	if err != nil {
		s.Log.Error("the licence could not be written", "error", err)
		refuse(w, r, broken)
		return
	}
	w.Header().Set("Content-Type", "application/rsl+xml; charset=utf-8")
	send(w, r, http.StatusOK, append([]byte(xml.Header), append(body, '\n')...))
}
