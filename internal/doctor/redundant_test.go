package doctor_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"kawat/internal/config"
	"kawat/internal/doctor"
	"kawat/internal/testkit"
)

// TestSentinel: what each Sentinel knows, and the replica that may take over.
func TestSentinel(t *testing.T) {
	s := testkit.StartRedisSentinel(t)
	for _, r := range s.Servers {
		if err := r.Client().ConfigSet(t.Context(), "maxmemory", "256mb").Err(); err != nil {
			t.Fatal(err)
		}
	}
	h := &hospital{t: t, dir: t.TempDir()}
	conf := config.Default()
	conf.NATS.URLs = []string{fmt.Sprintf("nats://127.0.0.1:%d", testkit.FreePort(t))}
	conf.Redis.Addresses, conf.Redis.MasterName = s.Sentinels, s.Name
	conf.Redis.SentinelPassword = sentinelPassword(h, s.Password)
	h.g = doctor.Gateway{Config: conf, Offline: true, Now: time.Now}

	levels := func() (all []string) {
		for _, f := range h.examine() {
			if strings.HasPrefix(f.Check, "redis") {
				all = append(all, string(f.Level)+" "+f.Check)
			}
		}
		return all
	}
	want := "ok redis.sentinel, ok redis.sentinel, ok redis.sentinel, ok redis.memory, ok redis, ok redis.memory, ok redis.persistence, ok redis.clock, ok redis.permissions"
	if got := strings.Join(levels(), ", "); got != want {
		t.Errorf("well: %s\nwant: %s", got, want)
	}
	replica := s.Servers[1].Client()
	if err := replica.ConfigSet(t.Context(), "maxmemory-policy", "allkeys-lru").Err(); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(levels(), ", "); !strings.Contains(got, "problem redis.eviction, ok redis.memory, ok redis,") {
		t.Errorf("a replica that drops keys: %s", got)
	}
	conf.Redis.MasterName = "another"
	if found := of(t, h.g, "redis.sentinel"); len(found) != 3 || found[0].Level != doctor.Problem || !strings.Contains(found[0].Found, "does not watch another") {
		t.Errorf("%+v", found)
	}
	conf.Redis.MasterName, conf.Redis.SentinelPassword = s.Name, readSecret(h)
	if found := of(t, h.g, "redis.sentinel"); len(found) != 3 || found[0].Level != doctor.Problem || !strings.Contains(found[0].Found, "refuses the login") {
		t.Errorf("%+v", found)
	}
}

func sentinelPassword(h *hospital, password string) config.Secret {
	h.t.Helper()
	path := h.file("sentinel", password, 0o600)
	conf, err := config.Load(h.file("sentinel.yaml", fmt.Sprintf("redis: {master_name: wire, sentinel_password_file: %q}\n", path), 0o600))
	if err != nil {
		h.t.Fatal(err)
	}
	return conf.Redis.SentinelPassword
}

// TestCluster: every primary is looked at, and those without a replica are told of.
func TestCluster(t *testing.T) {
	h := &hospital{t: t, dir: t.TempDir()}
	conf := config.Default()
	conf.NATS.URLs = []string{fmt.Sprintf("nats://127.0.0.1:%d", testkit.FreePort(t))}
	conf.Redis.Addresses = testkit.StartRedisCluster(t)
	h.g = doctor.Gateway{Config: conf, Offline: true, Now: time.Now}
	found := of(t, h.g, "redis.cluster")
	if len(found) != 2 || found[0].Level != doctor.OK || found[1].Level != doctor.Warning || !strings.HasPrefix(found[1].Found, "3 of 3 primaries have no replica") {
		t.Errorf("%+v", found)
	}
	if found := of(t, h.g, "redis.permissions"); len(found) != 1 || found[0].Level != doctor.OK {
		t.Errorf("%+v", found)
	}
	if found := of(t, h.g, "redis"); len(found) != 3 {
		t.Errorf("%+v", found)
	}
	conf.Redis.Addresses = conf.Redis.Addresses[:1]
	if found := of(t, h.g, "redis"); len(found) != 1 || found[0].Level != doctor.Problem || !strings.Contains(found[0].Found, "is a server of a Redis Cluster") {
		t.Errorf("%+v", found)
	}
}
