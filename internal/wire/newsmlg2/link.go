package newsmlg2

import (
	"strconv"
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/markup"
)

// links reads the links to other items: the original of a translation, related stories, pictures.
func (it item) links(meta *markup.Node) {
	for n := range meta.Children("link") {
		web := markup.WebURL(n.Attr("href"), "http", "https")
		id := markup.Clean(n.Attr("residref"))
		switch rel := term(it.catalog.code(n, "rel")); {
		case rel == "translatedfrom" || rel == "translationof" || rel == "istranslationof" || rel == "translationfrom":
			if id == "" {
				id = markup.Clean(n.Attr("href"))
			}
			it.translated().Of = id
			set(&it.Translation.From, markup.Clean(n.Find("language").Attr("tag")))
		case rel == "previousversion":
			if it.Signal == wire.NoSignal {
				it.Signal = wire.Update
			}
		case isMedia(it.catalog, n):
			if web != "" && len(it.Media) < maxLinks {
				it.Media = append(it.Media, mediaOf(n, web))
			}
		case rel == "" || rel == "seealso":
			title := n.Child("title").Words()
			set(&title, markup.Clean(n.Attr("title")))
			set(&title, n.Child("headline").Words())
			if (web != "" || title != "") && len(it.Related) < maxLinks {
				it.Related = append(it.Related, wire.Link{Title: title, URL: web})
			}
		}
	}
	for n := range meta.Children("itemMetaExtProperty") {
		value := markup.Clean(n.Attr("value"))
		switch n.Attr("rel") {
		case "kawat:translationFrom":
			it.translated().From = value
		case "kawat:translationTo":
			it.translated().To = value
		case "kawat:translationMethod":
			it.translated().Method = value
		}
	}
}

// maxLinks is how many related stories, and how many pictures, are kept of an item.
const maxLinks = 100

// translated says that the item is a translation.
func (it item) translated() *wire.Translation {
	if it.Translation == nil {
		it.Translation = new(wire.Translation)
	}
	return it.Translation
}

// isMedia says whether a link leads to a picture or the like and not to a page.
func isMedia(c catalog, link *markup.Node) bool {
	kind, _, _ := strings.Cut(strings.ToLower(link.Attr("contenttype")), "/")
	switch kind {
	case "image", "audio", "video":
		return true
	}
	switch term(c.code(link.Child("itemClass"), "qcode")) {
	case "picture", "graphic", "audio", "video":
		return true
	}
	return strings.EqualFold(strings.TrimSpace(link.Attr("contenttype")), untyped)
}

// untyped is the type of a file of which nothing is known (RFC 2046, section 4.5.1).
const untyped = "application/octet-stream"

// mediaOf reads a link to a file, or a remoteContent, with what it says of it.
func mediaOf(n *markup.Node, web string) wire.Media {
	m := wire.Media{
		URL: web, Type: strings.ToLower(markup.Clean(n.Attr("contenttype"))),
		Credit: n.Child("creditline").Words(), Caption: n.Child("description").Words(),
	}
	if m.Type == untyped {
		m.Type = ""
	}
	set(&m.Caption, n.Child("title").Words())
	set(&m.Caption, markup.Clean(n.Attr("title")))
	if size, err := strconv.ParseInt(n.Attr("size"), 10, 64); err == nil && size > 0 {
		m.Length = size
	}
	return m
}
