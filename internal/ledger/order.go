package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"kawat/internal/wire"
)

// Carry carries out an order about a story of a provider and says what became of it; the outcome is durable. received is
// where on WIRE the order is. To call it again with the same order is safe, also from several replicas at once.
func (l *Ledger) Carry(ctx context.Context, order *wire.Order, provider string, received wire.Received) (Outcome, error) {
	key := wire.Key{Provider: provider, ID: order.ID}
	if circle, err := l.circle(ctx, order, key); err != nil || circle != nil {
		return Outcome{Refusal: circle}, err
	}
	for {
		standing, err := l.Standing(ctx, key)
		var refusal *wire.Refusal
		if errors.As(err, &refusal) {
			return Outcome{Refusal: refusal}, nil
		}
		if err != nil {
			return Outcome{}, fmt.Errorf("look up story %s: %w", key.ID, err)
		}
		var before *wire.Story
		var expected uint64
		if standing != nil {
			before, expected = standing.Story, standing.Sequence
		}
		next, err := order.Apply(before, provider, received, func() (*wire.Story, error) { return l.beforeKill(ctx, key) })
		if errors.As(err, &refusal) {
			early := standing == nil || order.Action == wire.OrderReinstate && before.Status != wire.Canceled ||
				order.Action == wire.OrderUnlink && before.OriginalID() == ""
			return Outcome{Refusal: refusal, Early: early}, nil
		}
		if err != nil {
			return Outcome{}, err
		}
		o := Outcome{Verdict: wire.Duplicate}
		if next == before {
			o.Record = *standing
		} else {
			if next, err = l.withOriginal(ctx, next); err != nil {
				return Outcome{}, err
			}
			if standing != nil {
				next = wire.InPlace(*standing, next)
			}
			written, refusal, err := l.writeOver(ctx, expected, next)
			if refusal != nil {
				return Outcome{Refusal: refusal}, nil
			}
			if err != nil {
				return Outcome{}, fmt.Errorf("record the order about story %s: %w", key.ID, err)
			}
			if written == nil {
				continue
			}
			o = Outcome{Verdict: wire.Newer, Record: *written}
		}
		if err := l.relate(ctx, &o); err != nil {
			return Outcome{}, err
		}
		return o, l.unpair(ctx, before, &o)
	}
}

// unpair takes a story from among the translations of the original that it is no longer linked to.
func (l *Ledger) unpair(ctx context.Context, before *wire.Story, o *Outcome) error {
	if before == nil || before.OriginalID() == "" || before.Translation.Provider == "" || before.OriginalID() == o.Record.OriginalID() {
		return nil
	}
	var changed kin
	err := l.pair(ctx, wire.Key{Provider: before.Translation.Provider, ID: before.Translation.Of}, o.Record, &changed)
	for _, record := range changed.standing {
		o.Family = append(o.Family, record)
	}
	o.Passed = append(o.Passed, changed.passed...)
	return err
}

// beforeKill gives the newest version of a story that was not killed, nil where there is none.
func (l *Ledger) beforeKill(ctx context.Context, key wire.Key) (*wire.Story, error) {
	var last *wire.Story
	for past, err := range l.History(ctx, key) {
		if err != nil && past.Sequence == 0 {
			return nil, fmt.Errorf("look up the history of story %s: %w", key.ID, err)
		}
		if err == nil && past.Status != wire.Canceled {
			last = past.Story
		}
	}
	return last, nil
}

// circle refuses a link by which a story would become a translation of itself.
func (l *Ledger) circle(ctx context.Context, order *wire.Order, t wire.Key) (*wire.Refusal, error) {
	if order.Action != wire.OrderLink {
		return nil, nil
	}
	above := &wire.Story{Provider: t.Provider, ID: t.ID, Translation: &wire.Translation{Of: order.Original, Provider: order.OriginalProvider}}
	for generation := 0; ; generation++ {
		original, err := l.original(ctx, above)
		if err != nil || original == nil {
			return nil, err
		}
		if original.Key() == t || generation > mostGenerations {
			return wire.Refuse(wire.NoIdentity, "The story %q is itself made from %q: to link them the other way round, unlink the first one before (kawat unlink).",
				order.Original, order.ID), nil
		}
		above = original.Story
	}
}

