package cache

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"github.com/go-json-experiment/json"
	"github.com/redis/go-redis/v9"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

//go:embed lua/apply.lua
var applyLua string

//go:embed lua/index.lua
var indexLua string

//go:embed lua/revise.lua
var reviseLua string

//go:embed lua/touch.lua
var touchLua string

var (
	applyScript  = redis.NewScript(applyLua)
	indexScript  = redis.NewScript(indexLua)
	reviseScript = redis.NewScript(reviseLua)
	touchScript  = redis.NewScript(touchLua)
)

// ErrNotReady says that the cache holds nothing that may be served or added to: it is empty, or was swapped while it was
// read. It passes by itself once a replica of ingest has refilled it.
var ErrNotReady = feed.ErrNotReady

// Cache is the cache on one Redis, a Sentinel's primary, or a cluster. Its methods are safe for concurrent use.
type Cache struct {
	client redis.UniversalClient
	log    *slog.Logger
	// last is the epoch that was written to when this process last looked.
	last atomic.Value
	// seen is the server as it was when a reader last looked.
	seen atomic.Pointer[seenServer]
}

// New makes a Cache on a client, which stays the caller's.
func New(client redis.UniversalClient, log *slog.Logger) *Cache {
	return &Cache{client: client, log: log}
}

// Change is a version of a story to apply, and the feeds that it is in.
type Change struct {
	wire.Record
	Feeds []feed.Def
}

// Apply puts versions of stories into the cache: of each story the one with the greatest rank stands, whatever the order
// and however often they are applied. When it returns without an error all of them are in the epoch that is written to, with
// their feeds' indexes and revisions. Otherwise some may be: to apply them again is safe. ErrNotReady: there is no
// such epoch now.
func (c *Cache) Apply(ctx context.Context, changes []Change) error {
	sequences := make([]uint64, len(changes))
	for i, change := range changes {
		sequences[i] = change.Sequence
	}
	slices.Sort(sequences) // so that most of them follow each other
	noted := []any{0}
	for _, n := range slices.Compact(sequences) {
		noted = append(noted, n)
	}
	// What is written counts only if its epoch is still the one to write to afterwards. So it may begin with the epoch of the
	// last time.
	e, _ := c.last.Load().(epoch)
	for range 2 {
		if e == "" {
			var err error
			if e, err = c.writing(ctx); err != nil {
				return err
			}
		}
		revisions, err := c.apply(ctx, e, changes)
		if err != nil {
			return err
		}
		var touched *redis.Cmd
		err = c.scripted(ctx, func(p redis.Pipeliner) {
			touched = touchScript.EvalSha(ctx, p, []string{currentKey, aheadKey}, noted...)
			if len(revisions) > 0 {
				p.Publish(ctx, newsChannel, news(revisions))
			}
		})
		now, failed := touched.Text()
		if failed != nil {
			return failed
		}
		if err != nil {
			c.notAnnounced(err)
		}
		c.last.Store(epoch(now))
		if epoch(now) == e {
			return nil
		}
		e = epoch(now)
	}
	return fmt.Errorf("%w: it was swapped or emptied while stories were written", ErrNotReady)
}

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

// apply writes changes into an epoch and gives the new revisions of the feeds that they touched.
func (c *Cache) apply(ctx context.Context, e epoch, changes []Change) (map[string]string, error) {
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
		if err := c.revise(ctx, e, part, touched); err != nil {
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

// revise lists revisions of feeds for those who poll, with the feeds' definitions.
func (c *Cache) revise(ctx context.Context, e epoch, changes []Change, revisions map[string]string) error {
	if len(revisions) == 0 {
		return nil
	}
	definitions, err := encodeDefinitions(changes)
	if err != nil {
		return err
	}
	arguments := make([]any, 0, 3*len(revisions))
	for f, text := range revisions {
		arguments = append(arguments, f, text, definitions[f])
	}
	err = c.scripted(ctx, func(p redis.Pipeliner) {
		reviseScript.EvalSha(ctx, p, []string{e.definitions(), e.revisions(), e.changes()}, arguments...)
	})
	if err != nil {
		return fmt.Errorf("list revisions of feeds: %w", err)
	}
	return nil
}

func (c *Cache) applyStories(ctx context.Context, e epoch, changes []Change) ([]placed, error) {
	records := make([][]byte, len(changes))
	for i, change := range changes {
		if records[i] = change.JSON; records[i] != nil {
			continue
		}
		record, err := change.Story.Marshal()
		if err != nil {
			return nil, fmt.Errorf("story %s: %w", change.ID, err)
		}
		records[i] = record
	}
	results := make([]*redis.Cmd, len(changes))
	stories := make([]placed, len(changes))
	for i := range changes {
		change := &changes[i]
		feeds := names(change.Feeds)
		stories[i] = placed{token: change.Key().Token(), sequence: strconv.FormatUint(change.Sequence, 10),
			release: micros(change.Release()), recorded: micros(change.Recorded), expires: expiry(change.Record), feeds: feeds, was: feeds}
	}
	err := c.scripted(ctx, func(p redis.Pipeliner) {
		for i, s := range stories {
			killed := "0"
			if changes[i].Status != wire.Usable {
				killed = "1"
			}
			key := e.story(s.token)
			p.HSet(ctx, key, recordField(s.sequence), records[i])
			results[i] = applyScript.EvalSha(ctx, p, []string{key}, changes[i].Rank(), s.sequence, s.release, s.recorded, killed,
				strings.Join(s.feeds, " "), s.expires)
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

// scripted runs a pipeline of scripts, loading them first where a server does not know them.
func (c *Cache) scripted(ctx context.Context, fill func(redis.Pipeliner)) error {
	for attempt := 0; ; attempt++ {
		_, err := c.client.Pipelined(ctx, func(p redis.Pipeliner) error {
			fill(p)
			return nil
		})
		if err == nil || attempt > 0 || !redis.HasErrorPrefix(err, "NOSCRIPT") {
			return err
		}
		if err := c.loadScripts(ctx); err != nil {
			return err
		}
	}
}

func (c *Cache) loadScripts(ctx context.Context) error {
	for _, s := range []*redis.Script{applyScript, indexScript, reviseScript, touchScript} {
		if err := s.Load(ctx, c.client).Err(); err != nil {
			return err
		}
	}
	return nil
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

// writing is the epoch that is written to, or ErrNotReady.
func (c *Cache) writing(ctx context.Context) (epoch, error) { return c.current(ctx, "epoch") }

// serving is the epoch that is read, or ErrNotReady. It is another than the one that is written to for the end of a refill.
// On another server than the cache was made on there is none: a replica that took over may lack a kill that was shown.
func (c *Cache) serving(ctx context.Context) (epoch, error) {
	v, err := c.client.HMGet(ctx, currentKey, "serving", "server").Result()
	if err != nil {
		return "", err
	}
	name, _ := v[0].(string)
	made, _ := v[1].(string)
	if name == "" {
		return "", ErrNotReady
	}
	server, err := c.serverLately(ctx)
	if err != nil {
		return "", err
	}
	if made != "" && server != made {
		return "", fmt.Errorf("%w: the Redis server started anew or took over", ErrNotReady)
	}
	return epoch(name), nil
}

func (c *Cache) current(ctx context.Context, field string) (epoch, error) {
	name, err := c.client.HGet(ctx, currentKey, field).Result()
	if errors.Is(err, redis.Nil) {
		return "", ErrNotReady
	}
	return epoch(name), err
}

// notAnnounced says that news was lost. The readers poll too: then it is only late.
func (c *Cache) notAnnounced(err error) { c.log.Warn("announce news", "error", err) }
