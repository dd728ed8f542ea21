package wire

import (
	"testing"
	"time"
)

// told makes a story as it comes in.
func told(id string, version int64, sequence uint64) *Story {
	return &Story{ID: id, Provider: "p-" + id, Version: version, Status: Usable, Language: "en", Body: Body{Text: id},
		Received: Received{Sequence: sequence, Digest: id + string(rune('a'+sequence))}}
}

func translated(id, of string, sequence uint64) *Story {
	s := told(id, 1, sequence)
	s.Translation = &Translation{Of: of, From: "und", To: "en", Method: "human"}
	return s
}

func TestFollow(t *testing.T) {
	killed := told("a", 1, 5)
	killed.Status = Canceled
	corrected := told("a", 2, 5)
	corrected.Signal = Correction
	before := told("a", 2, 1) // corrected before the translation was made
	before.Signal = Correction
	stranger := told("a", 1, 5)
	stranger.Provider, stranger.Status = "stranger", Canceled

	for _, test := range []struct {
		name     string
		original *Story
		effect   Status
		status   Status
		fate     Status // "": none
	}{
		{"alive", told("a", 1, 5), "", Usable, ""},
		{"killed", killed, "", Withheld, Canceled},
		{"killed, and so are translations", killed, Canceled, Canceled, Canceled},
		{"killed, and translations are warned", killed, Usable, Usable, Canceled},
		{"corrected", corrected, "", Usable, Usable},
		{"corrected before", before, "", Usable, ""},
		{"another one's of that id", stranger, "", Usable, ""},
	} {
		of := translated("b", "a", 3)
		of.Translation.Provider = "p-a"
		got, _ := Follow(of, test.original, test.effect)
		if got.Status != test.status || (got.Translation.Original == nil) != (test.fate == "") || test.fate != "" && got.Translation.Original.Status != test.fate {
			t.Errorf("%s: %s, %+v", test.name, got.Status, got.Translation.Original)
		}
		if of.Status != Usable || of.Translation.Original != nil {
			t.Errorf("%s: the story that was given is changed", test.name)
		}
		if again, changed := Follow(got, test.original, test.effect); changed {
			t.Errorf("%s: it follows twice: %+v", test.name, again)
		}
	}
}

// A kill holds back the whole chain, the desk's release counts for what was before it only, and circles hold nobody.
func TestChain(t *testing.T) {
	a, b, c := told("a", 1, 1), translated("b", "a", 2), translated("c", "b", 3)
	a.Status = Canceled
	b, _ = Follow(b, a, "")
	c, _ = Follow(c, b, "")
	if b.Status != Withheld || c.Status != Withheld || c.Translation.Original.ID != "a" {
		t.Fatalf("b is %s, c is %s for %+v", b.Status, c.Status, c.Translation.Original)
	}
	if !b.Waits() || !c.Waits() {
		t.Error("they do not wait for the desk")
	}
	release := &Order{Action: OrderRelease, ID: "b", By: "desk"}
	b, err := release.Apply(b, "p-b", Received{Sequence: 7}, nil)
	if err != nil || b.Status != Usable || b.Waits() {
		t.Fatalf("b is %s after its release: %v", b.Status, err)
	}
	if c, _ = Follow(c, b, ""); c.Status != Usable {
		t.Errorf("c is %s when b is released", c.Status)
	}
	a.Received.Sequence = 9 // killed anew
	if b, _ = Follow(b, a, ""); b.Status != Withheld {
		t.Errorf("b is %s after another kill", b.Status)
	}
	circle := translated("a", "b", 1)
	circle.Provider = "p-a"
	if circle, _ = Follow(circle, b, ""); circle.Status != Usable {
		t.Errorf("a story is held back by itself: %+v", circle.Translation.Original)
	}
}

