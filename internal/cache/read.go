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

// headsMost and storiesMost bound how many stories are asked about, and how many are read, in one request.
const headsMost, storiesMost = 1000, 100

// Windows gives what feeds show at an instant: of each as many visible entries as its size. What several of them show is read
// once. known may give an entry that the caller has already; it is read again only where it changed. ErrNotReady: keep what you
// have.
func (c *Cache) Windows(ctx context.Context, defs []feed.Def, now time.Time, known func(token string) *feed.Entry) ([]feed.Window, error) {
	e, err := c.serving(ctx)
	if err != nil {
		return nil, err
	}
	windows, err := c.beginWindows(ctx, e, defs, now)
	if err != nil {
		return nil, err
	}
	found := stories{}
	for open := windows; len(open) > 0; {
		var tokens []string
		for _, w := range open {
			tokens = append(tokens, w.tokens...)
		}
		// All revisions were read before, so that no entry is older than its feed's.
		if err := c.readStories(ctx, e, tokens, known, found); err != nil {
			return nil, err
		}
		for _, w := range open {
			w.add(found, now)
		}
		open = slices.DeleteFunc(slices.Clone(open), func(w *window) bool { return w.complete() })
		if err := c.nextTokens(ctx, e, open, now); err != nil {
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
	return got, c.still(ctx, e)
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

// beginWindows reads the feeds' revisions, and which stories they show at first.
func (c *Cache) beginWindows(ctx context.Context, e epoch, defs []feed.Def, now time.Time) ([]*window, error) {
	limit := strconv.FormatInt(now.UnixMicro(), 10)
	coming, newest := make([]*redis.StringSliceCmd, len(defs)), make([]*redis.StringSliceCmd, len(defs))
	states := make([]*redis.SliceCmd, len(defs))
	// Together, or a story that gets a new version meanwhile is on neither list of its feed.
	_, err := c.client.TxPipelined(ctx, func(p redis.Pipeliner) error {
		for i, def := range defs {
			keys := e.index(def.Name)
			newest[i] = p.ZRangeArgs(ctx, redis.ZRangeArgs{Key: keys[0], ByScore: true, Rev: true,
				Start: limit, Stop: "-inf", Offset: 0, Count: int64(windowMost(def, 0)) + 1})
			coming[i] = p.ZRangeArgs(ctx, redis.ZRangeArgs{Key: keys[0], ByScore: true, Start: "(" + limit, Stop: "+inf", Count: mostComing})
			states[i] = p.HMGet(ctx, keys[2], "left", "revision")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	windows := make([]*window, len(defs))
	for i, def := range defs {
		w := &window{view: &feed.View{Def: def, Revision: feed.Revision{Epoch: string(e)}}, shown: map[string]bool{}}
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
		windows[i] = w
	}
	return windows, nil
}

// nextTokens reads which stories come after those that the windows have looked at.
func (c *Cache) nextTokens(ctx context.Context, e epoch, windows []*window, now time.Time) error {
	if len(windows) == 0 {
		return nil
	}
	limit := strconv.FormatInt(now.UnixMicro(), 10)
	next := make([]*redis.StringSliceCmd, len(windows))
	_, err := c.client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, w := range windows {
			def := w.view.Def
			next[i] = p.ZRangeArgs(ctx, redis.ZRangeArgs{Key: e.index(def.Name)[0], ByScore: true, Rev: true, Start: limit, Stop: "-inf",
				Offset: int64(w.looked), Count: int64(windowMost(def, len(w.view.Entries))) + 1})
		}
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
	return w.err != nil || len(w.tokens) == 0 || len(w.view.Entries) >= w.view.Def.Size
}

func laterOf(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}

// stories are those that were read, by token; of a story that there is not, the entry is nil.
type stories map[string]struct {
	entry *feed.Entry
	err   error
}

// readStories reads the stories that are not found yet, those that are known only where they changed.
func (c *Cache) readStories(ctx context.Context, e epoch, tokens []string, known func(string) *feed.Entry, found stories) error {
	var unread []string
	asked := map[string]bool{}
	for _, token := range tokens {
		if _, ok := found[token]; !ok && !asked[token] {
			asked[token] = true
			unread = append(unread, token)
		}
	}
	var changed []string
	for part := range slices.Chunk(unread, headsMost) {
		heads := make([]*redis.SliceCmd, len(part))
		entries := make([]*feed.Entry, len(part))
		for i, token := range part {
			entries[i] = known(token)
		}
		_, err := c.client.Pipelined(ctx, func(p redis.Pipeliner) error {
			for i, token := range part {
				if entries[i] != nil {
					heads[i] = p.HMGet(ctx, e.story(token), "sequence", "first", "feeds")
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		for i, token := range part {
			if entries[i] == nil || !slices.Equal(heads[i].Val(), headOf(entries[i])) {
				changed = append(changed, token)
				continue
			}
			story := found[token]
			story.entry = entries[i]
			found[token] = story
		}
	}
	for part := range slices.Chunk(changed, storiesMost) {
		whole := make([]*redis.MapStringStringCmd, len(part))
		_, err := c.client.Pipelined(ctx, func(p redis.Pipeliner) error {
			for i, token := range part {
				whole[i] = readStory(ctx, p, e, token)
			}
			return nil
		})
		if err != nil {
			return err
		}
		for i, token := range part {
			story := found[token]
			story.entry, story.err = parseEntry(whole[i].Val())
			found[token] = story
		}
	}
	return nil
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
