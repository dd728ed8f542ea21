package feed

import (
	"slices"

	"kawat/internal/wire"
)

// index finds the feeds whose filters a story may pass, without asking every filter. Each filter that fixes something is listed
// under the texts of one place; the others are asked about every story.
type index struct {
	lists []list // beside places
	rest  []int  // feeds whose filters fix nothing, in their order
	feeds [][]fixedAt
}

// fixedAt is what a filter fixes at one place.
type fixedAt struct {
	place int
	texts []text
}

// list is the feeds that are listed by one place.
type list struct {
	whole  map[string][]int
	prefix map[string][]int
	// lengths are those of the prefixes.
	lengths []int
}

// newIndex lists feeds by what their filters fix. A filter that fixes several places is listed under the one whose texts
// the fewest filters ask for.
func newIndex(fixes []fixed) *index {
	asked := make([]map[text]int, len(places))
	for at := range asked {
		asked[at] = map[text]int{}
	}
	for _, f := range fixes {
		for at, texts := range f {
			for _, t := range texts {
				asked[at][t]++
			}
		}
	}
	in := &index{lists: make([]list, len(places)), feeds: make([][]fixedAt, len(fixes))}
	for i, f := range fixes {
		best, fewest := -1, 0
		for at, texts := range f {
			in.feeds[i] = append(in.feeds[i], fixedAt{at, texts})
			others := 0
			for _, t := range texts {
				others += asked[at][t]
			}
			if best < 0 || others < fewest || others == fewest && at < best {
				best, fewest = at, others
			}
		}
		if best < 0 {
			in.rest = append(in.rest, i)
			continue
		}
		for _, t := range f[best] {
			in.lists[best].add(t, i)
		}
	}
	return in
}

func (l *list) add(t text, feed int) {
	if l.whole == nil {
		l.whole, l.prefix = map[string][]int{}, map[string][]int{}
	}
	if !t.prefix {
		l.whole[t.text] = append(l.whole[t.text], feed)
		return
	}
	l.prefix[t.text] = append(l.prefix[t.text], feed)
	if n := len(t.text); !slices.Contains(l.lengths, n) {
		l.lengths = append(l.lengths, n)
	}
}

// candidates gives the feeds, in their order, whose filters can be anything but false of a story.
func (in *index) candidates(s *wire.Story) []int {
	has := make([][]string, len(places))
	for at, p := range places {
		has[at] = p.texts(s)
	}
	found := slices.Clone(in.rest)
	for at, l := range in.lists {
		if l.whole == nil {
			continue
		}
		for _, text := range has[at] {
			found = in.passed(found, l.whole[text], has)
			for _, n := range l.lengths {
				if n <= len(text) {
					found = in.passed(found, l.prefix[text[:n]], has)
				}
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found) // a story may fit several texts of one filter
}

// passed adds those of the feeds to found whose filters fix nothing that the story lacks.
func (in *index) passed(found, feeds []int, has [][]string) []int {
	for _, i := range feeds {
		if !slices.ContainsFunc(in.feeds[i], func(f fixedAt) bool { return !f.fits(has[f.place]) }) {
			found = append(found, i)
		}
	}
	return found
}

// fits says that one of the texts that a story has there is one of those asked for.
func (f fixedAt) fits(has []string) bool {
	for _, h := range has {
		for _, t := range f.texts {
			if t.fits(h) {
				return true
			}
		}
	}
	return false
}
