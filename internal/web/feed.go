package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"kawat/internal/feed"
)

// settled is how long after its last change a document has no Last-Modified: as long as another change can come
// within the same second, the date would not tell the two apart. It is longer than the second itself, for clocks
// that differ.
const settled = 2 * time.Second

// prepared are a document's headers, made once, so that a request only hands them over.
type prepared struct {
	document        *feed.Document
	contentType     []string
	link            []string
	modified        []string
	reservation     []string // nil when nothing is reserved
	policy          []string
	plain, packed   body
	hasLastModified bool
}

type body struct {
	bytes    []byte
	etag     []string
	length   []string
	encoding []string // nil for the plain bytes
}

var (
	varies       = []string{"Accept-Encoding"}
	cacheControl = []string{"public, max-age=30, stale-if-error=300"}
	gzipCoding   = []string{"gzip"}
	reserved     = []string{"1"}
	contentUsage = []string{"train-ai=n, ai-use=n"}
)

func (s *server) feed(w http.ResponseWriter, r *http.Request) {
	name, format := split(r.PathValue("file"))
	snapshot := s.Feeds.Snapshot(name)
	if snapshot == nil {
		if slices.Contains(feed.Formats, format) && !s.Feeds.Loaded() {
			refuse(w, r, notLoaded)
			return
		}
		refuse(w, r, notFound)
		return
	}
	document := snapshot.Documents[format]
	if document == nil {
		refuse(w, r, notFound)
		return
	}
	p := s.prepare(r.URL.Path, name, format, document)
	b := &p.plain
	if acceptsGzip(r.Header["Accept-Encoding"]) {
		b = &p.packed
	}
	var modified time.Time
	if p.hasLastModified && !s.Now().Before(document.LastModified.Add(settled)) {
		modified = document.LastModified
	}
	h := w.Header()
	h["Etag"] = b.etag
	h["Cache-Control"] = cacheControl
	h["Vary"] = varies
	h["Link"] = p.link
	if !modified.IsZero() {
		h["Last-Modified"] = p.modified
	}
	if p.reservation != nil {
		h["Tdm-Reservation"] = p.reservation
		h["Content-Usage"] = contentUsage
		if p.policy != nil {
			h["Tdm-Policy"] = p.policy
		}
	}
	if unmodified(r, b.etag[0], modified) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h["Content-Type"] = p.contentType
	h["Content-Length"] = b.length
	if b.encoding != nil {
		h["Content-Encoding"] = b.encoding
	}
	if r.Method == http.MethodHead {
		return
	}
	w.Write(b.bytes) // the reader may be gone, and there is nobody to tell
}

// split takes a feed's name and format from the last part of its address.
func split(file string) (name string, f feed.Format) {
	if i := strings.LastIndexByte(file, '.'); i >= 0 {
		return file[:i], feed.Format(file[i+1:])
	}
	return file, ""
}

// prepare gives a document's headers, from memory when they were made for this very document.
func (s *server) prepare(path, name string, f feed.Format, d *feed.Document) *prepared {
	if known, ok := s.prepared.Load(path); ok && known.(*prepared).document == d {
		return known.(*prepared)
	}
	p := &prepared{
		document:        d,
		contentType:     []string{d.ContentType},
		link:            []string{"<" + s.Site.Feed(name, f) + `>; rel="self"`},
		hasLastModified: !d.LastModified.IsZero(),
		modified:        []string{d.LastModified.UTC().Format(http.TimeFormat)},
		plain:           bodyOf(d.Identity, nil),
		packed:          bodyOf(d.Gzip, gzipCoding),
	}
	if d.Reserved {
		p.reservation = reserved
		if d.Policy != "" {
			p.policy = []string{d.Policy}
			p.link = append(p.link, "<"+d.Policy+`>; rel="license"`)
		}
	}
	s.prepared.Store(path, p)
	return p
}

func bodyOf(b feed.Body, encoding []string) body {
	return body{bytes: b.Bytes, etag: []string{b.ETag}, length: []string{strconv.Itoa(len(b.Bytes))}, encoding: encoding}
}
