package web

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"kawat/internal/feed"
)

// follower gives every reader the same story, or nothing while it is down.
type follower struct{ down bool }

func (f follower) Since(_ context.Context, _ string, _ feed.Cursor, _ int, _ time.Duration) (*feed.Batch, error) {
	if f.down {
		return nil, errors.New("connection refused")
	}
	return &feed.Batch{Entries: []*feed.Entry{english()}, Next: feed.Cursor{Sequence: 8}}, nil
}

// A document's own address is the one that it was asked for under, and the next one goes on with the same limit.
func TestCursorLinks(t *testing.T) {
	s := newsroom(t)
	h := New(Config{Site: site, Feeds: s, Stories: s, Follower: follower{}, Batches: s.renderer,
		Now: func() time.Time { return now }, Log: slog.New(slog.DiscardHandler)})
	for query, want := range map[string][2]string{
		"since=7.0":                {"since=7.0", "since=8.0"},
		"since=0":                  {"since=0.0", "since=8.0"},
		"since=7.0&limit=20":       {"since=7.0&limit=20", "since=8.0&limit=20"},
		"limit=020&since=7.0":      {"since=7.0&limit=20", "since=8.0&limit=20"},
		"since=7.0&wait=1&limit=3": {"since=7.0&limit=3", "since=8.0&limit=3"},
	} {
		r := get(h, "GET", "/feeds/world.sport.ninjs?"+query)
		const address = "https://wire.example/feeds/world.sport.ninjs?"
		links := []string{"<" + address + want[0] + `>; rel="self"`, "<" + address + want[1] + `>; rel="next"`}
		if got := r.Header["Link"]; r.StatusCode != http.StatusOK || !slices.Equal(got, links) {
			t.Errorf("%s: %d, %q", query, r.StatusCode, got)
		}
	}
}

// While the store is away each reader is told so, and the log once in a while.
func TestLookupsAreLoggedSparingly(t *testing.T) {
	s := newsroom(t)
	s.down = true
	var log bytes.Buffer
	clock := now
	h := New(Config{Site: site, Feeds: s, Stories: s, Follower: follower{down: true}, Batches: s.renderer,
		Now: func() time.Time { return clock }, Log: slog.New(slog.NewTextHandler(&log, nil))})
	ask := func() {
		for _, path := range []string{"/feeds/dunia.json?since=0", "/feeds/dunia.ninjs?since=0", "/stories/" + english().Key().Token()} {
			if r := get(h, "GET", path); r.StatusCode != http.StatusServiceUnavailable || r.Header.Get("Retry-After") == "" {
				t.Errorf("%s: %d", path, r.StatusCode)
			}
		}
	}
	for range 20 {
		ask()
	}
	if n := strings.Count(log.String(), "\n"); n != 2 {
		t.Errorf("two kinds of look-ups fail in %d lines:\n%s", n, log.String())
	}
	clock = now.Add(sayAgain)
	ask()
	if n := strings.Count(log.String(), "\n"); n != 4 {
		t.Errorf("they still do, and there are %d lines", n)
	}
}
