package cache

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"kawat/internal/feed"
)

// mostScanned bounds how many entries of an index one question of Since reads.
const mostScanned = 1000

// Since gives up to limit stories of a feed that a reader with this cursor does not have, as they may be shown at now: each
// version once, and none is passed over, though several write at once and a version may come into the cache before one with
// a smaller sequence: what lies beyond the first that is missing is given later. ErrNotReady: nobody can say now.
func (c *Cache) Since(ctx context.Context, name string, after feed.Cursor, now time.Time, limit int) (*feed.Batch, error) {
	// Before the index: all up to it is in the index then.
	e, through, err := c.through(ctx)
	if err != nil {
		return nil, err
	}
	logKey, orderKey := e.index(name)[1], e.index(name)[0]
	next := after
	micros := func(t time.Time) int64 {
		if t.IsZero() {
			return 0
		}
		return t.UnixMicro()
	}
	from, to := micros(after.Instant), max(micros(after.Instant), now.UnixMicro())

	// What was recorded since, and what was released since; of both it is one story for all but those under embargo.
	var recorded, released *redis.ZSliceCmd
	_, err = c.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
		recorded = p.ZRangeArgsWithScores(ctx, redis.ZRangeArgs{Key: logKey, ByScore: true, Start: "(" + strconv.FormatUint(after.Sequence, 10),
			Stop: strconv.FormatUint(through, 10), Count: mostScanned})
		released = p.ZRangeArgsWithScores(ctx, redis.ZRangeArgs{Key: orderKey, ByScore: true, Start: "(" + strconv.FormatInt(from, 10),
			Stop: strconv.FormatInt(to, 10), Count: mostScanned})
		return nil
	})
	if err != nil {
		return nil, err
	}
	releases, err := c.scores(ctx, orderKey, recorded.Val())
	if err != nil {
		return nil, err
	}
	// First all that was recorded up to a sequence, of which the reader lacks what was released by its instant …
	wanted := map[string]uint64{} // token: sequence
	if n := len(recorded.Val()); n > 0 {
		next.Sequence = uint64(recorded.Val()[n-1].Score)
	}
	more := len(recorded.Val()) == mostScanned
	for i, z := range recorded.Val() {
		if releases[i] == 0 || releases[i] > float64(from) {
			continue
		}
		if releases[i] > float64(now.UnixMicro()) {
			// The cursor comes from one whose clock is ahead. Not yet, and not past it.
			next.Sequence, more = uint64(z.Score)-1, false
			break
		}
		wanted[z.Member.(string)] = uint64(z.Score)
		if len(wanted) == limit {
			more = more || next.Sequence > uint64(z.Score)
			next.Sequence = uint64(z.Score)
			break
		}
	}
	// … then all that was released up to an instant, of what was recorded up to that sequence. What was released in the same
	// microsecond, as by an embargo of many, comes together, though it be more than the limit.
	group := released.Val()
	if len(group) == mostScanned {
		at := int64(group[mostScanned-1].Score)
		rest, err := c.client.ZRangeArgsWithScores(ctx, redis.ZRangeArgs{Key: orderKey, ByScore: true, Start: at, Stop: at}).Result()
		if err != nil {
			return nil, err
		}
		group, more = append(group, rest...), true
	}
	sequences, err := c.scores(ctx, logKey, group)
	if err != nil {
		return nil, err
	}
	until := from
	for i, z := range group {
		lacks := sequences[i] > 0 && uint64(sequences[i]) <= next.Sequence
		if lacks && len(wanted) >= limit && int64(z.Score) > until {
			more = true
			break
		}
		until = int64(z.Score)
		if lacks {
			wanted[z.Member.(string)] = uint64(sequences[i])
		}
	}
	// The cursor depends on what there is and not on the clock: all readers that have everything have the same.
	if until > 0 {
		next.Instant = time.UnixMicro(until).UTC()
	}
	batch := &feed.Batch{Next: next, More: more}
	tokens := slices.Collect(maps.Keys(wanted))
	found := stories{}
	if err := (&reading{cache: c, epoch: e, found: found}).read(ctx, tokens); err != nil {
		return nil, err
	}
	for token, story := range found {
		if story.err != nil {
			return nil, fmt.Errorf("story %s in the cache: %w", token, story.err)
		}
		entry := story.entry
		// One that is newer than the index says comes with its own sequence.
		if entry == nil || wanted[token] != entry.Sequence || !slices.Contains(entry.Feeds, name) || !entry.Visible(now) {
			continue
		}
		shown, _ := entry.At(now)
		batch.Entries = append(batch.Entries, shown)
	}
	slices.SortFunc(batch.Entries, func(a, b *feed.Entry) int {
		return cmp.Or(a.Release().Compare(b.Release()), cmp.Compare(a.Token(), b.Token()))
	})
	return batch, c.still(ctx, e)
}

// scores are those of the members of another sorted set, in their order; 0: it is not there.
func (c *Cache) scores(ctx context.Context, key string, members []redis.Z) ([]float64, error) {
	if len(members) == 0 {
		return nil, nil
	}
	names := make([]string, len(members))
	for i, z := range members {
		names[i] = z.Member.(string)
	}
	return c.client.ZMScore(ctx, key, names...).Result()
}

// through is the epoch that is read, and the sequence up to which every record is in it.
func (c *Cache) through(ctx context.Context) (epoch, uint64, error) {
	e, err := c.serving(ctx)
	if err != nil {
		return "", 0, err
	}
	v, err := c.client.HMGet(ctx, currentKey, "epoch", "through").Result()
	if err != nil {
		return "", 0, err
	}
	text, _ := v[1].(string)
	through, wrong := strconv.ParseUint(text, 10, 64)
	if v[0] != string(e) || wrong != nil { // it counts what is written, and a refill is at its end: see Refill
		return "", 0, ErrNotReady
	}
	return e, through, nil
}
