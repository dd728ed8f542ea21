package feed

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"kawat/internal/wire"
)

// ledgerOfLines is an index in memory that gives few lines at a time.
type ledgerOfLines struct {
	epoch string
	lines map[string]Line
	read  int
	hook  func() // called before each reading
}

func (l *ledgerOfLines) Lines(_ context.Context, _ string, after uint64) (Revision, []Line, error) {
	if l.hook != nil {
		l.hook()
	}
	var next []Line
	var sum uint64
	for _, line := range l.lines {
		if sum += line.Sequence; line.Sequence > after {
			next = append(next, line)
		}
	}
	slices.SortFunc(next, func(a, b Line) int { return int(a.Sequence) - int(b.Sequence) })
	next = next[:min(len(next), 50)]
	l.read += len(next)
	return Revision{l.epoch, sum}, next, nil
}

func (l *ledgerOfLines) Entries(context.Context, []string) ([]*Entry, error) { return nil, nil }

// put has a story in the index, 100 microseconds after the one with the sequence before.
func (l *ledgerOfLines) put(name string, sequence uint64) {
	token := wire.Key{ID: name}.Token()
	l.lines[token] = Line{Token: token, Sequence: sequence, Release: 1e6 + 100*int64(sequence)}
}

func indexOf(n int) *ledgerOfLines {
	l := &ledgerOfLines{epoch: "one", lines: map[string]Line{}}
	for i := range n {
		l.put(fmt.Sprint(i), uint64(i+1))
	}
	return l
}

const ages = int64(1e9)

func catchUp(t *testing.T, c *chain, l *ledgerOfLines, now int64) {
	t.Helper()
	if err := c.catchUp(t.Context(), l, "all", func() int64 { return now }); err != nil {
		t.Fatal(err)
	}
}

// sheets walks down a chain.
func sheets(c *chain) (all []*sheet) {
	for p := (Position{Release: ages}); ; {
		s := c.from(p)
		all = append(all, s)
		if s.below == nil {
			return all
		}
		p = s.below.first
	}
}

func tokens(all []*sheet) (got []string) {
	for _, s := range all {
		for _, l := range s.lines {
			got = append(got, string(l.token[:]))
		}
	}
	return got
}

// TestChain: all stories are on the pages once, the newest first; pages have about fifty; each leads to the one below it as
// that one names itself.
func TestChain(t *testing.T) {
	index := indexOf(5000)
	c := new(chain)
	catchUp(t, c, index, ages)
	all := sheets(c)
	want := slices.SortedFunc(maps.Values(index.lines), func(a, b Line) int { return int(b.Release) - int(a.Release) })
	got := tokens(all)
	if len(got) != len(want) {
		t.Fatalf("%d stories of %d", len(got), len(want))
	}
	for i, l := range want {
		if got[i] != l.Token {
			t.Fatalf("story %d is %s, want %s", i, got[i], l.Token)
		}
	}
	if n := len(all); n < 5000/pageMost || n > 5000/20 {
		t.Errorf("%d pages", n)
	}
	for i, s := range all[1:] {
		if above := all[i]; above.below.hash != s.hash || above.below.first != s.first {
			t.Errorf("page %d is not the one that the page above it names", i+1)
		}
		if len(s.lines) > pageMost {
			t.Errorf("a page of %d stories", len(s.lines))
		}
	}
}

// TestChainStands: a new story leaves all pages as they are; one that changes does so for the pages below its own.
func TestChainStands(t *testing.T) {
	index := indexOf(1000)
	c := new(chain)
	catchUp(t, c, index, ages)
	before := sheets(c)
	index.put("new", 1001)
	catchUp(t, c, index, ages)
	after := sheets(c)
	for _, s := range before[1:] {
		if !slices.ContainsFunc(after, func(a *sheet) bool { return a.hash == s.hash }) {
			t.Errorf("the page of %d stories from %s on went away", len(s.lines), s.first)
		}
	}
	if got := c.from(before[0].first); got.hash != before[0].hash {
		t.Errorf("the stories that were the first have another name")
	}
	middle := before[len(before)/2]
	index.lines[string(middle.lines[0].token[:])] = Line{Token: string(middle.lines[0].token[:]), Sequence: 1002} // it left
	catchUp(t, c, index, ages)
	if got := c.from(middle.first); got.first == middle.first {
		t.Error("a story that left is still there")
	}
	for i, s := range before[1:] {
		now := c.from(s.first)
		if same, below := now.hash == s.hash, i+1 > len(before)/2; same != below {
			t.Errorf("page %d of %d: as it was: %v", i+1, len(before), same)
		}
	}
}

