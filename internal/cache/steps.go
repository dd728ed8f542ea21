package cache

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/redis/go-redis/v9"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

// placed is where the version that stands for a story is, as the apply script gives it.
type placed struct {
	token                       string
	sequence, release, recorded string
	expires                     string // "": never
	feeds, was                  []string
	// first says that the story was not in the epoch before.
	first bool
}

// most is how many changes are written together; it bounds the arguments of one script.
const most = 256

// apply writes changes into an epoch and gives the new revisions of the feeds that they touched, of which it tells a channel,
// if there is one.
func (c *Cache) apply(ctx context.Context, e epoch, changes []Change, channel string) (map[string]string, error) {
	revisions := map[string]string{}
	for part := range slices.Chunk(changes, most) {
		stories, err := c.applyStories(ctx, e, part)
		if err != nil {
			return nil, err
		}
		touched, err := c.index(ctx, e, stories)
		if err != nil {
			return nil, err
		}
		if err := c.revise(ctx, e, part, touched, channel); err != nil {
			return nil, err
		}
		maps.Copy(revisions, touched)
	}
	return revisions, nil
}

// index puts stories into the indexes of their feeds, or takes them out, and gives the feeds' revisions.
func (c *Cache) index(ctx context.Context, e epoch, stories []placed) (map[string]string, error) {
	arguments := map[string][]any{}
	var feeds []string
	for _, s := range stories {
		in := map[string]bool{}
		for _, f := range s.feeds {
			in[f] = true
		}
		for _, f := range s.was {
			release := ""
			if in[f] {
				release = s.release
			}
			if arguments[f] == nil {
				feeds = append(feeds, f)
			}
			arguments[f] = append(arguments[f], s.token, s.sequence, release, s.recorded, s.expires)
		}
	}
	if len(feeds) == 0 {
		return nil, nil
	}
	indexed := make([]*redis.Cmd, len(feeds))
	err := c.scripted(ctx, func(p redis.Pipeliner) {
		for i, f := range feeds {
			indexed[i] = indexScript.EvalSha(ctx, p, e.index(f), arguments[f]...)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("index feeds: %w", err)
	}
	revisions := make(map[string]string, len(feeds))
	for i, f := range feeds {
		if revisions[f], err = indexed[i].Text(); err != nil {
			return nil, fmt.Errorf("index feed %s: %w", f, err)
		}
	}
	return revisions, nil
}

// revise lists revisions of feeds for those who poll, with the feeds' definitions, and tells a channel, if there is one.
func (c *Cache) revise(ctx context.Context, e epoch, changes []Change, revisions map[string]string, channel string) error {
	if len(revisions) == 0 {
		return nil
	}
	definitions, err := encodeDefinitions(changes)
	if err != nil {
		return err
	}
	arguments := append(make([]any, 0, 1+3*len(revisions)), channel)
	for f, text := range revisions {
		arguments = append(arguments, f, text, definitions[f])
	}
	var untold *redis.Cmd
	err = c.scripted(ctx, func(p redis.Pipeliner) {
		untold = reviseScript.EvalSha(ctx, p, []string{e.definitions(), e.revisions(), e.changes()}, arguments...)
	})
	if err != nil {
		return fmt.Errorf("list revisions of feeds: %w", err)
	}
	why, err := untold.Text()
	if err == nil && why != "" {
		c.notAnnounced(errors.New(why))
	}
	return err
}

// prepare gives the fields that hold the records of changes, and where their stories are if what is applied stands.
func prepare(changes []Change) (records [][]any, stories []placed, err error) {
	records, stories = make([][]any, len(changes)), make([]placed, len(changes))
	for i := range changes {
		change := &changes[i]
		record := change.JSON
		if record == nil {
			if record, err = change.Story.Marshal(); err != nil {
				return nil, nil, fmt.Errorf("story %s: %w", change.ID, err)
			}
		}
		sequence := strconv.FormatUint(change.Sequence, 10)
		records[i] = []any{recordField(sequence), record}
		if trace := change.Received.Trace; trace != "" {
			records[i] = append(records[i], traceField(sequence), trace)
		}
		feeds := names(change.Feeds)
		stories[i] = placed{token: change.Key().Token(), sequence: sequence,
			release: micros(change.Release()), recorded: micros(change.Recorded), expires: expiry(change.Record), feeds: feeds, was: feeds}
	}
	return records, stories, nil
}

// arguments are those of the apply script.
func (s placed) arguments(change Change) []any {
	killed := "0"
	if change.Status != wire.Usable {
		killed = "1"
	}
	return []any{change.Rank(), s.sequence, s.release, s.recorded, killed, strings.Join(s.feeds, " "), s.expires}
}

func (c *Cache) applyStories(ctx context.Context, e epoch, changes []Change) ([]placed, error) {
	records, stories, err := prepare(changes)
	if err != nil {
		return nil, err
	}
	results := make([]*redis.Cmd, len(changes))
	err = c.scripted(ctx, func(p redis.Pipeliner) {
		for i, s := range stories {
			key := e.story(s.token)
			p.HSet(ctx, key, records[i]...)
			results[i] = applyScript.EvalSha(ctx, p, []string{key}, s.arguments(changes[i])...)
		}
	})
	if err != nil {
		return nil, fmt.Errorf("apply stories: %w", err)
	}
	for i, r := range results {
		v, err := r.StringSlice()
		switch {
		case err == nil && len(v) == 0: // it stands as it was given
			stories[i].first = true
		case err == nil && len(v) == 6:
			stories[i] = placed{token: stories[i].token, sequence: v[0], release: v[1], recorded: v[2], expires: v[3],
				feeds: strings.Fields(v[4]), was: strings.Fields(v[5])}
		default:
			return nil, fmt.Errorf("apply story %s: unexpected reply %v: %w", changes[i].ID, v, err)
		}
	}
	return stories, nil
}

// expiry is when a version is shown no more, "" if it does not expire: a notice does not. It is never before the release, so
// that what has expired has been released.
func expiry(r wire.Record) string {
	if r.Status != wire.Usable || r.Expires == nil {
		return ""
	}
	return micros(laterOf(*r.Expires, r.Release()))
}

// names are the feeds' names, in order.
func names(defs []feed.Def) []string {
	n := make([]string, len(defs))
	for i, d := range defs {
		n[i] = d.Name
	}
	slices.Sort(n)
	return n
}

func encodeDefinitions(changes []Change) (map[string]string, error) {
	definitions := map[string]string{}
	for _, change := range changes {
		for _, f := range change.Feeds {
			if definitions[f.Name] != "" {
				continue
			}
			text, err := json.Marshal(f, json.Deterministic(true))
			if err != nil {
				return nil, err
			}
			definitions[f.Name] = string(text)
		}
	}
	return definitions, nil
}

// news is what is said of feeds that changed: their names.
func news(revisions map[string]string) string {
	return strings.Join(slices.Collect(maps.Keys(revisions)), " ")
}

// announce tells the readers which feeds changed.
func (c *Cache) announce(ctx context.Context, revisions map[string]string) {
	if len(revisions) == 0 {
		return
	}
	if err := c.client.Publish(ctx, newsChannel, news(revisions)).Err(); err != nil {
		c.notAnnounced(err)
	}
}

// notAnnounced says that news was lost. The readers poll too: then it is only late.
func (c *Cache) notAnnounced(err error) { c.log.Warn("announce news", "error", err) }
