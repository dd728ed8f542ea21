package e2e

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"kawat/internal/testkit"
)

// TestKilledInALoop: ingest, NATS or Redis is killed at random moments under load, and is away for a random time. The readers
// notice nothing.
func TestKilledInALoop(t *testing.T) {
	for name, victim := range map[string]func(*services) *testkit.Process{
		"ingest": func(s *services) *testkit.Process { return s.ingest },
		"nats":   func(s *services) *testkit.Process { return s.natsServer.Process },
		"redis":  func(s *services) *testkit.Process { return s.redis.Process },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startServices(t, everything)
			n := newNewsroom(t, &s.gateway, seeded(t))
			stop, readers := n.work(2), n.readers()
			n.more(25)
			for range rounds(t, 3) {
				time.Sleep(n.within(300 * time.Millisecond)) // the random moment
				victim(s).Kill()
				time.Sleep(n.within(500 * time.Millisecond))
				victim(s).Restart()
				n.more(20)
			}
			stop()
			n.recovered()
			t.Logf("%d pieces of copy acknowledged, %d reads", n.count(), readers())
		})
	}
}

// TestFrozen: a server stops without a word, and goes on later.
func TestFrozen(t *testing.T) {
	for name, victim := range map[string]func(*services) *testkit.Process{
		"nats":  func(s *services) *testkit.Process { return s.natsServer.Process },
		"redis": func(s *services) *testkit.Process { return s.redis.Process },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := startServices(t, everything)
			n := newNewsroom(t, &s.gateway, seeded(t))
			stop, readers := n.work(2), n.readers()
			n.more(25)
			victim(s).Signal(syscall.SIGSTOP)
			time.Sleep(lasting(4*time.Second, time.Minute))
			victim(s).Signal(syscall.SIGCONT)
			n.more(25)
			stop()
			n.recovered()
			t.Logf("%d pieces of copy acknowledged, %d reads", n.count(), readers())
		})
	}
}

// TestPublishTerminated: on SIGTERM under load publish finishes what it has begun: whoever got an answer got 200 and all of it.
// Killed outright it leaves nobody with half a body that looks whole.
func TestPublishTerminated(t *testing.T) {
	t.Parallel()
	s := startServices(t, everything)
	n := newNewsroom(t, &s.gateway, seeded(t))
	stop := n.work(1)
	n.more(100)
	testkit.Eventually(t, 30*time.Second, func() error {
		page, err := n.page(formats[0])
		if err == nil && len(page) < 40 {
			err = fmt.Errorf("%d stories", len(page))
		}
		return err
	})
	for round := range rounds(t, 3) {
		killed := round%3 == 2
		begun := make(chan struct{}, 1024)
		var all sync.WaitGroup
		var mu sync.Mutex
		whole, cut, refused := 0, 0, 0
		for reader := range 12 {
			path := formats[reader%len(formats)]
			all.Go(func() {
				for {
					code, body, err := drained(t.Context(), s.base+path, time.Duration(reader%3)*5*time.Millisecond)
					var none errNotAccepted
					mu.Lock()
					switch {
					case errors.As(err, &none):
						refused++
						mu.Unlock()
						return
					case err != nil && killed:
						cut++
					case err != nil:
						t.Errorf("half a body: %v", err)
					case code != http.StatusOK:
						t.Errorf("a request that was accepted was answered with %d", code)
					default:
						whole++
						if _, err := readPage(path, body); err != nil {
							t.Error(err)
						}
					}
					mu.Unlock()
					select {
					case begun <- struct{}{}:
					default:
					}
				}
			})
		}
		for range 24 {
			<-begun
		}
		if killed {
			s.publish.Kill()
		} else if code := s.publish.Stop(20 * time.Second); code != 0 {
			t.Errorf("publish ended with %d", code)
		}
		all.Wait()
		t.Logf("killed %t: %d whole answers, %d cut off, %d readers refused", killed, whole, cut, refused)
		s.publish.Restart()
		n.loaded()
	}
	stop()
	n.recovered()
}

// TestRedisFull: Redis takes no more, and later does.
func TestRedisFull(t *testing.T) {
	t.Parallel()
	s := startServices(t, everything)
	n := newNewsroom(t, &s.gateway, seeded(t))
	stop, readers := n.work(2), n.readers()
	db := s.redis.Client()
	for round := range rounds(t, 2) {
		n.more(25)
		used := infoNumber(t, s.redis, "used_memory:")
		if err := db.ConfigSet(t.Context(), "maxmemory", fmt.Sprint(used*3/4)).Err(); err != nil {
			t.Fatal(err)
		}
		testkit.Eventually(t, 60*time.Second, func() error {
			if have := strings.Count(s.ingest.Output(), "OOM command not allowed"); have <= round {
				return errors.New("Redis refused nothing yet")
			}
			return nil
		})
		n.more(20) // JetStream goes on taking copy
		if err := db.ConfigSet(t.Context(), "maxmemory", "0").Err(); err != nil {
			t.Fatal(err)
		}
	}
	stop()
	n.recovered()
	t.Logf("%d pieces of copy acknowledged, %d reads", n.count(), readers())
}

// infoNumber reads a number of Redis' INFO.
func infoNumber(t *testing.T, r *testkit.Redis, name string) (n int64) {
	t.Helper()
	info, err := r.Client().Info(t.Context()).Result()
	_, rest, ok := strings.Cut(info, "\n"+name)
	if _, scanned := fmt.Sscan(rest, &n); err != nil || !ok || scanned != nil {
		t.Fatalf("INFO has no %s: %v", name, err)
	}
	return n
}

