package cache

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"
	"golang.org/x/sync/errgroup"

	"kawat/internal/feed"
)

// mostComing is how many embargoed stories of a feed are read ahead, for the case that Redis is away when they are released.
const mostComing = 32

// headsMost and storiesMost bound how many stories are asked about, and how many are read, in one request.
const headsMost, storiesMost = 1000, 100

// apartMost is how many feeds are asked about at once where each is asked about by itself.
const apartMost = 16

// Windows gives what feeds show at an instant: of each as many visible entries as its size. What several of them show is read
// once, and what the caller holds already only where it changed. ErrNotReady: keep what you have.
func (c *Cache) Windows(ctx context.Context, defs []feed.Def, now time.Time, held feed.Held) ([]feed.Window, error) {
	// What is read counts only if its epoch is still the one that is served afterwards. So it may begin with the epoch of the last time.
	e, _ := c.lastServed.Load().(epoch)
	for range 2 {
		if e == "" {
			var err error
			if e, err = c.serving(ctx); err != nil {
				return nil, err
			}
		}
		r := reading{cache: c, epoch: e, now: now, held: held, heads: map[string][]any{}, found: stories{}}
		windows, err := r.windows(ctx, defs)
		if err != nil {
			return nil, err
		}
		served, err := r.served(ctx)
		if err != nil {
			return nil, err
		}
		c.lastServed.Store(served)
		if served == e {
			return windows, nil
		}
		e = served
	}
	return nil, fmt.Errorf("%w: it was swapped while it was read", ErrNotReady)
}

// reading is what Windows does in one epoch. Where one Redis has all keys it asks for several things in one request, since they
// are read in their order there.
type reading struct {
	cache *Cache
	epoch epoch
	now   time.Time
	held  feed.Held
	heads map[string][]any // of entries that are held, by token
	found stories
	// last is the answer to who is served, of the last request.
	last *redis.SliceCmd
}

func (r *reading) windows(ctx context.Context, defs []feed.Def) ([]feed.Window, error) {
	windows, err := r.begin(ctx, defs)
	if err != nil {
		return nil, err
	}
	for open := windows; len(open) > 0; {
		var tokens []string
		for _, w := range open {
			tokens = append(tokens, w.tokens...)
		}
		// All revisions were read before, so that no entry is older than its feed's.
		if err := r.read(ctx, tokens); err != nil {
			return nil, err
		}
		for _, w := range open {
			w.add(r.found, r.now)
		}
		open = slices.DeleteFunc(slices.Clone(open), func(w *window) bool { return w.complete() })
		if err := r.next(ctx, open); err != nil {
			return nil, err
		}
		open = slices.DeleteFunc(open, func(w *window) bool { return len(w.tokens) == 0 })
	}
	got := make([]feed.Window, len(windows))
	for i, w := range windows {
		w.view.Finish()
		if w.more && w.view.Below == nil {
			w.view.Continues()
		}
		got[i] = feed.Window{View: w.view, Err: w.err}
	}
	return got, nil
}

// served is the epoch that is served after all was read: an emptied Redis gives empty answers, not errors.
func (r *reading) served(ctx context.Context) (epoch, error) {
	if r.last == nil {
		return r.cache.serving(ctx)
	}
	return r.cache.servingOf(ctx, r.last.Val())
}

// ask asks who is served at the end of a request, where that is answered after all the rest.
func (r *reading) ask(ctx context.Context, p redis.Pipeliner) {
	if !r.cache.apart() {
		r.last = askServing(ctx, p)
	}
}

// window is a feed's view that is being made.
type window struct {
	view   *feed.View
	tokens []string // of stories to look at
	looked int      // how many of the newest were looked at, those in tokens too
	more   bool     // there are older ones, which were not looked at
	shown  map[string]bool
	err    error
}

