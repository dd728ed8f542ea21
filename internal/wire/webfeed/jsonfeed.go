package webfeed

import (
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	ext "github.com/mmcdole/gofeed/extensions"

	"kawat/internal/wire"
)

// document is a JSON Feed 1.0 or 1.1. gofeed reads these as well, but without the extensions in them.
type document struct {
	Title    string   `json:"title"`
	Language string   `json:"language"`
	Author   *person  `json:"author"`
	Authors  []person `json:"authors"`
	Items    []item   `json:"items"`
}

type person struct {
	Name string `json:"name"`
}

type item struct {
	ID          jsontext.Value `json:"id"` // text by the book, a number as well
	URL         string         `json:"url"`
	Title       string         `json:"title"`
	HTML        string         `json:"content_html"`
	Text        string         `json:"content_text"`
	Summary     string         `json:"summary"`
	Image       string         `json:"image"`
	Published   string         `json:"date_published"`
	Modified    string         `json:"date_modified"`
	Author      *person        `json:"author"`
	Authors     []person       `json:"authors"`
	Tags        []string       `json:"tags"`
	Language    string         `json:"language"`
	Attachments []struct {
		URL   string         `json:"url"`
		Type  string         `json:"mime_type"`
		Title string         `json:"title"`
		Size  jsontext.Value `json:"size_in_bytes"`
	} `json:"attachments"`
	Kawat *record `json:"_kawat"`
}

// record is our own extension: the story's own words for what JSON Feed has no place for.
type record struct {
	Version     int64             `json:"version"`
	Status      string            `json:"status"`
	Signal      string            `json:"signal"`
	Urgency     int               `json:"urgency"`
	Slugline    string            `json:"slugline"`
	Byline      string            `json:"byline"`
	Dateline    wire.Dateline     `json:"dateline"`
	Created     string            `json:"created"`
	Revised     string            `json:"revised"`
	Embargo     string            `json:"embargo"`
	Expires     string            `json:"expires"`
	Subjects    []wire.Subject    `json:"subjects"`
	Places      []string          `json:"places"`
	Genre       string            `json:"genre"`
	Note        string            `json:"note"`
	Attribution wire.Attribution  `json:"attribution"`
	Translation *wire.Translation `json:"translation"`
	Rights      wire.Rights       `json:"rights"`
	Related     []wire.Link       `json:"related"`
	Media       []wire.Media      `json:"media"`
}

func jsonFeed(data []byte) (*source, error) {
	var d document
	if err := json.Unmarshal(data, &d); err != nil {
		return nil, err
	}
	feed := &source{title: d.Title, language: d.Language, authors: persons(d.Authors, d.Author)}
	for _, i := range d.Items {
		e := &entry{
			id: word(i.ID), link: i.URL, title: i.Title, html: i.HTML, summary: i.Summary, language: i.Language,
			published: i.Published, updated: i.Modified, authors: persons(i.Authors, i.Author), keywords: i.Tags,
		}
		if strings.TrimSpace(e.html) == "" {
			e.text = i.Text
		}
		if i.Kawat != nil {
			i.Kawat.into(e)
		}
		for _, a := range i.Attachments {
			e.addMedia(wire.Media{URL: a.URL, Type: a.Type, Caption: a.Title, Length: size(word(a.Size))})
		}
		if len(e.media) == 0 {
			e.addMedia(wire.Media{URL: i.Image})
		}
		feed.entries = append(feed.entries, e)
	}
	return feed, nil
}

// into says in an entry what the record says, as RSS and Atom have it, so that one reading does for all.
func (r *record) into(e *entry) {
	kawat, terms := map[string][]ext.Extension{}, map[string][]ext.Extension{}
	say := func(in map[string][]ext.Extension, name, value string, attributes ...string) {
		x := ext.Extension{Value: value, Attrs: map[string]string{}}
		for i := 0; i+1 < len(attributes); i += 2 {
			x.Attrs[attributes[i]] = attributes[i+1]
		}
		in[name] = append(in[name], x)
	}
	say(kawat, "version", number(r.Version))
	say(kawat, "status", r.Status)
	say(kawat, "signal", r.Signal)
	say(kawat, "urgency", number(int64(r.Urgency)))
	say(kawat, "slugline", r.Slugline)
	say(kawat, "byline", r.Byline)
	say(kawat, "dateline", r.Dateline.Text, "place", r.Dateline.Place, "agency", r.Dateline.Agency, "date", r.Dateline.Date)
	for _, v := range r.Attribution.Sources {
		say(kawat, "source", v.Name, "role", v.Role)
	}
	for _, v := range r.Attribution.Credits {
		say(kawat, "credit", v.Name, "role", v.Role)
	}
	say(kawat, "creditLine", r.Attribution.CreditLine)
	if t := r.Translation; t != nil {
		say(kawat, "translation", "", "of", t.Of, "from", t.From, "to", t.To, "method", t.Method)
	}
	say(kawat, "terms", r.Rights.Terms)
	say(kawat, "ai", string(r.Rights.AI))
	say(kawat, "territories", "", "allow", strings.Join(r.Rights.Territories.Allow, " "), "deny", strings.Join(r.Rights.Territories.Deny, " "))
	for _, v := range r.Subjects {
		say(kawat, "subject", v.Name, "code", v.Code)
	}
	say(kawat, "genre", r.Genre)
	say(kawat, "note", r.Note)
	for _, v := range r.Related {
		say(kawat, "related", v.Title, "href", v.URL)
	}
	say(terms, "rightsHolder", r.Rights.Holder)
	say(terms, "dateCopyrighted", number(int64(r.Rights.Year)))
	say(terms, "license", r.Rights.Policy)
	say(terms, "created", r.Created)
	say(kawat, "revised", r.Revised)
	say(kawat, "embargo", r.Embargo)
	say(kawat, "expires", r.Expires)
	for _, place := range r.Places {
		say(terms, "spatial", place)
	}
	for _, m := range r.Media {
		e.addMedia(m)
	}
	e.rights = r.Rights.Notice
	e.more = extension{"kawat": kawat, "dcterms": terms}
}

// word gives a value that is text or a number as text.
func word(v jsontext.Value) string {
	var s string
	if json.Unmarshal(v, &s) == nil {
		return s
	}
	if v.Kind() == '0' {
		return v.String()
	}
	return ""
}

// number writes a number, and nothing for none.
func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// persons gives the names of authors; JSON Feed 1.0 has one, 1.1 has several.
func persons(several []person, one *person) []string {
	if one != nil && len(several) == 0 {
		several = []person{*one}
	}
	var all []string
	for _, p := range several {
		if p.Name != "" {
			all = append(all, p.Name)
		}
	}
	return all
}
