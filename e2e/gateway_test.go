// Package e2e tests the whole gateway from the outside: real programs, real servers, real readers.
package e2e

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/mmcdole/gofeed"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"kawat/internal/ledger"
	"kawat/internal/testkit"
)

// gateway is a running gateway, as its users see it.
type gateway struct {
	base string // for readers
	nats string // for desks
}

// embeddedGateway is the whole gateway in one process.
type embeddedGateway struct {
	gateway
	*testkit.Process
}

// startEmbedded runs `kawat` on free ports. config is a configuration file's text, "" for none.
func startEmbedded(t *testing.T, config string, flags ...string) *embeddedGateway {
	t.Helper()
	listen := fmt.Sprintf("127.0.0.1:%d", testkit.FreePort(t))
	natsListen := fmt.Sprintf("127.0.0.1:%d", testkit.FreePort(t))
	args := append([]string{"--listen", listen, "--nats", natsListen, "--data", filepath.Join(t.TempDir(), "data")}, flags...)
	if config != "" {
		args = append(args, "--config", writeConfig(t, config))
	}
	g := &embeddedGateway{gateway{base: "http://" + listen, nats: "nats://" + natsListen},
		testkit.Start(t, nil, testkit.Build(t, "./cmd/kawat"), args...)}
	g.waitReady(t)
	return g
}

// waitReady waits until the feeds are served and copy is taken.
func (g *gateway) waitReady(t testing.TB) {
	t.Helper()
	testkit.Eventually(t, 30*time.Second, func() error {
		if _, err := g.fetch("/"); err != nil {
			return err
		}
		nc, err := nats.Connect(g.nats)
		if err != nil {
			return err
		}
		defer nc.Close()
		js, _ := jetstream.New(nc)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		_, err = js.Consumer(ctx, ledger.WireStream, "ingest")
		return err
	})
}

// services are ingest and publish as two processes on a real nats-server and a real redis-server.
type services struct {
	gateway
	natsServer *testkit.NATS
	redis      *testkit.Redis
	ingest     *testkit.Process
	publish    *testkit.Process
	config     string
	operations string // address of publish's operations port
}

// prepareServices starts the servers and writes the configuration.
func prepareServices(t *testing.T, feeds string) *services {
	t.Helper()
	s := &services{natsServer: testkit.StartNATS(t), redis: testkit.StartRedis(t)}
	s.configure(t, feeds)
	return s
}

func (s *services) configure(t *testing.T, feeds string) {
	listen := fmt.Sprintf("127.0.0.1:%d", testkit.FreePort(t))
	operations := fmt.Sprintf("127.0.0.1:%d", testkit.FreePort(t))
	s.gateway, s.operations = gateway{base: "http://" + listen, nats: s.natsServer.URL}, "http://"+operations
	s.config = writeConfig(t, fmt.Sprintf(`
gateway: {title: Test, base_url: "http://%s"}
nats: {urls: [%q]}
redis: {addresses: [%q]}
publish: {listen: %q, operations: %q}
%s`, listen, s.natsServer.URL, s.redis.Address, listen, operations, feeds))
}

func (s *services) startPublish(t *testing.T) {
	s.publish = testkit.Start(t, nil, testkit.Build(t, "./cmd/publish"), "--config", s.config)
}

func (s *services) startIngest(t *testing.T) {
	s.ingest = testkit.Start(t, nil, testkit.Build(t, "./cmd/ingest"), "--config", s.config)
}

// startServices starts everything and waits until it can be used.
func startServices(t *testing.T, feeds string) *services {
	t.Helper()
	s := prepareServices(t, feeds)
	s.startIngest(t)
	s.startPublish(t)
	s.waitReady(t)
	return s
}

func writeConfig(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kawat.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

var client = &http.Client{Timeout: 10 * time.Second}

// fetch gets a page or feed; anything but 200 is an error.
func (g *gateway) fetch(path string) (string, error) {
	resp, err := client.Get(g.base + path)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", err
	}
	if resp.StatusCode != http.StatusOK {
		return "", fmt.Errorf("%s: %s: %s", path, resp.Status, strings.TrimSpace(string(body)))
	}
	return string(body), nil
}

// read reads a feed as a newsroom's reader does.
func (g *gateway) read(path string) (*gofeed.Feed, error) {
	body, err := g.fetch(path)
	if err != nil {
		return nil, err
	}
	f, err := parseFeed(body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return f, nil
}

func parseFeed(body string) (*gofeed.Feed, error) { return gofeed.NewParser().ParseString(body) }

// pusher is a desk's connection.
func (g *gateway) pusher(t testing.TB) *ledger.Pusher {
	t.Helper()
	nc, err := nats.Connect(g.nats, nats.MaxReconnects(-1), nats.ReconnectWait(50*time.Millisecond))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	p, err := ledger.NewPusher(nc)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// plainCopy is a short story in the ANTARA shape.
func plainCopy(n int) []byte {
	return fmt.Appendf(nil, "Kapal feri nomor %d mulai berlayar\n\nJakarta (ANTARA) - Kapal feri nomor %d mulai berlayar dari pelabuhan Muara Biru pada hari Senin.\n\n"+
		"Kapal itu membawa 80 penumpang, kata juru bicara pelabuhan.\n\nPewarta: Rani Puspita\nEditor: Dimas Prakoso\nCopyright © ANTARA 2026\n", n, n)
}

// push pushes one story and returns when JetStream has acknowledged it.
func push(ctx context.Context, p *ledger.Pusher, id string, n int) (ledger.Pushed, error) {
	return p.Push(ctx, ledger.Push{Provider: "antara", Data: plainCopy(n), Header: map[string]string{"Kawat-Story-Id": id}})
}

// exactlyOnce says what is wrong with a feed that should hold these stories, each once and no others.
func exactlyOnce(g *gateway, path string, ids map[string]bool) error {
	f, err := g.read(path)
	if err != nil {
		return err
	}
	seen := map[string]int{}
	for _, item := range f.Items {
		seen[item.GUID]++
	}
	for id := range ids {
		if seen[id] != 1 {
			return fmt.Errorf("%s is in the feed %d times; %d of %d stories are there", id, seen[id], len(seen), len(ids))
		}
	}
	return nil
}
