package ingest

import (
	"errors"
	"testing"

	"kawat/internal/ledger"
)

// TestHealth: what the parts note is what operators are told.
func TestHealth(t *testing.T) {
	in := &Ingest{Ledger: &ledger.Ledger{}}
	if h := in.Health(); h != (Health{}) {
		t.Errorf("before anything: %+v", h)
	}
	in.pulse.found(10, 4, "it is empty")
	progress, end := in.pulse.refilling()
	progress(3, 10)
	progress(2, 10) // of another lane, later
	h := in.Health()
	if h.Unfilled != "it is empty" || h.Behind != 6 || h.BehindFor <= 0 || h.Refill == nil || h.Refill.Records != 3 || h.Refill.Of != 10 {
		t.Errorf("%+v %+v", h, h.Refill)
	}
	end()
	in.pulse.look(errors.New("Redis is away"))
	if h := in.Health(); h.Unread != "Redis is away" || h.Refill != nil || h.Unseen != 0 {
		t.Errorf("%+v", h)
	}
	in.pulse.found(10, 10, "")
	in.pulse.look(nil)
	first, second := in.pulse.take(), in.pulse.take()
	second()
	if h := in.Health(); h.Behind != 0 || h.BehindFor != 0 || h.Unfilled != "" || h.Unread != "" || h.InHand <= 0 || h.Unseen <= 0 {
		t.Errorf("%+v", h)
	}
	first()
	if h := in.Health(); h.InHand != 0 {
		t.Errorf("%+v", h)
	}
}
