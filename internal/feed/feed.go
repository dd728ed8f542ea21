// Package feed says which stories are in a feed, in which order, at an instant, and keeps each feed's rendered
// snapshot in memory for the readers.
package feed

import (
	"cmp"
	"slices"
	"time"

	"kawat/internal/wire"
)

// Def is a feed's definition. Its identity is Name, which is also its address: /feeds/<name>.rss.
type Def struct {
	Name     string `json:"name"`
	Title    string `json:"title"`
	Language string `json:"language,omitempty"` // BCP 47; "" for a feed of several languages
	// Filter is a CEL expression over the story record; "" admits every story.
	Filter string `json:"filter,omitempty"`
	// Size is how many stories the feed shows; never 0 in a Def that was loaded.
	Size int `json:"size"`
}

// DefaultSize is how many stories a feed shows when its definition does not say.
const DefaultSize = 50

// Entry is a story as a feed shows it: its newest version, and when the story first appeared.
type Entry struct {
	wire.Record
	// First is when the story was first released, over all of its versions: what feeds call published.
	First time.Time
	// Feeds are the names of the feeds that the story is in.
	Feeds []string

	whole *Entry // what this entry was made of, where it shows less
	stage int    // see Stage
	token string // "": it has to be made
}

// NewEntry makes an entry of which the token is often asked for.
func NewEntry(record wire.Record, first time.Time, feeds []string) *Entry {
	return &Entry{Record: record, First: first, Feeds: feeds, token: record.Key().Token()}
}

// At gives the entry as it may be shown at an instant, without the translations, and without the original, whose embargo has
// not ended or that have expired, and when that changes (zero: never).
func (e *Entry) At(now time.Time) (shown *Entry, next time.Time) {
	var released []wire.Counterpart
	stage := 0
	sooner := func(t time.Time) {
		if next.IsZero() || t.Before(next) {
			next = t
		}
	}
	for _, t := range e.Translations {
		switch {
		case now.Before(t.From):
			sooner(t.From)
		case t.Until.IsZero():
			stage++
			released = append(released, t)
		case now.Before(t.Until):
			stage++
			released = append(released, t)
			sooner(t.Until)
		default:
			stage += 2
		}
	}
	linked := true
	if t := e.bounded(); t != nil {
		switch {
		case t.Embargo != nil && now.Before(*t.Embargo): // lifted for this one only
			linked = false
			sooner(*t.Embargo)
		case t.Expires == nil:
			stage++
		case now.Before(*t.Expires):
			stage++
			sooner(*t.Expires)
		default:
			linked = false
			stage += 2
		}
	}
	return e.showing(released, linked, stage), next
}

// bounded is the entry's translation where the original that it was made from is not shown at all times; nil: it always is.
func (e *Entry) bounded() *wire.Translation {
	if t := e.Translation; t != nil && t.Provider != "" && (t.Embargo != nil || t.Expires != nil) {
		return t
	}
	return nil
}

// Lasting gives the entry as it may be shown for as long as its version stands: without the translations, and the original, whose
// embargo had not ended when it was recorded, and without those that expire.
func (e *Entry) Lasting() *Entry {
	var lasting []wire.Counterpart
	for _, t := range e.Translations {
		if !e.Recorded.Before(t.From) && t.Until.IsZero() {
			lasting = append(lasting, t)
		}
	}
	t := e.bounded()
	return e.showing(lasting, t == nil || t.Expires == nil && !e.Recorded.Before(*t.Embargo), lastingStage)
}

// lastingStage is that of Lasting, which no instant has.
const lastingStage = -1

// showing is the entry with some of its translations, and linked to its original or not.
func (e *Entry) showing(translations []wire.Counterpart, linked bool, stage int) *Entry {
	if len(translations) == len(e.Translations) && linked {
		return e
	}
	story, less := *e.Story, *e
	story.Translations = translations
	if !linked {
		alone := *story.Translation
		alone.Provider = "" // as where it has not come
		story.Translation = &alone
	}
	less.Story, less.whole, less.stage = &story, e, stage
	return &less
}

// Stage tells apart what At gives of one record: how many embargoes of its translations and its original have ended and how many
// of these have expired.
func (e *Entry) Stage() int {
	if e.whole == nil {
		stage := len(e.Translations)
		if e.bounded() != nil {
			stage++
		}
		return stage
	}
	return e.stage
}

// Whole gives the entry with all that At has left out.
func (e *Entry) Whole() *Entry {
	if e.whole != nil {
		return e.whole
	}
	return e
}

