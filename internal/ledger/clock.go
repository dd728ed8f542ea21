package ledger

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"
)

// clock learns the server's time of the records that are written to STORIES. JetStream's acknowledgement does not carry
// it, and it is a story's position in the feeds; reading the records back would cost their bytes a second time, so
// the clock follows the stream's headers alone.
type clock struct {
	stream jetstream.Stream
	log    *slog.Logger
	cancel context.CancelFunc
	done   chan struct{}

	mu     sync.Mutex
	times  [clockSize]clockTick // by sequence modulo clockSize
	last   uint64
	moved  chan struct{} // closed and replaced when last moves
	silent bool          // somebody waited in vain, and nothing was heard since: a batch waits once, and not for each of its records
}

type clockTick struct {
	seq uint64
	at  time.Time
}

// clockSize is how many records the clock remembers: far more than are in flight.
const clockSize = 1 << 13

// clockPatience is how long at waits for the clock to hear of a record before it asks the stream itself.
const clockPatience = 500 * time.Millisecond

func newClock(stream jetstream.Stream, log *slog.Logger) *clock {
	ctx, cancel := context.WithCancel(context.Background())
	c := &clock{stream: stream, log: log, cancel: cancel, done: make(chan struct{}), moved: make(chan struct{})}
	go c.follow(ctx)
	return c
}

func (c *clock) stop() {
	c.cancel()
	<-c.done
}

func (c *clock) follow(ctx context.Context) {
	defer close(c.done)
	headers := from(0)
	headers.HeadersOnly = true
	for ctx.Err() == nil {
		err := follow(ctx, c.stream, headers, func(_ jetstream.Msg, meta *jetstream.MsgMetadata) error {
			c.learn(meta.Sequence.Stream, meta.Timestamp)
			return nil
		})
		if ctx.Err() == nil {
			c.log.Debug("following STORIES for its times", "error", err)
			sleep(ctx, time.Second)
		}
	}
}

func (c *clock) learn(seq uint64, at time.Time) {
	c.mu.Lock()
	c.times[seq%clockSize] = clockTick{seq, at.UTC()}
	c.last, c.silent = max(c.last, seq), false
	close(c.moved)
	c.moved = make(chan struct{})
	c.mu.Unlock()
}

// at gives the server's time of a record that was written.
func (c *clock) at(ctx context.Context, seq uint64) (time.Time, error) {
	timeout := time.NewTimer(clockPatience)
	defer timeout.Stop()
	for {
		c.mu.Lock()
		tick, last, moved, silent := c.times[seq%clockSize], c.last, c.moved, c.silent
		c.mu.Unlock()
		if tick.seq == seq {
			return tick.at, nil
		}
		if last < seq && !silent {
			select {
			case <-moved:
				continue
			case <-ctx.Done():
				return time.Time{}, ctx.Err()
			case <-timeout.C:
				c.mu.Lock()
				c.silent = c.last < seq
				c.mu.Unlock()
			}
		}
		// The clock began after this record, or fell behind.
		msg, err := c.stream.GetMsg(ctx, seq)
		if err != nil {
			return time.Time{}, err
		}
		return msg.Time.UTC(), nil
	}
}

// sleep waits for d or for the context, whichever ends first.
func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
