package ledger_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"kawat/internal/ledger"
	"kawat/internal/testkit"
	"kawat/internal/wire"
)

// TestFigures: what waits on WIRE and on QUARANTINE is told, also after somebody settled some of it or purged the stream.
func TestFigures(t *testing.T) {
	l, nc := open(t, testkit.StartNATS(t).URL)
	before := time.Now().Add(-time.Second)
	for i := range 3 {
		if _, err := nc.RequestMsg(&nats.Msg{Subject: "wire.in.antara.desk", Data: fmt.Append(nil, "copy", i)}, 5*time.Second); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	var counting sync.WaitGroup
	counting.Go(func() { l.CountQuarantine(ctx) })
	defer counting.Wait()
	defer cancel()
	refuse(t, l, 3, 1)

	figures := func(waiting int) (f ledger.Figures) {
		t.Helper()
		testkit.Eventually(t, 20*time.Second, func() (err error) {
			if f, err = l.Figures(t.Context()); err == nil && f.Waiting[wire.NoText] != waiting {
				err = fmt.Errorf("%v wait, want %d", f.Waiting, waiting)
			}
			return err
		})
		return f
	}
	f := figures(3)
	if f.Stored == 0 || f.Most != 0 || len(f.Streams) != 4 || f.Streams[0].Name != ledger.WireStream || f.Streams[0].Messages != 3 {
		t.Errorf("%+v", f)
	}
	if err := openQuarantine(t, nc).Discard(t.Context(), 1, "Siti", "nothing in it"); err != nil {
		t.Fatal(err)
	}
	figures(2)
	if _, err := nc.Request("$JS.API.STREAM.PURGE."+ledger.QuarantineStream, nil, 5*time.Second); err != nil {
		t.Fatal(err)
	}
	figures(0)

	for provider, came := range map[string]bool{"antara": true, "antar": false, "kyodo": false} {
		at, err := l.LastCopy(t.Context(), provider)
		if err != nil || at.After(before) != came {
			t.Errorf("copy of %s last came %s, %v", provider, at, err)
		}
	}
}
