package decode

import "kawat/internal/wire"

// Text gives copy in UTF-8, as Decode reads it. Its errors are refusals.
func Text(c *wire.Copy) (string, error) {
	text, _, _, err := inUTF8(c)
	return string(text), err
}
