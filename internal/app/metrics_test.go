package app_test

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	spans "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"kawat/internal/app"
	"kawat/internal/config"
	"kawat/internal/ledger"
	"kawat/internal/testkit"
	"kawat/internal/wire"
)

// gateway is a whole gateway in this process, on real servers.
type gateway struct {
	t          *testing.T
	base       string // for readers
	operations string
	pusher     *ledger.Pusher
	js         jetstream.JetStream
}

func startGateway(t *testing.T, change func(*config.Config)) *gateway {
	t.Helper()
	ns, rs := testkit.StartNATS(t), testkit.StartRedis(t)
	conf := config.Default()
	conf.NATS.URLs, conf.Redis.Addresses = []string{ns.URL}, []string{rs.Address}
	operations := fmt.Sprintf("127.0.0.1:%d", testkit.FreePort(t))
	conf.Publish.Operations, conf.Publish.Listen = operations, "127.0.0.1:0"
	if change != nil {
		change(conf)
	}
	log, level, err := app.Log(testWriter{t}, "info", false)
	if err != nil {
		t.Fatal(err)
	}
	a := app.New(app.Options{Config: conf, Ingest: true, Publish: true, Log: log, Level: level})
	t.Cleanup(a.Stop)
	if err := a.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	nc, err := nats.Connect(ns.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	pusher, err := ledger.NewPusher(nc)
	if err != nil {
		t.Fatal(err)
	}
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	return &gateway{t, "http://" + a.Address().String(), "http://" + operations, pusher, js}
}

// testWriter is the test's own log, as long as the test runs.
type testWriter struct{ t *testing.T }

func (w testWriter) Write(p []byte) (int, error) {
	if w.t.Context().Err() == nil {
		w.t.Log(strings.TrimSpace(string(p)))
	}
	return len(p), nil
}

func (g *gateway) push(provider, text string, header map[string]string) {
	g.t.Helper()
	if _, err := g.pusher.Push(g.t.Context(), ledger.Push{Provider: provider, Data: []byte(text), Header: header}); err != nil {
		g.t.Fatal(err)
	}
}

func get(address string) (int, string, error) {
	resp, err := http.Get(address)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body), err
}

// shows waits until what is served at an address has a text in it.
func (g *gateway) shows(address, text string) {
	g.t.Helper()
	testkit.Eventually(g.t, 20*time.Second, func() error {
		_, body, err := get(address)
		if err == nil && !strings.Contains(body, text) {
			err = fmt.Errorf("%s has no %q", address, text)
		}
		return err
	})
}

const ferry = "Kapal feri mulai berlayar\n\nJakarta (ANTARA) - Kapal feri mulai berlayar pada hari Senin.\n\nEditor: Dimas Prakoso\n"

// busy gives the gateway something of everything to count.
func (g *gateway) busy() {
	g.t.Helper()
	g.shows(g.base+"/feeds/all.rss", "<rss")
	g.push("antara", ferry, map[string]string{wire.HeaderStoryID: "ANT-1"})
	g.push("antara", ferry, map[string]string{wire.HeaderStoryID: "ANT-1", wire.HeaderSignal: "correction", wire.HeaderHeadline: "Kapal feri batal"})
	g.push("kyodo", "", map[string]string{wire.HeaderStoryID: "K-1"}) // refused
	g.push("antara", ferry, map[string]string{wire.HeaderStoryID: "ANT-2", wire.HeaderEmbargo: time.Now().Add(2 * time.Second).Format(time.RFC3339)})
	g.shows(g.base+"/feeds/all.rss", "Kapal feri batal")
	g.shows(g.base+"/feeds/all.atom", "ANT-2")
	for _, path := range []string{"/", "/feeds/all.json", "/feeds/none.rss", "/stories/none"} {
		if _, _, err := get(g.base + path); err != nil {
			g.t.Fatal(err)
		}
	}
}

