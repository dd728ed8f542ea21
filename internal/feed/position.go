package feed

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
)

// Position is a story's place in a feed. Feeds are ordered by it, the greatest first: by release, then by token.
type Position struct {
	// Release is in microseconds of the Unix epoch.
	Release int64
	Token   string
}

// Position is where the entry stands in each of its feeds.
func (e *Entry) Position() Position { return Position{e.Release().UnixMicro(), e.Token()} }

// Compare is cmp.Compare for positions.
func (p Position) Compare(q Position) int {
	return cmp.Or(cmp.Compare(p.Release, q.Release), cmp.Compare(p.Token, q.Token))
}

// tokenLength is that of wire.Key.Token.
const tokenLength = 26

// bottom is below all stories.
var bottom = Position{Token: strings.Repeat("2", tokenLength)}

// String is the position as it stands in addresses, in 43 characters.
func (p Position) String() string { return fmt.Sprintf("%016d-%s", p.Release, p.Token) }

// ParsePosition reads a position as String writes it.
func ParsePosition(s string) (Position, bool) {
	release, token, _ := strings.Cut(s, "-")
	n, err := strconv.ParseInt(release, 10, 64)
	p := Position{n, token}
	ok := err == nil && len(token) == tokenLength && strings.Trim(token, "abcdefghijklmnopqrstuvwxyz234567") == ""
	return p, ok && p.String() == s
}
