package ledger_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"kawat/internal/ledger"
	"kawat/internal/testkit"
	"kawat/internal/wire"
)

func export(t *testing.T, l *ledger.Ledger, span ledger.Span) []byte {
	t.Helper()
	var b bytes.Buffer
	n, err := l.Export(t.Context(), &b, span, func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	if lines := bytes.Count(b.Bytes(), []byte("\n")); lines != n+1 {
		t.Fatalf("%d lines for %d records", lines, n)
	}
	return b.Bytes()
}

func restore(t *testing.T, l *ledger.Ledger, export []byte) (int, error) {
	t.Helper()
	return l.Import(t.Context(), bytes.NewReader(export), func(int, int) {})
}

func record(t *testing.T, l *ledger.Ledger, stories ...*wire.Story) {
	t.Helper()
	for _, s := range stories { // one after the other, in the order of their sequences
		if _, err := l.Record(t.Context(), []*wire.Story{s}); err != nil {
			t.Fatal(err)
		}
	}
}

// replayed gives all records as a refill of the cache reads them.
func replayed(t *testing.T, l *ledger.Ledger) (all []wire.Record) {
	t.Helper()
	last, err := l.Last(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	err = l.Replay(t.Context(), 1, last, 1, func(_ context.Context, records []wire.Record) error {
		all = append(all, records...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// publish puts bytes on a subject that are not kawat's.
func publish(t *testing.T, nc *nats.Conn, subject, data string) {
	t.Helper()
	js, _ := jetstream.New(nc)
	if _, err := js.Publish(t.Context(), subject, []byte(data)); err != nil {
		t.Fatal(err)
	}
}

// TestExportAndImport: what was exported from one server is on another, byte for byte, with its times and its order; and an
// export of that one has the same times again.
func TestExportAndImport(t *testing.T) {
	from, _ := open(t, testkit.StartNATS(t).URL)
	record(t, from, sent("a", 1, 4), sent("b", 1, 5), sent("a", 2, 6), sent("b", 1, 7, killed))
	for i := range 400 { // more than are under way at once
		record(t, from, sent(fmt.Sprint("many", i), 1, uint64(10+i)))
	}
	file := export(t, from, ledger.Span{})

	to, nc := open(t, testkit.StartNATS(t).URL)
	n, err := restore(t, to, file)
	if err != nil || n != 404 {
		t.Fatal(n, err)
	}
	if diff := cmp.Diff(replayed(t, from), replayed(t, to)); diff != "" {
		t.Error("records (-want +got)", diff)
	}
	for _, id := range []string{"a", "b"} {
		key := wire.Key{Provider: "antara", ID: id}
		want, err := from.Standing(t.Context(), key)
		got, err2 := to.Standing(t.Context(), key)
		if diff := cmp.Diff(want, got); diff != "" || err != nil || err2 != nil {
			t.Error("what stands (-want +got)", diff, err, err2)
		}
	}
	if again := export(t, to, ledger.Span{}); !bytes.Equal(file, again) {
		t.Error("the import's export is another")
	}

	// New copy comes later on WIRE than all that was restored, or a correction without a version would be stale.
	pusher, _ := ledger.NewPusher(nc)
	pushed, err := pusher.Push(t.Context(), ledger.Push{Provider: "antara", Data: []byte("x")})
	if err != nil || pushed.Sequence != 410 {
		t.Errorf("the next copy is number %d on WIRE, want 410 (%v)", pushed.Sequence, err)
	}
	js, _ := jetstream.New(nc)
	stream, err := js.Stream(t.Context(), ledger.WireStream)
	if err != nil || stream.CachedInfo().Config.MaxBytes != -1 {
		t.Errorf("WIRE was left closed: %+v %v", stream.CachedInfo().Config, err)
	}
	// Records that are written after an import have their own times.
	record(t, to, sent("new", 1, 500))
	all := replayed(t, to)
	if age := time.Since(all[len(all)-1].Recorded); age < 0 || age > time.Minute {
		t.Errorf("a new record is %s old", age)
	}
}

// TestImportOfTranslations: after an import the kill of an original reaches its translations as it did before.
func TestImportOfTranslations(t *testing.T) {
	from, _ := open(t, testkit.StartNATS(t).URL)
	kyodo := func(s *wire.Story) { s.Provider, s.Translation = "kyodo", nil }
	record(t, from, sent("original", 1, 1, kyodo), sent("translated", 1, 2, func(s *wire.Story) { s.Translation.Of = "original" }))
	to, _ := open(t, testkit.StartNATS(t).URL)
	if _, err := restore(t, to, export(t, from, ledger.Span{})); err != nil {
		t.Fatal(err)
	}
	record(t, to, sent("original", 1, 9, kyodo, killed))
	standing, err := to.Standing(t.Context(), wire.Key{Provider: "antara", ID: "translated"})
	if err != nil || standing.Status == wire.Usable {
		t.Errorf("the translation is %s (%v)", standing.Status, err)
	}
}

// TestExportSpan: by time and by provider; the bounds are since included and until excluded.
func TestExportSpan(t *testing.T) {
	l, _ := open(t, testkit.StartNATS(t).URL)
	kyodo := func(s *wire.Story) { s.Provider = "kyodo" }
	record(t, l, sent("a", 1, 1), sent("b", 1, 2, kyodo), sent("c", 1, 3), sent("d", 1, 4, kyodo))
	all := replayed(t, l)
	ids := func(span ledger.Span) (got string) {
		for line := range strings.Lines(string(export(t, l, span))) {
			if _, rest, ok := strings.Cut(line, `"record":{"id":"`); ok {
				got += rest[:1]
			}
		}
		return got
	}
	for _, test := range []struct {
		span ledger.Span
		want string
	}{
		{ledger.Span{}, "abcd"},
		{ledger.Span{Provider: "kyodo"}, "bd"},
		{ledger.Span{Provider: "nobody"}, ""},
		{ledger.Span{Since: all[1].Recorded}, "bcd"},
		{ledger.Span{Until: all[2].Recorded}, "ab"},
		{ledger.Span{Since: all[1].Recorded, Until: all[3].Recorded}, "bc"},
		{ledger.Span{Since: time.Now().Add(time.Hour)}, ""},
		{ledger.Span{Since: time.Now().Add(48 * time.Hour)}, ""},
	} {
		if got := ids(test.span); got != test.want {
			t.Errorf("%+v: %q, want %q", test.span, got, test.want)
		}
	}
	// A part can be restored too; its records get sequences without gaps.
	to, _ := open(t, testkit.StartNATS(t).URL)
	if n, err := restore(t, to, export(t, l, ledger.Span{Provider: "kyodo"})); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	got := replayed(t, to)
	if len(got) != 2 || got[1].ID != "d" || got[1].Sequence != 2 || !got[1].Recorded.Equal(all[3].Recorded) {
		t.Errorf("restored: %+v", got)
	}
}

// TestExportOfForeignBytes: what is on STORIES and no record of kawat's is exported and restored as well, whatever it is.
func TestExportOfForeignBytes(t *testing.T) {
	from, nc := open(t, testkit.StartNATS(t).URL)
	foreign := []string{"{", "", "\xff\x00", "{\n}", ` {"id":"x"}`, `{"id":1,"id":2}`, `{ "id" : "\u00e9" }`, `"x"`}
	for _, f := range foreign {
		publish(t, nc, "story.antara.x", f)
	}
	file := export(t, from, ledger.Span{})
	to, nc := open(t, testkit.StartNATS(t).URL)
	if _, err := restore(t, to, file); err != nil {
		t.Fatal(err)
	}
	js, _ := jetstream.New(nc)
	stream, _ := js.Stream(t.Context(), ledger.StoriesStream)
	for i, want := range foreign {
		msg, err := stream.GetMsg(t.Context(), uint64(i+1))
		if err != nil || string(msg.Data) != want {
			t.Errorf("%q became %q (%v)", want, msg.Data, err)
		}
	}
}

// TestImportRefuses: from an export that is not whole, nothing is written, and STORIES that holds something is left alone.
func TestImportRefuses(t *testing.T) {
	from, _ := open(t, testkit.StartNATS(t).URL)
	record(t, from, sent("a", 1, 1), sent("b", 1, 2), sent("c", 1, 3))
	file := export(t, from, ledger.Span{})
	lines := bytes.SplitAfter(file, []byte("\n"))
	lines = lines[:len(lines)-1]
	without := func(i int) []byte { return bytes.Join(append(append([][]byte{}, lines[:i]...), lines[i+1:]...), nil) }

	to, nc := open(t, testkit.StartNATS(t).URL)
	for name, test := range map[string]struct {
		file []byte
		want string
	}{
		"empty":               {nil, "breaks off after 0 records"},
		"without its end":     {without(3), "breaks off after 3 records"},
		"cut in a line":       {file[:len(lines[0])+40], "line 2 is no record"},
		"without a line":      {without(1), "was changed"},
		"with a changed word": {bytes.Replace(file, []byte("versi 1"), []byte("versi 7"), 1), "was changed"},
		"two in one":          {append(append([]byte{}, file...), file...), "goes on after its last line"},
		"something else":      {[]byte("Kapal feri mulai berlayar\n"), "line 1 is no record"},
		"another subject":     {[]byte(`{"sequence":1,"recorded":"2026-11-23T09:00:00Z","subject":"wire.in.antara","record":{}}` + "\n"), "line 1 is no record"},
	} {
		if _, err := restore(t, to, test.file); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", name, err, test.want)
		}
	}
	if last, err := to.Last(t.Context()); last != 0 || err != nil {
		t.Fatalf("%d records were written (%v)", last, err)
	}

	// Copy waits on WIRE that would come before what is restored.
	pusher, _ := ledger.NewPusher(nc)
	if _, err := pusher.Push(t.Context(), ledger.Push{Provider: "antara", Data: []byte("x")}); err != nil {
		t.Fatal(err)
	}
	if _, err := restore(t, to, file); err == nil || !strings.Contains(err.Error(), "WIRE holds copy up to number 1, and the records are of copy up to number 3") {
		t.Errorf("WIRE that is behind: %v", err)
	}

	record(t, to, sent("a", 1, 9))
	if _, err := restore(t, to, file); err == nil || !strings.Contains(err.Error(), "STORIES holds 1 records already") {
		t.Errorf("STORIES that is not empty: %v", err)
	}
	if last, err := to.Last(t.Context()); last != 1 || err != nil {
		t.Fatalf("%d records are there (%v)", last, err)
	}
}

// TestImportOpensWire: an import that was killed while WIRE was closed leaves it refusing copy; the next one opens it again.
func TestImportOpensWire(t *testing.T) {
	from, _ := open(t, testkit.StartNATS(t).URL)
	record(t, from, sent("a", 1, 7))
	file := export(t, from, ledger.Span{})
	to, nc := open(t, testkit.StartNATS(t).URL)
	js, _ := jetstream.New(nc)
	stream, err := js.Stream(t.Context(), ledger.WireStream)
	if err != nil {
		t.Fatal(err)
	}
	closed := stream.CachedInfo().Config
	closed.MaxBytes = 1
	if _, err := js.UpdateStream(t.Context(), closed); err != nil {
		t.Fatal(err)
	}
	pusher, _ := ledger.NewPusher(nc)
	push := ledger.Push{Provider: "antara", Data: []byte("x")}
	if pushed, err := pusher.Push(t.Context(), push); err == nil {
		t.Fatalf("WIRE is closed and took copy: %+v", pushed)
	}
	if _, err := restore(t, to, file); err != nil {
		t.Fatal(err)
	}
	if pushed, err := pusher.Push(t.Context(), push); err != nil || pushed.Sequence != 8 {
		t.Errorf("after the import: %+v %v", pushed, err)
	}
}

// TestImportGoesOn: an import that broke off is finished by the next one, which writes nothing twice.
func TestImportGoesOn(t *testing.T) {
	from, _ := open(t, testkit.StartNATS(t).URL)
	for i := range 600 {
		record(t, from, sent(fmt.Sprint("s", i), 1, uint64(i+1)))
	}
	file := export(t, from, ledger.Span{})
	to, _ := open(t, testkit.StartNATS(t).URL)
	ctx, cancel := context.WithCancel(t.Context())
	n, err := to.Import(ctx, bytes.NewReader(file), func(records, _ int) {
		if records == 100 {
			cancel()
		}
	})
	if err == nil || n < 100 || n >= 600 {
		t.Fatalf("it did not break off: %d %v", n, err)
	}
	if n, err := restore(t, to, file); n != 600 || err != nil {
		t.Fatal(n, err)
	}
	if n, err := restore(t, to, file); n != 600 || err != nil {
		t.Error("the same once more:", n, err)
	}
	if diff := cmp.Diff(replayed(t, from), replayed(t, to)); diff != "" {
		t.Error("records (-want +got)", diff)
	}
	// The records are the export's, but more than it has: it is not its import.
	record(t, to, sent("more", 1, 1000))
	if _, err := restore(t, to, file); err == nil || !strings.Contains(err.Error(), "STORIES holds 601 records already") {
		t.Error(err)
	}
}

// TestHistoryBeyondUnreadable: one record that cannot be read does not hide those after it.
func TestHistoryBeyondUnreadable(t *testing.T) {
	l, nc := open(t, testkit.StartNATS(t).URL)
	key := wire.Key{Provider: "antara", ID: "a"}
	subject := "story.antara." + wire.IDToken("a")
	for _, data := range []string{string(marshal(t, sent("a", 1, 1))), "{", string(marshal(t, sent("a", 2, 3)))} {
		publish(t, nc, subject, data)
	}
	var got []string
	for record, err := range l.History(t.Context(), key) {
		if err != nil {
			got = append(got, fmt.Sprint(record.Sequence, " unreadable"))
		} else {
			got = append(got, fmt.Sprint(record.Sequence, " version ", record.Version))
		}
	}
	if diff := cmp.Diff([]string{"1 version 1", "2 unreadable", "3 version 2"}, got); diff != "" {
		t.Error("history (-want +got)", diff)
	}
}

func marshal(t *testing.T, s *wire.Story) []byte {
	t.Helper()
	data, err := s.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return data
}
