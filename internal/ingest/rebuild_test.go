package ingest_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"kawat/internal/cache"
	"kawat/internal/feed"
	"kawat/internal/ingest"
	"kawat/internal/testkit"
	"kawat/internal/wire"
	"kawat/internal/wire/decode"
)

// A rebuild brings back what Redis lost or has wrong, with a story's versions in their order; and it is refused where it
// would change what readers get.
func TestRebuild(t *testing.T) {
	server, store := testkit.StartNATS(t), miniredis.RunT(t)
	d := startOn(t, server, store.Addr())
	for n := range 40 {
		d.push("wire.in.antara", story, wire.HeaderStoryID, fmt.Sprint("s", n))
	}
	for v := 2; v < 6; v++ {
		d.push("wire.in.antara", story+fmt.Sprintf("\nBaris %d.\n", v), wire.HeaderStoryID, "s7", wire.HeaderVersion, fmt.Sprint(v))
	}
	d.push("wire.in.antara", story, wire.HeaderStoryID, "s8", wire.HeaderSignal, "kill")
	d.settled()
	before := d.shown("all")
	last, err := d.ledger.Last(t.Context())
	if err != nil || len(before) != 40 {
		t.Fatal(len(before), err)
	}

	// Another replica, which does not run: only its Rebuild is asked.
	client := redis.NewClient(&redis.Options{Addr: store.Addr()})
	defer client.Close()
	replica := func(defs ...feed.Def) *ingest.Ingest {
		router, err := feed.Compile(defs)
		if err != nil {
			t.Fatal(err)
		}
		return &ingest.Ingest{Ledger: d.ledger, Cache: cache.New(client, testkit.Log(t)), Router: router, Log: testkit.Log(t), Profile: decode.Profile}
	}
	for _, key := range store.Keys() { // half of what is served is lost, and Redis does not know
		if strings.Contains(key, "{f:all}") || strings.HasSuffix(key, "a}") {
			store.Del(key)
		}
	}
	if diff := cmp.Diff(before, d.shown("all")); diff == "" {
		t.Fatal("nothing was lost")
	}
	var mu sync.Mutex
	var done, of uint64
	rebuild := func(in *ingest.Ingest) error {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		return in.Rebuild(ctx, func(d, o uint64) {
			mu.Lock()
			defer mu.Unlock()
			done, of = max(done, d), max(of, o)
		})
	}
	if err := rebuild(replica()); err != nil {
		t.Fatal(err)
	}
	if done != last || of != last {
		t.Errorf("progress ends with %d of %d records, there are %d", done, of, last)
	}
	if diff := cmp.Diff(before, d.shown("all")); diff != "" {
		t.Errorf("after the rebuild (-want +got):\n%s", diff)
	}

	err = rebuild(replica(feed.Def{Name: "lain", Size: 5}))
	if err == nil || !strings.Contains(err.Error(), "has other feeds") {
		t.Errorf("with other feeds: %v", err)
	}
	if err := client.Set(t.Context(), "kawat:3:filling", "another", time.Minute).Err(); err != nil {
		t.Fatal(err)
	}
	if err := rebuild(replica()); err == nil || !strings.Contains(err.Error(), "being refilled already") {
		t.Errorf("beside another one: %v", err)
	}
	client.Del(t.Context(), "kawat:3:filling")

	// STORIES was lost: to rebuild would take every story away.
	d.stop()
	d = startOn(t, testkit.StartNATS(t), store.Addr())
	in := replica()
	running, stop := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { in.Run(running, time.Second); close(ended) }()
	testkit.Eventually(t, 10*time.Second, func() error {
		if err := rebuild(in); err == nil {
			t.Fatal("it was rebuilt from an empty STORIES")
		} else if !strings.Contains(err.Error(), "restore STORIES") {
			return err
		}
		return nil
	})
	stop()
	<-ended
	if diff := cmp.Diff(before, d.shown("all")); diff != "" {
		t.Errorf("after STORIES was lost (-want +got):\n%s", diff)
	}
}