// begin reads the feeds' revisions, and which stories they show at first. With them it reads the heads of those that they are
// known to show, if these are sure to be read after the revisions.
func (r *reading) begin(ctx context.Context, defs []feed.Def) ([]*window, error) {
	limit := strconv.FormatInt(r.now.UnixMicro(), 10)
	coming, newest := make([]*redis.StringSliceCmd, len(defs)), make([]*redis.StringSliceCmd, len(defs))
	states := make([]*redis.SliceCmd, len(defs))
	heads := map[string]*redis.SliceCmd{}
	ask := func(p redis.Pipeliner, i int) {
		keys := r.epoch.index(defs[i].Name)
		newest[i] = p.ZRangeArgs(ctx, redis.ZRangeArgs{Key: keys[0], ByScore: true, Rev: true,
			Start: limit, Stop: "-inf", Offset: 0, Count: int64(windowMost(defs[i], 0)) + 1})
		coming[i] = p.ZRangeArgs(ctx, redis.ZRangeArgs{Key: keys[0], ByScore: true, Start: "(" + limit, Stop: "+inf", Count: mostComing})
		states[i] = p.HMGet(ctx, keys[2], "left", "revision")
	}
	// What is asked of a feed is answered together, or a story that gets a new version meanwhile is on neither of its lists.
	var err error
	errs := make([]error, len(defs)) // of single feeds
	if r.cache.apart() {
		var group errgroup.Group
		group.SetLimit(apartMost)
		for i := range defs {
			group.Go(func() error {
				_, errs[i] = r.cache.client.TxPipelined(ctx, func(p redis.Pipeliner) error { ask(p, i); return nil })
				return nil
			})
		}
		_ = group.Wait()
		// One whose slot moves to another server, or waits half-way for somebody to mend it, keeps none of the others back.
		if !slices.Contains(errs, nil) {
			err = errors.Join(errs...)
		}
	} else {
		_, err = r.cache.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
			for i := range defs {
				ask(p, i)
			}
			for _, token := range r.shown(defs) {
				heads[token] = askHead(ctx, p, r.epoch, token)
			}
			r.ask(ctx, p)
			return nil
		})
	}
	if err != nil {
		return nil, err
	}
	for token, head := range heads {
		r.heads[token] = head.Val()
	}
	windows := make([]*window, len(defs))
	for i, def := range defs {
		w := &window{view: &feed.View{Def: def, Revision: feed.Revision{Epoch: string(r.epoch)}}, shown: map[string]bool{}}
		windows[i] = w
		if w.err = errs[i]; w.err != nil {
			continue
		}
		w.look(newest[i].Val())
		w.tokens = slices.Concat(coming[i].Val(), w.tokens)
		left, _ := states[i].Val()[0].(string)
		if number, ok := states[i].Val()[1].(string); ok {
			if w.view.Revision.Number, err = strconv.ParseUint(number, 10, 64); err != nil {
				return nil, fmt.Errorf("revision of feed %s: %w", def.Name, err)
			}
		}
		if at, err := fromMicros(left); err == nil {
			w.view.Updated = at
		}
	}
	return windows, nil
}

// shown are the tokens of what feeds showed when they were read last, at most headsMost.
func (r *reading) shown(defs []feed.Def) []string {
	var tokens []string
	asked := map[string]bool{}
	for _, def := range defs {
		for _, e := range r.held.Entries(def.Name) {
			if token := e.Token(); !asked[token] && len(tokens) < headsMost {
				asked[token] = true
				tokens = append(tokens, token)
			}
		}
	}
	return tokens
}

// next reads which stories come after those that the windows have looked at.
func (r *reading) next(ctx context.Context, windows []*window) error {
	if len(windows) == 0 {
		return nil
	}
	limit := strconv.FormatInt(r.now.UnixMicro(), 10)
	next := make([]*redis.StringSliceCmd, len(windows))
	_, err := r.cache.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, w := range windows {
			def := w.view.Def
			next[i] = p.ZRangeArgs(ctx, redis.ZRangeArgs{Key: r.epoch.index(def.Name)[0], ByScore: true, Rev: true, Start: limit, Stop: "-inf",
				Offset: int64(w.looked), Count: int64(windowMost(def, len(w.view.Entries))) + 1})
		}
		r.ask(ctx, p)
		return nil
	})
	if err != nil {
		return err
	}
	for i, w := range windows {
		w.look(next[i].Val())
	}
	return nil
}

// windowMost is how many stories are looked at next in a feed that has so many entries already.
func windowMost(def feed.Def, entries int) int { return max(def.Size-entries, 16) }

// look takes the tokens to look at next from those that were read, of which the last only says that there are more.
func (w *window) look(read []string) {
	most := windowMost(w.view.Def, len(w.view.Entries))
	w.more = len(read) > most
	w.tokens = read[:min(len(read), most)]
	w.looked += len(w.tokens)
}

// add puts the stories that were looked at into the view, passing over those whose version that stands is not in the feed: an
// index may be a moment ahead of a story, or behind it.
func (w *window) add(found stories, now time.Time) {
	for _, token := range w.tokens {
		story := found[token]
		if story.err != nil {
			w.err = fmt.Errorf("story %s in the cache: %w", token, story.err)
		}
		entry := story.entry
		if entry == nil || w.shown[token] || !slices.Contains(entry.Feeds, w.view.Def.Name) {
			continue
		}
		w.shown[token] = true
		// What was recorded after this instant, while it was read, was released by then, unless it is under embargo.
		w.view.Add(entry, laterOf(now, entry.Recorded))
	}
}

func (w *window) complete() bool {
	return w.err != nil || !w.more || len(w.view.Entries) >= w.view.Def.Size
}

func laterOf(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
