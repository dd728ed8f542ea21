package cache

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/redis/go-redis/v9"

	"kawat/internal/feed"
)

// Made says what a filling of the cache was made from; another STORIES, or other feeds, need another filling.
type Made struct {
	Stories string // the identity of the stream
	Feeds   string // the digest of the feeds' definitions
	Server  string // the run of the Redis server: one that started anew, or took over, may have lost writes
	// Last is the sequence of the newest record of STORIES that is in the cache.
	Last uint64
	// Through is the sequence of STORIES up to which every record is in the cache; only what Made gives has it.
	Through uint64
	// Filling tells two fillings apart; only what Made gives has it.
	Filling string
}

// Made gives what the filling that is served was made from; ErrNotReady when there is none.
func (c *Cache) Made(ctx context.Context) (Made, error) {
	v, err := c.client.HMGet(ctx, currentKey, "stories", "feeds", "server", "last", "epoch", "serving", "through").Result()
	if err != nil {
		return Made{}, err
	}
	if v[4] != v[5] { // the refill that began it did not come to its end
		return Made{}, ErrNotReady
	}
	var m Made
	var last string
	for i, into := range []*string{&m.Stories, &m.Feeds, &m.Server, &last} {
		text, ok := v[i].(string)
		if !ok {
			return Made{}, ErrNotReady
		}
		*into = text
	}
	m.Filling, _ = v[4].(string)
	through, _ := v[6].(string)
	if m.Through, err = strconv.ParseUint(through, 10, 64); err != nil {
		return Made{}, err
	}
	m.Last, err = strconv.ParseUint(last, 10, 64)
	return m, err
}

// NoteThrough says that every record of STORIES up to a sequence is in the cache, or can never be.
func (c *Cache) NoteThrough(ctx context.Context, sequence uint64) error {
	return touchScript.Run(ctx, c.client, []string{currentKey, aheadKey}, sequence).Err()
}

// Server names the run of the Redis server, "" where that cannot be told (the embedded one does not say). Of a cluster it
// names the runs of all primaries together: when another one takes over or starts anew, the name is another. It is an error
// while one of the primaries does not answer, or is one no more.
func (c *Cache) Server(ctx context.Context) (string, error) {
	cluster, ok := c.client.(*redis.ClusterClient)
	if !ok {
		run, _, err := serverRun(ctx, c.client)
		return run, err
	}
	var mu sync.Mutex
	var runs []string
	// ForEachMaster asks the cluster anew who its primaries are.
	err := cluster.ForEachMaster(ctx, func(ctx context.Context, n *redis.Client) error {
		run, role, err := serverRun(ctx, n)
		if err == nil && run != "" && role != "master" {
			err = fmt.Errorf("%s is no primary of the Redis Cluster any more", n.Options().Addr)
		}
		mu.Lock()
		defer mu.Unlock()
		runs = append(runs, run)
		return err
	})
	if err != nil || slices.Contains(runs, "") {
		return "", err
	}
	slices.Sort(runs)
	sum := sha256.Sum256([]byte(strings.Join(runs, " ")))
	return hex.EncodeToString(sum[:20]), nil
}

// seenServer is what Server gave at some time.
type seenServer struct {
	name string
	at   time.Time
}

// serverAge is how old the answer of serverLately may be: less than any failover takes, which begins with a second or more in
// which nobody answers.
const serverAge = 100 * time.Millisecond

// serverLately is Server for those who ask often.
func (c *Cache) serverLately(ctx context.Context) (string, error) {
	if seen := c.seen.Load(); seen != nil && time.Since(seen.at) < serverAge {
		return seen.name, nil
	}
	at := time.Now()
	name, err := c.Server(ctx)
	if err == nil {
		c.seen.Store(&seenServer{name, at})
	}
	return name, err
}

// serverRun gives the name of a server's run and its role; a server that does not say gives "" for both.
func serverRun(ctx context.Context, n redis.UniversalClient) (run, role string, err error) {
	sections := make([]*redis.StringCmd, 2)
	_, err = n.Pipelined(ctx, func(p redis.Pipeliner) error {
		sections[0], sections[1] = p.Info(ctx, "server"), p.Info(ctx, "replication")
		return nil
	})
	var refused redis.Error
	if errors.As(err, &refused) {
		return "", "", nil
	}
	if err != nil {
		return "", "", err
	}
	for line := range strings.Lines(sections[0].Val() + sections[1].Val()) {
		switch name, value, _ := strings.Cut(strings.TrimSpace(line), ":"); name {
		case "run_id":
			run = value
		case "role":
			role = value
		}
	}
	return run, role, nil
}

//go:embed lua/swap.lua
var swapLua string

//go:embed lua/serve.lua
var serveLua string

var (
	swapScript  = redis.NewScript(swapLua)
	serveScript = redis.NewScript(serveLua)
)

// fillingLease is how long a replica that refills may be silent before another takes over.
const fillingLease = 15 * time.Second

