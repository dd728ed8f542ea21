package render

import (
	"sync"
	"sync/atomic"
	"time"

	"kawat/internal/feed"
)

const (
	// lately is for how long after its last reader a document is made anew with each revision of its feed, before anybody
	// asks. It is longer than most readers wait between two polls.
	lately = 10 * time.Minute
	// sweepEvery is how often documents without readers are looked for.
	sweepEvery = time.Minute
)

// readers say when each document of a feed was last asked for, over all of its snapshots.
type readers [formatCount][feed.Codings]atomic.Int64 // seconds of the Unix epoch; 0: never

func (r *readers) note(format int, c feed.Coding, now time.Time) {
	if at, last := now.Unix(), &r[format][c]; last.Load() != at {
		last.Store(at)
	}
}

func (r *readers) want(format int, c feed.Coding, now time.Time) bool {
	return now.Unix()-r[format][c].Load() < int64(lately/time.Second)
}

// any says whether a format is wanted in any coding.
func (r *readers) any(format int, now time.Time) bool {
	for c := range feed.Coding(feed.Codings) {
		if r.want(format, c, now) {
			return true
		}
	}
	return false
}

// documents are those of one snapshot.
type documents struct {
	renderer *Renderer
	view     *feed.View
	channel  *channel
	items    []*item
	readers  *readers
	editions [formatCount]struct {
		sync.Mutex // held while it is made
		made       atomic.Pointer[edition]
	}
}

// Document implements feed.Documents.
func (d *documents) Document(f feed.Format, c feed.Coding) (*feed.Document, error) {
	ed, err := d.asked(f, c)
	if ed == nil || err != nil {
		return nil, err
	}
	return ed.documents[c], nil
}

// Since implements feed.Documents.
func (d *documents) Since(f feed.Format, c feed.Coding, etag string) (*feed.Document, error) {
	ed, err := d.asked(f, c)
	if ed == nil || err != nil {
		return nil, err
	}
	return ed.difference(c, etag)
}

// asked gives the edition in a format for a reader, nil when there is no such format.
func (d *documents) asked(f feed.Format, c feed.Coding) (*edition, error) {
	for i, known := range d.renderer.formats {
		if known.name() == f {
			d.readers.note(i, c, d.renderer.now())
			return d.edition(i)
		}
	}
	return nil, nil
}

// edition gives the feed in a format; it is made when nobody has asked for it.
func (d *documents) edition(format int) (*edition, error) {
	slot := &d.editions[format]
	if ed := slot.made.Load(); ed != nil {
		return ed, nil
	}
	d.renderer.sweep()
	slot.Lock()
	defer slot.Unlock()
	if ed := slot.made.Load(); ed != nil {
		return ed, nil
	}
	ed, err := d.write(format, make([]*content, len(d.items)), nil)
	if err != nil {
		return nil, err
	}
	slot.made.Store(ed)
	return ed, nil
}

// write makes the edition in a format. contents are the entries' once they are made, for the next format.
func (d *documents) write(format int, contents []*content, before *edition) (*edition, error) {
	r := d.renderer
	f := r.formats[format]
	head, tail, err := f.frame(d.view, d.channel)
	if err != nil {
		return nil, err
	}
	parts := make([]*part, len(d.items))
	for n, it := range d.items {
		parts[n], err = it.part(format, func() ([]byte, error) {
			if contents[n] == nil {
				contents[n] = contentOf(r.site, d.view.Entries[n])
			}
			return f.item(contents[n])
		})
		if err != nil {
			return nil, err
		}
	}
	return editionOf(f, d.view, head, tail, parts, before), nil
}

// prepare makes what readers asked for lately, with the help of the snapshot before, which may be nil.
func (d *documents) prepare(before *documents) error {
	now := d.renderer.now()
	contents := make([]*content, len(d.items))
	for i := range d.editions {
		if !d.readers.any(i, now) {
			continue
		}
		var old *edition
		if before != nil {
			old = before.editions[i].made.Load()
		}
		ed, err := d.write(i, contents, old)
		if err != nil {
			return err
		}
		for c := range feed.Coding(feed.Codings) {
			if d.readers.want(i, c, now) {
				if _, err := ed.stream(c, old); err != nil {
					return err
				}
			}
		}
		d.editions[i].made.Store(ed)
	}
	return nil
}

// drop gives up what nobody has asked for lately.
func (d *documents) drop(now time.Time) {
	for i := range d.editions {
		slot := &d.editions[i].made
		ed := slot.Load()
		switch {
		case ed == nil:
		case !d.readers.any(i, now):
			slot.CompareAndSwap(ed, nil)
		default:
			for c := range feed.Coding(feed.Codings) {
				if !d.readers.want(i, c, now) {
					ed.streams[c].made.Store(nil)
				}
			}
		}
	}
}
