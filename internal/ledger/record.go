package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"kawat/internal/wire"
)

// publishTimeout is how long a record waits for JetStream's acknowledgement. When it runs out nothing is known of the
// record: it is looked up and tried again, which the compare-and-set makes safe.
const publishTimeout = 5 * time.Second

// headerRoom is what JetStream's headers take of a message's size.
const headerRoom = 4 << 10

// Outcome is what became of one story that was to be recorded.
type Outcome struct {
	// Refusal is why the story can never be recorded; nil for all others, whose outcome is durable.
	Refusal *wire.Refusal
	// Early says that what would change the outcome may be on its way, pushed before it: the story that an order is about, the kill
	// that is to be undone, the reinstatement of the killed story that copy updates, or a kill and a reinstatement after which a smaller
	// version counts.
	Early   bool
	Verdict wire.Verdict
	// Record is what stands for the story now: the story itself, or what was there before it.
	Record wire.Record
	// Family are the records that stand for its original and for its translations, where they may have changed with it, now or in an
	// earlier try of which the rest was not done.
	Family []wire.Record
	// Passed are records of these that were written on the way and that others stand above by now. The cache needs them as well: it
	// counts up to which record it is whole, and gives readers with a cursor nothing beyond one that it lacks.
	Passed []wire.Record
}

// Record writes stories to STORIES, each by compare-and-set on its own subject, and says what became of each. On return
// without an error every outcome is durable. After an error some may have been written: to call Record again with
// the same stories is safe and gives their outcomes.
//
// Any number of replicas may call it at the same time, with the same stories too.
func (l *Ledger) Record(ctx context.Context, stories []*wire.Story) ([]Outcome, error) {
	stories, err := l.withOriginals(ctx, stories)
	if err != nil {
		return nil, err
	}
	// Most copy is a story's first: publish all of it as such at once, and look closer only at what JetStream refuses.
	outcomes := make([]Outcome, len(stories))
	acks := make([]jetstream.PubAckFuture, len(stories))
	for i, s := range stories {
		wire.Judge(nil, s)
		ack, err := l.publish(s, 0)
		if errors.As(err, &outcomes[i].Refusal) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("record story %s: %w", s.ID, err)
		}
		acks[i] = ack
	}
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(16)
	var failed error
	for i, s := range stories {
		if outcomes[i].Refusal != nil {
			continue
		}
		seq, err := wait(ctx, acks[i])
		switch {
		case isConflict(err):
			group.Go(func() (err error) {
				outcomes[i], err = l.recordNext(gctx, s)
				return err
			})
		case err != nil:
			failed = errors.Join(failed, fmt.Errorf("record story %s: %w", s.ID, err))
		default:
			outcomes[i] = Outcome{Verdict: wire.Newer, Record: wire.Record{Story: s, Sequence: seq, JSON: acks[i].Msg().Data}}
		}
	}
	if err := errors.Join(failed, group.Wait()); err != nil {
		return nil, err
	}
	if err := l.relateAll(ctx, stories, outcomes); err != nil {
		return nil, err
	}
	for i := range outcomes {
		if outcomes[i].Refusal != nil {
			continue
		}
		if err := l.date(ctx, &outcomes[i].Record); err != nil {
			return nil, err
		}
	}
	return outcomes, nil
}

// date gives a record its time on STORIES, where it was written just now.
func (l *Ledger) date(ctx context.Context, r *wire.Record) error {
	if !r.Recorded.IsZero() {
		return nil
	}
	at, err := l.clock.at(ctx, r.Sequence)
	if err != nil {
		return fmt.Errorf("time of record %d on STORIES: %w", r.Sequence, err)
	}
	r.Recorded = at
	return nil
}

