package cache

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"

	"github.com/redis/go-redis/v9"

	"kawat/internal/feed"
)

// filling is what a refill knows of the epoch that it fills.
type filling struct {
	cache *Cache
	epoch epoch

	mu sync.Mutex
	// alone is what applyAlone wrote, by feed.
	alone map[string]*unrevised
	// revisions are those of the feeds that are listed.
	revisions map[string]string
}

// unrevised is a feed whose revision is not up to date yet.
type unrevised struct {
	def feed.Def
	// new is the sum of the sequences that the revision lacks.
	new uint64
}

// apply writes as everybody does.
func (f *filling) apply(ctx context.Context, changes []Change) error {
	touched, err := f.cache.apply(ctx, f.epoch, changes, "") // told at the end
	f.mu.Lock()
	defer f.mu.Unlock()
	maps.Copy(f.revisions, touched)
	return err
}

// applyAlone writes while nobody else writes to the epoch or reads it, so that revisions have time until revise. A story that
// the epoch does not have yet is put into its feeds without a script, which is most of what it costs Redis, and only where no
// other version of it is: a command that is repeated, or late, undoes nothing.
func (f *filling) applyAlone(ctx context.Context, changes []Change) error {
	for part := range slices.Chunk(changes, most) {
		stories, err := f.cache.applyStories(ctx, f.epoch, part)
		if err != nil {
			return err
		}
		f.note(part, stories)
		var again []placed
		logs, orders, expiries := map[string][]redis.Z{}, map[string][]redis.Z{}, map[string][]redis.Z{}
		for _, s := range stories {
			if !s.first {
				again = append(again, s)
				continue
			}
			// Both are whole numbers below 2^53.
			sequence, err := strconv.ParseFloat(s.sequence, 64)
			if err != nil {
				return err
			}
			release, err := strconv.ParseFloat(s.release, 64)
			if err != nil {
				return err
			}
			expires, _ := strconv.ParseFloat(s.expires, 64) // 0: never
			for _, name := range s.feeds {
				if expires > 0 {
					expiries[name] = append(expiries[name], redis.Z{Score: expires, Member: s.token})
				}
				logs[name] = append(logs[name], redis.Z{Score: sequence, Member: s.token})
				orders[name] = append(orders[name], redis.Z{Score: release, Member: s.token})
			}
		}
		_, err = f.cache.client.Pipelined(ctx, func(p redis.Pipeliner) error {
			for name := range logs {
				keys := f.epoch.index(name)
				p.ZAddNX(ctx, keys[0], orders[name]...)
				p.ZAddNX(ctx, keys[1], logs[name]...)
				if len(expiries[name]) > 0 {
					p.ZAddNX(ctx, keys[3], expiries[name]...)
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("index new stories: %w", err)
		}
		if _, err := f.cache.index(ctx, f.epoch, again); err != nil {
			return err
		}
	}
	return nil
}

// note remembers which feeds applyAlone writes to. The script that calls a story new does so once, however often it is asked.
func (f *filling) note(changes []Change, stories []placed) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, change := range changes {
		for _, def := range change.Feeds {
			if f.alone[def.Name] == nil {
				f.alone[def.Name] = &unrevised{def: def}
			}
			if stories[i].first {
				f.alone[def.Name].new += change.Sequence
			}
		}
	}
}

// revise brings the revisions of the feeds that applyAlone wrote to up to date, and lists them with their definitions.
func (f *filling) revise(ctx context.Context) error {
	for names := range slices.Chunk(slices.Sorted(maps.Keys(f.alone)), 1000) {
		had := make([]*redis.StringCmd, len(names))
		_, err := f.cache.client.Pipelined(ctx, func(p redis.Pipeliner) error {
			for i, name := range names {
				had[i] = p.HGet(ctx, f.epoch.index(name)[2], "revision")
			}
			return nil
		})
		if err != nil && !errors.Is(err, redis.Nil) {
			return fmt.Errorf("read revisions of feeds: %w", err)
		}
		defs := make([]feed.Def, len(names))
		scores := make([]redis.Z, len(names))
		for i, name := range names {
			revision, err := had[i].Uint64()
			if err != nil && !errors.Is(err, redis.Nil) {
				return fmt.Errorf("revision of feed %s: %w", name, err)
			}
			defs[i] = f.alone[name].def
			scores[i] = redis.Z{Score: float64(revision + f.alone[name].new), Member: name}
		}
		if err := f.cache.define(ctx, f.epoch, defs); err != nil {
			return err
		}
		_, err = f.cache.client.Pipelined(ctx, func(p redis.Pipeliner) error {
			for i, name := range names {
				f.revisions[name] = strconv.FormatUint(uint64(scores[i].Score), 10)
				p.HSet(ctx, f.epoch.index(name)[2], "revision", f.revisions[name])
			}
			p.ZAdd(ctx, f.epoch.revisions(), scores...)
			return nil
		})
		if err != nil {
			return fmt.Errorf("write revisions of feeds: %w", err)
		}
	}
	return nil
}
