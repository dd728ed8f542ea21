package deploy_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/redis/go-redis/v9"

	"kawat/internal/testkit"
)

// TestNATSCluster: three servers with cluster.conf find each other over TLS, and keep a stream three times.
func TestNATSCluster(t *testing.T) {
	f := prepare(t)
	var routes, addresses []string
	var servers []*testkit.Process
	for range 3 {
		routes, addresses = append(routes, loopback(t)), append(addresses, loopback(t))
	}
	for i, address := range addresses {
		_, port, _ := net.SplitHostPort(address)
		servers = append(servers, f.start("nats", []string{fmt.Sprintf("NATS_NAME=nats-%d", i+1), "NATS_STORE=" + t.TempDir()}, natsServer(t),
			"-c", "cluster.conf", "-a", "127.0.0.1", "-p", port, "-m", fmt.Sprint(testkit.FreePort(t)),
			"--cluster", "nats://"+routes[i], "--routes", "nats://"+strings.Join(routes, ",nats://")))
	}
	for i, address := range addresses {
		f.waitNATS(servers[i], address)
	}
	nc, err := f.login(strings.Join(addresses, ",tls://"), "ingest")
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, 60*time.Second, func() error {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		stream, err := js.CreateStream(ctx, jetstream.StreamConfig{Name: "WIRE", Subjects: []string{"wire.in.>"}, Replicas: 3})
		if err == nil && len(stream.CachedInfo().Cluster.Replicas) != 2 {
			err = fmt.Errorf("the stream is kept by %+v", stream.CachedInfo().Cluster)
		}
		return err
	})
	kyodo, err := f.login(addresses[2], "kyodo")
	if err != nil {
		t.Fatal(err)
	}
	defer kyodo.Close()
	testkit.Eventually(t, 30*time.Second, func() error {
		answer, err := kyodo.Request("wire.in.kyodo", []byte("copy"), 2*time.Second)
		if err == nil && !strings.Contains(string(answer.Data), `"stream":"WIRE"`) {
			err = fmt.Errorf("the push is answered with %s", answer.Data)
		}
		return err
	})
}

// startService starts ingest or publish of a gateway with this text in the place of the one address of Redis.
func (f *folder) startService(service, addresses string, changed ...string) (operations, config string) {
	f.t.Helper()
	operations = loopback(f.t)
	own := map[string]string{"ingest": "127.0.0.1:8082", "publish": "127.0.0.1:8081"}[service]
	addresses = strings.ReplaceAll(addresses, "USER", service)
	config = f.credentials(service, append([]string{`["localhost:6379"]`, addresses, own, operations}, changed...)...)
	testkit.Start(f.t, nil, testkit.Build(f.t, "./cmd/"+service), "--config", config)
	return operations, config
}

// serves starts a gateway on Redis servers that run, and waits until it is ready and the doctor finds nothing.
func (f *folder) serves(addresses string) {
	f.t.Helper()
	nats := f.startNATS()
	ingest, ingestConfig := f.startService("ingest", addresses, "localhost:4222", nats)
	publish, publishConfig := f.startService("publish", addresses, "127.0.0.1:8080", loopback(f.t))
	for _, operations := range []string{ingest, publish} {
		testkit.Eventually(f.t, 60*time.Second, func() error {
			_, _, err := get(http.DefaultClient, "http://"+operations+"/readyz", nil)
			return err
		})
	}
	f.healthy("ingest", ingestConfig)
	f.healthy("publish", publishConfig)
}

// healthy has the doctor find no problem, with the rights that the service has, and nothing but the setting that only the
// monitoring port tells that it could not see.
func (f *folder) healthy(service, config string) {
	f.t.Helper()
	testkit.Eventually(f.t, 30*time.Second, func() error { // ingest takes its first copy a moment after it is ready
		out, err := exec.Command(testkit.Build(f.t, "./cmd/kawat"), "doctor", "--config", config, "--service", service, "--offline").CombinedOutput()
		for line := range strings.Lines(string(out)) {
			if strings.HasPrefix(line, "unknown") && !strings.Contains(line, " nats.sync ") {
				err = errors.New("it cannot see everything")
			}
		}
		if err != nil {
			err = fmt.Errorf("the doctor about %s: %w\n%s", service, err, out)
		}
		return err
	})
}

