// Package render turns what a feed holds into the bytes that its readers get: RSS 2.0, Atom (RFC 4287), JSON Feed 1.1,
// ninjs 3.1 and NewsML-G2 2.35, each with its validators, plain and compressed.
//
// The same view gives the same bytes wherever and whenever it is rendered, and whatever was rendered before: nothing is
// random, and the time says only what is kept in memory.
package render

import (
	"bytes"
	"strings"
	"sync"
	"time"
	"weak"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

// Site is the gateway as its readers see it.
type Site struct {
	// Title is the gateway's name, in plain text.
	Title string
	// BaseURL is the absolute address that every address of the gateway begins with: "https://wire.example".
	// A slash at its end is passed over.
	BaseURL string
}

// Home is the address of the catalogue.
func (s Site) Home() string { return strings.TrimRight(s.BaseURL, "/") + "/" }

// Feed is the address of a feed in one format.
func (s Site) Feed(name string, f feed.Format) string {
	return strings.TrimRight(s.BaseURL, "/") + "/feeds/" + name + "." + string(f)
}

// Story is the address of the story's page.
func (s Site) Story(k wire.Key) string {
	return strings.TrimRight(s.BaseURL, "/") + "/stories/" + k.Token()
}

// Renderer renders feeds. It makes those documents that readers ask for, and makes them anew with each revision for as long as
// they do. Each version of a story is rendered once in each of their formats. Its methods may be called from several
// goroutines.
type Renderer struct {
	site    Site
	formats [formatCount]format
	now     func() time.Time

	mu    sync.Mutex
	items map[version]*item
	shown map[string]*documents // by feed: those of its newest snapshot
	swept time.Time
}

// formatCount is how many formats there are: those of feed.Formats.
const formatCount = 5

// format is one way to write a feed. An item's bytes depend on the entry and the site only, never on the feed, so
// that feeds share them.
type format interface {
	name() feed.Format
	contentType() string
	// item is one entry of a feed.
	item(c *content) ([]byte, error)
	// frame is what stands before and after the items.
	frame(v *feed.View, ch *channel) (head, tail []byte, err error)
	// separator stands between two items, and may be empty.
	separator() string
}

// version names one version of one story as readers see it. The record's sequence on STORIES tells versions apart;
// First is part of what is rendered and does not follow from the sequence.
type version struct {
	key      wire.Key
	sequence uint64
	first    int64 // nanoseconds
	others   int   // which translations may be shown: feed.Entry.Stage
}

func versionOf(e *feed.Entry) version {
	return version{key: e.Key(), sequence: e.Sequence, first: e.First.UnixNano(), others: e.Stage()}
}

// item is one version of a story.
type item struct {
	version version
	rights  terms
	feeds   int // how many feeds show it; guarded by Renderer.mu

	mu sync.Mutex
	// parts are the item in each format, for as long as a document shows it.
	parts [formatCount]weak.Pointer[part]
}

// part gives the item in a format; make makes it when no document has it.
func (it *item) part(format int, make func() ([]byte, error)) (*part, error) {
	it.mu.Lock()
	defer it.mu.Unlock()
	if p := it.parts[format].Value(); p != nil {
		return p, nil
	}
	b, err := make()
	if err != nil {
		return nil, err
	}
	p := partOf(bytes.Clone(b)) // no longer than it has to be
	it.parts[format] = weak.Make(p)
	return p, nil
}

// New makes a Renderer for a site.
func New(site Site) *Renderer {
	site.Title = line(site.Title)
	return &Renderer{
		site:    site,
		formats: [formatCount]format{rssFormat{site}, atomFormat{site}, jsonFormat{site}, ninjsFormat{site}, newsmlg2Format{site}},
		now:     time.Now,
		items:   make(map[version]*item),
		shown:   make(map[string]*documents),
	}
}

// Snapshot makes a view's snapshot, with the documents that readers of the feed asked for in the last ten minutes; others
// are made when they are asked for. It fails only on a fault of the program: whatever text a story holds, it can be written.
func (r *Renderer) Snapshot(v *feed.View) (*feed.Snapshot, error) {
	r.sweep()
	d, before := r.hold(v)
	if err := d.prepare(before); err != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.release(d.items)
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if last := r.shown[v.Def.Name]; last != nil {
		r.release(last.items)
	}
	r.shown[v.Def.Name] = d
	return &feed.Snapshot{View: v, Reserved: d.channel.reserved, Policy: d.channel.policy, Documents: d}, nil
}

// Forget drops what is kept for a feed that is no longer published.
func (r *Renderer) Forget(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if last := r.shown[name]; last != nil {
		r.release(last.items)
		delete(r.shown, name)
	}
}

// hold finds the items of a view, and holds them until they are released. before are the documents of the feed's newest
// snapshot, nil when there is none.
func (r *Renderer) hold(v *feed.View) (d, before *documents) {
	d = &documents{renderer: r, view: v, items: make([]*item, len(v.Entries))}
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, e := range v.Entries {
		name := versionOf(e)
		it := r.items[name]
		if it == nil {
			it = &item{version: name, rights: termsOf(e)}
			r.items[name] = it
		}
		it.feeds++
		d.items[i] = it
	}
	d.channel = channelOf(v, d.items)
	before = r.shown[v.Def.Name]
	if before != nil {
		d.readers = before.readers
	} else {
		d.readers = new(readers)
	}
	return d, before
}

// release gives up one feed's hold on items; r.mu is held.
func (r *Renderer) release(items []*item) {
	for _, it := range items {
		if it.feeds--; it.feeds == 0 {
			delete(r.items, it.version)
		}
	}
}

// sweep drops now and then the documents that nobody reads any more. It is called before others are made, so that no more
// are kept than were read lately and one interval before.
func (r *Renderer) sweep() {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	if now.Sub(r.swept) < sweepEvery {
		return
	}
	r.swept = now
	for _, d := range r.shown {
		d.drop(now)
	}
}
