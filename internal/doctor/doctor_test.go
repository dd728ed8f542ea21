package doctor_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"kawat/internal/app"
	"kawat/internal/cache"
	"kawat/internal/config"
	"kawat/internal/doctor"
	"kawat/internal/ledger"
	"kawat/internal/testkit"
	"kawat/internal/wire"
)

// hospital is a gateway that is examined, on servers of its own.
type hospital struct {
	t     *testing.T
	dir   string
	nats  *testkit.NATS
	redis *testkit.Redis
	g     doctor.Gateway
	// hidden replaces what differs from run to run.
	hidden []string
}

// secret is in every password file; no finding may have it.
const secret = "open-sesame-7"

// monitored is a nats-server that is set as it should be, with its monitoring port; more is further configuration.
func monitored(t *testing.T, n *testkit.NATS, more string) (monitor string) {
	t.Helper()
	port := testkit.FreePort(t)
	n.Reconfigure("max_payload: 5MB\n", fmt.Sprintf("max_payload: 16MB\nhttp: \"127.0.0.1:%d\"\n%s", port, more))
	n.Kill()
	n.Restart()
	n.WaitReady()
	return fmt.Sprintf("http://127.0.0.1:%d", port)
}

// newHospital starts servers that are set well, of which each test sets something badly.
func newHospital(t *testing.T) *hospital {
	t.Helper()
	h := &hospital{t: t, dir: t.TempDir(), nats: testkit.StartNATS(t), redis: testkit.StartRedis(t)}
	if err := h.redis.Client().ConfigSet(t.Context(), "maxmemory", "256mb").Err(); err != nil {
		t.Fatal(err)
	}
	conf := config.Default()
	conf.NATS.URLs, conf.Redis.Addresses = []string{h.nats.URL}, []string{h.redis.Address}
	h.g = doctor.Gateway{Config: conf, Monitors: []string{monitored(t, h.nats, "")}, Offline: true, Now: time.Now}
	h.hide(h.dir, "DIR", h.nats.Address(), "NATS", h.redis.Address, "REDIS", h.g.Monitors[0], "MONITOR")
	return h
}

func (h *hospital) hide(what ...string) { h.hidden = append(h.hidden, what...) }

// streams has kawat make its streams.
func (h *hospital) streams() *ledger.Ledger {
	h.t.Helper()
	nc, err := nats.Connect(h.nats.URL)
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(nc.Close)
	l, err := ledger.Open(h.t.Context(), nc, 1, testkit.Log(h.t))
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(l.Close)
	return l
}

// record records a story, and gives its number on STORIES.
func (h *hospital) record(l *ledger.Ledger, id string) uint64 {
	h.t.Helper()
	outcomes, err := l.Record(h.t.Context(), []*wire.Story{testkit.Story(id, 1)})
	if err != nil {
		h.t.Fatal(err)
	}
	return outcomes[0].Record.Sequence
}

