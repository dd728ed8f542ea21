package newsml1

import (
	"encoding/base64"
	"strconv"
	"strings"
	"unicode/utf8"

	"kawat/internal/wire"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/nitf"
	"kawat/internal/wire/running"
)

// text reads the text: NITF or HTML, as elements or as escaped text, or plain paragraphs.
func (m component) text(s *wire.Story, c *wire.Copy) error {
	if len(m) == 0 {
		return nil
	}
	content := textOf(m[0])
	if content == nil {
		return nil
	}
	if doc := content.Child("nitf"); doc != nil {
		return nitf.Fill(s, c, doc)
	}
	if !hasElements(content) {
		return nitf.FillText(s, c, decoded(m[0], rawText(content)), false)
	}
	running.SetBody(s, c, running.Blocks(content))
	return nil
}

// hasElements says whether n is more than text.
func hasElements(n *markup.Node) bool {
	for _, c := range n.Nodes {
		if c.Name != "" {
			return true
		}
	}
	return false
}

// rawText is the text of n if n is nothing but text.
func rawText(n *markup.Node) string {
	if hasElements(n) {
		return ""
	}
	var b strings.Builder
	for _, c := range n.Nodes {
		b.WriteString(c.Text)
	}
	return b.String()
}

// decoded gives a text as it was before its component put it into base64, "" if that is no text.
func decoded(n *markup.Node, text string) string {
	for c := range n.Children("ContentItem") {
		if e := c.Child("Encoding"); e != nil && strings.EqualFold(e.Attr("Notation"), "base64") {
			data, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
			if err != nil || !utf8.Valid(data) {
				return ""
			}
			return string(data)
		}
	}
	return text
}

// maxMedia is how many pictures are kept of an item.
const maxMedia = 100

// pictures reads the pictures and the like that have an address on the web, each with the caption beside it.
func pictures(s *wire.Story, item *markup.Node) {
	var visit func(n *markup.Node, caption, credit string)
	visit = func(n *markup.Node, caption, credit string) {
		if line := n.Child("NewsLines", "CreditLine").Words(); line != "" {
			credit = line
		}
		for c := range n.Children("NewsComponent") {
			if text := textOf(c); text != nil && strings.Contains(roleOf(c), "caption") {
				caption = text.Words()
			}
		}
		for c := range n.Children("ContentItem") {
			kind := strings.ToLower(c.Child("MediaType").Attr("FormalName"))
			web := markup.WebURL(c.Attr("Href"), "http", "https")
			switch kind {
			case "photo", "image", "picture", "graphic", "video", "audio":
			default:
				continue
			}
			if web == "" || len(s.Media) == maxMedia {
				continue
			}
			media := wire.Media{URL: web, Caption: caption, Credit: credit, Type: strings.ToLower(markup.Clean(c.Child("MimeType").Attr("FormalName")))}
			if size, err := strconv.ParseInt(c.Child("Characteristics", "SizeInBytes").Words(), 10, 64); err == nil && size > 0 {
				media.Length = size
			}
			s.Media = append(s.Media, media)
		}
		for c := range n.Children("NewsComponent") {
			visit(c, caption, credit)
		}
	}
	for c := range item.Children("NewsComponent") {
		visit(c, "", "")
	}
}
