package nitf

import (
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/markup"
	"kawat/internal/wire/running"
)

// FillText reads text that NewsML has as text: escaped NITF or HTML, or plain paragraphs. It is told apart by how it
// begins; html says that it is HTML in any case.
func FillText(s *wire.Story, c *wire.Copy, text string, html bool) error {
	inner := strings.TrimSpace(text)
	switch {
	case strings.HasPrefix(inner, "<nitf") || strings.HasPrefix(inner, "<?xml") && strings.Contains(inner, "<nitf"):
		doc, err := markup.ParseXML([]byte(inner))
		if err != nil {
			return err
		}
		return Fill(s, c, doc)
	case html || strings.HasPrefix(inner, "<"):
		doc, err := markup.ParseHTML(inner)
		if err != nil {
			return err
		}
		running.SetBody(s, c, running.Blocks(doc))
	default:
		running.SetBody(s, c, running.Blocks(running.Paragraphs(text)))
	}
	return nil
}
