// Package ingest is the pipeline from WIRE to Redis: decode, record, cache, acknowledge, in this order, so that a message
// is acknowledged only after its outcome is durable and in the feeds.
package ingest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"kawat/internal/cache"
	"kawat/internal/feed"
	"kawat/internal/ledger"
	"kawat/internal/traces"
	"kawat/internal/wire"
)

const (
	// batchSize is how many messages are taken together: what is there, up to this many, without waiting for more.
	batchSize = 64
	// recorders is how many batches are decoded and recorded at once, so that one decodes while others wait for the disk. With more
	// of them batches are smaller, and each story costs more.
	recorders = 3
	// writers is how many are under way at once, with those that wait for Redis: when it answers late, the more the better.
	writers = 8
)

// Router says which feeds a story is in; see package feed. It is called concurrently.
type Router interface {
	Feeds(*wire.Story) ([]feed.Def, error)
	// Digest changes when any definition changes; the cache is refilled then.
	Digest() string
	// Static are the feeds that exist before they hold a story.
	Static() []feed.Def
}

// Ingest is the pipeline. Set its fields, then call Run.
type Ingest struct {
	Ledger *ledger.Ledger
	Cache  *cache.Cache
	Router Router
	// Profile gives what is known of a provider; never nil.
	Profile func(provider string) *wire.Profile
	Metrics *Metrics       // nil: nothing is counted
	Traces  *traces.Traces // nil: nothing is traced
	// Suggest has the originals looked for of translations that name none, and told of; LinkFrom is the score from which one is
	// linked, 0 for none.
	Suggest  bool
	LinkFrom float64
	Log      *slog.Logger

	filterFailed atomic.Bool
	// halted is why nothing may be recorded now; nil when it may.
	halted atomic.Pointer[error]
	pulse  pulse
	// unlinked are translations that wait for their candidates; nil where nobody looks for them.
	unlinked chan wire.Key
}

// Run works until the context ends, then finishes what is in hand, for at most grace. What is left then is delivered again
// to another replica, or to this one's next start.
func (in *Ingest) Run(ctx context.Context, grace time.Duration) {
	// Copy in hand is finished after the context ends: its own context ends later.
	hand, drop := context.WithCancel(context.WithoutCancel(ctx))
	defer drop()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, drop) })
	defer stop()

	// Nothing is recorded before STORIES was held against what the cache was made from.
	unseen := fmt.Errorf("%w: it was not looked at yet", cache.ErrNotReady)
	in.halted.Store(&unseen)
	var others sync.WaitGroup
	others.Go(func() { in.keepFilled(ctx) })
	if in.Suggest {
		in.unlinked = make(chan wire.Key, unlinkedMost)
		others.Go(func() { in.suggest(ctx) })
	}
	deliveries := make(chan *ledger.Delivery, batchSize)
	recording := make(chan struct{}, recorders)
	for range writers {
		others.Go(func() { in.write(hand, deliveries, recording) })
	}
	in.Ledger.Consume(ctx, func(d *ledger.Delivery) { deliveries <- d })
	close(deliveries)
	finished := make(chan struct{})
	go func() { others.Wait(); close(finished) }()
	select {
	case <-finished:
	case <-hand.Done():
		// Nothing that is left needs more than a moment to see that it is over, or it never will.
		select {
		case <-finished:
		case <-time.After(time.Second):
			in.Log.Warn("copy in hand was not finished in time; it stays on WIRE")
		}
	}
}

// write takes batches off the channel until it is closed, each when there is room for it in recording.
func (in *Ingest) write(ctx context.Context, deliveries <-chan *ledger.Delivery, recording chan struct{}) {
	batch := make([]*item, 0, batchSize)
	for {
		recording <- struct{}{}
		recorded := sync.OnceFunc(func() { <-recording })
		d, ok := <-deliveries
		if !ok {
			recorded()
			return
		}
		batch = append(batch[:0], &item{Delivery: d})
	more:
		for len(batch) < batchSize {
			select {
			case d, ok := <-deliveries:
				if !ok {
					break more
				}
				batch = append(batch, &item{Delivery: d})
			default:
				break more
			}
		}
		outcome := in.pulse.take()
		in.settle(ctx, batch, recorded)
		outcome()
	}
}

// item is one message and what it holds.
type item struct {
	*ledger.Delivery
	stories  []*wire.Story
	refusals []*wire.Refusal
	// order is the desk's order that the message is, nil for copy; later says that what is left of the message waits for
	// what it follows.
	order *wire.Order
	later bool
	// quarantined is how many of the refusals are on QUARANTINE.
	quarantined int
	// read is when the message was read, and from when on.
	read period
	span *traces.Span
}

