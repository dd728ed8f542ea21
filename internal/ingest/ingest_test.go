package ingest_test

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/redis/go-redis/v9"
	"go.uber.org/goleak"

	"kawat/internal/cache"
	"kawat/internal/feed"
	"kawat/internal/ingest"
	"kawat/internal/ledger"
	"kawat/internal/testkit"
	"kawat/internal/wire"
	"kawat/internal/wire/decode"
)

// desk is a running ingest and a desk's connection to it.
type desk struct {
	t *testing.T
	// others are the goroutines that ran before ingest did.
	others goleak.Option
	js     jetstream.JetStream
	store  *cache.Cache
	ledger *ledger.Ledger
	stop   func()
}

func start(t *testing.T) *desk { return startOn(t, testkit.StartNATS(t), miniredis.RunT(t).Addr()) }

func startOn(t *testing.T, server *testkit.NATS, address string) *desk {
	return startLogging(t, server, address, testkit.Log(t))
}

func startLogging(t *testing.T, server *testkit.NATS, address string, log *slog.Logger) *desk {
	nc, err := nats.Connect(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	js, _ := jetstream.New(nc)
	others := goleak.IgnoreCurrent()
	own, err := nats.Connect(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	l, err := ledger.Open(t.Context(), own, 1, log)
	if err != nil {
		t.Fatal(err)
	}
	client := redis.NewClient(&redis.Options{Addr: address})
	store := cache.New(client, log)
	router, err := feed.Compile(nil)
	if err != nil {
		t.Fatal(err)
	}
	in := &ingest.Ingest{Ledger: l, Cache: store, Router: router, Log: log, Profile: func(provider string) *wire.Profile {
		if provider == "broken" {
			return nil // a fault of kawat's own, on which decoding panics
		}
		return decode.Profile(provider)
	}}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { in.Run(ctx, 5*time.Second); close(done) }()
	d := &desk{t: t, others: others, js: js, store: store, ledger: l}
	d.stop = func() {
		cancel()
		<-done
		l.Close()
		own.Close()
		client.Close()
		d.stop = func() {}
	}
	t.Cleanup(func() { d.stop() })
	return d
}

func (d *desk) push(subject, text string, headers ...string) {
	d.t.Helper()
	m := nats.NewMsg(subject)
	for i := 0; i < len(headers); i += 2 {
		m.Header.Set(headers[i], headers[i+1])
	}
	m.Data = []byte(text)
	if _, err := d.js.PublishMsg(d.t.Context(), m); err != nil {
		d.t.Fatal(err)
	}
}

// complete checks that the cache knows that it has every record, as it does at once where no ingest was lost on the way.
func (d *desk) complete() {
	d.t.Helper()
	last, err := d.ledger.Last(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	var made cache.Made
	// A first filling may yet have to become the one that is read.
	testkit.Eventually(d.t, 20*time.Second, func() (err error) {
		made, err = d.store.Made(d.t.Context())
		return err
	})
	if made.Through != last {
		d.t.Errorf("the cache has every record up to %d only, STORIES ends at %d", made.Through, last)
	}
}

// settled waits until every message has its outcome.
func (d *desk) settled() {
	d.t.Helper()
	testkit.Eventually(d.t, time.Minute, func() error {
		s, err := d.js.Stream(d.t.Context(), ledger.WireStream)
		if err != nil {
			return err
		}
		c, err := s.Consumer(d.t.Context(), "ingest")
		if err != nil {
			return err
		}
		// A consumer that was only just made says that nothing is pending.
		if last, floor := s.CachedInfo().State.LastSeq, c.CachedInfo().AckFloor.Stream; floor < last {
			return fmt.Errorf("%d messages wait", last-floor)
		}
		return nil
	})
}

func (d *desk) count(stream string) uint64 {
	d.t.Helper()
	s, err := d.js.Stream(d.t.Context(), stream)
	if err != nil {
		d.t.Fatal(err)
	}
	return s.CachedInfo().State.Msgs
}

func (d *desk) shown(name string) []string {
	d.t.Helper()
	var w []feed.Window
	// What is acknowledged is in the epoch that is written to; it may yet have to become the one that is read.
	testkit.Eventually(d.t, 20*time.Second, func() (err error) {
		w, err = d.store.Windows(d.t.Context(), []feed.Def{{Name: name, Size: 50}}, time.Now().Add(time.Second), feed.Held{})
		return err
	})
	var got []string
	for _, e := range w[0].View.Entries {
		got = append(got, fmt.Sprintf("%s v%d %s %s", e.ID, e.Version, e.Status, e.Headline))
	}
	return got
}

const story = "Feri baru\n\nJakarta (ANTARA) - Kapal feri baru mulai berlayar pada Senin.\n\nPewarta: Rani Puspita\nEditor: Dimas Prakoso\n"

// TestEveryMessageHasItsOutcome: recorded, duplicate, stale or quarantined, and nothing else.
func TestEveryMessageHasItsOutcome(t *testing.T) {
	d := start(t)
	d.push("wire.in.antara", story, wire.HeaderStoryID, "a", wire.HeaderVersion, "2")
	d.settled()
	d.complete()
	d.push("wire.in.antara", story, wire.HeaderStoryID, "a", wire.HeaderVersion, "2")
	d.push("wire.in.antara", story, wire.HeaderStoryID, "a", wire.HeaderVersion, "1")
	d.push("wire.in.antara", story, wire.HeaderStoryID, "b", wire.HeaderEmbargo, "2099-01-01T00:00:00Z")
	d.push("wire.in.antara", story, wire.HeaderStoryID, "c", wire.HeaderEmbargo, "soon")
	d.push("wire.in.antara", "   \n")
	d.push("wire.in.ANTARA", story)
	d.push("wire.in.broken", story)
	d.push("wire.in.desk", "Berita ini dicabut.", wire.HeaderSignal, "kill")
	d.push("wire.in.large", "Daftar\n\n"+strings.Repeat("Kapal feri mulai berlayar pada Senin. ", 90_000)) // its record is larger than the server takes
	d.push("wire.in.antara.desk.sport", story, "kawat-story-id", "d", "kawat-headline", "Judul dari meja")
	d.settled()
	d.complete()
	if diff := cmp.Diff([]string{"d v1 usable Judul dari meja", "a v2 usable Feri baru"}, d.shown("all")); diff != "" {
		t.Error("the feed of everything (-want +got)", diff)
	}
	if n := d.count(ledger.StoriesStream); n != 3 {
		t.Errorf("%d records on STORIES, want 3", n)
	}
	quarantine, err := d.js.Stream(t.Context(), ledger.QuarantineStream)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	for seq := uint64(1); seq <= quarantine.CachedInfo().State.LastSeq; seq++ {
		m, err := quarantine.GetMsg(t.Context(), seq)
		if err != nil {
			t.Fatal(err)
		}
		codes = append(codes, m.Header.Get("Kawat-Wire-Subject")+" "+m.Header.Get("Kawat-Code"))
	}
	want := map[string]bool{"wire.in.antara bad-header": true, "wire.in.antara no-text": true, "wire.in.ANTARA bad-subject": true, "wire.in.broken parser-fault": true,
		"wire.in.desk no-identity": true, "wire.in.large too-large": true}
	got := map[string]bool{}
	for _, c := range codes {
		got[c] = true
	}
	if diff := cmp.Diff(want, got); diff != "" || len(codes) != len(want) {
		t.Error("on QUARANTINE (-want +got)", diff, codes)
	}
	d.stop()
	d.js.Conn().Close()
	goleak.VerifyNone(t, d.others, goleak.IgnoreAnyFunction("github.com/alicebob/miniredis/v2/server.(*Server).servePeer"))
}

// TestOneBadItem: of ten items in a message of which one cannot be read nine are recorded, and the message is kept whole
// with the reason of the tenth, in every format that holds several.
func TestOneBadItem(t *testing.T) {
	items := func(good, bad string) (all []string) {
		for i := range 10 {
			if i == 6 {
				all = append(all, bad)
			} else {
				all = append(all, strings.ReplaceAll(good, "#", fmt.Sprint(i)))
			}
		}
		return all
	}
	for name, text := range map[string]string{
		"ninjs": "[" + strings.Join(items(`{"uri":"urn:x:ninjs#","headline":"Feri #","body_text":"Feri # tiba."}`, `{"uri":"urn:x:bad","headline":"Feri"}`), ",") + "]",
		"newsmlg2": "<newsMessage><itemSet>" + strings.Join(items(`<newsItem guid="urn:x:gtwo#"><contentSet><inlineData contenttype="text/plain">Feri # tiba.</inlineData></contentSet></newsItem>`,
			`<newsItem guid="urn:x:bad"/>`), "") + "</itemSet></newsMessage>",
		"newsml1": "<NewsML>" + strings.Join(items(`<NewsItem><Identification><NewsIdentifier><PublicIdentifier>urn:x:one#</PublicIdentifier></NewsIdentifier></Identification>`+
			`<NewsComponent><ContentItem><DataContent>Feri # tiba.</DataContent></ContentItem></NewsComponent></NewsItem>`, `<NewsItem/>`), "") + "</NewsML>",
		"anpa": strings.Join(items("\x01a010#KYODO\x1fkoko-\r\nu s\x14\x12 BC-Feri-#  23-11 0001\r\n\x02BC-Feri-#\r\nFerry # arrives+\r\n     Ferry # arrived.\r\n\x03KWS-21:37-23-11-26\x04",
			"\x01a0199KYODO\x1fkoko-\r\nu s\x14\x12 BC-Bad  23-11 0001\r\n\x02\x03KWS-21:37-23-11-26\x04"), ""),
		"iptc7901": strings.Join(items("\x01dpa010# 4 pl 110  dpa 0000\r\n\r\nFerry/\r\n\x02Ferry # =\r\n\r\nBerlin (dpa) - Ferry # arrived.\r\n\x03231037 Nov 26\r\n\x04",
			"\x01dpa0199 4 pl 110  dpa 0000\r\n\r\nFerry/\r\n\x02\x03231037 Nov 26\r\n\x04"), ""),
		"webfeed": `<rss version="2.0"><channel><title>x</title>` + strings.Join(items(`<item><guid>urn:x:rss#</guid><title>Feri #</title><description>Feri # tiba.</description></item>`,
			`<item><guid>urn:x:bad</guid></item>`), "") + `</channel></rss>`,
	} {
		t.Run(name, func(t *testing.T) {
			d := start(t)
			d.push("wire.in.kyodo", text)
			d.settled()
			d.complete()
			if shown := d.shown("all"); len(shown) != 9 {
				t.Errorf("%d stories are in the feed: %q", len(shown), shown)
			}
			if n := d.count(ledger.StoriesStream); n != 9 {
				t.Errorf("%d records", n)
			}
			if n := d.count(ledger.QuarantineStream); n != 1 {
				t.Fatalf("%d messages on QUARANTINE", n)
			}
			q, err := d.js.Stream(t.Context(), ledger.QuarantineStream)
			if err != nil {
				t.Fatal(err)
			}
			m, err := q.GetMsg(t.Context(), 1)
			if why := m.Header.Get("Kawat-Reason"); err != nil || string(m.Data) != text || !strings.Contains(why, "7") && !strings.Contains(why, "urn:x:bad") && !strings.Contains(why, "0199") {
				t.Errorf("it does not hold the copy, or does not say which item: %v, %q", err, why)
			}
		})
	}
}

// TestKillIsFinal: a killed story stays in its feeds as a notice, and no late copy brings it back.
func TestKillIsFinal(t *testing.T) {
	d := start(t)
	d.push("wire.in.antara", story, wire.HeaderStoryID, "a")
	d.settled()
	d.complete()
	d.push("wire.in.antara", "Berita ini dicabut.", wire.HeaderStoryID, "a", wire.HeaderSignal, "kill")
	d.settled()
	d.complete()
	d.push("wire.in.antara", story+"\nterlambat", wire.HeaderStoryID, "a", wire.HeaderVersion, "9")
	d.push("wire.in.kyodo", story, wire.HeaderStoryID, "a") // another provider's story of the same id is another story
	d.settled()
	d.complete()
	for _, name := range []string{"all", "lang-id", "agency-antara"} {
		killed := 0
		for _, s := range d.shown(name) {
			if s[:len("a v1 canceled")] == "a v1 canceled" {
				killed++
			}
		}
		if killed != 1 {
			t.Errorf("feed %s: %v", name, d.shown(name))
		}
	}
	if n := d.count(ledger.StoriesStream); n != 3 {
		t.Errorf("%d records on STORIES, want 3", n)
	}
}

// TestStoriesLost: where STORIES is shorter than what the cache was made from, it was lost. Then nothing is taken out of the
// feeds, and nothing is recorded, until an operator says what holds: by restoring it, or by emptying Redis.
func TestStoriesLost(t *testing.T) {
	store := miniredis.RunT(t)
	d := startOn(t, testkit.StartNATS(t), store.Addr())
	d.push("wire.in.antara", story, wire.HeaderStoryID, "a")
	d.push("wire.in.antara", story, wire.HeaderStoryID, "b")
	d.settled()
	before := d.shown("all")
	if len(before) != 2 {
		t.Fatal(before)
	}
	d.stop()

	d = startOn(t, testkit.StartNATS(t), store.Addr())
	d.push("wire.in.antara", story, wire.HeaderStoryID, "c")
	for range 20 { // it would refill within a fifth of a second
		time.Sleep(50 * time.Millisecond)
		if diff := cmp.Diff(before, d.shown("all")); diff != "" {
			t.Fatal("the feeds changed (-before +after)", diff)
		}
		if n := d.count(ledger.StoriesStream); n != 0 {
			t.Fatalf("%d records were written", n)
		}
	}
	store.FlushAll()
	d.settled()
	testkit.Eventually(t, 20*time.Second, func() error {
		if got := d.shown("all"); len(got) != 1 {
			return fmt.Errorf("%v", got)
		}
		return nil
	})
}
