package ledger

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"slices"
	"strings"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"kawat/internal/wire"
)

// Archive reads STORIES. Its methods are safe for concurrent use.
type Archive struct {
	stories jetstream.Stream
	log     *slog.Logger
}

// OpenArchive finds STORIES for a tool; it makes nothing.
func OpenArchive(ctx context.Context, nc *nats.Conn, log *slog.Logger) (*Archive, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, err
	}
	stream, err := js.Stream(ctx, StoriesStream)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil, fmt.Errorf("this NATS server has no stream %s: is the gateway's ingest running on it?", StoriesStream)
	}
	if err != nil {
		return nil, err
	}
	return &Archive{stories: stream, log: log}, nil
}

// Find gives the stories that have an id: one a provider that has delivered such a story, in the order of their names.
func (a *Archive) Find(ctx context.Context, id string) ([]wire.Key, error) {
	info, err := a.stories.Info(ctx, jetstream.WithSubjectFilter(storyPrefix+"*."+wire.IDToken(id)))
	if err != nil {
		return nil, err
	}
	var keys []wire.Key
	for subject := range info.State.Subjects {
		provider, _, _ := strings.Cut(strings.TrimPrefix(subject, storyPrefix), ".")
		keys = append(keys, wire.Key{Provider: provider, ID: id})
	}
	slices.SortFunc(keys, func(x, y wire.Key) int { return strings.Compare(x.Provider, y.Provider) })
	return keys, nil
}

// Standing gives the record that stands for a story, nil when there is none. A *wire.Refusal says that it cannot be read.
func (a *Archive) Standing(ctx context.Context, key wire.Key) (*wire.Record, error) {
	msg, err := a.stories.GetLastMsgForSubject(ctx, storySubject(key))
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	record, err := recordOf(msg)
	if err != nil {
		return nil, wire.Refuse(wire.ParserFault, "the record that stands for this story (%d on STORIES) cannot be read: %v", msg.Sequence, err)
	}
	return &record, nil
}

// History gives every record of a story, oldest first. A record that cannot be read comes with its sequence and an error,
// and the next ones come after it; after any other error nothing more comes.
func (a *Archive) History(ctx context.Context, key wire.Key) iter.Seq2[wire.Record, error] {
	return func(yield func(wire.Record, error) bool) {
		subject := storySubject(key)
		for seq := uint64(1); ; {
			msg, err := a.stories.GetMsg(ctx, seq, jetstream.WithGetMsgSubject(subject))
			if errors.Is(err, jetstream.ErrMsgNotFound) {
				return
			}
			if err != nil {
				yield(wire.Record{}, err)
				return
			}
			record, err := recordOf(msg)
			record.Sequence = msg.Sequence
			if !yield(record, err) {
				return
			}
			seq = msg.Sequence + 1
		}
	}
}

// Last is the sequence of the newest record on STORIES, 0 when it is empty.
func (a *Archive) Last(ctx context.Context) (uint64, error) {
	info, err := a.stories.Info(ctx)
	if err != nil {
		return 0, err
	}
	return info.State.LastSeq, nil
}
