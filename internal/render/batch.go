package render

import (
	"kawat/internal/feed"
)

// BatchFormats are those in which there are batches for readers with a cursor. They are for programs; readers of RSS and Atom
// have entity tags and archives.
var BatchFormats = []feed.Format{feed.JSON, feed.NINJS}

// Batch makes the documents of a batch of a feed, whose stories are in its order. next is the address at which the reader goes
// on; JSON Feed has a place for it.
func (r *Renderer) Batch(def feed.Def, b *feed.Batch, next string) *feed.Snapshot {
	view := &feed.View{Def: def, Entries: b.Entries}
	for _, e := range b.Entries {
		if e.Updated().After(view.Updated) {
			view.Updated = e.Updated()
		}
	}
	d := &documents{renderer: r, view: view, items: make([]*item, len(b.Entries)), readers: new(readers)}
	for i, e := range b.Entries {
		d.items[i] = &item{version: versionOf(e), rights: termsOf(e)}
	}
	d.channel = channelOf(view, d.items)
	d.channel.next = next
	return &feed.Snapshot{View: view, Reserved: d.channel.reserved, Policy: d.channel.policy, Documents: d}
}

// Since is the address of what a feed has beyond a cursor.
func (s Site) Since(name string, f feed.Format, after feed.Cursor) string {
	return s.Feed(name, f) + "?since=" + after.String()
}
