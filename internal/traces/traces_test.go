package traces_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"

	"kawat/internal/testkit"
	"kawat/internal/traces"
)

// receiver is a collector that keeps how many spans of which trace it got.
func receiver(t *testing.T, take func(trace, span, parent, name string)) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var request collector.ExportTraceServiceRequest
		if err == nil {
			err = proto.Unmarshal(body, &request)
		}
		if err != nil {
			t.Error(err)
		}
		for _, resource := range request.ResourceSpans {
			for _, scope := range resource.ScopeSpans {
				for _, s := range scope.Spans {
					take(hex(s.TraceId), hex(s.SpanId), hex(s.ParentSpanId), s.Name)
				}
			}
		}
	}))
	t.Cleanup(s.Close)
	return s.URL + "/v1/traces"
}

func hex(b []byte) string {
	const digits = "0123456789abcdef"
	var s strings.Builder
	for _, c := range b {
		s.WriteByte(digits[c>>4])
		s.WriteByte(digits[c&15])
	}
	return s.String()
}

func start(t *testing.T, endpoint string, sample float64, log *slog.Logger) (*traces.Traces, func()) {
	t.Helper()
	tr, err := traces.New(traces.Options{Endpoint: endpoint, Sample: sample, Service: "test", Version: "1", Log: log})
	if err != nil {
		t.Fatal(err)
	}
	return tr, func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		_ = tr.Stop(ctx) // a collector that is away
	}
}

const (
	trace = "4bf92f3577b34da6a3ce929d0e0e4736"
	given = "00-" + trace + "-00f067aa0ba902b7-01"
)

// TestParents: a sender's trace goes on, and what is no traceparent begins a new one; nothing a stranger sends is passed on.
func TestParents(t *testing.T) {
	got := map[string]string{}
	tr, stop := start(t, receiver(t, func(trace, span, parent, name string) { got[name] = trace + " " + parent }), 1, testkit.Log(t))
	hostile := map[string]string{
		"empty":       "",
		"long":        given + "-" + strings.Repeat("x", 1<<16),
		"future":      "01" + given[2:] + "-more",
		"forbidden":   "ff" + given[2:],
		"zero":        "00-" + strings.Repeat("0", 32) + "-00f067aa0ba902b7-01",
		"upper":       strings.ToUpper(given),
		"controls":    "00-" + strings.Repeat("\n", 32) + "-00f067aa0ba902b7-01",
		"not text":    "00-" + strings.Repeat("\xff", 32) + "-00f067aa0ba902b7-01",
		"wrong place": given[1:] + "0",
	}
	for name, header := range hostile {
		span := tr.Begin(header, name, traces.Consumer, time.Now())
		if p := span.Parent(); len(p) != len(given) || strings.Contains(p, trace) {
			t.Errorf("%s: passed on as %q", name, p)
		}
		span.End(time.Now())
	}
	span := tr.Begin(given, "good", traces.Consumer, time.Now())
	span.Step("step", time.Now(), time.Now())
	if !strings.HasPrefix(span.Parent(), "00-"+trace+"-") || strings.Contains(span.Parent(), "00f067aa0ba902b7") {
		t.Error(span.Parent())
	}
	span.End(time.Now())
	stop()
	if got["good"] != trace+" 00f067aa0ba902b7" || !strings.HasPrefix(got["step"], trace+" ") {
		t.Errorf("%v", got)
	}
	for name := range hostile {
		if got[name] == "" || strings.HasPrefix(got[name], trace) {
			t.Errorf("%s: %q", name, got[name])
		}
	}
}

// TestSample: how much is kept is not the sender's choice.
func TestSample(t *testing.T) {
	spans := 0
	tr, stop := start(t, receiver(t, func(_, _, _, _ string) { spans++ }), 1e-9, testkit.Log(t))
	for range 100 {
		tr.Begin("00-"+"ffffffffffffffffffffffffffffffff"+"-00f067aa0ba902b7-01", "pushed", traces.Consumer, time.Now()).End(time.Now())
	}
	stop()
	if spans > 0 {
		t.Errorf("%d spans were kept", spans)
	}
}

// TestAwayCollector: a collector that is away is told of once, and nobody waits for it.
func TestAwayCollector(t *testing.T) {
	var said strings.Builder
	tr, stop := start(t, "http://127.0.0.1:1/v1/traces", 1, slog.New(slog.NewTextHandler(&said, nil)))
	for range 5000 {
		tr.Begin("", "x", traces.Internal, time.Now()).End(time.Now())
	}
	stop()
	if n := strings.Count(said.String(), "spans cannot be sent"); n > 1 {
		t.Errorf("said %d times", n)
	}
}

// TestOff: whoever traces nothing pays nothing.
func TestOff(t *testing.T) {
	var tr *traces.Traces
	now := time.Now()
	n := testing.AllocsPerRun(100, func() {
		s := tr.Begin(given, "x", traces.Consumer, now)
		s.Step("y", now, now)
		s.Say("a", "b")
		s.Count("c", 1)
		s.Fail("d")
		if s.Parent() != "" || s.Noted() {
			t.Error("something is noted")
		}
		s.End(now)
	})
	if n > 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkOff(b *testing.B) {
	var tr *traces.Traces
	now := time.Now()
	b.ReportAllocs()
	for b.Loop() {
		s := tr.Begin(given, "x", traces.Consumer, now)
		s.Step("y", now, now)
		_ = s.Parent()
		s.End(now)
	}
}
