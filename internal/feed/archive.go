package feed

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// ErrGone says that an archive document is no more: a story in it, or in one below it, was corrected, killed, moved or has
// expired. The feed leads to those that hold now.
var ErrGone = errors.New("the archive was linked anew")

// ArchiveStore is where Archives reads. Its methods are called concurrently.
type ArchiveStore interface {
	// Lines gives lines of a feed's index whose sequences come after one, in the order of these, as many as can be read
	// without delaying others; and the feed's revision, the sum of all sequences, as it was when the lines were read. None
	// says that there are no more.
	Lines(ctx context.Context, name string, after uint64) (Revision, []Line, error)
	// Entries gives stories by their tokens, nil for those that are not there.
	Entries(ctx context.Context, tokens []string) ([]*Entry, error)
}

// ArchiveRenderer makes archive documents.
type ArchiveRenderer interface {
	// Imprint is all that the documents of a feed's archive are made of beside the stories: with the same imprint the same
	// archive gives the same bytes.
	Imprint(Def) string
	Archive(*Archive) (*Snapshot, error)
}

// Archive is a feed's stories from one down to the end of its page (RFC 5005, section 4), as one document. It is immutable.
type Archive struct {
	// Name is the document's, by the position of its first story and by what the document and all older ones hold.
	Name string
	// Previous is the name of the document with the next older stories, "" when there are none.
	Previous string
	View     *View
}

const (
	// linesKept bounds how many lines of indexes are kept in memory, of 56 bytes each; the one in use is always kept.
	linesKept = 1 << 20
	// archivesKept is how many documents are.
	archivesKept = 16
)

// Archives leads through all stories of feeds that are older than those that the feeds show. It asks its store at every call,
// so that nothing is shown that does not stand. Its methods may be called concurrently.
type Archives struct {
	store    ArchiveStore
	renderer ArchiveRenderer
	now      func() time.Time

	mu     sync.Mutex
	chains []*feedChain // the one used last first
	made   []madeArchive
}

type feedChain struct {
	name  string
	turn  *semaphore.Weighted // held by who reads or uses the chain
	chain chain
	lines int // as many as it had when it was last used
}

type madeArchive struct {
	feed, name string
	*Snapshot
}

// NewArchives makes Archives.
func NewArchives(store ArchiveStore, renderer ArchiveRenderer, now func() time.Time) *Archives {
	return &Archives{store: store, renderer: renderer, now: now}
}

// Before gives the name of the document with the stories right below a position. Where there are none, it is a document
// without stories.
func (a *Archives) Before(ctx context.Context, def Def, p Position) (string, error) {
	s, err := a.sheet(ctx, def.Name, justBelow(p))
	if err != nil {
		return "", err
	}
	return s.name(a.renderer.Imprint(def)), nil
}

// justBelow is the next lower position: no token has a character below the digits.
func justBelow(p Position) Position {
	return Position{p.Release, p.Token[:len(p.Token)-1] + string(p.Token[len(p.Token)-1]-1)}
}

// Archive gives the document with a name. The documents of one name are the same. ErrGone: there is none any more, or there
// never was; other errors pass by themselves.
func (a *Archives) Archive(ctx context.Context, def Def, name string) (*Snapshot, error) {
	if len(name) <= len(bottom.String()) {
		return nil, ErrGone
	}
	p, ok := ParsePosition(name[:len(bottom.String())])
	if !ok {
		return nil, ErrGone
	}
	imprint := a.renderer.Imprint(def)
	for range 3 {
		s, err := a.sheet(ctx, def.Name, p)
		if err != nil {
			return nil, err
		}
		if s.name(imprint) != name {
			return nil, ErrGone
		}
		if made := a.known(def.Name, name); made != nil {
			return made, nil
		}
		entries, err := a.entries(ctx, s)
		if err != nil {
			return nil, err
		}
		if entries == nil { // a story has changed since
			continue
		}
		archive := &Archive{Name: name, View: &View{Def: def, Entries: entries}}
		if len(entries) > 0 {
			archive.View.Updated = entries[0].Updated()
		}
		if s.below != nil {
			archive.Previous = s.below.name(imprint)
		}
		snapshot, err := a.renderer.Archive(archive)
		if err != nil {
			return nil, fmt.Errorf("render an archive of feed %s: %w", def.Name, err)
		}
		a.keep(madeArchive{def.Name, name, snapshot})
		return snapshot, nil
	}
	return nil, fmt.Errorf("%w: stories of feed %s change in the cache", ErrNotReady, def.Name)
}

// name is the document's name.
func (s *sheet) name(imprint string) string {
	sum := sha256.Sum256(append(s.hash[:], imprint...))
	return s.first.String() + "-" + hex.EncodeToString(sum[:16])
}

// sheet finds the first story at or below a position, and what comes with it, as they are now.
func (a *Archives) sheet(ctx context.Context, name string, p Position) (*sheet, error) {
	c := a.use(name)
	if err := c.turn.Acquire(ctx, 1); err != nil {
		return nil, err
	}
	defer c.turn.Release(1)
	if err := c.chain.catchUp(ctx, a.store, name, func() int64 { return a.now().UnixMicro() }); err != nil {
		return nil, fmt.Errorf("read the index of feed %s: %w", name, err)
	}
	a.count(c)
	return c.chain.from(p), nil
}

// entries reads the stories of a sheet; nil when one of them is not the version of the sheet. A document depends on the
// versions alone, so it shows of other languages what might be shown when the version was recorded and does not expire.
func (a *Archives) entries(ctx context.Context, s *sheet) ([]*Entry, error) {
	tokens := make([]string, len(s.lines))
	for i, l := range s.lines {
		tokens[i] = string(l.token[:])
	}
	entries, err := a.store.Entries(ctx, tokens)
	if err != nil {
		return nil, fmt.Errorf("read stories of an archive: %w", err)
	}
	shown := make([]*Entry, len(entries))
	for i, e := range entries {
		if e == nil || e.Sequence != s.lines[i].sequence {
			return nil, nil
		}
		shown[i] = e.Lasting()
	}
	return shown, nil
}

// use gives the chain of a feed.
func (a *Archives) use(name string) *feedChain {
	a.mu.Lock()
	defer a.mu.Unlock()
	i := slices.IndexFunc(a.chains, func(c *feedChain) bool { return c.name == name })
	if i < 0 {
		a.chains = slices.Insert(a.chains, 0, &feedChain{name: name, turn: semaphore.NewWeighted(1)})
		return a.chains[0]
	}
	c := a.chains[i]
	copy(a.chains[1:], a.chains[:i])
	a.chains[0] = c
	return c
}

// count drops the chains that were not used for the longest time, as far as there are too many lines. The chain is being read.
func (a *Archives) count(c *feedChain) {
	a.mu.Lock()
	defer a.mu.Unlock()
	c.lines = len(c.chain.lines)
	lines := 0
	for i, c := range a.chains {
		if lines += c.lines + 1; lines > linesKept && i > 0 {
			clear(a.chains[i:])
			a.chains = a.chains[:i]
			return
		}
	}
}

func (a *Archives) known(feed, name string) *Snapshot {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, m := range a.made {
		if m.feed == feed && m.name == name {
			return m.Snapshot
		}
	}
	return nil
}

// keep keeps a document in the place of the oldest.
func (a *Archives) keep(m madeArchive) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.made) == archivesKept {
		a.made = slices.Delete(a.made, 0, 1)
	}
	a.made = append(a.made, m)
}
