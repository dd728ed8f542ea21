package ingest

import (
	"runtime"
	"sync"
	"sync/atomic"
)

// decode reads a batch with as many workers as there are cores. Order is restored by version and sequence later, so nobody
// waits for it here.
func (in *Ingest) decode(batch []*item) {
	workers := min(runtime.GOMAXPROCS(0), len(batch))
	var next atomic.Int64
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for i := next.Add(1) - 1; int(i) < len(batch); i = next.Add(1) - 1 {
				in.decodeOne(batch[i])
			}
		})
	}
	group.Wait()
}
