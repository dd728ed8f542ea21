//go:build faults

package ingest

import (
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
)

var faultsPassed atomic.Int64

// faultPoint kills this process as kill -9 does, at the point and the passing that KAWAT_FAULT names ("recorded:3"). It is
// compiled in by the build tag "faults" only, for the tests.
func faultPoint(name string) {
	point, count, _ := strings.Cut(os.Getenv("KAWAT_FAULT"), ":")
	if point != name {
		return
	}
	n, err := strconv.ParseInt(count, 10, 64)
	if err != nil || faultsPassed.Add(1) >= n {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	}
}
