package e2e

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"kawat/internal/ledger"
	"kawat/internal/testkit"
)

// TestRebuild: while ingest fills Redis anew on request, readers get the same bytes as before, each time; and stories that
// come and are killed meanwhile appear and stay killed.
func TestRebuild(t *testing.T) {
	s := startServices(t, "")
	p, j := s.pusher(t), newJournal()
	for n := range 150 {
		id := fmt.Sprint("urn:test:", n)
		if _, err := push(t.Context(), p, id, n); err != nil {
			t.Fatal(err)
		}
		j.acknowledged(id)
	}
	pushText(t, p, "Berita ditarik.", map[string]string{"Kawat-Story-Id": "urn:test:149", "Kawat-Signal": "kill"})
	paths := []string{"/feeds/all.rss", "/feeds/all.atom", "/feeds/all.newsml", "/feeds/lang-id.json", "/feeds/agency-antara.ninjs", "/opml"}
	testkit.Eventually(t, 30*time.Second, func() error { return has(&s.gateway, paths[0], 0, "urn:test:149", "PEMBATALAN") })
	testkit.Eventually(t, 30*time.Second, func() error { return allSettled(t, s.nats) })
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
	before := feeds()

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
		if !last.Done || last.Records < 151 {
			t.Errorf("the last word is %+v", last)
		}
	}
	// poll reads every feed again and again until the function that it gives is called.
	var reads atomic.Int64
	poll := func(check func(path, body string) error) (stop func()) {
		ctx, cancel := context.WithCancel(t.Context())
		var readers sync.WaitGroup
		for _, path := range paths {
			readers.Go(func() {
				for ctx.Err() == nil {
					body, err := s.fetch(path)
					if err == nil {
						err = check(path, body)
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
	stop := poll(func(path, body string) error {
		if body != before[path] {
			return fmt.Errorf("it has changed")
		}
		return nil
	})
	for range 3 {
		rebuild()
	}
	time.Sleep(time.Second) // publish looks at the new filling within half a second
	stop()
	for path, body := range feeds() {
		if body != before[path] {
			t.Errorf("after the rebuilds %s has changed", path)
		}
	}

	// The same under load: what is killed and seen to be killed is never shown again.
	var killed sync.Map
	stop = poll(func(path, body string) error {
		var back error
		killed.Range(func(number, _ any) bool {
			if strings.Contains(body, fmt.Sprintf("feri nomor %d mulai", number)) {
				back = fmt.Errorf("killed story %d is back", number)
			}
			return back == nil
		})
		return back
	})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 3 {
			rebuild()
		}
	}()
	n := 150
	for working := true; working || n < 165; n++ {
		id := fmt.Sprint("urn:test:", n)
		if _, err := push(t.Context(), p, id, n); err != nil {
			t.Fatal(err)
		}
		pushText(t, p, "Berita ditarik.", map[string]string{"Kawat-Story-Id": id, "Kawat-Signal": "kill"})
		gone := func() error {
			for _, path := range paths[:5] {
				body, err := s.fetch(path)
				if err != nil || strings.Contains(body, fmt.Sprintf("feri nomor %d mulai", n)) {
					return fmt.Errorf("%s still has it (%v)", path, err)
				}
			}
			return has(&s.gateway, paths[0], 0, id, "PEMBATALAN")
		}
		testkit.Eventually(t, 20*time.Second, gone)
		killed.Store(n, true)
		select {
		case <-done:
			working = false
		default:
		}
	}
	stop()
	t.Logf("%d reads during 6 rebuilds; %d stories came and were killed meanwhile", reads.Load(), n-150)
}
