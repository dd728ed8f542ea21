package feed

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/singleflight"
)

// SinceStore is where a Follower reads. Its method is called concurrently.
type SinceStore interface {
	// Since gives up to limit stories of a feed that a reader with a cursor lacks, as they may be shown at now.
	Since(ctx context.Context, name string, after Cursor, now time.Time, limit int) (*Batch, error)
}

// Follower gives readers with a cursor what they lack. Its methods are safe for concurrent use; readers with the same cursor
// cost as much as one.
type Follower struct {
	store  SinceStore
	keeper *Keeper
	now    func() time.Time
	same   singleflight.Group
}

// NewFollower makes a Follower of the feeds that a Keeper keeps.
func NewFollower(store SinceStore, keeper *Keeper, now func() time.Time) *Follower {
	return &Follower{store: store, keeper: keeper, now: now}
}

const (
	// sincePatience is how long the store may take.
	sincePatience = 2 * time.Second
	// askAgain is how soon the store is asked again though the feed looks the same: a story may be in it that was not to be given
	// yet, since one with a smaller sequence was not there.
	askAgain = 500 * time.Millisecond
)

// Since gives up to limit stories of a feed that a reader with this cursor lacks, and waits for the first of them until the
// context ends or wait is over. Then the batch is empty, and its cursor the reader's own. ErrNotReady or another error of the
// store: nobody can say now.
func (f *Follower) Since(ctx context.Context, name string, after Cursor, limit int, wait time.Duration) (*Batch, error) {
	over := time.NewTimer(wait)
	defer over.Stop()
	for {
		// Taken before the question: what replaces it later may have what the answer lacks.
		var replaced <-chan struct{}
		if shown := f.keeper.Snapshot(name); shown != nil {
			replaced = shown.replaced
		}
		batch, err := f.ask(name, after, limit)
		if err != nil || len(batch.Entries) > 0 || batch.More {
			return batch, err
		}
		batch.Next = after // so that all who wait have the same
		again := time.NewTimer(askAgain)
		select {
		case <-ctx.Done():
		case <-over.C:
		case <-replaced:
			again.Stop()
			continue
		case <-again.C:
			continue
		}
		again.Stop()
		return batch, nil
	}
}

func (f *Follower) ask(name string, after Cursor, limit int) (*Batch, error) {
	v, err, _ := f.same.Do(fmt.Sprintf("%s %s %d", name, after, limit), func() (any, error) {
		// No reader's own context: others may wait for the same answer.
		ctx, cancel := context.WithTimeout(context.Background(), sincePatience)
		defer cancel()
		return f.store.Since(ctx, name, after, f.now(), limit)
	})
	if err != nil {
		return nil, err
	}
	batch := *v.(*Batch)
	return &batch, nil
}