// documented are the metrics of docs/metrics.md: their types, by name.
func documented(t *testing.T) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testkit.Root(t), "docs", "metrics.md"))
	if err != nil {
		t.Fatal(err)
	}
	types := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| `(kawat_[a-z0-9_]+)` \\| (counter|gauge|histogram) \\|").FindAllStringSubmatch(string(text), -1) {
		types[row[1]] = row[2]
	}
	return types
}

// TestMetrics: after traffic a scrape has every metric that the documentation has, of its type and with a help, and no other;
// promtool finds nothing to say about them.
func TestMetrics(t *testing.T) {
	g := startGateway(t, func(c *config.Config) {
		c.Providers = []config.Provider{{Name: "antara"}, {Name: "silent"}}
	})
	g.busy()
	want := documented(t)
	var scrape string
	testkit.Eventually(t, 20*time.Second, func() error {
		_, text, err := get(g.operations + "/metrics")
		if err != nil {
			return err
		}
		scrape = text
		for _, sample := range []string{
			`kawat_ingest_messages_total{outcome="recorded"} 3`, `kawat_ingest_messages_total{outcome="refused"} 1`,
			`kawat_ingest_copy_total{provider="silent"} 0`, `kawat_quarantine_waiting{code="no-text"} 1`, `kawat_feed_embargo_late_seconds_count`,
			`kawat_wire_pending_messages 0`, `kawat_wire_unacknowledged_messages 0`, `kawat_stream_messages{stream="WIRE"} 4`,
			`kawat_nats_up 1`, `kawat_redis_up 1`, `kawat_cache_filled 1`, `kawat_feeds_loaded 1`, `kawat_ingest_halted 0`,
			`kawat_http_requests_total{format="rss",status="404"} 1`, `kawat_http_requests_total{format="json",status="200"} 1`,
			`kawat_http_requests_total{format="page",status="200"} 1`, `kawat_feed_newest_timestamp_seconds{feed="all"}`,
			`kawat_provider_last_copy_timestamp_seconds{provider="antara"}`,
		} {
			if !strings.Contains(text, sample) {
				return fmt.Errorf("no %s", sample)
			}
		}
		return nil
	})
	help := map[string]string{}
	for _, row := range regexp.MustCompile(`(?m)^# HELP (\S+) (.+)$`).FindAllStringSubmatch(scrape, -1) {
		help[row[1]] = row[2]
	}
	for _, row := range regexp.MustCompile(`(?m)^# TYPE (kawat_\S+) (\S+)$`).FindAllStringSubmatch(scrape, -1) {
		name, kind := row[1], row[2]
		if want[name] != kind {
			t.Errorf("%s is a %s; docs/metrics.md says %q", name, kind, want[name])
		}
		if help[name] == "" {
			t.Errorf("%s has no help", name)
		}
		delete(want, name)
	}
	delete(want, "kawat_jetstream_storage_limit_bytes") // this account has no limit
	for name := range want {
		t.Errorf("docs/metrics.md has %s, and the scrape has not", name)
	}
	for _, name := range []string{"go_goroutines", "process_resident_memory_bytes", "kawat_build_info"} {
		if !strings.Contains(scrape, "\n"+name) {
			t.Errorf("no %s", name)
		}
	}
	check := exec.Command("promtool", "check", "metrics")
	check.Stdin = strings.NewReader(scrape)
	if out, err := check.CombinedOutput(); err != nil || len(bytes.TrimSpace(out)) > 0 {
		t.Errorf("promtool: %v\n%s", err, out)
	}
}

