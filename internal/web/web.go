// Package web answers the gateway's readers over HTTP: the feeds from memory, the stories' pages, the catalogue, and
// what crawlers are told.
package web

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

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

// Config is what New needs. Every field is required.
type Config struct {
	Site    render.Site
	Feeds   Feeds
	Stories Stories
	// Now is the clock that embargoes and expiries are checked against.
	Now func() time.Time
	Log *slog.Logger
}

// New makes the handler of the public site. It serves any number of requests at once.
func New(c Config) http.Handler {
	s := &server{Config: c}
	mux := http.NewServeMux()
	mux.HandleFunc("/feeds/{file}", s.feed)
	mux.HandleFunc("/stories/{token}", s.story)
	mux.HandleFunc("/{$}", s.catalogue)
	mux.HandleFunc("/opml", s.opml)
	mux.HandleFunc("/robots.txt", s.robots)
	mux.HandleFunc("/license.xml", s.license)
	mux.HandleFunc("/.well-known/tdmrep.json", s.tdmrep)
	mux.HandleFunc("/assets/{file}", s.asset)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, r, notFound)
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h["X-Content-Type-Options"] = nosniff
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			h.Set("Allow", "GET, HEAD")
			refuse(w, r, badMethod)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

type server struct {
	Config
	// prepared are the headers of the feeds' documents, by path. A path is there only when a feed had it, so that
	// readers cannot make it grow.
	prepared sync.Map // string → *prepared
}

var nosniff = []string{"nosniff"}
