package ledger

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"kawat/internal/testkit"
)

// TestSilentClock: records of which the clock does not hear are asked for, and a batch of them waits for the clock once.
func TestSilentClock(t *testing.T) {
	nc, err := nats.Connect(testkit.StartNATSSyncing(t, "2m").URL)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: StoriesStream, Subjects: []string{"story.>"}})
	if err != nil {
		t.Fatal(err)
	}
	c := newClock(stream, slog.New(slog.DiscardHandler))
	c.stop()
	const records = 100
	for range records {
		if _, err := js.Publish(t.Context(), "story.antara.a", nil); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), records/2*clockPatience)
	defer cancel()
	for seq := uint64(1); seq <= records; seq++ {
		at, err := c.at(ctx, seq)
		if err != nil || time.Since(at) > time.Hour {
			t.Fatalf("record %d: %s, %v", seq, at, err)
		}
	}
}
