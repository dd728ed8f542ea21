package cache_test

import (
	"net"
	"testing"

	"github.com/redis/go-redis/v9"

	"kawat/internal/feed"
	"kawat/internal/testkit"
)

// TestSlotHalfWay: a feed whose keys are half-way to another server of a cluster cannot be read; the others can.
func TestSlotHalfWay(t *testing.T) {
	client := connect(t, testkit.StartRedisCluster(t)...).(*redis.ClusterClient)
	c, ctx := filled(t, client), t.Context()
	apply(t, c, change("a", 1, 1), change("b", 1, 2, english))
	e, err := client.HGet(ctx, "kawat:3:{current}", "serving").Result()
	if err != nil {
		t.Fatal(err)
	}
	primary := func(tag string) *redis.Client {
		n, err := client.MasterForKey(ctx, "kawat:3:"+e+":{f:"+tag+"}:order")
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	from, to := primary(id.Name), primary(id.Name)
	for other := 'a'; to.Options().Addr == from.Options().Addr; other++ {
		to = primary(string(other))
	}
	do := func(n *redis.Client, command ...any) {
		t.Helper()
		if err := n.Do(ctx, command...).Err(); err != nil {
			t.Fatal(command, err)
		}
	}
	order := "kawat:3:" + e + ":{f:" + id.Name + "}:order"
	slot := client.ClusterKeySlot(ctx, order).Val()
	do(to, "CLUSTER", "SETSLOT", slot, "IMPORTING", from.ClusterMyID(ctx).Val())
	do(from, "CLUSTER", "SETSLOT", slot, "MIGRATING", to.ClusterMyID(ctx).Val())
	host, port, _ := net.SplitHostPort(to.Options().Addr)
	do(from, "MIGRATE", host, port, order, 0, 5000)

	windows, err := c.Windows(ctx, []feed.Def{all, id, en}, epoch.Add(noon), feed.Held{})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, windows[0].View, "b v1 usable #2 first 2 released 2", "a v1 usable #1 first 1 released 1")
	expect(t, windows[2].View, "b v1 usable #2 first 2 released 2")
	if windows[0].Err != nil || windows[2].Err != nil || windows[1].Err == nil {
		t.Error(windows[0].Err, windows[1].Err, windows[2].Err)
	}
}
