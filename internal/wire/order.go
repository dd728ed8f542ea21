package wire

import (
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
)

// Action is what an order does.
type Action string

const (
	// OrderKill kills the story, whoever delivered it; its provider cannot bring it back.
	OrderKill Action = "kill"
	// OrderWithhold holds the story and all later versions of it back until it is released.
	OrderWithhold Action = "withhold"
	// OrderRelease ends the withholding, and that by what became of the story's original.
	OrderRelease Action = "release"
	// OrderReinstate brings a killed story back, as it was before the kill, as a new version.
	OrderReinstate Action = "reinstate"
	// OrderLink names the original that the story translates, and OrderUnlink takes the link away.
	OrderLink   Action = "link"
	OrderUnlink Action = "unlink"
)

// Actions are all of them.
var Actions = []Action{OrderKill, OrderWithhold, OrderRelease, OrderReinstate, OrderLink, OrderUnlink}

// Order is what a desk decides about a story without sending copy. It goes over WIRE, on wire.desk.<provider of the
// story>, so that who may give orders about whose stories is a matter of rights on subjects.
type Order struct {
	Action Action `json:"action"`
	// ID is the story's.
	ID string `json:"id"`
	// Original names the original to link to, and OriginalProvider who delivered it ("" for whoever has that ID).
	Original         string `json:"original,omitzero"`
	OriginalProvider string `json:"originalProvider,omitzero"`
	// Takedown says of a kill that it is for want of rights.
	Takedown bool `json:"takedown,omitzero"`
	// By is who gives the order, and Reason why; both go into the record.
	By     string `json:"by"`
	Reason string `json:"reason,omitzero"`
	// Given is when, by the desk's clock: it tells two like orders apart and means nothing else.
	Given time.Time `json:"given"`
}

// Decision is an order that was carried out, as the story's record has it.
type Decision struct {
	Action Action `json:"action"`
	By     string `json:"by"`
	Reason string `json:"reason,omitzero"`
	// Sequence and At are the order's on WIRE.
	Sequence uint64    `json:"sequence"`
	At       time.Time `json:"at"`
	// Again is the last further order of the kind on WIRE that found it carried out, 0: none.
	Again uint64 `json:"again,omitzero"`
}

// most bytes of what people type into an order.
const maxWords = 1000

// ReadOrder reads an order as Marshal wrote it. Its error is a *Refusal.
func ReadOrder(data []byte) (*Order, error) {
	o := new(Order)
	if err := json.Unmarshal(data, o, json.RejectUnknownMembers(true)); err != nil {
		return nil, Refuse(NotWellFormed, "This is no order: %v. Give orders with the commands of kawat (kawat kill, kawat withhold, kawat link and so on).", err)
	}
	return o, o.Check()
}

// Check says what is wrong with an order, as a *Refusal; nil: nothing.
func (o *Order) Check() error {
	switch {
	case !slices.Contains(Actions, o.Action):
		return Refuse(BadHeader, "Nobody knows how to %q a story.", string(o.Action))
	case o.ID == "" || len(o.ID) > 1024 || len(o.Original) > 1024:
		return Refuse(NoIdentity, "An order needs the id of its story, of at most 1024 bytes.")
	case o.Action == OrderLink && (o.Original == "" || o.Original == o.ID):
		return Refuse(NoIdentity, "A translation is linked to the id of its original, which is another story.")
	case o.OriginalProvider != "" && !ValidProvider(o.OriginalProvider):
		return Refuse(NoIdentity, "%q cannot be a provider's name.", o.OriginalProvider)
	case strings.TrimSpace(o.By) == "" || len(o.By) > maxWords || len(o.Reason) > maxWords:
		return Refuse(BadHeader, "An order needs the name of who gives it (--by), and no more than %d bytes of reason.", maxWords)
	}
	return nil
}

// Marshal gives the order as one line of JSON.
func (o *Order) Marshal() ([]byte, error) { return json.Marshal(o, json.Deterministic(true)) }