// Order gives an order about a provider's story to the gateway, and waits for JetStream's acknowledgement.
func (p *Pusher) Order(ctx context.Context, provider string, order *wire.Order) (Pushed, error) {
	if err := order.Check(); err != nil {
		return Pushed{}, err
	}
	data, err := order.Marshal()
	if err != nil {
		return Pushed{}, err
	}
	subject := deskPrefix + provider
	ack, err := p.js.PublishMsg(ctx, &nats.Msg{Subject: subject, Data: data})
	if errors.Is(err, jetstream.ErrNoStreamResponse) || errors.Is(err, nats.ErrNoResponders) {
		return Pushed{}, fmt.Errorf("no stream takes %s: is the gateway's ingest running on this NATS server? (%w)", subject, err)
	}
	if err != nil {
		return Pushed{}, p.refused(subject, err)
	}
	return Pushed{Subject: subject, Sequence: ack.Sequence}, nil
}

// Order gives an order as a desk would, through WIRE.
func (l *Ledger) Order(ctx context.Context, provider string, order *wire.Order) (Pushed, error) {
	return (&Pusher{l.js}).Order(ctx, provider, order)
}

// Tell tells whoever listens, once, on kawat.event.<name>.<provider>. Nobody has to listen, and nothing is kept.
func (l *Ledger) Tell(name, provider string, event any) error {
	data, err := json.Marshal(event)
	if err != nil {
		return err
	}
	return l.js.Conn().Publish("kawat.event."+name+"."+provider, data)
}

// Await waits until an order about a story was carried out, and gives what stands for the story then. A *wire.Refusal is
// why it could not be. It returns the context's error when that ends first.
func (a *Archive) Await(ctx context.Context, nc *nats.Conn, key wire.Key, action wire.Action, order uint64) (*wire.Record, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, err
	}
	quarantine, err := js.Stream(ctx, QuarantineStream)
	if err != nil {
		return nil, err
	}
	for {
		record, err := a.Standing(ctx, key)
		if err != nil {
			return nil, err
		}
		if record != nil && record.LastOrder(action) >= order {
			return record, nil
		}
		refused, err := quarantine.Info(ctx, jetstream.WithSubjectFilter(fmt.Sprintf("%s%s.*.%d-0", quarantinePrefix, key.Provider, order)))
		if err != nil {
			return nil, err
		}
		for subject := range refused.State.Subjects {
			msg, err := quarantine.GetLastMsgForSubject(ctx, subject)
			if err != nil {
				return nil, err
			}
			return nil, wire.Refuse(wire.Code(msg.Header.Get(headerCode)), "%s", msg.Header.Get(headerReason))
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// Waiting gives the translations about which a desk has to decide, since their original was killed, withheld or corrected:
// those that wait longest first.
func (a *Archive) Waiting(ctx context.Context, nc *nats.Conn) ([]wire.Record, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, err
	}
	stream, err := js.Stream(ctx, FamiliesStream)
	if err != nil {
		return nil, err
	}
	keys, err := (&families{stream: stream}).all(ctx)
	if err != nil {
		return nil, err
	}
	var waiting []wire.Record
	for _, key := range keys {
		record, err := a.Standing(ctx, key)
		if err != nil {
			return nil, err
		}
		if record != nil && record.Waits() {
			waiting = append(waiting, *record)
		}
	}
	slices.SortFunc(waiting, func(x, y wire.Record) int {
		return cmp.Or(x.Translation.Original.At.Compare(y.Translation.Original.At), cmp.Compare(x.Sequence, y.Sequence))
	})
	return slices.CompactFunc(waiting, func(x, y wire.Record) bool { return x.Key() == y.Key() }), nil
}
