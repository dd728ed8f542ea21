package wire

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
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
	if !s.Placed.IsZero() {
		recorded = s.Placed
	}
	if until := s.until(); s.Status == Usable && until != nil && until.After(recorded) {
		return until.UTC()
	}
	return recorded.UTC()
}

// until is the end of the story's embargo, or of its original's if that is later and nobody has lifted it for s; nil: none.
func (s *Story) until() *time.Time {
	if t := s.Translation; t != nil && t.Embargo != nil && !s.Lifted && (s.Embargo == nil || t.Embargo.After(*s.Embargo)) {
		return t.Embargo
	}
	return s.Embargo
}

// InPlace gives next, which amends the record that stands, with that record's place in the feeds, unless its readers have to
// see it anew: because it may be used again or no longer, because of what became of its original, or for another embargo.
func InPlace(standing Record, next *Story) *Story {
	before, after := standing.Story, *next
	fate := func(s *Story) Fate {
		if s.Translation == nil || s.Translation.Original == nil {
			return Fate{}
		}
		return *s.Translation.Original
	}
	embargo := func(s *Story) time.Time {
		if until := s.until(); until != nil {
			return *until
		}
		return time.Time{}
	}
	after.Placed = time.Time{}
	if before.Status == after.Status && fate(before) == fate(&after) && embargo(before).Equal(embargo(&after)) {
		if after.Placed = before.Placed; after.Placed.IsZero() {
			after.Placed = standing.Recorded.UTC()
		}
	}
	return &after
}

