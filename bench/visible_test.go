package bench

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"kawat/internal/ledger"
	"kawat/internal/testkit"
)

// BenchmarkVisible measures how long after JetStream's acknowledgement a story is in its feed over HTTP: ingest and publish
// as two processes on a nats-server that syncs every write and a redis-server, all idle otherwise.
func BenchmarkVisible(b *testing.B) {
	server, store := testkit.StartNATS(b), testkit.StartRedis(b)
	listen := fmt.Sprintf("127.0.0.1:%d", testkit.FreePort(b))
	config := filepath.Join(b.TempDir(), "kawat.yaml")
	text := fmt.Sprintf("gateway: {base_url: \"http://%s\"}\nnats: {urls: [%q]}\nredis: {addresses: [%q]}\npublish: {listen: %q, operations: \"127.0.0.1:%d\"}\n",
		listen, server.URL, store.Address, listen, testkit.FreePort(b))
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	testkit.Start(b, nil, testkit.Build(b, "./cmd/ingest"), "--config", config)
	testkit.Start(b, nil, testkit.Build(b, "./cmd/publish"), "--config", config)
	nc, err := nats.Connect(server.URL)
	if err != nil {
		b.Fatal(err)
	}
	defer nc.Close()
	pusher, err := ledger.NewPusher(nc)
	if err != nil {
		b.Fatal(err)
	}
	address := "http://" + listen + "/feeds/all.rss"
	etag := ""
	testkit.Eventually(b, 30*time.Second, func() (err error) {
		etag, err = tag(address)
		return err
	})
	push := func(n int) {
		if _, err := pusher.Push(b.Context(), ledger.Push{Provider: "antara", Data: plainStory(n)}); err != nil {
			b.Fatal(err)
		}
	}
	changed := func() error {
		now, err := tag(address)
		if err == nil && now == etag {
			err = fmt.Errorf("the feed has not changed")
		}
		if err == nil {
			etag = now
		}
		return err
	}
	testkit.Eventually(b, 30*time.Second, func() error { // ingest may still be starting
		_, err := pusher.Push(b.Context(), ledger.Push{Provider: "antara", Data: plainStory(-1)})
		return err
	})
	testkit.Eventually(b, 30*time.Second, changed)

	var late []time.Duration
	n := 0
	for b.Loop() {
		b.StopTimer()
		time.Sleep(100 * time.Millisecond) // idle again: the feed rests after each change
		b.StartTimer()
		push(n)
		begin := time.Now()
		for changed() != nil {
			time.Sleep(500 * time.Microsecond)
		}
		late = append(late, time.Since(begin))
		n++
	}
	slices.Sort(late)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(late[len(late)/2].Microseconds())/1000, "ms-median")
	b.ReportMetric(float64(late[len(late)*99/100].Microseconds())/1000, "ms-p99")
	b.ReportMetric(float64(late[len(late)-1].Microseconds())/1000, "ms-worst")
}

// tag gives the feed's validator.
func tag(address string) (string, error) {
	resp, err := http.Head(address)
	if err != nil {
		return "", err
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s", resp.Status)
	}
	return resp.Header.Get("ETag"), nil
}
