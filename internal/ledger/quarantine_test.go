package ledger_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/nats-io/nats.go"

	"kawat/internal/ledger"
	"kawat/internal/testkit"
	"kawat/internal/wire"
)

// refuse takes what is on WIRE and quarantines so many items of each message, until so many messages were taken.
func refuse(t *testing.T, l *ledger.Ledger, messages, items int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var taken atomic.Int64
	l.Consume(ctx, func(d *ledger.Delivery) {
		for item := range items {
			if err := l.Quarantine(ctx, d, item, wire.Refuse(wire.NoText, "nothing to read")); err != nil {
				t.Error(err)
			}
		}
		_ = d.Term("no-text")
		if taken.Add(1) >= int64(messages) {
			cancel()
		}
	})
}

func openQuarantine(t *testing.T, nc *nats.Conn) *ledger.Quarantine {
	t.Helper()
	q, err := ledger.OpenQuarantine(t.Context(), nc)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func list(t *testing.T, q *ledger.Quarantine) []ledger.Quarantined {
	t.Helper()
	all, err := q.List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestRetry: the same bytes, headers and subject are on WIRE again, once for a message however many of its items were
// refused; who did it and why is noted, and a retry that is refused again says what it is a retry of.
func TestRetry(t *testing.T) {
	l, nc := open(t, testkit.StartNATS(t).URL)
	q := openQuarantine(t, nc)
	if got := list(t, q); len(got) != 0 {
		t.Fatalf("an empty QUARANTINE lists %+v", got)
	}
	// A push with a message id of its own, which must not make the retry vanish.
	msg := nats.NewMsg("wire.in.antara.desk")
	msg.Data = []byte("cut off\x00\xff")
	msg.Header.Set("kawat-version", "3")
	msg.Header.Set("Nats-Msg-Id", "mine")
	if _, err := nc.RequestMsg(msg, 5*time.Second); err != nil {
		t.Fatal(err)
	}
	refuse(t, l, 1, 2)

	items := list(t, q)
	item := ledger.Quarantined{Sequence: 1, Provider: "antara", Code: wire.NoText, Reason: "nothing to read", WireSubject: "wire.in.antara.desk", WireSequence: 1, Size: 9}
	second := item
	second.Sequence = 2
	if diff := cmp.Diff([]ledger.Quarantined{item, second}, items, cmpopts.IgnoreFields(ledger.Quarantined{}, "At")); diff != "" {
		t.Fatal("list (-want +got)", diff)
	}
	pushed, err := q.Retry(t.Context(), items, "Rani", "charset\nmended")
	if diff := cmp.Diff(ledger.Pushed{Subject: "wire.in.antara.desk", Sequence: 2}, pushed); diff != "" || err != nil {
		t.Fatal(diff, err)
	}
	settled := &ledger.Settled{How: ledger.Retried, By: "Rani", Why: "charset mended", WireSequence: 2}
	item.Settled, second.Settled = settled, settled
	want := []ledger.Quarantined{item, second}
	if diff := cmp.Diff(want, list(t, q), cmpopts.IgnoreFields(ledger.Quarantined{}, "At"), cmpopts.IgnoreFields(ledger.Settled{}, "At")); diff != "" {
		t.Fatal("list (-want +got)", diff)
	}
	// At the same moment by somebody else: nothing more is pushed.
	if again, err := q.Retry(t.Context(), items, "Dimas", ""); err != nil || !again.Duplicate || again.Sequence != 2 {
		t.Error(again, err)
	}

	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	l.Consume(ctx, func(d *ledger.Delivery) {
		if d.Sequence != 2 || string(d.Data()) != "cut off\x00\xff" || d.Header(wire.HeaderVersion) != "3" || d.Header("Kawat-Retry-Of") != "1" || d.Header("Kawat-Code") != "" {
			t.Errorf("the retry on WIRE: %d %q", d.Sequence, d.Data())
		}
		if err := l.Quarantine(ctx, d, 0, wire.Refuse(wire.BadCharset, "still")); err != nil {
			t.Error(err)
		}
		_ = d.Term("bad-charset")
		cancel()
	})
	all := list(t, q)
	last := all[len(all)-1]
	if len(all) != 3 || last.WireSequence != 2 || last.RetryOf != 1 || last.Code != wire.BadCharset || last.Settled != nil {
		t.Errorf("refused again: %+v", all)
	}
	// And again, now of the retry: it stays known where the copy was first.
	if pushed, err := q.Retry(t.Context(), all[2:], "Rani", ""); err != nil || pushed.Sequence != 3 || pushed.Duplicate {
		t.Fatal(pushed, err)
	}
	refuse(t, l, 1, 1)
	all = list(t, q)
	if last := all[len(all)-1]; len(all) != 4 || last.WireSequence != 3 || last.RetryOf != 1 {
		t.Errorf("refused a third time: %+v", all)
	}
}

// TestRetryOfLargeCopy: copy that QUARANTINE could not take is fetched from WIRE.
func TestRetryOfLargeCopy(t *testing.T) {
	l, nc := open(t, testkit.StartNATS(t).URL)
	q := openQuarantine(t, nc)
	pusher, _ := ledger.NewPusher(nc)
	data := []byte(strings.Repeat("x", 5<<20-450))
	if _, err := pusher.Push(t.Context(), ledger.Push{Provider: "antara", Data: data, Header: map[string]string{wire.HeaderStoryID: "ANT-77"}}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	l.Consume(ctx, func(d *ledger.Delivery) {
		if err := l.Quarantine(ctx, d, 0, wire.Refuse(wire.TooLarge, "%s", strings.Repeat("much ", 200))); err != nil {
			t.Error(err)
		}
		_ = d.Term("too-large")
		cancel()
	})
	all := list(t, q)
	if len(all) != 1 || all[0].Size != -1 {
		t.Fatalf("%+v", all)
	}
	held, err := q.Get(t.Context(), 1)
	if err != nil || string(held.Data) != string(data) {
		t.Fatalf("%d bytes, %v", len(held.Data), err)
	}
	if diff := cmp.Diff(map[string][]string{wire.HeaderStoryID: {"ANT-77"}}, held.Header); diff != "" {
		t.Error("headers (-want +got)", diff)
	}
	if pushed, err := q.Retry(t.Context(), all, "Rani", ""); err != nil || pushed.Sequence != 2 {
		t.Error(pushed, err)
	}
}

// TestDiscard: what is discarded stays where it is, with a note; the first of two who settle it is the one.
func TestDiscard(t *testing.T) {
	l, nc := open(t, testkit.StartNATS(t).URL)
	q := openQuarantine(t, nc)
	pusher, _ := ledger.NewPusher(nc)
	for _, provider := range []string{"antara", "done"} { // a provider of the notes' own name is one like others
		if _, err := pusher.Push(t.Context(), ledger.Push{Provider: provider, Data: []byte("x")}); err != nil {
			t.Fatal(err)
		}
	}
	refuse(t, l, 2, 1)
	// Which of the two is refused first is left to chance.
	gone := slices.IndexFunc(list(t, q), func(h ledger.Quarantined) bool { return h.Provider == "antara" })
	sequence := uint64(gone + 1)
	if err := q.Discard(t.Context(), sequence, "Rani", "sent again by telephone"); err != nil {
		t.Fatal(err)
	}
	if err := q.Discard(t.Context(), sequence, "Dimas", "a test"); !errors.Is(err, ledger.ErrSettled) {
		t.Errorf("a second time: %v", err)
	}
	held, err := q.Get(t.Context(), sequence)
	if err != nil || string(held.Data) != "x" || held.Settled == nil || held.Settled.By != "Rani" || held.Settled.How != ledger.Discarded {
		t.Errorf("%+v %v", held, err)
	}
	all := list(t, q)
	if len(all) != 2 || all[gone].Settled == nil || all[gone].Settled.Why != "sent again by telephone" || all[1-gone].Settled != nil ||
		all[1-gone].Provider != "done" {
		t.Errorf("%+v", all)
	}
	for _, sequence := range []uint64{3, 99} { // the note itself, and nothing
		if _, err := q.Get(t.Context(), sequence); err == nil || !strings.Contains(err.Error(), "there is no quarantined copy") {
			t.Errorf("%d: %v", sequence, err)
		}
	}
}
