package feed

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"kawat/internal/traces"
)

// ErrNotReady is a Store's word that nobody can say now what a feed holds: the cache is empty or is being refilled. Keep
// what you have; it passes by itself.
var ErrNotReady = errors.New("the cache is not filled")

// Store is where a Keeper reads feeds from. Its methods are called concurrently. Any error, ErrNotReady too, leaves the
// Keeper with what it has.
type Store interface {
	// Feeds lists the feeds that changed since an earlier listing, or all of them where that cannot be told.
	Feeds(ctx context.Context, since Mark) (*Listing, error)
	// Windows gives what feeds show at an instant, in their order. What is held need not be read again.
	Windows(ctx context.Context, defs []Def, now time.Time, held Held) ([]Window, error)
	// Story gives one story, nil when there is none.
	Story(ctx context.Context, token string) (*Entry, error)
	// News calls changed with feeds that have changed, until the context ends; it may miss some.
	News(ctx context.Context, changed func(feeds []string))
}

// Listing is feeds with their revisions, as they were at one moment.
type Listing struct {
	Feeds map[string]State
	// Whole says that these are all feeds; otherwise those that changed since the mark that was asked about.
	Whole bool
	Mark  Mark
}

// Window is what a feed shows, or why that cannot be said.
type Window struct {
	View *View
	Err  error
}

// Held is what a Keeper has already; the zero Held is nothing.
type Held struct{ keeper *Keeper }

// Of gives an entry by its token, nil where it is not held.
func (h Held) Of(token string) *Entry {
	if h.keeper == nil {
		return nil
	}
	return h.keeper.known(token)
}

// Entries gives what a feed shows, as far as that is held.
func (h Held) Entries(name string) []*Entry {
	if h.keeper == nil {
		return nil
	}
	if s := h.keeper.Snapshot(name); s != nil {
		return s.View.Entries
	}
	return nil
}

// Mark is a moment in an epoch of the cache; the zero Mark is before all.
type Mark struct {
	Epoch string
	// Changes is how many times feeds had changed by then.
	Changes uint64
}

// Renderer makes the documents of a view. The same view gives the same bytes.
type Renderer interface {
	Snapshot(*View) (*Snapshot, error)
	// Forget drops what is kept for a feed that there is no more.
	Forget(name string)
}

const (
	// pollEvery bounds how late a feed is when all news of it is lost.
	pollEvery = 400 * time.Millisecond
	// retryAfter is how long a feed that could not be read or rendered is left alone, and a feed unknown so far is not asked for again.
	retryAfter = 75 * time.Millisecond
	// pollPatience and loadPatience are how long the Store may take to list the feeds, and to give those of one round.
	pollPatience = 500 * time.Millisecond
	loadPatience = 5 * time.Second
	// storyPatience is how long a reader of one story waits for the Store before it gets what is in memory.
	storyPatience = 500 * time.Millisecond
)

// Keeper keeps every feed's snapshot in memory, up to date. Readers never wait for it, nor it for them; without its Store
// it keeps the last good snapshots.
type Keeper struct {
	store    Store
	renderer Renderer
	now      func() time.Time
	log      *slog.Logger
	// Metrics and Traces are told what is shown; nil: nobody is. Set them before Run.
	Metrics *Metrics
	Traces  *traces.Traces

	snapshots sync.Map // name → *Snapshot
	loaded    atomic.Bool
	trouble   atomic.Pointer[string]

	mu      sync.Mutex
	entries map[string]*heldEntry // by token
	dirty   map[string]bool
	wake    chan struct{}

	// What follows is Run's own.
	feeds   map[string]*keptFeed
	unread  int                // of feeds: those that were never read
	waiting map[*keptFeed]bool // to be brought up to date
	timed   timetable
	rests   time.Time // until then nothing is rendered
	mark    Mark
	polled  bool // the store has answered once
}

// heldEntry is an entry that snapshots hold, and how many do.
type heldEntry struct {
	*Entry
	held int
}

