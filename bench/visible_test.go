package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/redis/go-redis/v9"

	"kawat/internal/feed"
	"kawat/internal/ledger"
	"kawat/internal/testkit"
)

// BenchmarkVisible measures how long after JetStream's acknowledgement a story is in its feed over HTTP, which one reader
// asks for all the time: ingest and publish as two processes on a nats-server and a redis-server. One story at a time, on servers
// that are idle otherwise; then five seconds of stories at a steady rate, however late they become visible. Where sync=2m the
// nats-server does not sync each write: 2,000 a second are more than the disk takes one by one.
func BenchmarkVisible(b *testing.B) {
	b.Run("one-at-a-time/sync=always", func(b *testing.B) {
		s := startServices(b, "always", "")
		s.visible(b, 0, 1)
		var late []time.Duration
		n := 1
		for b.Loop() {
			time.Sleep(100 * time.Millisecond) // idle again
			late = append(late, s.visible(b, n, 1)...)
			n++
		}
		reportLate(b, late)
	})
	for _, rate := range []int{200, 2000} {
		for _, sync := range []string{"always", "2m"} {
			b.Run(fmt.Sprintf("rate=%d/sync=%s", rate, sync), func(b *testing.B) {
				bare := bareVisible(b, sync, rate)
				s := startServices(b, sync, "")
				s.visible(b, 0, 1)
				var late []time.Duration
				n, publish, ingest := 1, s.publish.CPU(), s.ingest.CPU()
				begin := time.Now()
				for b.Loop() {
					late = append(late, s.visible(b, n, rate)...)
					n += visibleFor * rate
				}
				took := time.Since(begin)
				reportLate(b, late)
				b.ReportMetric(milliseconds(bare[len(bare)/2]), "ms-bare-median")
				b.ReportMetric(milliseconds(bare[len(bare)*99/100]), "ms-bare-p99")
				b.ReportMetric(float64(s.publish.CPU()-publish)/float64(took), "publish-cores")
				b.ReportMetric(float64(s.ingest.CPU()-ingest)/float64(took), "ingest-cores")
			})
		}
	}
}

// lookEvery is how often the reader looks: what it adds to what is measured, and, where it is short, what it takes of the cores.
const lookEvery = 2 * time.Millisecond

// visibleFor is how many seconds a rate is kept up.
const visibleFor = 5

func reportLate(b *testing.B, late []time.Duration) {
	slices.Sort(late)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(milliseconds(late[len(late)/2]), "ms-median")
	b.ReportMetric(milliseconds(late[len(late)*99/100]), "ms-p99")
	b.ReportMetric(milliseconds(late[len(late)-1]), "ms-worst")
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// bareVisible is how long after its acknowledgement each story is told of by the bare loop of BenchmarkIngest, which looks at none, and
// read from Redis, sorted: what servers, cores and disk of this moment take at the least. Desks, loop and reader are in this process.
func bareVisible(b *testing.B, interval string, rate int) []time.Duration {
	b.Helper()
	server, store := testkit.StartNATSSyncing(b, interval), testkit.StartRedis(b)
	defer server.Kill()
	defer store.Kill()
	nc, err := nats.Connect(server.URL)
	if err != nil {
		b.Fatal(err)
	}
	defer nc.Close()
	l, err := ledger.Open(b.Context(), nc, 1, quiet)
	if err != nil {
		b.Fatal(err)
	}
	l.Close()
	pusher, err := ledger.NewPusher(nc)
	if err != nil {
		b.Fatal(err)
	}
	client := redis.NewClient(&redis.Options{Addr: store.Address})
	defer client.Close()
	ctx, stop := context.WithTimeout(b.Context(), time.Minute)
	defer stop()

	count := visibleFor * rate
	acked, seen := make([]time.Time, count), make([]time.Time, count) // by sequence on WIRE, from 1
	news := client.Subscribe(ctx, bareNews)
	defer news.Close()
	if _, err := news.Receive(ctx); err != nil {
		b.Fatal(err)
	}
	var others sync.WaitGroup
	others.Go(func() { bareLoop(ctx, b, nc, client) })
	others.Go(func() {
		defer stop()
		for left := count; left > 0; {
			message, err := news.ReceiveMessage(ctx)
			if err != nil {
				b.Error(err)
				return
			}
			ids := strings.Fields(message.Payload)
			if _, err := client.Pipelined(ctx, func(p redis.Pipeliner) error {
				for _, id := range ids {
					p.HGet(ctx, "bare:"+id, "record")
				}
				return nil
			}); err != nil {
				b.Error(err)
				return
			}
			at := time.Now()
			for _, id := range ids {
				sequence, _ := strconv.Atoi(id)
				seen[sequence-1] = at
			}
			left -= len(ids)
		}
	})
	pushSteadily(b, pusher, 0, rate, func(_ int, p ledger.Pushed, at time.Time) { acked[p.Sequence-1] = at })
	others.Wait()
	if b.Failed() {
		b.FailNow()
	}
	late := make([]time.Duration, count)
	for i := range late {
		late[i] = max(0, seen[i].Sub(acked[i]))
	}
	slices.Sort(late)
	return late
}

// pushSteadily pushes stories from number n on at a rate, for visibleFor seconds or, where the rate is 1, a single one, and tells of the
// acknowledgement of each. The first has index 0.
func pushSteadily(b *testing.B, pusher *ledger.Pusher, n, rate int, acked func(index int, p ledger.Pushed, at time.Time)) {
	b.Helper()
	count := rate * visibleFor
	if rate == 1 {
		count = 1
	}
	copies := make([][]byte, count) // written beforehand: desks do not write them on these cores
	for i := range copies {
		copies[i] = plainStory(n + i)
	}
	var desks sync.WaitGroup
	due := make(chan int)
	begin := time.Now()
	for range min(32, count) {
		desks.Go(func() {
			for i := range due {
				p, err := pusher.Push(b.Context(), ledger.Push{Provider: "antara", Data: copies[i]})
				if err != nil {
					b.Error(err)
					continue
				}
				acked(i, p, time.Now())
			}
		})
	}
	for i := range count {
		time.Sleep(time.Until(begin.Add(time.Duration(i) * time.Second / time.Duration(rate))))
		due <- i
	}
	close(due)
	desks.Wait()
}

// services are ingest and publish as processes of their own, on servers of their own.
type services struct {
	pusher          *ledger.Pusher
	address         string // of publish: http://host:port
	ingest, publish *testkit.Process
}

// startServices starts them with the default feeds, or with those of a configuration's section, and waits until they serve.
func startServices(b *testing.B, sync, feeds string) *services {
	server, store := testkit.StartNATSSyncing(b, sync), testkit.StartRedis(b)
	local := func() string { return fmt.Sprintf("127.0.0.1:%d", testkit.FreePort(b)) }
	listen, publish, ingest := local(), local(), local()
	config := filepath.Join(b.TempDir(), "kawat.yaml")
	text := fmt.Sprintf("gateway: {base_url: \"http://%s\"}\nnats: {urls: [%q]}\nredis: {addresses: [%q]}\n"+
		"publish: {listen: %q, operations: %q}\ningest: {operations: %q}\n%s", listen, server.URL, store.Address, listen, publish, ingest, feeds)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	s := &services{address: "http://" + listen}
	s.ingest = testkit.Start(b, nil, testkit.Build(b, "./cmd/ingest"), "--config", config)
	s.publish = testkit.Start(b, nil, testkit.Build(b, "./cmd/publish"), "--config", config)
	nc, err := nats.Connect(server.URL)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(nc.Close)
	if s.pusher, err = ledger.NewPusher(nc); err != nil {
		b.Fatal(err)
	}
	for _, operations := range []string{publish, ingest} {
		testkit.Eventually(b, 2*time.Minute, func() error { return ready("http://" + operations + "/readyz") })
	}
	return s
}

func ready(address string) error {
	resp, err := http.Get(address)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return errors.New(resp.Status)
	}
	return nil
}

