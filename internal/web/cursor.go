package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"kawat/internal/feed"
	"kawat/internal/render"
)

// Follower finds what a reader with a cursor lacks (feed.Follower).
type Follower interface {
	// Since gives up to limit stories, and waits for the first of them as long as it may. An error says that the store could not
	// be asked.
	Since(ctx context.Context, name string, after feed.Cursor, limit int, wait time.Duration) (*feed.Batch, error)
}

const (
	// batchLimit and batchMost are how many stories a batch has, unless the reader says so, and at most.
	batchLimit, batchMost = 50, 100
	// waitMost is how long a reader may wait for news. Proxies commonly give up an answer after a minute.
	waitMost = 30 * time.Second
	// waitersMost is how many readers wait at once. Further ones are answered at once and ask again.
	waitersMost = 10_000
)

// batchControl keeps a batch from being served again: it grows under its address.
var batchControl = []string{"no-cache"}

// since answers for what a feed has beyond the reader's cursor, in the formats that have batches.
func (s *server) since(w http.ResponseWriter, r *http.Request, def feed.Def, format feed.Format, query url.Values) {
	name := def.Name
	after, err := feed.ParseCursor(query.Get("since"))
	if err != nil {
		s.refuseFeed(w, r, badQuery("since="+err.Error()+"."))
		return
	}
	limit, ok := number(query, "limit", batchLimit, 1, batchMost)
	if !ok {
		s.refuseFeed(w, r, badQuery("limit is the greatest number of stories in an answer, 1 to 100."))
		return
	}
	seconds, ok := number(query, "wait", 0, 0, int(waitMost/time.Second))
	if !ok {
		s.refuseFeed(w, r, badQuery("wait is how many seconds the answer may be held until there is news, 0 to 30."))
		return
	}
	wait := time.Duration(seconds) * time.Second
	if s.waiting.Add(1) > waitersMost {
		wait = 0
	}
	ctx, done := s.untilGoodbye(r)
	answered := s.Metrics.held(wait)
	batch, err := s.Follower.Since(ctx, name, after, limit, wait)
	answered()
	done()
	s.waiting.Add(-1)
	if err != nil {
		s.cannot(r, "what is new in a feed could not be looked up", err)
		s.refuseFeed(w, r, noBatch)
		return
	}
	self, next := s.Site.Since(name, format, after), s.Site.Since(name, format, batch.Next)
	if query.Get("limit") != "" {
		asked := "&limit=" + strconv.Itoa(limit)
		self, next = self+asked, next+asked
	}
	page := s.Batches.Batch(def, batch, next)
	document, err := page.Document(format, codingFor(r.Header["Accept-Encoding"]))
	if err != nil {
		s.notRendered(w, r, err)
		return
	}
	var body *feed.Body
	status := http.StatusNotModified
	if !unmodified(r, document.ETag, time.Time{}) {
		status = http.StatusOK
		if body, err = document.Body(); err != nil {
			s.notRendered(w, r, err)
			return
		}
	}
	s.Metrics.of(name, format, document.Coding).count(status, body)
	sendDocument(w, r, page, document, body, batchControl,
		[]string{"<" + self + `>; rel="self"`, "<" + next + `>; rel="next"`})
}

// untilGoodbye is a request's context, which also ends when the server is about to stop.
func (s *server) untilGoodbye(r *http.Request) (ctx context.Context, done func()) {
	ctx, cancel := context.WithCancel(r.Context())
	if s.Goodbye == nil {
		return ctx, cancel
	}
	stop := context.AfterFunc(s.Goodbye, cancel)
	return ctx, func() { stop(); cancel() }
}

// number reads a whole number of a query, fallback if there is none; false: it is not one, or out of bounds.
func number(query url.Values, name string, fallback, least, most int) (int, bool) {
	text := query.Get(name)
	if text == "" {
		return fallback, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && least <= n && n <= most
}

// asksSince says whether a request is that of a reader with a cursor, and gives its query. An error says that the query
// cannot be read: what it says of the cursor would be passed over, and the reader sent the feed, which has less.
func asksSince(r *http.Request, format feed.Format) (query url.Values, asks bool, err error) {
	if r.URL.RawQuery == "" || !slices.Contains(render.BatchFormats, format) {
		return nil, false, nil
	}
	query, err = url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, strings.Contains(r.URL.RawQuery, "since"), err
	}
	return query, query.Has("since"), nil
}