// settle brings a batch to its outcome: it tries for as long as it takes, or until the context ends. It calls recorded when all
// that is left is to bring it to the cache.
func (in *Ingest) settle(ctx context.Context, batch []*item, recorded func()) {
	defer recorded()
	working := keepWorking(ctx, batch)
	defer working()
	in.Metrics.arrived(batch)
	in.follow(batch)
	in.decode(batch)
	var outcomes []ledger.Outcome
	steps := []step{
		{stage: stageQuarantine, do: func() error { return in.quarantine(ctx, batch) }},
		{stage: stageRecord, do: func() (err error) {
			outcomes, err = in.record(ctx, batch)
			return err
		}},
		// What could be read but can never be recorded.
		{stage: stageQuarantine, do: func() error { return in.quarantine(ctx, batch) }},
		{stage: stageCache, do: func() error { return in.Cache.Apply(ctx, in.changes(outcomes)) }},
	}
	for i := range steps {
		if steps[i].stage == stageCache {
			recorded()
			faultPoint("recorded")
		}
		if !in.insist(ctx, &steps[i]) {
			in.unfinished(batch, steps[:i+1])
			return
		}
	}
	faultPoint("cached")
	for _, it := range batch {
		in.finish(it, steps)
	}
	faultPoint("acknowledged")
	in.noteUnlinked(outcomes)
}

// finish tells the server that a message has its outcome.
func (in *Ingest) finish(it *item, steps []step) {
	outcome, end := "recorded", it.Ack
	switch {
	case it.later:
		outcome, end = "later", func() error { return it.Later(time.Duration(it.Attempts) * laterPause) }
	case len(it.stories) == 0 && len(it.refusals) > 0:
		outcome, end = "refused", func() error { return it.Term(string(it.refusals[0].Code)) }
	}
	if err := end(); err != nil { // it is delivered again, and found to be a duplicate
		in.Log.Warn("acknowledge", "provider", it.Provider, "subject", it.Subject, "wire", it.Sequence, "error", err)
	}
	now := time.Now()
	in.Metrics.finished(outcome, now.Sub(it.At))
	in.Log.LogAttrs(context.Background(), slog.LevelDebug, "copy finished", slog.String("provider", it.Provider), slog.String("subject", it.Subject),
		slog.Uint64("wire", it.Sequence), slog.String("outcome", outcome), slog.Int("stories", len(it.stories)),
		slog.Int("refusals", len(it.refusals)), slog.Uint64("attempt", it.Attempts), slog.Duration("age", now.Sub(it.At)))
	in.followed(it, steps, now)
}

func (in *Ingest) quarantine(ctx context.Context, batch []*item) error {
	for _, it := range batch {
		for it.quarantined < len(it.refusals) {
			r := it.refusals[it.quarantined]
			if err := in.Ledger.Quarantine(ctx, it.Delivery, it.quarantined, r); err != nil {
				return err
			}
			it.quarantined++
			in.Metrics.refused(r)
			in.Log.Warn("copy quarantined", "provider", it.Provider, "subject", it.Subject, "wire", it.Sequence, "code", r.Code, "reason", r.Sentence)
		}
	}
	return nil
}

// record records the stories of a batch. One that can never be recorded becomes a refusal of its message.
func (in *Ingest) record(ctx context.Context, batch []*item) ([]ledger.Outcome, error) {
	if why := in.halted.Load(); why != nil {
		return nil, *why
	}
	var stories []*wire.Story
	var from []*item
	for _, it := range batch {
		for _, s := range it.stories {
			stories, from = append(stories, s), append(from, it)
		}
	}
	outcomes := make([]ledger.Outcome, 0, len(stories))
	for part := range slices.Chunk(stories, 4*batchSize) { // one message may hold a thousand stories
		o, err := in.Ledger.Record(ctx, part)
		if err != nil {
			return nil, err
		}
		outcomes = append(outcomes, o...)
	}
	recorded := outcomes[:0]
	for i, o := range outcomes {
		if o.Refusal != nil {
			from[i].refusals = append(from[i].refusals, o.Refusal)
			from[i].stories = slices.DeleteFunc(from[i].stories, func(s *wire.Story) bool { return s == stories[i] })
			continue
		}
		recorded = append(recorded, o)
		if o.Early && from[i].Attempts < copyPatience {
			from[i].later = true
			if o.Verdict == wire.Stale || o.Verdict == wire.Duplicate {
				continue // what becomes of it is not known yet
			}
		}
		in.Metrics.outcome("", o)
		in.told("story "+o.Verdict.String(), stories[i].Received.Sequence, stories[i], o)
	}
	return in.carry(ctx, batch, recorded)
}

