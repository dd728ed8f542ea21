package app

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
)

// Bounds of the garbage that may lie about. The collector comes when there is as much garbage as there is in use, which with a small
// heap is many times a second, and each time a story waits for it.
const (
	garbageRoom = 64 << 20 // bytes
	garbageMost = 400      // percent of what is in use
)

// spareCollector has the collector come only when there are garbageRoom bytes of garbage, or garbageMost percent of what is in use,
// or, as ever, as much as is in use. What the operator sets (GOGC) stands; so does GOMEMLIMIT beside this.
var spareCollector = sync.OnceFunc(func() {
	if os.Getenv("GOGC") != "" {
		return
	}
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	percent := garbageMost
	debug.SetGCPercent(percent)
	var adjust func(*[2]*byte)
	adjust = func(*[2]*byte) {
		metrics.Read(live)
		next := min(max(100, garbageRoom*100/int(max(1, live[0].Value.Uint64()))), garbageMost)
		if change := next - percent; change < -5 || change > 5 || next == 100 && change != 0 {
			debug.SetGCPercent(next)
			percent = next
		}
		// It is called once for each object, soon after a collection that found nobody using it.
		runtime.SetFinalizer(new([2]*byte), adjust)
	}
	adjust(nil)
})
