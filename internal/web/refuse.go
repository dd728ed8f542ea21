package web

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// refusal is why a reader does not get what it asked for.
type refusal struct {
	status     int
	title      string
	sentence   string
	retryAfter string // seconds, "" when there is no use in it
}

var (
	notFound  = refusal{status: http.StatusNotFound, title: "Not found", sentence: "There is nothing at this address. The catalogue of feeds is at /."}
	badMethod = refusal{status: http.StatusMethodNotAllowed, title: "Method not allowed", sentence: "This address can only be read: use GET or HEAD."}
	notLoaded = refusal{status: http.StatusServiceUnavailable, title: "Not ready yet", sentence: "The feeds are being loaded. Please try again in a few seconds.", retryAfter: "5"}
	noStore   = refusal{status: http.StatusServiceUnavailable, title: "Not available", sentence: "This story cannot be looked up at the moment. Please try again in a few seconds.", retryAfter: "5"}
	noArchive = refusal{status: http.StatusServiceUnavailable, title: "Not available", sentence: "The archives cannot be looked up at the moment. Please try again in a few seconds.", retryAfter: "5"}
	noBatch   = refusal{status: http.StatusServiceUnavailable, title: "Not available", sentence: "What is new cannot be looked up at the moment. The feed itself can be read. Please try again in a few seconds.", retryAfter: "5"}
	// linkedAnew is for archive documents.
	linkedAnew = refusal{status: http.StatusGone, title: "Linked anew", sentence: "A story in this archive, or in an older one, has changed or is no more. Begin again at the feed: it leads to the archives as they are now."}
	broken     = refusal{status: http.StatusInternalServerError, title: "Something went wrong", sentence: "This page could not be made. The fault is ours."}
)

// badQuery is for a query that cannot be read.
func badQuery(sentence string) refusal {
	return refusal{status: http.StatusBadRequest, title: "Bad request", sentence: sentence}
}

// refuse answers with a refusal: a page for a browser, a problem document (RFC 9457) for a program that reads JSON,
// a line of text for anything else. Nothing keeps it: what is not there now may be in a second.
func refuse(w http.ResponseWriter, r *http.Request, f refusal) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept")
	if f.retryAfter != "" {
		h.Set("Retry-After", f.retryAfter)
	}
	var body []byte
	switch likedBest(r.Header["Accept"]) {
	case asPage:
		if page, err := renderPage("refusal.html", f.page()); err == nil {
			pageHeaders(h)
			body = page
			break
		}
		fallthrough
	default:
		h.Set("Content-Type", "text/plain; charset=utf-8")
		body = []byte(f.title + ". " + f.sentence + "\n")
	case asProblem:
		h.Set("Content-Type", "application/problem+json")
		body, _ = json.Marshal(map[string]any{"title": f.title, "status": f.status, "detail": f.sentence}) // cannot fail
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(f.status)
	w.Write(body)
}

// lookups notes when the log last had each kind of look-up that failed.
type lookups struct {
	mu   sync.Mutex
	said map[string]time.Time
}

// sayAgain is how long the log is spared the same complaint: while the store is away every reader has it.
const sayAgain = 10 * time.Second

// cannot logs that something could not be looked up, unless the reader has gone or the log has heard so just now.
func (s *server) cannot(r *http.Request, what string, err error) {
	if r.Context().Err() != nil {
		return
	}
	now, level := s.Now(), slog.LevelDebug
	s.lookups.mu.Lock()
	if last, ok := s.lookups.said[what]; !ok || now.Sub(last).Abs() >= sayAgain {
		s.lookups.said[what] = now
		level = slog.LevelError
	}
	s.lookups.mu.Unlock()
	s.Log.Log(r.Context(), level, what, "path", r.URL.Path, "error", err)
}

func (f refusal) page() any {
	return struct{ Title, Sentence string }{f.title, f.sentence}
}