// What a message follows may be in another writer's or another replica's hands: the story that an order is about, or the
// reinstatement of the story that copy updates. It is then delivered again, each time after a longer pause, so many times in all.
const (
	orderPatience = 5
	copyPatience  = 3
	laterPause    = 300 * time.Millisecond
)

// carry carries out the orders of a batch, after its copy was recorded.
func (in *Ingest) carry(ctx context.Context, batch []*item, outcomes []ledger.Outcome) ([]ledger.Outcome, error) {
	for _, it := range batch {
		if it.order == nil || len(it.refusals) > 0 {
			continue
		}
		received := wire.Received{Format: "order", Sequence: it.First(), Digest: (&wire.Copy{Data: it.Data()}).Digest(), At: it.At}
		o, err := in.Ledger.Carry(ctx, it.order, it.Provider, received)
		if err != nil {
			return nil, err
		}
		if it.later = o.Early && it.Attempts < orderPatience; it.later {
			continue
		}
		if o.Refusal != nil {
			it.refusals = append(it.refusals, o.Refusal)
			continue
		}
		outcomes = append(outcomes, o)
		in.Metrics.outcome(it.order.Action, o)
		in.told("order to "+string(it.order.Action), it.Sequence, o.Record.Story, o)
	}
	return outcomes, nil
}

// told logs an outcome and what followed from it.
func (in *Ingest) told(what string, wireSequence uint64, s *wire.Story, o ledger.Outcome) {
	in.Log.Info(what, "provider", s.Provider, "id", s.ID, "version", s.Version, "wire", wireSequence, "stories", o.Record.Sequence)
	for _, r := range o.Family {
		in.Log.Info("story follows its family", "provider", r.Provider, "id", r.ID, "version", r.Version, "status", r.Status,
			"wire", wireSequence, "stories", r.Sequence)
	}
}

// changes are what the cache must hold for the outcomes. A duplicate's record is applied again: the replica that recorded
// it may have died before it did.
func (in *Ingest) changes(outcomes []ledger.Outcome) []cache.Change {
	changes := make([]cache.Change, 0, len(outcomes))
	for _, o := range outcomes {
		changes = append(changes, in.change(o.Record))
		for _, r := range slices.Concat(o.Passed, o.Family) {
			changes = append(changes, in.change(r))
		}
	}
	return changes
}

func (in *Ingest) change(r wire.Record) cache.Change {
	feeds, err := in.Router.Feeds(r.Story)
	// The filter's fault, and likely so for many stories: it is said once. The story is in its other feeds.
	if err != nil && !in.filterFailed.Swap(true) {
		in.Log.Error("a feed's filter failed on a story, which is not in that feed; further failures are not logged",
			"provider", r.Provider, "id", r.ID, "error", err)
	}
	return cache.Change{Record: r, Feeds: feeds}
}

// step is what has to be done for a batch before the next step.
type step struct {
	stage string
	do    func() error
	took  period
}

// period is from when to when something was done.
type period struct{ began, ended time.Time }

// insist does a step until it succeeds, with growing pauses; false: the context ended first.
func (in *Ingest) insist(ctx context.Context, s *step) bool {
	const first, longest = 20 * time.Millisecond, time.Second
	said := false
	s.took.began = time.Now()
	for pause := first; ; pause = min(2*pause, longest) {
		err := s.do()
		s.took.ended = time.Now()
		if err == nil {
			if said {
				in.Log.Info("goes on", "step", s.stage, "after", s.took.ended.Sub(s.took.began).Round(time.Millisecond))
			}
			in.Metrics.took(s.stage, s.took.ended.Sub(s.took.began))
			return true
		}
		in.Metrics.tryAgain(s.stage)
		// A cache that is being refilled is no trouble yet.
		if !said && (pause == longest || !errors.Is(err, cache.ErrNotReady)) {
			said = true
			in.Log.Warn("cannot go on, trying again until it works", "step", s.stage, "error", err)
		}
		select {
		case <-ctx.Done():
			in.Log.Warn("stopped before this was done; the copy stays on WIRE", "step", s.stage, "error", err)
			return false
		case <-time.After(pause):
		}
	}
}

// keepWorking keeps the batch from being delivered to another replica until the function that it gives is called.
func keepWorking(ctx context.Context, batch []*item) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		tick := time.NewTicker(ledger.WorkingEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
				for _, it := range batch {
					_ = it.Working() // if it fails the message comes again, and is a duplicate
				}
			}
		}
	}()
	return cancel
}
