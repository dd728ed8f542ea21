// Package bench compares kawat with the least that could do its work, in the same run and on the same servers. Absolute
// figures depend on the machine; the ratios are what is aimed for: see docs/performance.md.
package bench

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/redis/go-redis/v9"

	"kawat/internal/cache"
	"kawat/internal/feed"
	"kawat/internal/ingest"
	"kawat/internal/ledger"
	"kawat/internal/testkit"
	"kawat/internal/wire/decode"
)

func TestMain(m *testing.M) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400) // as the services have it as long as little is in use
	}
	os.Exit(m.Run())
}

// stories is how many messages one measurement takes.
const stories = 4000

var quiet = slog.New(slog.NewTextHandler(io.Discard, &slog.HandlerOptions{Level: slog.LevelWarn}))

// BenchmarkIngest takes copy from WIRE to the acknowledgement, by kawat's ingest and by the bare loop with the same hops
// (consume, publish to STORIES, write to Redis in a pipeline, acknowledge), in turn, and gives the ratio of their rates
// and of the processor time that each took: in this process, and with both servers'.
func BenchmarkIngest(b *testing.B) {
	for _, sync := range []string{"always", "2m"} {
		b.Run("sync="+sync, func(b *testing.B) {
			for _, format := range formats {
				b.Run(format.name, func(b *testing.B) { compareIngest(b, sync, format) })
			}
		})
	}
}

func compareIngest(b *testing.B, sync string, format format) {
	var ratios, cpu, all, rates, bareRates []float64
	for b.Loop() {
		bare := measure(b, sync, format, bareLoop)
		whole := measure(b, sync, format, wholeIngest)
		ratios = append(ratios, whole.rate/bare.rate)
		cpu, all = append(cpu, whole.cpu/bare.cpu), append(all, whole.all/bare.all)
		rates, bareRates = append(rates, whole.rate), append(bareRates, bare.rate)
	}
	b.ReportMetric(0, "ns/op") // the figures are below
	b.ReportMetric(median(rates), "stories/s")
	b.ReportMetric(median(bareRates), "bare/s")
	b.ReportMetric(median(ratios), "×bare")
	b.ReportMetric(median(cpu), "×bare-cpu")
	b.ReportMetric(median(all), "×bare-cpu-of-all")
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}

// figures are of one run.
type figures struct {
	rate float64 // stories a second
	cpu  float64 // seconds of this process a story
	all  float64 // and of both servers
}

// measure fills WIRE on fresh servers, then lets loop work until everything is acknowledged.
func measure(b *testing.B, sync string, format format, loop func(context.Context, *testing.B, *nats.Conn, *redis.Client)) figures {
	b.StopTimer()
	defer b.StartTimer()
	server := testkit.StartNATSSyncing(b, sync)
	defer server.Kill()
	store := testkit.StartRedis(b)
	defer store.Kill()
	nc, err := nats.Connect(server.URL)
	if err != nil {
		b.Fatal(err)
	}
	defer nc.Close()
	l, err := ledger.Open(b.Context(), nc, 1, quiet)
	if err != nil {
		b.Fatal(err)
	}
	l.Close()
	js, err := jetstream.New(nc, jetstream.WithPublishAsyncMaxPending(1024))
	if err != nil {
		b.Fatal(err)
	}
	for n := range stories {
		if _, err := js.PublishAsync("wire.in."+format.provider, format.story(n), jetstream.WithStallWait(time.Minute)); err != nil {
			b.Fatal(err)
		}
	}
	<-js.PublishAsyncComplete()
	client := redis.NewClient(&redis.Options{Addr: store.Address})
	defer client.Close()

	ctx, stop := context.WithCancel(b.Context())
	defer stop()
	begin, cpu := time.Now(), cpuSeconds()
	servers := server.CPU() + store.CPU()
	done := make(chan struct{})
	go func() {
		loop(ctx, b, nc, client)
		close(done)
	}()
	var c jetstream.Consumer
	testkit.Eventually(b, 5*time.Minute, func() error {
		if c == nil {
			if c, err = js.Consumer(ctx, ledger.WireStream, "ingest"); err != nil {
				return err
			}
		}
		i, err := c.Info(ctx)
		if err == nil && (i.NumPending > 0 || i.NumAckPending > 0 || i.AckFloor.Stream < stories) {
			err = fmt.Errorf("%d not acknowledged", stories-i.AckFloor.Stream)
		}
		return err
	})
	took, spent := time.Since(begin), cpuSeconds()-cpu
	servers = server.CPU() + store.CPU() - servers
	stop()
	<-done
	info, err := js.Stream(b.Context(), ledger.StoriesStream)
	if err != nil {
		b.Fatal(err)
	}
	if n := info.CachedInfo().State.Msgs; n != stories {
		b.Fatalf("%d records on STORIES, want %d", n, stories)
	}
	return figures{rate: stories / took.Seconds(), cpu: spent / stories, all: (spent + servers.Seconds()) / stories}
}

