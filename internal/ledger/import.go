package ledger

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/errgroup"
)

// Import puts an export into STORIES, which has to be empty or to hold the first records of this very export, from an import
// that broke off. The records get new sequences and keep their order and the times at which they were recorded. The export
// is read twice: nothing is written from one that is cut off or was changed. Nobody else may write to STORIES meanwhile; if
// somebody does, it is an error and no more is written. progress is told how many are in, now and then.
//
// WIRE has to be empty, or to reach as far as the records say that they came: the order on WIRE decides which copy is the later.
// An empty one is moved on.
func (l *Ledger) Import(ctx context.Context, export io.ReadSeeker, progress func(records, of int)) (int, error) {
	checked, err := checkExport(export, l.js.Conn().MaxPayload()-headerRoom)
	if err != nil {
		return 0, err
	}
	if _, err := export.Seek(0, io.SeekStart); err != nil {
		return 0, err
	}
	lines := newExportReader(export)
	there, err := l.importedBefore(ctx, lines)
	if err != nil {
		return 0, err
	}
	if err := l.moveWire(ctx, checked.wire+1); err != nil {
		return there, err
	}
	// As with every translation, before it is recorded: see families.
	group, gctx := errgroup.WithContext(ctx)
	group.SetLimit(64)
	for key, originals := range checked.translations {
		for original := range originals {
			group.Go(func() error { return l.families.join(gctx, key, original) })
		}
	}
	if err := group.Wait(); err != nil {
		return there, fmt.Errorf("note the originals of translations: %w", err)
	}
	return l.importLines(ctx, lines, there, checked.records, progress)
}

// importedBefore reads the lines that STORIES holds already, and fails when it holds anything else.
func (l *Ledger) importedBefore(ctx context.Context, lines *exportReader) (int, error) {
	last, err := l.Last(ctx)
	if err != nil || last == 0 {
		return 0, err
	}
	there := 0
	err = read(ctx, l.stories, from(1), last, func(msg jetstream.Msg, meta *jetstream.MsgMetadata) error {
		line, err := lines.next()
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		there++
		if err != nil || meta.Sequence.Stream != uint64(there) || msg.Subject() != line.Subject || !bytes.Equal(msg.Data(), line.data) ||
			msg.Headers().Get(headerRecorded) != line.recorded() {
			return errNotEmpty
		}
		return nil
	})
	if err == nil && uint64(there) != last {
		err = errNotEmpty
	}
	if errors.Is(err, errNotEmpty) {
		return 0, fmt.Errorf("%s holds %d records already: an export can be restored only into an empty one, on a new NATS server or in a new data folder", StoriesStream, last)
	}
	return there, err
}

var errNotEmpty = errors.New("not empty")

// How much may be on its way to JetStream at once.
const (
	importMessages = 256
	importBytes    = 32 << 20
)

// importLines writes what is left of the lines after so many that are there.
func (l *Ledger) importLines(ctx context.Context, lines *exportReader, there, all int, progress func(records, of int)) (int, error) {
	type sent struct {
		ack  jetstream.PubAckFuture
		size int
	}
	var flying []sent
	size, done := 0, there
	land := func(ctx context.Context) error {
		first := flying[0]
		if _, err := wait(ctx, first.ack); err != nil {
			return err
		}
		flying, size, done = flying[1:], size-first.size, done+1
		progress(done, all)
		return nil
	}
	broken := func(err error) (int, error) {
		// What is on its way may arrive: the next import must find it there.
		landing, cancel := context.WithTimeout(context.WithoutCancel(ctx), publishTimeout)
		defer cancel()
		for len(flying) > 0 && land(landing) == nil {
		}
		if isConflict(err) {
			err = fmt.Errorf("somebody else wrote to %s: stop every ingest and import into another, empty one", StoriesStream)
		} else {
			err = fmt.Errorf("%w: import the same file again, it goes on from there", err)
		}
		return done, fmt.Errorf("after %d of %d records: %w", done, all, err)
	}
	for n := there; ; n++ {
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return broken(err)
		}
		for len(flying) > 0 && (len(flying) == importMessages || size+len(line.data) > importBytes) {
			if err := land(ctx); err != nil {
				return broken(err)
			}
		}
		ack, err := l.js.PublishMsgAsync(line.message(), jetstream.WithExpectLastSequence(uint64(n)))
		if err != nil {
			return broken(err)
		}
		flying, size = append(flying, sent{ack, len(line.data)}), size+len(line.data)
	}
	for len(flying) > 0 {
		if err := land(ctx); err != nil {
			return broken(err)
		}
	}
	return done, nil
}

// closedWire is max_bytes of WIRE while it takes nothing: full already, so that desks are refused and hear of it.
const closedWire = 1

// moveWire lets the next message on WIRE have at least this sequence. The records say which sequence their copy had, and
// copy that comes later must have a later one, or it would be taken for the earlier. It is done by a purge, which only an empty
// stream may suffer: WIRE is closed meanwhile.
func (l *Ledger) moveWire(ctx context.Context, first uint64) error {
	info, err := l.wire.Info(ctx)
	if err != nil {
		return err
	}
	open := info.Config
	if open.MaxBytes == closedWire { // by an import that was killed
		open.MaxBytes = -1
	} else if info.State.LastSeq+1 >= first {
		return nil
	} else if info.State.Msgs > 0 {
		return wireOccupied(info, first)
	}
	closed := open
	closed.MaxBytes = closedWire
	if _, err := l.js.UpdateStream(ctx, closed); err != nil {
		return fmt.Errorf("close %s for a moment: %w", WireStream, err)
	}
	info, err = l.wire.Info(ctx)
	switch {
	case err != nil || info.State.LastSeq+1 >= first:
	case info.State.Msgs > 0:
		err = wireOccupied(info, first)
	default:
		err = l.wire.Purge(ctx, jetstream.WithPurgeSequence(first))
	}
	if _, again := l.js.UpdateStream(context.WithoutCancel(ctx), open); again != nil {
		err = errors.Join(err, fmt.Errorf("%s takes no copy now, set its max_bytes to %d again: %w", WireStream, open.MaxBytes, again))
	}
	return err
}

func wireOccupied(info *jetstream.StreamInfo, first uint64) error {
	return fmt.Errorf("%s holds copy up to number %d, and the records are of copy up to number %d on another: which of two versions came later "+
		"could not be told. Import into a NATS server whose %s is empty", WireStream, info.State.LastSeq, first-1, WireStream)
}
