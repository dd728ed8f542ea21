package web

import (
	"cmp"
	"slices"
	"sync"

	"kawat/internal/feed"
)

// lists keeps what the pages that list feeds are made of, so that they cost little with thousands of feeds. It is made
// anew only when a feed has changed, and then of each feed that has.
type lists struct {
	mu     sync.Mutex
	newest *index
}

// index is all feeds at an instant. It is immutable.
type index struct {
	feeds  []*listing // in the order in which they are given out
	byName map[string]*listing
	byKind []*listing // as the catalogue shows them
	// languages and agencies are all that feeds have in common, those with the most feeds first.
	languages, agencies []choice
	newest              []*feed.Entry
	reserved            bool // a story's rights are
}

// index gives the feeds as they are now.
func (s *server) index() *index {
	snapshots := s.Feeds.Snapshots()
	s.lists.mu.Lock()
	defer s.lists.mu.Unlock()
	known := s.lists.newest
	if known != nil && slices.EqualFunc(known.feeds, snapshots, func(l *listing, s *feed.Snapshot) bool { return l.view == s.View }) {
		return known
	}
	x := &index{byName: make(map[string]*listing, len(snapshots))}
	views := make([]*feed.View, 0, len(snapshots))
	for _, snapshot := range snapshots {
		v := snapshot.View
		var l *listing
		if known != nil {
			l = known.byName[v.Def.Name]
		}
		if l == nil || l.view != v {
			l = listingOf(v)
		}
		x.feeds = append(x.feeds, l)
		x.byName[l.Name] = l
		x.reserved = x.reserved || l.reserved
		views = append(views, v)
	}
	x.byKind = slices.Clone(x.feeds)
	slices.SortStableFunc(x.byKind, func(a, b *listing) int { return cmp.Compare(a.kind(), b.kind()) })
	x.languages = choicesOf(x.feeds, func(l *listing) string { return l.Language }, func(name string) choice {
		return choice{Name: cmp.Or(tongue(name), name), Address: asked{Language: name}.address()}
	})
	x.agencies = choicesOf(x.feeds, func(l *listing) string { return l.Agency }, func(name string) choice {
		return choice{Name: name, Address: asked{Agency: name}.address()}
	})
	x.newest = newestOf(views, headlines)
	s.lists.newest = x
	return x
}

// choice is a language or an agency, and its place in the catalogue.
type choice struct {
	Name, Address string
	Feeds         int
}

// choicesOf counts the feeds by a name that each has, "" for none, and gives the names with the most feeds first.
func choicesOf(all []*listing, name func(*listing) string, choose func(string) choice) []choice {
	feeds := map[string]int{}
	for _, l := range all {
		if n := name(l); n != "" {
			feeds[n]++
		}
	}
	var found []choice
	for n, k := range feeds {
		c := choose(n)
		c.Feeds = k
		found = append(found, c)
	}
	slices.SortFunc(found, func(a, b choice) int {
		return cmp.Or(cmp.Compare(b.Feeds, a.Feeds), cmp.Compare(a.Name, b.Name), cmp.Compare(a.Address, b.Address))
	})
	return found
}
