package wire

import (
	"cmp"
	"slices"
	"time"
)

// Fate is what became of the story that a translation was made from, or of one that this was made from in its turn.
type Fate struct {
	// Provider and ID name the story that it happened to.
	Provider string `json:"provider"`
	ID       string `json:"id"`
	// Status is that story's: canceled or withheld. Usable says that it was corrected.
	Status  Status `json:"status"`
	Version int64  `json:"version"`
	// Sequence is the message on WIRE that did it, and At the server's time of that.
	Sequence uint64    `json:"sequence"`
	At       time.Time `json:"at"`
	// Effect is the status that the translation has by it until a desk decides; Usable only marks it.
	Effect Status `json:"effect"`
}

// Counterpart is a story in another language with the same matter.
type Counterpart struct {
	Provider string `json:"provider"`
	ID       string `json:"id"`
	Language string `json:"language"`
	// From is the instant from which it may be shown.
	From time.Time `json:"from"`
	// Until is the instant from which it is no longer shown; zero: never.
	Until time.Time `json:"until,omitzero"`
}

// Key names the counterpart.
func (c Counterpart) Key() Key { return Key{Provider: c.Provider, ID: c.ID} }

// OriginalID is the ID of the story that s translates, "" where it translates none or nobody says which.
func (s *Story) OriginalID() string {
	if s.Translation == nil {
		return ""
	}
	return s.Translation.Of
}

// Waits says that what became of the story's original waits for a desk's decision.
func (s *Story) Waits() bool {
	return s.Translation != nil && s.Translation.Original != nil && s.Status != Canceled && !s.decided(s.Translation.Original)
}

// decided says that the desk has released the story since.
func (s *Story) decided(f *Fate) bool {
	return s.Desk != nil && (s.Desk.Action == OrderRelease || s.Desk.Action == OrderReinstate) && s.Desk.Sequence > f.Sequence
}

// deskHolds says that the desk has killed the story or holds it back.
func (s *Story) deskHolds() bool {
	return s.Desk != nil && (s.Desk.Action == OrderKill || s.Desk.Action == OrderWithhold)
}

// own is the status that the copy itself has.
func (s *Story) own() Status { return cmp.Or(s.Received.Status, s.Status) }

// settle gives the story the status that follows from the copy's own, the desk's decision and the original's fate: the
// desk's word stands above the copy's, and an original that may not be used holds back what was made of it.
func (s *Story) settle() {
	own := s.own()
	status := own
	if d := s.Desk; d != nil && own != Canceled {
		switch d.Action {
		case OrderKill:
			status = Canceled
		case OrderWithhold:
			status = Withheld
		}
	}
	if status == Usable && s.Translation != nil && s.Translation.Original != nil && !s.decided(s.Translation.Original) {
		status = s.Translation.Original.Effect
	}
	s.Status, s.Received.Status = status, ""
	if status != own {
		s.Received.Status = own
	}
}

// fate is what s, an original, does to a translation t of it; nil: nothing.
func (s *Story) fate(t *Story, effect Status) *Fate {
	f := Fate{Provider: s.Provider, ID: s.ID, Status: s.Status, Version: s.Version,
		Sequence: s.Received.Sequence, At: s.Received.At, Effect: cmp.Or(effect, Withheld)}
	var further *Fate // up the chain
	if s.Translation != nil && s.Translation.Original != nil && !s.decided(s.Translation.Original) {
		copied := *s.Translation.Original
		further = &copied
	}
	switch {
	case s.Status != Usable && (s.own() != Usable || s.deskHolds()):
		// By its own copy, or by the desk; the later of the two, so that a release of before does not count for it.
		if s.deskHolds() && (s.own() == Usable || s.Desk.Sequence > f.Sequence) {
			f.Sequence, f.At = s.Desk.Sequence, s.Desk.At
		}
	case further != nil && further.Status != Usable:
		// What holds it back, or would if its provider were not to be warned only, holds back what was made of it.
		further.Effect = f.Effect
		f = *further
	case s.Signal == Correction && s.Received.Sequence > t.Received.Sequence:
		f.Effect = Usable
	case further != nil && further.Sequence > t.Received.Sequence:
		f = *further
	default:
		// A correction that was noted stays noted until the translation has a newer version itself.
		had := t.Translation.Original
		if had == nil || had.Status != Usable || had.Sequence <= t.Received.Sequence {
			return nil
		}
		f = *had
	}
	if f.Provider == t.Provider && f.ID == t.ID {
		return nil // a circle, which holds nobody
	}
	return &f
}

