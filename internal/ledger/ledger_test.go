package ledger_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"kawat/internal/ledger"
	"kawat/internal/testkit"
	"kawat/internal/wire"
)

func open(t *testing.T, url string) (*ledger.Ledger, *nats.Conn) {
	t.Helper()
	nc, err := ledger.Connect(url, "test", testkit.Log(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	l, err := ledger.Open(t.Context(), nc, 1, testkit.Log(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	return l, nc
}

// sent makes a story as if it were the copy with this sequence on WIRE.
func sent(id string, version int64, wireSequence uint64, change ...func(*wire.Story)) *wire.Story {
	s := testkit.Story(id, version)
	s.Received.Sequence = wireSequence
	for _, c := range change {
		c(s)
	}
	return s
}

func text(words string) func(*wire.Story) {
	return func(s *wire.Story) { s.Body.Text, s.Received.Digest = words, "sha256:"+words }
}

func killed(s *wire.Story) {
	s.Status, s.Signal, s.Received.Digest = wire.Canceled, wire.Kill, "sha256:kill"
}

func unversioned(s *wire.Story) { s.Received.Unversioned = true }

func TestRecord(t *testing.T) {
	server := testkit.StartNATS(t)
	l, _ := open(t, server.URL)
	tests := []struct {
		name   string
		copies []*wire.Story
		want   []wire.Verdict
		stands string // text, or "killed"
	}{
		{"one", []*wire.Story{sent("one", 1, 1)}, []wire.Verdict{wire.Newer}, "Versi 1 dari berita one."},
		{"the same bytes twice", []*wire.Story{sent("twice", 1, 1), sent("twice", 1, 2)},
			[]wire.Verdict{wire.Newer, wire.Duplicate}, "Versi 1 dari berita twice."},
		{"a newer version", []*wire.Story{sent("newer", 1, 1), sent("newer", 2, 2)},
			[]wire.Verdict{wire.Newer, wire.Newer}, "Versi 2 dari berita newer."},
		{"an older version after a newer one", []*wire.Story{sent("older", 2, 1), sent("older", 1, 2)},
			[]wire.Verdict{wire.Newer, wire.Stale}, "Versi 2 dari berita older."},
		{"other text under one version: the later one", []*wire.Story{sent("other", 1, 1, text("a")), sent("other", 1, 2, text("b"))},
			[]wire.Verdict{wire.Newer, wire.Conflict}, "b"},
		{"other text under one version, the earlier one delivered late", []*wire.Story{sent("late", 1, 2, text("b")), sent("late", 1, 1, text("a"))},
			[]wire.Verdict{wire.Newer, wire.Stale}, "b"},
		{"what stood before, repeated", []*wire.Story{sent("repeated", 1, 1, text("a")), sent("repeated", 1, 2, text("b")), sent("repeated", 1, 3, text("a"))},
			[]wire.Verdict{wire.Newer, wire.Conflict, wire.Duplicate}, "b"},
		{"a correction without a version after version 3", []*wire.Story{sent("correction", 3, 1), sent("correction", 1, 2, unversioned, text("mended"))},
			[]wire.Verdict{wire.Newer, wire.Conflict}, "mended"},
		{"a late copy after a kill", []*wire.Story{sent("kill", 1, 1), sent("kill", 1, 2, killed), sent("kill", 7, 3)},
			[]wire.Verdict{wire.Newer, wire.Newer, wire.Stale}, "killed"},
		{"a kill before its story", []*wire.Story{sent("early", 1, 1, killed), sent("early", 2, 2)},
			[]wire.Verdict{wire.Newer, wire.Stale}, "killed"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got []wire.Verdict
			for _, c := range test.copies {
				outcomes, err := l.Record(t.Context(), []*wire.Story{c})
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, outcomes[0].Verdict)
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error("verdicts (-want +got)", diff)
			}
			standing, err := l.Standing(t.Context(), test.copies[0].Key())
			if err != nil {
				t.Fatal(err)
			}
			stands := standing.Body.Text
			if standing.Status == wire.Canceled {
				stands = "killed"
			}
			if stands != test.stands {
				t.Errorf("%q stands, want %q", stands, test.stands)
			}
		})
	}
}

// TestRecordTime: the clock gives the time that the stream itself has for the record.
func TestRecordTime(t *testing.T) {
	server := testkit.StartNATS(t)
	l, nc := open(t, server.URL)
	outcomes, err := l.Record(t.Context(), []*wire.Story{sent("a", 1, 1), sent("b", 1, 2), sent("a", 1, 3)})
	if err != nil {
		t.Fatal(err)
	}
	js, _ := jetstream.New(nc)
	stream, err := js.Stream(t.Context(), ledger.StoriesStream)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range outcomes {
		msg, err := stream.GetMsg(t.Context(), o.Record.Sequence)
		if err != nil {
			t.Fatal(err)
		}
		if !o.Record.Recorded.Equal(msg.Time) {
			t.Errorf("record %d: %s, the stream says %s", o.Record.Sequence, o.Record.Recorded, msg.Time)
		}
	}
}

// TestRecordTogether: two replicas that record the same copies at the same time write each once, and agree on what stands.
func TestRecordTogether(t *testing.T) {
	server := testkit.StartNATS(t)
	const stories, versions = 20, 4
	var group sync.WaitGroup
	for replica := range 2 {
		l, _ := open(t, server.URL)
		group.Go(func() {
			for v := range int64(versions) {
				if replica == 1 {
					v = versions - 1 - v
				}
				batch := make([]*wire.Story, stories)
				for i := range batch {
					batch[i] = sent(fmt.Sprint("s", i), v+1, uint64(i)*versions+uint64(v)+1)
				}
				if _, err := l.Record(t.Context(), batch); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	l, _ := open(t, server.URL)
	seen := map[string]bool{}
	last, err := l.Last(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = l.Replay(t.Context(), 1, last, 1, func(_ context.Context, records []wire.Record) error {
		for _, r := range records {
			key := fmt.Sprint(r.ID, r.Version)
			if seen[key] {
				t.Errorf("%s version %d was recorded twice", r.ID, r.Version)
			}
			seen[key] = true
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range stories {
		standing, err := l.Standing(t.Context(), wire.Key{Provider: "antara", ID: fmt.Sprint("s", i)})
		if err != nil || standing == nil || standing.Version != versions {
			t.Errorf("story %d: version %v stands, want %d (%v)", i, standing, versions, err)
		}
	}
}

// TestStories: the record cannot be thinned out, by anybody.
func TestStoriesCannotBeDeleted(t *testing.T) {
	server := testkit.StartNATS(t)
	l, nc := open(t, server.URL)
	if _, err := l.Record(t.Context(), []*wire.Story{sent("a", 1, 1)}); err != nil {
		t.Fatal(err)
	}
	js, _ := jetstream.New(nc)
	stream, err := js.Stream(t.Context(), ledger.StoriesStream)
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.Purge(t.Context()); err == nil {
		t.Error("STORIES was purged")
	}
	if err := stream.DeleteMsg(t.Context(), 1); err == nil {
		t.Error("a record was deleted")
	}
}

// TestConsume: a message is delivered until it is settled; a quarantined one is on QUARANTINE once, whole, with its reason.
func TestConsume(t *testing.T) {
	server := testkit.StartNATS(t)
	l, nc := open(t, server.URL)
	pusher, err := ledger.NewPusher(nc)
	if err != nil {
		t.Fatal(err)
	}
	push := func(data string, header map[string]string) ledger.Pushed {
		p, err := pusher.Push(t.Context(), ledger.Push{Provider: "antara", Channel: "desk.a", Data: []byte(data), Header: header})
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	push("good", map[string]string{wire.HeaderVersion: "3"})
	push("bad", nil)
	if again := push("bad", nil); !again.Duplicate {
		t.Error("the same push twice is not called a duplicate")
	}

	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var mu sync.Mutex
	var got []string
	l.Consume(ctx, func(d *ledger.Delivery) {
		mu.Lock()
		defer mu.Unlock()
		got = append(got, d.Provider+" "+string(d.Data())+" "+d.Header("kawat-version"))
		if string(d.Data()) == "bad" {
			for range 2 {
				if err := l.Quarantine(ctx, d, 0, wire.Refuse(wire.NoText, "nothing\nto read")); err != nil {
					t.Error(err)
				}
			}
			_ = d.Term("no-text")
		} else {
			_ = d.Ack()
		}
		if len(got) == 2 {
			cancel()
		}
	})
	slices.Sort(got)
	if diff := cmp.Diff([]string{"antara bad ", "antara good 3"}, got); diff != "" {
		t.Error("deliveries (-want +got)", diff)
	}
	js, _ := jetstream.New(nc)
	quarantine, err := js.Stream(t.Context(), ledger.QuarantineStream)
	if err != nil {
		t.Fatal(err)
	}
	info, _ := quarantine.Info(t.Context())
	if info.State.Msgs != 1 {
		t.Fatalf("%d messages on QUARANTINE, want 1", info.State.Msgs)
	}
	msg, err := quarantine.GetMsg(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	if string(msg.Data) != "bad" || msg.Header.Get("Kawat-Code") != "no-text" || msg.Header.Get("Kawat-Reason") != "nothing to read" ||
		msg.Header.Get("Kawat-Wire-Subject") != "wire.in.antara.desk.a" || msg.Header.Get("Kawat-Wire-Sequence") != "2" {
		t.Errorf("on QUARANTINE: %q %v", msg.Data, msg.Header)
	}
}

// TestUnreadableRecord: a message on STORIES that is no record holds up neither its own story's copy nor the replay.
func TestUnreadableRecord(t *testing.T) {
	server := testkit.StartNATS(t)
	l, nc := open(t, server.URL)
	bad, good := sent("bad", 1, 1), sent("good", 1, 2)
	js, _ := jetstream.New(nc)
	if _, err := js.Publish(t.Context(), "story.antara."+wire.IDToken(bad.ID), []byte("{")); err != nil {
		t.Fatal(err)
	}
	outcomes, err := l.Record(t.Context(), []*wire.Story{bad, good})
	if err != nil {
		t.Fatal(err)
	}
	if r := outcomes[0].Refusal; r == nil || r.Code != wire.ParserFault {
		t.Errorf("the story behind it: %+v", outcomes[0])
	}
	var replayed []string
	err = l.Replay(t.Context(), 1, 2, 1, func(_ context.Context, records []wire.Record) error {
		for _, r := range records {
			replayed = append(replayed, r.ID)
		}
		return nil
	})
	if diff := cmp.Diff([]string{"good"}, replayed); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

// TestPushRefusesBadHeaders: an embargo that nobody understands is not pushed.
func TestPushRefusesBadHeaders(t *testing.T) {
	server := testkit.StartNATS(t)
	_, nc := open(t, server.URL)
	pusher, _ := ledger.NewPusher(nc)
	_, err := pusher.Push(t.Context(), ledger.Push{Provider: "antara", Data: []byte("x"), Header: map[string]string{wire.HeaderEmbargo: "tomorrow"}})
	var refusal *wire.Refusal
	if !errors.As(err, &refusal) || refusal.Code != wire.BadHeader {
		t.Errorf("got %v, want a bad-header refusal", err)
	}
}
