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
		{OrderUnlink, usable, 9, ""},
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

// A story that is a translation by the desk's link alone is none when the link is taken away; one whose copy says so stays one.
// Either way no later version brings the link back.
func TestUnlink(t *testing.T) {
	said := told("a", 1, 1)
	said.Translation = &Translation{Of: "b", From: "ja", To: "en", Method: "human"}
	for name, test := range map[string]struct {
		story *Story
		want  bool
	}{"by the desk": {told("a", 1, 1), false}, "by its copy": {said, true}} {
		s := test.story
		for i, action := range []Action{OrderLink, OrderUnlink} {
			if s.Linked == 0 && test.want && action == OrderLink {
				continue
			}
			var err error
			order := &Order{Action: action, ID: "a", Original: map[Action]string{OrderLink: "c"}[action], By: "desk"}
			if s, err = order.Apply(s, "p-a", Received{Sequence: uint64(2 + i)}, nil); err != nil {
				t.Fatal(name, err)
			}
		}
		if (s.Translation != nil) != test.want || s.OriginalID() != "" || s.Linked != 3 {
			t.Errorf("%s: unlinked it is %+v, %d", name, s.Translation, s.Linked)
		}
		next := told("a", 2, 4)
		next.Translation = &Translation{Of: "b", From: "ja", To: "en", Method: "human"}
		if v := Judge(s, next); v != Newer || next.OriginalID() != "" || next.Linked != 3 {
			t.Errorf("%s: the next version is %s, of %q", name, v, next.OriginalID())
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

// A correction that says nothing of the expiry keeps it, in whichever order the two come; one that states another has that. A
// kill's notice does not expire.
func TestExpiryOverVersions(t *testing.T) {
	ends, later := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), time.Date(2027, 12, 1, 0, 0, 0, 0, time.UTC)
	first, second, third, kill := told("a", 1, 1), told("a", 2, 2), told("a", 3, 3), told("a", 4, 4)
	first.Expires, third.Expires, kill.Status, kill.Signal = &ends, &later, Canceled, Kill
	if Judge(first, second); second.Expires == nil || !second.Expires.Equal(ends) || second.Inherited["expires"] != 1 {
		t.Fatalf("the correction expires %v, inherited %v", second.Expires, second.Inherited)
	}
	if Judge(second, third); !third.Expires.Equal(later) {
		t.Errorf("it expires %v, not when its own version says", third.Expires)
	}
	if Judge(third, kill); kill.Expires != nil {
		t.Errorf("the kill expires %v", kill.Expires)
	}
	alone := told("a", 2, 2)
	if completed, changed := Complete(alone, first); !changed || completed.Expires == nil || !completed.Expires.Equal(ends) {
		t.Errorf("the late first version's expiry is lost: %+v", completed)
	}

	// What comes when it is over is meant to be shown, and so is what comes after that.
	after, next := told("a", 2, 2), told("a", 3, 3)
	after.Received.At, next.Received.At = ends.Add(time.Hour), ends.Add(2*time.Hour)
	Judge(first, after)
	if Judge(after, next); after.Expires != nil || next.Expires != nil {
		t.Errorf("they expire %v and %v, before they came", after.Expires, next.Expires)
	}
	if completed, _ := Complete(next, first); completed.Expires != nil {
		t.Errorf("it expires %v with the late first version", completed.Expires)
	}
}

// An embargo that copy states while the story is killed holds it when it is brought back, by the desk or by its provider.
func TestEmbargoWhileKilled(t *testing.T) {
	until, sooner := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
	first := told("a", 1, 1)
	order := func(standing *Story, action Action, sequence uint64) *Story {
		t.Helper()
		s, err := (&Order{Action: action, ID: "a", By: "desk"}).Apply(standing, "p-a", Received{Sequence: sequence}, func() (*Story, error) { return first, nil })
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	kill := told("a", 2, 2)
	kill.Status, kill.Signal = Canceled, Kill
	for name, killed := range map[string]*Story{"the desk": order(first, OrderKill, 2), "its provider": kill} {
		embargoed, earlier := told("a", 3, 3), told("a", 4, 4)
		embargoed.Embargo, earlier.Embargo = &until, &sooner
		held, changed := Complete(killed, embargoed)
		if !changed || held.Status != Canceled || held.Embargo != nil || killed.Awaits != nil {
			t.Fatalf("killed by %s: %+v", name, held)
		}
		for _, other := range []*Story{embargoed, earlier} { // the last to end counts, however often it comes
			if _, changed := Complete(held, other); changed {
				t.Errorf("killed by %s it awaits %v after the embargo of version %d", name, held.Awaits, other.Version)
			}
		}
		once := told("a", 1, 1) // delivered again, it states nothing new
		once.Embargo = &until
		if _, changed := Complete(killed, once); changed {
			t.Errorf("killed by %s it awaits the embargo of copy from before", name)
		}
		again := order(held, OrderKill, 5)
		if s := order(again, OrderReinstate, 6); s.Status != Usable || s.Embargo == nil || !s.Embargo.Equal(until) || s.Awaits != nil {
			t.Errorf("killed by %s and brought back by the desk it has the embargo %v", name, s.Embargo)
		}
		if name == "the desk" {
			continue // its provider cannot bring it back
		}
		for _, tt := range []struct {
			embargo *time.Time
			lifted  bool
			want    *time.Time
		}{{nil, false, &until}, {&sooner, false, &sooner}, {nil, true, nil}} {
			back := told("a", 5, 7)
			back.Signal, back.Embargo, back.Lifted = Reinstate, tt.embargo, tt.lifted
			if v := Judge(held, back); v != Conflict {
				t.Fatal(v)
			}
			if back.Regain(first, 5); back.Status != Usable || back.Awaits != nil || (back.Embargo == nil) != (tt.want == nil) || tt.want != nil && !back.Embargo.Equal(*tt.want) {
				t.Errorf("killed by %s and brought back by its provider (%v, lifted %t) it has the embargo %v", name, tt.embargo, tt.lifted, back.Embargo)
			}
		}
	}
}

// A kill counts in whichever order orders and copy are carried out: replicas, and the batches of one, are not in step.
func TestNoKillIsLost(t *testing.T) {
	carry := func(standing *Story, action Action, sequence uint64, last *Story) *Story {
		t.Helper()
		order := &Order{Action: action, ID: "a", By: "desk"}
		next, err := order.Apply(standing, "p-a", Received{Sequence: sequence}, func() (*Story, error) { return last, nil })
		if err != nil && !errors.As(err, new(*Refusal)) {
			t.Fatal(err)
		}
		if err != nil {
			return standing
		}
		return next
	}
	kill := func(sequence uint64) *Story {
		s := told("a", 1, sequence)
		s.Status, s.Signal = Canceled, Kill
		return s
	}
	usable := told("a", 1, 1)
	for _, later := range []Action{OrderRelease, OrderWithhold} {
		if s := carry(carry(usable, later, 10, nil), OrderKill, 9, nil); s.Status != Canceled {
			t.Errorf("a kill after which the desk said %s is lost: %s", later, s.Status)
		}
	}
	// Killed, brought back, killed again, of which the last is carried out before the second.
	again := carry(carry(usable, OrderKill, 9, nil), OrderKill, 11, nil)
	if s := carry(again, OrderReinstate, 10, usable); s.Status != Canceled {
		t.Errorf("the desk's second kill is lost: %s", s.Status)
	}
	if s := carry(again, OrderReinstate, 12, usable); s.Status != Usable {
		t.Errorf("reinstated after it, the story is %s", s.Status)
	}
	second := kill(11)
	if v := Judge(carry(usable, OrderKill, 9, nil), second); v != Conflict {
		t.Fatalf("the provider's kill is %s", v)
	}
	if s := carry(second, OrderReinstate, 10, usable); s.Status != Canceled {
		t.Errorf("the provider's second kill is lost to an earlier order: %s", s.Status)
	}
	back := told("a", 1, 10)
	back.Signal = Reinstate
	if v := Judge(kill(11), back); v != Stale {
		t.Errorf("a reinstatement by the provider from before its kill is %s", v)
	}
	// What the desk kills its provider cannot bring back, though that was recorded first.
	if v := Judge(kill(5), back); v != Conflict {
		t.Fatalf("the provider's reinstatement is %s", v)
	}
	if s := carry(back, OrderKill, 9, nil); s.Status != Canceled {
		t.Errorf("the desk's kill is lost to the provider's reinstatement: %s", s.Status)
	}
	reinstated := carry(carry(usable, OrderKill, 9, nil), OrderReinstate, 10, usable)
	if s := carry(reinstated, OrderKill, 9, nil); s != reinstated {
		t.Error("the kill that was undone kills again when it is delivered again")
	}
}

// What is held back, killed and reinstated is held back, as it was before the kill.
func TestReinstatedIsAsItWas(t *testing.T) {
	held := told("a", 1, 1)
	held.Status, held.Received.Status, held.Desk = Withheld, Usable, &Decision{Action: OrderWithhold, By: "Rani", Reason: "rumour", Sequence: 6}
	kill, back, release := &Order{Action: OrderKill, ID: "a", By: "desk"}, &Order{Action: OrderReinstate, ID: "a", By: "desk"}, &Order{Action: OrderRelease, ID: "a", By: "desk"}
	killed, err := kill.Apply(held, "p-a", Received{Sequence: 7}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := back.Apply(killed, "p-a", Received{Sequence: 8}, func() (*Story, error) { return held, nil })
	if err != nil || s.Status != Withheld || s.Desk.By != "Rani" || s.LastOrder(OrderReinstate) != 8 {
		t.Fatalf("reinstated it is %s, %+v (%v)", s.Status, s.Desk, err)
	}
	if s, err = release.Apply(s, "p-a", Received{Sequence: 9}, nil); err != nil || s.Status != Usable {
		t.Errorf("released it is %s (%v)", s.Status, err)
	}
}

// A story that the desk has killed before it came may be sent after the desk has taken its kill back.
func TestReinstatedBeforeItCame(t *testing.T) {
	kill, back := &Order{Action: OrderKill, ID: "a", By: "desk"}, &Order{Action: OrderReinstate, ID: "a", By: "desk"}
	killed, err := kill.Apply(nil, "p-a", Received{Sequence: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	open, err := back.Apply(killed, "p-a", Received{Sequence: 2}, func() (*Story, error) { return nil, nil })
	if err != nil || open.Status != Canceled || open.killedByDesk() {
		t.Fatalf("%+v, %v", open, err)
	}
	if v := Judge(open, told("a", 1, 3)); v != Stale {
		t.Errorf("copy that says nothing of it is %s", v)
	}
	text := told("a", 1, 4)
	text.Signal = Reinstate
	if v := Judge(open, text); v != Conflict || text.Status != Usable {
		t.Errorf("its text is %s, %s", v, text.Status)
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
