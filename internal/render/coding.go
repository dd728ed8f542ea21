package render

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"math/bits"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/andybalholm/brotli/matchfinder"
	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zstd"

	"kawat/internal/feed"
)

// coder writes a content coding as fragments that are made one by one and stand one after the other, whatever came
// before. The same bytes give the same fragment, whenever and wherever it is made.
type coder struct {
	// open begins a stream.
	open []byte
	// pack gives a fragment; b is not empty.
	pack func(b []byte) ([]byte, error)
	// end ends a stream, which holds these plain bytes.
	end func(plain [][]byte) []byte
}

// coders are by coding; there is none for feed.Identity.
var coders = [feed.Codings]*coder{
	feed.Gzip:   {open: gzipHeader, pack: deflate, end: gzipEnd},
	feed.Zstd:   {pack: zstdFrame, end: func([][]byte) []byte { return nil }},
	feed.Brotli: {open: brotliHeader, pack: brotliFragment, end: func([][]byte) []byte { return brotliEnd }},
}

// gzipHeader names no time, no file and no system (RFC 1952, section 2.3): the same bytes give the same stream.
var gzipHeader = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}

// deflate writes b as whole blocks that begin and end at a byte and look back at nothing before them.
func deflate(b []byte) ([]byte, error) {
	var out bytes.Buffer
	w := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(w)
	w.Reset(&out)
	if _, err := w.Write(b); err != nil {
		return nil, err
	}
	// Unlike Close, Flush leaves the stream open, behind an empty block that ends at a byte.
	if err := w.Flush(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

// gzipEnd is an empty stored block as the last (RFC 1951, section 3.2.4), and the trailer.
func gzipEnd(plain [][]byte) []byte {
	var crc, length uint32
	for _, b := range plain {
		crc = crc32.Update(crc, crc32.IEEETable, b)
		length += uint32(len(b))
	}
	end := []byte{1, 0, 0, 0xff, 0xff}
	end = binary.LittleEndian.AppendUint32(end, crc)
	return binary.LittleEndian.AppendUint32(end, length)
}

// deflaters, like brotliMatchers, are kept because one holds hundreds of kilobytes of tables.
var deflaters = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, 6)
	if err != nil {
		panic(err) // the level is a constant
	}
	return w
}}

// zstdFrame writes b as a frame of its own: frames stand one after the other (RFC 8878, section 3). A frame takes no more
// of a reader's memory than zstdWindow, which is within what RFC 9659 allows.
func zstdFrame(b []byte) ([]byte, error) {
	if len(b) <= short {
		return zstdFastest().EncodeAll(b, nil), nil
	}
	return zstdDefault().EncodeAll(b, nil), nil
}

var (
	zstdFastest = sync.OnceValue(func() *zstd.Encoder { return zstdEncoder(zstd.SpeedFastest) })
	zstdDefault = sync.OnceValue(func() *zstd.Encoder { return zstdEncoder(zstd.SpeedDefault) })
)

func zstdEncoder(level zstd.EncoderLevel) *zstd.Encoder {
	// No checksum: neither br nor the plain bytes have one.
	w, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(level), zstd.WithEncoderCRC(false), zstd.WithWindowSize(zstdWindow), zstd.WithLowerEncoderMem(true))
	if err != nil {
		panic(err) // the options are constants
	}
	return w
}

const (
	zstdWindow = 1 << 20
	// brotliDistance is how far a fragment looks back within itself, brotliBlock how much is written with the same codes.
	brotliDistance = 1 << 16
	brotliBlock    = 1 << 16
	// short is up to which length the large tables of a better search cost more time than they are worth: a story is shorter,
	// a group is not.
	short = 16 << 10
)

var (
	// brotliHeader is a window of 1 MB, more than brotliDistance, in four bits (RFC 7932, section 9.1), and an empty
	// meta-block that ends at a byte.
	brotliHeader = []byte{(0b0111 | emptyMetaBlock<<4) & 0xff, emptyMetaBlock >> 4}
	// brotliEnd is the last meta-block, which is empty (section 9.2).
	brotliEnd = []byte{0b11}
)

// emptyMetaBlock holds nothing but metadata, of no bytes: six bits, and zeros up to the end of the byte (section 9.2).
const (
	emptyMetaBlock = 0b000110
	emptyMetaBits  = 6
)

// brotliFragment writes b as whole meta-blocks that begin and end at a byte. They use neither the static dictionary nor
// contexts nor the last distances, which depend on what came before.
func brotliFragment(b []byte) (fragment []byte, err error) {
	m := brotliMatchers.Get().(*brotliMatcher)
	defer brotliMatchers.Put(m)
	var find matchfinder.MatchFinder = matchfinder.M0{Lazy: true}
	if len(b) > short {
		m.find.Reset()
		find = &m.find
	}
	for len(b) > 0 {
		block := b[:min(len(b), brotliBlock)]
		b = b[len(block):]
		m.found = find.FindMatches(m.found[:0], block)
		fragment = m.encoder.Encode(fragment, block, m.found, len(b) == 0)
	}
	// The encoder ended the stream: two bits that are set, then zeros up to the byte's end. In their place goes a
	// meta-block that ends at a byte and lets others follow.
	last := len(fragment) - 1
	tail := uint32(fragment[last])<<8 | uint32(fragment[last-1])
	at := bits.Len32(tail) - 2
	tail = tail&^(0b11<<at) | emptyMetaBlock<<at
	fragment[last-1], fragment[last] = byte(tail), byte(tail>>8)
	if at+emptyMetaBits > 16 {
		fragment = append(fragment, byte(tail>>16))
	}
	return fragment, nil
}

type brotliMatcher struct {
	find    matchfinder.Trio
	found   []matchfinder.Match
	encoder brotli.Encoder
}

var brotliMatchers = sync.Pool{New: func() any {
	m := &brotliMatcher{find: matchfinder.Trio{MaxDistance: brotliDistance}}
	// It writes a header once, which fragments must not have: here it goes nowhere, and the last byte with it, so that the
	// next fragment begins at a byte.
	m.encoder.Encode(nil, nil, nil, true)
	return m
}}
