package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"kawat/internal/wire"
)

// Figures are how full the streams are, and how far copy has come.
type Figures struct {
	// Pending are messages on WIRE that nobody has taken yet, Unacknowledged those that are in somebody's hands, and Redelivered
	// those of them that were delivered more than once.
	Pending, Unacknowledged, Redelivered uint64
	Streams                              []StreamFigures
	// Stored is what all streams of the account take, in bytes; Most what they may take, 0 where the account has no limit.
	Stored, Most uint64
	// Waiting are the items on QUARANTINE that nobody has settled, by code.
	Waiting map[wire.Code]int
}

// StreamFigures are those of one stream.
type StreamFigures struct {
	Name            string
	Messages, Bytes uint64
}

// Figures asks the server. It may wait for as long as the context lets it. What could be had it gives with the error.
func (l *Ledger) Figures(ctx context.Context) (f Figures, err error) {
	consumer, failed := l.wire.Consumer(ctx, IngestConsumer)
	if failed != nil {
		err = errors.Join(err, fmt.Errorf("consumer %s: %w", IngestConsumer, failed))
	} else {
		info := consumer.CachedInfo()
		f.Pending, f.Unacknowledged, f.Redelivered = info.NumPending, uint64(max(info.NumAckPending, 0)), uint64(max(info.NumRedelivered, 0))
	}
	for _, want := range Streams(1) {
		stream, failed := l.js.Stream(ctx, want.Name)
		if failed != nil {
			return f, errors.Join(err, fmt.Errorf("stream %s: %w", want.Name, failed))
		}
		state := stream.CachedInfo().State
		f.Streams = append(f.Streams, StreamFigures{want.Name, state.Msgs, state.Bytes})
		if want.Name == QuarantineStream {
			l.waiting.bound(state.FirstSeq)
			f.Waiting = l.waiting.counts()
		}
	}
	account, failed := l.js.AccountInfo(ctx)
	if failed != nil {
		return f, errors.Join(err, fmt.Errorf("account: %w", failed))
	}
	f.Stored, f.Most = account.Store, uint64(max(account.Limits.MaxStore, 0))
	return f, err
}

// LastCopy is when copy of a provider last came to WIRE; the zero time: never, as far as WIRE goes back.
func (l *Ledger) LastCopy(ctx context.Context, provider string) (time.Time, error) {
	var last time.Time
	for _, subject := range []string{wirePrefix + provider, wirePrefix + provider + ".>"} {
		msg, err := l.wire.GetLastMsgForSubject(ctx, subject)
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			continue
		}
		if err != nil {
			return time.Time{}, err
		}
		if msg.Time.After(last) {
			last = msg.Time.UTC()
		}
	}
	return last, nil
}
