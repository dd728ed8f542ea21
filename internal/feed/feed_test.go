package feed_test

import (
	"slices"
	"testing"
	"time"

	"kawat/internal/feed"
	"kawat/internal/wire"
)

// TestAt: a story names a translation from the end of its embargo until it expires, and in its archive only one that stays.
func TestAt(t *testing.T) {
	epoch := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	hours := func(n int) time.Time { return epoch.Add(time.Duration(n) * time.Hour) }
	s := &wire.Story{ID: "a", Provider: "p", Status: wire.Usable, Translations: []wire.Counterpart{
		{ID: "always", From: epoch}, {ID: "ends", From: epoch, Until: hours(2)}, {ID: "later", From: hours(2)}, {ID: "between", From: hours(1), Until: hours(3)},
	}}
	e := feed.NewEntry(wire.Record{Story: s, Sequence: 1, Recorded: epoch}, epoch, nil)
	names := func(e *feed.Entry) (all []string) {
		for _, t := range e.Translations {
			all = append(all, t.ID)
		}
		return all
	}
	stages := map[int]bool{e.Lasting().Stage(): true}
	for n, c := range []struct {
		shown []string
		next  time.Time
	}{
		{[]string{"always", "ends"}, hours(1)},
		{[]string{"always", "ends", "between"}, hours(2)},
		{[]string{"always", "later", "between"}, hours(3)}, // as many as before
		{[]string{"always", "later"}, time.Time{}},
	} {
		shown, next := e.At(hours(n))
		if !slices.Equal(names(shown), c.shown) || !next.Equal(c.next) {
			t.Errorf("after %d hours: %q until %v, not %q until %v", n, names(shown), next, c.shown, c.next)
		}
		if stages[shown.Stage()] {
			t.Errorf("after %d hours: the stage %d was there before", n, shown.Stage())
		}
		stages[shown.Stage()] = true
		if shown.Whole() != e {
			t.Errorf("after %d hours: it is not known what it was made of", n)
		}
	}
	if got := names(e.Lasting()); !slices.Equal(got, []string{"always"}) {
		t.Errorf("the archive has %q", got)
	}
}

// TestOriginalAt: a translation leads to its original from the end of that one's embargo until it expires.
func TestOriginalAt(t *testing.T) {
	epoch := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	hour, later := epoch.Add(time.Hour), epoch.Add(2*time.Hour)
	for name, c := range map[string]struct {
		embargo, expires *time.Time
		shown            [3]bool
		next             [3]time.Time
		lasting          bool
	}{
		"always":             {nil, nil, [3]bool{true, true, true}, [3]time.Time{}, true},
		"until it expires":   {nil, &hour, [3]bool{true, false, false}, [3]time.Time{hour}, false},
		"after its embargo":  {&hour, nil, [3]bool{false, true, true}, [3]time.Time{hour}, false},
		"between the two":    {&hour, &later, [3]bool{false, true, false}, [3]time.Time{hour, later}, false},
		"its embargo is old": {&epoch, nil, [3]bool{true, true, true}, [3]time.Time{}, true},
	} {
		s := &wire.Story{ID: "b", Provider: "p", Status: wire.Usable, Lifted: true, Translation: &wire.Translation{Of: "a", Provider: "p", Embargo: c.embargo, Expires: c.expires}}
		e := feed.NewEntry(wire.Record{Story: s, Sequence: 1, Recorded: epoch}, epoch, nil)
		stages := map[int]bool{e.Lasting().Stage(): true}
		for n := range 3 {
			shown, next := e.At(epoch.Add(time.Duration(n) * time.Hour))
			if linked := shown.Translation.Provider != ""; linked != c.shown[n] || !next.Equal(c.next[n]) || shown.Translation.Of != "a" {
				t.Errorf("%s, after %d hours: linked %t until %v", name, n, linked, next)
			}
			if stage := shown.Stage(); n > 0 && c.shown[n] != c.shown[n-1] && stages[stage] {
				t.Errorf("%s, after %d hours: the stage %d was there before", name, n, stage)
			}
			stages[shown.Stage()] = true
		}
		if linked := e.Lasting().Translation.Provider != ""; linked != c.lasting {
			t.Errorf("%s: linked in the archive: %t", name, linked)
		}
		if s.Translation.Provider == "" {
			t.Errorf("%s: the record was changed", name)
		}
	}
}
