package ledger_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"kawat/internal/ledger"
	"kawat/internal/testkit"
)

// A rebuild that is asked for is done by one replica, which tells how far it is and how it ends.
func TestRebuildOnRequest(t *testing.T) {
	server := testkit.StartNATS(t)
	connect := func() *nats.Conn {
		nc, err := nats.Connect(server.URL)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(nc.Close)
		return nc
	}
	tool := connect()
	ask := func() ([]ledger.Progress, error) {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		var said []ledger.Progress
		err := ledger.Rebuild(ctx, tool, func(p ledger.Progress) { said = append(said, p) })
		return said, err
	}
	if _, err := ask(); err == nil || !strings.Contains(err.Error(), "no ingest listens") {
		t.Fatalf("without ingest: %v", err)
	}

	works, ends := make(chan struct{}, 8), make(chan error, 8)
	work := func(ctx context.Context, progress func(done, of uint64)) error {
		progress(3, 10)
		progress(2, 10) // another goroutine's, late
		works <- struct{}{}
		select {
		case err := <-ends:
			progress(10, 10)
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	replicas := make(chan struct{})
	for range 2 {
		l, err := ledger.Open(t.Context(), connect(), 1, testkit.Log(t))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(l.Close)
		go func() {
			l.AnswerRebuilds(ctx, work)
			replicas <- struct{}{}
		}()
	}
	testkit.Eventually(t, 10*time.Second, func() error { // until one listens
		ends <- errors.New("Redis is away")
		_, err := ask()
		if err != nil && strings.Contains(err.Error(), "no ingest listens") {
			<-ends
			return err
		}
		if err == nil || err.Error() != "Redis is away" {
			t.Fatalf("a rebuild that fails ends with %v", err)
		}
		return nil
	})
	<-works

	ends <- nil
	said, err := ask()
	<-works
	if err != nil || len(said) < 2 {
		t.Fatalf("%+v, %v", said, err)
	}
	last := said[len(said)-1]
	if !last.Done || last.Records != 10 || last.Of != 10 || last.Seconds <= 0 {
		t.Errorf("the last word is %+v", last)
	}
	if !slices.IsSortedFunc(said, func(a, b ledger.Progress) int { return int(a.Records) - int(b.Records) }) {
		t.Errorf("it goes back: %+v", said)
	}

	// One that stops says that it did not come to its end.
	stopped := make(chan error, 1)
	go func() {
		_, err := ask()
		stopped <- err
	}()
	<-works
	stop()
	if err := <-stopped; err == nil || !strings.Contains(err.Error(), "context canceled") {
		t.Errorf("of a replica that stops: %v", err)
	}
	<-replicas
	<-replicas
	if _, err := ask(); err == nil || !strings.Contains(err.Error(), "no ingest listens") {
		t.Errorf("after all have stopped: %v", err)
	}
}
