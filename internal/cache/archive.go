package cache

import (
	"context"
	"fmt"
	"strconv"

	"github.com/redis/go-redis/v9"

	"kawat/internal/feed"
)

// linesMost is how many lines of an index are read in one piece: Redis answers nobody else meanwhile.
const linesMost = 500

// Lines gives the next lines of a feed's index after a sequence on STORIES, not more than some hundred, and the feed's revision
// at the moment when it was found that these are next; none when there are no more. A line may be newer than that. ErrNotReady:
// nobody can say now.
func (c *Cache) Lines(ctx context.Context, name string, after uint64) (feed.Revision, []feed.Line, error) {
	var none feed.Revision
	e, err := c.serving(ctx)
	if err != nil {
		return none, nil, err
	}
	keys := e.index(name)
	var logged *redis.ZSliceCmd
	var number *redis.SliceCmd
	_, err = c.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
		logged = p.ZRangeArgsWithScores(ctx, redis.ZRangeArgs{Key: keys[1], ByScore: true,
			Start: "(" + strconv.FormatUint(after, 10), Stop: "+inf", Count: linesMost})
		number = p.HMGet(ctx, keys[2], "revision")
		return nil
	})
	if err != nil {
		return none, nil, err
	}
	revision := feed.Revision{Epoch: string(e)}
	if text, ok := number.Val()[0].(string); ok {
		if revision.Number, err = strconv.ParseUint(text, 10, 64); err != nil {
			return none, nil, fmt.Errorf("revision of feed %s: %w", name, err)
		}
	}
	lines := make([]feed.Line, len(logged.Val()))
	tokens := make([]string, len(lines))
	for i, z := range logged.Val() {
		tokens[i], _ = z.Member.(string)
		lines[i] = feed.Line{Token: tokens[i], Sequence: uint64(z.Score)}
	}
	if len(lines) == 0 {
		return revision, nil, c.still(ctx, e)
	}
	// These may belong to a later version already. It then comes with a later sequence.
	var releases, expiries *redis.FloatSliceCmd
	_, err = c.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		releases, expiries = p.ZMScore(ctx, keys[0], tokens...), p.ZMScore(ctx, keys[3], tokens...)
		return nil
	})
	if err != nil {
		return none, nil, err
	}
	for i := range lines {
		lines[i].Release, lines[i].Expires = int64(releases.Val()[i]), int64(expiries.Val()[i])
	}
	return revision, lines, c.still(ctx, e)
}

// Entries reads stories by their tokens, whether or not they may be shown now; nil stands for one that there is not.
// ErrNotReady: nobody can say now.
func (c *Cache) Entries(ctx context.Context, tokens []string) ([]*feed.Entry, error) {
	e, err := c.serving(ctx)
	if err != nil {
		return nil, err
	}
	found := stories{}
	if err := (&reading{cache: c, epoch: e, found: found}).read(ctx, tokens); err != nil {
		return nil, err
	}
	entries := make([]*feed.Entry, len(tokens))
	for i, token := range tokens {
		if err := found[token].err; err != nil {
			return nil, fmt.Errorf("story %s in the cache: %w", token, err)
		}
		entries[i] = found[token].entry
	}
	return entries, c.still(ctx, e)
}
