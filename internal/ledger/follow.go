package ledger

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"kawat/internal/wire"
)

// follow gives every message of a stream in order, from where config begins, until each fails or the context ends. It
// returns their error, never nil.
func follow(ctx context.Context, stream jetstream.Stream, config jetstream.OrderedConsumerConfig, each func(jetstream.Msg, *jetstream.MsgMetadata) error) error {
	consumer, err := stream.OrderedConsumer(ctx, config)
	if err != nil {
		return err
	}
	return hand(ctx, consumer, each)
}

func hand(ctx context.Context, consumer jetstream.Consumer, each func(jetstream.Msg, *jetstream.MsgMetadata) error) error {
	iter, err := consumer.Messages()
	if err != nil {
		return err
	}
	defer iter.Stop()
	for {
		msg, err := iter.Next(jetstream.NextContext(ctx))
		if err != nil {
			return err
		}
		meta, err := msg.Metadata()
		if err != nil {
			return err
		}
		if err := each(msg, meta); err != nil {
			return err
		}
	}
}

// readPatience is how long read waits for the next message, which is there, before it gives up.
const readPatience = 30 * time.Second

// read gives the messages that a stream holds, from where config begins up to a sequence, in order, and returns nil after
// the last of them, whether or not the sequence itself is among them.
func read(ctx context.Context, stream jetstream.Stream, config jetstream.OrderedConsumerConfig, last uint64, each func(jetstream.Msg, *jetstream.MsgMetadata) error) error {
	consumer, err := stream.OrderedConsumer(ctx, config)
	if err != nil {
		return err
	}
	if consumer.CachedInfo().NumPending == 0 {
		return nil
	}
	waiting, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	watch := time.AfterFunc(readPatience, func() {
		cancel(fmt.Errorf("the NATS server has sent nothing more of stream %s for %s", stream.CachedInfo().Config.Name, readPatience))
	})
	defer watch.Stop()
	err = hand(waiting, consumer, func(msg jetstream.Msg, meta *jetstream.MsgMetadata) error {
		watch.Stop()
		if meta.Sequence.Stream > last {
			return errRead
		}
		if err := each(msg, meta); err != nil {
			return err
		}
		if meta.Sequence.Stream == last || meta.NumPending == 0 {
			return errRead
		}
		watch.Reset(readPatience)
		return nil
	})
	switch {
	case errors.Is(err, errRead):
		return nil
	case ctx.Err() == nil && waiting.Err() != nil:
		return context.Cause(waiting)
	}
	return err
}

// errRead ends hand when all was read.
var errRead = errors.New("read")

// from is where a reader of every record begins: at a sequence, or for 0 with what comes.
func from(sequence uint64) jetstream.OrderedConsumerConfig {
	if sequence == 0 {
		return jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverNewPolicy}
	}
	return jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: sequence}
}

// headerRecorded is when a record that was restored was first recorded (RFC 3339, with nanoseconds). Its message's own time
// is that of the import, and would give the story another place in the feeds.
const headerRecorded = "Kawat-Recorded"

func recordedAt(header nats.Header, stored time.Time) time.Time {
	if at, err := time.Parse(time.RFC3339Nano, header.Get(headerRecorded)); err == nil {
		return at.UTC()
	}
	return stored.UTC()
}

// readRecord reads a message of STORIES.
func readRecord(msg jetstream.Msg, meta *jetstream.MsgMetadata) (wire.Record, error) {
	return makeRecord(meta.Sequence.Stream, msg.Headers(), meta.Timestamp, msg.Data())
}

// recordOf reads a message of STORIES that was asked for.
func recordOf(msg *jetstream.RawStreamMsg) (wire.Record, error) {
	return makeRecord(msg.Sequence, msg.Header, msg.Time, msg.Data)
}

func makeRecord(sequence uint64, header nats.Header, stored time.Time, data []byte) (wire.Record, error) {
	s, err := wire.Unmarshal(data)
	return wire.Record{Story: s, Sequence: sequence, Recorded: recordedAt(header, stored), JSON: data}, unreadable(sequence, err)
}

func unreadable(sequence uint64, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("record %d on STORIES: %w", sequence, err)
}