// Follow gives the translation t as it is after what became of its original, and whether that changes anything. effect is
// the status that it takes when the original is killed or withheld ("" for Withheld). Neither story is changed.
func Follow(t, original *Story, effect Status) (next *Story, changed bool) {
	if t.Translation == nil || t.Translation.Of != original.ID || t.Status == Canceled ||
		t.Translation.Provider != "" && t.Translation.Provider != original.Provider {
		return t, false
	}
	fate := original.fate(t, effect)
	had := t.Translation
	same := fate == nil && had.Original == nil || fate != nil && had.Original != nil && *fate == *had.Original
	from := had.From
	if from == "und" {
		from = original.Language
	}
	var embargo, expires *time.Time // a kill has none
	if original.Status != Canceled && (original.Provider != t.Provider || original.ID != t.ID) {
		embargo, expires = original.until(), original.Expires
	}
	same = same && sameTime(embargo, had.Embargo) && sameTime(expires, had.Expires)
	if same && had.Provider == original.Provider && had.From == from {
		return t, false
	}
	next = t.clone()
	next.Translation.Provider, next.Translation.From, next.Translation.Original = original.Provider, from, fate
	next.Translation.Embargo, next.Translation.Expires = embargo, expires
	next.settle()
	return next, true
}

func sameTime(a, b *time.Time) bool {
	return (a == nil) == (b == nil) && (a == nil || a.Equal(*b))
}

// Mark notes on the translation t that its original was corrected by a version of it that came too late to stand itself, and
// says whether that changes anything. Neither story is changed.
func Mark(t, correction *Story) (next *Story, changed bool) {
	if t.Translation == nil || t.Translation.Of != correction.ID || t.Translation.Provider != correction.Provider || t.Status == Canceled ||
		correction.Signal != Correction || correction.Received.Sequence <= t.Received.Sequence {
		return t, false
	}
	if had := t.Translation.Original; had != nil && (had.Status != Usable || had.Sequence >= correction.Received.Sequence) {
		return t, false
	}
	next = t.clone()
	next.Translation.Original = &Fate{Provider: correction.Provider, ID: correction.ID, Status: Usable, Version: correction.Version,
		Sequence: correction.Received.Sequence, At: correction.Received.At, Effect: Usable}
	next.settle()
	return next, true
}

// Pair gives the original with t among its translations, or no longer among them where t may not be used or translates
// another story now, and whether that changes anything. from is the instant from which t may be shown. Neither story is
// changed.
func Pair(original, t *Story, from time.Time) (next *Story, changed bool) {
	if original.Status == Canceled {
		return original, false
	}
	there := Counterpart{Provider: t.Provider, ID: t.ID, Language: t.Language, From: from.UTC()}
	if t.Expires != nil {
		there.Until = t.Expires.UTC()
	}
	at := slices.IndexFunc(original.Translations, func(c Counterpart) bool { return c.Key() == there.Key() })
	belongs := t.Status == Usable && t.OriginalID() == original.ID && t.Translation.Provider == original.Provider
	switch {
	case !belongs && at < 0:
		return original, false
	case belongs && at >= 0:
		// It may be shown from when it could first be: later versions of it change nothing here, unless they hold it back again
		// by an embargo.
		had := original.Translations[at]
		if until := t.until(); there.From.After(had.From) && (until == nil || !there.From.Equal(*until)) {
			there.From = had.From
		}
		if had.Language == there.Language && had.From.Equal(there.From) && had.Until.Equal(there.Until) {
			return original, false
		}
	}
	next = original.clone()
	next.Translations = slices.Clone(original.Translations)
	if at >= 0 {
		next.Translations = slices.Delete(next.Translations, at, at+1)
	}
	if belongs {
		next.Translations = append(next.Translations, there)
		slices.SortFunc(next.Translations, func(a, b Counterpart) int {
			return cmp.Or(cmp.Compare(a.Language, b.Language), cmp.Compare(a.Provider, b.Provider), cmp.Compare(a.ID, b.ID))
		})
	}
	return next, true
}

// clone gives a copy of the story whose Translation, Inherited and Evidence can be changed.
func (s *Story) clone() *Story {
	c := *s
	if s.Translation != nil {
		t := *s.Translation
		c.Translation = &t
	}
	c.Evidence = slices.Clone(s.Evidence)
	return &c
}
