package e2e

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"kawat/internal/ledger"
	"kawat/internal/testkit"
)

// TestSameCopyAgain: the same copy comes a thousand times, each time after the window in which JetStream would drop it. Nothing
// that a reader sees changes, and nothing is recorded again.
func TestSameCopyAgain(t *testing.T) {
	t.Parallel()
	server, store := testkit.StartNATS(t), testkit.StartRedis(t)
	js := onJetStream(t, server.URL)
	const window = 100 * time.Millisecond // the least that the server takes
	if _, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: ledger.WireStream, Subjects: []string{"wire.in.>"},
		Storage: jetstream.FileStorage, Discard: jetstream.DiscardNew, Duplicates: window, DenyDelete: true, AllowDirect: true}); err != nil {
		t.Fatal(err)
	}
	both := on(server.Address(), store.Address)
	s := startServicesOn(t, both, both, server.URL, everything)
	n := newNewsroom(t, &s.gateway, seeded(t))
	stories := 50 // in turn, so that each waits for the others
	if longForm() {
		stories = 1
	}
	const times = 1000
	p := n.g.pusher(t)
	before := map[string]string{}
	for turn := range times / stories {
		for story := range stories {
			c := sending{story: story, version: 1}
			// JetStream forgets the copy some time after the window.
			testkit.Eventually(t, 10*time.Second, func() error {
				pushed, err := p.Push(t.Context(), c.push())
				if err == nil && pushed.Duplicate {
					err = errors.New("JetStream still drops it")
				}
				return err
			})
			n.note(c)
		}
		if turn == 0 {
			n.recovered()
			for _, path := range formats {
				body, err := s.fetch(path)
				if err != nil {
					t.Fatal(err)
				}
				before[path] = body
			}
		}
	}
	testkit.Eventually(t, 60*time.Second, func() error { return allSettled(t, server.URL) })
	n.recovered()
	for path, want := range before {
		if body, err := s.fetch(path); body != want || err != nil {
			t.Errorf("%s changed, %v", path, err)
		}
	}
	if have := messages(t, js, ledger.WireStream); have != times {
		t.Errorf("WIRE has %d messages: this shows nothing", have)
	}
	if have := messages(t, js, ledger.StoriesStream); have != uint64(stories) {
		t.Errorf("STORIES has %d records of %d stories", have, stories)
	}
}

func onJetStream(t *testing.T, url string) jetstream.JetStream {
	t.Helper()
	nc, err := nats.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	return js
}

func messages(t *testing.T, js jetstream.JetStream, name string) uint64 {
	t.Helper()
	s, err := js.Stream(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return s.CachedInfo().State.Msgs
}

// TestVersionsInEveryOrder: the versions of a story, some with a kill among them, come in every order. The same one wins.
func TestVersionsInEveryOrder(t *testing.T) {
	t.Parallel()
	s, random := startServices(t, everything), seeded(t)
	const versions = 4
	orders := permutations(versions)
	for round := range rounds(t, 1) {
		n := newNewsroom(t, &s.gateway, random)
		// The copy of all stories is shuffled together; each story's own order is the next permutation.
		stories := 500
		if !longForm() {
			stories = 4 * len(orders)
		}
		var queues [][]sending
		for story := range stories {
			var queue []sending
			for _, version := range orders[story%len(orders)] {
				// In every other turn of the permutations one of the versions is a kill.
				kill := story/len(orders)%2 == 1 && version == 1+story%versions
				queue = append(queue, sending{story: round*stories + story, version: version, kill: kill})
			}
			queues = append(queues, queue)
		}
		p := n.g.pusher(t)
		for len(queues) > 0 {
			i := random.IntN(len(queues))
			if err := n.send(p, queues[i][0]); err != nil {
				t.Fatal(err)
			}
			if queues[i] = queues[i][1:]; len(queues[i]) == 0 {
				queues = slices.Delete(queues, i, i+1)
			}
		}
		testkit.Eventually(t, 2*time.Minute, func() error { return allSettled(t, n.g.nats) })
		n.recovered()
	}
}

// permutations are all orders of the numbers from 1 to n.
func permutations(n int) [][]int {
	if n == 0 {
		return [][]int{nil}
	}
	var all [][]int
	for _, shorter := range permutations(n - 1) {
		for i := range n {
			all = append(all, slices.Insert(slices.Clone(shorter), i, n))
		}
	}
	return all
}

// poison is copy that cannot become a story.
var poison = [][]byte{
	[]byte("<?xml version=\"1.0\"?><nitf><body>"),
	[]byte(`<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><nitf><head><title>&b;</title></head></nitf>`),
	[]byte(strings.Repeat("<a>", 5000)),
	[]byte(`{"uri": "urn:x", "headline": `),
	[]byte(strings.Repeat(`{"a":`, 5000)),
	bytes.Repeat([]byte{0, 1, 2, 3}, 1000),
	{},
	[]byte("\xff\xfe\x00\xd8\x00"),
}

// TestPoison: one message in a hundred is poison. All of it is on QUARANTINE with a reason, and the good copy is served.
func TestPoison(t *testing.T) {
	t.Parallel()
	s := startServices(t, everything)
	n := newNewsroom(t, &s.gateway, seeded(t))
	p := n.g.pusher(t)
	bad := map[uint64]bool{}
	good := 200 * rounds(t, 1)
	for i := range good {
		if err := n.send(p, n.next()); err != nil {
			t.Fatal(err)
		}
		if i%100 != 50 && i >= len(poison) { // each kind once, and then one in a hundred
			continue
		}
		pushed, err := p.Push(t.Context(), ledger.Push{Provider: "antara", Channel: fmt.Sprint(i), Data: poison[i%len(poison)]})
		if err != nil {
			t.Fatal(err)
		}
		bad[pushed.Sequence] = true
	}
	testkit.Eventually(t, 2*time.Minute, func() error { return allSettled(t, n.g.nats) })
	n.recovered()
	stream, err := onJetStream(t, n.g.nats).Stream(t.Context(), ledger.QuarantineStream)
	if err != nil {
		t.Fatal(err)
	}
	for seq := uint64(1); seq <= stream.CachedInfo().State.LastSeq; seq++ {
		m, err := stream.GetMsg(t.Context(), seq)
		if err != nil {
			t.Fatal(err)
		}
		var of uint64
		if _, err := fmt.Sscan(m.Header.Get("Kawat-Wire-Sequence"), &of); err != nil || !bad[of] {
			t.Errorf("%s is quarantined: message %d on WIRE: %s", m.Subject, of, m.Header.Get("Kawat-Reason"))
		}
		if m.Header.Get("Kawat-Code") == "" || len(m.Header.Get("Kawat-Reason")) < 20 {
			t.Errorf("%s has no reason", m.Subject)
		}
		delete(bad, of)
	}
	if len(bad) > 0 {
		t.Errorf("not on QUARANTINE: messages %v on WIRE", bad)
	}
}
