package feed

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// ErrNotReady is a Store's word that nobody can say now what a feed holds: the cache is empty or is being refilled. Keep
// what you have; it passes by itself.
var ErrNotReady = errors.New("the cache is not filled")

// Store is where a Keeper reads feeds from. Its methods are called concurrently. Any error, ErrNotReady too, leaves the
// Keeper with what it has.
type Store interface {
	// Feeds gives every feed and its revision.
	Feeds(ctx context.Context) (map[string]State, error)
	// Window gives what a feed shows at an instant. known gives an entry that the Keeper has, nil for others.
	Window(ctx context.Context, def Def, now time.Time, known func(token string) *Entry) (*View, error)
	// Story gives one story, nil when there is none.
	Story(ctx context.Context, token string) (*Entry, error)
	// News calls changed with feeds that have changed, until the context ends; it may miss some.
	News(ctx context.Context, changed func(feeds []string))
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
	// restFor is how long a feed that was just rendered rests, however much news there is.
	restFor = 75 * time.Millisecond
	// pollPatience and loadPatience are how long the Store may take to list the feeds, and to give one.
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

	snapshots sync.Map // name → *Snapshot
	loaded    atomic.Bool
	trouble   atomic.Pointer[string]

	mu      sync.Mutex
	entries map[string]*Entry // by token: what the snapshots hold
	dirty   map[string]bool
	wake    chan struct{}

	feeds  map[string]*keptFeed // Run's own
	polled bool                 // Run's own: the store has answered once
}

// keptFeed is what Run knows of a feed.
type keptFeed struct {
	state State
	built time.Time // when it was last rendered
	next  time.Time // when it changes by the clock alone
	stale bool      // it could not be read: try again
	// behind is since when a new epoch of the cache holds less of the feed than its readers have; zero: it does not.
	behind time.Time
}

// behindPatience is how long readers keep what they have when a new epoch of the cache holds less. What lacks is on its way: it
// was written into the epoch before just when that ended. Or it was given up, and will not come.
const behindPatience = 5 * time.Second

