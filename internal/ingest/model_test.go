package ingest_test

import (
	"context"
	"flag"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"pgregory.net/rapid"

	"kawat/internal/testkit"
	"kawat/internal/wire"
)

// saying is one message about a story of a family: copy, or an order where action is set.
type saying struct {
	story   int // 0 the original, 1 its translation, 2 that one's translation
	action  wire.Action
	version int
	text    int // two texts of one version are in conflict
	signal  string
	states  bool // it names what it translates
	embargo bool

	sequence uint64 // on WIRE
}

// digest tells two copies apart.
func (m *saying) digest() string {
	return fmt.Sprint(m.version, m.text, m.signal, m.states, m.embargo)
}

func (m *saying) kills() bool { return m.signal == "kill" }

// kin is what the model knows of one story, when all was said in the order of WIRE.
type kin struct {
	exists          bool
	version, text   int
	sequence        uint64 // of what stands
	withheld        bool
	killed          bool
	killSequence    uint64
	killedByCopy    bool
	desk            wire.Action
	deskSequence    uint64
	embargoes, says map[int]bool    // by version
	linked          wire.Action     // the desk's link or its end
	stood           map[string]bool // by digest
	living          *kin            // as it was before it was killed
}

func (k *kin) hear(m *saying) {
	switch {
	case m.action != "":
		k.obey(m)
		return
	case k.killed && m.kills():
		if m.version > k.version || m.version == k.version && !k.killedByCopy {
			k.version, k.killSequence, k.killedByCopy = m.version, m.sequence, true
		}
		return
	case k.killed && m.signal != "reinstate":
		return
	case m.kills():
		living := *k
		k.living = &living
		k.exists, k.killed, k.killSequence, k.version, k.killedByCopy = true, true, m.sequence, m.version, true
		return
	case m.signal == "reinstate" && k.killed && (k.desk == wire.OrderKill || k.stood[m.digest()]):
		return // it was the desk that killed it, or the same copy stood before
	case m.signal == "reinstate" && k.killed:
		k.stood[m.digest()] = true
		k.version = max(m.version, k.version+1)
		k.killed, k.killedByCopy, k.text, k.sequence, k.withheld = false, false, m.text, m.sequence, false
		// Until it is lifted the embargo from before the kill holds: a mistaken kill does not break it.
		k.embargoes = map[int]bool{k.version: m.embargo || newest(k.embargoes)}
		if m.states {
			k.says[k.version] = true
		}
		return
	}
	if k.says == nil {
		k.says, k.embargoes = map[int]bool{}, map[int]bool{}
	}
	k.says[m.version] = k.says[m.version] || m.states
	k.embargoes[m.version] = k.embargoes[m.version] || m.embargo
	if k.stood == nil {
		k.stood = map[string]bool{}
	}
	stands := !k.exists || m.version > k.version || m.version == k.version && !k.stood[m.digest()]
	// A reinstatement that was passed over counts as well: pushed again after a kill it brings nothing back.
	k.stood[m.digest()] = k.stood[m.digest()] || stands || m.signal == "reinstate"
	if stands {
		k.exists, k.version, k.text, k.sequence, k.withheld = true, m.version, m.text, m.sequence, m.signal == "withhold"
	}
}

func (k *kin) obey(m *saying) {
	switch {
	case m.action == wire.OrderReinstate && k.killed:
		version := k.version
		living := *k.living
		*k = living
		k.killed, k.version, k.desk, k.deskSequence = false, version+1, m.action, m.sequence
		k.says[k.version], k.embargoes[k.version] = k.translates(), k.embargoed()
	case m.action == wire.OrderKill && !(k.killed && k.desk == wire.OrderKill):
		if !k.killed {
			living := *k
			k.living = &living
			k.killSequence = m.sequence
		}
		k.killed, k.desk, k.deskSequence = true, m.action, m.sequence
	case k.killed:
	case m.action == wire.OrderLink || m.action == wire.OrderUnlink:
		k.linked = m.action
	case m.action == wire.OrderWithhold || m.action == wire.OrderRelease:
		k.desk, k.deskSequence = m.action, m.sequence
	}
}

// newest is what the newest version says that says anything.
func newest(said map[int]bool) bool {
	for _, yes := range said {
		if yes {
			return true
		}
	}
	return false
}

func (k *kin) embargoed() bool { return !k.killed && newest(k.embargoes) }

func (k *kin) translates() bool {
	if k.linked != "" {
		return k.linked == wire.OrderLink
	}
	return newest(k.says)
}

// status is the story's, and since when and of which story it is the fault where it may not be used.
func status(family []*kin, i int) (s wire.Status, cause int, since uint64) {
	k := family[i]
	switch {
	case k.killed:
		return wire.Canceled, i, max(k.killSequence, k.deskSince(wire.OrderKill))
	case k.withheld || k.desk == wire.OrderWithhold:
		return wire.Withheld, i, max(k.deskSince(wire.OrderWithhold), map[bool]uint64{true: k.sequence}[k.withheld])
	case i == 0 || !k.translates() || !family[i-1].exists:
		return wire.Usable, -1, 0
	}
	above, cause, since := status(family, i-1)
	if above == wire.Usable || max(k.deskSince(wire.OrderRelease), k.deskSince(wire.OrderReinstate)) > since {
		return wire.Usable, -1, 0
	}
	return wire.Withheld, cause, since
}

