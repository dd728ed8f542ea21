package cache

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/redis/go-redis/v9"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

// Feeds gives every feed with its revision. ErrNotReady: keep what you have.
func (c *Cache) Feeds(ctx context.Context) (map[string]feed.State, error) {
	e, err := c.serving(ctx)
	if err != nil {
		return nil, err
	}
	var revisions *redis.ZSliceCmd
	var definitions *redis.MapStringStringCmd
	_, err = c.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		revisions = p.ZRangeWithScores(ctx, e.revisions(), 0, -1)
		definitions = p.HGetAll(ctx, e.definitions())
		return nil
	})
	if err != nil {
		return nil, err
	}
	states := map[string]feed.State{}
	for name, text := range definitions.Val() {
		var def feed.Def
		if err := json.Unmarshal([]byte(text), &def); err != nil {
			return nil, fmt.Errorf("definition of feed %s: %w", name, err)
		}
		states[name] = feed.State{Def: def, Revision: feed.Revision{Epoch: string(e)}}
	}
	for _, z := range revisions.Val() {
		name, _ := z.Member.(string)
		if s, ok := states[name]; ok {
			s.Revision.Number = uint64(z.Score)
			states[name] = s
		}
	}
	return states, c.still(ctx, e)
}

// still checks that what was read came from the epoch that is served: an emptied Redis gives empty answers, not errors.
func (c *Cache) still(ctx context.Context, e epoch) error {
	now, err := c.serving(ctx)
	if err != nil {
		return err
	}
	if now != e {
		return fmt.Errorf("%w: it was swapped while it was read", ErrNotReady)
	}
	return nil
}

// mostComing is how many embargoed stories of a feed are read ahead, for the case that Redis is away when they are released.
const mostComing = 32

// Window gives what a feed shows at an instant: as many visible entries as its size. known may give an entry that the
// caller has already; it is read again only where it changed. ErrNotReady: keep what you have.
func (c *Cache) Window(ctx context.Context, def feed.Def, now time.Time, known func(token string) *feed.Entry) (*feed.View, error) {
	e, err := c.serving(ctx)
	if err != nil {
		return nil, err
	}
	keys := e.index(def.Name)
	var coming *redis.StringSliceCmd
	var state *redis.SliceCmd
	limit := strconv.FormatInt(now.UnixMicro(), 10)
	// Together, or a story that gets a new version meanwhile is on neither list.
	var newest *redis.StringSliceCmd
	_, err = c.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
		newest = p.ZRangeArgs(ctx, redis.ZRangeArgs{Key: keys[0], ByScore: true, Rev: true,
			Start: limit, Stop: "-inf", Offset: 0, Count: int64(max(def.Size, 16))})
		coming = p.ZRangeArgs(ctx, redis.ZRangeArgs{Key: keys[0], ByScore: true, Start: "(" + limit, Stop: "+inf", Count: mostComing})
		state = p.HMGet(ctx, keys[2], "left", "revision") // before the entries, which may be newer
		return nil
	})
	if err != nil {
		return nil, err
	}
	view := &feed.View{Def: def, Revision: feed.Revision{Epoch: string(e)}}
	left, _ := state.Val()[0].(string)
	if number, ok := state.Val()[1].(string); ok {
		if view.Revision.Number, err = strconv.ParseUint(number, 10, 64); err != nil {
			return nil, fmt.Errorf("revision of feed %s: %w", def.Name, err)
		}
	}
	if at, err := fromMicros(left); err == nil {
		view.Updated = at
	}
	shown := map[string]bool{}
	add := func(entry *feed.Entry) {
		if !shown[entry.Token()] {
			shown[entry.Token()] = true
			// What was recorded after this instant, while it was read, was released by then, unless it is under embargo.
			view.Add(entry, laterOf(now, entry.Recorded))
		}
	}
	embargoed, err := c.entries(ctx, e, def.Name, coming.Val(), known)
	if err != nil {
		return nil, err
	}
	for _, entry := range embargoed {
		add(entry)
	}
	for tokens, offset := newest.Val(), 0; len(tokens) > 0; {
		entries, err := c.entries(ctx, e, def.Name, tokens, known)
		if err != nil {
			return nil, err
		}
		for _, entry := range entries {
			add(entry)
		}
		if len(view.Entries) >= def.Size {
			break
		}
		offset += len(tokens)
		tokens, err = c.client.ZRangeArgs(ctx, redis.ZRangeArgs{Key: keys[0], ByScore: true, Rev: true, Start: limit, Stop: "-inf",
			Offset: int64(offset), Count: int64(max(def.Size-len(view.Entries), 16))}).Result()
		if err != nil {
			return nil, err
		}
	}
	view.Finish()
	return view, c.still(ctx, e)
}

func laterOf(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// entries reads stories of one feed, passing over those whose version that stands is not in it: an index may be a moment
// ahead of a story, or behind it.
func (c *Cache) entries(ctx context.Context, e epoch, name string, tokens []string, known func(string) *feed.Entry) ([]*feed.Entry, error) {
	if len(tokens) == 0 {
		return nil, nil
	}
	heads := make([]*redis.SliceCmd, len(tokens))
	_, err := c.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, token := range tokens {
			heads[i] = p.HMGet(ctx, e.story(token), "sequence", "first", "feeds")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	entries := make([]*feed.Entry, len(tokens))
	whole := make([]*redis.MapStringStringCmd, len(tokens))
	_, err = c.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, token := range tokens {
			if entry := known(token); entry != nil && slices.Equal(heads[i].Val(), headOf(entry)) {
				entries[i] = entry
			} else {
				whole[i] = readStory(ctx, p, e, token)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i, command := range whole {
		if command == nil {
			continue
		}
		if entries[i], err = parseEntry(command.Val()); err != nil {
			return nil, fmt.Errorf("story %s in the cache: %w", tokens[i], err)
		}
	}
	return slices.DeleteFunc(entries, func(e *feed.Entry) bool {
		return e == nil || !slices.Contains(e.Feeds, name)
	}), nil
}

// headOf is what tells whether an entry is still what the cache holds.
func headOf(e *feed.Entry) []any {
	return []any{strconv.FormatUint(e.Sequence, 10), micros(e.First), strings.Join(e.Feeds, " ")}
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
	record := fields[recordField(fields["sequence"])]
	if record == "" {
		return nil, nil
	}
	story, err := wire.UnmarshalShown([]byte(record))
	if err != nil {
		return nil, err
	}
	entry := &feed.Entry{Record: wire.Record{Story: story}, Feeds: strings.Fields(fields["feeds"])}
	if entry.Sequence, err = strconv.ParseUint(fields["sequence"], 10, 64); err != nil {
		return nil, err
	}
	if entry.Recorded, err = fromMicros(fields["recorded"]); err != nil {
		return nil, err
	}
	if entry.First, err = fromMicros(fields["first"]); err != nil {
		return nil, err
	}
	return entry, nil
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
