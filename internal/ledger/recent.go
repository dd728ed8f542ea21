package ledger

import (
	"context"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"kawat/internal/wire"
)

// Recent gives every record that was recorded from since to until, both included, oldest first. One that cannot be read is
// passed over, and said so in the log.
func (a *Archive) Recent(ctx context.Context, since, until time.Time, each func(wire.Record) error) error {
	last, err := a.Last(ctx)
	if err != nil {
		return err
	}
	// A restored record's message is younger than the record, never older: from here on all are found.
	config := jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverByStartTimePolicy, OptStartTime: &since}
	return read(ctx, a.stories, config, last, func(msg jetstream.Msg, meta *jetstream.MsgMetadata) error {
		switch at := recordedAt(msg.Headers(), meta.Timestamp); {
		case at.After(until):
			return errRead // and so are all that follow: records are restored into an empty stream only
		case at.Before(since):
			return nil
		}
		record, err := readRecord(msg, meta)
		if err != nil { // not written by kawat
			a.log.Error("passed over", "error", err)
			return nil
		}
		return each(record)
	})
}