func (k *kin) deskSince(a wire.Action) uint64 {
	if k.desk != a {
		return 0
	}
	return k.deskSequence
}

// life draws what is said of a family, in phases: within a phase the copy of several desks is under way at once, or a
// desk gives one order about each story.
func life(t *rapid.T) (phases [][]*saying) {
	first := make([]*saying, 0, 6)
	for story := range 3 {
		first = append(first, &saying{story: story, version: 1, states: story > 0, embargo: rapid.IntRange(0, 5).Draw(t, "embargo") == 0})
	}
	phases = append(phases, rapid.Permutation(first).Draw(t, "first"))
	// What is under way together with a kill may come before it or after it: what a desk's reinstatement would bring back is
	// not judged then.
	var mixed [3]bool
	for range rapid.IntRange(0, 2).Draw(t, "phases") {
		var phase []*saying
		if rapid.Bool().Draw(t, "orders") {
			for story := range 3 {
				switch what := rapid.IntRange(0, 11).Draw(t, "order"); {
				case what < 6:
					actions := []wire.Action{wire.OrderKill, wire.OrderWithhold, wire.OrderRelease, wire.OrderReinstate, wire.OrderLink, wire.OrderUnlink}
					if story == 0 && what > 3 || mixed[story] && actions[what] == wire.OrderReinstate {
						continue
					}
					phase = append(phase, &saying{story: story, action: actions[what]})
				case what == 6:
					phase = append(phase, reinstatement(story, 3, 2))
				}
			}
		} else {
			for range rapid.IntRange(1, 5).Draw(t, "copies") {
				m := &saying{story: rapid.IntRange(0, 2).Draw(t, "story"), version: rapid.IntRange(1, 4).Draw(t, "version")}
				m.text = rapid.IntRange(0, 1).Draw(t, "text")
				m.signal = rapid.SampledFrom([]string{"", "", "correction", "update", "withhold", "kill", "reinstate"}).Draw(t, "signal")
				m.states = m.story > 0 && m.version%2 == 1
				if m.kills() {
					m.version, m.text = 2, 3
				}
				if m.signal == "reinstate" {
					m = reinstatement(m.story, m.version, 4)
				} else if mixed[m.story] && !m.kills() {
					m.text += 10 * len(phases) // whether the same copy stood before is not judged either
				}
				// Two texts of one version, or two reinstatements: the later one stands, which only their order tells. What of them
				// comes again is not judged here.
				conflict := false
				for _, other := range phase {
					conflict = conflict || other.story == m.story && (other.version == m.version || other.signal == "reinstate" && m.signal == "reinstate")
				}
				if !conflict {
					phase = append(phase, m)
				}
				for _, other := range phase {
					mixed[m.story] = mixed[m.story] || other.story == m.story && other != m && (m.kills() || other.kills())
				}
			}
		}
		if len(phase) > 0 {
			phases = append(phases, phase)
		}
	}
	return phases
}

func reinstatement(story, version, text int) *saying {
	return &saying{story: story, version: version, text: text, signal: "reinstate", states: story > 0}
}

var providers = []string{"kyodo", "antara", "reuters"}

func (m *saying) message(name string) *nats.Msg {
	id := fmt.Sprintf("urn:model:%s:%d", name, m.story)
	if m.action != "" {
		order := &wire.Order{Action: m.action, ID: id, By: "model"}
		if m.action == wire.OrderLink {
			order.Original = fmt.Sprintf("urn:model:%s:%d", name, m.story-1)
		}
		data, _ := order.Marshal()
		return &nats.Msg{Subject: "wire.desk." + providers[m.story], Data: data}
	}
	msg := nats.NewMsg("wire.in." + providers[m.story])
	set := func(name, value string) {
		if value != "" {
			msg.Header.Set(name, value)
		}
	}
	set(wire.HeaderStoryID, id)
	set(wire.HeaderVersion, fmt.Sprint(m.version))
	set(wire.HeaderSignal, m.signal)
	if m.states {
		set(wire.HeaderTranslationOf, fmt.Sprintf("urn:model:%s:%d", name, m.story-1))
	}
	if m.embargo {
		set(wire.HeaderEmbargo, "2126-01-01T00:00:00Z")
	}
	msg.Data = fmt.Appendf(nil, "Version %d, text %d\n\nJakarta (ANTARA) - The ferry of version %d, text %d, has left on Monday.\n", m.version, m.text, m.version, m.text)
	return msg
}

