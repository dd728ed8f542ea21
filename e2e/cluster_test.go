package e2e

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"time"

	"kawat/internal/ledger"
	"kawat/internal/testkit"
)

// quoted is a list of texts in the configuration.
func quoted(list []string) string {
	return `["` + strings.Join(list, `", "`) + `"]`
}

// TestNATSNodeLost: of three NATS servers one is killed under load, and later comes back: any of them, and the one that leads
// STORIES or WIRE. Nobody notices.
func TestNATSNodeLost(t *testing.T) {
	t.Parallel()
	cluster, store := testkit.StartNATSCluster(t), testkit.StartRedis(t)
	b := backend{
		nats:  fmt.Sprintf("{urls: %s, replicas: 3}", quoted(cluster.URLs())),
		redis: fmt.Sprintf("{addresses: [%q]}", store.Address),
	}
	s := startServicesOn(t, b, b, strings.Join(cluster.URLs(), ","), everything)
	random := seeded(t)
	n := newNewsroom(t, &s.gateway, random)
	stop, readers := n.work(2), n.readers()
	n.more(25)
	for round := range rounds(t, 2) {
		var lost *testkit.NATS
		switch round % 3 {
		case 0:
			lost = cluster.Leader(ledger.StoriesStream)
		case 1:
			lost = cluster.Leader(ledger.WireStream)
		default:
			lost = cluster.Nodes[round%len(cluster.Nodes)]
		}
		lost.Kill()
		n.more(25) // without it
		lost.Restart()
		cluster.WaitReady() // or the next loss would be of two
		n.more(10)
	}
	stop()
	n.recovered()
	t.Logf("%d pieces of copy acknowledged, %d reads", n.count(), readers())
}

// TestRedisFailover: under Sentinel the primary is killed when its replica lacks writes that it has acknowledged, among them
// those of stories, corrections and kills. The replica takes over, and is brought up to date by itself.
func TestRedisFailover(t *testing.T) {
	t.Parallel()
	store, server := testkit.StartRedisSentinel(t), testkit.StartNATS(t)
	password := writeConfig(t, store.Password)
	b := backend{
		nats:  fmt.Sprintf("{urls: [%q]}", server.URL),
		redis: fmt.Sprintf("{addresses: %s, master_name: %s, sentinel_password_file: %q}", quoted(store.Sentinels), store.Name, password),
	}
	s := startServicesOn(t, b, b, server.URL, everything)
	n := newNewsroom(t, &s.gateway, seeded(t))
	stop, readers := n.work(2), n.readers()
	n.more(25)
	for range rounds(t, 1) {
		primary, replica := store.Pair(t)
		loseWith(t, n, primary, replica)
		testkit.Eventually(t, 30*time.Second, func() error { return replica.Leading(t.Context()) })
		n.more(25)
		primary.Restart()
		store.Pair(t)
	}
	stop()
	n.recovered()
	t.Logf("%d pieces of copy acknowledged, %d reads", n.count(), readers())
}

// TestRedisClusterFailover: the same in a Redis Cluster, to the primary that keeps what is current, and to those of stories and
// indexes.
func TestRedisClusterFailover(t *testing.T) {
	t.Parallel()
	store, server := testkit.StartReplicatedRedisCluster(t), testkit.StartNATS(t)
	b := backend{
		nats:  fmt.Sprintf("{urls: [%q]}", server.URL),
		redis: fmt.Sprintf("{addresses: %s}", quoted(store.Addresses())),
	}
	// Each of the feeds has a slot of its own.
	s := startServicesOn(t, b, b, server.URL, `feeds: [{name: everything, title: Everything, size: 1000},
  {name: b, title: The same, size: 1000}, {name: c, title: Once more, size: 1000}]`)
	n := newNewsroom(t, &s.gateway, seeded(t))
	stop, readers := n.work(2), n.readers()
	n.more(25)
	// What is current, the feed's index, and the list of feeds: each on another primary, and stories on all.
	keys := []string{"{current}", "{f:everything}", "{feeds}"}
	for round := range rounds(t, 2) {
		primary, replica := store.Primary(t, keys[round%len(keys)])
		loseWith(t, n, primary, replica)
		testkit.Eventually(t, 30*time.Second, func() error { return replica.Leading(t.Context()) })
		n.more(25)
		primary.Restart()
		testkit.Eventually(t, 60*time.Second, func() error { return primary.Following(t.Context()) })
		store.WaitReady(t)
	}
	stop()
	n.recovered()
	for _, path := range []string{"/feeds/b.rss", "/feeds/c.json"} {
		testkit.Eventually(t, 10*time.Second, func() error {
			want, err := n.page(strings.Replace(path, path[7:8], "everything", 1))
			if err != nil {
				return err
			}
			have, err := n.page(path)
			if err == nil && !maps.Equal(want, have) {
				err = fmt.Errorf("%s has %d stories, the feed of everything %d, or others", path, len(have), len(want))
			}
			return err
		})
	}
	t.Logf("%d pieces of copy acknowledged, %d reads", n.count(), readers())
}

// loseWith kills a primary when its replica lacks writes.
func loseWith(t *testing.T, n *newsroom, primary, replica *testkit.Redis) {
	t.Helper()
	primary.LeaveReplicasBehind()
	n.more(40)
	testkit.Eventually(t, 30*time.Second, func() error {
		const some = 2 << 10 // of writes, and not of pings
		if lag := infoNumber(t, primary, "master_repl_offset:") - infoNumber(t, replica, "slave_repl_offset:"); lag < some {
			return fmt.Errorf("the replica lacks only %d bytes", lag)
		}
		return nil
	})
	primary.Kill()
}
