// Package webfeed reads the feeds of the web as a way in: RSS 0.9x, 1.0 and 2.0, Atom (RFC 4287, with the deleted entries
// of RFC 6721) and JSON Feed 1.x. Each entry is a story.
package webfeed

import (
	"bytes"
	"errors"
	"strings"

	"github.com/mmcdole/gofeed/atom"
	"github.com/mmcdole/gofeed/rss"

	"kawat/internal/wire"
	"kawat/internal/wire/markup"
)

// Bounds of a feed: entries, and elements within each other in one that is not well-formed.
const (
	maxEntries = 1000
	maxDepth   = 200
)

// Parse reads a feed that is in UTF-8, whatever its declaration says: one story for each entry, and a refusal for each
// that cannot be one. A deleted entry is a kill of the story that it names. What an entry leaves out and the feed says of
// all (language, author, rights) it has from the feed, with evidence. An entry without a date has none.
//
// Feeds of the web are often not well-formed. Such a feed is read as far as its entries are whole, and its stories say so;
// one that breaks off is refused.
func Parse(c *wire.Copy, data []byte) (stories []*wire.Story, refusals []*wire.Refusal) {
	data = bytes.TrimLeft(data, "\ufeff \t\r\n")
	if bytes.HasPrefix(data, []byte("{")) {
		return build(c, data, jsonFeed)
	}
	return build(c, data, xmlFeed)
}

// source is a feed in any of the formats.
type source struct {
	title    string
	language string
	rights   string
	authors  []string
	role     string // the authors' role in each entry, where it is not that of a reporter
	entries  []*entry
	mended   string // why the document is not well-formed, if it is not
}

// entry is what the formats say of one story, in their words.
type entry struct {
	id, link, title    string
	html, text         string // the body, as one of the two
	summary            string // HTML
	language           string
	published, updated string
	authors            []string
	contributors       []wire.Credit
	subjects           []wire.Subject
	keywords           []string
	rights, policy     string
	origin             string    // the title of the feed that the entry is from
	via                wire.Link // the original in another language: its address, and the language as title
	related            []wire.Link
	media              []wire.Media
	deleted            bool
	authored           bool // its credits are those of the elements for authors
	more               extension
}

func build(c *wire.Copy, data []byte, read func([]byte) (*source, error)) (stories []*wire.Story, refusals []*wire.Refusal) {
	feed, err := read(data)
	if err != nil {
		return nil, []*wire.Refusal{wire.AsRefusal(err)}
	}
	if n := len(feed.entries); n > maxEntries {
		return nil, []*wire.Refusal{wire.Refuse(wire.TooLarge, "The feed has %d entries, more than the %d that are taken at once: send it in parts.", n, maxEntries)}
	} else if n == 0 {
		return nil, []*wire.Refusal{wire.Refuse(wire.NoText, "The feed has no entries: there is no story in it.")}
	}
	for i, e := range feed.entries {
		s, err := e.story(c, feed)
		if err != nil {
			r := wire.AsRefusal(err)
			refusals = append(refusals, wire.Refuse(r.Code, "Entry %d (%.80q): %s", i+1, markup.Clean(e.title), r.Sentence))
			continue
		}
		stories = append(stories, s)
	}
	return stories, refusals
}

// xmlFeed reads RSS or Atom. markup's bounds are tried first, since gofeed has none of its own.
func xmlFeed(data []byte) (*source, error) {
	root, err := markup.ParseXML(data)
	if r := (*wire.Refusal)(nil); errors.As(err, &r) && (r.Code == wire.TooLarge || depth(data) > maxDepth) {
		return nil, err
	}
	// The declaration may name the charset that the feed was in before: gofeed would convert it once more.
	if rest, ok := bytes.CutPrefix(data, []byte("<?xml")); ok {
		_, data, _ = bytes.Cut(rest, []byte("?>"))
	}
	var feed *source
	if root != nil && root.Name == "entry" { // an entry by itself is a document too (RFC 4287, 2)
		root = &markup.Node{Name: "feed", Nodes: []*markup.Node{root}}
		data = append(append([]byte(`<feed xmlns="http://www.w3.org/2005/Atom">`), data...), "</feed>"...)
	}
	if isAtom(root, data) {
		parsed, problem := (&atom.Parser{}).Parse(bytes.NewReader(data))
		if problem != nil {
			return nil, errors.Join(err, problem)
		}
		feed = ofAtom(parsed, root)
	} else {
		parsed, problem := (&rss.Parser{}).Parse(bytes.NewReader(data))
		if problem != nil {
			return nil, errors.Join(err, problem)
		}
		feed = ofRSS(parsed)
	}
	if err != nil {
		feed.mended = wire.AsRefusal(err).Sentence
	}
	return feed, nil
}

func isAtom(root *markup.Node, data []byte) bool {
	if root != nil {
		return root.Name == "feed"
	}
	at := bytes.Index(data, []byte("<feed"))
	other := bytes.Index(data, []byte("<rss"))
	return at >= 0 && (other < 0 || at < other)
}

// depth is how deep elements may stand within each other at most, in a document that may not be well-formed.
func depth(data []byte) int {
	deepest, open := 0, 0
	for {
		i := bytes.IndexByte(data, '<')
		if i < 0 || i+1 == len(data) {
			return deepest
		}
		data = data[i+1:]
		switch {
		case bytes.HasPrefix(data, []byte("![CDATA[")):
			_, data, _ = bytes.Cut(data, []byte("]]>"))
		case data[0] == '/':
			open = max(open-1, 0)
		case data[0] != '!' && data[0] != '?':
			if end := bytes.IndexByte(data, '>'); end > 0 && data[end-1] == '/' {
				continue
			}
			open++
			deepest = max(deepest, open)
		}
	}
}

// DetectJSON says whether data, a JSON object in UTF-8, is a JSON Feed: its version is the address of the format.
func DetectJSON(data []byte) bool {
	const host, address = "jsonfeed.org", "://jsonfeed.org/version/"
	if !bytes.Contains(data, []byte(host)) {
		return false
	}
	i := bytes.Index(data, []byte(address))
	if i < 0 { // JSON may escape slashes
		i = bytes.Index(data, []byte(strings.ReplaceAll(address, "/", `\/`)))
	}
	if i < 0 {
		return false
	}
	head := bytes.TrimRight(data[:i], "htps")
	head, quoted := bytes.CutSuffix(head, []byte(`"`))
	head = bytes.TrimRight(head, " \t\r\n")
	head, named := bytes.CutSuffix(head, []byte(":"))
	return quoted && named && bytes.HasSuffix(bytes.TrimRight(head, " \t\r\n"), []byte(`"version"`))
}
