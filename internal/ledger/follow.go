package ledger

import (
	"context"
	"fmt"

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

// from is where a reader of every record begins: at a sequence, or for 0 with what comes.
func from(sequence uint64) jetstream.OrderedConsumerConfig {
	if sequence == 0 {
		return jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverNewPolicy}
	}
	return jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: sequence}
}

// readRecord reads a message of STORIES.
func readRecord(msg jetstream.Msg, meta *jetstream.MsgMetadata) (wire.Record, error) {
	s, err := wire.Unmarshal(msg.Data())
	if err != nil {
		return wire.Record{}, fmt.Errorf("record %d on STORIES: %w", meta.Sequence.Stream, err)
	}
	return wire.Record{Story: s, Sequence: meta.Sequence.Stream, Recorded: meta.Timestamp.UTC(), JSON: msg.Data()}, nil
}
