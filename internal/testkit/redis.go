package testkit

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// Redis is a real redis-server that keeps nothing on disk.
type Redis struct {
	*Process
	Address string
	client  func() *redis.Client
}

// StartRedis starts a redis-server and waits until it can be used.
func StartRedis(t testing.TB) *Redis {
	t.Helper()
	r := startRedis(t)
	r.WaitReady()
	return r
}

func startRedis(t testing.TB, options ...string) *Redis {
	t.Helper()
	port := FreePort(t)
	address := fmt.Sprintf("127.0.0.1:%d", port)
	return &Redis{
		Address: address,
		client: sync.OnceValue(func() *redis.Client {
			c := redis.NewClient(&redis.Options{Addr: address})
			t.Cleanup(func() { c.Close() })
			return c
		}),
		Process: Start(t, nil, redisServer(t), append([]string{"--port", strconv.Itoa(port), "--bind", "127.0.0.1", "--save", "",
			"--appendonly", "no", "--dir", t.TempDir(), "--maxmemory-policy", "noeviction", "--repl-diskless-sync-delay", "0"}, options...)...),
	}
}

func redisServer(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("redis-server")
	if err != nil {
		t.Fatal("redis-server is missing: run `make needs`, or install Debian's package redis-server")
	}
	return path
}

// WaitReady waits until the server takes connections.
func (r *Redis) WaitReady() {
	r.t.Helper()
	waitPort(r.t, r.Address)
}

// Client is a client of this very server, closed at the end of the test.
func (r *Redis) Client() *redis.Client { return r.client() }

// LeaveReplicasBehind cuts the server's replicas off for as long as it runs: they miss what is written to it from now on, and
// may be promoted as they are.
func (r *Redis) LeaveReplicasBehind() {
	r.t.Helper()
	c := r.Client()
	if err := c.Do(r.t.Context(), "ACL", "SETUSER", "default", "-psync", "-sync").Err(); err != nil {
		r.t.Fatal(err)
	}
	if err := c.Do(r.t.Context(), "CLIENT", "KILL", "TYPE", "REPLICA").Err(); err != nil {
		r.t.Fatal(err)
	}
}

// role gives what the server says that it is, "master" or "slave", and for a replica whether it follows its primary.
func (r *Redis) role(ctx context.Context) (role string, follows bool, err error) {
	info, err := r.Client().Info(ctx, "replication").Result()
	for line := range strings.Lines(info) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		switch name {
		case "role":
			role = value
		case "master_link_status":
			follows = value == "up"
		}
	}
	return role, follows, err
}

// Following says what is wrong while the server is not a replica that follows its primary.
func (r *Redis) Following(ctx context.Context) error {
	role, follows, err := r.role(ctx)
	if err == nil && (role != "slave" || !follows) {
		err = fmt.Errorf("%s is %s and follows: %t", r.Address, role, follows)
	}
	return err
}

