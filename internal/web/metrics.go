package web

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"kawat/internal/feed"
)

// Metrics counts readers' requests. Nothing is labelled by what a reader says: formats and statuses are ours, and feeds are those
// that there are, of which feed.LabelledFeeds are told apart. A nil one counts nothing.
type Metrics struct {
	requests *prometheus.CounterVec   // by format and status
	feeds    *prometheus.CounterVec   // by feed
	sent     *prometheus.CounterVec   // by format
	sizes    *prometheus.HistogramVec // by format and coding
	waiting  prometheus.Gauge

	mu    sync.Mutex
	named map[string]prometheus.Counter
}

const (
	// pages is the format of all that is no feed, archives that of feeds' older documents.
	pages    = "page"
	archives = "archive"
	// otherFormat is that of feeds' addresses that name no format.
	otherFormat = "other"
	// otherFeeds stands for the feeds that are not told apart; no feed can have this name.
	otherFeeds = "(other)"
)

// NewMetrics registers the counters.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "kawat_http_requests_total",
			Help: "Readers' requests, by the feed's format (archive: older documents of feeds; page: all that is no feed) and the status of the answer.",
		}, []string{"format", "status"}),
		feeds: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "kawat_feed_requests_total", Help: "Answers with a feed, or with 304, by feed.",
		}, []string{"feed"}),
		sent: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "kawat_feed_sent_bytes_total", Help: "Bytes of feeds' bodies that were sent, as they are coded, by format.",
		}, []string{"format"}),
		sizes: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "kawat_feed_document_bytes", Help: "Sizes of the documents that were sent, each counted once for each of its versions.",
			Buckets: prometheus.ExponentialBuckets(1<<10, 4, 8),
		}, []string{"format", "coding"}),
		waiting: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "kawat_readers_waiting", Help: "Readers with a cursor whose answers are held until there is news.",
		}),
		named: map[string]prometheus.Counter{},
	}
	for _, f := range feed.Formats {
		for _, status := range []int{http.StatusOK, http.StatusNotModified} {
			m.requests.WithLabelValues(string(f), strconv.Itoa(status))
		}
		m.sent.WithLabelValues(string(f))
	}
	r.MustRegister(m.requests, m.feeds, m.sent, m.sizes, m.waiting)
	return m
}

// held counts a reader that may have to wait; call done when it is answered.
func (m *Metrics) held(wait time.Duration) (done func()) {
	if m == nil || wait == 0 {
		return func() {}
	}
	m.waiting.Inc()
	return m.waiting.Dec
}

// answers are the counters of one document, looked up once for all of its requests.
type answers struct {
	full, unchanged, difference prometheus.Counter
	feed, sent                  prometheus.Counter
	document                    prometheus.Observer
	size                        atomic.Int64 // of the document; 0: not known yet
}

// of gives the counters of a document.
func (m *Metrics) of(name string, f feed.Format, c feed.Coding) *answers {
	if m == nil {
		return nil
	}
	status := func(code int) prometheus.Counter { return m.requests.WithLabelValues(string(f), strconv.Itoa(code)) }
	return &answers{
		full: status(http.StatusOK), unchanged: status(http.StatusNotModified), difference: status(http.StatusIMUsed),
		feed: m.feed(name), sent: m.sent.WithLabelValues(string(f)), document: m.sizes.WithLabelValues(string(f), c.String()),
	}
}

func (m *Metrics) feed(name string) prometheus.Counter {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.named[name]
	if c == nil && len(m.named) >= feed.LabelledFeeds {
		return m.feeds.WithLabelValues(otherFeeds)
	}
	if c == nil {
		c = m.feeds.WithLabelValues(name)
		m.named[name] = c
	}
	return c
}

// count counts an answer with a document; body is nil where nothing is sent.
func (a *answers) count(status int, body *feed.Body) {
	if a == nil {
		return
	}
	a.feed.Inc()
	switch status {
	case http.StatusNotModified:
		a.unchanged.Inc()
	case http.StatusIMUsed:
		a.difference.Inc()
		if body != nil {
			a.sent.Add(float64(length(body)))
		}
	default:
		a.full.Inc()
		if body == nil {
			return
		}
		size := a.size.Load()
		if size == 0 {
			size = length(body)
			if a.size.CompareAndSwap(0, size) {
				a.document.Observe(float64(size))
			}
		}
		a.sent.Add(float64(size))
	}
}

func length(body *feed.Body) int64 {
	n, _ := strconv.ParseInt(body.Length[0], 10, 64)
	return n
}

// refused counts a refusal.
func (m *Metrics) refused(f feed.Format, status int) {
	if m == nil {
		return
	}
	format := otherFormat
	for _, known := range feed.Formats {
		if f == known {
			format = string(f)
		}
	}
	m.requests.WithLabelValues(format, strconv.Itoa(status)).Inc()
}

// counted counts the answers of a handler of pages and archives.
func (m *Metrics) counted(h http.Handler) http.Handler {
	if m == nil {
		return h
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		h.ServeHTTP(s, r)
		format := pages
		if strings.HasPrefix(r.URL.Path, feedsPath) {
			format = archives
		}
		m.requests.WithLabelValues(format, strconv.Itoa(s.status)).Inc()
	})
}

// statusWriter remembers the status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (s *statusWriter) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}

// Unwrap is for http.ResponseController.
func (s *statusWriter) Unwrap() http.ResponseWriter { return s.ResponseWriter }
