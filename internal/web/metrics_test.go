package web

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"kawat/internal/feed"
)

func counting(s *shelf, r prometheus.Registerer) http.Handler {
	return New(Config{Site: site, Feeds: s, Stories: s, Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler), Metrics: NewMetrics(r)})
}

// TestRequestsAreCounted: by format and status, and by feed; whatever a reader asks for, it adds no labels.
func TestRequestsAreCounted(t *testing.T) {
	s := newsroom(t)
	r := prometheus.NewRegistry()
	h := counting(s, r)
	etag, body := document(t, s, "dunia", feed.RSS, feed.Identity)
	for range 3 {
		get(h, "GET", "/feeds/dunia.rss")
	}
	get(h, "HEAD", "/feeds/dunia.rss")
	get(h, "GET", "/feeds/dunia.rss", "If-None-Match", etag)
	get(h, "GET", "/feeds/kosong.atom")
	get(h, "POST", "/feeds/dunia.rss")
	get(h, "GET", "/")
	for i := range 50 {
		get(h, "GET", fmt.Sprintf("/feeds/%d.rss", i))
		get(h, "GET", fmt.Sprintf("/feeds/dunia.%d", i))
		get(h, "GET", fmt.Sprintf("/%d", i))
	}
	w := httptest.NewRecorder()
	promhttp.HandlerFor(r, promhttp.HandlerOpts{}).ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	text := w.Body.String()
	var got []string
	for line := range strings.Lines(text) {
		if strings.HasPrefix(line, "kawat_feed_requests_total") || strings.HasPrefix(line, "kawat_http_requests_total") {
			got = append(got, line)
		}
	}
	const want = `kawat_feed_requests_total{feed="dunia"} 5
kawat_feed_requests_total{feed="kosong"} 1
kawat_http_requests_total{format="atom",status="200"} 1
kawat_http_requests_total{format="atom",status="226"} 0
kawat_http_requests_total{format="atom",status="304"} 0
kawat_http_requests_total{format="json",status="200"} 0
kawat_http_requests_total{format="json",status="304"} 0
kawat_http_requests_total{format="newsml",status="200"} 0
kawat_http_requests_total{format="newsml",status="304"} 0
kawat_http_requests_total{format="ninjs",status="200"} 0
kawat_http_requests_total{format="ninjs",status="304"} 0
kawat_http_requests_total{format="other",status="404"} 50
kawat_http_requests_total{format="page",status="200"} 1
kawat_http_requests_total{format="page",status="404"} 50
kawat_http_requests_total{format="rss",status="200"} 4
kawat_http_requests_total{format="rss",status="226"} 0
kawat_http_requests_total{format="rss",status="304"} 1
kawat_http_requests_total{format="rss",status="404"} 50
kawat_http_requests_total{format="rss",status="405"} 1
`
	if strings.Join(got, "") != want {
		t.Errorf("%s", strings.Join(got, ""))
	}
	sizes := fmt.Sprintf("kawat_feed_document_bytes_sum{coding=\"identity\",format=\"rss\"} %d\n", len(body))
	for _, line := range []string{sizes, fmt.Sprintf("kawat_feed_sent_bytes_total{format=\"rss\"} %d\n", 3*len(body))} {
		if !strings.Contains(text, line) {
			t.Errorf("no %s", line)
		}
	}
}

// TestCountingAllocatesNothing: a request pays for a few counters and no more.
func TestCountingAllocatesNothing(t *testing.T) {
	a := NewMetrics(prometheus.NewRegistry()).of("dunia", feed.RSS, feed.Gzip)
	body := &feed.Body{Length: []string{"12345"}}
	if n := testing.AllocsPerRun(100, func() {
		a.count(http.StatusOK, body)
		a.count(http.StatusNotModified, nil)
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}

// BenchmarkCounted is what a request for a feed costs with and without its counters.
func BenchmarkCounted(b *testing.B) {
	s := newsroom(b)
	for name, h := range map[string]http.Handler{"uncounted": handler(s, now), "counted": counting(newsroom(b), prometheus.NewRegistry())} {
		b.Run(name, func(b *testing.B) {
			r := httptest.NewRequest("GET", "/feeds/dunia.rss", nil)
			r.Header.Set("Accept-Encoding", "gzip")
			w := &sink{header: http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				clear(w.header)
				h.ServeHTTP(w, r)
			}
		})
	}
}
