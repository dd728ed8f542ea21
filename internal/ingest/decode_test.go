package ingest

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kawat/internal/ledger"
	"kawat/internal/wire"
)

// TestStuckParser: a message on which a parser does not come back is refused as kawat's fault, and all others of its batch
// are read, each once, whatever becomes of the stuck one.
func TestStuckParser(t *testing.T) {
	release := make(chan struct{})
	defer close(release)
	var reads [40]atomic.Int32
	read := func(i int, _ *item) outcome {
		reads[i].Add(1)
		if i%20 == 3 {
			<-release
		}
		return outcome{i: i, stories: []*wire.Story{{Version: int64(i)}}}
	}
	fault := func(_, what string) []*wire.Refusal {
		return []*wire.Refusal{wire.Refuse(wire.ParserFault, "%s", what)}
	}
	batch := make([]*item, len(reads))
	for i := range batch {
		batch[i] = &item{Delivery: &ledger.Delivery{Provider: "kyodo"}}
	}
	var next atomic.Int64
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			w := worker{batch: batch, next: &next, patience: 200 * time.Millisecond, read: read, fault: fault}
			for w.work() {
			}
		})
	}
	group.Wait()
	for i, it := range batch {
		if i%20 == 3 {
			if len(it.stories) != 0 || len(it.refusals) != 1 || it.refusals[0].Code != wire.ParserFault {
				t.Errorf("message %d: %d stories, refusals %v", i, len(it.stories), it.refusals)
			}
		} else if len(it.stories) != 1 || len(it.refusals) != 0 || it.stories[0].Version != int64(i) {
			t.Errorf("message %d: %d stories, refusals %v", i, len(it.stories), it.refusals)
		}
		if n := reads[i].Load(); n != 1 {
			t.Errorf("message %d was read %d times", i, n)
		}
	}
}