// visible pushes stories from number n on, for some seconds at a rate or, where that is 1, a single one. It gives how long after its
// acknowledgement each was in the feed of everything, or had been there and gone.
func (s *services) visible(b *testing.B, n, rate int) []time.Duration {
	b.Helper()
	count := rate * visibleFor
	if rate == 1 {
		count = 1
	}
	acked, seen := make([]time.Time, count), make([]time.Time, count)
	watching, cancel := context.WithTimeout(b.Context(), time.Minute)
	defer cancel()
	var others sync.WaitGroup
	var pushed atomic.Bool
	others.Go(func() {
		if err := s.watch(watching, n, seen, pushed.Load); err != nil {
			b.Error(err)
		}
	})
	pushSteadily(b, s.pusher, n, rate, func(i int, _ ledger.Pushed, at time.Time) { acked[i] = at })
	pushed.Store(true)
	others.Wait()
	if b.Failed() {
		b.FailNow()
	}
	late := make([]time.Duration, count)
	for i := range late {
		late[i] = max(0, seen[i].Sub(acked[i])) // it may be visible before the desk has the answer
	}
	return late
}

var storyTitle = regexp.MustCompile(`<title>Kapal feri nomor (\d+) tiba`)

// watch reads the feed of everything until it has seen all stories from number n on, and notes when. Where most of what the feed shows
// is later than a story, it was pushed out before anybody looked, and counts as seen. all says that all were pushed.
func (s *services) watch(ctx context.Context, n int, seen []time.Time, all func() bool) error {
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	defer client.CloseIdleConnections()
	// What it never shows when it no longer changes was there and gone.
	const quiet = 3 * time.Second
	etag, left, changed := "", len(seen), time.Now()
	for left > 0 {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.address+"/feeds/all.rss", nil)
		if err != nil {
			return err
		}
		// It takes what is new (RFC 3229): to read the whole feed again and again is work that takes the cores from what is measured.
		request.Header.Set("A-IM", "feed")
		if etag != "" {
			request.Header.Set("If-None-Match", etag)
		}
		resp, err := client.Do(request)
		if err != nil {
			return fmt.Errorf("%d stories were not seen: %w", left, err)
		}
		at := time.Now()
		text, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		switch {
		case err != nil:
			return err
		case resp.StatusCode == http.StatusNotModified:
			if all() && at.Sub(changed) > quiet {
				for i := range seen {
					if seen[i].IsZero() {
						seen[i] = changed
					}
				}
				return nil
			}
			time.Sleep(lookEvery)
			continue
		case resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusIMUsed:
			return errors.New(resp.Status)
		}
		etag, changed = resp.Header.Get("ETag"), at
		see := func(i int) {
			if i >= 0 && i < len(seen) && seen[i].IsZero() {
				seen[i] = at
				left--
			}
		}
		titles := storyTitle.FindAllSubmatch(text, -1)
		var shown []int
		for _, t := range titles {
			number, _ := strconv.Atoi(string(t[1]))
			shown = append(shown, number)
			see(number - n)
		}
		slices.Sort(shown)
		for i := 0; len(shown) >= feed.DefaultSize && i < shown[len(shown)/2]-n; i++ {
			see(i)
		}
	}
	return nil
}
