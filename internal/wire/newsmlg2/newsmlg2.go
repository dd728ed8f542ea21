// Package newsmlg2 reads NewsML-G2 2.x (IPTC): a newsItem by itself, and the items of a newsMessage.
//
// What senders leave out or add against the schema does not matter: what is there is read.
package newsmlg2

import (
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/markup"
)

// maxItems is how many items a message may have.
const maxItems = 1000

// Parse reads a NewsML-G2 document that is in UTF-8: a story for each newsItem with text, a refusal for each item that
// cannot become a story. What an item does not say stays empty, version 0 is one that it does not state. Times without a
// zone are in the profile's.
//
// A kill (stat:canceled) needs no text. A package gives the items that are in it; one that only names items is passed
// over where one of them is in the same message, and refused otherwise. So are concepts and the like: passed over beside
// news, refused alone. Errors of the document as a whole are one refusal and no story.
func Parse(c *wire.Copy, data []byte) ([]*wire.Story, []*wire.Refusal) {
	root, err := markup.ParseXML(data)
	if err != nil {
		return nil, []*wire.Refusal{wire.AsRefusal(err)}
	}
	m := message{copy: c, catalogs: root.Child("header")}
	switch root.Name {
	case "newsMessage":
		// The schema has one itemSet; a second one is not a reason to lose what is in it.
		for set := range root.Children("itemSet") {
			m.collect(set)
		}
	case "itemSet":
		m.collect(root)
	default:
		m.add(root)
	}
	if len(m.items) > maxItems {
		return nil, []*wire.Refusal{wire.Refuse(wire.TooLarge, "The NewsML-G2 message has more than %d items: send fewer in a message.", maxItems)}
	}
	return m.read()
}

// message is what is collected of a document before any of it is read.
type message struct {
	copy     *wire.Copy
	catalogs *markup.Node
	items    []*markup.Node
	news     int // how many of the items are newsItems
}

// collect adds the items of an itemSet.
func (m *message) collect(set *markup.Node) {
	for _, n := range set.Nodes {
		if n.Name != "" {
			m.add(n)
		}
	}
}

// add adds an item; for a package that has newsItems in it, those.
func (m *message) add(n *markup.Node) {
	if n.Name == "newsItem" {
		m.news++
		m.items = append(m.items, n)
		return
	}
	before := len(m.items)
	for item := range n.All("newsItem") {
		m.news++
		m.items = append(m.items, item)
	}
	if len(m.items) == before {
		m.items = append(m.items, n)
	}
}

// read makes a story or a refusal of each item.
func (m *message) read() ([]*wire.Story, []*wire.Refusal) {
	var stories []*wire.Story
	var refusals []*wire.Refusal
	for i, n := range m.items {
		s, err := m.item(n)
		switch {
		case err != nil && len(m.items) == 1:
			refusals = append(refusals, wire.AsRefusal(err))
		case err != nil:
			r := wire.AsRefusal(err)
			refusals = append(refusals, wire.Refuse(r.Code, "Item %d: %s", i+1, r.Sentence))
		case s != nil:
			stories = append(stories, s)
		}
	}
	if len(stories)+len(refusals) == 0 {
		return nil, []*wire.Refusal{wire.Refuse(wire.NoText, "There is no newsItem in the NewsML-G2: send the text item itself.")}
	}
	return stories, refusals
}

// item reads one item; it gives neither a story nor an error for one that is passed over.
func (m *message) item(n *markup.Node) (*wire.Story, error) {
	switch n.Name {
	case "newsItem":
		return readItem(m.copy, n, m.catalogs)
	case "packageItem":
		if m.holds(n) {
			return nil, nil
		}
		return nil, wire.Refuse(wire.NoText, "The package %.100q only names its items: send the text items themselves, in the same message or each by itself.", markup.Clean(n.Attr("guid")))
	case "conceptItem", "knowledgeItem", "catalogItem", "planningItem":
		if m.news > 0 {
			return nil, nil
		}
		return nil, wire.Refuse(wire.NoText, "A %s holds no story: send news as a newsItem.", n.Name)
	}
	return nil, wire.Refuse(wire.NoText, "The element %.60q is no item of NewsML-G2 that holds a story: send news as a newsItem.", n.Name)
}

// holds says whether one of the items that a package names is in the message.
func (m *message) holds(pkg *markup.Node) bool {
	named := make(map[string]bool)
	for ref := range pkg.All("itemRef") {
		named[ref.Attr("residref")] = true
	}
	delete(named, "")
	for _, n := range m.items {
		if n.Name == "newsItem" && named[n.Attr("guid")] {
			return true
		}
	}
	return false
}

// set fills a field that is empty.
func set(field *string, value string) {
	if *field == "" {
		*field = strings.TrimSpace(value)
	}
}