// cpuSeconds is the processor time of this process, user and system, without the garbage collector's idle work.
func cpuSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic(err)
	}
	s := []metrics.Sample{{Name: "/cpu/classes/gc/mark/idle:cpu-seconds"}}
	metrics.Read(s)
	return time.Duration(u.Utime.Nano()+u.Stime.Nano()).Seconds() - s[0].Value.Float64()
}

// wholeIngest is kawat's pipeline.
func wholeIngest(ctx context.Context, b *testing.B, nc *nats.Conn, client *redis.Client) {
	l, err := ledger.Open(ctx, nc, 1, quiet)
	if err != nil {
		b.Error(err)
		return
	}
	defer l.Close()
	router, err := feed.Compile(nil)
	if err != nil {
		b.Error(err)
		return
	}
	in := &ingest.Ingest{Ledger: l, Cache: cache.New(client, quiet), Router: router, Profile: decode.Profile, Log: quiet}
	in.Run(ctx, 10*time.Second)
}

// bareNews is the channel on which the bare loop tells of what it wrote: sequences on WIRE, a space between them.
const bareNews = "bare:news"

// bareLoop has the same hops and looks at nothing: the copy itself is published on a subject of its own and written to Redis
// with three index entries, and told of, in batches of what is there, up to 64, by two writers.
func bareLoop(ctx context.Context, b *testing.B, nc *nats.Conn, client *redis.Client) {
	js, err := jetstream.New(nc, jetstream.WithPublishAsyncMaxPending(4096))
	if err != nil {
		b.Error(err)
		return
	}
	c, err := js.CreateOrUpdateConsumer(ctx, ledger.WireStream, jetstream.ConsumerConfig{
		Durable: "ingest", AckPolicy: jetstream.AckExplicitPolicy, MaxAckPending: 10_000, AckWait: time.Minute,
	})
	if err != nil {
		b.Error(err)
		return
	}
	iter, err := c.Messages(jetstream.PullMaxMessagesWithBytesLimit(256, 16<<20))
	if err != nil {
		b.Error(err)
		return
	}
	messages := make(chan jetstream.Msg, 64)
	done := make(chan struct{}, 2)
	for range 2 {
		go func() {
			for m := range messages {
				batch := []jetstream.Msg{m}
				for more := true; more && len(batch) < 64; {
					select {
					case m, ok := <-messages:
						if more = ok; ok {
							batch = append(batch, m)
						}
					default:
						more = false
					}
				}
				bareBatch(ctx, b, js, client, batch)
			}
			done <- struct{}{}
		}()
	}
	for {
		m, err := iter.Next(jetstream.NextContext(ctx))
		if err != nil {
			break
		}
		messages <- m
	}
	iter.Stop()
	close(messages)
	<-done
	<-done
}

func bareBatch(ctx context.Context, b *testing.B, js jetstream.JetStream, client *redis.Client, batch []jetstream.Msg) {
	acks := make([]jetstream.PubAckFuture, len(batch))
	ids := make([]string, len(batch))
	for i, m := range batch {
		meta, err := m.Metadata()
		if err != nil {
			b.Error(err)
			return
		}
		ids[i] = fmt.Sprint(meta.Sequence.Stream)
		if acks[i], err = js.PublishMsgAsync(&nats.Msg{Subject: "story.bare." + ids[i], Data: m.Data()},
			jetstream.WithExpectLastSequencePerSubject(0)); err != nil {
			b.Error(err)
			return
		}
	}
	scores := make([]float64, len(batch))
	for i := range acks {
		select {
		case a := <-acks[i].Ok():
			scores[i] = float64(a.Sequence)
		case err := <-acks[i].Err():
			b.Error(err)
			return
		}
	}
	_, err := client.Pipelined(ctx, func(p redis.Pipeliner) error {
		for i, m := range batch {
			p.HSet(ctx, "bare:"+ids[i], "sequence", scores[i], "record", m.Data())
			for _, index := range []string{"bare:all", "bare:language", "bare:agency"} {
				p.ZAdd(ctx, index, redis.Z{Score: scores[i], Member: ids[i]})
			}
		}
		p.Publish(ctx, bareNews, strings.Join(ids, " "))
		return nil
	})
	if err != nil {
		b.Error(err)
		return
	}
	for _, m := range batch {
		if err := m.Ack(); err != nil {
			b.Error(err)
		}
	}
}
