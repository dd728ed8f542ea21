package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"kawat/internal/ledger"
	"kawat/internal/testkit"
	"kawat/internal/wire"
)

// longForm says that this is `make faults`: more rounds, longer outages.
func longForm() bool { return os.Getenv("KAWAT_FAULT_ROUNDS") != "" }

// rounds is how often a fault is provoked: a few times, or as often as KAWAT_FAULT_ROUNDS says.
func rounds(t *testing.T, few int) int {
	if !longForm() {
		return few
	}
	n, err := strconv.Atoi(os.Getenv("KAWAT_FAULT_ROUNDS"))
	if err != nil || n < 1 {
		t.Fatalf("KAWAT_FAULT_ROUNDS is %q: give a number of rounds", os.Getenv("KAWAT_FAULT_ROUNDS"))
	}
	return n
}

// lasting is how long an outage is.
func lasting(short, long time.Duration) time.Duration {
	if longForm() {
		return long
	}
	return short
}

// seeded gives the test's random choices. It prints the seed; KAWAT_FAULT_SEED repeats them.
func seeded(t *testing.T) *rand.Rand {
	seed := rand.Uint64()
	if text := os.Getenv("KAWAT_FAULT_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("KAWAT_FAULT_SEED: %v", err)
		}
	}
	t.Logf("KAWAT_FAULT_SEED=%d repeats these choices", seed)
	return rand.New(rand.NewPCG(seed, 0))
}

// backend is where the services find their servers: the sections nats and redis of the configuration.
type backend struct{ nats, redis string }

// startServicesOn starts ingest on one backend and publish on another, which are the same servers but may be reached in
// another way, and waits until they can be used. desks is the address that desks push to.
func startServicesOn(t *testing.T, ingest, publish backend, desks, feeds string) *services {
	t.Helper()
	listen, operations := fmt.Sprintf("127.0.0.1:%d", testkit.FreePort(t)), fmt.Sprintf("127.0.0.1:%d", testkit.FreePort(t))
	s := &services{gateway: gateway{base: "http://" + listen, nats: desks}, operations: "http://" + operations}
	for _, b := range []backend{ingest, publish} {
		s.config = writeConfig(t, fmt.Sprintf("gateway: {title: Test, base_url: %q}\nnats: %s\nredis: %s\npublish: {listen: %q, operations: %q}\n%s\n",
			s.base, b.nats, b.redis, listen, operations, feeds))
		if s.ingest == nil {
			s.startIngest(t)
		}
	}
	s.startPublish(t)
	s.waitReady(t)
	return s
}

// on is the backend of a single NATS server and a single Redis.
func on(natsAddress, redisAddress string) backend {
	return backend{nats: fmt.Sprintf("{urls: [%q]}", "nats://"+natsAddress), redis: fmt.Sprintf("{addresses: [%q]}", redisAddress)}
}

// sending is one version of a story, or its kill, as a desk sends it.
type sending struct {
	story, version int
	kill           bool
}

func (c sending) id() string { return fmt.Sprintf("urn:test:%d", c.story) }

// word is in this version of this story and nowhere else.
func (c sending) word() string { return fmt.Sprintf("K%dV%dX", c.story, c.version) }

func (c sending) push() ledger.Push {
	header := map[string]string{"Kawat-Story-Id": c.id(), "Kawat-Version": strconv.Itoa(c.version)}
	text := fmt.Sprintf("Kapal %[1]s mulai berlayar\n\nJakarta (ANTARA) - Kapal %[1]s mulai berlayar dari pelabuhan Muara Biru pada hari Senin.\n\n"+
		"Kapal %[1]s membawa 80 penumpang, kata juru bicara pelabuhan.\n\nPewarta: Rani Puspita\nEditor: Dimas Prakoso\nCopyright © ANTARA 2026\n", c.word())
	if c.kill {
		header = map[string]string{"Kawat-Story-Id": c.id(), "Kawat-Signal": "kill"}
		text = "Berita tentang kapal " + c.word() + " dicabut."
	}
	return ledger.Push{Provider: "antara", Data: []byte(text), Header: header}
}

var words = regexp.MustCompile(`K(\d+)V(\d+)X`)

// newsroom is the desks of a gateway: what they send, and the journal of what JetStream acknowledged to them.
type newsroom struct {
	t *testing.T
	g *gateway

	mu     sync.Mutex
	random *rand.Rand
	// stories is how many stories there may be; next makes new versions of them.
	stories int
	sent    map[int]int // the versions of each story
	// journal is what JetStream acknowledged: of each story the version that wins.
	journal      map[int]sending
	acknowledged int
}

// newNewsroom makes the desks of a gateway, with up to 60 stories.
func newNewsroom(t *testing.T, g *gateway, random *rand.Rand) *newsroom {
	return &newsroom{t: t, g: g, random: random, stories: 60, sent: map[int]int{}, journal: map[int]sending{}}
}

// next is what some desk sends next: a story, a newer version, now and then a kill, and copy that comes too late for it.
func (n *newsroom) next() sending {
	n.mu.Lock()
	defer n.mu.Unlock()
	c := sending{story: n.random.IntN(n.stories)}
	n.sent[c.story]++
	c.version = n.sent[c.story]
	c.kill = c.version > 1 && n.random.IntN(30) == 0
	return c
}

