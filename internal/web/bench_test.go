package web

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"kawat/internal/feed"
)

// sink is a ResponseWriter that costs nothing, so that the handler is what is measured.
type sink struct{ header http.Header }

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }
func (s *sink) WriteHeader(int)             {}

func BenchmarkFeed(b *testing.B) {
	s := newsroom(b)
	h := handler(s, now)
	etag, packed := document(b, s, "dunia", feed.RSS, feed.Gzip)
	for name, header := range map[string]http.Header{
		"full":         {"Accept-Encoding": {"gzip, deflate"}},
		"not modified": {"Accept-Encoding": {"gzip, deflate"}, "If-None-Match": {etag}},
	} {
		b.Run(name, func(b *testing.B) {
			r := httptest.NewRequest("GET", "/feeds/dunia.rss", nil)
			r.Header = header
			w := &sink{header: http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				clear(w.header)
				h.ServeHTTP(w, r)
			}
		})
	}
	// The yardstick: a handler that knows its one answer.
	b.Run("bare", func(b *testing.B) {
		mux := http.NewServeMux()
		mux.HandleFunc("/feeds/{file}", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/rss+xml; charset=utf-8")
			w.Write(packed)
		})
		r := httptest.NewRequest("GET", "/feeds/dunia.rss", nil)
		w := &sink{header: http.Header{}}
		b.ReportAllocs()
		for b.Loop() {
			clear(w.header)
			mux.ServeHTTP(w, r)
		}
	})
}