// made has Redis hold an empty filling that was made of a STORIES that ended at a record.
func (h *hospital) made(l *ledger.Ledger, last uint64) {
	h.t.Helper()
	store := cache.New(h.redis.Client(), slog.New(slog.DiscardHandler))
	server, err := store.Server(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	h.refill(store, cache.Made{Stories: l.Identity(), Feeds: "x", Server: server, Last: last})
}

// file writes a file and gives its path.
func (h *hospital) file(name, text string, mode os.FileMode) string {
	h.t.Helper()
	path := filepath.Join(h.dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		h.t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil {
		h.t.Fatal(err)
	}
	return path
}

func (h *hospital) examine() []doctor.Finding {
	h.t.Helper()
	findings, err := app.Examine(h.t.Context(), h.g)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, f := range findings {
		if line := f.Found + f.Remedy; strings.Contains(line, secret) || strings.ContainsAny(line, "\n\r\t\x1b") {
			h.t.Errorf("%s has a secret or a control character: %q", f.Check, line)
		}
		if (f.Level == doctor.OK) != (f.Remedy == "") {
			h.t.Errorf("%s is %s with the remedy %q", f.Check, f.Level, f.Remedy)
		}
	}
	return findings
}

var numbers = []struct {
	pattern *regexp.Regexp
	with    string
}{
	{regexp.MustCompile(`version \d+\.\d+\.\d+`), "version V"},
	{regexp.MustCompile(`(keeps|has|uses|full:) [\d.]+ (bytes|[KMGT]iB)`), "$1 SIZE"},
	{regexp.MustCompile(`: [\d.]+ (bytes|[KMGT]iB) of [\d.]+ [KMGT]iB used, \d %`), ": SIZE of SIZE used, N %"},
	{regexp.MustCompile(`uses \d+ % of its [\d.]+ MiB`), "uses N % of its SIZE"},
	{regexp.MustCompile(`127\.0\.0\.1:\d+`), "ADDRESS"},
}

// golden compares findings with testdata/<name>.txt: all of them, or those that are not ok.
func (h *hospital) golden(name string, all bool) {
	h.t.Helper()
	var b strings.Builder
	for _, f := range h.examine() {
		if f.Level == doctor.OK && !all {
			continue
		}
		fmt.Fprintf(&b, "%-8s %s: %s\n", f.Level, f.Check, f.Found)
		if f.Remedy != "" {
			fmt.Fprintf(&b, "         -> %s\n", f.Remedy)
		}
	}
	text := strings.NewReplacer(h.hidden...).Replace(b.String())
	for _, n := range numbers {
		text = n.pattern.ReplaceAllString(text, n.with)
	}
	testkit.Golden(h.t, filepath.Join("testdata", name+".txt"), []byte(text))
}

// refill fills the cache with nothing.
func (h *hospital) refill(store *cache.Cache, made cache.Made) {
	h.t.Helper()
	busy, err := store.Refill(h.t.Context(), made, nil, func(context.Context, func(context.Context, []cache.Change) error) error { return nil })
	if busy || err != nil {
		h.t.Fatal(busy, err)
	}
}

// TestWell: a cluster of three with its monitoring, a Redis, and ingest at work: nothing is to be done.
func TestWell(t *testing.T) {
	h := &hospital{t: t, dir: t.TempDir(), redis: testkit.StartRedis(t)}
	if err := h.redis.Client().ConfigSet(t.Context(), "maxmemory", "256mb").Err(); err != nil {
		t.Fatal(err)
	}
	cluster := testkit.StartNATSCluster(t)
	conf := config.Default()
	conf.NATS.URLs, conf.NATS.Replicas, conf.Redis.Addresses = cluster.URLs(), 3, []string{h.redis.Address}
	h.g = doctor.Gateway{Config: conf, Offline: true, Now: time.Now}
	for i, n := range cluster.Nodes {
		monitor := monitored(t, n, "")
		h.g.Monitors = append(h.g.Monitors, monitor)
		h.hide(n.Address(), fmt.Sprintf("NATS%d", i+1), monitor, fmt.Sprintf("MONITOR%d", i+1))
	}
	cluster.WaitReady()
	gateway := app.New(app.Options{Config: conf, Ingest: true, Log: testkit.Log(t)})
	t.Cleanup(gateway.Stop)
	if err := gateway.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	testkit.Eventually(t, 30*time.Second, func() error {
		for _, f := range h.examine() {
			if f.Level != doctor.OK {
				return fmt.Errorf("%s: %s: %s", f.Level, f.Check, f.Found)
			}
		}
		return nil
	})
	h.golden("well", true)
}

// TestBadlySet: each environment is set badly in one way, beside having a single NATS server and no ingest.
func TestBadlySet(t *testing.T) {
	for _, tt := range []struct {
		name string
		set  func(*hospital)
	}{
		{"nothing_yet", func(*hospital) {}},
		{"nats_down", func(h *hospital) { h.nats.Kill() }},
		{"nats_login", func(h *hospital) {
			monitored(h.t, h.nats, "") // the port of before is not opened again
			h.nats.Reconfigure("jetstream {", "authorization { user: desk, password: other }\njetstream {")
			h.nats.Kill()
			h.nats.Restart()
			h.nats.WaitReady()
			h.g.Config.NATS.User, h.g.Config.NATS.Password = "desk", readSecret(h)
		}},
		{"nats_permissions", func(h *hospital) {
			h.streams()
			h.nats.Reconfigure("jetstream {", "authorization { users: [{ user: desk, password: \""+secret+"\", permissions: { publish: [\"wire.in.>\"], subscribe: [\"_INBOX.>\"] } }] }\njetstream {")
			h.nats.Kill()
			h.nats.Restart()
			h.nats.WaitReady()
			h.g.Config.NATS.User, h.g.Config.NATS.Password = "desk", readSecret(h)
		}},
		{"no_jetstream", func(h *hospital) {
			h.nats.Reconfigure("jetstream {", "jetstream { enabled: false,")
			h.nats.Kill()
			h.nats.Restart()
			h.nats.WaitReady()
		}},
		{"replicas", func(h *hospital) { h.streams(); h.g.Config.NATS.Replicas = 3 }},
		{"payload", func(h *hospital) { h.g.Config.Limits.MessageBytes = 32 << 20 }},
		{"payload_close", func(h *hospital) { h.g.Config.Limits.MessageBytes = 8 << 20 }},
		{"sync", func(h *hospital) {
			h.nats.Reconfigure(`sync_interval: "always"`, "sync_interval: \"2m\"")
			h.nats.Kill()
			h.nats.Restart()
			h.nats.WaitReady()
		}},
		{"not_monitored", func(h *hospital) { h.g.Monitors = nil }},
		{"streams", badStreams},
		{"stream_missing", func(h *hospital) {
			h.streams().Close()
			h.jetStream(func(js jetstream.JetStream) error { return js.DeleteStream(h.t.Context(), "STORIES") })
			// The server removes the files later, and calls itself ill until then.
			testkit.Eventually(h.t, 20*time.Second, func() error {
				answer, err := http.Get(h.g.Monitors[0] + "/healthz")
				if err == nil {
					answer.Body.Close()
					if answer.StatusCode != http.StatusOK {
						err = errors.New(answer.Status)
					}
				}
				return err
			})
		}},
		{"ingest_away", func(h *hospital) {
			l := h.streams()
			h.jetStream(func(js jetstream.JetStream) error {
				_, err := js.CreateConsumer(h.t.Context(), "WIRE", jetstream.ConsumerConfig{Durable: "ingest", AckPolicy: jetstream.AckExplicitPolicy, MaxDeliver: -1})
				if err == nil {
					_, err = js.Publish(h.t.Context(), "wire.in.antara", []byte("Pelabuhan dibuka"))
				}
				return err
			})
			h.made(l, 0)
		}},
		{"redis_down", func(h *hospital) { h.redis.Kill() }},
		{"redis_login", func(h *hospital) {
			h.redisDo("CONFIG", "SET", "requirepass", "another")
			h.g.Config.Redis.Password = readSecret(h)
		}},
		{"eviction", func(h *hospital) { h.redisDo("CONFIG", "SET", "maxmemory-policy", "allkeys-lru") }},
		{"no_limit", func(h *hospital) { h.redisDo("CONFIG", "SET", "maxmemory", "0") }},
		{"memory", func(h *hospital) {
			h.redisDo("SET", "other", strings.Repeat("x", 8<<20))
			info, err := h.redis.Client().InfoMap(h.t.Context(), "memory").Result()
			if err != nil {
				h.t.Fatal(err)
			}
			used, err := strconv.Atoi(info["Memory"]["used_memory"])
			if err != nil {
				h.t.Fatal(err)
			}
			h.redisDo("CONFIG", "SET", "maxmemory", used*100/93)
		}},
		{"redis_permissions", func(h *hospital) {
			h.redisDo("ACL", "SETUSER", "desk", "on", ">"+secret, "~kawat:*", "&kawat:*", "+@all", "-unlink", "-publish", "-script|load")
			h.g.Config.Redis.User, h.g.Config.Redis.Password = "desk", readSecret(h)
		}},
		{"redis_keys", func(h *hospital) {
			h.redisDo("ACL", "SETUSER", "desk", "on", ">"+secret, "~other:*", "+@all", "-info", "-time")
			h.g.Config.Redis.User, h.g.Config.Redis.Password = "desk", readSecret(h)
		}},
		{"cache_empty", func(h *hospital) { h.record(h.streams(), "urn:test:1") }},
		{"cache_behind", func(h *hospital) {
			l := h.streams()
			h.made(l, h.record(l, "urn:test:1"))
			h.record(l, "urn:test:2")
		}},
		{"stories_lost", func(h *hospital) {
			l := h.streams()
			h.made(l, h.record(l, "urn:test:1")+7)
		}},
		{"clocks", func(h *hospital) { h.g.Now = func() time.Time { return time.Now().Add(-2 * time.Second) } }},
		{"clocks_far", func(h *hospital) { h.g.Now = func() time.Time { return time.Now().Add(7 * time.Hour) } }},
		{"secrets", func(h *hospital) {
			h.g.Config.NATS.PasswordFile = h.file("nats-password", secret, 0o644)
			h.g.Config.Redis.PasswordFile = h.file("redis-password", secret, 0o640)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHospital(t)
			tt.set(h)
			h.golden(tt.name, false)
		})
	}
}

// readSecret gives the secret as the configuration has it, from a file.
func readSecret(h *hospital) config.Secret {
	h.t.Helper()
	path := h.file("password", secret, 0o600)
	conf, err := config.Load(h.file("secret.yaml", fmt.Sprintf("redis: {password_file: %q}\n", path), 0o600))
	if err != nil {
		h.t.Fatal(err)
	}
	return conf.Redis.Password
}

func (h *hospital) jetStream(do func(jetstream.JetStream) error) {
	h.t.Helper()
	nc, err := nats.Connect(h.nats.URL)
	if err != nil {
		h.t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err == nil {
		err = do(js)
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *hospital) redisDo(command ...any) {
	h.t.Helper()
	if err := h.redis.Client().Do(h.t.Context(), command...).Err(); err != nil {
		h.t.Fatal(err)
	}
}

// badStreams are streams that others made, each with settings of its own.
func badStreams(h *hospital) {
	h.jetStream(func(js jetstream.JetStream) error {
		for _, s := range []jetstream.StreamConfig{
			{Name: "WIRE", Subjects: []string{"wire.in.>"}, Storage: jetstream.FileStorage, MaxAge: time.Hour, Duplicates: 10 * time.Second,
				Discard: jetstream.DiscardOld, MaxBytes: 1 << 20, MaxMsgSize: 64 << 10, NoAck: true, DenyDelete: true},
			{Name: "STORIES", Subjects: []string{"story.>"}, Storage: jetstream.MemoryStorage, MaxAge: 24 * time.Hour, MaxMsgsPerSubject: 3},
			{Name: "QUARANTINE", Subjects: []string{"quarantine.>"}, Storage: jetstream.FileStorage, Discard: jetstream.DiscardNew, MaxMsgs: 1},
			{Name: "FAMILIES", Subjects: []string{"family.>"}, Storage: jetstream.FileStorage, Retention: jetstream.InterestPolicy},
		} {
			if _, err := js.CreateStream(h.t.Context(), s); err != nil {
				return fmt.Errorf("%s: %w", s.Name, err)
			}
		}
		_, err := js.Publish(h.t.Context(), "quarantine.x", nil)
		return err
	})
}

// TestReaders: what answers under base_url.
func TestReaders(t *testing.T) {
	h := newHospital(t)
	h.g.Offline = false
	publish := app.New(app.Options{Config: h.g.Config, Publish: true, Log: testkit.Log(t)})
	h.g.Config.Publish.Listen, h.g.Config.Publish.Operations = "127.0.0.1:0", "127.0.0.1:0"
	h.streams()
	t.Cleanup(publish.Stop)
	if err := publish.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	kawat := "http://" + publish.Address().String()
	other := &http.Server{Handler: http.NotFoundHandler(), ReadHeaderTimeout: time.Second}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go other.Serve(listener)
	t.Cleanup(func() { other.Close() })
	for _, tt := range []struct {
		name, base, level, found string
	}{
		{"not loaded", kawat, "warning", "has no feeds yet"},
		{"another server", "http://" + listener.Addr().String(), "problem", "something else than kawat answers at"},
		{"nobody", fmt.Sprintf("http://127.0.0.1:%d", testkit.FreePort(t)), "problem", "cannot be reached: "},
		{"no such name", "https://wire.invalid", "problem", "cannot be reached: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			conf := *h.g.Config
			conf.Gateway.BaseURL = tt.base
			g := h.g
			g.Config = &conf
			found := of(t, g, "base_url")
			if last := found[len(found)-1]; string(last.Level) != tt.level || !strings.Contains(last.Found, tt.found) {
				t.Errorf("%+v", found)
			}
			if !strings.HasPrefix(tt.base, "https") && (len(found) != 2 || found[0].Level != doctor.Warning) {
				t.Errorf("an address for this machine alone is not warned of: %+v", found)
			}
		})
	}
	// Its feeds are there, and it is told another base_url than the one that leads to it.
	l := h.streams()
	h.made(l, 0)
	testkit.Eventually(t, 20*time.Second, func() error {
		if !publish.Feeds().Loaded() {
			return fmt.Errorf("not loaded: %s", publish.Feeds().Trouble())
		}
		return nil
	})
	h.g.Config.Gateway.BaseURL = kawat
	if found := of(t, h.g, "base_url"); found[len(found)-1].Level != doctor.OK {
		t.Errorf("%+v", found)
	}
}

// of gives the findings of one check.
func of(t *testing.T, g doctor.Gateway, check string) []doctor.Finding {
	t.Helper()
	all, err := app.Examine(t.Context(), g)
	if err != nil {
		t.Fatal(err)
	}
	var found []doctor.Finding
	for _, f := range all {
		if f.Check == check {
			found = append(found, f)
		}
	}
	if len(found) == 0 {
		t.Fatalf("nothing is said of %s", check)
	}
	return found
}

// TestEverythingHangs: servers that take connections and never answer. What could not be told is said, within the bound.
func TestEverythingHangs(t *testing.T) {
	h := newHospital(t)
	h.streams()
	h.g.Offline = false
	listener, err := net.Listen("tcp", "127.0.0.1:0") // nobody accepts
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	h.g.Config.Gateway.BaseURL = "http://" + listener.Addr().String()
	h.nats.Signal(syscall.SIGSTOP)
	h.redis.Signal(syscall.SIGSTOP)
	begin := time.Now()
	findings := h.examine()
	if took := time.Since(begin); took > 15*time.Second {
		t.Errorf("it took %s", took)
	}
	levels := map[string]doctor.Level{}
	for _, f := range findings {
		levels[f.Check] = f.Level
	}
	for check, want := range map[string]doctor.Level{"nats": doctor.Problem, "redis": doctor.Problem, "base_url": doctor.Problem, "nats.sync": doctor.Unknown} {
		if levels[check] != want {
			t.Errorf("%s is %q, want %s: %+v", check, levels[check], want, findings)
		}
	}
}

// TestChangesNothing: what was in the streams and in Redis is there afterwards, and nothing else.
func TestChangesNothing(t *testing.T) {
	h := newHospital(t)
	h.redisDo("SET", "other", "x")
	h.examine() // before there are streams
	l := h.streams()
	h.made(l, h.record(l, "urn:test:1"))
	look := func() string {
		var b strings.Builder
		keys, err := h.redis.Client().Keys(t.Context(), "*").Result()
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(&b, len(keys), h.redis.Client().Get(t.Context(), "other").Val())
		h.jetStream(func(js jetstream.JetStream) error {
			streams := js.ListStreams(t.Context())
			for s := range streams.Info() {
				fmt.Fprintln(&b, s.Config.Name, s.State.Msgs, s.State.Consumers)
			}
			return streams.Err()
		})
		return b.String()
	}
	before := look()
	h.examine()
	if after := look(); after != before {
		t.Errorf("before: %s\nafter: %s", before, after)
	}
}

// TestLeastRights: a NATS user and a Redis user who may do what docs/doctor.md lists, and nothing else, are enough for the whole
// gateway, and the doctor finds nothing amiss.
func TestLeastRights(t *testing.T) {
	h := newHospital(t)
	h.nats.Reconfigure("jetstream {", `authorization { users: [{ user: desk, password: "`+secret+`", permissions: {
  publish: ["$JS.API.>", "$JS.ACK.>", "$SYS.REQ.USER.INFO", "story.>", "quarantine.>", "family.>", "wire.>", "kawat.>", "_INBOX.>"]
  subscribe: ["_INBOX.>", "kawat.>"] } }] }
jetstream {`)
	h.nats.Kill()
	h.nats.Restart()
	h.nats.WaitReady()
	h.g.Config.NATS.User, h.g.Config.NATS.Password = "desk", readSecret(h)
	acl := []any{"ACL", "SETUSER", "desk", "on", ">" + secret, "~kawat:*", "&kawat:*", "+multi", "+exec"}
	for _, c := range cache.Commands(true, true) {
		name := strings.ToLower(c[0].(string))
		if name == "script" || name == "client" {
			name += "|" + strings.ToLower(c[1].(string))
		}
		acl = append(acl, "+"+name)
	}
	h.redisDo(acl...)
	h.g.Config.Redis.User, h.g.Config.Redis.Password = "desk", readSecret(h)
	h.g.Config.Publish.Listen, h.g.Config.Publish.Operations = "127.0.0.1:0", "127.0.0.1:0"
	var said lines
	gateway := app.New(app.Options{Config: h.g.Config, Ingest: true, Publish: true, Log: slog.New(slog.NewTextHandler(&said, nil))})
	t.Cleanup(gateway.Stop)
	if err := gateway.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, text := range []string{"Pelabuhan dibuka\n\nJAKARTA - Pelabuhan dibuka lagi.\n", "Pasar ramai\n\nJAKARTA - Pasar ramai lagi.\n"} {
		nc, err := nats.Connect(h.nats.URL, nats.UserInfo("desk", secret))
		if err != nil {
			t.Fatal(err)
		}
		js, err := jetstream.New(nc)
		if err == nil {
			_, err = js.Publish(t.Context(), "wire.in.antara", []byte(text))
		}
		nc.Close()
		if err != nil {
			t.Fatal(err)
		}
		testkit.Eventually(t, 30*time.Second, func() error {
			if s := gateway.Feeds().Snapshot("all"); s == nil || len(s.View.Entries) != i+1 {
				return fmt.Errorf("the story is not in its feed:\n%s", said.String())
			}
			return nil
		})
		if i == 0 {
			h.redisDo("FLUSHALL") // it is filled anew
		}
	}
	for _, f := range h.examine() {
		if f.Level == doctor.Problem || strings.HasSuffix(f.Check, "permissions") && f.Level != doctor.OK {
			t.Errorf("%+v", f)
		}
	}
	if text := said.String(); strings.Contains(strings.ToLower(text), "permission") {
		t.Errorf("refused:\n%s", text)
	}
	log, err := h.redis.Client().ACLLog(t.Context(), 10).Result()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range log {
		if name := l.Object; !slices.Contains([]string{"hello", "client|setinfo", "discard", "time"}, name) { // the client does without the first two, the doctor without the others
			t.Errorf("refused: %+v", *l)
		}
	}
}

// lines is what a gateway logs.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