// NewKeeper makes a Keeper; Run makes it work.
func NewKeeper(store Store, renderer Renderer, now func() time.Time, log *slog.Logger) *Keeper {
	return &Keeper{
		store: store, renderer: renderer, now: now, log: log,
		entries: map[string]*Entry{}, dirty: map[string]bool{}, wake: make(chan struct{}, 1),
		feeds: map[string]*keptFeed{},
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
	return k.entries[token]
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
		if time.Since(polled) >= pollEvery || k.newsOfNewFeed() && time.Since(polled) >= restFor {
			k.poll(ctx)
			polled = time.Now()
		}
		due, next := k.due()
		k.refresh(ctx, due)
		wait := min(time.Until(polled.Add(pollEvery)), time.Until(next))
		if k.newsOfNewFeed() {
			wait = min(wait, time.Until(polled.Add(restFor)))
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

// newsOfNewFeed says that there is news of a feed that only a poll can tell more of.
func (k *Keeper) newsOfNewFeed() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	for name := range k.dirty {
		if k.feeds[name] == nil {
			return true
		}
	}
	return false
}

// poll asks which feeds there are and which have changed.
func (k *Keeper) poll(ctx context.Context) {
	asked, cancel := context.WithTimeout(ctx, pollPatience)
	states, err := k.store.Feeds(asked)
	cancel()
	k.say(ctx, err)
	if err != nil {
		return
	}
	k.polled = true
	for name, state := range states {
		kept := k.feeds[name]
		if kept == nil {
			kept = &keptFeed{stale: true}
			k.feeds[name] = kept
		}
		if kept.state.Def != state.Def || kept.state.Revision.olderThan(state.Revision) {
			kept.state, kept.stale = state, true
		}
	}
	for name := range k.feeds {
		if _, ok := states[name]; !ok {
			delete(k.feeds, name)
			k.snapshots.Delete(name)
			k.renderer.Forget(name)
		}
	}
	k.mu.Lock()
	for name := range k.dirty {
		if k.feeds[name] == nil {
			delete(k.dirty, name) // it was no feed's name
		}
	}
	k.mu.Unlock()
	k.forget()
}

// due gives the feeds to render now, and when the next one may be.
func (k *Keeper) due() (due []string, next time.Time) {
	k.mu.Lock()
	dirty := k.dirty
	k.dirty = map[string]bool{}
	for name := range dirty {
		if k.feeds[name] == nil {
			k.dirty[name] = true // until the next poll
		}
	}
	k.mu.Unlock()
	next = time.Now().Add(pollEvery)
	sooner := func(at time.Time) {
		if at.Before(next) {
			next = at
		}
	}
	now, away := k.now(), k.Trouble() != ""
	for name, f := range k.feeds {
		f.stale = f.stale || dirty[name]
		timed := !f.next.IsZero() && !now.Before(f.next)
		if !f.next.IsZero() && !timed {
			sooner(time.Now().Add(f.next.Sub(now)))
		}
		if !timed && (!f.stale || away) {
			continue
		}
		if rested := f.built.Add(restFor); time.Now().Before(rested) {
			sooner(rested)
			continue
		}
		due = append(due, name)
	}
	return due, next
}

// refresh renders feeds, several at a time.
func (k *Keeper) refresh(ctx context.Context, names []string) {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, name := range names {
		f := k.feeds[name]
		group.Go(func() error {
			f.built = time.Now()
			if k.Trouble() != "" { // do not wait for what is away: it is time for what the clock alone brings
				f.stale, f.next = true, k.goOn(name, f.next)
				return nil
			}
			view, err := k.load(ctx, name, f)
			if err != nil {
				f.stale = true
				f.next = k.goOn(name, f.next)
				if !errors.Is(err, ErrNotReady) && ctx.Err() == nil {
					k.log.Warn("feed cannot be brought up to date", "feed", name, "error", err)
				}
				return nil
			}
			f.stale, f.next, f.state.Revision = false, view.Next, view.Revision
			return nil
		})
	}
	_ = group.Wait() // errors are each feed's own
	if !k.loaded.Load() && k.polled && !k.anyStale() {
		k.loaded.Store(true)
	}
}

func (k *Keeper) anyStale() bool {
	for _, f := range k.feeds {
		if f.stale {
			return true
		}
	}
	return false
}

func (k *Keeper) load(ctx context.Context, name string, f *keptFeed) (*View, error) {
	ctx, cancel := context.WithTimeout(ctx, loadPatience)
	defer cancel()
	view, err := k.store.Window(ctx, f.state.Def, k.now(), k.known)
	if err != nil {
		return nil, err
	}
	if k.goesBack(name, f, view) {
		return nil, ErrNotReady
	}
	snapshot, err := k.renderer.Snapshot(view)
	if err != nil {
		return nil, err
	}
	k.mu.Lock()
	for _, e := range slices.Concat(view.Entries, view.Coming) {
		k.entries[e.Token()] = e.Whole()
	}
	k.mu.Unlock()
	k.snapshots.Store(name, snapshot)
	return view, nil
}

// goesBack says that a view of a new epoch holds less than the readers have, for now: a version or a kill that they were
// shown must not be taken back. A feed's revision is the same for the same versions in every epoch, and grows with each.
func (k *Keeper) goesBack(name string, f *keptFeed, view *View) bool {
	before := k.Snapshot(name)
	if before == nil || before.View.Def != view.Def || before.View.Revision.Epoch == view.Revision.Epoch ||
		view.Revision.Number >= before.View.Revision.Number {
		f.behind = time.Time{}
		return false
	}
	if f.behind.IsZero() {
		f.behind = time.Now()
	}
	return time.Since(f.behind) < behindPatience
}

// goOn lets embargoes end and stories expire in a feed that cannot be read now. It gives when that is to be looked at again.
func (k *Keeper) goOn(name string, next time.Time) time.Time {
	before, now := k.Snapshot(name), k.now()
	if before == nil || next.IsZero() || now.Before(next) {
		return next
	}
	snapshot, err := k.renderer.Snapshot(before.View.At(now))
	if err != nil {
		k.log.Warn("feed cannot be rendered", "feed", name, "error", err)
		return next
	}
	k.snapshots.Store(name, snapshot)
	return snapshot.View.Next
}

// forget drops the entries that no snapshot shows any more.
func (k *Keeper) forget() {
	shown := map[string]bool{}
	for _, s := range k.Snapshots() {
		for _, e := range slices.Concat(s.View.Entries, s.View.Coming) {
			shown[e.Token()] = true
		}
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	for token := range k.entries {
		if !shown[token] {
			delete(k.entries, token)
		}
	}
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
