// Package web answers the gateway's readers over HTTP: the feeds from memory, the stories' pages, the catalogue, and
// what crawlers are told.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"

	"kawat/internal/feed"
	"kawat/internal/render"
)

// Feeds are the feeds as they are served. The methods answer from memory, without waiting for anything, and may be
// called from any number of goroutines.
type Feeds interface {
	// Snapshot is a feed's newest snapshot, nil when no feed of that name was loaded.
	Snapshot(name string) *feed.Snapshot
	// Snapshots are all of them, in the order in which the catalogue shows them.
	Snapshots() []*feed.Snapshot
	// Loaded says that every feed was loaded once. Until then nobody can say that a feed does not exist.
	Loaded() bool
}

// Stories finds single stories.
type Stories interface {
	// Story is the standing version of the story with a token (wire.Key.Token), whether or not it may be shown now;
	// nil without an error when there is none. An error says that the store could not be asked.
	Story(ctx context.Context, token string) (*feed.Entry, error)
}

// Config is what New needs. Every field is required but Metrics.
type Config struct {
	Site     render.Site
	Feeds    Feeds
	Stories  Stories
	Archives Archives
	Follower Follower
	// Batches makes the documents of batches.
	Batches *render.Renderer
	// Now is the clock that embargoes and expiries are checked against.
	Now     func() time.Time
	Log     *slog.Logger
	Metrics *Metrics // nil: nothing is counted
	// Goodbye ends when the server is about to stop: readers that wait for news are answered. nil: never.
	Goodbye context.Context
}

// New makes the handler of the public site. It serves any number of requests at once.
func New(c Config) http.Handler {
	s := &server{Config: c, archiveTurns: newArchiveTurns(), lookups: lookups{said: map[string]time.Time{}}}
	mux := http.NewServeMux()
	mux.HandleFunc("/stories/{token}", s.story)
	mux.HandleFunc("/feeds/{feed}/archive/{file}", s.archive)
	mux.HandleFunc("/{$}", s.catalogue)
	mux.HandleFunc("/opml", s.opml)
	mux.HandleFunc("/robots.txt", s.robots)
	mux.HandleFunc("/license.xml", s.license)
	mux.HandleFunc("/.well-known/tdmrep.json", s.tdmrep)
	mux.HandleFunc("/assets/{file}", s.asset)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, r, notFound)
	})
	site := c.Metrics.counted(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h["X-Content-Type-Options"] = nosniff
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			h.Set("Allow", "GET, HEAD")
			s.refuseFeed(w, r, badMethod)
			return
		}
		// Nearly all readers ask for feeds: for them nothing has to be matched.
		if file, ok := strings.CutPrefix(r.URL.Path, feedsPath); ok && strings.IndexByte(file, '/') < 0 {
			s.feed(w, r)
			return
		}
		site.ServeHTTP(w, r)
	})
}

type server struct {
	Config
	lists        lists
	archiveTurns *semaphore.Weighted
	lookups      lookups
	waiting      atomic.Int64 // readers with a cursor
}

var nosniff = []string{"nosniff"}