func TestPair(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	a, b := told("a", 1, 1), translated("b", "a", 2)
	if _, changed := Pair(a, b, at); changed {
		t.Error("a story is paired before it is known whose it translates")
	}
	b, _ = Follow(b, a, "")
	a, changed := Pair(a, b, at)
	if !changed || len(a.Translations) != 1 || a.Translations[0].Key() != b.Key() {
		t.Fatalf("%+v", a.Translations)
	}
	if _, changed := Pair(a, b, at.Add(time.Hour)); changed {
		t.Error("a later version of the translation changes the original")
	}
	embargo, expires := at.Add(3*time.Hour), at.Add(5*time.Hour)
	b.Embargo, b.Expires = &embargo, &expires
	if a, changed = Pair(a, b, embargo); !changed || !a.Translations[0].From.Equal(embargo) || !a.Translations[0].Until.Equal(expires) {
		t.Errorf("a translation that has an embargo and expires now is shown as before: %+v", a.Translations)
	}
	if _, changed := Pair(a, b, embargo.Add(time.Hour)); changed {
		t.Error("a version after the embargo changes the original")
	}
	b.Embargo, b.Expires = nil, nil
	if a, changed = Pair(a, b, at.Add(time.Hour)); !changed || !a.Translations[0].From.Equal(at.Add(time.Hour)) || !a.Translations[0].Until.IsZero() {
		t.Errorf("a translation without its embargo is not shown: %+v", a.Translations)
	}
	b.Status = Withheld
	if a, _ = Pair(a, b, at); len(a.Translations) != 0 {
		t.Errorf("a translation that is held back is still named: %+v", a.Translations)
	}
}

func TestMark(t *testing.T) {
	correction, b := told("a", 2, 5), translated("b", "a", 3)
	correction.Signal, b.Translation.Provider = Correction, "p-a"
	marked, changed := Mark(b, correction)
	if !changed || marked.Status != Usable || !marked.Waits() {
		t.Fatalf("%s, %+v", marked.Status, marked.Translation.Original)
	}
	held := translated("b", "a", 3)
	killed := told("a", 1, 4)
	killed.Status = Canceled
	held, _ = Follow(held, killed, "")
	if _, changed := Mark(held, correction); changed {
		t.Error("a correction releases what a kill holds back")
	}
}

// A translation knows when its original expires, and when that changes.
func TestFollowExpiry(t *testing.T) {
	ends := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	original, translation := told("en", 1, 1), told("id", 1, 2)
	translation.Translation = &Translation{Of: "en", From: "und", To: "id", Method: "human"}
	original.Expires = &ends
	next, _ := Follow(translation, original, Withheld)
	if next.Translation.Expires == nil || !next.Translation.Expires.Equal(ends) || next.Expires != nil {
		t.Fatalf("its original expires %v, itself %v", next.Translation.Expires, next.Expires)
	}
	if _, changed := Follow(next, original, Withheld); changed {
		t.Error("it follows again")
	}
	original.Expires = nil
	if next, changed := Follow(next, original, Withheld); !changed || next.Translation.Expires != nil {
		t.Errorf("its original expires %v", next.Translation.Expires)
	}
}

// An original's embargo holds what was made of it, for as long as it has one.
func TestFollowEmbargo(t *testing.T) {
	at := time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)
	until, sooner := at.Add(2*time.Hour), at.Add(time.Hour)
	original, translation, further := told("en", 1, 1), told("id", 1, 2), told("jv", 1, 3)
	translation.Translation = &Translation{Of: "en", From: "und", To: "id", Method: "human"}
	further.Translation = &Translation{Of: "id", From: "und", To: "jv", Method: "human"}
	released := func() (time.Time, time.Time) {
		translation, _ = Follow(translation, original, Withheld)
		further, _ = Follow(further, translation, Withheld)
		return Release(translation, at), Release(further, at)
	}
	original.Embargo, translation.Embargo = &until, &sooner
	if a, b := released(); !a.Equal(until) || !b.Equal(until) {
		t.Errorf("they are released at %s and %s", a, b)
	}
	if again, changed := Follow(translation, original, Withheld); changed {
		t.Errorf("it follows again: %+v", again)
	}
	original.Embargo, original.Lifted = nil, true
	if a, b := released(); !a.Equal(sooner) || !b.Equal(sooner) {
		t.Errorf("after the original's is lifted they are released at %s and %s", a, b)
	}
	original.Embargo, translation.Embargo, translation.Lifted = &until, nil, true
	if a, b := released(); !a.Equal(at) || !b.Equal(at) {
		t.Errorf("lifted for the translation they are released at %s and %s", a, b)
	}
}
