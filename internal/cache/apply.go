package cache

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"

	"github.com/redis/go-redis/v9"

	"kawat/internal/feed"
	"kawat/internal/wire"
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
	// lastServed is the epoch that was read when this process last looked.
	lastServed atomic.Value
	// seen is the server as it was when a reader last looked.
	seen atomic.Pointer[seenServer]
}

// New makes a Cache on a client, which stays the caller's.
func New(client redis.UniversalClient, log *slog.Logger) *Cache {
	return &Cache{client: client, log: log}
}

// apart says that keys are on several nodes, so that what is asked of them in one request is done in any order.
func (c *Cache) apart() bool {
	_, cluster := c.client.(*redis.ClusterClient)
	return cluster
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
	write := c.applyTogether
	if c.apart() {
		write = c.applyApart
	}
	// In their order, so that what the cache lacks of STORIES is soon seen, and each once: a record is gone as soon as a newer one stands.
	changes = slices.SortedFunc(slices.Values(changes), func(a, b Change) int { return cmp.Compare(a.Sequence, b.Sequence) })
	changes = slices.CompactFunc(changes, func(a, b Change) bool { return a.Sequence == b.Sequence && a.Key() == b.Key() })
	for len(changes) > 0 {
		n := fewEnough(changes)
		if err := c.applyCurrent(ctx, changes[:n], write); err != nil {
			return err
		}
		changes = changes[n:]
	}
	return nil
}

// So many changes, in so many feeds, are written at once: so long is Redis kept from everybody else.
const (
	together      = 64
	togetherFeeds = 1000
)

// fewEnough is how many of the changes, one at least, may be written at once.
func fewEnough(changes []Change) int {
	feeds := 0
	for n, change := range changes {
		if feeds += len(change.Feeds); n == together || n > 0 && feeds > togetherFeeds {
			return n
		}
	}
	return len(changes)
}

// applyCurrent writes changes into the epoch that is written to. write says which one that is when it is done.
func (c *Cache) applyCurrent(ctx context.Context, changes []Change, write func(context.Context, epoch, []Change) (epoch, error)) error {
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
		now, err := write(ctx, e, changes)
		if err != nil {
			return err
		}
		c.last.Store(now)
		if now == e {
			return nil
		}
		e = now
	}
	return fmt.Errorf("%w: it was swapped or emptied while stories were written", ErrNotReady)
}

// applyTogether writes changes into an epoch in one request, for which all keys have to be on one node.
func (c *Cache) applyTogether(ctx context.Context, e epoch, changes []Change) (epoch, error) {
	records, stories, err := prepare(changes)
	if err != nil {
		return "", err
	}
	definitions, err := encodeDefinitions(changes)
	if err != nil {
		return "", err
	}
	keys := []string{currentKey, aheadKey, e.definitions(), e.revisions(), e.changes()}
	arguments := []any{string(e), e.feeds(), newsChannel}
	for i, s := range stories {
		keys = append(keys, e.story(s.token))
		arguments = append(append(arguments, s.token), s.arguments(changes[i])...)
	}
	for name, text := range definitions {
		arguments = append(arguments, name, text)
	}
	var done *redis.Cmd
	err = c.scripted(ctx, func(p redis.Pipeliner) {
		for i, s := range stories {
			p.HSet(ctx, e.story(s.token), records[i]...)
		}
		done = togetherScript.EvalSha(ctx, p, keys, arguments...)
	})
	if err != nil {
		return "", fmt.Errorf("apply stories: %w", err)
	}
	said, err := done.StringSlice()
	if err != nil || len(said) != 2 {
		return "", fmt.Errorf("apply stories: unexpected reply %v: %w", said, err)
	}
	if said[1] != "" {
		c.notAnnounced(errors.New(said[1]))
	}
	return epoch(said[0]), nil
}

// applyApart writes changes into an epoch one step after the other, each where its keys are.
func (c *Cache) applyApart(ctx context.Context, e epoch, changes []Change) (epoch, error) {
	if _, err := c.apply(ctx, e, changes, newsChannel); err != nil {
		return "", err
	}
	noted := []any{0}
	for _, change := range changes {
		noted = append(noted, change.Sequence)
	}
	now, err := touchScript.Run(ctx, c.client, []string{currentKey, aheadKey}, noted...).Text()
	return epoch(now), err
}