// Rank orders the records of one story as text: of two records the one with the greater rank stands. What was reinstated
// stands above all that was before; then a kill stands above every version; then the version decides, then the
// sequence on STORIES.
func (r Record) Rank() string {
	killed := 0
	if r.Status == Canceled {
		killed = 1
	}
	return fmt.Sprintf("%020d%d%016d%020d", r.Reinstated, killed, r.Version, r.Sequence)
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

// Judge says what becomes of the copy s where standing is the version that stands (nil: none). It depends on versions and
// on the order on WIRE only, never on when or where it is asked, so that replicas agree. Copy that becomes the version
// that stands takes over from the one before what it does not say itself and what the desk has decided.
//
// Copy that states no version (Received.Unversioned) is taken to be of the version that stands: Judge sets s.Version.
func Judge(standing, s *Story) Verdict {
	if standing == nil {
		if s.Signal == Reinstate {
			s.Reinstated = s.Received.Sequence
		}
		return Newer
	}
	if s.Received.Unversioned {
		s.Version = standing.Version
	}
	verdict := judge(standing, s)
	if verdict == Newer || verdict == Conflict {
		s.succeed(standing)
	}
	return verdict
}

func judge(standing, s *Story) Verdict {
	killed := standing.Status == Canceled
	switch {
	case s.Received.Digest == standing.Received.Digest && s.Version == standing.Version && s.own() == standing.own():
		return Duplicate
	case s.Received.Sequence < standing.Reinstated:
		return Stale // it came before the story was brought back
	case s.Signal == Reinstate && killed && s.Received.Sequence < standing.Received.Sequence:
		return Stale // it was killed again after this
	case s.Signal == Reinstate && killed:
		// The caller looks up whether the same copy has brought it back before: then it was killed again since.
		return Conflict
	case killed && s.Status != Canceled:
		return Stale
	case s.Status == Canceled && !killed:
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

// succeed completes s, which becomes the version that stands after standing.
func (s *Story) succeed(standing *Story) {
	s.Reinstated = standing.Reinstated
	if s.Signal == Reinstate && standing.Status == Canceled {
		s.Reinstated = s.Received.Sequence
		s.Version = max(s.Version, standing.Version+1)
	}
	if s.Status == Canceled && standing.Status == Canceled && s.Received.Sequence < standing.Received.Sequence {
		s.Received = standing.Received // the last of the kills is the one that a reinstatement must come after
	}
	s.Desk, s.Awaits = standing.Desk, standing.Awaits
	if s.Status != Canceled && standing.Status != Canceled { // else they are looked up anew, should it be brought back
		s.Translations = standing.Translations
	}
	s.inherit(standing)
	s.settle()
}

// Complete gives the version that stands with what other copy of the story, which does not become the version that stands,
// says of it, and whether that changes anything. Late copy may have an embargo, or name the original. A story that is
// killed once more stays killed by a reinstatement from between the two kills; that one is noted, so that it brings nothing
// back when it is pushed again. Neither story is changed.
func Complete(standing, other *Story) (next *Story, changed bool) {
	next, changed = complete(standing, other)
	if other.Signal != Reinstate || other.Received.Digest == standing.Received.Digest || tooEarly(standing, other, true) {
		return next, changed
	}
	if !changed {
		next = standing.clone()
	}
	next.AddEvidence("signal", ruleTooEarly, fmt.Sprintf("%s %d", other.Received.Digest, other.Received.Sequence))
	return next, true
}

// ruleTooEarly is the rule of evidence for a reinstatement that was passed over: its digest and its sequence on WIRE.
const ruleTooEarly = "too-early"

// TooEarly says whether a reinstatement with the bytes of s was passed over before while r stood. One acts once, and only on a
// kill that came before it.
func (r Record) TooEarly(s *Story) bool { return tooEarly(r.Story, s, false) }

// tooEarly says whether standing notes copy with the digest of s, s itself counted or not.
func tooEarly(standing, s *Story, itself bool) bool {
	for _, e := range standing.Evidence {
		if digest, sequence, _ := strings.Cut(e.Text, " "); e.Rule == ruleTooEarly && digest == s.Received.Digest &&
			(itself || sequence != strconv.FormatUint(s.Received.Sequence, 10)) {
			return true
		}
	}
	return false
}

func complete(standing, other *Story) (next *Story, changed bool) {
	killed, kills := standing.Status == Canceled, other.Status == Canceled
	switch {
	case other.Received.Sequence < standing.Reinstated:
		return standing, false
	case killed && kills && other.Received.Sequence > standing.Received.Sequence:
		next = standing.clone()
		next.Received, next.Received.Status = other.Received, ""
		return next, true
	case killed && !kills:
		// It does not come back by this, but it must not come back before the embargo that this states. What is sent once more
		// was pushed before the kill, and stated nothing new.
		if e := other.Embargo; e == nil || other.Received.Sequence < standing.KilledAt() && other.Version <= standing.Version ||
			standing.Awaits != nil && !e.After(*standing.Awaits) {
			return standing, false
		}
		next = standing.clone()
		next.Awaits = other.Embargo
		return next, true
	case kills || other.Version >= standing.Version:
		return standing, false
	}
	next = standing.clone()
	if !next.inherit(other) {
		return standing, false
	}
	next.settle()
	return next, true
}

// Regain gives s, which brings a killed story back, what the newest version before the kill says and it does not; nil: there
// is none. A kill itself has no embargo, and one that is broken by a mistaken kill would be broken for good. Where that
// version was pushed after s and updates it, so that only its being recorded before the kill has it killed, it is what is
// brought back. stated is the version that s states.
func (s *Story) Regain(before *Story, stated int64) {
	until, own := s.Awaits, s.Embargo != nil || s.Lifted
	switch {
	case before == nil:
	case before.Received.Sequence > s.Received.Sequence && before.Version >= stated:
		next := before.clone()
		next.Version, next.Reinstated, next.Desk, next.Translations = max(before.Version, s.Version), s.Reinstated, s.Desk, nil
		next.Placed = time.Time{}
		*s, own = *next, false
	default:
		s.inherit(before)
	}
	if s.Awaits = nil; !own {
		s.await(until)
	}
	s.settle()
}

// await holds s, which comes back after a kill, until the end of the last embargo that other copy stated meanwhile.
func (s *Story) await(until *time.Time) {
	if until == nil || s.Embargo != nil && !until.After(*s.Embargo) {
		return
	}
	s.Embargo, s.Lifted, s.Inherited = until, false, maps.Clone(s.Inherited)
	if s.Inherited == nil {
		s.Inherited = map[string]int64{}
	}
	s.Inherited[inheritsEmbargo] = s.Version
}

// KilledAt is the last kill of the story on WIRE, its provider's or the desk's, while it is killed.
func (s *Story) KilledAt() uint64 {
	killed := s.Received.Sequence
	if s.killedByDesk() {
		killed = max(killed, s.LastOrder(OrderKill))
	}
	return killed
}

// Names of the fields that are inherited.
const (
	inheritsEmbargo  = "embargo"
	inheritsExpires  = "expires"
	inheritsOriginal = "translation.of"
)

// inherit takes from an older version what s does not state: its embargo and its expiry, which a correction must not lift in
// silence, and the original that it translates. What several older versions state it has from the newest of them. It says
// whether anything was taken.
func (s *Story) inherit(older *Story) bool {
	before := s.Inherited
	from := func(field string, x *Story, states bool) int64 {
		if v, ok := x.Inherited[field]; ok {
			return v
		}
		if states {
			return x.Version
		}
		return 0
	}
	take := func(field string, mine, theirs bool) (int64, bool) {
		_, inherits := s.Inherited[field]
		v := from(field, older, theirs)
		return v, v > 0 && (!mine || inherits && v > s.Inherited[field])
	}
	set := func(field string, version int64) {
		inherited := maps.Clone(s.Inherited)
		if inherited == nil {
			inherited = map[string]int64{}
		}
		inherited[field] = version
		s.Inherited = inherited
	}
	// A kill waits for nothing.
	if v, ok := take(inheritsEmbargo, s.Embargo != nil || s.Lifted, older.Embargo != nil || older.Lifted); ok && s.Status != Canceled {
		s.Embargo, s.Lifted = older.Embargo, older.Lifted
		set(inheritsEmbargo, v)
	}
	_, inherits := s.Inherited[inheritsExpires]
	if v, ok := take(inheritsExpires, s.Expires != nil || inherits, older.Expires != nil); ok && s.Status != Canceled {
		// What is sent when that time is over is meant to be shown.
		if s.Expires = older.Expires; s.Expires != nil && s.Expires.Before(s.Received.At) {
			s.Expires = nil
		}
		set(inheritsExpires, v)
	}
	theirs := older.Translation
	if v, ok := take(inheritsOriginal, s.OriginalID() != "", older.OriginalID() != ""); ok && s.Linked == 0 && theirs != nil {
		s.translates(theirs)
		set(inheritsOriginal, v)
	}
	if older.Linked > s.Linked { // the desk knows better than any version
		s.Linked = older.Linked
		switch {
		case theirs != nil:
			s.translates(theirs)
		case s.Translation != nil:
			s.translates(&Translation{})
		}
	}
	return !maps.Equal(before, s.Inherited)
}

// translates makes s a translation of what another of its versions translates.
func (s *Story) translates(as *Translation) {
	if s.Translation == nil {
		t := *as
		s.Translation = &t
		return
	}
	t := *s.Translation
	t.Of, t.Provider, t.Original, t.Embargo, t.Expires = as.Of, as.Provider, as.Original, as.Embargo, as.Expires
	s.Translation = &t
}
