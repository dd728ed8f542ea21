package ingest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"kawat/internal/cache"
	"kawat/internal/wire"
)

// checkEvery is how often the cache is looked at: after a FLUSHALL the feeds are late by no more than this and the refill.
const checkEvery = 200 * time.Millisecond

// keepFilled refills the cache from STORIES whenever it is empty, was made from another STORIES or for other feeds, or its
// server started anew.
func (in *Ingest) keepFilled(ctx context.Context) {
	const longest = 10 * time.Second
	pause := checkEvery
	var looked look
	for {
		err := in.fillIfNeeded(ctx, &looked)
		in.pulse.look(err)
		switch {
		case ctx.Err() != nil:
			return
		case err == nil:
			pause = checkEvery
		default:
			if pause == checkEvery {
				in.Log.Warn("the cache cannot be kept filled, trying again", "error", err)
			}
			pause = min(2*pause, longest)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
	}
}

// look is what the looks at the cache before have seen.
type look struct {
	// once says that it was looked at before.
	once bool
	// server and filling are those with which all was well.
	server, filling string
	// through is the record up to which all were in it, and since when it has been that one.
	through uint64
	since   time.Time
}

// behindFor is how long the cache may lack records of STORIES before they are brought over. Whoever has written them does so
// within moments, unless it died, or was no ingest: an import.
const behindFor = 5 * time.Second

func (in *Ingest) fillIfNeeded(ctx context.Context, looked *look) error {
	server, err := in.Cache.Server(ctx)
	if err != nil {
		return err
	}
	have, unfilled := in.Cache.Made(ctx)
	if unfilled != nil && !errors.Is(unfilled, cache.ErrNotReady) {
		return unfilled
	}
	// Asked for after Made: a record is on STORIES before it is in the cache.
	last, err := in.Ledger.Last(ctx)
	if err != nil {
		return err
	}
	if unfilled == nil && last < have.Last {
		lost := storiesLost(last, have.Last)
		in.halted.Store(&lost)
		return lost
	}
	in.halted.Store(nil)
	want := cache.Made{Stories: in.Ledger.Identity(), Feeds: in.Router.Digest(), Server: server, Last: last}
	reason := ""
	switch {
	case unfilled != nil:
		reason = "it is empty, or was not filled to the end"
	case have.Stories != want.Stories:
		reason = "it was made from another STORIES"
	case have.Server != want.Server:
		reason = "the Redis server started anew or took over, and may have lost writes"
	case have.Filling == looked.filling && server != looked.server:
		// It is the one of before again: another one was in between, and what was written there is lost.
		reason = "the Redis server has taken over again, and may lack writes"
	case have.Feeds != want.Feeds && !looked.once:
		reason = "the feeds are defined otherwise now"
	case have.Feeds != want.Feeds:
		// Another replica, started later, has other feeds. Two that refill in turn would never end.
		return errors.New("another replica of ingest runs with other feeds: give all the same configuration and restart them")
	}
	looked.once = true
	in.pulse.found(last, have.Through, reason)
	if reason == "" {
		looked.server, looked.filling = server, have.Filling
		return in.catchUp(ctx, looked, have.Through, last)
	}
	busy, err := in.fill(ctx, want, reason, in.logged())
	switch {
	case busy:
		in.Log.Debug("another replica refills the cache already")
	case err == nil:
		in.pulse.found(last, last, "")
	}
	return err
}

// catchUp brings over what is on STORIES and has not come into the cache for a while.
func (in *Ingest) catchUp(ctx context.Context, looked *look, through, last uint64) error {
	if through >= last || through != looked.through || looked.since.IsZero() {
		looked.through, looked.since = through, time.Now()
		return nil
	}
	if time.Since(looked.since) < behindFor {
		return nil
	}
	in.Log.Info("bringing records of STORIES into the cache that nobody else does", "from", through+1, "to", last)
	looked.since = time.Time{}
	err := in.Ledger.Replay(ctx, through+1, last, lanes, func(ctx context.Context, records []wire.Record) error {
		changes, err := in.replayed(ctx, records)
		if err != nil {
			return err
		}
		return in.Cache.Apply(ctx, changes)
	})
	if err != nil {
		return err
	}
	return in.Cache.NoteThrough(ctx, last)
}

// replayed are what the cache must hold for records that are read from STORIES. Those that translate others are noted, should
// FAMILIES not have them.
func (in *Ingest) replayed(ctx context.Context, records []wire.Record) ([]cache.Change, error) {
	changes := make([]cache.Change, len(records))
	for i, r := range records {
		if err := in.Ledger.Note(ctx, r.Story); err != nil {
			return nil, err
		}
		changes[i] = in.change(r)
	}
	return changes, nil
}

var errStoriesLost = errors.New("records of STORIES are missing")

// storiesLost is what is wrong when the truth is shorter than its copy: it was lost, or replaced by an older one. To go on
// would take stories away.
func storiesLost(last, had uint64) error {
	return fmt.Errorf("%w: it ends at record %d, but the cache was made from one that ended at %d: restore STORIES; "+
		"or, if those records are given up, empty Redis", errStoriesLost, last, had)
}

// lanes is how many batches a refill has under way at once: some are read while others wait for Redis.
const lanes = 4

// fill refills the cache and tells progress, from several goroutines, how many of how many records are in it; busy: another
// replica does so already.
func (in *Ingest) fill(ctx context.Context, made cache.Made, reason string, progress func(done, of uint64)) (busy bool, err error) {
	begin := time.Now()
	noted, end := func(done, of uint64) {}, func() {}
	defer func() { end() }()
	said := sync.OnceFunc(func() {
		in.Log.Info("refilling the cache from STORIES", "reason", reason)
		noted, end = in.pulse.refilling()
	})
	var until uint64 // all up to this sequence is in
	var done atomic.Uint64
	busy, err = in.Cache.Refill(ctx, made, in.Router.Static(), func(ctx context.Context, apply func(context.Context, []cache.Change) error) error {
		said()
		last, err := in.Ledger.Last(ctx)
		if err != nil {
			return err
		}
		err = in.Ledger.Replay(ctx, until+1, last, lanes, func(ctx context.Context, records []wire.Record) error {
			changes, err := in.replayed(ctx, records)
			if err != nil {
				return err
			}
			if err := apply(ctx, changes); err != nil {
				return err
			}
			n := done.Add(uint64(len(records)))
			progress(n, last)
			noted(n, last)
			return nil
		})
		if err == nil {
			until = max(until, last)
		}
		return err
	})
	if err == nil && !busy {
		err = in.Cache.NoteThrough(ctx, until)
	}
	if !busy {
		in.Metrics.refilled(err)
	}
	if err != nil {
		return busy, fmt.Errorf("refill the cache: %w", err)
	}
	if !busy {
		in.Log.Info("the cache is filled", "records", done.Load(), "took", time.Since(begin).Round(time.Millisecond))
	}
	return busy, nil
}

// logged tells the log now and then how far a refill is.
func (in *Ingest) logged() func(done, of uint64) {
	var mu sync.Mutex
	shown := time.Now()
	return func(done, of uint64) {
		mu.Lock()
		defer mu.Unlock()
		if time.Since(shown) > 2*time.Second {
			shown = time.Now()
			in.Log.Info("refilling the cache", "records", done, "of", of)
		}
	}
}
