package wire

import (
	"errors"
	"testing"
	"time"
)

func TestOrders(t *testing.T) {
	usable := told("a", 3, 4)
	killed := told("a", 3, 4)
	killed.Status = Canceled
	held := told("a", 3, 4)
	held.Status, held.Received.Status, held.Desk = Withheld, Usable, &Decision{Action: OrderWithhold, Sequence: 6}
	for _, test := range []struct {
		action   Action
		standing *Story
		sequence uint64
		want     Status // "": refused
	}{
		{OrderKill, nil, 9, Canceled},
		{OrderKill, usable, 9, Canceled},
		{OrderKill, killed, 9, Canceled},
		{OrderWithhold, nil, 9, ""},
		{OrderWithhold, usable, 9, Withheld},
		{OrderWithhold, killed, 9, ""},
		{OrderRelease, held, 9, Usable},
		{OrderRelease, held, 5, Withheld}, // an older order than the one that holds it back
		{OrderRelease, usable, 9, Usable},
		{OrderRelease, killed, 9, ""},
		{OrderReinstate, usable, 9, ""},
		{OrderReinstate, killed, 9, Usable},
		{OrderLink, usable, 9, Usable},
		{OrderUnlink, usable, 9, Usable},
	} {
		order := &Order{Action: test.action, ID: "a", By: "desk"}
		if test.action == OrderLink {
			order.Original = "b"
		}
		got, err := order.Apply(test.standing, "p-a", Received{Sequence: test.sequence}, func() (*Story, error) { return usable, nil })
		var refusal *Refusal
		switch {
		case test.want == "" && !errors.As(err, &refusal):
			t.Errorf("%s at %d is not refused: %+v, %v", test.action, test.sequence, got, err)
		case test.want != "" && (err != nil || got.Status != test.want):
			t.Errorf("%s at %d: %+v, %v", test.action, test.sequence, got, err)
		}
		if err == nil && test.action == OrderKill && (got.Body.Text != "" || got.Headline != "") {
			t.Errorf("the kill's record still says %q", got.Body.Text)
		}
	}
}

// What the desk decides stays over later versions, and what the copy says of itself comes back when the desk releases it.
func TestDeskOverVersions(t *testing.T) {
	first := told("a", 1, 1)
	order := &Order{Action: OrderWithhold, ID: "a", By: "desk"}
	held, err := order.Apply(first, "p-a", Received{Sequence: 2}, nil)
	if err != nil {
		t.Fatal(err)
	}
	second := told("a", 2, 3)
	if v := Judge(held, second); v != Newer || second.Status != Withheld || second.own() != Usable {
		t.Fatalf("the next version is %s, %s", v, second.Status)
	}
	order.Action = OrderRelease
	released, err := order.Apply(second, "p-a", Received{Sequence: 4}, nil)
	if err != nil || released.Status != Usable || released.Received.Status != "" {
		t.Errorf("released it is %s (%v)", released.Status, err)
	}
}

func TestReinstated(t *testing.T) {
	killed := told("a", 2, 2)
	killed.Status = Canceled
	late := told("a", 7, 3)
	if v := Judge(killed, late); v != Stale {
		t.Errorf("late copy of a killed story is %s", v)
	}
	back := told("a", 1, 4)
	back.Signal = Reinstate
	if v := Judge(killed, back); v != Conflict || back.Version != 3 || back.Reinstated != 4 {
		t.Fatalf("it is %s, version %d, reinstated at %d", v, back.Version, back.Reinstated)
	}
	if (Record{Story: back, Sequence: 9}).Rank() <= (Record{Story: killed, Sequence: 8}).Rank() {
		t.Error("the kill still stands above it")
	}
	before := told("a", 1, 3)
	before.Status = Canceled
	if v := Judge(back, before); v != Stale {
		t.Errorf("a kill from before it is %s", v)
	}
	again := told("a", 1, 5)
	again.Status = Canceled
	if v := Judge(back, again); v != Newer {
		t.Errorf("another kill is %s", v)
	}
}

// A correction that says nothing of the embargo keeps it, in whichever order the two come; one that lifts it does.
func TestEmbargoOverVersions(t *testing.T) {
	until := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	first, second, third := told("a", 1, 1), told("a", 2, 2), told("a", 3, 3)
	first.Embargo = &until
	third.Lifted = true
	Judge(first, second)
	if second.Embargo == nil || second.Inherited["embargo"] != 1 {
		t.Fatalf("the correction has the embargo %v, inherited %v", second.Embargo, second.Inherited)
	}
	Judge(second, third)
	if third.Embargo != nil {
		t.Errorf("lifted, it is %v", third.Embargo)
	}
	if _, changed := Complete(third, first); changed {
		t.Error("a late first version brings the embargo back")
	}
	alone := told("a", 2, 1)
	if completed, changed := Complete(alone, first); !changed || completed.Embargo == nil || alone.Embargo != nil {
		t.Errorf("the late first version's embargo is lost: %+v", completed)
	}
}

func FuzzReadOrder(f *testing.F) {
	data, _ := (&Order{Action: OrderLink, ID: "a", Original: "b", By: "desk", Given: time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)}).Marshal()
	f.Add(data)
	f.Add([]byte(`{"action":"kill","id":"a","by":"x"}`))
	f.Add([]byte(`{"action":"kill"`))
	f.Fuzz(func(t *testing.T, data []byte) {
		o, err := ReadOrder(data)
		if err != nil {
			if !errors.As(err, new(*Refusal)) {
				t.Errorf("%v is no refusal", err)
			}
			return
		}
		line, err := o.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		if again, err := ReadOrder(line); err != nil || *again != *o {
			t.Errorf("%s is read again as %+v, %v", line, again, err)
		}
	})
}
