package ledger

import (
	"context"
	"hash/maphash"

	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"

	"kawat/internal/wire"
)

// Bounds of a batch that Replay gives to apply; a single record may have more bytes.
const (
	laneRecords = 128
	laneBytes   = 4 << 20
)

// stored is a message of STORIES that was not read yet.
type stored struct {
	msg  jetstream.Msg
	meta *jetstream.MsgMetadata
}

// Replay reads STORIES from a sequence to another, both included, and gives the records to apply in batches, in so many lanes
// at once that one waits for its store while others are read. The records of one story come in order, in one lane; those of
// different stories in any, or in order too when there is but one lane. apply is called by several goroutines. It returns when all
// was applied, or with the first error, after which some later records may have been applied too.
//
// The stories come without their Evidence (wire.UnmarshalShown), which is in Record.JSON. A record that cannot be read is
// passed over, and said so in the log.
func (a *Archive) Replay(ctx context.Context, first, last uint64, lanes int, apply func(context.Context, []wire.Record) error) error {
	if first > last {
		return nil
	}
	group, ctx := errgroup.WithContext(ctx)
	channels := make([]chan []stored, lanes)
	for i := range channels {
		channels[i] = make(chan []stored, 1)
		group.Go(func() error {
			for batch := range channels[i] {
				if records := a.readBatch(batch); len(records) > 0 {
					if err := apply(ctx, records); err != nil {
						return err
					}
				}
			}
			return nil
		})
	}
	group.Go(func() error {
		defer func() {
			for _, c := range channels {
				close(c)
			}
		}()
		return a.deal(ctx, first, last, channels)
	})
	return group.Wait()
}

// deal reads messages and gives each story's to the same lane.
func (a *Archive) deal(ctx context.Context, first, last uint64, lanes []chan []stored) error {
	batches := make([][]stored, len(lanes))
	bytes := make([]int, len(lanes))
	send := func(lane int) error {
		select {
		case lanes[lane] <- batches[lane]:
			batches[lane], bytes[lane] = nil, 0
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	seed := maphash.MakeSeed()
	err := read(ctx, a.stories, from(first), last, func(msg jetstream.Msg, meta *jetstream.MsgMetadata) error {
		lane := int(maphash.String(seed, msg.Subject()) % uint64(len(lanes)))
		batches[lane] = append(batches[lane], stored{msg, meta})
		bytes[lane] += len(msg.Data())
		if len(batches[lane]) == laneRecords || bytes[lane] >= laneBytes {
			return send(lane)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for lane := range batches {
		if err := send(lane); err != nil {
			return err
		}
	}
	return nil
}

// readBatch reads records. One that was not written by kawat is passed over: all others must not be lost for it.
func (a *Archive) readBatch(batch []stored) []wire.Record {
	records := make([]wire.Record, 0, len(batch))
	for _, s := range batch {
		data, sequence := s.msg.Data(), s.meta.Sequence.Stream
		story, err := wire.UnmarshalShown(data)
		if err != nil {
			a.log.Error("passed over", "error", unreadable(sequence, err))
			continue
		}
		records = append(records, wire.Record{Story: story, Sequence: sequence, JSON: data,
			Recorded: recordedAt(s.msg.Headers(), s.meta.Timestamp)})
	}
	return records
}
