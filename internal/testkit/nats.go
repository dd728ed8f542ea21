package testkit

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// NATS is a real nats-server with JetStream on disk.
type NATS struct {
	*Process
	Name string
	URL  string
	conf string // path
}

// NATSOptions say how a nats-server keeps its streams; the zero value syncs every write, in a folder of the test's own.
type NATSOptions struct {
	Sync  string // sync_interval; "2m" is the server's own default
	Store string // the folder of the streams
	Most  string // max_file_store: the most that all streams together may take
}

// StartNATS builds nats-server from its Go module, starts it so that it syncs every write, and waits until it can be used.
func StartNATS(t testing.TB) *NATS { return StartNATSWith(t, NATSOptions{}) }

// StartNATSSyncing is StartNATS with another sync_interval.
func StartNATSSyncing(t testing.TB, interval string) *NATS {
	return StartNATSWith(t, NATSOptions{Sync: interval})
}

// StartNATSWith is StartNATS with options.
func StartNATSWith(t testing.TB, o NATSOptions) *NATS {
	t.Helper()
	n := startNATS(t, "test", o, "")
	n.WaitReady()
	return n
}

func startNATS(t testing.TB, name string, o NATSOptions, more string) *NATS {
	t.Helper()
	port, dir := FreePort(t), t.TempDir()
	most := ""
	if o.Most != "" {
		most = "  max_file_store: " + o.Most + "\n"
	}
	conf := filepath.Join(dir, "nats.conf")
	text := fmt.Sprintf("listen: \"127.0.0.1:%d\"\nserver_name: %s\nmax_payload: 5MB\njetstream {\n  store_dir: %q\n  sync_interval: %q\n%s}\n%s",
		port, name, cmp.Or(o.Store, filepath.Join(dir, "store")), cmp.Or(o.Sync, "always"), most, more)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return &NATS{
		Process: Start(t, nil, Build(t, "github.com/nats-io/nats-server/v2"), "-c", conf),
		Name:    name, conf: conf, URL: fmt.Sprintf("nats://127.0.0.1:%d", port),
	}
}

// WaitReady waits until the server takes connections.
func (n *NATS) WaitReady() {
	n.t.Helper()
	waitPort(n.t, n.Address())
}

// Reconfigure replaces text in the server's configuration, for its next start.
func (n *NATS) Reconfigure(old, text string) {
	n.t.Helper()
	conf, err := os.ReadFile(n.conf)
	if err == nil {
		err = os.WriteFile(n.conf, []byte(strings.ReplaceAll(string(conf), old, text)), 0o600)
	}
	if err != nil {
		n.t.Fatal(err)
	}
}

// Address is the server's host:port.
func (n *NATS) Address() string { return strings.TrimPrefix(n.URL, "nats://") }

// NATSCluster is a JetStream cluster.
type NATSCluster struct {
	t     testing.TB
	Nodes []*NATS
}

// StartNATSCluster starts a JetStream cluster of three, each of which syncs every write, and waits until it can be used.
func StartNATSCluster(t testing.TB) *NATSCluster {
	t.Helper()
	c := &NATSCluster{t: t}
	var routes [3]string
	for i := range routes {
		routes[i] = fmt.Sprintf("127.0.0.1:%d", FreePort(t))
	}
	for i, listen := range routes {
		var others []string
		for j, route := range routes {
			if i != j {
				others = append(others, fmt.Sprintf("%q", "nats://"+route))
			}
		}
		c.Nodes = append(c.Nodes, startNATS(t, fmt.Sprintf("node%d", i+1), NATSOptions{},
			fmt.Sprintf("cluster {\n  name: test\n  listen: %q\n  routes: [%s]\n}\n", listen, strings.Join(others, ", "))))
	}
	c.WaitReady()
	return c
}

// URLs are the addresses of all nodes.
func (c *NATSCluster) URLs() []string {
	var urls []string
	for _, n := range c.Nodes {
		urls = append(urls, n.URL)
	}
	return urls
}

// WaitReady waits until JetStream answers on every node, and every stream that there is has all its replicas up to date.
func (c *NATSCluster) WaitReady() {
	c.t.Helper()
	for _, n := range c.Nodes {
		n.WaitReady()
		Eventually(c.t, 60*time.Second, func() error {
			return ask(c.t, n.URL, func(ctx context.Context, js jetstream.JetStream) error {
				if _, err := js.AccountInfo(ctx); err != nil {
					return fmt.Errorf("%s: %w", n.Name, err)
				}
				streams := js.ListStreams(ctx)
				for s := range streams.Info() {
					if s.Cluster == nil || s.Cluster.Leader == "" || len(s.Cluster.Replicas) != s.Config.Replicas-1 {
						return fmt.Errorf("%s: stream %s is not whole: %+v", n.Name, s.Config.Name, s.Cluster)
					}
					for _, r := range s.Cluster.Replicas {
						if r.Offline || !r.Current {
							return fmt.Errorf("%s: stream %s on %s is behind", n.Name, s.Config.Name, r.Name)
						}
					}
				}
				return streams.Err()
			})
		})
	}
}

// Leader is the node that leads a stream now.
func (c *NATSCluster) Leader(stream string) *NATS {
	c.t.Helper()
	var leader *NATS
	Eventually(c.t, 60*time.Second, func() error {
		return ask(c.t, strings.Join(c.URLs(), ","), func(ctx context.Context, js jetstream.JetStream) error {
			s, err := js.Stream(ctx, stream)
			if err != nil {
				return err
			}
			for _, n := range c.Nodes {
				if cluster := s.CachedInfo().Cluster; cluster != nil && n.Name == cluster.Leader {
					leader = n
					return nil
				}
			}
			return fmt.Errorf("stream %s has no leader", stream)
		})
	})
	return leader
}

// ask asks JetStream something, on a connection of its own.
func ask(t testing.TB, url string, what func(context.Context, jetstream.JetStream) error) error {
	nc, err := nats.Connect(url, nats.Timeout(2*time.Second))
	if err != nil {
		return err
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	return what(ctx, js)
}
