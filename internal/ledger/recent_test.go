package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go/jetstream"

	"kawat/internal/testkit"
	"kawat/internal/wire"
)

// Recent gives what was recorded within two instants, both included, and nothing when there is nothing.
func TestRecent(t *testing.T) {
	server := testkit.StartNATS(t)
	l, nc := open(t, server.URL)
	recent := func(since, until time.Time) (ids []string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		err := l.Recent(ctx, since, until, func(r wire.Record) error {
			ids = append(ids, r.ID)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		return ids
	}
	now := time.Now()
	if got := recent(now.Add(-time.Hour), now.Add(time.Hour)); got != nil {
		t.Errorf("of an empty stream: %q", got)
	}
	var at []time.Time
	for i := range 4 {
		outcomes, err := l.Record(t.Context(), []*wire.Story{sent(fmt.Sprint("s", i), 1, uint64(i+1))})
		if err != nil {
			t.Fatal(err)
		}
		at = append(at, outcomes[0].Record.Recorded)
	}
	js, _ := jetstream.New(nc)
	if _, err := js.Publish(t.Context(), "story.antara.x", []byte("{")); err != nil { // no record: it is passed over
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		since, until time.Time
		want         []string
	}{
		"all":    {at[0], at[3].Add(time.Hour), []string{"s0", "s1", "s2", "s3"}},
		"middle": {at[1], at[2], []string{"s1", "s2"}},
		"last":   {at[3], at[3], []string{"s3"}},
		"before": {at[0].Add(-time.Hour), at[0].Add(-time.Nanosecond), nil},
		"after":  {at[3].Add(time.Hour), at[3].Add(2 * time.Hour), nil},
	} {
		if diff := cmp.Diff(c.want, recent(c.since, c.until)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	stop := errors.New("stop")
	if err := l.Recent(t.Context(), at[0], at[3], func(wire.Record) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("an error of each comes back as %v", err)
	}
}

// Lanes give every record once, and those of one story in order; an error ends them.
func TestReplay(t *testing.T) {
	server := testkit.StartNATSSyncing(t, "2m")
	l, nc := open(t, server.URL)
	const stories, versions = 150, 4
	for v := range int64(versions) {
		var batch []*wire.Story
		for i := range stories {
			batch = append(batch, sent(fmt.Sprint("s", i), v+1, uint64(v)*stories+uint64(i)+1))
		}
		if _, err := l.Record(t.Context(), batch); err != nil {
			t.Fatal(err)
		}
	}
	js, _ := jetstream.New(nc)
	if _, err := js.Publish(t.Context(), "story.antara.x", []byte("{")); err != nil {
		t.Fatal(err)
	}
	last, err := l.Last(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, lanes := range []int{1, 3} {
		var mu sync.Mutex
		seen, total := map[string]int64{}, 0
		err = l.Replay(t.Context(), 1, last, lanes, func(_ context.Context, records []wire.Record) error {
			mu.Lock()
			defer mu.Unlock()
			for _, r := range records {
				if seen[r.ID]+1 != r.Version {
					t.Errorf("version %d of %s comes after %d", r.Version, r.ID, seen[r.ID])
				}
				seen[r.ID] = r.Version
			}
			total += len(records)
			return nil
		})
		if err != nil || total != stories*versions {
			t.Errorf("%d lanes gave %d records, %v", lanes, total, err)
		}
	}
	away := errors.New("Redis is away")
	if err := l.Replay(t.Context(), 1, last, 2, func(context.Context, []wire.Record) error { return away }); !errors.Is(err, away) {
		t.Errorf("an error of apply comes back as %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := l.Replay(ctx, 1, last, 2, func(context.Context, []wire.Record) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped, it gives %v", err)
	}
	if err := l.Replay(t.Context(), last+1, last, 2, nil); err != nil {
		t.Errorf("of nothing: %v", err)
	}
}
