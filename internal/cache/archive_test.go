package cache_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"kawat/internal/cache"
	"kawat/internal/feed"
	"kawat/internal/testkit"
	"kawat/internal/wire"
)

// lines are a feed's index, with ids in the place of tokens and times in seconds after epoch, and the sum of its sequences.
func lines(t *testing.T, c *cache.Cache, def feed.Def, ids ...string) (all []string) {
	t.Helper()
	names := map[string]string{}
	for _, id := range ids {
		names[wire.Key{Provider: "antara", ID: id}.Token()] = id
	}
	seconds := func(at int64) int64 {
		if at == 0 {
			return 0
		}
		return (at - epoch.UnixMicro()) / 1e6
	}
	var sum, after uint64
	for {
		revision, some, err := c.Lines(t.Context(), def.Name, after)
		if err != nil {
			t.Fatal(err)
		}
		if len(some) == 0 {
			if revision.Number != sum {
				t.Errorf("the index is at revision %d, and its sequences are %d together", revision.Number, sum)
			}
			return all
		}
		for _, l := range some {
			if l.Sequence <= after {
				t.Errorf("sequence %d after %d", l.Sequence, after)
			}
			after = l.Sequence
			sum += l.Sequence
			all = append(all, fmt.Sprintf("%s #%d released %d expires %d", names[l.Token], l.Sequence, seconds(l.Release), seconds(l.Expires)))
		}
	}
}

// TestLines: an index says of each story when it was released and when it expires, in whatever order versions came, and of one
// that has left that it has.
func TestLines(t *testing.T) {
	hour := epoch.Add(time.Hour)
	changes := []cache.Change{
		change("a", 1, 1, expires(hour)), change("a", 2, 4, kill),
		change("b", 1, 2, expires(hour)), change("b", 2, 5),
		change("c", 1, 3), change("c", 2, 6, english, expires(hour)),
		change("d", 1, 7, embargo(hour), expires(epoch)),
		change("e", 1, 8, expires(hour)), change("e", 2, 9, english),
	}
	want := []string{"a #4 released 4 expires 0", "b #5 released 5 expires 0", "c #6 released 0 expires 0",
		"d #7 released 3600 expires 3600", "e #9 released 0 expires 0"}
	wantAll := []string{"a #4 released 4 expires 0", "b #5 released 5 expires 0", "c #6 released 6 expires 3600",
		"d #7 released 3600 expires 3600", "e #9 released 9 expires 0"}
	onEach(t, func(t *testing.T, client redis.UniversalClient) {
		for round := range 30 {
			r := rand.New(rand.NewPCG(3, uint64(round)))
			order := append(r.Perm(len(changes)), r.Perm(len(changes))[:3]...)
			flush(t, client)
			c := cache.New(client, testkit.Log(t))
			var first, rest []cache.Change
			for i, at := range order {
				if i < r.IntN(len(order)+1) {
					first = append(first, changes[at])
				} else {
					rest = append(rest, changes[at])
				}
			}
			fill(t, c, first)
			for part := range slices.Chunk(rest, 1+r.IntN(3)) {
				apply(t, c, part...)
			}
			if diff := cmp.Diff(want, lines(t, c, id, "a", "b", "c", "d", "e")); diff != "" {
				t.Fatalf("round %d (-want +got):\n%s", round, diff)
			}
			if diff := cmp.Diff(wantAll, lines(t, c, all, "a", "b", "c", "d", "e")); diff != "" {
				t.Fatalf("round %d, everything (-want +got):\n%s", round, diff)
			}
		}
	})
}

// TestManyLines: an index comes in pieces, and stories are given in the order in which they were asked for.
func TestManyLines(t *testing.T) {
	onEach(t, func(t *testing.T, client redis.UniversalClient) {
		c := filled(t, client)
		var changes []cache.Change
		var tokens []string
		for i := range 1200 {
			changes = append(changes, change(fmt.Sprint(i), 1, uint64(i+1)))
			tokens = append(tokens, changes[i].Key().Token())
		}
		apply(t, c, changes...)
		if got := lines(t, c, all); len(got) != len(changes) {
			t.Errorf("%d lines of %d", len(got), len(changes))
		}
		tokens = append(tokens, wire.Key{ID: "none"}.Token())
		entries, err := c.Entries(t.Context(), tokens)
		if err != nil || len(entries) != len(tokens) || entries[1200] != nil {
			t.Fatal(len(entries), err)
		}
		for i, e := range entries[:1200] {
			if e == nil || e.Token() != tokens[i] {
				t.Fatalf("entry %d is %v", i, e)
			}
		}
		flush(t, client)
		if _, _, err := c.Lines(t.Context(), "all", 0); !errors.Is(err, cache.ErrNotReady) {
			t.Errorf("Lines of an emptied Redis: %v", err)
		}
		if _, err := c.Entries(context.WithoutCancel(t.Context()), tokens); !errors.Is(err, cache.ErrNotReady) {
			t.Errorf("Entries of an emptied Redis: %v", err)
		}
	})
}

// TestWindowContinues: a window says whether there are older stories, and below which place.
func TestWindowContinues(t *testing.T) {
	onEach(t, func(t *testing.T, client redis.UniversalClient) {
		c := filled(t, client)
		few := feed.Def{Name: "all", Title: "Everything", Size: 20}
		for i := range 20 {
			apply(t, c, change(fmt.Sprint(i), 1, uint64(i+1)))
		}
		if v := window(t, c, few, epoch.Add(noon)); v.Below != nil || len(v.Entries) != 20 {
			t.Errorf("a feed of all its %d stories continues below %v", len(v.Entries), v.Below)
		}
		apply(t, c, change("20", 1, 21))
		v := window(t, c, few, epoch.Add(noon))
		if v.Below == nil || *v.Below != v.Entries[19].Position() || v.Entries[19].ID != "1" {
			t.Errorf("a feed with one story more continues below %v", v.Below)
		}
	})
}