// keptFeed is what Run knows of a feed.
type keptFeed struct {
	name  string
	state State
	read  bool // it was read once
	stale bool // the store has more
	// since is when it began to wait, retry when it may be tried again after a failure.
	since, retry time.Time
	next         time.Time // when it changes by the clock alone; zero: never
	row          int       // its place in the timetable, -1: none
	// behind is since when a new epoch of the cache holds less of the feed than its readers have; zero: it does not.
	behind time.Time
}

// NewKeeper makes a Keeper; Run makes it work.
func NewKeeper(store Store, renderer Renderer, now func() time.Time, log *slog.Logger) *Keeper {
	return &Keeper{
		store: store, renderer: renderer, now: now, log: log,
		entries: map[string]*heldEntry{}, dirty: map[string]bool{}, wake: make(chan struct{}, 1),
		feeds: map[string]*keptFeed{}, waiting: map[*keptFeed]bool{},
	}
}

// Snapshot gives a feed as it is served now, nil when there is no such feed (or none is loaded yet: see Loaded).
func (k *Keeper) Snapshot(name string) *Snapshot {
	if s, ok := k.snapshots.Load(name); ok {
		return s.(*Snapshot)
	}
	return nil
}

// Snapshots gives all feeds, by name, the default feed of everything first.
func (k *Keeper) Snapshots() []*Snapshot {
	var all []*Snapshot
	k.snapshots.Range(func(_, s any) bool {
		all = append(all, s.(*Snapshot))
		return true
	})
	slices.SortFunc(all, func(a, b *Snapshot) int {
		x, y := a.View.Def.Name, b.View.Def.Name
		switch {
		case x != y && x == AllName:
			return -1
		case x != y && y == AllName:
			return 1
		}
		return strings.Compare(x, y)
	})
	return all
}

// Loaded says whether every feed was loaded once; until then nobody can say that a feed does not exist.
func (k *Keeper) Loaded() bool { return k.loaded.Load() }

// Trouble says why the feeds cannot be kept up to date now, "" when they can.
func (k *Keeper) Trouble() string {
	if t := k.trouble.Load(); t != nil {
		return *t
	}
	return ""
}

// Story gives one story by its token, nil when there is none, whether or not it may be shown now. Where the Store cannot
// say, it gives what the snapshots hold, else an error.
func (k *Keeper) Story(ctx context.Context, token string) (*Entry, error) {
	ctx, cancel := context.WithTimeout(ctx, storyPatience)
	defer cancel()
	entry, err := k.store.Story(ctx, token)
	if err == nil {
		return entry, nil
	}
	if entry := k.known(token); entry != nil {
		return entry, nil
	}
	return nil, err
}

func (k *Keeper) known(token string) *Entry {
	k.mu.Lock()
	defer k.mu.Unlock()
	if e := k.entries[token]; e != nil {
		return e.Entry
	}
	return nil
}

// hold notes the entries of a view that is to be shown, so that other feeds need not read them, until release. It gives how many
// were not held yet.
func (k *Keeper) hold(v *View) (fresh int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, e := range slices.Concat(v.Entries, v.Coming) {
		whole, token := e.Whole(), e.Token()
		had := k.entries[token]
		if had == nil {
			had = &heldEntry{}
			k.entries[token] = had
		}
		if had.held++; had.Entry != whole {
			had.Entry = whole
			fresh++
		}
	}
	return fresh
}

// release drops the entries of a view that no other one holds.
func (k *Keeper) release(v *View) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, e := range slices.Concat(v.Entries, v.Coming) {
		token := e.Token()
		had := k.entries[token]
		if had.held--; had.held == 0 {
			delete(k.entries, token)
		}
	}
}

// show puts a feed's snapshot, whose view is held, in place of the one before.
func (k *Keeper) show(name string, s *Snapshot) {
	s.replaced = make(chan struct{})
	if before, ok := k.snapshots.Swap(name, s); ok {
		close(before.(*Snapshot).replaced)
		k.release(before.(*Snapshot).View)
	}
}

