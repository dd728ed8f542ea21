package render

import (
	"crypto/sha256"
	"encoding/base64"
	"slices"
)

// digest names bytes by their SHA-256.
type digest [sha256.Size]byte

// part is one item in one format, or what stands before, between or after the items. It is immutable.
type part struct {
	bytes    []byte
	digest   digest
	checksum checksum
}

func partOf(b []byte) *part { return &part{b, sha256.Sum256(b), checksumOf(b)} }

// or is another part where that has the same bytes, so that these are kept once, and known by it.
func (p *part) or(other *part) *part {
	if p.digest == other.digest {
		return other
	}
	return p
}

// groupMean is how many items a group has on the average.
const groupMean = 6

// beginsGroup says that a group of items begins with this one, by nothing but the item itself.
func (p *part) beginsGroup() bool { return int(p.digest[0])%groupMean == 0 }

// groupsOf cuts a feed's items into groups, which begin where an item says so, and those above the first group.
//
// In a group each item is packed with a view of those above it, which makes it a third shorter, and with none of those
// below. So a group can lose items at its end, as it does at the bottom of a feed, without being packed again. It never
// gets another at its beginning: the items above the first group, which may be joined by others, each stand alone. A new
// story then costs less than two items: itself, and sooner or later itself in its group. All that depends on the items
// and nothing else, so that every replica does the same.
func groupsOf(items []*part) (alone []*part, groups [][]*part) {
	end := len(items)
	for i := end - 1; i >= 0; i-- {
		if items[i].beginsGroup() {
			groups = append(groups, items[i:end])
			end = i
		}
	}
	slices.Reverse(groups)
	return items[:end], groups
}

// Tag names bytes by 128 bits of their SHA-256, as 22 characters that may stand in an entity tag.
func Tag(b []byte) string {
	sum := sha256.Sum256(b)
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}
