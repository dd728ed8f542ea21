package testkit

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// NATS is a real nats-server with JetStream on disk, which syncs every write.
type NATS struct {
	*Process
	URL string
}

// StartNATS builds nats-server from its Go module, starts it, and waits until it can be used.
func StartNATS(t testing.TB) *NATS { return StartNATSSyncing(t, "always") }

// StartNATSSyncing is StartNATS with another sync_interval: "2m" is the server's own default.
func StartNATSSyncing(t testing.TB, interval string) *NATS {
	t.Helper()
	port := FreePort(t)
	dir := t.TempDir()
	conf := filepath.Join(dir, "nats.conf")
	text := fmt.Sprintf("listen: \"127.0.0.1:%d\"\nserver_name: test\nmax_payload: 5MB\njetstream {\n  store_dir: %q\n  sync_interval: %s\n}\n",
		port, filepath.Join(dir, "store"), interval)
	if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	n := &NATS{
		Process: Start(t, nil, Build(t, "github.com/nats-io/nats-server/v2"), "-c", conf),
		URL:     fmt.Sprintf("nats://127.0.0.1:%d", port),
	}
	n.WaitReady()
	return n
}

// WaitReady waits until the server takes connections.
func (n *NATS) WaitReady() {
	n.t.Helper()
	waitPort(n.t, n.URL[len("nats://"):])
}

// Redis is a real redis-server that keeps nothing on disk.
type Redis struct {
	*Process
	Address string
}

// StartRedis starts a redis-server and waits until it can be used.
func StartRedis(t testing.TB) *Redis {
	t.Helper()
	return startRedis(t)
}

func startRedis(t testing.TB, options ...string) *Redis {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Fatal("redis-server is missing: run `make needs`, or install Debian's package redis-server")
	}
	port := FreePort(t)
	r := &Redis{
		Process: Start(t, nil, path, append([]string{"--port", strconv.Itoa(port), "--bind", "127.0.0.1", "--save", "",
			"--appendonly", "no", "--dir", t.TempDir(), "--maxmemory-policy", "noeviction"}, options...)...),
		Address: fmt.Sprintf("127.0.0.1:%d", port),
	}
	r.WaitReady()
	return r
}

// WaitReady waits until the server takes connections.
func (r *Redis) WaitReady() {
	r.t.Helper()
	waitPort(r.t, r.Address)
}

func waitPort(t testing.TB, address string) {
	t.Helper()
	Eventually(t, 20*time.Second, func() error {
		c, err := net.DialTimeout("tcp", address, time.Second)
		if err != nil {
			return err
		}
		return c.Close()
	})
}

// StartRedisCluster starts a Redis Cluster of three primaries and gives their addresses.
func StartRedisCluster(t testing.TB) []string {
	t.Helper()
	var addresses []string
	var clients []*redis.Client
	for range 3 {
		r := startRedis(t, "--cluster-enabled", "yes", "--cluster-node-timeout", "2000")
		c := redis.NewClient(&redis.Options{Addr: r.Address})
		defer c.Close()
		addresses, clients = append(addresses, r.Address), append(clients, c)
	}
	ctx := t.Context()
	for i, c := range clients {
		const slots = 16384
		if err := c.ClusterAddSlotsRange(ctx, i*slots/3, (i+1)*slots/3-1).Err(); err != nil {
			t.Fatal(err)
		}
		host, port, _ := net.SplitHostPort(addresses[i])
		if err := clients[0].ClusterMeet(ctx, host, port).Err(); err != nil {
			t.Fatal(err)
		}
	}
	Eventually(t, 30*time.Second, func() error {
		for _, c := range clients {
			info, err := c.ClusterInfo(ctx).Result()
			if err != nil {
				return err
			}
			if !strings.Contains(info, "cluster_state:ok") || !strings.Contains(info, "cluster_known_nodes:3") {
				return fmt.Errorf("the cluster is not formed: %s", info)
			}
		}
		return nil
	})
	return addresses
}