// TestChainCatchesUp: however an index changes, also while it is read, a chain that follows it is the same as one that is
// read anew, and reads little.
func TestChainCatchesUp(t *testing.T) {
	for seed := range uint64(15) {
		r := rand.New(rand.NewPCG(seed, 0))
		index := indexOf(300)
		sequence := uint64(300)
		c := new(chain)
		var late []uint64 // what is put into the index after others that were recorded later
		change := func() {
			for len(late) > 0 && r.IntN(2) == 0 {
				index.put(fmt.Sprint("late ", late[0]), late[0])
				late = late[1:]
			}
			sequence++
			if r.IntN(3) == 0 {
				late = append(late, sequence)
				sequence++
			}
			at := sequence
			name := fmt.Sprint(r.IntN(int(sequence)))
			switch l := index.lines[wire.Key{ID: name}.Token()]; {
			case l.Token == "" || r.IntN(3) == 0:
				index.put(name, at)
			case r.IntN(2) == 0:
				l.Sequence, l.Release = at, 0
				index.lines[l.Token] = l
			default:
				l.Sequence, l.Expires = at, l.Release+1+r.Int64N(10_000)
				index.lines[l.Token] = l
			}
		}
		now := int64(1e6)
		for range 50 {
			for range r.IntN(5) {
				change()
			}
			calls := 0
			index.hook = func() {
				if calls++; calls < 4 && r.IntN(4) == 0 {
					change()
				}
			}
			now += r.Int64N(2000)
			catchUp(t, c, index, now)
			index.hook = nil
			fresh := new(chain)
			catchUp(t, fresh, index, now)
			if a, b := sheets(c), sheets(fresh); !slices.EqualFunc(a, b, func(a, b *sheet) bool { return a.hash == b.hash && a.first == b.first }) {
				t.Fatalf("seed %d: a chain that follows has %d stories, a new one %d", seed, len(tokens(a)), len(tokens(b)))
			}
		}
		if r.IntN(2) == 0 { // a refill
			index.epoch = "two"
			catchUp(t, c, index, now)
			if c.epoch != "two" {
				t.Error("it stays with the epoch that is gone")
			}
		}
	}
}

// TestChainReadsLittle: what has been read is not read again.
func TestChainReadsLittle(t *testing.T) {
	index := indexOf(2000)
	c := new(chain)
	catchUp(t, c, index, ages)
	if index.read != 2000 {
		t.Errorf("%d lines were read of 2000", index.read)
	}
	index.put("new", 2001)
	catchUp(t, c, index, ages)
	catchUp(t, c, index, ages)
	if index.read != 2001 {
		t.Errorf("%d lines were read after one more came", index.read)
	}
}

// TestChainNeverWhole: an index that never is what it says of itself is not shown.
func TestChainNeverWhole(t *testing.T) {
	index := indexOf(100)
	hidden := wire.Key{ID: "50"}.Token()
	c := new(chain)
	err := c.catchUp(t.Context(), hiding{index, hidden}, "all", func() int64 { return ages })
	if !errors.Is(err, ErrNotReady) {
		t.Errorf("%v", err)
	}
}

// hiding hides a line, but counts it.
type hiding struct {
	*ledgerOfLines
	token string
}

func (h hiding) Lines(ctx context.Context, name string, after uint64) (Revision, []Line, error) {
	revision, lines, err := h.ledgerOfLines.Lines(ctx, name, after)
	return revision, slices.DeleteFunc(lines, func(l Line) bool { return l.Token == h.token }), err
}

func TestPosition(t *testing.T) {
	p := Position{Release: 1795407000000000, Token: wire.Key{ID: "a"}.Token()}
	if got, ok := ParsePosition(p.String()); !ok || got != p {
		t.Errorf("%s is read as %v, %v", p, got, ok)
	}
	for _, bad := range []string{"", "-", "1-" + p.Token, "+795407000000000-" + p.Token, p.String() + "a", p.String()[:40], "1795407000000000-" + p.Token[:25] + "A"} {
		if got, ok := ParsePosition(bad); ok {
			t.Errorf("%q is read as %v", bad, got)
		}
	}
	if got := justBelow(p).Compare(p); got >= 0 {
		t.Errorf("the position below is not below: %d", got)
	}
	e := &Entry{Record: wire.Record{Story: &wire.Story{ID: "a", Status: wire.Usable}, Recorded: time.UnixMicro(p.Release)}}
	if got := e.Position(); got.Release != p.Release {
		t.Errorf("%v", got)
	}
}

// BenchmarkChain makes the chain of a feed with 100,000 stories from what was read, and after one more story.
func BenchmarkChain(b *testing.B) {
	lines := make([]Line, 100_000)
	for i := range lines {
		lines[i] = Line{Token: wire.Key{ID: fmt.Sprint(i)}.Token(), Sequence: uint64(i + 1), Release: 1e6 + 100*int64(i)}
	}
	for b.Loop() {
		c := new(chain)
		for _, l := range lines {
			c.read = append(c.read, lineOf(l))
		}
		c.merge()
		c.cut(ages)
	}
	c := new(chain)
	for _, l := range lines {
		c.read = append(c.read, lineOf(l))
	}
	c.merge()
	c.cut(ages)
	began := time.Now()
	l := lineOf(Line{Token: wire.Key{ID: "new"}.Token(), Sequence: 200_000, Release: 1e8})
	c.read = append(c.read, l)
	c.merge()
	c.cut(ages)
	b.ReportMetric(float64(time.Since(began).Microseconds()), "µs/story")
}
