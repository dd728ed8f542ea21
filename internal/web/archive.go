package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/semaphore"

	"kawat/internal/feed"
	"kawat/internal/render"
)

// Archives lead through the stories that are older than those that the feeds show (feed.Archives). The methods ask the store,
// and an error but feed.ErrGone says that it could not be asked.
type Archives interface {
	// Before gives the name of the archive document with the stories right below a position.
	Before(ctx context.Context, def feed.Def, p feed.Position) (name string, err error)
	// Archive gives the document of a name, or feed.ErrGone.
	Archive(ctx context.Context, def feed.Def, name string) (*feed.Snapshot, error)
}

const (
	// archivesMost is how many archive documents are looked up and made at a time: who walks archives waits, so that who
	// reads feeds does not.
	archivesMost = 2
	// archivePatience is how long a reader of archives waits.
	archivePatience = 10 * time.Second
)

func newArchiveTurns() *semaphore.Weighted { return semaphore.NewWeighted(archivesMost) }

// archive answers for an archive document of a feed (RFC 5005, section 4).
func (s *server) archive(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("feed")
	archive, format := split(r.PathValue("file"))
	snapshot := s.Feeds.Snapshot(name)
	position, before := strings.CutPrefix(archive, render.BeforePrefix)
	p, parsed := feed.ParsePosition(position)
	switch {
	case before && !parsed || !slices.Contains(render.ArchiveFormats, format):
		refuse(w, r, notFound)
		return
	case snapshot == nil && !s.Feeds.Loaded():
		refuse(w, r, notLoaded)
		return
	case snapshot == nil:
		refuse(w, r, notFound)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), archivePatience)
	defer cancel()
	if before {
		s.archiveBefore(ctx, w, r, snapshot.View.Def, p, format)
		return
	}
	page, document, body, err := s.archiveDocument(ctx, r, snapshot.View.Def, archive, format)
	switch {
	case errors.Is(err, feed.ErrGone):
		w.Header().Set("Link", "<"+s.Site.Feed(name, format)+`>; rel="current"`)
		refuse(w, r, linkedAnew)
		return
	case err != nil:
		s.noArchive(w, r, err)
		return
	}
	if !document.LastModified.IsZero() {
		w.Header().Set("Last-Modified", document.LastModified.UTC().Format(http.TimeFormat))
	}
	sendDocument(w, r, page, document, body, cacheControl, []string{
		"<" + s.Site.Archive(name, archive, format) + `>; rel="self"`, "<" + s.Site.Feed(name, format) + `>; rel="current"`})
}

// archiveBefore leads to the document with the stories right below a position, which is another one whenever those change.
func (s *server) archiveBefore(ctx context.Context, w http.ResponseWriter, r *http.Request, def feed.Def, p feed.Position, f feed.Format) {
	if err := s.archiveTurns.Acquire(ctx, 1); err != nil {
		s.noArchive(w, r, err)
		return
	}
	name, err := s.Archives.Before(ctx, def, p)
	s.archiveTurns.Release(1)
	if err != nil {
		s.noArchive(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Location", s.Site.Archive(def.Name, name, f))
	w.WriteHeader(http.StatusTemporaryRedirect)
}

// archiveDocument looks up an archive document and makes what is to be sent; no body says that the reader has it.
func (s *server) archiveDocument(ctx context.Context, r *http.Request, def feed.Def, name string, f feed.Format) (*feed.Snapshot, *feed.Document, *feed.Body, error) {
	if err := s.archiveTurns.Acquire(ctx, 1); err != nil {
		return nil, nil, nil, err
	}
	defer s.archiveTurns.Release(1)
	page, err := s.Archives.Archive(ctx, def, name)
	if err != nil {
		return nil, nil, nil, err
	}
	document, err := page.Document(f, codingFor(r.Header["Accept-Encoding"]))
	if err != nil || unmodified(r, document.ETag, document.LastModified) {
		return page, document, nil, err
	}
	body, err := document.Body()
	return page, document, body, err
}

func (s *server) noArchive(w http.ResponseWriter, r *http.Request, err error) {
	s.cannot(r, "an archive could not be looked up", err)
	refuse(w, r, noArchive)
}
