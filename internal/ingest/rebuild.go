package ingest

import (
	"context"
	"errors"

	"kawat/internal/cache"
)

// Rebuild fills the cache anew from STORIES, beside what is served, and swaps it in: readers notice nothing. It is for
// operators who do not trust what the cache holds. progress is called by several goroutines with how many of how many records are in.
// It returns when the new filling is served, or with the reason why the old one still is. It may be called while Run works.
func (in *Ingest) Rebuild(ctx context.Context, progress func(done, of uint64)) error {
	if why := in.halted.Load(); why != nil {
		return *why
	}
	have, unfilled := in.Cache.Made(ctx)
	if unfilled != nil && !errors.Is(unfilled, cache.ErrNotReady) {
		return unfilled
	}
	made := cache.Made{Stories: in.Ledger.Identity(), Feeds: in.Router.Digest()}
	if unfilled == nil && have.Feeds != made.Feeds {
		return errors.New("this replica of ingest has other feeds than those that are served: give all replicas the same " +
			"configuration and restart them")
	}
	var err error
	if made.Server, err = in.Cache.Server(ctx); err != nil {
		return err
	}
	if made.Last, err = in.Ledger.Last(ctx); err != nil {
		return err
	}
	if unfilled == nil && made.Last < have.Last {
		return storiesLost(made.Last, have.Last)
	}
	busy, err := in.fill(ctx, made, "it was asked for", progress)
	if busy {
		return errors.New("the cache is being refilled already: ask again when that is done")
	}
	return err
}
