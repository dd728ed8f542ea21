package app

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"kawat/internal/testkit"
)

// TestSpareCollector: with little in use the collector comes seldom, with much as often as ever, and again seldom when that is gone.
// It runs in a process of its own, since there is one collector in each.
func TestSpareCollector(t *testing.T) {
	const mark = "KAWAT_TEST_COLLECTOR"
	if os.Getenv(mark) == "" {
		test := exec.Command(os.Args[0], "-test.run", "^TestSpareCollector$", "-test.v")
		test.Env = append(os.Environ(), mark+"=1")
		if out, err := test.CombinedOutput(); err != nil || !strings.Contains(string(out), "PASS: TestSpareCollector") {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	os.Unsetenv("GOGC")
	spareCollector()
	percentIs := func(least, most int) {
		t.Helper()
		testkit.Eventually(t, 10*time.Second, func() error {
			runtime.GC()
			now := debug.SetGCPercent(100)
			debug.SetGCPercent(now)
			if now < least || now > most {
				return fmt.Errorf("the collector comes at %d %%", now)
			}
			return nil
		})
	}
	percentIs(garbageMost, garbageMost)
	held := make([]byte, 32<<20)
	percentIs(150, 250)
	more := make([]byte, 100<<20)
	percentIs(100, 100)
	runtime.KeepAlive(held)
	runtime.KeepAlive(more)
	percentIs(garbageMost, garbageMost)
}
