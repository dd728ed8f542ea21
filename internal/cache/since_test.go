package cache_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"kawat/internal/cache"
	"kawat/internal/feed"
	"kawat/internal/wire"
)

// TestSince: while several write at once, out of order, and embargoes end, a reader with a cursor gets each version that
// stands once, at its time and not before, in however small batches, also over a refill.
func TestSince(t *testing.T) {
	const many = 240
	onEach(t, func(t *testing.T, client redis.UniversalClient) {
		c := filled(t, client)
		seed := rand.Uint64()
		t.Log("seed", seed)
		r := rand.New(rand.NewPCG(seed, 0))
		changes := make([]cache.Change, many)
		stands := map[string]uint64{}
		together := epoch.Add(many/2*time.Second + 500*time.Millisecond)
		for i := range changes {
			name, sequence := fmt.Sprint("s", r.IntN(many/2)), uint64(i+1)
			var edit []func(*wire.Story)
			switch r.IntN(8) {
			case 0:
				edit = append(edit, embargo(epoch.Add(time.Duration(r.IntN(3*many))*time.Second)))
			case 1:
				edit = append(edit, embargo(together)) // many at the same instant
			case 2:
				edit = append(edit, english)
			}
			changes[i] = change(name, int64(i+1), sequence, edit...)
			stands[changes[i].Key().Token()] = sequence
		}
		var applied atomic.Int64
		var writers sync.WaitGroup
		const lanes = 4
		for lane := range lanes {
			order := rand.New(rand.NewPCG(seed, uint64(lane+1)))
			writers.Go(func() {
				for from := 0; from < many; from += 24 { // no writer is further ahead than this
					var mine []int
					for i := from; i < min(from+24, many); i++ {
						if i%lanes == lane {
							mine = append(mine, i)
						}
					}
					order.Shuffle(len(mine), func(a, b int) { mine[a], mine[b] = mine[b], mine[a] })
					for _, i := range mine {
						if err := c.Apply(t.Context(), changes[i:i+1]); err != nil {
							t.Error(err)
						}
						applied.Store(max(applied.Load(), int64(i+1)))
					}
				}
			})
		}
		quiet := make(chan struct{})
		go func() { writers.Wait(); close(quiet) }()

		var cursor feed.Cursor
		given := map[string]uint64{}
		seen := map[string]bool{}
		read := func(now time.Time) bool {
			limit := 1 + r.IntN(5)
			batch, err := c.Since(t.Context(), all.Name, cursor, now, limit)
			if err != nil {
				t.Fatal(err)
			}
			if again, err := feed.ParseCursor(batch.Next.String()); err != nil || again != batch.Next {
				t.Fatalf("%s is read as %v, %v", batch.Next, again, err)
			}
			cursor = batch.Next
			for _, e := range batch.Entries {
				version := fmt.Sprint(e.Token(), e.Sequence)
				if seen[version] {
					t.Errorf("record %d comes twice", e.Sequence)
				}
				seen[version] = true
				if e.Release().After(now) {
					t.Errorf("record %d comes at %s and is released at %s", e.Sequence, now, e.Release())
				}
				given[e.Token()] = e.Sequence
			}
			return len(batch.Entries) > 0 || batch.More
		}
		for writing := true; writing; {
			select {
			case <-quiet:
				writing = false
			default:
			}
			// The reader's clock is a little before the writers', or after.
			read(epoch.Add(time.Duration(applied.Load()+int64(r.IntN(7))-3) * time.Second))
		}
		for read(epoch.Add(many * time.Second)) {
		}
		// A new filling knows the same cursor.
		calls := 0
		_, err := c.Refill(t.Context(), cache.Made{Stories: "s", Feeds: "f", Last: many}, []feed.Def{all},
			func(ctx context.Context, apply func(context.Context, []cache.Change) error) error {
				if calls++; calls == 1 {
					return apply(ctx, changes)
				}
				return nil
			})
		if err != nil {
			t.Fatal(err)
		}
		for read(epoch.Add(4 * many * time.Second)) {
		}
		for token, sequence := range stands {
			if given[token] != sequence {
				t.Errorf("of a story whose record %d stands, %d was given last", sequence, given[token])
			}
		}
	})
}
