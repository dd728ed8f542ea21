package web

import (
	"bufio"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"kawat/internal/feed"
)

// settled is how long after its last change a document has no Last-Modified: as long as another change can come
// within the same second, the date would not tell the two apart. It is longer than the second itself, for clocks
// that differ.
const settled = 2 * time.Second

// prepared is what of an answer can be made when a document is first sent: a request only hands it over.
type prepared struct {
	etag        []string
	contentType []string
	encoding    []string // nil for the plain bytes
	link        []string
	modified    []string // nil for a feed that never held a story
	policy      []string // nil when the feed has none
	reserved    bool
	counters    *answers
}

var (
	varies       = []string{"Accept-Encoding, A-IM"}
	cacheControl = []string{"public, max-age=30, stale-while-revalidate=0, stale-if-error=300"}
	// differenceControl keeps a difference from every cache that does not know what it is (RFC 3229, section 10.8.2).
	differenceControl = []string{"no-store, im, max-age=30"}
	feedManipulation  = []string{"feed"}
	reserved          = []string{"1"}
	contentUsage      = []string{"train-ai=n, ai-use=n"}
)

// feedsPath is where feeds are, by name and format.
const feedsPath = "/feeds/"

// feed answers for a feed's document in the coding that the reader likes best.
func (s *server) feed(w http.ResponseWriter, r *http.Request) {
	name, format := split(strings.TrimPrefix(r.URL.Path, feedsPath))
	snapshot := s.Feeds.Snapshot(name)
	if snapshot == nil {
		if slices.Contains(feed.Formats, format) && !s.Feeds.Loaded() {
			s.refuseFeed(w, r, notLoaded)
			return
		}
		s.refuseFeed(w, r, notFound)
		return
	}
	if query, asks, err := asksSince(r, format); asks {
		if err != nil {
			s.refuseFeed(w, r, badQuery("The query cannot be read: its parts are joined by &, and a % stands before two hexadecimal digits."))
			return
		}
		s.since(w, r, snapshot.View.Def, format, query)
		return
	}
	coding := codingFor(r.Header["Accept-Encoding"])
	document, err := snapshot.Document(format, coding)
	switch {
	case err != nil:
		s.notRendered(w, r, err)
		return
	case document == nil:
		s.refuseFeed(w, r, notFound)
		return
	}
	p, ok := document.Answer.Load().(*prepared)
	if !ok {
		p = s.prepare(name, format, snapshot, document)
	}
	var modified time.Time
	if p.modified != nil && !s.Now().Before(document.LastModified.Add(settled)) {
		modified = document.LastModified
	}
	status := http.StatusNotModified
	var body *feed.Body
	var base []string
	if !unmodified(r, document.ETag, modified) {
		status = http.StatusOK
		if fields := r.Header["A-Im"]; len(fields) > 0 && takesDifferences(fields) {
			difference, etag, err := since(snapshot, format, coding, r.Header["If-None-Match"])
			if err != nil {
				s.notRendered(w, r, err)
				return
			}
			if difference != nil {
				document, status, base = difference, http.StatusIMUsed, []string{etag}
			}
		}
		if body, err = document.Body(); err != nil {
			s.notRendered(w, r, err)
			return
		}
	}
	h := w.Header()
	h["Etag"] = p.etag
	h["Cache-Control"] = cacheControl
	h["Vary"] = varies
	h["Link"] = p.link
	if !modified.IsZero() {
		h["Last-Modified"] = p.modified
	}
	if p.reserved {
		h["Tdm-Reservation"] = reserved
		h["Content-Usage"] = contentUsage
		if p.policy != nil {
			h["Tdm-Policy"] = p.policy
		}
	}
	if r.Method == http.MethodHead {
		p.counters.count(status, nil)
	} else {
		p.counters.count(status, body)
	}
	if status == http.StatusNotModified {
		w.WriteHeader(status)
		return
	}
	h["Content-Type"] = p.contentType
	h["Content-Length"] = body.Length
	if p.encoding != nil {
		h["Content-Encoding"] = p.encoding
	}
	if status == http.StatusIMUsed {
		h["Im"] = feedManipulation
		h["Delta-Base"] = base
		h["Cache-Control"] = differenceControl
		w.WriteHeader(status)
	}
	if r.Method != http.MethodHead {
		write(w, body.Pieces)
	}
}

// notRendered answers when a document cannot be made: a fault of ours, which the next request may not meet.
func (s *server) notRendered(w http.ResponseWriter, r *http.Request, err error) {
	s.Log.Error("a feed could not be rendered", "path", r.URL.Path, "error", err)
	s.refuseFeed(w, r, broken)
}

// refuseFeed refuses under a feed's address.
func (s *server) refuseFeed(w http.ResponseWriter, r *http.Request, f refusal) {
	_, format := split(r.URL.Path)
	s.Metrics.refused(format, f.status)
	refuse(w, r, f)
}

// split takes a feed's name and format from the last part of its address.
func split(file string) (name string, f feed.Format) {
	if i := strings.LastIndexByte(file, '.'); i >= 0 {
		return file[:i], feed.Format(file[i+1:])
	}
	return file, ""
}

// prepare makes the headers of a document and leaves them there. Should two do so at once, they do the same.
func (s *server) prepare(name string, f feed.Format, snapshot *feed.Snapshot, d *feed.Document) *prepared {
	p := &prepared{
		etag:        []string{d.ETag},
		contentType: []string{d.ContentType},
		link:        []string{"<" + s.Site.Feed(name, f) + `>; rel="self"`},
		reserved:    snapshot.Reserved,
		counters:    s.Metrics.of(name, f, d.Coding),
	}
	if d.Coding != feed.Identity {
		p.encoding = []string{d.Coding.String()}
	}
	if !d.LastModified.IsZero() {
		p.modified = []string{d.LastModified.UTC().Format(http.TimeFormat)}
	}
	if p.reserved && snapshot.Policy != "" {
		p.policy = []string{snapshot.Policy}
		p.link = append(p.link, "<"+snapshot.Policy+`>; rel="license"`)
	}
	d.Answer.Store(p)
	return p
}

// since gives the difference to a document that the reader has, and its entity tag; nil when the reader needs the whole.
func since(snapshot *feed.Snapshot, f feed.Format, c feed.Coding, fields []string) (d *feed.Document, base string, err error) {
	for etag := range tags(fields) {
		if d, err = snapshot.Since(f, c, etag); d != nil || err != nil {
			return d, etag, err
		}
	}
	return nil, "", nil
}

// write sends a body. The reader may be gone, and there is nobody to tell.
func write(w http.ResponseWriter, pieces [][]byte) {
	if len(pieces) == 1 {
		w.Write(pieces[0])
		return
	}
	// Each piece by itself would be a packet of its own.
	b := buffers.Get().(*bufio.Writer)
	defer buffers.Put(b)
	b.Reset(w)
	for _, piece := range pieces {
		if _, err := b.Write(piece); err != nil {
			break
		}
	}
	b.Flush()
	b.Reset(nil)
}

var buffers = sync.Pool{New: func() any { return bufio.NewWriterSize(nil, 64<<10) }}