// Refill fills a new epoch beside the one that is served and swaps it in. fill must apply every record of STORIES up to
// its newest that it has not applied yet; it is called again before the swap, and after it, for the records that came meanwhile.
//
// One replica refills at a time: busy is true when another one does.
func (c *Cache) Refill(ctx context.Context, made Made, defs []feed.Def, fill func(ctx context.Context, apply func(context.Context, []Change) error) error) (busy bool, err error) {
	e := epoch(strings.ToLower(rand.Text()[:13]))
	got, err := c.client.SetNX(ctx, fillingKey, string(e), fillingLease).Result()
	if err != nil || !got {
		return !got && err == nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stopRenewing := c.renew(ctx, e, cancel)
	defer stopRenewing()

	swapped := false
	defer func() {
		if !swapped { // what was filled in vain must not stay for ever
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
			defer cancel()
			if err := c.drop(ctx, func(key string) bool { return e.owns(key) }); err != nil {
				c.log.Warn("drop what was filled in vain", "error", err)
			}
		}
	}()
	if err := c.client.Set(ctx, e.marker(), "1", 0).Err(); err != nil {
		return false, err
	}
	if err := c.define(ctx, e, defs); err != nil {
		return false, err
	}
	if err := c.loadScripts(ctx); err != nil {
		return false, err
	}
	f := filling{cache: c, epoch: e, alone: map[string]*unrevised{}, revisions: map[string]string{}}
	if err := fill(ctx, f.applyAlone); err != nil {
		return false, errors.Join(err, context.Cause(ctx))
	}
	// Again for what came meanwhile, so that the readers' epoch is the older one for a moment only.
	if err := fill(ctx, f.applyAlone); err != nil {
		return false, errors.Join(err, context.Cause(ctx))
	}
	if err := f.revise(ctx); err != nil {
		return false, err
	}
	if err := c.swap(ctx, e, made); err != nil {
		return false, err
	}
	swapped = true
	// From here on everybody writes to the new epoch, and the readers stay with the old one until the new one has all that
	// went there: nobody is shown a story again that was killed meanwhile.
	if err := fill(ctx, f.apply); err != nil {
		return false, errors.Join(err, context.Cause(ctx))
	}
	if err := c.serve(ctx, e, made.Server); err != nil {
		return false, err
	}
	c.announce(ctx, f.revisions)
	// All other epochs are served no more: the one before, and what replicas that did not know wrote into earlier ones.
	return false, c.drop(ctx, func(key string) bool {
		return strings.HasPrefix(key, schema) && !e.owns(key) && key != fillingKey && !strings.HasPrefix(key, currentKey)
	})
}

// renew keeps the lease until the function that it gives is called, which gives the lease up. A lease that was lost cancels
// the refill.
func (c *Cache) renew(ctx context.Context, e epoch, cancel context.CancelCauseFunc) (stop func()) {
	ctx, done := context.WithCancel(ctx)
	finished := make(chan struct{})
	go func() {
		defer close(finished)
		tick := time.NewTicker(fillingLease / 5)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				holder, err := c.client.Get(ctx, fillingKey).Result()
				if errors.Is(err, redis.Nil) || err == nil && holder != string(e) {
					cancel(errors.New("another replica refills the cache, or it was emptied"))
					return
				}
				if err == nil {
					c.client.Expire(ctx, fillingKey, fillingLease)
				}
			}
		}
	}()
	return func() {
		done()
		<-finished
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		if holder, err := c.client.Get(ctx, fillingKey).Result(); err == nil && holder == string(e) {
			c.client.Del(ctx, fillingKey)
		}
	}
}

func (c *Cache) define(ctx context.Context, e epoch, defs []feed.Def) error {
	var pairs []any
	for _, def := range defs {
		text, err := json.Marshal(def, json.Deterministic(true))
		if err != nil {
			return err
		}
		pairs = append(pairs, def.Name, text)
	}
	if len(pairs) == 0 {
		return nil
	}
	return c.client.HSet(ctx, e.definitions(), pairs...).Err()
}

func (c *Cache) swap(ctx context.Context, e epoch, made Made) error {
	done, err := swapScript.Run(ctx, c.client, []string{currentKey, e.marker(), aheadKey}, string(e), made.Stories, made.Feeds, made.Last).Int()
	if err != nil {
		return err
	}
	if done == 0 {
		return fmt.Errorf("%w: the Redis was emptied while it was refilled", ErrNotReady)
	}
	return nil
}

func (c *Cache) serve(ctx context.Context, e epoch, server string) error {
	done, err := serveScript.Run(ctx, c.client, []string{currentKey}, string(e), server).Int()
	if err != nil {
		return err
	}
	if done == 0 {
		return fmt.Errorf("%w: the Redis was emptied, or another replica refilled it", ErrNotReady)
	}
	return nil
}

// drop deletes the keys that match.
func (c *Cache) drop(ctx context.Context, match func(key string) bool) error {
	node := func(ctx context.Context, n redis.UniversalClient) error {
		iter := n.Scan(ctx, 0, schema+"*", 512).Iterator()
		var keys []string
		for iter.Next(ctx) {
			if match(iter.Val()) {
				keys = append(keys, iter.Val())
			}
		}
		if err := iter.Err(); err != nil {
			return err
		}
		for part := range slices.Chunk(keys, 1000) {
			_, err := n.Pipelined(ctx, func(p redis.Pipeliner) error {
				for _, k := range part {
					p.Unlink(ctx, k)
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	}
	if cluster, ok := c.client.(*redis.ClusterClient); ok {
		return cluster.ForEachMaster(ctx, func(ctx context.Context, n *redis.Client) error { return node(ctx, n) })
	}
	return node(ctx, c.client)
}