// recordNext records a story of which a version stands already.
func (l *Ledger) recordNext(ctx context.Context, s *wire.Story) (Outcome, error) {
	for {
		standing, err := l.Standing(ctx, s.Key())
		var unreadable *wire.Refusal
		if errors.As(err, &unreadable) {
			return Outcome{Refusal: unreadable}, nil
		}
		if err != nil {
			return Outcome{}, fmt.Errorf("look up story %s: %w", s.ID, err)
		}
		var before *wire.Story
		var expected uint64
		if standing != nil {
			before, expected = standing.Story, standing.Sequence
		}
		next := *s // the judgement depends on what stands, which another replica may change before we write
		next.Evidence = append([]wire.Evidence(nil), s.Evidence...)
		verdict := wire.Judge(before, &next)
		if verdict == wire.Conflict {
			if next.Signal == wire.Reinstate && before.Desk != nil && before.Desk.Action == wire.OrderKill {
				return Outcome{Refusal: wire.Refuse(wire.NoIdentity, "The story %q was killed by %s here, not by its provider: only kawat reinstate brings it back.",
					before.ID, before.Desk.By)}, nil
			}
			seen, err := l.stoodBefore(ctx, &next, standing)
			if err != nil {
				return Outcome{}, fmt.Errorf("look up the history of story %s: %w", s.ID, err)
			}
			// What holds the story holds it again, as a kill kills again: it came after what stands.
			if seen && cmp.Or(s.Received.Status, s.Status) != wire.Withheld {
				verdict = wire.Duplicate
			} else if next.Signal == wire.Reinstate {
				// The kill's record says nothing of what was before it, of an embargo least of all.
				last, err := l.beforeKill(ctx, s.Key())
				if err != nil {
					return Outcome{}, err
				}
				next.Regain(last, s.Version)
			} else if !next.Received.Unversioned {
				next.AddEvidence("version", "conflict", fmt.Sprintf("other text stood under version %d (STORIES %d)", next.Version, standing.Sequence))
			}
		}
		if verdict == wire.Stale || verdict == wire.Duplicate {
			// It does not stand, but what it says may hold for what does.
			completed, changed := wire.Complete(before, &next)
			if !changed {
				return Outcome{Verdict: verdict, Record: *standing, Early: early(before, s)}, nil
			}
			next = *wire.InPlace(*standing, completed)
		}
		whole, err := l.withOriginal(ctx, &next)
		if err != nil {
			return Outcome{}, err
		}
		written, refusal, err := l.writeOver(ctx, expected, whole)
		switch {
		case refusal != nil:
			return Outcome{Refusal: refusal}, nil
		case err != nil:
			return Outcome{}, fmt.Errorf("record story %s: %w", s.ID, err)
		case written != nil:
			return Outcome{Verdict: verdict, Record: *written, Early: early(before, s)}, nil
		}
	}
}

// early says that copy would have another outcome, were there a kill that it undoes, were the kill undone that it came after, or
// were what stands killed and brought back before it: from then on versions count anew.
func early(standing, s *wire.Story) bool {
	switch {
	case s.Status == wire.Canceled:
		return false
	case standing.Status == wire.Canceled:
		return s.Signal != wire.Reinstate && s.Received.Sequence > standing.KilledAt()
	case s.Signal == wire.Reinstate:
		return s.Received.Sequence > standing.Reinstated
	}
	return s.Version < standing.Version && s.Received.Sequence > standing.Received.Sequence
}

// writeOver publishes a record where the one with the expected sequence stands (0: none). It gives nothing where another
// stands by now. A refusal says that it can never be written.
func (l *Ledger) writeOver(ctx context.Context, expected uint64, s *wire.Story) (*wire.Record, *wire.Refusal, error) {
	ack, err := l.publish(s, expected)
	var refusal *wire.Refusal
	if errors.As(err, &refusal) {
		return nil, refusal, nil
	}
	if err != nil {
		return nil, nil, err
	}
	seq, err := wait(ctx, ack)
	if isConflict(err) {
		return nil, nil, nil
	}
	if err != nil {
		return nil, nil, err
	}
	record := &wire.Record{Story: s, Sequence: seq, JSON: ack.Msg().Data}
	return record, nil, l.date(ctx, record)
}

