package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/redis/go-redis/v9"

	"kawat/internal/ledger"
	"kawat/internal/testkit"
	"kawat/internal/wire"
)

// everything is a feed of up to a thousand stories, so that a test can see all that it pushed.
const everything = `feeds: [{name: everything, title: Everything, size: 1000}]`

// journal is what JetStream acknowledged to the sender: what must not be lost.
type journal struct {
	mu  sync.Mutex
	ids map[string]bool
}

func newJournal() *journal { return &journal{ids: map[string]bool{}} }

func (j *journal) acknowledged(id string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.ids[id] = true
}

func (j *journal) count() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return len(j.ids)
}

// recordedOnce says what is wrong with STORIES: every story of the journal has one record there.
func recordedOnce(t *testing.T, natsURL string, ids map[string]bool) error {
	nc, err := nats.Connect(natsURL)
	if err != nil {
		return err
	}
	defer nc.Close()
	l, err := ledger.Open(t.Context(), nc, 1, testkit.Log(t))
	if err != nil {
		return err
	}
	defer l.Close()
	last, err := l.Last(t.Context())
	if err != nil {
		return err
	}
	seen := map[string]int{}
	err = l.Replay(t.Context(), 1, last, 1, func(_ context.Context, records []wire.Record) error {
		for _, r := range records {
			seen[r.ID]++
		}
		return nil
	})
	for id := range ids {
		if seen[id] != 1 {
			err = errors.Join(err, fmt.Errorf("%s has %d records", id, seen[id]))
		}
	}
	return err
}

// TestIngestKilled: ingest is killed between record, cache and acknowledgement. After its restart every story that was
// acknowledged to its sender is in the feed, and on STORIES, exactly once.
func TestIngestKilled(t *testing.T) {
	for _, fault := range []string{"recorded:1", "recorded:3", "cached:1", "cached:4", "acknowledged:2"} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			s := prepareServices(t, everything)
			faulty := testkit.Start(t, []string{"KAWAT_FAULT=" + fault}, testkit.Build(t, "./cmd/ingest", "faults"), "--config", s.config)
			s.startPublish(t)
			s.waitReady(t)
			p, j := s.pusher(t), newJournal()
			for n := 0; ; n++ {
				id := fmt.Sprintf("urn:test:%d", n)
				if _, err := push(t.Context(), p, id, n); err != nil {
					t.Fatal(err)
				}
				j.acknowledged(id)
				select {
				case <-faulty.Exited():
				default:
					if n > 5000 {
						t.Fatal("the fault never came")
					}
					continue
				}
				break
			}
			s.startIngest(t)
			testkit.Eventually(t, 30*time.Second, func() error { return exactlyOnce(&s.gateway, "/feeds/everything.rss", j.ids) })
			if err := recordedOnce(t, s.nats, j.ids); err != nil {
				t.Error(err)
			}
			testkit.Eventually(t, 60*time.Second, func() error { return allSettled(t, s.nats) })
		})
	}
}

// allSettled says whether every message on WIRE has its outcome.
func allSettled(t *testing.T, natsURL string) error {
	nc, err := nats.Connect(natsURL)
	if err != nil {
		return err
	}
	defer nc.Close()
	js, _ := jetstream.New(nc)
	c, err := js.Consumer(t.Context(), ledger.WireStream, "ingest")
	if err != nil {
		return err
	}
	if i := c.CachedInfo(); i.NumAckPending > 0 || i.NumPending > 0 {
		return fmt.Errorf("%d messages wait for an acknowledgement, %d were not delivered", i.NumAckPending, i.NumPending)
	}
	return nil
}

