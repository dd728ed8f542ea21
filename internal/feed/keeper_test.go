package feed_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"kawat/internal/feed"
	"kawat/internal/testkit"
	"kawat/internal/wire"
)

// memory is a Store in memory, with a clock, that can be broken.
type memory struct {
	mu       sync.Mutex
	now      time.Time
	stories  []*feed.Entry
	revision uint64
	epoch    string
	err      error
	news     chan []string
	windows  int
	names    []string // the feeds; all of them hold all stories
}

func newMemory() *memory {
	return &memory{epoch: "first", names: []string{"all"}, now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), news: make(chan []string)}
}

func (m *memory) clock() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

func (m *memory) change(f func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f()
}

func (m *memory) add(e *feed.Entry) {
	m.change(func() { m.stories, m.revision = append(m.stories, e), m.revision+e.Sequence })
}

func (m *memory) entry(id string, edit ...func(*wire.Story)) *feed.Entry {
	s := testkit.Story(id, 1)
	for _, e := range edit {
		e(s)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	n := len(m.stories) // later ones stand below, so that feeds are in the order in which they are added
	return &feed.Entry{Record: wire.Record{Story: s, Sequence: uint64(n + 1), Recorded: m.now.Add(-time.Duration(n) * time.Millisecond)},
		First: m.now, Feeds: []string{"all"}}
}

var def = feed.Def{Name: "all", Title: "Everything", Size: 10}

func (m *memory) Feeds(_ context.Context, since feed.Mark) (*feed.Listing, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	listing := &feed.Listing{Whole: since.Epoch != m.epoch, Mark: feed.Mark{Epoch: m.epoch, Changes: m.revision}}
	if since != listing.Mark {
		listing.Feeds = map[string]feed.State{}
		for _, name := range m.names {
			of := def
			of.Name = name
			listing.Feeds[name] = feed.State{Def: of, Revision: feed.Revision{Epoch: m.epoch, Number: m.revision}}
		}
	}
	return listing, m.err
}

func (m *memory) Windows(_ context.Context, defs []feed.Def, now time.Time, _ feed.Held) ([]feed.Window, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.windows++
	windows := make([]feed.Window, len(defs))
	for i, def := range defs {
		v := &feed.View{Def: def, Revision: feed.Revision{Epoch: m.epoch, Number: m.revision}}
		for _, e := range m.stories {
			v.Add(e, now)
		}
		v.Finish()
		windows[i].View = v
	}
	return windows, m.err
}

func (m *memory) Story(_ context.Context, token string) (*feed.Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, e := range m.stories {
		if e.Token() == token {
			return e, m.err
		}
	}
	return nil, m.err
}

func (m *memory) News(ctx context.Context, changed func([]string)) {
	for {
		select {
		case <-ctx.Done():
			return
		case f := <-m.news:
			changed(f)
		}
	}
}

// plain is a Renderer of views alone, which may take its time, and knows when it did.
type plain struct {
	takes time.Duration

	mu    sync.Mutex
	times []span
}

type span struct{ begin, end time.Time }

func (p *plain) Snapshot(v *feed.View) (*feed.Snapshot, error) {
	begin := time.Now()
	time.Sleep(p.takes)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.times = append(p.times, span{begin, time.Now()})
	return &feed.Snapshot{View: v}, nil
}

func (*plain) Forget(string) {}

func keep(t *testing.T, m *memory) *feed.Keeper { return keepBy(t, m, &plain{}) }

func keepBy(t *testing.T, m *memory, p *plain) *feed.Keeper {
	k := feed.NewKeeper(m, p, m.clock, testkit.Log(t))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		k.Run(ctx)
		close(done)
	}()
	t.Cleanup(func() { cancel(); <-done })
	return k
}

func shows(k *feed.Keeper, ids ...string) func() error {
	return func() error {
		s := k.Snapshot("all")
		if s == nil {
			return errors.New("no snapshot")
		}
		var got []string
		for _, e := range s.View.Entries {
			got = append(got, e.ID)
		}
		slices.Sort(got) // all were released at the same instant
		if fmt.Sprint(got) != fmt.Sprint(ids) {
			return fmt.Errorf("the feed shows %v, want %v", got, ids)
		}
		return nil
	}
}

