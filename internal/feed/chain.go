package feed

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"math"
	"slices"
	"sort"
)

// Line is a story in a feed's index. Times are in microseconds of the Unix epoch.
type Line struct {
	Token string
	// Sequence is that of the version that stands.
	Sequence uint64
	// Release is the story's place in the feed; 0: it has left the feed.
	Release int64
	// Expires is when the story is shown no more; 0: never.
	Expires int64
}

const (
	// pageMean and pageMost are how many stories an archive document has on the average, and at most.
	pageMean = 50
	pageMost = 100
	// lookBack is how many sequences are read again when versions were indexed in another order than they were recorded. It is
	// more than the writers have in hand at a time.
	lookBack = 2048
)

// chain is the archive of a feed: its stories in pages, each of which is named by what it holds and by the page below it. A
// story says by itself whether it is the newest of its page, and pages are cut from the oldest story on, so that
// a new story on top leaves all pages below as they are.
type chain struct {
	epoch  string
	newest uint64 // sequences up to it were read
	sum    uint64 // of all sequences: what the index calls its revision
	lines  []line // in the order of their positions
	read   []line // not among the lines yet

	pages    []page // oldest first
	fresh    bool   // the pages are those of the lines
	at, till int64  // and of all instants from the one to the other, in microseconds
}

// line is a Line in little memory.
type line struct {
	token            [tokenLength]byte
	sequence         uint64
	release, expires int64
}

func lineOf(l Line) line {
	small := line{sequence: l.Sequence, release: l.Release, expires: l.Expires}
	copy(small.token[:], l.Token)
	return small
}

func (l *line) position() Position { return Position{l.release, string(l.token[:])} }

func (l *line) compare(m *line) int {
	return cmp.Or(cmp.Compare(l.release, m.release), bytes.Compare(l.token[:], m.token[:]))
}

// live says whether the story may be shown at an instant.
func (l *line) live(at int64) bool {
	return l.release != 0 && l.release <= at && (l.expires == 0 || at < l.expires)
}

// bytes name the version and its place.
func (l *line) bytes() (b [tokenLength + 16]byte) {
	copy(b[:], l.token[:])
	binary.BigEndian.PutUint64(b[tokenLength:], l.sequence)
	binary.BigEndian.PutUint64(b[tokenLength+8:], uint64(l.release))
	return b
}

// endsPage says that the story is the newest of its page.
func (l *line) endsPage() bool {
	h, b := fnv.New64a(), l.bytes()
	h.Write(b[:])
	return h.Sum64()%pageMean == 0
}

// page is the lines up to the one with an index, from the end of the page below on, as far as they are live.
type page struct {
	last int
	hash digest
}

// digest names a page and all below it.
type digest [sha256.Size]byte

// catchUp brings the chain up to date with the index. What was read before an error is kept.
func (c *chain) catchUp(ctx context.Context, store ArchiveStore, name string, now func() int64) error {
	for tries := 0; ; {
		after := c.newest
		revision, lines, err := store.Lines(ctx, name, after)
		if err != nil {
			return err
		}
		if revision.Epoch != c.epoch {
			*c = chain{epoch: revision.Epoch}
			if after > 0 {
				continue
			}
		}
		if len(lines) > 0 {
			for _, l := range lines {
				c.read = append(c.read, lineOf(l))
				c.newest = max(c.newest, l.Sequence)
			}
			continue
		}
		c.merge()
		if c.sum == revision.Number {
			c.cut(now())
			return nil
		}
		// Every version adds to the sum, so there is one that was indexed after others that were recorded later.
		switch tries++; {
		case tries <= 3:
			c.newest -= min(c.newest, lookBack)
		case tries == 4:
			*c = chain{epoch: revision.Epoch}
		default:
			return fmt.Errorf("%w: it changes while it is read", ErrNotReady)
		}
	}
}

// merge puts what was read among the lines.
func (c *chain) merge() {
	if len(c.read) == 0 {
		return
	}
	newer := make(map[[tokenLength]byte]line, len(c.read))
	for _, l := range c.read {
		if l.sequence > newer[l.token].sequence {
			newer[l.token] = l
		}
	}
	c.read = nil
	kept := c.lines[:0]
	for _, l := range c.lines {
		if n, ok := newer[l.token]; !ok || n.sequence <= l.sequence {
			kept = append(kept, l)
			delete(newer, l.token)
		}
	}
	if len(newer) == 0 && len(kept) == len(c.lines) {
		return
	}
	for _, l := range newer {
		kept = append(kept, l)
	}
	slices.SortFunc(kept, func(a, b line) int { return a.compare(&b) })
	c.lines, c.sum, c.fresh = kept, 0, false
	for i := range kept {
		c.sum += kept[i].sequence
	}
}

// cut makes the pages, where they are not those of the lines and the instant. The newest stories are in none, if none of them
// ends a page.
func (c *chain) cut(now int64) {
	if c.fresh && c.at <= now && now < c.till {
		return
	}
	c.fresh, c.at, c.till, c.pages = true, now, math.MaxInt64, c.pages[:0]
	var below digest
	h := newPageHash(below)
	for i := range c.lines {
		l := &c.lines[i]
		if !l.live(now) {
			if l.release > now {
				c.till = min(c.till, l.release)
			}
			continue
		}
		if l.expires != 0 {
			c.till = min(c.till, l.expires)
		}
		h.add(l)
		if h.lines == pageMost || l.endsPage() {
			below = h.sum()
			c.pages = append(c.pages, page{i, below})
			h.of, h.lines = append(h.of[:0], below[:]...), 0
		}
	}
}

// sheet is what an archive document holds: the stories of a page from one of them down.
type sheet struct {
	first Position // of its first story; bottom: it has none
	lines []line   // newest first
	hash  digest
	below *sheet // the page below, without its lines; nil: there is none
}

// from gives the sheet of the first story at or below a position.
func (c *chain) from(p Position) *sheet {
	newest := sort.Search(len(c.lines), func(i int) bool { return c.lines[i].position().Compare(p) > 0 }) - 1
	for newest >= 0 && !c.lines[newest].live(c.at) {
		newest--
	}
	s := &sheet{first: bottom}
	if newest < 0 {
		s.hash = newPageHash(digest{}).sum()
		return s
	}
	s.first = c.lines[newest].position()
	oldest := 0
	var below digest
	if n := sort.Search(len(c.pages), func(i int) bool { return c.pages[i].last >= newest }); n > 0 {
		under := c.pages[n-1]
		oldest, below = under.last+1, under.hash
		s.below = &sheet{first: c.lines[under.last].position(), hash: below}
	}
	h := newPageHash(below)
	for i := oldest; i <= newest; i++ {
		if l := c.lines[i]; l.live(c.at) {
			h.add(&l)
			s.lines = append(s.lines, l)
		}
	}
	s.hash = h.sum()
	slices.Reverse(s.lines)
	return s
}

// pageHash is the digest of a page that is being made, from its oldest story on.
type pageHash struct {
	of    []byte
	lines int
}

func newPageHash(below digest) *pageHash { return &pageHash{of: below[:]} }

func (h *pageHash) add(l *line) {
	b := l.bytes()
	h.of = append(h.of, b[:]...)
	h.lines++
}

func (h *pageHash) sum() digest { return sha256.Sum256(h.of) }