// TestGatewayKilled: the whole gateway in one process is killed at a random moment under load, twenty times over. Every
// story that was acknowledged is in the feed exactly once afterwards.
func TestGatewayKilled(t *testing.T) {
	g := startEmbedded(t, "publish: {operations: \"127.0.0.1:0\"}\n"+everything)
	const rounds = 20
	j, r := newJournal(), rand.New(rand.NewPCG(11, 23))
	for round := range rounds {
		ctx, stop := context.WithCancel(t.Context())
		var load sync.WaitGroup
		for desk := range 3 {
			p := g.pusher(t)
			load.Go(func() {
				for n := 0; ctx.Err() == nil && j.count() < 45*(round+1); n++ {
					id := fmt.Sprintf("urn:test:%d:%d:%d", round, desk, n)
					attempt, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
					if _, err := push(attempt, p, id, (round*10+desk)*1000+n); err == nil {
						j.acknowledged(id)
					}
					cancel()
				}
			})
		}
		time.Sleep(time.Duration(5+r.IntN(60)) * time.Millisecond) // the random moment
		g.Kill()
		stop()
		load.Wait()
		g.Restart()
		g.waitReady(t)
	}
	if j.count() < 5*rounds {
		t.Fatalf("only %d stories were acknowledged: that is no load", j.count())
	}
	testkit.Eventually(t, 60*time.Second, func() error { return exactlyOnce(&g.gateway, "/feeds/everything.rss", j.ids) })
	if err := recordedOnce(t, g.nats, j.ids); err != nil {
		t.Error(err)
	}
	t.Logf("%d stories acknowledged over %d kills, all there once", j.count(), rounds)
}