func TestKeeperFollowsNewsAndRevisions(t *testing.T) {
	m := newMemory()
	m.add(m.entry("a"))
	k := keep(t, m)
	testkit.Eventually(t, 5*time.Second, shows(k, "a"))
	if !k.Loaded() {
		t.Error("not loaded")
	}
	m.add(m.entry("b"))
	m.news <- []string{"all", "no-such-feed"}
	testkit.Eventually(t, 5*time.Second, shows(k, "a", "b"))
	m.add(m.entry("c")) // its news is lost
	testkit.Eventually(t, 5*time.Second, shows(k, "a", "b", "c"))
}

// TestKeeperKeepsTime: an embargo ends and a story expires without any news.
func TestKeeperKeepsTime(t *testing.T) {
	m := newMemory()
	free, over := m.now.Add(time.Hour), m.now.Add(2*time.Hour)
	m.add(m.entry("embargoed", func(s *wire.Story) { s.Embargo, s.Expires = &free, &over }))
	k := keep(t, m)
	testkit.Eventually(t, 5*time.Second, shows(k))
	m.change(func() { m.now = free.Add(-300 * time.Millisecond) })
	m.news <- []string{"all"} // the clock was set: look again
	testkit.Eventually(t, 5*time.Second, func() error {
		if s := k.Snapshot("all"); s == nil || !s.View.Next.Equal(free) {
			return errors.New("the end of the embargo is not awaited")
		}
		return nil
	})
	if err := shows(k)(); err != nil {
		t.Fatal(err)
	}
	m.change(func() { m.now = free })
	testkit.Eventually(t, time.Second, shows(k, "embargoed"))
	m.change(func() { m.now = over })
	m.news <- []string{"all"}
	testkit.Eventually(t, time.Second, shows(k))
}

// TestKeeperWithoutItsStore: what was served is served on, and the trouble is said.
func TestKeeperWithoutItsStore(t *testing.T) {
	m := newMemory()
	e := m.entry("a")
	m.add(e)
	k := keep(t, m)
	testkit.Eventually(t, 5*time.Second, shows(k, "a"))
	m.change(func() { m.err, m.stories = feed.ErrNotReady, nil })
	m.news <- []string{"all"}
	testkit.Eventually(t, 5*time.Second, func() error {
		if k.Trouble() == "" {
			return errors.New("no word of trouble")
		}
		return nil
	})
	if err := shows(k, "a")(); err != nil {
		t.Error(err)
	}
	if got, err := k.Story(t.Context(), e.Token()); got != e || err != nil {
		t.Errorf("the story in memory: %v, %v", got, err)
	}
	if got, err := k.Story(t.Context(), "unknown"); got != nil || !errors.Is(err, feed.ErrNotReady) {
		t.Errorf("a story that is not in memory: %v, %v", got, err)
	}
	m.change(func() { m.err = nil; m.stories = []*feed.Entry{e}; m.revision++ })
	testkit.Eventually(t, 5*time.Second, func() error {
		if k.Trouble() != "" {
			return errors.New(k.Trouble())
		}
		return nil
	})
}

// TestKeeperKeepsTimeWithoutItsStore: embargoes end and stories expire while the store cannot be read.
func TestKeeperKeepsTimeWithoutItsStore(t *testing.T) {
	m := newMemory()
	free, over := m.now.Add(time.Hour), m.now.Add(2*time.Hour)
	m.add(m.entry("embargoed", func(s *wire.Story) { s.Embargo = &free }))
	m.add(m.entry("short", func(s *wire.Story) { s.Expires = &over }))
	k := keep(t, m)
	testkit.Eventually(t, 5*time.Second, shows(k, "short"))
	m.change(func() { m.err = feed.ErrNotReady })
	testkit.Eventually(t, 5*time.Second, func() error {
		if k.Trouble() == "" {
			return errors.New("no word of trouble")
		}
		return nil
	})
	m.change(func() { m.now = free })
	testkit.Eventually(t, time.Second, shows(k, "embargoed", "short"))
	m.change(func() { m.now = over })
	testkit.Eventually(t, time.Second, shows(k, "embargoed"))
}

