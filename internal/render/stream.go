package render

import (
	"bytes"
	"slices"
	"strconv"

	"kawat/internal/feed"
)

// stream is a feed in one format and one coding.
type stream struct {
	body feed.Body
	// runs are what it is put together of.
	runs []run
}

// run is a piece of a stream: one part that stands alone, or a group of items.
type run struct {
	parts []*part
	group bool
	// fragments are the parts, packed. They lie in the stream's body, so that they cost no memory.
	fragments [][]byte
}

// packing puts a stream together. Compressing is most of what a feed costs, so fragments that are known are taken as they are.
type packing struct {
	coder     *coder
	separator *part
	known     map[*part]*run // by their first part
	runs      []run
	checksum  checksum
}

// streamOf packs a feed with these items. known is another stream of the same format and coding, or nil; the bytes are
// the same without it.
func (ed *edition) streamOf(c feed.Coding, items []*part, known *stream) (*stream, error) {
	if c == feed.Identity {
		return &stream{body: bodyOf(ed.pieces(items))}, nil
	}
	p := &packing{coder: coders[c], separator: ed.separator, checksum: checksumOf(nil)}
	if known != nil {
		p.known = make(map[*part]*run, len(known.runs))
		for i, r := range known.runs {
			p.known[r.parts[0]] = &known.runs[i]
		}
	}
	alone, groups := groupsOf(items)
	all := make([]run, 0, len(ed.head)+2*(len(alone)+len(groups))+1)
	for i := range ed.head {
		all = append(all, run{parts: ed.head[i : i+1]})
	}
	for i := range alone {
		all = append(all, run{parts: alone[i : i+1]}, run{parts: []*part{ed.separator}})
	}
	for _, g := range groups {
		all = append(all, run{parts: g, group: true}, run{parts: []*part{ed.separator}})
	}
	if len(items) > 0 {
		all = all[:len(all)-1]
	}
	for _, r := range append(all, run{parts: []*part{ed.tail}}) {
		if err := p.add(r); err != nil {
			return nil, err
		}
	}
	return p.finish(), nil
}

// add packs a run, unless it is known.
func (p *packing) add(r run) (err error) {
	for i, one := range r.parts {
		if i > 0 {
			p.checksum = p.checksum.then(p.separator.checksum)
		}
		p.checksum = p.checksum.then(one.checksum)
	}
	old := p.known[r.parts[0]]
	switch {
	case len(r.parts) == 1 && len(r.parts[0].bytes) == 0:
		return nil
	case old != nil && old.group == r.group && len(old.parts) >= len(r.parts) && slices.Equal(old.parts[:len(r.parts)], r.parts):
		r.fragments = old.fragments[:len(r.parts)]
	case r.group:
		r.fragments, err = p.coder.group(p.plain(r.parts))
	default:
		r.fragments = make([][]byte, 1)
		r.fragments[0], err = p.coder.alone(r.parts[0].bytes)
	}
	p.runs = append(p.runs, r)
	return err
}

// plain are the bytes of a group's items, each but the first with the separator before it.
func (p *packing) plain(group []*part) [][]byte {
	plain := make([][]byte, len(group))
	for i, it := range group {
		plain[i] = it.bytes
		if i > 0 && len(p.separator.bytes) > 0 {
			plain[i] = slices.Concat(p.separator.bytes, it.bytes)
		}
	}
	return plain
}

// finish gives the stream in one piece, no longer than it has to be.
func (p *packing) finish() *stream {
	pieces := [][]byte{p.coder.open}
	for _, r := range p.runs {
		pieces = append(pieces, r.fragments...)
		if r.group {
			pieces = append(pieces, p.coder.groupEnd)
		}
	}
	body := bytes.Join(append(pieces, p.coder.end(p.checksum)), nil)
	from := 0
	for i, piece := range pieces {
		end := from + len(piece)
		pieces[i] = body[from:end:end]
		from = end
	}
	from = 1
	for i := range p.runs {
		r := &p.runs[i]
		end := from + len(r.fragments)
		r.fragments = pieces[from:end:end]
		if from = end; r.group {
			from++
		}
	}
	return &stream{bodyOf([][]byte{body}), p.runs}
}

// pieces are the plain bytes of a feed with these items. They share the items' memory.
func (ed *edition) pieces(items []*part) [][]byte {
	all := make([][]byte, 0, len(ed.head)+2*len(items)+1)
	for _, p := range ed.head {
		all = append(all, p.bytes)
	}
	for i, p := range items {
		if i > 0 && len(ed.separator.bytes) > 0 {
			all = append(all, ed.separator.bytes)
		}
		all = append(all, p.bytes)
	}
	return append(all, ed.tail.bytes)
}

func bodyOf(pieces [][]byte) feed.Body {
	size := 0
	for _, b := range pieces {
		size += len(b)
	}
	return feed.Body{Pieces: pieces, Length: []string{strconv.Itoa(size)}}
}
