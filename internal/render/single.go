package render

import (
	"bytes"
	"fmt"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

// Single is one story as a document of its own: in feed.NINJS an item, not in an array; in feed.NewsMLG2 a newsItem, not
// in a message. Of a killed entry it is the notice, as in feeds. Other formats have no document of one story: that is an
// error.
func Single(site Site, e *feed.Entry, f feed.Format) (body []byte, contentType string, err error) {
	site.Title = line(site.Title)
	switch f {
	case feed.NINJS:
		body, err = ninjsFormat{site}.item(contentOf(site, e))
		return append(body, '\n'), ninjsFormat{}.contentType(), err
	case feed.NewsMLG2:
		body, err = newsmlg2Format{site}.item(contentOf(site, e))
		if err != nil {
			return nil, "", err
		}
		// Within a message the namespace is the message's.
		const root = "<newsItem "
		rest, ok := bytes.CutPrefix(bytes.TrimSpace(body), []byte(root))
		if !ok {
			return nil, "", fmt.Errorf("render: an item of NewsML-G2 does not begin with %q", root)
		}
		head := `<?xml version="1.0" encoding="UTF-8"?>` + "\n" + root + `xmlns="` + nsG2 + `" `
		return append(append([]byte(head), rest...), '\n'), "application/vnd.iptc.g2.newsitem+xml; charset=utf-8", nil
	}
	return nil, "", fmt.Errorf("render: no document of one story in %q", f)
}

// BodyText is the text of a story that Clean made, in plain text, with its dateline before the first words.
func BodyText(s *wire.Story) string {
	if s.Body.Text == "" {
		return ""
	}
	return datelineBefore(s) + s.Body.Text
}