// amend changes the record that stands for a story, for as long as it takes until nobody else changes it meanwhile. It
// gives what stands then, nil where nothing does, and whether it was changed. What the change depends on of other stories
// it must read itself: read before, it may be older than what stands here follows from.
func (l *Ledger) amend(ctx context.Context, key wire.Key, change func(*wire.Record) (*wire.Story, bool, error)) (*wire.Record, bool, error) {
	for {
		standing, err := l.sibling(ctx, key)
		if err != nil || standing == nil {
			return nil, false, err
		}
		next, changed, err := change(standing)
		if err != nil || !changed {
			return standing, false, err
		}
		written, refusal, err := l.writeOver(ctx, standing.Sequence, wire.InPlace(*standing, next))
		if refusal != nil { // it was near the limit before; its family must not wait for it
			l.log.Error("a story cannot follow its family", "provider", key.Provider, "id", key.ID, "error", refusal)
			return standing, false, nil
		}
		if err != nil {
			return nil, false, fmt.Errorf("amend story %s: %w", key.ID, err)
		}
		if written != nil {
			return written, true, nil
		}
	}
}

// stoodBefore says whether the same copy, pushed before, was recorded for the story in any record before the one that stands, or
// was a reinstatement that was passed over. It reads the story's whole history, which only a conflict asks for.
func (l *Ledger) stoodBefore(ctx context.Context, s *wire.Story, standing *wire.Record) (bool, error) {
	if standing.TooEarly(s) {
		return true, nil
	}
	for past, err := range l.History(ctx, s.Key()) {
		if err != nil && past.Sequence == 0 {
			return false, err
		}
		if past.Sequence >= standing.Sequence {
			break
		}
		if err != nil { // it cannot be read, and is no reason to stop all others
			continue
		}
		if past.Received.Digest == s.Received.Digest && past.Received.Sequence != s.Received.Sequence || past.TooEarly(s) {
			return true, nil
		}
	}
	return false, nil
}

// publish sends a record. A *wire.Refusal says that it can never be sent.
func (l *Ledger) publish(s *wire.Story, expected uint64) (jetstream.PubAckFuture, error) {
	data, err := s.Marshal()
	if err != nil {
		return nil, wire.Refuse(wire.ParserFault, "the story's record cannot be written (%v): report it", err)
	}
	if most := l.js.Conn().MaxPayload() - headerRoom; int64(len(data)) > most {
		return nil, wire.Refuse(wire.TooLarge, "the story's record has %d bytes, more than the %d that this NATS server takes: "+
			"send the story in parts, or have max_payload raised there", len(data), most)
	}
	msg := &nats.Msg{Subject: storySubject(s.Key()), Data: data}
	if trace := s.Received.Trace; trace != "" {
		msg.Header = nats.Header{wire.HeaderTrace: {trace}}
	}
	return l.js.PublishMsgAsync(msg, jetstream.WithExpectLastSequencePerSubject(expected))
}

func wait(ctx context.Context, ack jetstream.PubAckFuture) (uint64, error) {
	select {
	case a := <-ack.Ok():
		return a.Sequence, nil
	case err := <-ack.Err():
		return 0, err
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// isConflict says that the subject's last sequence was another than expected; servers give it either of two codes, the
// second on replicated streams.
func isConflict(err error) bool {
	var api *jetstream.APIError
	return errors.As(err, &api) && (api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence ||
		api.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant)
}

// withOriginals is withOriginal for many stories, most of which translate none.
func (l *Ledger) withOriginals(ctx context.Context, stories []*wire.Story) ([]*wire.Story, error) {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(16)
	whole := slices.Clone(stories)
	for i, s := range stories {
		if s.OriginalID() != "" {
			group.Go(func() (err error) {
				whole[i], err = l.withOriginal(ctx, s)
				return err
			})
		}
	}
	return whole, group.Wait()
}
