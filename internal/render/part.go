package render

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"sync"
	"time"

	"github.com/klauspost/compress/flate"

	"kawat/internal/feed"
)

// part is one item in one format, with its digest.
type part struct {
	bytes  []byte
	digest [sha256.Size]byte
}

func partOf(b []byte) part { return part{bytes: b, digest: sha256.Sum256(b)} }

// endsGroup says that a group of items ends with this one: every eighth does, on the average. It depends on nothing
// but the item, so that a new item at the top of a feed leaves the groups below it as they are, on every replica.
func (p *part) endsGroup() bool { return p.digest[0]%8 == 0 }

// groups are runs of items of one feed, deflated, by what is in them. They share the bytes of the feed's newest
// document.
type groups map[[sha256.Size]byte][]byte

// writer puts a feed together, plain and compressed. Compressing is most of what a feed costs, so items are deflated
// in groups, and a group that the feed's last snapshot had is taken from there: what a new story costs is its own
// group and not the whole feed. The stream is a tenth longer than it would be in one piece.
type writer struct {
	separator string
	known     groups // of the snapshot before

	plain   []byte
	packed  []byte
	digests []byte
	made    groups
}

func (w *writer) write(head []byte, items []*part, tail []byte) error {
	size := len(head) + len(tail)
	for _, p := range items {
		size += len(p.bytes) + len(w.separator)
	}
	w.plain = make([]byte, 0, size)
	w.packed = append(make([]byte, 0, size/4), gzipHeader...)
	w.digests = make([]byte, 0, (len(items)+2)*sha256.Size)
	w.made = make(groups)

	if err := w.frame(head); err != nil {
		return err
	}
	for from := 0; from < len(items); {
		to := from + 1
		for to < len(items) && !items[to-1].endsGroup() {
			to++
		}
		if err := w.group(items[from:to], to == len(items)); err != nil {
			return err
		}
		from = to
	}
	if err := w.frame(tail); err != nil {
		return err
	}
	w.packed = append(w.packed, lastBlock...)
	w.packed = binary.LittleEndian.AppendUint32(w.packed, crc32.ChecksumIEEE(w.plain))
	w.packed = binary.LittleEndian.AppendUint32(w.packed, uint32(len(w.plain)))
	return nil
}

// frame writes what stands before or after the items.
func (w *writer) frame(b []byte) error {
	p := partOf(b)
	w.digests = append(w.digests, p.digest[:]...)
	w.plain = append(w.plain, b...)
	var err error
	w.packed, err = deflate(w.packed, b)
	return err
}

// group writes some items, each with the separator behind it unless it is the last of the feed.
func (w *writer) group(items []*part, last bool) error {
	from, digests := len(w.plain), len(w.digests)
	for i, p := range items {
		w.digests = append(w.digests, p.digest[:]...)
		w.plain = append(w.plain, p.bytes...)
		if !last || i+1 < len(items) {
			w.plain = append(w.plain, w.separator...)
		}
	}
	key := sha256.Sum256(w.digests[digests:])
	if last {
		key[0] ^= 1 // it lacks a separator
	}
	at := len(w.packed)
	if deflated, ok := w.known[key]; ok {
		w.packed = append(w.packed, deflated...)
	} else {
		var err error
		if w.packed, err = deflate(w.packed, w.plain[from:]); err != nil {
			return err
		}
	}
	// Should the slice move when it grows, the group stays where it is, which is as good.
	w.made[key] = w.packed[at:len(w.packed):len(w.packed)]
	return nil
}

// document is the feed with its validators. Its entity tag is made of the digests of its parts: two feeds have the
// same tag only if they have the same bytes, and none is read through again to find it.
func (w *writer) document(f format, v *feed.View) *feed.Document {
	tag := Tag(w.digests)
	return &feed.Document{
		ContentType:  f.contentType(),
		LastModified: v.Updated.UTC().Truncate(time.Second),
		Identity:     feed.Body{Bytes: w.plain, ETag: `"` + tag + `"`},
		Gzip:         feed.Body{Bytes: w.packed, ETag: `"` + tag + `-gzip"`},
	}
}

// Tag names bytes by 128 bits of their SHA-256, as 22 characters that may stand in an entity tag.
func Tag(b []byte) string {
	sum := sha256.Sum256(b)
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

var (
	// gzipHeader names no time, no file and no system (RFC 1952, section 2.3): the same bytes give the same stream.
	gzipHeader = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}
	// lastBlock is an empty stored block that ends the stream (RFC 1951, section 3.2.4).
	lastBlock = []byte{1, 0, 0, 0xff, 0xff}
)

// deflate appends b to a stream as whole blocks that begin and end at a byte and look back at nothing before them.
func deflate(stream, b []byte) ([]byte, error) {
	out := bytes.NewBuffer(stream)
	w := packers.Get().(*flate.Writer)
	defer packers.Put(w)
	w.Reset(out)
	if _, err := w.Write(b); err != nil {
		return nil, err
	}
	// Unlike Close, Flush leaves the stream open, behind an empty block that ends at a byte.
	if err := w.Flush(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// packers are kept because one holds hundreds of kilobytes of tables.
var packers = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, 6)
	if err != nil {
		panic(err) // the level is a constant
	}
	return w
}}
