package feed

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	// roundMost is how many feeds are brought up to date together, before news and the clock are looked at again.
	roundMost = 32
	// restLeast and restMost bound the rest after a round.
	restLeast = time.Millisecond
	restMost  = 50 * time.Millisecond
	// restStories is how many new stories in one feed make the rest as long as the round was; with few it is a quarter of that. The
	// more come, the less it matters to each that several are shown together, and the more there is to do before they get here.
	restStories = 16
)

// behindPatience is how long readers keep what they have when a new epoch of the cache holds less. What lacks is on its way: it
// was written into the epoch before just when that ended. Or it was given up, and will not come.
const behindPatience = 5 * time.Second

// round gives the feeds to render now, those that have waited longest, and when there may be more to do.
func (k *Keeper) round() (feeds []*keptFeed, next time.Time) {
	began := time.Now()
	next = began.Add(pollEvery)
	if began.Before(k.rests) {
		return nil, k.rests
	}
	sooner := func(at time.Time) {
		if at.Before(next) {
			next = at
		}
	}
	now, away := k.now(), k.Trouble() != ""
	for f := k.timed.first(); f.changed(now); f = k.timed.first() {
		k.timed.remove(f)
		if !k.waiting[f] {
			k.waiting[f], f.since = true, began.Add(-newsFirst)
		}
	}
	if f := k.timed.first(); f != nil {
		sooner(began.Add(f.next.Sub(now)))
	}
	for f := range k.waiting {
		switch {
		case f.retry.After(began):
			sooner(f.retry)
		case away && !f.changed(now): // it waits for the store, which the poll looks for
		default:
			feeds = append(feeds, f)
		}
	}
	if len(feeds) > roundMost {
		slices.SortFunc(feeds, func(a, b *keptFeed) int {
			return cmp.Or(a.since.Compare(b.since), cmp.Compare(a.name, b.name))
		})
		feeds, next = feeds[:roundMost], began
	}
	return feeds, next
}

// changed says that the feed has changed by the clock alone.
func (f *keptFeed) changed(now time.Time) bool {
	return f != nil && !f.next.IsZero() && !now.Before(f.next)
}

// refresh renders the feeds of a round, several at a time, and then rests: the longer, the more came and the longer it took.
func (k *Keeper) refresh(ctx context.Context, feeds []*keptFeed) {
	if len(feeds) == 0 {
		return
	}
	began := time.Now()
	defs := make([]Def, len(feeds))
	for i, f := range feeds {
		k.timed.remove(f)
		defs[i] = f.state.Def
	}
	windows := k.read(ctx, defs)
	fresh := make([]int, len(feeds))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, f := range feeds {
		group.Go(func() error {
			fresh[i] = k.bring(ctx, f, windows[i])
			return nil // its errors are the feed's own
		})
	}
	_ = group.Wait()
	now := k.now()
	for _, f := range feeds {
		if k.timed.put(f); !f.stale {
			delete(k.waiting, f)
			if !f.read {
				f.read = true
				k.unread--
			}
		}
		if f.stale || f.changed(now) {
			f.retry = time.Now().Add(retryAfter)
		}
	}
	k.seeWhetherLoaded()
	if k.loaded.Load() {
		took := time.Since(began)
		rest := took/4 + took*time.Duration(slices.Max(fresh))/restStories
		k.rests = time.Now().Add(min(max(rest, restLeast), restMost))
	}
}

// errUnread is the error of feeds that could not be read for a reason that was said for all of them.
var errUnread = fmt.Errorf("%w: it was not read", ErrNotReady)

// read reads feeds. Where the store is away it is not waited for: it is time for what the clock alone brings.
func (k *Keeper) read(ctx context.Context, defs []Def) []Window {
	if k.Trouble() == "" {
		ctx, cancel := context.WithTimeout(ctx, loadPatience)
		defer cancel()
		began := time.Now()
		windows, err := k.store.Windows(ctx, defs, k.now(), Held{k})
		k.Metrics.wasRead(began, err)
		if err == nil {
			return windows
		}
		if !errors.Is(err, ErrNotReady) && !errors.Is(ctx.Err(), context.Canceled) {
			k.log.Warn("feeds cannot be brought up to date", "feeds", len(defs), "error", err)
		}
	}
	return slices.Repeat([]Window{{Err: errUnread}}, len(defs))
}

// bring brings a feed up to date, or as far as the clock tells. It gives how many of its entries are new.
func (k *Keeper) bring(ctx context.Context, f *keptFeed, w Window) (fresh int) {
	fresh, err := k.render(f, w)
	if err != nil {
		f.stale, f.next = true, k.goOn(f.name, f.next)
		if !errors.Is(err, ErrNotReady) && ctx.Err() == nil {
			k.log.Warn("feed cannot be brought up to date", "feed", f.name, "error", err)
		}
		return 0
	}
	f.stale, f.next, f.state.Revision = false, w.View.Next, w.View.Revision
	return fresh
}

func (k *Keeper) render(f *keptFeed, w Window) (fresh int, err error) {
	if w.Err != nil {
		return 0, w.Err
	}
	before := k.Snapshot(f.name)
	if before != nil && k.goesBack(f, before, w.View) {
		return 0, ErrNotReady
	}
	fresh = k.hold(w.View)
	began := time.Now()
	snapshot, err := k.renderer.Snapshot(w.View)
	k.Metrics.wasRendered(began, err)
	if err != nil {
		k.release(w.View)
		return 0, err
	}
	k.show(f.name, snapshot)
	k.Metrics.showed(before, w.View, k.now())
	k.trace(before, w.View, began)
	if before == nil {
		fresh = 0
	}
	return fresh, nil
}

// goesBack says that a view of a new epoch holds less than the readers have, for now: a version or a kill that they were
// shown must not be taken back. A feed's revision is the same for the same versions in every epoch, and grows with each.
func (k *Keeper) goesBack(f *keptFeed, before *Snapshot, view *View) bool {
	had := before.View
	if had.Def != view.Def || had.Revision.Epoch == view.Revision.Epoch || view.Revision.Number >= had.Revision.Number {
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
	view := before.View.At(now)
	k.hold(view)
	began := time.Now()
	snapshot, err := k.renderer.Snapshot(view)
	k.Metrics.wasRendered(began, err)
	if err != nil {
		k.release(view)
		k.log.Warn("feed cannot be rendered", "feed", name, "error", err)
		return next
	}
	k.show(name, snapshot)
	k.Metrics.showed(before, view, k.now())
	k.trace(before, view, began)
	return view.Next
}
