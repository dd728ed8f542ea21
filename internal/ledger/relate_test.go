package ledger_test

import (
	"slices"
	"testing"

	"kawat/internal/ledger"
	"kawat/internal/testkit"
	"kawat/internal/wire"
)

// TestKillAgain: whoever killed a story may have died before its translations were held back everywhere, or came to the cache. The
// same kill, delivered again, gives all of them, down the chain.
func TestKillAgain(t *testing.T) {
	l, _ := open(t, testkit.StartNATS(t).URL)
	chain := make([]*wire.Story, 3)
	for i, id := range []string{"ja", "en", "id"} {
		chain[i] = testkit.Story(id, 1)
		chain[i].Received.Sequence = uint64(i + 1)
		if i > 0 {
			chain[i].Translation = &wire.Translation{Of: chain[i-1].ID, From: "und", To: "id", Method: "human"}
		}
		if _, err := l.Record(t.Context(), chain[i:i+1]); err != nil {
			t.Fatal(err)
		}
	}
	kill := testkit.Story("ja", 2)
	kill.Status, kill.Signal, kill.Received.Sequence = wire.Canceled, wire.Kill, 9
	for try := range 2 {
		copied := *kill
		outcomes, err := l.Record(t.Context(), []*wire.Story{&copied})
		if err != nil {
			t.Fatal(err)
		}
		held := map[string]wire.Status{}
		for _, r := range outcomes[0].Family {
			held[r.ID] = r.Status
		}
		if held["en"] != wire.Withheld || held["id"] != wire.Withheld {
			t.Errorf("try %d: %s, and its family is %v", try+1, outcomes[0].Verdict, held)
		}
	}
}

// TestNothingIsPassedOver: the outcomes have every record that was written, also those that were changed again at once, as where
// a translation is held back and then loses a translation of its own: readers with a cursor would wait for those.
func TestNothingIsPassedOver(t *testing.T) {
	l, _ := open(t, testkit.StartNATS(t).URL)
	given := map[uint64]bool{}
	take := func(o ledger.Outcome) {
		t.Helper()
		if o.Refusal != nil {
			t.Fatal(o.Refusal)
		}
		for _, r := range slices.Concat([]wire.Record{o.Record}, o.Passed, o.Family) {
			given[r.Sequence] = true
		}
	}
	sequence := uint64(0)
	for i, id := range []string{"ja", "en", "id", "jv"} {
		sequence++
		s := testkit.Story(id, 1)
		s.Received.Sequence = sequence
		if i > 0 {
			s.Translation = &wire.Translation{Of: []string{"ja", "en", "id"}[i-1], From: "und", To: "id", Method: "human"}
		}
		outcomes, err := l.Record(t.Context(), []*wire.Story{s})
		if err != nil {
			t.Fatal(err)
		}
		take(outcomes[0])
	}
	for _, action := range []wire.Action{wire.OrderWithhold, wire.OrderRelease, wire.OrderKill, wire.OrderReinstate} {
		sequence++
		o, err := l.Carry(t.Context(), &wire.Order{Action: action, ID: "ja", By: "desk"}, "antara", wire.Received{Sequence: sequence})
		if err != nil {
			t.Fatal(err)
		}
		take(o)
		last, err := l.Last(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for n := uint64(1); n <= last; n++ {
			if !given[n] {
				t.Errorf("%s: record %d of %d is in no outcome", action, n, last)
			}
		}
	}
}
