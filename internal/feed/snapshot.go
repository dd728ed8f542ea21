package feed

import (
	"sync/atomic"
	"time"
)

// Snapshot is a feed as it is served: its view, and the documents that are made of that view and of nothing else.
type Snapshot struct {
	View *View
	// Reserved and Policy are the strictest of the stories' reservation against AI and its policy's address.
	Reserved bool
	Policy   string
	Documents

	// replaced is closed when another one is in its place; nil if it was never a Keeper's.
	replaced chan struct{}
}

// Documents are those of one snapshot. They may be asked for by several goroutines.
type Documents interface {
	// Document gives the feed in a format and a coding, nil when there is no such format. What nobody asked for lately
	// is made now, once for all who ask meanwhile; an error is a fault of the program and is not kept.
	Document(Format, Coding) (*Document, error)
	// Since gives what a reader lacks that has the document of an entity tag: the feed with only the entries that are
	// new or changed since (RFC 3229), under the entity tag of the whole. It is nil, and the reader needs the whole,
	// when the tag is no longer remembered, when no entry is new, or when nearly all are.
	Since(f Format, c Coding, etag string) (*Document, error)
}

// Coding is a content coding (RFC 9110, section 8.4.1).
type Coding uint8

const (
	Identity Coding = iota
	Gzip
	Zstd   // RFC 8878
	Brotli // RFC 7932

	// Codings is how many there are.
	Codings = iota
)

// String is the coding's name in HTTP.
func (c Coding) String() string { return [Codings]string{"identity", "gzip", "zstd", "br"}[c] }

// Document is a feed in one format and one coding.
type Document struct {
	ContentType string
	Coding      Coding
	// LastModified is the instant of the last change of the document, in whole seconds, UTC.
	LastModified time.Time
	// ETag is the strong validator, with its quotes (RFC 9110, section 8.8.3). It is known before the bytes are made.
	ETag string
	// Body gives the bytes, always the same. They are made by the first who asks, and dropped when nobody does for long.
	Body func() (*Body, error)
	// Answer is where whoever sends the document keeps what of the answer can be made beforehand.
	Answer atomic.Value
}

// Body is what is sent, in pieces that several documents may share. It is immutable.
type Body struct {
	Pieces [][]byte
	// Length is the number of bytes, as the value of a Content-Length.
	Length []string
}
