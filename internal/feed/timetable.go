package feed

import "container/heap"

// timetable has the feeds that change by the clock alone, the soonest first. A feed knows its row in it.
type timetable struct{ rows rows }

// first gives the feed that changes soonest, nil when there is none.
func (t *timetable) first() *keptFeed {
	if len(t.rows) == 0 {
		return nil
	}
	return t.rows[0]
}

// put enters a feed that is not in it under its next change, if it has one.
func (t *timetable) put(f *keptFeed) {
	if !f.next.IsZero() {
		heap.Push(&t.rows, f)
	}
}

// remove takes a feed out, before its next change is changed.
func (t *timetable) remove(f *keptFeed) {
	if f.row >= 0 {
		heap.Remove(&t.rows, f.row)
	}
}

// rows are a heap.
type rows []*keptFeed

func (r rows) Len() int           { return len(r) }
func (r rows) Less(i, j int) bool { return r[i].next.Before(r[j].next) }

func (r rows) Swap(i, j int) {
	r[i], r[j] = r[j], r[i]
	r[i].row, r[j].row = i, j
}

// Push and Pop are container/heap's.
func (r *rows) Push(f any) {
	f.(*keptFeed).row = len(*r)
	*r = append(*r, f.(*keptFeed))
}

func (r *rows) Pop() any {
	last := (*r)[len(*r)-1]
	(*r)[len(*r)-1] = nil // not to be kept in memory
	*r = (*r)[:len(*r)-1]
	last.row = -1
	return last
}
