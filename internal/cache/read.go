package cache

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/redis/go-redis/v9"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

// Feeds lists the feeds that changed since a listing of the epoch that is served, or all feeds where since is of no such. It
// costs what has changed, however many feeds there are. ErrNotReady: keep what you have.
func (c *Cache) Feeds(ctx context.Context, since feed.Mark) (*feed.Listing, error) {
	e, err := c.serving(ctx)
	if err != nil {
		return nil, err
	}
	list := c.changedFeeds
	if since.Epoch != string(e) {
		list = c.allFeeds
	}
	listing, err := list(ctx, e, since.Changes)
	if err != nil {
		return nil, err
	}
	return listing, c.still(ctx, e)
}

func (c *Cache) allFeeds(ctx context.Context, e epoch, _ uint64) (*feed.Listing, error) {
	var last, revisions *redis.ZSliceCmd
	var definitions *redis.MapStringStringCmd
	_, err := c.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		last = p.ZRangeArgsWithScores(ctx, redis.ZRangeArgs{Key: e.changes(), Start: 0, Stop: 0, Rev: true}) // before what may be newer
		revisions = p.ZRangeWithScores(ctx, e.revisions(), 0, -1)
		definitions = p.HGetAll(ctx, e.definitions())
		return nil
	})
	if err != nil {
		return nil, err
	}
	numbers := map[string]float64{}
	for _, z := range revisions.Val() {
		name, _ := z.Member.(string)
		numbers[name] = z.Score
	}
	listing := newListing(e)
	listing.Whole = true
	for name, definition := range definitions.Val() {
		if err := listing.add(name, definition, numbers[name]); err != nil {
			return nil, err
		}
	}
	listing.upTo(last.Val())
	return &listing.Listing, nil
}

func (c *Cache) changedFeeds(ctx context.Context, e epoch, since uint64) (*feed.Listing, error) {
	listing := newListing(e)
	listing.Mark.Changes = since
	changed, err := c.client.ZRangeArgsWithScores(ctx, redis.ZRangeArgs{Key: e.changes(), ByScore: true,
		Start: "(" + strconv.FormatUint(since, 10), Stop: "+inf"}).Result()
	if err != nil || len(changed) == 0 {
		return &listing.Listing, err
	}
	names := make([]string, len(changed))
	for i, z := range changed {
		names[i], _ = z.Member.(string)
	}
	var revisions *redis.FloatSliceCmd
	var definitions *redis.SliceCmd
	_, err = c.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		revisions = p.ZMScore(ctx, e.revisions(), names...)
		definitions = p.HMGet(ctx, e.definitions(), names...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i, name := range names {
		definition, ok := definitions.Val()[i].(string)
		if !ok { // it goes away, with its epoch
			continue
		}
		if err := listing.add(name, definition, revisions.Val()[i]); err != nil {
			return nil, err
		}
	}
	listing.upTo(changed)
	return &listing.Listing, nil
}

// listing is a feed.Listing that is being made.
type listing struct{ feed.Listing }

func newListing(e epoch) *listing {
	return &listing{feed.Listing{Feeds: map[string]feed.State{}, Mark: feed.Mark{Epoch: string(e)}}}
}

func (l *listing) add(name, definition string, revision float64) error {
	var def feed.Def
	if err := json.Unmarshal([]byte(definition), &def); err != nil {
		return fmt.Errorf("definition of feed %s: %w", name, err)
	}
	l.Feeds[name] = feed.State{Def: def, Revision: feed.Revision{Epoch: l.Mark.Epoch, Number: uint64(revision)}}
	return nil
}

// upTo marks the listing with the last of changes.
func (l *listing) upTo(changes []redis.Z) {
	for _, z := range changes {
		l.Mark.Changes = max(l.Mark.Changes, uint64(z.Score))
	}
}

// Story reads one story by its token, whether or not it may be shown now; nil when there is none. ErrNotReady: nobody can
// say now.
func (c *Cache) Story(ctx context.Context, token string) (*feed.Entry, error) {
	e, err := c.serving(ctx)
	if err != nil {
		return nil, err
	}
	values, err := readStory(ctx, c.client, e, token).Result()
	if err != nil {
		return nil, err
	}
	entry, err := parseEntry(values)
	if err != nil {
		return nil, fmt.Errorf("story %s in the cache: %w", token, err)
	}
	return entry, c.still(ctx, e)
}

func readStory(ctx context.Context, c redis.Cmdable, e epoch, token string) *redis.MapStringStringCmd {
	return c.HGetAll(ctx, e.story(token))
}

// parseEntry gives the version of a story that stands, nil when there is none.
func parseEntry(fields map[string]string) (*feed.Entry, error) {
	text := fields[recordField(fields["sequence"])]
	if text == "" {
		return nil, nil
	}
	story, err := wire.UnmarshalShown([]byte(text))
	if err != nil {
		return nil, err
	}
	story.Received.Trace = fields[traceField(fields["sequence"])]
	record := wire.Record{Story: story}
	if record.Sequence, err = strconv.ParseUint(fields["sequence"], 10, 64); err != nil {
		return nil, err
	}
	if record.Recorded, err = fromMicros(fields["recorded"]); err != nil {
		return nil, err
	}
	first, err := fromMicros(fields["first"])
	if err != nil {
		return nil, err
	}
	return feed.NewEntry(record, first, strings.Fields(fields["feeds"])), nil
}

// News calls changed with the feeds that are said to have changed, until the context ends. Nothing is promised: news may
// be lost, repeated or wrong, and only spares its reader the wait for its next poll.
func (c *Cache) News(ctx context.Context, changed func(feeds []string)) {
	sub := c.client.Subscribe(ctx, newsChannel)
	defer sub.Close()
	for {
		select {
		case <-ctx.Done():
			return
		case m, ok := <-sub.Channel():
			if !ok {
				return
			}
			changed(strings.Fields(m.Payload))
		}
	}
}
