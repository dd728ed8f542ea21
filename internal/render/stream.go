package render

import (
	"crypto/sha256"
	"slices"
	"strconv"

	"kawat/internal/feed"
)

// stream is a feed in one format and one coding.
type stream struct {
	body feed.Body
	// fragments are what it is put together of, by what is in them. They lie in the body, so that they cost no memory.
	fragments map[digest][]byte
}

// fragment is a piece of a stream.
type fragment struct {
	key    digest
	packed []byte
}

// packing puts a stream together. Compressing is most of what a feed costs, so fragments that are known are taken as they are.
type packing struct {
	coder *coder
	known map[digest][]byte
	made  []fragment
}

// add adds the fragment of some bytes, which are made only if the fragment is not known.
func (p *packing) add(key digest, plain func() []byte) error {
	packed, ok := p.known[key]
	if !ok {
		b := plain()
		if len(b) == 0 {
			return nil
		}
		var err error
		if packed, err = p.coder.pack(b); err != nil {
			return err
		}
	}
	p.made = append(p.made, fragment{key, packed})
	return nil
}

// streamOf packs a feed with these items. known are fragments of other streams of the same format and coding; the bytes
// are the same without them.
func (ed *edition) streamOf(c feed.Coding, items []*part, known map[digest][]byte) (*stream, error) {
	plain := ed.pieces(items)
	if c == feed.Identity {
		return &stream{body: bodyOf(plain)}, nil
	}
	p := &packing{coder: coders[c], known: known}
	if err := p.add(ed.head.digest, func() []byte { return ed.head.bytes }); err != nil {
		return nil, err
	}
	separator := []byte(ed.separator)
	between := digest(sha256.Sum256(separator))
	for i, run := range runs(items) {
		if i > 0 && len(separator) > 0 {
			if err := p.add(between, func() []byte { return separator }); err != nil {
				return nil, err
			}
		}
		if err := p.add(keyOf(run), func() []byte { return slices.Concat(join(nil, run, separator)...) }); err != nil {
			return nil, err
		}
	}
	if err := p.add(ed.tail.digest, func() []byte { return ed.tail.bytes }); err != nil {
		return nil, err
	}
	return p.finish(plain), nil
}

// finish gives the stream in one piece, no longer than it has to be.
func (p *packing) finish(plain [][]byte) *stream {
	end := p.coder.end(plain)
	size := len(p.coder.open) + len(end)
	for _, f := range p.made {
		size += len(f.packed)
	}
	b := append(make([]byte, 0, size), p.coder.open...)
	s := &stream{fragments: make(map[digest][]byte, len(p.made))}
	for _, f := range p.made {
		from := len(b)
		b = append(b, f.packed...)
		s.fragments[f.key] = b[from:len(b):len(b)]
	}
	s.body = bodyOf([][]byte{append(b, end...)})
	return s
}

// keyOf names a run of items; that of one is the item's own digest.
func keyOf(run []*part) digest {
	if len(run) == 1 {
		return run[0].digest
	}
	var digests []byte
	for _, p := range run {
		digests = append(digests, p.digest[:]...)
	}
	return sha256.Sum256(digests)
}

// pieces are the plain bytes of a feed with these items. They share the items' memory.
func (ed *edition) pieces(items []*part) [][]byte {
	all := make([][]byte, 0, 2*len(items)+2)
	all = join(append(all, ed.head.bytes), items, []byte(ed.separator))
	return append(all, ed.tail.bytes)
}

// join appends items with a separator between two.
func join(all [][]byte, items []*part, separator []byte) [][]byte {
	for i, p := range items {
		if i > 0 && len(separator) > 0 {
			all = append(all, separator)
		}
		all = append(all, p.bytes)
	}
	return all
}

func bodyOf(pieces [][]byte) feed.Body {
	size := 0
	for _, b := range pieces {
		size += len(b)
	}
	return feed.Body{Pieces: pieces, Length: []string{strconv.Itoa(size)}}
}
