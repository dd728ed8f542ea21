package ledger_test

import (
	"testing"
	"time"

	"kawat/internal/ledger"
	"kawat/internal/testkit"
	"kawat/internal/wire"
)

// TestAgain: what a story had before a kill it has again when its provider brings it back, and the same kill and the same hold
// count again.
func TestAgain(t *testing.T) {
	l, nc := open(t, testkit.StartNATS(t).URL)
	until := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	record := func(s *wire.Story) *wire.Record {
		t.Helper()
		o, err := l.Record(t.Context(), []*wire.Story{s})
		if err != nil || o[0].Refusal != nil {
			t.Fatal(o, err)
		}
		return &o[0].Record
	}
	record(sent("embargoed", 1, 1, text("first"), func(s *wire.Story) { s.Embargo = &until }))
	record(sent("embargoed", 1, 2, text("kill"), killed))
	back := record(sent("embargoed", 1, 3, text("again"), func(s *wire.Story) { s.Signal = wire.Reinstate }))
	if back.Status != wire.Usable || back.Embargo == nil || !back.Embargo.Equal(until) {
		t.Errorf("brought back it is %s with the embargo %v", back.Status, back.Embargo)
	}

	record(sent("killed", 1, 1, text("first")))
	record(sent("killed", 1, 2, text("kill"), killed))
	record(sent("killed", 2, 3, text("second"), func(s *wire.Story) { s.Embargo = &until }))
	back = record(sent("killed", 1, 4, text("again"), func(s *wire.Story) { s.Signal = wire.Reinstate }))
	if back.Status != wire.Usable || back.Embargo == nil || !back.Embargo.Equal(until) {
		t.Errorf("brought back after an embargo was stated it is %s with the embargo %v", back.Status, back.Embargo)
	}

	hold := func(s *wire.Story) { s.Status = wire.Withheld }
	record(sent("held", 1, 1, text("first"), unversioned))
	record(sent("held", 1, 2, text("hold"), unversioned, hold))
	record(sent("held", 1, 3, text("second"), unversioned))
	if again := record(sent("held", 1, 4, text("hold"), unversioned, hold)); again.Status != wire.Withheld {
		t.Errorf("held by the same copy again it is %s", again.Status)
	}

	p, err := ledger.NewPusher(nc)
	if err != nil {
		t.Fatal(err)
	}
	for _, push := range []ledger.Push{
		{Header: map[string]string{wire.HeaderSignal: "kill", wire.HeaderStoryID: "x"}},
		{Header: map[string]string{wire.HeaderSignal: "withhold", wire.HeaderStoryID: "x"}},
		{Again: true},
	} {
		push.Provider, push.Data = "antara", []byte("notice")
		for range 2 {
			if pushed, err := p.Push(t.Context(), push); err != nil || pushed.Duplicate {
				t.Errorf("%v: %+v, %v", push.Header, pushed, err)
			}
		}
	}
}
