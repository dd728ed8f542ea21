package e2e

import (
	"bufio"
	"context"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"

	"kawat/internal/ledger"
	"kawat/internal/testkit"
)

// figure is what publish tells at /metrics under a name without labels.
func (s *services) figure(t *testing.T, name string) float64 {
	t.Helper()
	resp, err := client.Get(s.operations + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if value, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			n, err := strconv.ParseFloat(value, 64)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Fatalf("%s is not at /metrics", name)
	return 0
}

// TestRebuild: while ingest fills Redis anew on request, readers get the same bytes as before, each time; and stories that
// come and are killed meanwhile appear and stay killed.
func TestRebuild(t *testing.T) {
	s := startServices(t, "")
	p := s.pusher(t)
	const first = 150 // the first of the stories that come during a rebuild
	send := func(n int) {
		t.Helper()
		if _, err := push(t.Context(), p, fmt.Sprint("urn:test:", n), n); err != nil {
			t.Fatal(err)
		}
	}
	for n := range first - 1 {
		send(n)
	}
	kill := func(n int) {
		t.Helper()
		pushText(t, p, "Berita ditarik.", map[string]string{"Kawat-Story-Id": fmt.Sprint("urn:test:", n), "Kawat-Signal": "kill"})
	}
	paths := []string{"/feeds/all.rss", "/feeds/all.atom", "/feeds/all.newsml", "/feeds/lang-id.json", "/feeds/agency-antara.ninjs"}
	// shown waits until every feed has a story with its text, or as a notice without it.
	shown := func(n int, text bool) {
		t.Helper()
		testkit.Eventually(t, 30*time.Second, func() error {
			for _, path := range paths {
				body, err := s.fetch(path)
				if err != nil {
					return err
				}
				if !strings.Contains(body, fmt.Sprint("urn:test:", n)) || strings.Contains(body, fmt.Sprintf("feri nomor %d mulai", n)) != text {
					return fmt.Errorf("%s does not show story %d as it should", path, n)
				}
			}
			return nil
		})
	}
	testkit.Eventually(t, 30*time.Second, func() error { return allSettled(t, s.nats) })
	send(first - 1) // not with the others, whose batches overtake each other
	shown(first-1, true)
	kill(first - 1)
	shown(first-1, false)
	feeds := func() map[string]string {
		t.Helper()
		all := map[string]string{}
		for _, path := range paths {
			body, err := s.fetch(path)
			if err != nil {
				t.Fatal(err)
			}
			all[path] = body
		}
		return all
	}
	// Feeds are rendered one by one: when none has changed for a while, all show everything.
	before := feeds()
	for still := time.Now(); time.Since(still) < 1500*time.Millisecond; time.Sleep(50 * time.Millisecond) {
		if now := feeds(); !maps.Equal(now, before) {
			before, still = now, time.Now()
		}
	}

	nc, err := nats.Connect(s.nats)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	rebuild := func() {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		var last ledger.Progress
		if err := ledger.Rebuild(ctx, nc, func(p ledger.Progress) { last = p }); err != nil {
			t.Fatal(err)
		}
		if !last.Done || last.Records < first+1 {
			t.Errorf("the last word is %+v", last)
		}
	}
	// poll reads every feed again and again until the function that it gives is called. Each check is told which stories were
	// seen to be killed before its feed was asked for: those from the first one up to killed.
	var reads, killed atomic.Int64
	killed.Store(first)
	poll := func(check func(path, body string, killed int) error) (stop func()) {
		ctx, cancel := context.WithCancel(t.Context())
		var readers sync.WaitGroup
		for _, path := range paths {
			readers.Go(func() {
				for ctx.Err() == nil {
					gone := int(killed.Load())
					body, err := s.fetch(path)
					if err == nil {
						err = check(path, body, gone)
					}
					if err != nil {
						t.Errorf("during a rebuild %s: %v", path, err)
						return
					}
					reads.Add(1)
					time.Sleep(time.Millisecond)
				}
			})
		}
		return func() { cancel(); readers.Wait() }
	}
	stop := poll(func(path, body string, _ int) error {
		if body != before[path] {
			return fmt.Errorf("it has changed (-before +now):\n%s", cmp.Diff(before[path], body))
		}
		return nil
	})
	for range 3 {
		made := s.figure(t, "kawat_feed_render_duration_seconds_count")
		rebuild()
		testkit.Eventually(t, 30*time.Second, func() error { // publish has looked at the new filling
			if now, all := s.figure(t, "kawat_feed_render_duration_seconds_count"), s.figure(t, "kawat_feeds"); now < made+all {
				return fmt.Errorf("of %v feeds %v were made anew", all, now-made)
			}
			return nil
		})
	}
	stop()
	for path, body := range feeds() {
		if body != before[path] {
			t.Errorf("after the rebuilds %s has changed (-before +after):\n%s", path, cmp.Diff(before[path], body))
		}
	}

	// The same under load: what is killed and seen to be killed is never shown again.
	stop = poll(func(path, body string, killed int) error {
		for n := first; n < killed; n++ {
			if strings.Contains(body, fmt.Sprintf("feri nomor %d mulai", n)) {
				return fmt.Errorf("killed story %d is back", n)
			}
		}
		return nil
	})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 3 {
			rebuild()
		}
	}()
	n := first
	for working := true; working || n < first+15; n++ {
		send(n)
		shown(n, true)
		kill(n)
		shown(n, false)
		killed.Store(int64(n) + 1)
		select {
		case <-done:
			working = false
		default:
		}
	}
	stop()
	t.Logf("%d reads during 6 rebuilds; %d stories came and were killed meanwhile", reads.Load(), n-first)
}
