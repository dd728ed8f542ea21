package ledger_test

import (
	"testing"

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