// within gives a random time.
func (n *newsroom) within(most time.Duration) time.Duration {
	n.mu.Lock()
	defer n.mu.Unlock()
	return time.Duration(n.random.Int64N(int64(most)))
}

// note writes what JetStream acknowledged into the journal.
func (n *newsroom) note(c sending) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.acknowledged++
	if won, ok := n.journal[c.story]; !ok || !won.kill && (c.kill || c.version > won.version) {
		n.journal[c.story] = c
	}
}

func (n *newsroom) count() int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.acknowledged
}

// send sends copy until JetStream acknowledges it, as a desk does.
func (n *newsroom) send(p *ledger.Pusher, c sending) error {
	deadline := time.Now().Add(3 * time.Minute)
	for {
		ctx, cancel := context.WithTimeout(n.t.Context(), 2*time.Second)
		_, err := p.Push(ctx, c.push())
		cancel()
		if err == nil {
			n.note(c)
			return nil
		}
		if time.Now().After(deadline) || n.t.Context().Err() != nil {
			return fmt.Errorf("%s was never acknowledged: %w", c.word(), err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// work lets desks send copy until stop is called; stop returns when all that they sent is acknowledged.
func (n *newsroom) work(desks int) (stop func()) {
	n.t.Helper()
	done := make(chan struct{})
	var all sync.WaitGroup
	for range desks {
		p := n.g.pusher(n.t)
		all.Go(func() {
			for {
				select {
				case <-done:
					return
				case <-time.After(4 * time.Millisecond): // the pace of the load
				}
				if err := n.send(p, n.next()); err != nil {
					n.t.Error(err)
					return
				}
			}
		})
	}
	stop = sync.OnceFunc(func() { close(done); all.Wait() })
	n.t.Cleanup(stop)
	return stop
}

// more waits until the desks have had some more copy acknowledged.
func (n *newsroom) more(copies int) {
	n.t.Helper()
	from := n.count()
	testkit.Eventually(n.t, time.Minute, func() error {
		if have := n.count() - from; have < copies {
			return fmt.Errorf("only %d of %d pieces of copy were acknowledged", have, copies)
		}
		return nil
	})
}

// formats are the addresses under which the feed of everything is served.
var formats = []string{"/feeds/everything.rss", "/feeds/everything.atom", "/feeds/everything.json", "/feeds/everything.ninjs", "/feeds/everything.newsml"}

// page is what a reader finds in a feed: of each story its version, 0 for a notice without a word of the story.
func (n *newsroom) page(path string) (map[int]int, error) {
	body, err := n.g.fetch(path)
	if err != nil {
		return nil, err
	}
	return readPage(path, body)
}

func readPage(path, body string) (map[int]int, error) {
	stories := map[int]int{}
	if strings.HasSuffix(path, ".rss") || strings.HasSuffix(path, ".atom") {
		f, err := parseFeed(body)
		if err != nil {
			return nil, fmt.Errorf("%s: half a body? %w", path, err)
		}
		for _, item := range f.Items {
			story, err := strconv.Atoi(strings.TrimPrefix(item.GUID, "urn:test:"))
			if err != nil {
				return nil, fmt.Errorf("%s has a strange entry %q", path, item.GUID)
			}
			if _, twice := stories[story]; twice {
				return nil, fmt.Errorf("%s has %s twice", path, item.GUID)
			}
			stories[story] = 0
		}
	} else if strings.HasSuffix(path, "json") && !json.Valid([]byte(body)) || strings.HasSuffix(path, "newsml") && !strings.HasSuffix(strings.TrimSpace(body), "</newsMessage>") {
		return nil, fmt.Errorf("%s: half a body: …%s", path, body[max(0, len(body)-100):])
	}
	for _, m := range words.FindAllStringSubmatch(body, -1) {
		story, _ := strconv.Atoi(m[1])
		version, _ := strconv.Atoi(m[2])
		if was := stories[story]; was != 0 && was != version {
			return nil, fmt.Errorf("%s has versions %d and %d of story %d", path, was, version, story)
		}
		stories[story] = version
	}
	return stories, nil
}

// served says what is wrong with the feeds: each has of every story in the journal the version that won, and of a killed one no
// word.
func (n *newsroom) served() error {
	for _, path := range formats {
		have, err := n.page(path)
		if err != nil {
			return err
		}
		notices := strings.HasSuffix(path, ".rss") || strings.HasSuffix(path, ".atom")
		n.mu.Lock()
		for story, won := range n.journal {
			version, there := have[story]
			switch {
			case won.kill && version != 0:
				err = fmt.Errorf("%s: story %d was killed, and version %d is served", path, story, version)
			case notices && !there:
				err = fmt.Errorf("%s: story %d is not there (%d of %d are)", path, story, len(have), len(n.journal))
			case !won.kill && version != won.version:
				err = fmt.Errorf("%s: story %d has version %d, not %d", path, story, version, won.version)
			}
		}
		n.mu.Unlock()
		if err != nil {
			return err
		}
	}
	return nil
}

// recorded says what is wrong on STORIES: the newest record of every story is the version that won, and no version was
// recorded twice.
func (n *newsroom) recorded() error {
	nc, err := nats.Connect(n.g.nats)
	if err != nil {
		return err
	}
	defer nc.Close()
	ctx, cancel := context.WithTimeout(n.t.Context(), 30*time.Second)
	defer cancel()
	l, err := ledger.Open(ctx, nc, 1, testkit.Log(n.t))
	if err != nil {
		return err
	}
	defer l.Close()
	last, err := l.Last(ctx)
	if err != nil {
		return err
	}
	newest, times := map[string]string{}, map[string]int{}
	err = l.Replay(ctx, 1, last, 1, func(_ context.Context, records []wire.Record) error {
		for _, r := range records {
			newest[r.ID] = fmt.Sprintf("%s version %d", r.ID, r.Version)
			if r.Status != wire.Usable {
				newest[r.ID] = r.ID + " killed"
			}
			if word := words.FindString(string(r.JSON)); word != "" { // else it is not of these desks
				times[word]++
			}
		}
		return nil
	})
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, won := range n.journal {
		want := fmt.Sprintf("%s version %d", won.id(), won.version)
		if won.kill {
			want = won.id() + " killed"
		}
		if newest[won.id()] != want {
			err = errors.Join(err, fmt.Errorf("STORIES says %q, want %q", newest[won.id()], want))
		}
	}
	for word, n := range times {
		if n != 1 {
			err = errors.Join(err, fmt.Errorf("%s was recorded %d times", word, n))
		}
	}
	return err
}

// recovered fails the test unless the gateway is within 30 seconds as if there had been no fault: everything that was
// acknowledged is served, in its version, and on STORIES once, and nothing is left on WIRE. The desks must have stopped.
func (n *newsroom) recovered() {
	n.t.Helper()
	testkit.Eventually(n.t, 30*time.Second, n.served)
	testkit.Eventually(n.t, 60*time.Second, func() error { return allSettled(n.t, n.g.nats) })
	if err := n.served(); err != nil {
		n.t.Error(err)
	}
	if err := n.recorded(); err != nil {
		n.t.Error(err)
	}
}

// loaded waits until publish has loaded the feeds.
func (n *newsroom) loaded() {
	n.t.Helper()
	for _, path := range formats {
		testkit.Eventually(n.t, 30*time.Second, func() error { _, err := n.page(path); return err })
	}
}

// readers read all formats, again and again, until stop is called. What they complain of fails the test: an error, half a body, a
// version older than one they saw, a word of a story after its kill, a story that is gone. stop gives how often they read.
func (n *newsroom) readers() (stop func() int) {
	n.t.Helper()
	n.loaded()
	done := make(chan struct{})
	var all sync.WaitGroup
	var reads atomic.Int64
	for _, path := range formats {
		all.Go(func() {
			seen := map[int]int{}
			for complaints := 0; complaints < 5; {
				select {
				case <-done:
					return
				case <-time.After(80 * time.Millisecond):
				}
				page, err := n.page(path)
				if err != nil {
					n.t.Errorf("a reader: %v", err)
					complaints++
					continue
				}
				reads.Add(1)
				if err := follows(seen, page, strings.HasSuffix(path, ".rss") || strings.HasSuffix(path, ".atom")); err != nil {
					n.t.Errorf("a reader of %s: %v", path, err)
					complaints++
				}
				seen = page
			}
		})
	}
	once := sync.OnceFunc(func() { close(done); all.Wait() })
	n.t.Cleanup(once)
	return func() int { once(); return int(reads.Load()) }
}

// follows says what a reader may not see after what it saw.
func follows(seen, page map[int]int, notices bool) error {
	for story, version := range seen {
		now, there := page[story]
		switch {
		case notices && !there:
			return fmt.Errorf("story %d was there and is not", story)
		case notices && version == 0 && now != 0:
			return fmt.Errorf("story %d was killed, and its version %d is served again", story, now)
		case now != 0 && now < version:
			return fmt.Errorf("story %d was at version %d, and is at %d", story, version, now)
		}
	}
	return nil
}

// health gets /readyz of the operations port.
func (s *services) health() (int, string, error) { return status(s.operations + "/readyz") }

// drained gets a feed slowly; it is an error when the server does not send what it announced.
func drained(ctx context.Context, address string, pause time.Duration) (int, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, "", err
	}
	own := &http.Client{Transport: &http.Transport{DisableKeepAlives: true, ReadBufferSize: 4 << 10}}
	resp, err := own.Do(req)
	if err != nil {
		return 0, "", errNotAccepted{err}
	}
	defer resp.Body.Close()
	var body strings.Builder
	for {
		if _, err := io.CopyN(&body, resp.Body, 16<<10); errors.Is(err, io.EOF) {
			return resp.StatusCode, body.String(), nil
		} else if err != nil {
			return resp.StatusCode, body.String(), err
		}
		time.Sleep(pause)
	}
}

// errNotAccepted says that there was no answer at all.
type errNotAccepted struct{ error }
