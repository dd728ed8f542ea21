package feed

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestTimetable: whatever is entered and taken out, the first is the soonest that is left.
func TestTimetable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		feeds := make([]*keptFeed, 8)
		for i := range feeds {
			feeds[i] = &keptFeed{row: -1}
		}
		var table timetable
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			f := feeds[rapid.IntRange(0, len(feeds)-1).Draw(t, "feed")]
			table.remove(f)
			f.next = time.Time{}
			if minute := rapid.IntRange(0, 9).Draw(t, "minute"); minute > 0 {
				f.next = time.Unix(int64(60*minute), 0)
			}
			table.put(f)
			var want time.Time
			for _, f := range feeds {
				if !f.next.IsZero() && (want.IsZero() || f.next.Before(want)) {
					want = f.next
				}
			}
			switch first := table.first(); {
			case want.IsZero() != (first == nil):
				t.Fatalf("the first is %v, want one at %v", first, want)
			case first != nil && !first.next.Equal(want):
				t.Fatalf("the first is at %v, want %v", first.next, want)
			}
			if n := len(table.rows); n != len(slices.DeleteFunc(slices.Clone(feeds), func(f *keptFeed) bool { return f.next.IsZero() })) {
				t.Fatalf("%d rows", n)
			}
		}
	})
}
