// Package render turns what a feed holds into the bytes that its readers get: RSS 2.0, Atom (RFC 4287), JSON Feed 1.1,
// ninjs 3.1 and NewsML-G2 2.35, each with its validators, plain and compressed.
//
// The same view gives the same bytes wherever and whenever it is rendered: nothing here asks for the time, and
// nothing here is random.
package render

import (
	"strings"
	"sync"

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

// Renderer renders feeds. It renders each version of a story once, and keeps the bytes for as long as the newest
// snapshot of any feed shows that version. Its methods may be called from several goroutines.
type Renderer struct {
	site    Site
	formats []format

	mu    sync.Mutex
	items map[version]*item
	shown map[string]shown // by feed
}

// shown is what is kept of a feed's newest snapshot.
type shown struct {
	items  []*item
	groups []groups // in the order of Renderer.formats
}

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
	others   int   // translations that may be shown
}

func versionOf(e *feed.Entry) version {
	return version{key: e.Key(), sequence: e.Sequence, first: e.First.UnixNano(), others: len(e.Translations)}
}

// item is one version of a story, rendered in every format.
type item struct {
	version version
	parts   []part // in the order of Renderer.formats
	rights  terms
	feeds   int // how many feeds show it; guarded by Renderer.mu
}

// New makes a Renderer for a site.
func New(site Site) *Renderer {
	site.Title = line(site.Title)
	return &Renderer{
		site:    site,
		formats: []format{rssFormat{site}, atomFormat{site}, jsonFormat{site}, ninjsFormat{site}, newsmlg2Format{site}},
		items:   make(map[version]*item),
		shown:   make(map[string]shown),
	}
}

// Snapshot renders a view in all formats. It fails only on a fault of the program: whatever text a story holds, it
// can be written.
func (r *Renderer) Snapshot(v *feed.View) (*feed.Snapshot, error) {
	items, err := r.render(v)
	if err != nil {
		return nil, err
	}
	ch := channelOf(v, items)
	before := r.groups(v.Def.Name)
	after := make([]groups, len(r.formats))
	s := &feed.Snapshot{View: v, Documents: make(map[feed.Format]*feed.Document, len(r.formats))}
	for i, f := range r.formats {
		head, tail, err := f.frame(v, ch)
		if err != nil {
			return nil, err
		}
		parts := make([]*part, len(items))
		for n, it := range items {
			parts[n] = &it.parts[i]
		}
		w := writer{separator: f.separator(), known: before[i]}
		if err := w.write(head, parts, tail); err != nil {
			return nil, err
		}
		doc := w.document(f, v)
		doc.Reserved, doc.Policy = ch.reserved, ch.policy
		s.Documents[f.name()] = doc
		after[i] = w.made
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.shown[v.Def.Name] = shown{items: r.shown[v.Def.Name].items, groups: after}
	return s, nil
}

// groups are those of the feed's newest snapshot, by format.
func (r *Renderer) groups(name string) []groups {
	r.mu.Lock()
	defer r.mu.Unlock()
	if g := r.shown[name].groups; g != nil {
		return g
	}
	return make([]groups, len(r.formats))
}

// Forget drops what is kept for a feed that is no longer published.
func (r *Renderer) Forget(name string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.release(r.shown[name].items)
	delete(r.shown, name)
}

// render gives the items of a view, in its order, from memory where they are there.
func (r *Renderer) render(v *feed.View) ([]*item, error) {
	items := make([]*item, len(v.Entries))
	r.mu.Lock()
	for i, e := range v.Entries {
		items[i] = r.items[versionOf(e)]
	}
	r.mu.Unlock()

	for i, e := range v.Entries {
		if items[i] != nil {
			continue
		}
		made, err := r.make(e)
		if err != nil {
			return nil, err
		}
		items[i] = made
	}

	r.mu.Lock()
	defer r.mu.Unlock()
	for i, it := range items {
		// Another feed may have rendered it meanwhile, or dropped it: the one in the map is the one that counts.
		if kept := r.items[it.version]; kept != nil {
			it = kept
		}
		r.items[it.version] = it
		it.feeds++
		items[i] = it
	}
	last := r.shown[v.Def.Name]
	r.release(last.items)
	r.shown[v.Def.Name] = shown{items: items, groups: last.groups}
	return items, nil
}

// release gives up one feed's hold on items; r.mu is held.
func (r *Renderer) release(items []*item) {
	for _, it := range items {
		if it.feeds--; it.feeds == 0 {
			delete(r.items, it.version)
		}
	}
}

func (r *Renderer) make(e *feed.Entry) (*item, error) {
	c := contentOf(r.site, e)
	it := &item{version: versionOf(e), parts: make([]part, len(r.formats)), rights: termsOf(c)}
	for i, f := range r.formats {
		b, err := f.item(c)
		if err != nil {
			return nil, err
		}
		it.parts[i] = partOf(b)
	}
	return it, nil
}
