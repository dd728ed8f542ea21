package cache_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"kawat/internal/cache"
	"kawat/internal/feed"
	"kawat/internal/testkit"
	"kawat/internal/wire"
)

// views are snapshots without documents.
type views struct{}

func (views) Snapshot(v *feed.View) (*feed.Snapshot, error) { return &feed.Snapshot{View: v}, nil }
func (views) Forget(string)                                 {}

// TestHeld: who holds what a feed showed, and reads only what changed, has the same as who reads all of it.
func TestHeld(t *testing.T) {
	onEach(t, func(t *testing.T, client redis.UniversalClient) {
		c := filled(t, client)
		now := epoch.Add(noon)
		keeper := feed.NewKeeper(c, views{}, func() time.Time { return now }, testkit.Log(t))
		ctx, stop := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { keeper.Run(ctx) })
		defer running.Wait()
		defer stop()

		r := rand.New(rand.NewPCG(8, 8))
		feeds := []feed.Def{all, id, en}
		for sequence := uint64(1); sequence < 200; {
			for range 1 + r.IntN(4) {
				edits := []func(*wire.Story){func(*wire.Story) {}, english, kill, embargo(now.Add(time.Hour)), expires(now.Add(-time.Hour))}
				edit := edits[max(0, r.IntN(8)-3)]
				apply(t, c, change(fmt.Sprint("story-", r.IntN(70)), int64(sequence), sequence, edit))
				sequence++
			}
			testkit.Eventually(t, 10*time.Second, func() error {
				for _, def := range feeds {
					want := shown(window(t, c, def, now))
					s := keeper.Snapshot(def.Name)
					if s == nil && len(want) == 0 {
						continue
					}
					if s == nil {
						return fmt.Errorf("no feed %s", def.Name)
					}
					if diff := cmp.Diff(want, shown(s.View)); diff != "" {
						return fmt.Errorf("%s after %d (-read +held):\n%s", def.Name, sequence-1, diff)
					}
				}
				return nil
			})
		}
	})
}

// TestManyFeeds: stories that are in very many feeds come into all of them.
func TestManyFeeds(t *testing.T) {
	onEach(t, func(t *testing.T, client redis.UniversalClient) {
		c := filled(t, client)
		feeds := []feed.Def{all}
		for n := range 600 {
			feeds = append(feeds, feed.Def{Name: fmt.Sprint("feed-", n), Size: 50})
		}
		var changes []cache.Change
		for n := range 5 {
			one := change(fmt.Sprint("story-", n), 1, uint64(n+1))
			one.Feeds = feeds
			changes = append(changes, one)
		}
		apply(t, c, changes...)
		for _, def := range []feed.Def{all, feeds[1], feeds[600]} {
			if n := len(window(t, c, def, epoch.Add(noon)).Entries); n != 5 {
				t.Errorf("%s has %d stories", def.Name, n)
			}
		}
		if listing, err := c.Feeds(t.Context(), feed.Mark{}); err != nil || len(listing.Feeds) != len(feeds) {
			t.Errorf("%d feeds are listed: %v", len(listing.Feeds), err)
		}
	})
}