// TestModel: whatever is said of the stories of a family, at once and in whichever order, with ingest stopped and started in
// the midst of it, STORIES and the cache hold in the end what a small model says.
func TestModel(t *testing.T) {
	server, address := testkit.StartNATSSyncing(t, "2m"), testkit.StartRedis(t).Address
	log := slog.New(slog.DiscardHandler) // there would be a line for each of a hundred thousand messages
	d := startLogging(t, server, address, log)
	if err := flag.Set("rapid.checks", strconv.Itoa(modelRounds)); err != nil {
		t.Fatal(err)
	}
	round := 0
	rapid.Check(t, func(rt *rapid.T) {
		round++
		families := make([][]*kin, modelFamilies)
		lives := make([][][]*saying, modelFamilies)
		for i := range lives {
			lives[i] = life(rt)
			families[i] = []*kin{{}, {}, {}}
		}
		restart := rapid.IntRange(0, 3).Draw(rt, "restart")
		for phase := range 4 {
			var said []*saying
			var acks []jetstream.PubAckFuture
			for i, l := range lives {
				if phase >= len(l) {
					continue
				}
				for _, m := range l[phase] {
					ack, err := d.js.PublishMsgAsync(m.message(fmt.Sprintf("%d.%d", round, i)))
					if err != nil {
						rt.Fatal(err)
					}
					said, acks = append(said, m), append(acks, ack)
				}
			}
			if phase == restart && round%3 == 0 {
				d.stop()
				d = startLogging(t, server, address, log)
			}
			for i, ack := range acks {
				select {
				case a := <-ack.Ok():
					said[i].sequence = a.Sequence
				case err := <-ack.Err():
					rt.Fatal(err)
				}
			}
			d.settled()
			for i, l := range lives {
				if phase < len(l) {
					for _, m := range l[phase] {
						families[i][m.story].hear(m)
					}
				}
			}
		}
		for i := range lives {
			if wrong := d.differs(fmt.Sprintf("%d.%d", round, i), families[i]); wrong != "" {
				rt.Fatalf("family %d: %s\n%s%s", i, wrong, told(lives[i]), d.histories(fmt.Sprintf("%d.%d", round, i)))
			}
		}
	})
}

// differs says where a family is not as the model has it.
func (d *desk) differs(name string, family []*kin) string {
	ctx, cancel := context.WithTimeout(d.t.Context(), 10*time.Second)
	defer cancel()
	var records [3]*wire.Record
	for i, k := range family {
		key := wire.Key{Provider: providers[i], ID: fmt.Sprintf("urn:model:%s:%d", name, i)}
		r, err := d.ledger.Standing(ctx, key)
		if err != nil || r == nil {
			return fmt.Sprintf("story %d is not on STORIES: %v", i, err)
		}
		records[i] = r
		want, cause, _ := status(family, i)
		switch {
		case r.Status != want:
			return fmt.Sprintf("story %d is %s and should be %s", i, r.Status, want)
		case r.Version != int64(k.version):
			return fmt.Sprintf("story %d has version %d and should have %d", i, r.Version, k.version)
		case !k.killed && !strings.Contains(r.Body.Text, fmt.Sprintf("text %d,", k.text)):
			return fmt.Sprintf("story %d says %q and should say text %d", i, r.Body.Text, k.text)
		case (r.Embargo != nil) != k.embargoed():
			return fmt.Sprintf("story %d has the embargo %v: should it? %t", i, r.Embargo, k.embargoed())
		case want == wire.Withheld && cause < i && r.Translation.Original.ID != fmt.Sprintf("urn:model:%s:%d", name, cause):
			return fmt.Sprintf("story %d waits for %s and should for story %d", i, r.Translation.Original.ID, cause)
		}
		entry, err := d.store.Story(ctx, key.Token())
		if err != nil || entry == nil || entry.Sequence != r.Sequence || entry.Status != r.Status {
			return fmt.Sprintf("story %d is not in the cache as record %d: %v, %v", i, r.Sequence, entry, err)
		}
	}
	for i := range 2 {
		named := len(records[i].Translations) > 0
		s, _, _ := status(family, i+1)
		if should := family[i+1].translates() && s == wire.Usable; named != should && !family[i].killed {
			return fmt.Sprintf("story %d names its translation: %t; should it? %t", i, named, should)
		}
	}
	return ""
}

// histories is all that STORIES has of a family.
func (d *desk) histories(name string) string {
	var b strings.Builder
	for i, provider := range providers {
		for r, err := range d.ledger.History(d.t.Context(), wire.Key{Provider: provider, ID: fmt.Sprintf("urn:model:%s:%d", name, i)}) {
			if err != nil {
				return err.Error()
			}
			fmt.Fprintf(&b, "record %d: story %d v%d %s (copy %d)", r.Sequence, i, r.Version, r.Status, r.Received.Sequence)
			if r.Translation != nil {
				fmt.Fprintf(&b, " %+v %+v", *r.Translation, r.Translation.Original)
			}
			fmt.Fprintln(&b)
		}
	}
	return b.String()
}

func told(phases [][]*saying) string {
	var b strings.Builder
	for i, phase := range phases {
		for _, m := range phase {
			fmt.Fprintf(&b, "phase %d: %+v\n", i, *m)
		}
	}
	return b.String()
}