// TestRedisForgets: under load Redis loses its scripts, again and again, and all of its keys now and then.
func TestRedisForgets(t *testing.T) {
	t.Parallel()
	s := startServices(t, everything)
	n := newNewsroom(t, &s.gateway, seeded(t))
	stop, readers := n.work(2), n.readers()
	db := s.redis.Client()
	for range rounds(t, 3) {
		for range 20 {
			n.more(3)
			if err := db.ScriptFlush(t.Context()).Err(); err != nil {
				t.Fatal(err)
			}
		}
		if err := db.FlushAll(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		n.more(20)
	}
	stop()
	n.recovered()
	t.Logf("%d pieces of copy acknowledged, %d reads", n.count(), readers())
}

// TestBadNetwork: between ingest and its servers replies are lost after what they answer was done, everything is late so that
// an answer takes two seconds, or nothing arrives at all. Every piece of copy has one effect, and ingest does not grow without
// bound.
func TestBadNetwork(t *testing.T) {
	for _, tt := range []struct {
		name        string
		nats, redis testkit.Fault
		heals       bool // only when the network is good again is everything served
	}{
		{"replies of Redis lost", testkit.Fault{}, testkit.Fault{LoseReply: 15}, false},
		// Each loss costs the connection, and with it the answers to all that is under way.
		{"replies of NATS lost", testkit.Fault{LoseReply: 25}, testkit.Fault{}, true},
		{"Redis late", testkit.Fault{}, testkit.Fault{Latency: time.Second}, false},
		// A request for copy is given up after a second, so that its answer comes too late.
		{"NATS late", testkit.Fault{Latency: time.Second}, testkit.Fault{}, true},
		{"Redis a black hole", testkit.Fault{}, testkit.Fault{BlackHole: true}, true},
		{"NATS a black hole", testkit.Fault{BlackHole: true}, testkit.Fault{}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server, store := testkit.StartNATS(t), testkit.StartRedis(t)
			toNATS, toRedis := testkit.StartProxy(t, server.Address()), testkit.StartProxy(t, store.Address)
			s := startServicesOn(t, on(toNATS.Address, toRedis.Address), on(server.Address(), store.Address), server.URL, everything)
			n := newNewsroom(t, &s.gateway, seeded(t))
			stop, readers := n.work(2), n.readers()
			n.more(25)
			toNATS.Set(tt.nats)
			toRedis.Set(tt.redis)
			time.Sleep(lasting(3*time.Second, 30*time.Second))
			lost := func() int { return toNATS.Lost() + toRedis.Lost() }
			if tt.nats.LoseReply+tt.redis.LoseReply > 0 {
				testkit.Eventually(t, 60*time.Second, func() error {
					if lost() < 5 {
						return fmt.Errorf("only %d replies were lost", lost())
					}
					return nil
				})
			}
			stop()
			if !tt.heals {
				testkit.Eventually(t, 2*time.Minute, n.served)
			}
			toNATS.Set(testkit.Fault{})
			toRedis.Set(testkit.Fault{})
			n.recovered()
			peak := s.ingest.PeakMemory()
			if peak > 512<<20 {
				t.Errorf("ingest took %d MiB", peak>>20)
			}
			t.Logf("%d pieces of copy acknowledged, %d reads, %d replies lost; ingest took %d MiB at most", n.count(), readers(), lost(), peak>>20)
		})
	}
}

// TestBothDown: without NATS and Redis the feeds are served as they were, and the operations port says what is wrong.
func TestBothDown(t *testing.T) {
	t.Parallel()
	s := startServices(t, everything)
	n := newNewsroom(t, &s.gateway, seeded(t))
	stop := n.work(2)
	n.more(50)
	stop()
	n.recovered()
	before := map[string]string{}
	for _, path := range formats {
		body, err := s.fetch(path)
		if err != nil {
			t.Fatal(err)
		}
		before[path] = body
	}
	if code, text, err := s.health(); code != http.StatusOK || strings.TrimSpace(text) != "ready" || err != nil {
		t.Errorf("before: %d %q %v", code, text, err)
	}
	s.natsServer.Kill()
	s.redis.Kill()
	testkit.Eventually(t, 10*time.Second, func() error {
		if _, text, err := s.health(); err != nil || !strings.Contains(text, "the cache cannot be read") {
			return fmt.Errorf("nothing is wrong, says the operations port: %q %v", text, err)
		}
		return nil
	})
	for until := time.Now().Add(lasting(2*time.Second, 2*time.Minute)); time.Now().Before(until); {
		for path, want := range before {
			if body, err := s.fetch(path); body != want || err != nil {
				t.Fatalf("%s changed: %d bytes, %d before, %v", path, len(body), len(want), err)
			}
		}
		time.Sleep(20 * time.Millisecond)
	}
	s.natsServer.Restart()
	s.natsServer.WaitReady()
	s.redis.Restart()
	readers := n.readers()
	stop = n.work(2)
	n.more(25)
	stop()
	n.recovered()
	readers()
	testkit.Eventually(t, 10*time.Second, func() error {
		if code, text, err := s.health(); code != http.StatusOK || strings.TrimSpace(text) != "ready" || err != nil {
			return fmt.Errorf("it is still unwell: %d %q %v", code, text, err)
		}
		return nil
	})
}
