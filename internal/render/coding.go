package render

import (
	"bytes"
	"encoding/binary"
	"io"
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
	// alone gives a fragment; b is not empty.
	alone func(b []byte) ([]byte, error)
	// group gives fragments that each look back at those before, and so stand behind these only. None depends on those
	// after it, any of which may be left out with all that follow.
	group func(plain [][]byte) ([][]byte, error)
	// groupEnd ends a group.
	groupEnd []byte
	// end ends a stream, whose plain bytes have this checksum.
	end func(checksum) []byte
}

// coders are by coding; there is none for feed.Identity.
var coders = [feed.Codings]*coder{
	feed.Gzip:   {open: gzipHeader, alone: deflate, group: deflateGroup, end: gzipEnd},
	feed.Zstd:   {alone: zstdFrame, group: zstdGroup, groupEnd: zstdGroupEnd, end: func(checksum) []byte { return nil }},
	feed.Brotli: {open: brotliHeader, alone: brotliFragment, group: brotliGroup, end: func(checksum) []byte { return brotliEnd }},
}

// gzipHeader names no time, no file and no system (RFC 1952, section 2.3): the same bytes give the same stream.
var gzipHeader = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}

// deflate writes b as whole blocks that begin and end at a byte and look back at nothing before them.
func deflate(b []byte) ([]byte, error) {
	fragments, err := deflateGroup([][]byte{b})
	if err != nil {
		return nil, err
	}
	return fragments[0], nil
}

func deflateGroup(plain [][]byte) ([][]byte, error) {
	w := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(w)
	return flushed(w, plain)
}

// compressor is what flate.Writer and zstd.Encoder have in common.
type compressor interface {
	io.Writer
	Reset(io.Writer)
	// Flush leaves the stream open, unlike Close, at the end of a byte.
	Flush() error
}

// flushed compresses each of several texts to its own bytes.
func flushed(w compressor, plain [][]byte) ([][]byte, error) {
	var out bytes.Buffer
	w.Reset(&out)
	ends := make([]int, len(plain))
	for i, b := range plain {
		if _, err := w.Write(b); err != nil {
			return nil, err
		}
		if err := w.Flush(); err != nil {
			return nil, err
		}
		ends[i] = out.Len()
	}
	return cut(out.Bytes(), ends), nil
}

// cut cuts b where its fragments end.
func cut(b []byte, ends []int) [][]byte {
	fragments, from := make([][]byte, len(ends)), 0
	for i, end := range ends {
		fragments[i] = b[from:end:end]
		from = end
	}
	return fragments
}

// gzipEnd is an empty stored block as the last (RFC 1951, section 3.2.4), and the trailer.
func gzipEnd(c checksum) []byte {
	end := []byte{1, 0, 0, 0xff, 0xff}
	end = binary.LittleEndian.AppendUint32(end, c.crc)
	return binary.LittleEndian.AppendUint32(end, c.length)
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
func zstdFrame(b []byte) ([]byte, error) { return zstdFastest().EncodeAll(b, nil), nil }

var zstdFastest = sync.OnceValue(func() *zstd.Encoder { return zstdEncoder(zstd.SpeedFastest) })

// zstdGroup writes a frame of whole blocks without the last.
func zstdGroup(plain [][]byte) ([][]byte, error) {
	w := zstdEncoders.Get().(*zstd.Encoder)
	defer zstdEncoders.Put(w)
	return flushed(w, plain)
}

// zstdGroupEnd is the frame's last block, which is empty (RFC 8878, section 3.1.1.2).
var zstdGroupEnd = []byte{1, 0, 0}

var zstdEncoders = sync.Pool{New: func() any { return zstdEncoder(zstd.SpeedDefault, zstd.WithEncoderConcurrency(1)) }}

func zstdEncoder(level zstd.EncoderLevel, options ...zstd.EOption) *zstd.Encoder {
	// No checksum: neither br nor the plain bytes have one.
	w, err := zstd.NewWriter(nil, append(options, zstd.WithEncoderLevel(level), zstd.WithEncoderCRC(false), zstd.WithWindowSize(zstdWindow), zstd.WithLowerEncoderMem(true))...)
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
// contexts nor the last distances, which depend on what came before. A group is worth the large tables of a better search,
// a story is not.
func brotliFragment(b []byte) ([]byte, error) {
	m := brotliMatchers.Get().(*brotliMatcher)
	defer brotliMatchers.Put(m)
	return m.append(nil, b, matchfinder.M0{Lazy: true}), nil
}

func brotliGroup(plain [][]byte) ([][]byte, error) {
	m := brotliMatchers.Get().(*brotliMatcher)
	defer brotliMatchers.Put(m)
	m.find.Reset()
	var out []byte
	ends := make([]int, len(plain))
	for i, b := range plain {
		out = m.append(out, b, &m.find)
		ends[i] = len(out)
	}
	return cut(out, ends), nil
}

// append appends a fragment of b.
func (m *brotliMatcher) append(out, b []byte, find matchfinder.MatchFinder) []byte {
	for len(b) > 0 {
		block := b[:min(len(b), brotliBlock)]
		b = b[len(block):]
		m.found = find.FindMatches(m.found[:0], block)
		out = m.encoder.Encode(out, block, m.found, len(b) == 0)
	}
	// The encoder ended the stream: two bits that are set, then zeros up to the byte's end. In their place goes a
	// meta-block that ends at a byte and lets others follow.
	last := len(out) - 1
	tail := uint32(out[last])<<8 | uint32(out[last-1])
	at := bits.Len32(tail) - 2
	tail = tail&^(0b11<<at) | emptyMetaBlock<<at
	out[last-1], out[last] = byte(tail), byte(tail>>8)
	if at+emptyMetaBits > 16 {
		out = append(out, byte(tail>>16))
	}
	return out
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