// Run keeps the snapshots up to date until the context ends.
func (k *Keeper) Run(ctx context.Context) {
	var news sync.WaitGroup
	news.Go(func() { k.store.News(ctx, k.changed) })
	defer news.Wait()
	timer := time.NewTimer(0)
	defer timer.Stop()
	var polled time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-k.wake:
		case <-timer.C:
		}
		unknown := k.takeNews()
		if time.Since(polled) >= pollEvery || unknown && time.Since(polled) >= retryAfter {
			k.poll(ctx)
			polled = time.Now()
			k.takeNews()
			k.dropNews()
			unknown = false
		}
		round, next := k.round()
		k.refresh(ctx, round)
		wait := min(time.Until(polled.Add(pollEvery)), time.Until(next))
		if unknown {
			wait = min(wait, time.Until(polled.Add(retryAfter)))
		}
		timer.Reset(max(0, wait))
	}
}

func (k *Keeper) changed(feeds []string) {
	k.mu.Lock()
	for _, f := range feeds {
		k.dirty[f] = true
	}
	k.mu.Unlock()
	select {
	case k.wake <- struct{}{}:
	default:
	}
}

// takeNews has the feeds wait that there is news of. It says whether there is news of a feed that only a poll can tell more of.
func (k *Keeper) takeNews() (unknown bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for name := range k.dirty {
		f := k.feeds[name]
		if f == nil {
			unknown = true
			continue
		}
		k.await(f, newsFirst)
		delete(k.dirty, name)
	}
	return unknown
}

// dropNews drops news of what is no feed, by the poll's word.
func (k *Keeper) dropNews() {
	k.mu.Lock()
	defer k.mu.Unlock()
	clear(k.dirty)
}

// newsFirst is how much longer other feeds have to wait than those that there is news of: where there is much to do at once, as after a
// refill of the cache, a new story or a kill does not stand behind what has only to be looked at again.
const newsFirst = time.Second

// await has a feed read as soon as may be.
func (k *Keeper) await(f *keptFeed, ahead time.Duration) {
	since := time.Now().Add(-ahead)
	if !k.waiting[f] || since.Before(f.since) {
		f.since = since
	}
	f.stale, k.waiting[f] = true, true
}

// poll asks which feeds there are and which have changed.
func (k *Keeper) poll(ctx context.Context) {
	asked, cancel := context.WithTimeout(ctx, pollPatience)
	listing, err := k.store.Feeds(asked, k.mark)
	cancel()
	k.say(ctx, err)
	if err != nil {
		return
	}
	k.polled, k.mark = true, listing.Mark
	for name, state := range listing.Feeds {
		f := k.feeds[name]
		if f == nil {
			f = &keptFeed{name: name, row: -1}
			k.feeds[name] = f
			k.unread++
		}
		if !f.read || f.state.Def != state.Def || f.state.Revision.olderThan(state.Revision) {
			f.state = state
			k.await(f, 0)
		}
	}
	if listing.Whole {
		for name, f := range k.feeds {
			if _, ok := listing.Feeds[name]; !ok {
				k.drop(f)
			}
		}
	}
	k.seeWhetherLoaded()
}

// seeWhetherLoaded notes when every feed that there is was read.
func (k *Keeper) seeWhetherLoaded() {
	if k.polled && k.unread == 0 {
		k.loaded.Store(true)
	}
}

// drop forgets a feed that there is no more.
func (k *Keeper) drop(f *keptFeed) {
	delete(k.feeds, f.name)
	delete(k.waiting, f)
	k.timed.remove(f)
	if !f.read {
		k.unread--
	}
	if before, ok := k.snapshots.LoadAndDelete(f.name); ok {
		k.release(before.(*Snapshot).View)
	}
	k.renderer.Forget(f.name)
}

// say logs when the store is lost and when it is there again, once each.
func (k *Keeper) say(ctx context.Context, err error) {
	if ctx.Err() != nil {
		return
	}
	before, text := k.Trouble(), ""
	if err != nil {
		text = err.Error()
	}
	if text == before {
		return
	}
	k.trouble.Store(&text)
	switch {
	case !k.polled:
		if err != nil {
			k.log.Info("waiting for the cache", "reason", err)
		}
	case err == nil:
		k.log.Info("the cache can be read again")
	case before == "":
		k.log.Warn("the cache cannot be read; serving what is in memory", "error", err)
	}
}
