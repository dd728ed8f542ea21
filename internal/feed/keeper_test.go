package feed_test

import (
	"context"
	"errors"
	"fmt"
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
}

func newMemory() *memory {
	return &memory{now: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC), news: make(chan []string)}
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
	return &feed.Entry{Record: wire.Record{Story: s, Sequence: uint64(len(m.stories) + 1), Recorded: m.now}, First: m.now, Feeds: []string{"all"}}
}

var def = feed.Def{Name: "all", Title: "Everything", Size: 10}

func (m *memory) Feeds(context.Context) (map[string]feed.State, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return map[string]feed.State{"all": {Def: def, Revision: feed.Revision{Epoch: m.epoch, Number: m.revision}}}, m.err
}

func (m *memory) Window(_ context.Context, def feed.Def, now time.Time, _ func(string) *feed.Entry) (*feed.View, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.windows++
	v := &feed.View{Def: def, Revision: feed.Revision{Epoch: m.epoch, Number: m.revision}}
	for _, e := range m.stories {
		v.Add(e, now)
	}
	v.Finish()
	return v, m.err
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

// plain is a Renderer of views alone.
type plain struct{}

func (plain) Snapshot(v *feed.View) (*feed.Snapshot, error) { return &feed.Snapshot{View: v}, nil }

func (plain) Forget(string) {}

func keep(t *testing.T, m *memory) *feed.Keeper {
	k := feed.NewKeeper(m, plain{}, m.clock, testkit.Log(t))
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

// TestKeeperCoalesces: a burst of news renders a feed a few times, not once each.
func TestKeeperCoalesces(t *testing.T) {
	m := newMemory()
	k := keep(t, m)
	testkit.Eventually(t, 5*time.Second, shows(k))
	var before int
	m.change(func() { before = m.windows })
	begin := time.Now()
	for i := range 500 {
		m.add(m.entry(fmt.Sprintf("s%03d", i)))
		m.news <- []string{"all"}
	}
	testkit.Eventually(t, 5*time.Second, func() error {
		if n := len(k.Snapshot("all").View.Entries); n != def.Size || k.Snapshot("all").View.Updated.IsZero() {
			return fmt.Errorf("%d entries", n)
		}
		return nil
	})
	took := time.Since(begin)
	m.change(func() {
		if n, most := m.windows-before, 3+int(took/(70*time.Millisecond)); n > most {
			t.Errorf("rendered %d times in %s, want at most %d", n, took, most)
		}
	})
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
