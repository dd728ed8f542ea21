package ledger

import (
	"context"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"kawat/internal/wire"
)

// waiting counts what is on QUARANTINE and was not settled. It follows the stream's headers, since the stream itself can only
// be asked for all of its subjects at once.
type waiting struct {
	mu    sync.Mutex
	codes map[uint64]wire.Code // by sequence on QUARANTINE
	next  uint64               // the first that was not heard of
}

// CountQuarantine keeps Figures.Waiting until the context ends.
func (l *Ledger) CountQuarantine(ctx context.Context) {
	w := &l.waiting
	said := false
	for ctx.Err() == nil {
		stream, err := l.js.Stream(ctx, QuarantineStream)
		if err == nil {
			config := from(w.from())
			config.HeadersOnly = true
			err = follow(ctx, stream, config, w.learn)
		}
		if ctx.Err() == nil && !said {
			said = true
			l.log.Debug("following QUARANTINE", "error", err)
		}
		sleep(ctx, time.Second)
	}
}

func (w *waiting) from() uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return max(w.next, 1)
}

func (w *waiting) learn(msg jetstream.Msg, meta *jetstream.MsgMetadata) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.codes == nil {
		w.codes = map[uint64]wire.Code{}
	}
	w.next = meta.Sequence.Stream + 1
	if of, note := readNote(msg.Subject(), msg.Headers(), meta.Timestamp); note != nil {
		delete(w.codes, of)
		return nil
	}
	if one, ok := readQuarantined(msg.Subject(), msg.Headers(), meta.Sequence.Stream, meta.Timestamp, 0); ok {
		w.codes[one.Sequence] = one.Code
	}
	return nil
}

// bound forgets what the stream no longer holds: somebody may purge it.
func (w *waiting) bound(first uint64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for sequence := range w.codes {
		if sequence < first {
			delete(w.codes, sequence)
		}
	}
}

func (w *waiting) counts() map[wire.Code]int {
	w.mu.Lock()
	defer w.mu.Unlock()
	counts := map[wire.Code]int{}
	for _, code := range w.codes {
		counts[code]++
	}
	return counts
}
