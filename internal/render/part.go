package render

import (
	"crypto/sha256"
	"encoding/base64"
)

// digest names bytes by their SHA-256.
type digest [sha256.Size]byte

// part is one item in one format, or what stands before or after the items. It is immutable.
type part struct {
	bytes  []byte
	digest digest
}

func partOf(b []byte) *part { return &part{bytes: b, digest: sha256.Sum256(b)} }

// groupMean is how many items a group has on the average.
const groupMean = 6

// beginsGroup says that a group of items begins with this one, by nothing but the item itself.
func (p *part) beginsGroup() bool { return int(p.digest[0])%groupMean == 0 }

// runs cuts a feed's items into the runs that are packed in one piece. Packed together items are a third shorter, but a
// group that changes has to be packed again. So groups are of items of which none will come or go until the group goes as
// a whole: they begin where an item says so. Items above the newest such item, which may be joined by others, stand alone,
// and so do those below the oldest, which leave one by one. A new story then costs about three items, of which two are
// paid when a group is made or undone. That depends on the items and nothing else, so that every replica does the same.
func runs(items []*part) [][]*part {
	var all [][]*part
	last := -1
	for i, p := range items {
		if !p.beginsGroup() {
			continue
		}
		if last < 0 {
			all = alone(all, items[:i])
		} else {
			all = append(all, items[last:i])
		}
		last = i
	}
	return alone(all, items[max(last, 0):])
}

func alone(all [][]*part, items []*part) [][]*part {
	for i := range items {
		all = append(all, items[i:i+1])
	}
	return all
}

// Tag names bytes by 128 bits of their SHA-256, as 22 characters that may stand in an entity tag.
func Tag(b []byte) string {
	sum := sha256.Sum256(b)
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}