// TestKeeperRests: however much news there is, no round begins before a quarter of the time has passed that the one before took, up to a limit;
// and a burst of news renders a feed a few times, not once each.
func TestKeeperRests(t *testing.T) {
	const restMost = 75 * time.Millisecond
	m, p := newMemory(), &plain{takes: 2 * time.Millisecond}
	k := keepBy(t, m, p)
	testkit.Eventually(t, 5*time.Second, shows(k))
	const burst = 500
	for i := range burst {
		m.add(m.entry(fmt.Sprintf("s%03d", i)))
		m.news <- []string{"all"}
	}
	var want uint64
	m.change(func() { want = m.revision })
	testkit.Eventually(t, 5*time.Second, func() error {
		if n := k.Snapshot("all").View.Revision.Number; n != want {
			return fmt.Errorf("revision %d, want %d", n, want)
		}
		return nil
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.times) > burst/2 {
		t.Errorf("rendered %d times for %d stories", len(p.times), burst)
	}
	for i := 2; i < len(p.times); i++ { // the first time there was nothing to serve yet
		before, rest := p.times[i-1], p.times[i].begin.Sub(p.times[i-1].end)
		if took := before.end.Sub(before.begin); rest < min(took/4, restMost) {
			t.Errorf("round %d begins %s after one of %s", i, rest, took)
		}
	}
}

// TestKeeperForgets: entries are kept for as long as a feed shows them, and feeds for as long as there are any.
func TestKeeperForgets(t *testing.T) {
	m := newMemory()
	m.names = []string{"all", "more"}
	for i := range def.Size {
		m.add(m.entry(fmt.Sprintf("s%03d", i), func(s *wire.Story) { s.Provider = "antara" }))
	}
	first := m.stories[0]
	k := keep(t, m)
	at := func(name string, revision uint64) func() error {
		return func() error {
			if s := k.Snapshot(name); s == nil || s.View.Revision.Number != revision {
				return fmt.Errorf("feed %s is not at revision %d", name, revision)
			}
			return nil
		}
	}
	testkit.Eventually(t, 5*time.Second, at("all", m.revision))
	testkit.Eventually(t, 5*time.Second, at("more", m.revision))
	known := func(e *feed.Entry) bool {
		m.change(func() { m.err = feed.ErrNotReady })
		defer m.change(func() { m.err = nil })
		got, err := k.Story(t.Context(), e.Token())
		return got == e && err == nil
	}
	if !known(first) {
		t.Error("an entry of two feeds is not known")
	}
	m.change(func() { m.epoch, m.names = "second", []string{"all"} })
	testkit.Eventually(t, 5*time.Second, func() error {
		if k.Snapshot("more") != nil {
			return errors.New("a feed that there is no more is served")
		}
		return nil
	})
	if !known(first) {
		t.Error("an entry of the feed that is left is not known")
	}
	newest := m.entry("newest")
	m.change(func() { newest.Recorded = m.now.Add(-time.Second) }) // the oldest makes room
	m.change(func() { m.now = m.now.Add(time.Minute) })
	late := m.entry("late")
	m.add(newest)
	m.add(late)
	testkit.Eventually(t, 5*time.Second, at("all", m.revision))
	if known(newest) || !known(late) {
		t.Errorf("known: an entry that is not shown %v, one that is shown %v", known(newest), known(late))
	}
}

// TestNewEpochLacks: where a new epoch of the cache holds less than the readers have, they keep it until the rest has come, or
// will not come.
func TestNewEpochLacks(t *testing.T) {
	m := newMemory()
	first, second := m.entry("a"), m.entry("b")
	second.Sequence = 2
	m.add(first)
	m.add(second)
	k := keep(t, m)
	shows := func(n int) func() error {
		return func() error {
			if s := k.Snapshot("all"); s == nil || len(s.View.Entries) != n {
				return fmt.Errorf("the feed is %+v", s)
			}
			return nil
		}
	}
	testkit.Eventually(t, 10*time.Second, shows(2))
	read := func() int {
		m.mu.Lock()
		defer m.mu.Unlock()
		return m.windows
	}
	m.change(func() { m.epoch, m.stories, m.revision = "new", []*feed.Entry{first}, 1 })
	until := read() + 5
	testkit.Eventually(t, 10*time.Second, func() error {
		if err := shows(2)(); err != nil {
			t.Fatalf("a story that was shown is taken back: %v", err)
		}
		if read() < until {
			return errors.New("the new epoch was not looked at yet")
		}
		return nil
	})
	m.add(second)
	testkit.Eventually(t, 10*time.Second, func() error {
		if s := k.Snapshot("all"); s.View.Revision.Epoch != "new" {
			return errors.New("the new epoch is not shown")
		}
		return shows(2)()
	})
	// What was given up does not keep the feed for ever.
	m.change(func() { m.epoch, m.stories, m.revision = "newer", []*feed.Entry{first}, 1 })
	testkit.Eventually(t, 20*time.Second, shows(1))
}
