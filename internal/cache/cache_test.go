package cache_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"kawat/internal/cache"
	"kawat/internal/feed"
	"kawat/internal/testkit"
	"kawat/internal/wire"
)

// onEach runs a test on a real redis-server, on a real cluster of three, and on the embedded one.
func onEach(t *testing.T, test func(t *testing.T, client redis.UniversalClient)) {
	t.Run("redis-server", func(t *testing.T) { test(t, connect(t, testkit.StartRedis(t).Address)) })
	t.Run("cluster", func(t *testing.T) { test(t, connect(t, testkit.StartRedisCluster(t)...)) })
	t.Run("miniredis", func(t *testing.T) { test(t, connect(t, miniredis.RunT(t).Addr())) })
}

func connect(t *testing.T, addresses ...string) redis.UniversalClient {
	c := redis.NewUniversalClient(&redis.UniversalOptions{Addrs: addresses})
	t.Cleanup(func() { c.Close() })
	return c
}

// onAllNodes does something on every primary, of which a single server is one.
func onAllNodes(t *testing.T, client redis.UniversalClient, do func(c *redis.Client) error) {
	t.Helper()
	var err error
	switch c := client.(type) {
	case *redis.ClusterClient:
		err = c.ForEachMaster(t.Context(), func(_ context.Context, node *redis.Client) error { return do(node) })
	case *redis.Client:
		err = do(c)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func flush(t *testing.T, client redis.UniversalClient) {
	t.Helper()
	onAllNodes(t, client, func(c *redis.Client) error { return c.FlushAll(t.Context()).Err() })
}

func keys(t *testing.T, client redis.UniversalClient) int64 {
	t.Helper()
	var n atomic.Int64
	onAllNodes(t, client, func(c *redis.Client) error {
		size, err := c.DBSize(t.Context()).Result()
		n.Add(size)
		return err
	})
	return n.Load()
}

var (
	all   = feed.Def{Name: "all", Title: "Everything", Size: 50}
	id    = feed.Def{Name: "lang-id", Title: "Bahasa Indonesia", Language: "id", Size: 50}
	en    = feed.Def{Name: "lang-en", Title: "English", Language: "en", Size: 50}
	epoch = time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
)

// filled gives a cache with an empty epoch that may be added to.
func filled(t *testing.T, client redis.UniversalClient) *cache.Cache {
	t.Helper()
	c := cache.New(client, testkit.Log(t))
	fill(t, c, nil)
	return c
}

func fill(t *testing.T, c *cache.Cache, changes []cache.Change) {
	t.Helper()
	first := true
	busy, err := c.Refill(t.Context(), cache.Made{Stories: "s", Feeds: "f"}, []feed.Def{all},
		func(ctx context.Context, apply func(context.Context, []cache.Change) error) error {
			if !first || len(changes) == 0 {
				return nil
			}
			first = false
			return apply(ctx, changes)
		})
	if err != nil || busy {
		t.Fatal(busy, err)
	}
}

// change is a version recorded so many seconds after epoch, in the feed of everything and its language's.
func change(name string, version int64, sequence uint64, edit ...func(*wire.Story)) cache.Change {
	s := testkit.Story(name, version)
	for _, e := range edit {
		e(s)
	}
	c := cache.Change{Record: wire.Record{Story: s, Sequence: sequence, Recorded: epoch.Add(time.Duration(sequence) * time.Second)}}
	c.Feeds = []feed.Def{all}
	switch s.Language {
	case "id":
		c.Feeds = append(c.Feeds, id)
	case "en":
		c.Feeds = append(c.Feeds, en)
	}
	return c
}

func english(s *wire.Story) { s.Language = "en" }
func kill(s *wire.Story)    { s.Status, s.Language = wire.Canceled, "und" }
func embargo(at time.Time) func(*wire.Story) {
	return func(s *wire.Story) { s.Embargo = &at }
}
func expires(at time.Time) func(*wire.Story) {
	return func(s *wire.Story) { s.Expires = &at }
}

func apply(t *testing.T, c *cache.Cache, changes ...cache.Change) {
	t.Helper()
	if err := c.Apply(t.Context(), changes); err != nil {
		t.Fatal(err)
	}
}

func window(t *testing.T, c *cache.Cache, def feed.Def, now time.Time) *feed.View {
	t.Helper()
	w, err := c.Windows(t.Context(), []feed.Def{def}, now, feed.Held{})
	if err != nil || w[0].Err != nil {
		t.Fatal(err, w)
	}
	return w[0].View
}

// shown is a view in a form to compare: every entry's id, version, sequence and times.
func shown(v *feed.View) []string {
	var s []string
	for _, e := range v.Entries {
		s = append(s, fmt.Sprintf("%s v%d %s #%d first %d released %d", e.ID, e.Version, e.Status, e.Sequence,
			int(e.First.Sub(epoch).Seconds()), int(e.Release().Sub(epoch).Seconds())))
	}
	return s
}

func expect(t *testing.T, v *feed.View, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, shown(v)); diff != "" {
		t.Errorf("feed %s (-want +got):\n%s", v.Def.Name, diff)
	}
}

const noon = 12 * time.Hour

func TestApply(t *testing.T) {
	onEach(t, func(t *testing.T, client redis.UniversalClient) {
		c := filled(t, client)
		now := epoch.Add(noon)
		apply(t, c, change("a", 1, 1), change("b", 1, 2))
		apply(t, c, change("a", 1, 1)) // again
		expect(t, window(t, c, all, now),
			"b v1 usable #2 first 2 released 2", "a v1 usable #1 first 1 released 1")

		apply(t, c, change("a", 2, 3, english))
		expect(t, window(t, c, all, now),
			"a v2 usable #3 first 1 released 3", "b v1 usable #2 first 2 released 2")
		v := window(t, c, id, now)
		expect(t, v, "b v1 usable #2 first 2 released 2")
		if want := epoch.Add(3 * time.Second); !v.Updated.Equal(want) {
			t.Errorf("a story left at %s, the feed says it was updated at %s", want, v.Updated)
		}
		expect(t, window(t, c, en, now), "a v2 usable #3 first 1 released 3")

		// A kill stays in every feed that the story was ever in, so that their readers hear of it.
		apply(t, c, change("a", 2, 4, kill))
		for _, f := range []feed.Def{id, en, all} {
			if got := shown(window(t, c, f, now))[0]; got != "a v2 canceled #4 first 1 released 4" {
				t.Errorf("first in %s: %s", f.Name, got)
			}
		}
	})
}

func TestEmbargoAndExpiry(t *testing.T) {
	onEach(t, func(t *testing.T, client redis.UniversalClient) {
		c := filled(t, client)
		free := epoch.Add(time.Hour)
		apply(t, c, change("plain", 1, 1), change("later", 1, 2, embargo(free)), change("short", 1, 3, expires(free)))
		at := window(t, c, all, free.Add(-time.Microsecond))
		expect(t, at, "short v1 usable #3 first 3 released 3", "plain v1 usable #1 first 1 released 1")
		if !at.Next.Equal(free) {
			t.Errorf("the view changes next at %s, want %s", at.Next, free)
		}
		at = window(t, c, all, free)
		expect(t, at, "later v1 usable #2 first 3600 released 3600", "plain v1 usable #1 first 1 released 1")
		if !at.Updated.Equal(free) || !at.Next.IsZero() {
			t.Errorf("updated %s, next %s", at.Updated, at.Next)
		}
	})
}

// TestFarEmbargo: an embargo until a time beyond all scores is none the less later than now, so that when it is lifted the story was
// first released then.
func TestFarEmbargo(t *testing.T) {
	onEach(t, func(t *testing.T, client redis.UniversalClient) {
		c := filled(t, client)
		for i, until := range []int{2250, 2300, 9999} {
			name, sequence := fmt.Sprint("until-", until), uint64(2*i+1)
			apply(t, c, change(name, 1, sequence, embargo(time.Date(until, 1, 1, 0, 0, 0, 0, time.UTC))))
			if n := len(window(t, c, all, epoch.Add(time.Hour)).Entries); n != i {
				t.Fatalf("%d stories are shown, want %d", n, i)
			}
			lifted := change(name, 2, sequence+1)
			apply(t, c, lifted)
			if e := window(t, c, all, epoch.Add(time.Hour)).Entries[0]; e.ID != lifted.ID || !e.First.Equal(lifted.Recorded) {
				t.Errorf("%s first released %s, want %s on %s", e.ID, e.First, lifted.ID, lifted.Recorded)
			}
		}
	})
}

// TestTakenBackByExpiry: a version whose time is over already takes the story away, which changes the feed when it comes, however
// long ago its time was over.
func TestTakenBackByExpiry(t *testing.T) {
	onEach(t, func(t *testing.T, client redis.UniversalClient) {
		c := filled(t, client)
		apply(t, c, change("a", 1, 1), change("b", 1, 3))
		over := change("b", 2, 5, expires(epoch.Add(2*time.Second)))
		apply(t, c, over)
		at := window(t, c, all, epoch.Add(time.Minute))
		expect(t, at, "a v1 usable #1 first 1 released 1")
		if !at.Updated.Equal(over.Recorded) {
			t.Errorf("updated %s, want %s", at.Updated, over.Recorded)
		}
	})
}

// TestAnyOrder: whatever the order and however often versions are applied, by refills and after them, the cache ends the same.
func TestAnyOrder(t *testing.T) {
	changes := []cache.Change{
		change("a", 1, 1), change("a", 2, 4, english), change("a", 3, 6), change("a", 3, 9, kill),
		change("b", 1, 2, english), change("b", 2, 5), change("b", 3, 8, embargo(epoch.Add(time.Hour))),
		change("c", 1, 3), change("c", 1, 7, english),
	}
	digest := func(t *testing.T, c *cache.Cache) []string {
		var all []string
		listing, err := c.Feeds(t.Context(), feed.Mark{})
		if err != nil {
			t.Fatal(err)
		}
		for name, s := range listing.Feeds {
			for _, now := range []time.Duration{time.Minute, noon} {
				for _, line := range shown(window(t, c, s.Def, epoch.Add(now))) {
					all = append(all, fmt.Sprint(name, " at revision ", s.Revision.Number, ": ", line))
				}
			}
		}
		slices.Sort(all)
		return all
	}
	onEach(t, func(t *testing.T, client redis.UniversalClient) {
		c := filled(t, client)
		apply(t, c, changes...)
		want := digest(t, c)
		if len(want) == 0 {
			t.Fatal("nothing is shown")
		}
		for round := range 100 {
			flush(t, client)
			r := rand.New(rand.NewPCG(7, uint64(round)))
			order := append(r.Perm(len(changes)), r.Perm(len(changes))[:4]...)
			some := func(apply func(context.Context, []cache.Change) error) error {
				n := min(len(order), 1+r.IntN(3))
				var batch []cache.Change
				for _, i := range order[:n] {
					batch = append(batch, changes[i])
				}
				order = order[n:]
				return apply(t.Context(), batch)
			}
			// Each of a refill's passes brings some, or none.
			_, err := c.Refill(t.Context(), cache.Made{Stories: "s", Feeds: "f"}, []feed.Def{all},
				func(_ context.Context, apply func(context.Context, []cache.Change) error) (err error) {
					for range r.IntN(3) {
						err = errors.Join(err, some(apply))
					}
					return err
				})
			for err == nil && len(order) > 0 {
				err = some(c.Apply)
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, digest(t, c)); diff != "" {
				t.Fatalf("round %d (-in order +shuffled):\n%s", round, diff)
			}
		}
	})
}

// TestEmptied: an emptied Redis is never read as empty feeds, nor written to as if nothing had happened.
func TestEmptied(t *testing.T) {
	onEach(t, func(t *testing.T, client redis.UniversalClient) {
		c := filled(t, client)
		apply(t, c, change("a", 1, 1))
		flush(t, client)
		if _, err := c.Windows(t.Context(), []feed.Def{all}, epoch.Add(noon), feed.Held{}); !errors.Is(err, cache.ErrNotReady) {
			t.Errorf("Windows: %v", err)
		}
		if _, err := c.Feeds(t.Context(), feed.Mark{}); !errors.Is(err, cache.ErrNotReady) {
			t.Errorf("Feeds: %v", err)
		}
		if err := c.Apply(t.Context(), []cache.Change{change("b", 1, 2)}); !errors.Is(err, cache.ErrNotReady) {
			t.Errorf("Apply: %v", err)
		}
		if _, err := c.Made(t.Context()); !errors.Is(err, cache.ErrNotReady) {
			t.Errorf("Made: %v", err)
		}
	})
}

// TestRefill: a new epoch replaces the old one, whose keys go; one that is emptied while it is filled is not swapped in; and
// scripts that the server forgot are loaded again.
func TestRefill(t *testing.T) {
	onEach(t, func(t *testing.T, client redis.UniversalClient) {
		c := filled(t, client)
		apply(t, c, change("a", 1, 1))
		fill(t, c, []cache.Change{change("a", 1, 1)})
		before := keys(t, client)
		onAllNodes(t, client, func(c *redis.Client) error { return c.ScriptFlush(t.Context()).Err() })
		fill(t, c, []cache.Change{change("a", 1, 1)})
		after := keys(t, client)
		if before != after {
			t.Errorf("%d keys before the refill, %d after it", before, after)
		}
		expect(t, window(t, c, all, epoch.Add(noon)), "a v1 usable #1 first 1 released 1")

		_, err := c.Refill(t.Context(), cache.Made{}, nil, func(ctx context.Context, apply func(context.Context, []cache.Change) error) error {
			if err := apply(ctx, []cache.Change{change("a", 1, 1)}); err != nil {
				return err
			}
			flush(t, client)
			return nil
		})
		if !errors.Is(err, cache.ErrNotReady) {
			t.Errorf("refill of an emptied Redis: %v", err)
		}
		if _, err := c.Feeds(t.Context(), feed.Mark{}); !errors.Is(err, cache.ErrNotReady) {
			t.Errorf("Feeds: %v", err)
		}
	})
}

// TestKillDuringRefill: a kill that goes into the old epoch while a new one is filled is never taken back, not even for the
// moment in which the writers have the new epoch and it lacks the kill.
func TestKillDuringRefill(t *testing.T) {
	onEach(t, func(t *testing.T, client redis.UniversalClient) {
		c := filled(t, client)
		now := epoch.Add(noon)
		apply(t, c, change("a", 1, 1))
		calls := 0
		_, err := c.Refill(t.Context(), cache.Made{Stories: "s", Feeds: "f"}, []feed.Def{all},
			func(ctx context.Context, fill func(context.Context, []cache.Change) error) error {
				switch calls++; calls {
				case 1:
					return fill(ctx, []cache.Change{change("a", 1, 1)})
				case 2:
					apply(t, c, change("a", 1, 2, kill)) // by another replica, into the old epoch
					expect(t, window(t, c, all, now), "a v1 canceled #2 first 1 released 2")
				case 3:
					expect(t, window(t, c, all, now), "a v1 canceled #2 first 1 released 2")
					apply(t, c, change("b", 1, 3)) // begun in the old epoch, and brought to the new one
					if _, err := c.Made(ctx); !errors.Is(err, cache.ErrNotReady) {
						t.Errorf("a refill that has not ended counts as one: %v", err)
					}
					return fill(ctx, []cache.Change{change("a", 1, 2, kill)})
				}
				return nil
			})
		if err != nil || calls != 3 {
			t.Fatal(calls, err)
		}
		expect(t, window(t, c, all, now), "b v1 usable #3 first 3 released 3", "a v1 canceled #2 first 1 released 2")
	})
}

// TestTakenOver: a replica that took over lacks a kill that was shown. Nothing of it is read before it is filled anew, not even
// for the moment in which the writers have the new epoch and the readers would still have the old one.
func TestTakenOver(t *testing.T) {
	onEach(t, func(t *testing.T, client redis.UniversalClient) {
		c := cache.New(client, testkit.Log(t))
		server, err := c.Server(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		refill := func(server string, look func()) {
			t.Helper()
			_, err := c.Refill(t.Context(), cache.Made{Stories: "s", Feeds: "f", Server: server}, []feed.Def{all},
				func(context.Context, func(context.Context, []cache.Change) error) error { look(); return nil })
			if err != nil {
				t.Fatal(err)
			}
		}
		looks := 0
		look := func() {
			looks++
			if got, err := c.Windows(t.Context(), []feed.Def{all}, epoch.Add(noon), feed.Held{}); !errors.Is(err, cache.ErrNotReady) {
				t.Errorf("look %d: what another server left behind is read: %v, %v", looks, got, err)
			}
		}
		refill("the primary that is lost", func() {})
		look()
		refill(server, look)
		if looks != 4 {
			t.Errorf("looked %d times", looks)
		}
		expect(t, window(t, c, all, epoch.Add(noon)))
	})
}

// TestRefillBrokenOff: a refill that fails after the writers have moved leaves the readers with what they had, and the next
// one mends it.
func TestRefillBrokenOff(t *testing.T) {
	onEach(t, func(t *testing.T, client redis.UniversalClient) {
		c := filled(t, client)
		now := epoch.Add(noon)
		apply(t, c, change("a", 1, 1))
		lost, calls := errors.New("STORIES is away"), 0
		_, err := c.Refill(t.Context(), cache.Made{}, nil, func(context.Context, func(context.Context, []cache.Change) error) error {
			if calls++; calls == 3 {
				return lost
			}
			return nil
		})
		if !errors.Is(err, lost) {
			t.Fatal(err)
		}
		expect(t, window(t, c, all, now), "a v1 usable #1 first 1 released 1")
		if _, err := c.Made(t.Context()); !errors.Is(err, cache.ErrNotReady) {
			t.Errorf("it counts as filled: %v", err)
		}
		fill(t, c, []cache.Change{change("a", 1, 1), change("b", 1, 2)})
		expect(t, window(t, c, all, now), "b v1 usable #2 first 2 released 2", "a v1 usable #1 first 1 released 1")
		if _, err := c.Made(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// TestOneRefillsAtATime: a second replica leaves the work to the first.
func TestOneRefillsAtATime(t *testing.T) {
	onEach(t, func(t *testing.T, client redis.UniversalClient) {
		c := filled(t, client)
		_, err := c.Refill(t.Context(), cache.Made{}, nil, func(ctx context.Context, _ func(context.Context, []cache.Change) error) error {
			busy, err := c.Refill(ctx, cache.Made{}, nil, nil)
			if !busy || err != nil {
				t.Errorf("a second refill at the same time: busy %v, %v", busy, err)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestNews: a change of a feed is announced.
func TestNews(t *testing.T) {
	onEach(t, func(t *testing.T, client redis.UniversalClient) {
		c := filled(t, client)
		ctx, cancel := context.WithCancel(t.Context())
		heard := make(chan []string, 8)
		done := make(chan struct{})
		go func() {
			c.News(ctx, func(feeds []string) { heard <- feeds })
			close(done)
		}()
		testkit.Eventually(t, 10*time.Second, func() error {
			apply(t, c, change("a", 1, 1))
			select {
			case feeds := <-heard:
				slices.Sort(feeds)
				if diff := cmp.Diff([]string{"all", "lang-id"}, feeds); diff != "" {
					t.Error(diff)
				}
				return nil
			case <-time.After(50 * time.Millisecond):
				return errors.New("no news")
			}
		})
		cancel()
		<-done
	})
}

// TestFeedsSince: whoever asks again hears of the feeds that changed since, and of no others; of all feeds in another epoch.
func TestFeedsSince(t *testing.T) {
	onEach(t, func(t *testing.T, client redis.UniversalClient) {
		c := filled(t, client)
		list := func(since feed.Mark) *feed.Listing {
			t.Helper()
			l, err := c.Feeds(t.Context(), since)
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		expect := func(l *feed.Listing, whole bool, want ...string) {
			t.Helper()
			got := slices.Sorted(maps.Keys(l.Feeds))
			if l.Whole != whole || !slices.Equal(got, want) {
				t.Errorf("%v are listed (all of them: %v), want %v (%v)", got, l.Whole, want, whole)
			}
		}
		first := list(feed.Mark{})
		expect(first, true, "all")
		expect(list(first.Mark), false)
		apply(t, c, change("a", 1, 1))
		second := list(first.Mark)
		expect(second, false, "all", "lang-id")
		if got := second.Feeds["lang-id"]; got.Def != id || got.Revision.Number != 1 {
			t.Errorf("the new feed is listed as %+v", got)
		}
		apply(t, c, change("b", 1, 2, english))
		third := list(second.Mark)
		expect(third, false, "all", "lang-en")
		if got := third.Feeds["all"].Revision; got.Number != 3 || got.Epoch != third.Mark.Epoch {
			t.Errorf("revision %+v of everything, want 3", got)
		}
		expect(list(second.Mark), false, "all", "lang-en")
		expect(list(third.Mark), false)
		apply(t, c, change("b", 2, 3)) // it leaves lang-en
		expect(list(third.Mark), false, "all", "lang-en", "lang-id")

		fill(t, c, []cache.Change{change("a", 1, 1)})
		fourth := list(third.Mark)
		expect(fourth, true, "all", "lang-id")
		expect(list(fourth.Mark), false)
		apply(t, c, change("c", 1, 4))
		expect(list(fourth.Mark), false, "all", "lang-id")
	})
}