// Leading says what is wrong while the server is not a primary.
func (r *Redis) Leading(ctx context.Context) error {
	role, _, err := r.role(ctx)
	if err == nil && role != "master" {
		err = fmt.Errorf("%s is %s", r.Address, role)
	}
	return err
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

// RedisSentinel is two redis-servers, of which one is the primary, watched by three Sentinels.
type RedisSentinel struct {
	Servers   [2]*Redis
	Sentinels []string // their addresses
	Name      string   // of the primary, for Sentinel
	Password  string   // that the Sentinels ask for
}

// StartRedisSentinel starts a primary, its replica and three Sentinels, and waits until all know each other.
func StartRedisSentinel(t testing.TB) *RedisSentinel {
	t.Helper()
	s := &RedisSentinel{Name: "wire", Password: "only-sentinel"}
	s.Servers[0] = StartRedis(t)
	host, port, _ := net.SplitHostPort(s.Servers[0].Address)
	s.Servers[1] = startRedis(t, "--replicaof", host+" "+port)
	s.Servers[1].WaitReady()
	Eventually(t, 30*time.Second, func() error { return s.Servers[1].Following(t.Context()) })
	for range 3 {
		dir, own := t.TempDir(), FreePort(t)
		conf := filepath.Join(dir, "sentinel.conf") // Sentinel writes to it
		text := fmt.Sprintf(`port %d
bind 127.0.0.1
dir %s
requirepass %s
sentinel monitor %[4]s %s %s 2
sentinel down-after-milliseconds %[4]s 3000
sentinel failover-timeout %[4]s 10000
`, own, dir, s.Password, s.Name, host, port)
		if err := os.WriteFile(conf, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		Start(t, nil, redisServer(t), conf, "--sentinel")
		s.Sentinels = append(s.Sentinels, fmt.Sprintf("127.0.0.1:%d", own))
	}
	s.WaitReady(t)
	return s
}

// WaitReady waits until every Sentinel knows the others and a replica that may be promoted.
func (s *RedisSentinel) WaitReady(t testing.TB) {
	t.Helper()
	for _, address := range s.Sentinels {
		c := redis.NewSentinelClient(&redis.Options{Addr: address, Password: s.Password})
		defer c.Close()
		Eventually(t, 60*time.Second, func() error {
			m, err := c.Master(t.Context(), s.Name).Result()
			if err != nil {
				return err
			}
			if m["flags"] != "master" || m["num-slaves"] == "0" || m["num-other-sentinels"] != "2" {
				return fmt.Errorf("sentinel %s knows of %s replicas and %s others, flags %s", address, m["num-slaves"], m["num-other-sentinels"], m["flags"])
			}
			replicas, err := c.Replicas(t.Context(), s.Name).Result()
			if err != nil {
				return err
			}
			for _, r := range replicas {
				if r["flags"] == "slave" && r["master-link-status"] == "ok" {
					return nil
				}
			}
			return fmt.Errorf("sentinel %s sees no replica that follows: %v", address, replicas)
		})
	}
}

// Pair waits until one of the servers leads and the other follows it, and gives them in this order.
func (s *RedisSentinel) Pair(t testing.TB) (primary, replica *Redis) {
	t.Helper()
	s.WaitReady(t)
	Eventually(t, 60*time.Second, func() error {
		primary, replica = s.Servers[0], s.Servers[1]
		if primary.Leading(t.Context()) != nil {
			primary, replica = replica, primary
		}
		return errors.Join(primary.Leading(t.Context()), replica.Following(t.Context()))
	})
	return primary, replica
}

// RedisCluster is a Redis Cluster; the replica of the primary Servers[i] is Servers[i+3] when it starts.
type RedisCluster struct{ Servers []*Redis }

// StartRedisCluster starts a Redis Cluster of three primaries and gives their addresses.
func StartRedisCluster(t testing.TB) []string { return startRedisCluster(t, 3).Addresses() }

// StartReplicatedRedisCluster starts a Redis Cluster of three primaries with a replica each.
func StartReplicatedRedisCluster(t testing.TB) *RedisCluster { return startRedisCluster(t, 6) }

// Addresses are those of all servers.
func (c *RedisCluster) Addresses() []string {
	var addresses []string
	for _, r := range c.Servers {
		addresses = append(addresses, r.Address)
	}
	return addresses
}

func startRedisCluster(t testing.TB, nodes int) *RedisCluster {
	t.Helper()
	c, ctx := &RedisCluster{}, t.Context()
	var buses []string
	for range nodes {
		// A port of its own: the usual one, 10,000 higher, is beyond the last for some of those that are free.
		bus := strconv.Itoa(FreePort(t))
		c.Servers = append(c.Servers, startRedis(t, "--cluster-enabled", "yes", "--cluster-port", bus, "--cluster-node-timeout", "2000",
			"--cluster-replica-validity-factor", "0"))
		buses = append(buses, bus)
	}
	for i, r := range c.Servers {
		r.WaitReady()
		const slots = 16384
		if i < 3 {
			if err := r.Client().ClusterAddSlotsRange(ctx, i*slots/3, (i+1)*slots/3-1).Err(); err != nil {
				t.Fatal(err)
			}
		}
		host, port, _ := net.SplitHostPort(r.Address)
		if err := c.Servers[0].Client().Do(ctx, "CLUSTER", "MEET", host, port, buses[i]).Err(); err != nil {
			t.Fatal(err)
		}
	}
	c.WaitReady(t)
	for i, r := range c.Servers[3:] {
		id, err := c.Servers[i].Client().ClusterMyID(ctx).Result()
		if err != nil {
			t.Fatal(err)
		}
		Eventually(t, 30*time.Second, func() error { return r.Client().ClusterReplicate(ctx, id).Err() })
		Eventually(t, 30*time.Second, func() error { return r.Following(ctx) })
	}
	c.WaitReady(t)
	return c
}

// WaitReady waits until every server knows all others and holds the cluster for whole.
func (c *RedisCluster) WaitReady(t testing.TB) {
	t.Helper()
	Eventually(t, 60*time.Second, func() error {
		for _, r := range c.Servers {
			client := r.Client()
			info, err := client.ClusterInfo(t.Context()).Result()
			if err != nil {
				return err
			}
			nodes, err := client.ClusterNodes(t.Context()).Result()
			if err != nil {
				return err
			}
			if !strings.Contains(info, "cluster_state:ok") || !strings.Contains(info, fmt.Sprintf("cluster_known_nodes:%d\r", len(c.Servers))) ||
				strings.Contains(nodes, "fail") {
				return fmt.Errorf("%s does not hold the cluster for whole: %s%s", r.Address, info, nodes)
			}
		}
		return nil
	})
}

// Primary gives the server that keeps a key, and its replica.
func (c *RedisCluster) Primary(t testing.TB, key string) (primary, replica *Redis) {
	t.Helper()
	Eventually(t, 30*time.Second, func() error {
		primary, replica = nil, nil
		for _, r := range c.Servers {
			if r.Leading(t.Context()) != nil {
				continue
			}
			// A primary answers for its own keys and sends others away.
			if err := r.Client().Exists(t.Context(), key).Err(); err != nil {
				continue
			}
			primary = r
			replicas, err := r.Client().Do(t.Context(), "ROLE").Slice()
			if err != nil || len(replicas) < 3 {
				return errors.Join(err, errors.New("no ROLE"))
			}
			list, _ := replicas[2].([]any)
			for _, other := range list {
				fields, _ := other.([]any)
				for _, s := range c.Servers {
					if _, port, _ := net.SplitHostPort(s.Address); len(fields) > 1 && fields[1] == port {
						replica = s
					}
				}
			}
		}
		if primary == nil || replica == nil {
			return fmt.Errorf("no primary with a replica keeps %s", key)
		}
		return nil
	})
	return primary, replica
}
