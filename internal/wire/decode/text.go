package decode

import (
	"strings"

	"kawat/internal/wire"
	"kawat/internal/wire/mail"
)

// Text gives copy in UTF-8, as Decode reads it: of a mail its parts. Its errors are refusals.
func Text(c *wire.Copy) (string, error) {
	if !mail.Detect(c.Data) {
		text, _, _, err := inUTF8(c)
		return string(text), err
	}
	m, err := mail.Open(c, c.Data)
	if err != nil {
		return "", err
	}
	var parts []string
	for _, part := range m.Parts {
		inner := *c
		inner.Data, inner.ContentType = part.Data, part.ContentType
		text, _, _, err := inUTF8(&inner)
		if err != nil {
			return "", err
		}
		parts = append(parts, string(text))
	}
	return strings.Join(parts, "\n\n"), nil
}
