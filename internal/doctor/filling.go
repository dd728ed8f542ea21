package doctor

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/redis/go-redis/v9"

	"kawat/internal/cache"
	"kawat/internal/ledger"
)

// neededCommands are the commands that a service sends to Redis, or both.
func neededCommands(service string) [][]any {
	return cache.Commands(service != "publish", service != "ingest")
}

// behindPause is how long the cache may lack what STORIES has: it is written within moments.
const behindPause = time.Second

// filling holds the cache against STORIES.
func (r *report) filling(ctx context.Context, stories *ledger.Archive, client redis.UniversalClient) {
	const check = "cache"
	store := cache.New(client, slog.New(slog.DiscardHandler))
	for begin, before := time.Now(), uint64(0); ; {
		made, err := store.Made(ctx)
		if errors.Is(err, cache.ErrNotReady) {
			r.unfilled(ctx, stories, store)
			return
		}
		var last uint64
		if err == nil {
			last, err = stories.Last(ctx)
		}
		switch {
		case err != nil:
			r.unknown(check, "look at ingest's log and its /readyz", "whether the cache has all that STORIES has: %s", reason(err))
		case made.Stories != stories.Identity():
			r.problem(check, "start ingest, which fills it anew; are nats and redis of one gateway in this configuration?", "it was made from another STORIES")
		case last < made.Last:
			r.problem(check, "restore STORIES from a backup or with kawat import; or, if those records are given up, empty Redis (FLUSHALL)",
				"STORIES ends at record %d, and the cache was made from one that ended at %d: ingest records nothing", last, made.Last)
		case last == made.Last || before > 0 && made.Last > before:
			r.ok(check, "it is filled, and has what STORIES has (%s)", count(last, "record"))
		case time.Since(begin) < behindPause:
			before = max(before, made.Last, 1)
			select {
			case <-ctx.Done():
			case <-time.After(100 * time.Millisecond):
			}
			continue
		default:
			r.warn(check, "look at ingest's log and its /readyz; if it runs and says nothing: kawat rebuild", "it lacks %s of STORIES", count(last-made.Last, "record"))
		}
		return
	}
}

// filled says whether publish has anything to read; what of STORIES is in it cannot be told without NATS.
func (r *report) filled(ctx context.Context, client redis.UniversalClient) {
	const check = "cache"
	switch made, err := cache.New(client, slog.New(slog.DiscardHandler)).Made(ctx); {
	case errors.Is(err, cache.ErrNotReady):
		r.problem(check, "start ingest, which fills it from STORIES; or wait until it has", "it is not filled: publish serves what it has in memory, and after a restart nothing")
	case err != nil:
		r.unknown(check, "look at publish's log and its /readyz", "whether the cache is filled: %s", reason(err))
	default:
		r.ok(check, "it is filled, up to record %d of STORIES", made.Last)
	}
}

func (r *report) unfilled(ctx context.Context, stories *ledger.Archive, store *cache.Cache) {
	const check = "cache"
	filling, err := store.Filling(ctx)
	last, failed := stories.Last(ctx)
	switch {
	case err == nil && filling:
		r.warn(check, "wait; ingest's log and /readyz say how far it is", "it is being filled from STORIES")
	case failed == nil && last == 0:
		r.warn(check, "start ingest", "it is not filled; there are no stories yet")
	default:
		r.problem(check, "start ingest, which fills it from STORIES", "it is not filled: publish serves what it has in memory, and after a restart nothing")
	}
}
