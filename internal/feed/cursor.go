package feed

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Cursor is how far a reader has come in a feed: it has every story as it stands whose newest version has a sequence on
// STORIES up to Sequence and was released up to Instant. The two are apart because a version under embargo is recorded long
// before it is released. The zero Cursor is a reader's that has nothing.
type Cursor struct {
	Sequence uint64
	Instant  time.Time // whole microseconds
}

// String writes the cursor as it stands in addresses: "4711.1795432101000000".
func (c Cursor) String() string {
	micros := int64(0)
	if !c.Instant.IsZero() {
		micros = c.Instant.UnixMicro()
	}
	return fmt.Sprintf("%d.%d", c.Sequence, micros)
}

// ParseCursor reads what String wrote, and "0" as the zero Cursor.
func ParseCursor(s string) (Cursor, error) {
	if s == "0" {
		return Cursor{}, nil
	}
	number, instant, ok := strings.Cut(s, ".")
	sequence, err := strconv.ParseUint(number, 10, 53) // Redis' scores are exact up to there
	micros, wrong := strconv.ParseUint(instant, 10, 53)
	if !ok || err != nil || wrong != nil {
		return Cursor{}, fmt.Errorf("%q is no cursor: take it from the answer before, or 0 to begin", s)
	}
	c := Cursor{Sequence: sequence}
	if micros > 0 {
		c.Instant = time.UnixMicro(int64(micros)).UTC()
	}
	return c, nil
}

// Batch is what a reader with a cursor has not got yet, or a part of it.
type Batch struct {
	// Entries are in the order of their release, oldest first.
	Entries []*Entry
	// Next is the reader's cursor once it has them.
	Next Cursor
	// More says that there is more already.
	More bool
}