// TestSentinel: a primary, its replica and a Sentinel work together by their users, and both services find the primary through the
// Sentinel, also after a failover.
func TestSentinel(t *testing.T) {
	f := prepare(t)
	server := program(t, "redis-server", "redis-server")
	primary, replica, sentinel := loopback(t), loopback(t), loopback(t)
	port := func(address string) string { _, port, _ := net.SplitHostPort(address); return port }
	f.waitRedis(f.start("redis", nil, server, "replicated.conf", "--bind", "127.0.0.1", "--tls-port", port(primary)), primary)
	f.waitRedis(f.start("redis", nil, server, "replicated.conf", "--bind", "127.0.0.1", "--tls-port", port(replica), "--replicaof", "127.0.0.1 "+port(primary)), replica)
	// Its own copy, which it writes to, with this test's addresses and one Sentinel for three.
	own := strings.NewReplacer("redis-1 6379 2", "127.0.0.1 "+port(primary)+" 1", "tls-port 26379", "tls-port "+port(sentinel)).Replace(f.read("redis/sentinel.conf"))
	writeFile(t, f.file("redis/sentinel-test.conf"), own+"\nbind 127.0.0.1\n")
	watcher := f.start("redis", nil, server, "sentinel-test.conf", "--sentinel")
	ask := func(user string) *redis.SentinelClient {
		c := redis.NewSentinelClient(&redis.Options{Addr: sentinel, Username: user, Password: f.password("redis", user), TLSConfig: f.tls()})
		t.Cleanup(func() { c.Close() })
		return c
	}
	operator := ask("operator")
	f.wait(watcher, func() error {
		replicas, err := operator.Replicas(t.Context(), "kawat").Result()
		if err == nil && (len(replicas) != 1 || replicas[0]["master-link-status"] != "ok") {
			err = fmt.Errorf("the Sentinel knows of %v", replicas)
		}
		return err
	})
	if err := ask("publish").Failover(t.Context(), "kawat").Err(); !redis.HasErrorPrefix(err, "NOPERM") {
		t.Errorf("publish may order a failover: %v", err)
	}
	f.serves(`["` + sentinel + `"]` + "\n  master_name: kawat\n  sentinel_user: USER\n  sentinel_password_file: redis-password")

	if err := operator.Failover(t.Context(), "kawat").Err(); err != nil {
		t.Fatal(err)
	}
	c := f.redis(replica, "operator")
	testkit.Eventually(t, 60*time.Second, func() error { // ingest has filled the new primary
		serving, err := current(t.Context(), c, "server")
		if err == nil {
			var info string
			info, err = c.Info(t.Context(), "server", "replication").Result()
			if err == nil && (!strings.Contains(info, "role:master") || !strings.Contains(info, serving)) {
				err = fmt.Errorf("the cache was filled on %s, and this is %s", serving, info)
			}
		}
		return err
	})
}

// TestRedisCluster: servers with cluster.conf make a Cluster over TLS, and both services work on it.
func TestRedisCluster(t *testing.T) {
	f := prepare(t)
	server := program(t, "redis-server", "redis-server")
	var addresses []string
	for i := range 3 {
		address := loopback(t)
		_, port, _ := net.SplitHostPort(address)
		f.waitRedis(f.start("redis", nil, server, "cluster.conf", "--bind", "127.0.0.1", "--tls-port", port, "--cluster-port", fmt.Sprint(testkit.FreePort(t)),
			"--cluster-config-file", filepath.Join(t.TempDir(), "nodes.conf"), "--cluster-announce-hostname", "localhost"), address)
		addresses = append(addresses, address)
		c := f.redis(address, "operator")
		if err := c.ClusterAddSlotsRange(t.Context(), i*5462, min((i+1)*5462-1, 16383)).Err(); err != nil {
			t.Fatal(err)
		}
	}
	first := f.redis(addresses[0], "operator")
	for _, address := range addresses[1:] {
		host, port, _ := net.SplitHostPort(address)
		bus, err := f.redis(address, "operator").ConfigGet(t.Context(), "cluster-port").Result()
		if err != nil {
			t.Fatal(err)
		}
		if err := first.Do(t.Context(), "CLUSTER", "MEET", host, port, bus["cluster-port"]).Err(); err != nil {
			t.Fatal(err)
		}
	}
	for _, address := range addresses {
		c := f.redis(address, "operator")
		testkit.Eventually(t, 60*time.Second, func() error {
			info, err := c.ClusterInfo(t.Context()).Result()
			if err == nil && (!strings.Contains(info, "cluster_state:ok") || !strings.Contains(info, "cluster_known_nodes:3")) {
				err = fmt.Errorf("%s: %s", address, info)
			}
			return err
		})
	}
	f.serves(`["` + strings.Join(addresses, `", "`) + `"]`)
	if _, err := os.Stat(f.file("redis/nodes.conf")); err == nil {
		t.Error("a server wrote into the folder of its configuration")
	}
}