// Apply gives the story as the order leaves it. standing is the story's version that stands, nil for none, which only a
// kill can do with: it is final, also for a story that comes later. before is called for a story that is to be
// reinstated, and gives its newest version that was not killed (nil: none). received says where on WIRE the order is.
//
// It gives standing itself where the order changes nothing: it was carried out already, or is older than what stands. A
// *Refusal is an order that cannot be carried out.
func (o *Order) Apply(standing *Story, provider string, received Received, before func() (*Story, error)) (*Story, error) {
	decision := &Decision{Action: o.Action, By: o.By, Reason: o.Reason, Sequence: received.Sequence, At: received.At}
	switch {
	case standing == nil && o.Action == OrderKill:
		s := &Story{ID: o.ID, Provider: provider, Version: 1, Status: Canceled, Signal: o.kill(), Language: "und", Desk: decision, Received: received,
			Attribution: Attribution{Sources: []Source{}, Credits: []Credit{}}, Rights: Rights{AI: AIUnspecified}}
		return s, nil
	case standing == nil:
		return nil, Refuse(NoIdentity, "%s has delivered no story %q that could be %s.", provider, o.ID, past[o.Action])
	case received.Sequence <= standing.LastOrder(o.Action):
		return standing, nil
	case o.Action == OrderUnlink && standing.OriginalID() == "" && standing.Status != Canceled:
		return nil, Refuse(NoIdentity, "The story %q is linked to no original: there is nothing to unlink.", o.ID)
	case standing.Status == Canceled && o.Action != OrderKill && o.Action != OrderReinstate:
		return nil, Refuse(NoIdentity, "The story %q was killed, and a kill is final: only kawat reinstate brings it back.", o.ID)
	}
	next := standing.clone()
	switch o.Action {
	case OrderKill:
		// Not a word of the story stays in the record of its kill; what it was is in the records before.
		next = &Story{ID: standing.ID, Provider: standing.Provider, Version: standing.Version, Status: Canceled, Signal: o.kill(),
			Language: standing.Language, Translation: next.Translation, Inherited: standing.Inherited, Reinstated: standing.Reinstated, Linked: standing.Linked, Awaits: standing.Awaits,
			Attribution: Attribution{Sources: []Source{}, Credits: []Credit{}}, Rights: Rights{AI: AIUnspecified}, Received: standing.Received}
		next.Received.Status = ""
		next.Desk = decision
		if standing.killedByDesk() { // what the desk has decided since about translations holds
			again := *standing.Desk
			again.Again = received.Sequence
			next.Desk = &again
			if !o.Takedown {
				next.Signal = standing.Signal
			}
		}
	case OrderReinstate:
		if standing.Status != Canceled {
			return nil, Refuse(NoIdentity, "The story %q is not killed: there is nothing to reinstate. A story that is held back is released (kawat release).", o.ID)
		}
		last, err := before()
		if err != nil {
			return nil, err
		}
		if last != nil && standing.Received.Sequence > received.Sequence && standing.Received.Sequence != last.Received.Sequence {
			return nil, Refuse(NoIdentity, "The story %q was killed by its provider after this order was given: give it again if that kill was a mistake too.", o.ID)
		}
		if last == nil && standing.killedByDesk() {
			// It was killed before it came. There is no text to bring back, but its provider may send it now.
			next.Desk, next.Reinstated = decision, received.Sequence
			return next, nil
		}
		if last == nil {
			return nil, Refuse(NoText, "Of the story %q nothing is here but its kill: push its text, with the signal reinstate.", o.ID)
		}
		next = last.clone()
		next.Status, next.Received.Status = last.own(), ""
		next.Version, next.Signal, next.Placed = standing.Version+1, Reinstate, time.Time{}
		next.Desk, next.Reinstated = decision, received.Sequence
		if d := last.Desk; d != nil && d.Action == OrderWithhold { // as it was: nobody has released it
			next.Desk = &Decision{Action: d.Action, By: d.By, Reason: d.Reason, Sequence: received.Sequence, At: received.At}
			next.AddEvidence("status", "desk:reinstate", strings.TrimSpace(o.By+" "+o.Reason))
		}
		next.Translations = nil // they are looked up anew
		next.await(standing.Awaits)
		next.settle()
	case OrderWithhold, OrderRelease:
		next.Desk = decision
		next.settle()
	case OrderLink, OrderUnlink:
		next.link(o, received.Sequence)
	}
	return next, nil
}

// kill is the signal of the order's kill.
func (o *Order) kill() Signal {
	if o.Takedown {
		return Takedown
	}
	return Kill
}

func (s *Story) killedByDesk() bool {
	return s.Status == Canceled && s.Desk != nil && s.Desk.Action == OrderKill
}

var past = map[Action]string{OrderWithhold: "withheld", OrderRelease: "released", OrderReinstate: "reinstated", OrderLink: "linked", OrderUnlink: "unlinked"}

// LastOrder is the newest order on WIRE that was carried out and that an order of this kind must be newer than.
func (s *Story) LastOrder(a Action) uint64 {
	last := s.Reinstated
	switch {
	case a == OrderKill && s.killedByDesk():
		last = max(s.Desk.Sequence, s.Desk.Again) // a later kill is noted, so that no reinstatement from between the two undoes it
	case a == OrderKill:
		// A kill counts though other orders came later, and only the desk itself undoes it: a reinstatement by the provider
		// that was recorded first does not.
		if s.Desk == nil || s.Desk.Sequence < s.Reinstated {
			last = 0
		}
	case a == OrderLink || a == OrderUnlink:
		last = max(last, s.Linked)
	case s.Desk != nil:
		last = max(last, s.Desk.Sequence, s.Desk.Again)
	}
	return last
}

// link names the original as the desk has it, or none. A story that is a translation by the desk's link alone is none without it.
func (s *Story) link(o *Order, sequence uint64) {
	t := s.Translation
	switch {
	case t == nil && o.Action == OrderLink:
		t = &Translation{From: "und", To: s.Language, Method: "human"}
	case o.Action == OrderUnlink && s.Linked > 0 && t != nil && t.Method == "human" && !slices.ContainsFunc(s.Attribution.Credits, func(c Credit) bool { return c.Role == Translator }):
		t = nil
	}
	if s.Translation, s.Linked = t, sequence; t != nil {
		t.Of, t.Provider, t.Original, t.Embargo, t.Expires = o.Original, o.OriginalProvider, nil, nil, nil
	}
	s.Evidence = slices.DeleteFunc(s.Evidence, func(e Evidence) bool { return e.Field == "translation.of" })
	s.AddEvidence("translation.of", "desk:"+string(o.Action), strings.TrimSpace(o.By+" "+o.Reason))
	s.settle()
}