// TestFlushAll: an emptied Redis is refilled by itself; its readers see the same bytes throughout, and no error.
func TestFlushAll(t *testing.T) {
	s := startServices(t, everything)
	p, j := s.pusher(t), newJournal()
	for n := range 200 {
		id := fmt.Sprintf("urn:test:%d", n)
		if _, err := push(t.Context(), p, id, n); err != nil {
			t.Fatal(err)
		}
		j.acknowledged(id)
	}
	paths := []string{"/feeds/everything.rss", "/feeds/everything.atom", "/feeds/everything.json"}
	testkit.Eventually(t, 20*time.Second, func() error { return exactlyOnce(&s.gateway, paths[0], j.ids) })
	before := map[string]string{}
	for _, path := range paths {
		body, err := s.fetch(path)
		if err != nil {
			t.Fatal(err)
		}
		before[path] = body
	}

	ctx, stop := context.WithCancel(t.Context())
	var readers sync.WaitGroup
	var reads, wrong int
	var mu sync.Mutex
	for _, path := range paths {
		readers.Go(func() {
			for ctx.Err() == nil {
				body, err := s.fetch(path)
				mu.Lock()
				reads++
				if err != nil || body != before[path] {
					wrong++
					t.Errorf("%s: a reader saw %d bytes and error %v, want the %d bytes of before", path, len(body), err, len(before[path]))
				}
				mu.Unlock()
			}
		})
	}
	db := redis.NewClient(&redis.Options{Addr: s.redis.Address})
	defer db.Close()
	for range 5 {
		if err := db.FlushAll(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		testkit.Eventually(t, 20*time.Second, func() error {
			if n := db.DBSize(t.Context()).Val(); n < 200 {
				return fmt.Errorf("%d keys in Redis", n)
			}
			return nil
		})
	}
	// What comes after the refill is in the feed, and nothing that was there before it is lost.
	stop()
	readers.Wait()
	if _, err := push(t.Context(), p, "urn:test:after", 999); err != nil {
		t.Fatal(err)
	}
	j.acknowledged("urn:test:after")
	testkit.Eventually(t, 10*time.Second, func() error { return exactlyOnce(&s.gateway, paths[0], j.ids) })
	t.Logf("%d reads while Redis was emptied 5 times, %d wrong", reads, wrong)
}

// TestFlushAllUnderLoad: stories that come while Redis is emptied are in the feed as well.
func TestFlushAllUnderLoad(t *testing.T) {
	s := startServices(t, everything)
	db := redis.NewClient(&redis.Options{Addr: s.redis.Address})
	defer db.Close()
	p, j := s.pusher(t), newJournal()
	for n := range 600 {
		if n%100 == 50 {
			if err := db.FlushAll(t.Context()).Err(); err != nil {
				t.Fatal(err)
			}
		}
		id := fmt.Sprintf("urn:test:%d", n)
		if _, err := push(t.Context(), p, id, n); err != nil {
			t.Fatal(err)
		}
		j.acknowledged(id)
	}
	testkit.Eventually(t, 30*time.Second, func() error { return exactlyOnce(&s.gateway, "/feeds/everything.rss", j.ids) })
}

// TestServersLost: NATS and Redis are killed and come back; the feeds are served throughout, and all goes on by itself.
func TestServersLost(t *testing.T) {
	s := startServices(t, everything)
	p, j := s.pusher(t), newJournal()
	more := func(from, to int) {
		for n := from; n < to; n++ {
			id := fmt.Sprintf("urn:test:%d", n)
			testkit.Eventually(t, 20*time.Second, func() error {
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				_, err := push(ctx, p, id, n)
				return err
			})
			j.acknowledged(id)
		}
	}
	served := func() error { return exactlyOnce(&s.gateway, "/feeds/everything.rss", j.ids) }
	more(0, 20)
	testkit.Eventually(t, 10*time.Second, served)

	s.redis.Kill()
	kept := map[string]bool{}
	for id := range j.ids {
		kept[id] = true
	}
	more(20, 40) // JetStream takes it: it waits for Redis
	if err := exactlyOnce(&s.gateway, "/feeds/everything.rss", kept); err != nil {
		t.Errorf("while Redis is away: %v", err)
	}
	s.redis.Restart()
	s.redis.WaitReady()
	testkit.Eventually(t, 30*time.Second, served)

	s.natsServer.Kill()
	if err := served(); err != nil {
		t.Errorf("while NATS is away: %v", err)
	}
	s.redis.Kill()
	if err := served(); err != nil {
		t.Errorf("while both are away: %v", err)
	}
	s.natsServer.Restart()
	s.natsServer.WaitReady()
	s.redis.Restart()
	s.redis.WaitReady()
	more(40, 60)
	testkit.Eventually(t, 30*time.Second, served)
}

// TestAnyOrder: the services start before their servers, say what they wait for, work, and stop cleanly on SIGHUP.
func TestAnyOrder(t *testing.T) {
	intern := fmt.Sprintf("127.0.0.1:%d", testkit.FreePort(t))
	s := prepareServices(t, everything+fmt.Sprintf("\ningest: {operations: %q}\n", intern))
	s.natsServer.Kill()
	s.redis.Kill()
	s.startIngest(t)
	s.startPublish(t)
	for _, p := range []*testkit.Process{s.ingest, s.publish} {
		testkit.Eventually(t, 20*time.Second, func() error {
			if !strings.Contains(p.Output(), "waiting for Redis") {
				return errors.New("no word of waiting for Redis: " + p.Output())
			}
			return nil
		})
	}
	// The alerts name what is away, and nothing else: ingest has not looked at NATS yet.
	if told := scrape(t, intern); !strings.Contains(told, "\nkawat_redis_up 0\n") || strings.Contains(told, "\nkawat_nats_up ") {
		t.Errorf("while it waits for Redis ingest tells:\n%s", told)
	}
	s.redis.Restart()
	testkit.Eventually(t, 20*time.Second, func() error {
		if !regexp.MustCompile("waiting for the NATS server.*connection refused").MatchString(s.ingest.Output()) {
			return errors.New("no word of waiting for NATS, or not why")
		}
		return nil
	})
	if told := scrape(t, intern); !strings.Contains(told, "\nkawat_nats_up 0\n") {
		t.Errorf("while it waits for NATS ingest tells:\n%s", told)
	}
	s.natsServer.Restart()
	s.natsServer.WaitReady()
	s.waitReady(t)
	j := newJournal()
	if _, err := push(t.Context(), s.pusher(t), "urn:test:1", 1); err != nil {
		t.Fatal(err)
	}
	j.acknowledged("urn:test:1")
	testkit.Eventually(t, 20*time.Second, func() error { return exactlyOnce(&s.gateway, "/feeds/everything.atom", j.ids) })
	for name, p := range map[string]*testkit.Process{"ingest": s.ingest, "publish": s.publish} {
		p.Signal(syscall.SIGHUP) // as SIGTERM, unless it is ignored here (nohup)
		if code := p.Stop(20 * time.Second); code != 0 {
			t.Errorf("%s ended with %d on SIGHUP", name, code)
		}
		for line := range strings.Lines(p.Output()) {
			if !strings.HasPrefix(line, "time=") {
				t.Errorf("%s logs what is no line of its log: %s", name, line)
			}
		}
	}
}

// scrape gives the figures on an operations address.
func scrape(t *testing.T, address string) string {
	t.Helper()
	resp, err := client.Get("http://" + address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// TestReplicas: two of each; one ingest is stopped under load, and both publishes serve the same bytes.
func TestReplicas(t *testing.T) {
	s := startServices(t, everything)
	first := s.publish
	second := &services{natsServer: s.natsServer, redis: s.redis}
	second.configure(t, everything)
	second.startIngest(t)
	// The same base URL: only the address to listen on differs.
	config := strings.NewReplacer("base_url: \"http://"+second.base[7:], "base_url: \""+s.base).Replace(readFile(t, second.config))
	second.config = writeConfig(t, config)
	second.startPublish(t)
	second.waitReady(t)
	p, j := s.pusher(t), newJournal()
	for n := range 200 {
		id := fmt.Sprintf("urn:test:%d", n)
		if _, err := push(t.Context(), p, id, n); err != nil {
			t.Fatal(err)
		}
		j.acknowledged(id)
		if n == 100 {
			s.ingest.Signal(syscall.SIGTERM)
		}
	}
	for _, g := range []*gateway{&s.gateway, &second.gateway} {
		testkit.Eventually(t, 45*time.Second, func() error { return exactlyOnce(g, "/feeds/everything.rss", j.ids) })
	}
	for _, path := range []string{"/feeds/everything.rss", "/feeds/everything.atom", "/feeds/everything.json"} {
		a, errA := s.fetch(path)
		b, errB := second.fetch(path)
		if a != b || errA != nil || errB != nil {
			t.Errorf("%s: two replicas serve %d and %d bytes that differ (%v, %v)", path, len(a), len(b), errA, errB)
		}
	}
	if code := first.Stop(20 * time.Second); code != 0 {
		t.Errorf("publish ended with %d on SIGTERM", code)
	}
}

// TestNewsLost: when every notification is lost, the feeds follow by polling.
func TestNewsLost(t *testing.T) {
	s := startServices(t, everything)
	db := redis.NewClient(&redis.Options{Addr: s.redis.Address})
	defer db.Close()
	if err := db.Do(t.Context(), "ACL", "SETUSER", "default", "resetchannels").Err(); err != nil {
		t.Fatal(err)
	}
	p := s.pusher(t)
	var worst time.Duration
	for n := range 10 {
		id := fmt.Sprintf("urn:test:%d", n)
		if _, err := push(t.Context(), p, id, n); err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		testkit.Eventually(t, 10*time.Second, func() error {
			return exactlyOnce(&s.gateway, "/feeds/everything.rss", map[string]bool{id: true})
		})
		worst = max(worst, time.Since(begin))
	}
	if !strings.Contains(s.ingest.Output(), "announce news") {
		t.Error("the notifications were not lost: this shows nothing")
	}
	t.Logf("without news the slowest of 10 stories was in the feed after %s", worst.Round(time.Millisecond))
}