// TestTraces: a story is followed from its sender's span through ingest to the feeds that show it, by way of the headers on WIRE and
// STORIES, and of the cache.
func TestTraces(t *testing.T) {
	const trace, sender = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
	var mu sync.Mutex
	got := map[string]*spans.Span{}
	collecting := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var request collector.ExportTraceServiceRequest
		if err = cmp.Or(err, proto.Unmarshal(body, &request)); err != nil || r.URL.Path != "/v1/traces" {
			t.Error(r.URL, err)
		}
		mu.Lock()
		defer mu.Unlock()
		for _, resource := range request.ResourceSpans {
			for _, scope := range resource.ScopeSpans {
				for _, s := range scope.Spans {
					if fmt.Sprintf("%x", s.TraceId) == trace {
						got[s.Name] = s
					}
				}
			}
		}
	}))
	defer collecting.Close()
	g := startGateway(t, func(c *config.Config) {
		c.Traces = &config.Traces{Endpoint: collecting.URL + "/v1/traces", Sample: 1}
	})
	g.shows(g.base+"/feeds/all.rss", "<rss")
	g.push("antara", ferry, map[string]string{wire.HeaderStoryID: "ANT-1", wire.HeaderTrace: "00-" + trace + "-" + sender + "-01"})
	g.shows(g.base+"/feeds/all.rss", "ANT-1")
	testkit.Eventually(t, 10*time.Second, func() error {
		mu.Lock()
		defer mu.Unlock()
		for _, name := range []string{"ingest", "decode", "record", "cache", "refresh feed"} {
			if got[name] == nil {
				return fmt.Errorf("no span %s", name)
			}
		}
		return nil
	})
	mu.Lock()
	defer mu.Unlock()
	ingest := got["ingest"]
	if parent := fmt.Sprintf("%x", ingest.ParentSpanId); parent != sender || ingest.Kind != spans.Span_SPAN_KIND_CONSUMER {
		t.Errorf("ingest follows %s as %s", parent, ingest.Kind)
	}
	if !bytes.Equal(got["refresh feed"].ParentSpanId, ingest.SpanId) {
		t.Error("the feed is not refreshed for what ingest did")
	}
	for _, step := range []string{"decode", "record", "cache"} {
		s := got[step]
		if !bytes.Equal(s.ParentSpanId, ingest.SpanId) || s.StartTimeUnixNano < ingest.StartTimeUnixNano || s.EndTimeUnixNano > ingest.EndTimeUnixNano {
			t.Errorf("%s is not within ingest", step)
		}
	}
	for name, s := range map[string]*spans.Span{"ingest": ingest, "refresh feed": got["refresh feed"]} {
		if !strings.Contains(fmt.Sprint(s.Attributes), "ANT-1") {
			t.Errorf("%s does not say which story: %v", name, s.Attributes)
		}
	}
	stream, err := g.js.Stream(t.Context(), ledger.StoriesStream)
	if err != nil {
		t.Fatal(err)
	}
	record, err := stream.GetMsg(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if want := fmt.Sprintf("00-%s-%x-01", trace, ingest.SpanId); record.Header.Get(wire.HeaderTrace) != want {
		t.Errorf("the record says %q, want %q", record.Header.Get(wire.HeaderTrace), want)
	}
	if bytes.Contains(record.Data, []byte(trace)) {
		t.Error("the trace is in the record itself")
	}
}

// TestLogLevel: operators see and change how much is logged.
func TestLogLevel(t *testing.T) {
	g := startGateway(t, nil)
	put := func(level string, status int) {
		t.Helper()
		request, err := http.NewRequest(http.MethodPut, g.operations+"/loglevel", strings.NewReader(level))
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != status {
			t.Errorf("%q: %s", level, resp.Status)
		}
	}
	says := func(want string) {
		t.Helper()
		if _, text, err := get(g.operations + "/loglevel"); err != nil || text != want+"\n" {
			t.Errorf("%q %v, want %s", text, err, want)
		}
	}
	says("info")
	for _, level := range []string{"debug", "warn", "error\n", "info"} {
		put(level, http.StatusOK)
		says(strings.TrimSpace(level))
	}
	put("loud", http.StatusBadRequest)
	put(strings.Repeat("debug", 1000), http.StatusBadRequest)
	put("", http.StatusBadRequest)
	says("info")
}
