// Package ninjs reads ninjs, IPTC's News in JSON: 1.0 to 1.6, 2.0 to 2.2, 3.0 and 3.1.
//
// The generations differ in names (byline, by), in shape (headline, headlines) and in case; names are matched without
// regard to case, and a document may mix the generations as some senders do. What the schema does not know is passed
// over; a value of another type than the schema's is read as well as it can be, and the evidence says so.
package ninjs

import (
	"slices"
	"strings"

	"kawat/internal/wire"
)

// maxItems is how many items a message may have.
const maxItems = 1000

// Detect says whether data, a JSON document, is ninjs: an item, an array of items, or a collection of them
// ({"items": […]}, {"item": …}). It looks at the names of the first item only, and tells JSON Feed apart, whose items
// have none of those names.
func Detect(data []byte) bool {
	return plainlyItem(data) || detect(data, 0)
}

// plainlyItem says of nearly all ninjs what detect would, in a fraction of the time: that it is an item whose telling name has
// nothing before it that may be another format's.
func plainlyItem(data []byte) bool {
	r := plainReader{s: data}
	if r.next() != '{' {
		return false
	}
	r.at++
	for first := true; first || r.word(","); first = false {
		if r.next() != '"' {
			return false
		}
		name, ok := r.text()
		if name = strings.ToLower(name); ok && (telling[name] || strings.HasPrefix(name, "body_")) {
			return true
		}
		if !ok || name == "version" || slices.Contains(collections, name) || r.next() != ':' {
			return false
		}
		r.at++
		if _, ok = r.value(); !ok || r.next() == 0 {
			return false
		}
	}
	return false
}

// telling are the names by which an item is known. JSON Feed has none of them.
var telling = map[string]bool{
	"uri": true, "headline": true, "headlines": true, "bodies": true, "pubstatus": true, "versioncreated": true,
	"embargoed": true, "embargoeduntil": true, "representationtype": true,
}

// collections are the names under which messages hold items: plainly, and as AP and Superdesk have them.
var collections = []string{"items", "item", "data", "_items"}

func detect(data []byte, depth int) bool {
	d := decoder(data)
	t, err := d.ReadToken()
	if err != nil || depth > 4 {
		return false
	}
	switch t.Kind() {
	case '[':
		first, err := d.ReadValue()
		return err == nil && detect(first, depth+1)
	case '{':
	default:
		return false
	}
	for d.PeekKind() == '"' {
		t, err := d.ReadToken()
		if err != nil {
			return false
		}
		name := strings.ToLower(t.String())
		if telling[name] || strings.HasPrefix(name, "body_") {
			return true
		}
		v, err := d.ReadValue()
		switch {
		case err != nil:
			return false
		case name == "version" && strings.HasPrefix(string(v), `"https://jsonfeed.org/`):
			return false
		}
		for _, c := range collections {
			if name == c && detect(v, depth+1) {
				return true
			}
		}
	}
	return false
}

// Parse reads a ninjs document that is in UTF-8: a story for each item with text, a refusal for each one that cannot
// become a story. It may be an item, an array of items, or a collection. What an item does not say stays empty. Times
// without a zone are in the profile's.
//
// A kill needs no text. Errors of the document as a whole are one refusal and no story. A name that stands twice in an
// object counts as it stands last; an item in which the second one would change which story it is, which version, or whether
// it may be published, is refused.
func Parse(c *wire.Copy, data []byte) ([]*wire.Story, []*wire.Refusal) {
	doc, err := readJSON(data)
	if err != nil {
		return nil, []*wire.Refusal{wire.AsRefusal(err)}
	}
	items := itemsOf(&doc, nil, 0)
	switch {
	case len(items) == 0:
		return nil, []*wire.Refusal{wire.Refuse(wire.NoText, "There is no item in the ninjs: send the item with its text.")}
	case len(items) > maxItems:
		return nil, []*wire.Refusal{wire.Refuse(wire.TooLarge, "The ninjs has more than %d items: send fewer in a message.", maxItems)}
	}
	var stories []*wire.Story
	var refusals []*wire.Refusal
	for i, item := range items {
		s, err := readItem(c, item)
		if err == nil {
			stories = append(stories, s)
			continue
		}
		r := wire.AsRefusal(err)
		if len(items) > 1 {
			r = wire.Refuse(r.Code, "Item %d: %s", i+1, r.Sentence)
		}
		refusals = append(refusals, r)
	}
	return stories, refusals
}

// itemsOf finds the items of a document, at most one more than a message may have.
func itemsOf(v *value, to []*value, depth int) []*value {
	if len(to) > maxItems {
		return to
	}
	if v.kind == '[' {
		for i := range v.values {
			if depth > 4 {
				return append(to, v)
			}
			to = itemsOf(&v.values[i], to, depth+1)
		}
		return to
	}
	if !isItem(v) && depth <= 4 {
		for _, name := range collections {
			if c := v.get(name); c != nil && (c.kind == '{' || c.kind == '[') {
				return itemsOf(c, to, depth+1)
			}
		}
	}
	return append(to, v)
}

func isItem(v *value) bool {
	for i := range v.members {
		if name := v.members[i].name; telling[name] || strings.HasPrefix(name, "body_") {
			return true
		}
	}
	return false
}
