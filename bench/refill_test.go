package bench

import (
	"context"
	"errors"
	"fmt"
	"strings"
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
	"kawat/internal/wire"
	"kawat/internal/wire/decode"
)

// refilled is how many stories STORIES holds in BenchmarkRefill.
const refilled = 20_000

// BenchmarkRefill fills an empty Redis from STORIES, by kawat and by a bare loop (replay, and write to Redis in
// pipelines), in turn, and gives the ratio of their rates. Records are of about 6 KB.
func BenchmarkRefill(b *testing.B) {
	server := testkit.StartNATSSyncing(b, "2m")
	store := testkit.StartRedis(b)
	nc, err := nats.Connect(server.URL)
	if err != nil {
		b.Fatal(err)
	}
	defer nc.Close()
	size := fillStories(b, nc)
	client := redis.NewClient(&redis.Options{Addr: store.Address})
	defer client.Close()
	var ratios, cpu, rates, bareRates []float64
	for b.Loop() {
		bare := refill(b, nc, client, bareRefill)
		whole := refill(b, nc, client, wholeRefill)
		ratios = append(ratios, whole.rate/bare.rate)
		cpu = append(cpu, whole.cpu/bare.cpu)
		rates, bareRates = append(rates, whole.rate), append(bareRates, bare.rate)
	}
	b.ReportMetric(0, "ns/op") // the figures are below
	b.ReportMetric(size, "record-bytes")
	b.ReportMetric(median(rates), "stories/s")
	b.ReportMetric(median(bareRates), "bare/s")
	b.ReportMetric(median(ratios), "×bare")
	b.ReportMetric(median(cpu), "×bare-cpu")
}

// fillStories puts the records on STORIES, as ingest writes them, and gives their mean size.
func fillStories(b *testing.B, nc *nats.Conn) float64 {
	b.Helper()
	l, err := ledger.Open(b.Context(), nc, 1, quiet)
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	bytes := 0
	batch := make([]*wire.Story, 0, 256)
	for n := range refilled {
		p := paragraphs(n, indonesian)[:4]
		copy := fmt.Appendf(nil, "Kapal feri nomor %d tiba\n\nTokyo (ANTARA) - Kapal feri nomor %d tiba di Muara Biru, lapor Tass.\n\n%s\n\n%s\n",
			n, n, strings.Join(p, "\n\n"), strings.Join(tail, "\n"))
		stories, refusals := decode.Decode(&wire.Copy{Data: copy, Profile: decode.Profile("antara")})
		if len(stories) != 1 {
			b.Fatal(refusals)
		}
		if batch = append(batch, stories[0]); len(batch) < cap(batch) && n < refilled-1 {
			continue
		}
		outcomes, err := l.Record(b.Context(), batch)
		if err != nil {
			b.Fatal(err)
		}
		for _, o := range outcomes {
			bytes += len(o.Record.JSON)
		}
		batch = batch[:0]
	}
	return float64(bytes) / refilled
}

// refill empties Redis, fills it, and says how fast that went.
func refill(b *testing.B, nc *nats.Conn, client *redis.Client, fill func(context.Context, *testing.B, *nats.Conn, *redis.Client)) figures {
	b.StopTimer()
	defer b.StartTimer()
	if err := client.FlushAll(b.Context()).Err(); err != nil {
		b.Fatal(err)
	}
	begin, cpu := time.Now(), cpuSeconds()
	fill(b.Context(), b, nc, client)
	return figures{rate: refilled / time.Since(begin).Seconds(), cpu: (cpuSeconds() - cpu) / refilled}
}

// wholeRefill is kawat's refill.
func wholeRefill(ctx context.Context, b *testing.B, nc *nats.Conn, client *redis.Client) {
	l, err := ledger.Open(ctx, nc, 1, quiet)
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	router, err := feed.Compile(nil)
	if err != nil {
		b.Fatal(err)
	}
	store := cache.New(client, quiet)
	in := &ingest.Ingest{Ledger: l, Cache: store, Router: router, Profile: decode.Profile, Log: quiet}
	if err := in.Rebuild(ctx, func(_, _ uint64) {}); err != nil {
		b.Fatal(err)
	}
	if made, err := store.Made(ctx); err != nil || made.Last != refilled {
		b.Fatalf("it ends at record %d, %v", made.Last, err)
	}
}

// bareRefill reads the records in order and writes each into a hash with three index entries, without looking at it.
func bareRefill(ctx context.Context, b *testing.B, nc *nats.Conn, client *redis.Client) {
	js, err := jetstream.New(nc)
	if err != nil {
		b.Fatal(err)
	}
	consumer, err := js.OrderedConsumer(ctx, ledger.StoriesStream, jetstream.OrderedConsumerConfig{})
	if err != nil {
		b.Fatal(err)
	}
	iter, err := consumer.Messages()
	if err != nil {
		b.Fatal(err)
	}
	defer iter.Stop()
	pipeline := client.Pipeline()
	for n := 1; n <= refilled; n++ {
		m, err := iter.Next(jetstream.NextContext(ctx))
		if err != nil {
			b.Fatal(err)
		}
		id := fmt.Sprint(n)
		pipeline.HSet(ctx, "bare:"+id, "sequence", n, "record", m.Data())
		for _, index := range []string{"bare:all", "bare:language", "bare:agency"} {
			pipeline.ZAdd(ctx, index, redis.Z{Score: float64(n), Member: id})
		}
		if n%128 == 0 || n == refilled {
			if _, err := pipeline.Exec(ctx); err != nil && !errors.Is(err, redis.Nil) {
				b.Fatal(err)
			}
		}
	}
}