// Token is the story's name in addresses.
func (e *Entry) Token() string {
	if e.token != "" {
		return e.token
	}
	return e.Key().Token()
}

// Visible says whether the entry may be shown at an instant: its embargo is over and it has not expired.
// A killed story stays visible, as its notice.
func (e *Entry) Visible(now time.Time) bool {
	return !now.Before(e.Release()) && (e.Killed() || e.Expires == nil || now.Before(*e.Expires))
}

// Killed says that the entry is to be shown as a notice, without a word of the story.
func (e *Entry) Killed() bool { return e.Status != wire.Usable }

// Updated is when the entry last changed, for its readers.
func (e *Entry) Updated() time.Time { return e.Release() }

// View is what a feed holds at an instant. It is immutable once made.
type View struct {
	Def Def
	// Entries are ordered by their positions, newest first; every one of them is visible.
	Entries []*Entry
	// Updated is the instant of the last change that the feed's readers can see; the zero time for a feed that never
	// held a story. It never goes back, and is never "now".
	Updated time.Time
	// Next is when the view changes by the clock alone (an embargo ends, a story expires); zero: never.
	Next time.Time
	// Revision is the feed's revision that the view is at least as new as.
	Revision Revision
	// Below is the position below which older stories of the feed may stand; nil when there are none.
	Below *Position
	// Coming are the next entries whose embargo has not ended; they are shown nowhere.
	Coming []*Entry
}

// At is the view at a later instant, as far as its own entries tell: embargoes end and stories expire, even while nobody can
// say whether there is news.
func (v *View) At(now time.Time) *View {
	later := &View{Def: v.Def, Updated: v.Updated, Revision: v.Revision, Below: v.Below}
	for _, entries := range [][]*Entry{v.Entries, v.Coming} {
		for _, e := range entries {
			later.Add(e.Whole(), now)
		}
	}
	later.Finish()
	return later
}

// Add puts an entry into a view that is being made, if it may be shown at that instant, and notes when that will change.
func (v *View) Add(e *Entry, now time.Time) {
	switch {
	case e.Visible(now):
		shown, next := e.At(now)
		if !next.IsZero() {
			v.changes(next)
		}
		v.Entries = append(v.Entries, shown)
		v.Updated = later(v.Updated, e.Updated())
		if e.Expires != nil && !e.Killed() {
			v.changes(*e.Expires)
		}
	case now.Before(e.Release()):
		v.Coming = append(v.Coming, e)
		v.changes(e.Release())
	default: // expired: the feed changed when it went
		v.Updated = later(v.Updated, *e.Expires)
	}
}

func (v *View) changes(at time.Time) {
	if v.Next.IsZero() || at.Before(v.Next) {
		v.Next = at.UTC()
	}
}

// Finish orders the entries and keeps as many as the feed shows.
func (v *View) Finish() {
	slices.SortFunc(v.Entries, func(a, b *Entry) int { // as their positions, but tokens have to be made
		if c := cmp.Compare(b.Release().UnixMicro(), a.Release().UnixMicro()); c != 0 {
			return c
		}
		return cmp.Compare(b.Token(), a.Token())
	})
	if len(v.Entries) > v.Def.Size {
		v.Entries = v.Entries[:v.Def.Size:v.Def.Size]
		v.Continues()
	}
}

// Continues notes that there may be older stories than the entries.
func (v *View) Continues() {
	if n := len(v.Entries); n > 0 {
		last := v.Entries[n-1].Position()
		v.Below = &last
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b.UTC()
	}
	return a
}

// Revision tells two states of a feed apart. The number grows with every change of the feed within an epoch of the
// cache.
type Revision struct {
	Epoch  string
	Number uint64
}

// olderThan says that a feed at revision r has to be read again to be at s.
func (r Revision) olderThan(s Revision) bool { return r.Epoch != s.Epoch || r.Number < s.Number }

// State is a feed as the cache lists it.
type State struct {
	Def      Def
	Revision Revision
}

// Format is one of the formats that feeds are published in; it is also the extension of the address.
type Format string

const (
	RSS  Format = "rss"
	Atom Format = "atom"
	JSON Format = "json"
	// NINJS is ninjs 3.1 (IPTC News in JSON), NewsMLG2 a NewsML-G2 news message.
	NINJS    Format = "ninjs"
	NewsMLG2 Format = "newsml"
)

// Formats are all of them, in the order in which they are offered.
var Formats = []Format{RSS, Atom, JSON, NINJS, NewsMLG2}
