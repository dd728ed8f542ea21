package render

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"kawat/internal/feed"
)

// remembered is how many revisions of a feed in one format its readers can have and be sent the difference. A busy feed with
// a story a minute goes back an hour.
const remembered = 60

// edition is one revision of a feed in one format. It is immutable but for the streams, which are made when they are asked
// for.
type edition struct {
	head      []*part // of which most are those of the edition before
	separator *part   // between two items, and may be empty
	tail      *part
	items     []*part
	tag       string
	documents [feed.Codings]*feed.Document
	streams   [feed.Codings]struct {
		sync.Mutex // held while it is made
		made       atomic.Pointer[stream]
	}

	// number counts the editions since the oldest that is known. since is, for each item, the edition from which on the
	// feed has shown it without a break.
	number uint64
	since  []uint64
	past   []pastEdition // oldest first, at most remembered
}

type pastEdition struct {
	tag    string
	number uint64
}

// editionOf puts a feed together. before is the edition before, nil if it is not known: what readers get is the same.
func editionOf(f format, v *feed.View, head, tail []byte, items []*part, before *edition) *edition {
	ed := &edition{head: headOf(head, v), separator: partOf([]byte(f.separator())), tail: partOf(tail), items: items}
	if before != nil {
		for i, p := range before.head[:min(len(before.head), len(ed.head))] {
			ed.head[i] = ed.head[i].or(p)
		}
		ed.separator, ed.tail = ed.separator.or(before.separator), ed.tail.or(before.tail)
	}
	digests := append(make([]byte, 0, 1+(len(ed.head)+len(items)+1)*len(digest{})), archiveEdition)
	for _, parts := range [][]*part{ed.head, items} {
		for _, p := range parts {
			digests = append(digests, p.digest[:]...)
		}
	}
	// The tag is made of the digests and of how fragments are packed: two feeds have the same only if they have the same
	// bytes, and none is read through again to find it.
	ed.tag = Tag(append(digests, ed.tail.digest[:]...))
	for c := range feed.Coding(feed.Codings) {
		ed.documents[c] = &feed.Document{
			ContentType:  f.contentType(),
			Coding:       c,
			LastModified: v.Updated.UTC().Truncate(time.Second),
			ETag:         ed.etag(c),
			Body:         func() (*feed.Body, error) { return ed.body(c) },
		}
	}
	ed.follow(before)
	return ed
}

// etag is the entity tag in a coding.
func (ed *edition) etag(c feed.Coding) string {
	if c == feed.Identity {
		return `"` + ed.tag + `"`
	}
	return `"` + ed.tag + "-" + c.String() + `"`
}

func (ed *edition) body(c feed.Coding) (*feed.Body, error) {
	s, err := ed.stream(c, nil)
	if err != nil {
		return nil, err
	}
	return &s.body, nil
}

// stream gives the feed in a coding. before is the edition before, whose fragments save work; it may be nil.
func (ed *edition) stream(c feed.Coding, before *edition) (*stream, error) {
	slot := &ed.streams[c]
	if s := slot.made.Load(); s != nil {
		return s, nil
	}
	slot.Lock()
	defer slot.Unlock()
	if s := slot.made.Load(); s != nil {
		return s, nil
	}
	var known *stream
	if before != nil {
		known = before.streams[c].made.Load()
	}
	s, err := ed.streamOf(c, ed.items, known)
	if err != nil {
		return nil, err
	}
	slot.made.Store(s)
	return s, nil
}

// follow notes what is new since the edition before.
func (ed *edition) follow(before *edition) {
	ed.since = make([]uint64, len(ed.items))
	if before == nil {
		return
	}
	ed.number = before.number + 1
	next := 0 // most items stand in the same order
	for i, p := range ed.items {
		at := next
		if at >= len(before.items) || before.items[at] != p {
			at = slices.Index(before.items, p)
		}
		if at < 0 {
			ed.since[i] = ed.number
			continue
		}
		ed.since[i], next = before.since[at], at+1
	}
	past := before.past[max(0, len(before.past)+1-remembered):]
	ed.past = append(slices.Clip(past), pastEdition{before.tag, before.number})
}

// newSince gives the items that a reader lacks who has the edition of a tag, and whether that is known.
func (ed *edition) newSince(tag string) (items []*part, known bool) {
	for _, old := range slices.Backward(ed.past) {
		if old.tag != tag {
			continue
		}
		for i, p := range ed.items {
			if ed.since[i] > old.number {
				items = append(items, p)
			}
		}
		return items, true
	}
	return nil, false
}

// difference is the feed with only what a reader lacks who has the document of an entity tag, in whatever coding; nil when
// the reader needs the whole.
func (ed *edition) difference(c feed.Coding, etag string) (*feed.Document, error) {
	if len(etag) < len(ed.etag(feed.Identity)) {
		return nil, nil
	}
	items, known := ed.newSince(etag[1 : 1+len(ed.tag)])
	if !known || len(items) == 0 || len(items) == len(ed.items) {
		return nil, nil
	}
	whole, err := ed.stream(c, nil) // it has most of the fragments
	if err != nil {
		return nil, err
	}
	s, err := ed.streamOf(c, items, whole)
	if err != nil {
		return nil, err
	}
	d := ed.documents[c]
	return &feed.Document{
		ContentType: d.ContentType, Coding: c, LastModified: d.LastModified, ETag: d.ETag,
		Body: func() (*feed.Body, error) { return &s.body, nil },
	}, nil
}
