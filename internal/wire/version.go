package wire

import (
	"fmt"
	"time"
)

// Record is a story as STORIES holds it: the version, its place in the stream, and the server's time of it there.
type Record struct {
	*Story
	// Sequence is the record's sequence on STORIES.
	Sequence uint64
	// Recorded is the server's time of the record on STORIES.
	Recorded time.Time
	// JSON is the story as it stands on STORIES, nil where it was not read from there or written there.
	JSON []byte
}

// Release is when this version takes its place in the feeds: when it was recorded, or the end of its embargo if
// that is later. It is also its position there.
func (r Record) Release() time.Time { return Release(r.Story, r.Recorded) }

// Release is when a story that was recorded at an instant takes its place in the feeds. An embargo holds back copy, never
// a kill.
func Release(s *Story, recorded time.Time) time.Time {
	if s.Status == Usable && s.Embargo != nil && s.Embargo.After(recorded) {
		return s.Embargo.UTC()
	}
	return recorded.UTC()
}

// Rank orders the versions of one story as text: of two records the one with the greater rank stands. A kill
// stands above every version; then the version decides, then the sequence on STORIES.
func (r Record) Rank() string {
	killed := 0
	if r.Status == Canceled {
		killed = 1
	}
	return fmt.Sprintf("%d%016d%020d", killed, r.Version, r.Sequence)
}

// Verdict is what becomes of copy when it meets the version of the story that stands.
type Verdict int

const (
	// Newer copy becomes the version that stands.
	Newer Verdict = iota
	// Conflict is other text under the version that stands: it came later, so it becomes the version that stands,
	// and the record says so. Whether the same bytes stood before is for the caller to look up.
	Conflict
	// Duplicate is the copy that stands already.
	Duplicate
	// Stale is older than what stands, or came to a story that was killed.
	Stale
)

func (v Verdict) String() string {
	return [...]string{"newer", "conflict", "duplicate", "stale"}[v]
}

// Judge says what becomes of s where standing is the version that stands (nil: none). It depends on versions and on
// the order on WIRE only, never on when or where it is asked, so that replicas agree.
//
// Copy that states no version (Received.Unversioned) is taken to be of the version that stands: Judge sets s.Version.
func Judge(standing, s *Story) Verdict {
	if standing == nil {
		return Newer
	}
	if s.Received.Unversioned {
		s.Version = standing.Version
	}
	same := s.Received.Digest == standing.Received.Digest
	switch {
	case same && s.Version == standing.Version && s.Status == standing.Status:
		return Duplicate
	case standing.Status == Canceled && s.Status != Canceled:
		return Stale
	case s.Status == Canceled && standing.Status != Canceled:
		return Newer
	case s.Version > standing.Version:
		return Newer
	case s.Version < standing.Version:
		return Stale
	case s.Received.Sequence <= standing.Received.Sequence:
		return Stale
	}
	return Conflict
}
