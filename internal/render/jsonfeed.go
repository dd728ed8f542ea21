package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/gorilla/feeds"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

// jsonFormat writes JSON Feed 1.1.
type jsonFormat struct{ site Site }

// jsonFeed has its items always, also when there are none: the format requires them.
type jsonFeed struct {
	feeds.JSONFeed
	Items []struct{} `json:"items"`
}

// jsonItem adds to feeds.JSONItem its language, dates in UTC, attachments whose size has the format's name, and
// everything that only wire copy has.
type jsonItem struct {
	feeds.JSONItem
	PublishedDate string           `json:"date_published,omitempty"`
	ModifiedDate  string           `json:"date_modified,omitempty"`
	Language      string           `json:"language,omitempty"`
	Attachments   []jsonAttachment `json:"attachments,omitempty"`
	Kawat         jsonExtension    `json:"_kawat"`
}

// jsonAttachment does not embed feeds.JSONAttachment: that one brings its own MarshalJSON, and with it "size".
type jsonAttachment struct {
	URL         string `json:"url"`
	MIMEType    string `json:"mime_type"`
	Title       string `json:"title,omitempty"`
	SizeInBytes int64  `json:"size_in_bytes,omitempty"`
}

// jsonExtension is the record's own words for what JSON Feed has no place for.
type jsonExtension struct {
	Provider    string            `json:"provider"`
	Version     int64             `json:"version"`
	Status      wire.Status       `json:"status"`
	Signal      wire.Signal       `json:"signal"`
	Urgency     int               `json:"urgency,omitzero"`
	Slugline    string            `json:"slugline,omitzero"`
	Byline      string            `json:"byline,omitzero"`
	Dateline    wire.Dateline     `json:"dateline,omitzero"`
	Created     string            `json:"created,omitzero"`
	Revised     string            `json:"revised,omitzero"`
	Embargo     string            `json:"embargo,omitzero"`
	Expires     string            `json:"expires,omitzero"`
	Subjects    []wire.Subject    `json:"subjects,omitempty"`
	Places      []string          `json:"places,omitempty"`
	Genre       string            `json:"genre,omitzero"`
	Note        string            `json:"note,omitzero"`
	Attribution wire.Attribution  `json:"attribution"`
	Translation *wire.Translation `json:"translation"`
	Rights      wire.Rights       `json:"rights"`
	Related     []wire.Link       `json:"related,omitempty"`
	Media       []wire.Media      `json:"media,omitempty"`
	Alternates  []jsonAlternate   `json:"alternates,omitempty"`
}

// jsonAlternate is the same story in another language.
type jsonAlternate struct {
	URL      string `json:"url"`
	Language string `json:"language"`
	ID       string `json:"id"`
}

func (jsonFormat) name() feed.Format   { return feed.JSON }
func (jsonFormat) contentType() string { return "application/feed+json; charset=utf-8" }
func (jsonFormat) separator() string   { return ",\n" }

func (jsonFormat) item(c *content) ([]byte, error) {
	s := c.story
	it := jsonItem{
		JSONItem: feeds.JSONItem{
			Id:          c.id,
			Url:         c.page,
			Title:       c.title,
			ContentHTML: c.html,
			ContentText: c.text,
			Summary:     c.summary,
		},
		PublishedDate: rfc3339(c.published),
		ModifiedDate:  rfc3339(c.updated),
		Language:      c.language,
		Kawat: jsonExtension{
			Provider: s.Provider, Version: s.Version, Status: s.Status, Signal: s.Signal, Urgency: s.Urgency,
			Slugline: s.Slugline, Byline: s.Byline, Dateline: s.Dateline,
			Created: rfc3339(s.Created), Revised: rfc3339(s.Revised),
			Subjects: s.Subjects, Places: s.Places, Genre: s.Genre, Note: s.Note,
			Attribution: s.Attribution, Translation: s.Translation, Rights: s.Rights,
			Related: s.Related, Media: s.Media,
		},
	}
	if s.Embargo != nil {
		it.Kawat.Embargo = rfc3339(*s.Embargo)
	}
	if s.Expires != nil {
		it.Kawat.Expires = rfc3339(*s.Expires)
	}
	if it.ContentHTML == "" && it.ContentText == "" {
		it.ContentText = c.title // one of the two is required
	}
	for _, a := range c.alternates {
		it.Kawat.Alternates = append(it.Kawat.Alternates, jsonAlternate{a.Address, a.Language, a.ID})
	}
	authors, _ := persons(c)
	for _, a := range authors {
		it.Authors = append(it.Authors, &feeds.JSONAuthor{Name: a.Name})
	}
	for _, v := range s.Subjects {
		it.Tags = append(it.Tags, categoryOf(v).name())
	}
	it.Tags = append(it.Tags, s.Keywords...)
	for _, m := range s.Media {
		if it.Image == "" && strings.HasPrefix(m.Type, "image/") {
			it.Image = m.URL
		}
		if m.Type != "" { // required of an attachment
			it.Attachments = append(it.Attachments, jsonAttachment{
				URL: m.URL, MIMEType: m.Type, Title: m.Caption, SizeInBytes: m.Length,
			})
		}
	}
	return marshalJSON(it)
}

func (f jsonFormat) frame(v *feed.View, ch *channel) (head, tail []byte, err error) {
	next := ch.next
	if ch.older != "" { // the items that come after these are older
		next = f.site.Archive(v.Def.Name, ch.older, feed.JSON)
	}
	b, err := marshalJSON(jsonFeed{
		JSONFeed: feeds.JSONFeed{
			Version:     "https://jsonfeed.org/version/1.1",
			Title:       ch.title,
			Language:    ch.language,
			HomePageUrl: f.site.Home(),
			FeedUrl:     f.site.Feed(v.Def.Name, feed.JSON),
			NextUrl:     next,
			Description: description(f.site, ch),
			Authors:     []*feeds.JSONAuthor{{Name: f.site.Title, Url: f.site.Home()}},
		},
		Items: []struct{}{},
	})
	if err != nil {
		return nil, nil, err
	}
	head, ok := bytes.CutSuffix(b, []byte("]}"))
	if !ok {
		return nil, nil, fmt.Errorf("render: the frame of a JSON Feed ends in %q, not in its items", b[max(0, len(b)-10):])
	}
	return append(head, '\n'), []byte("\n]}\n"), nil
}

// marshalJSON writes HTML as it is: nothing of it is going to stand in an HTML page, and escaped it is twice as long.
func marshalJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
