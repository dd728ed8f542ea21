package app

import (
	"context"
	"maps"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/redis/go-redis/v9"

	"kawat/internal/ingest"
	"kawat/internal/ledger"
	"kawat/internal/wire"
)

// registry has what every process tells: of Go, of the process, and which kawat it is.
func registry() *prometheus.Registry {
	r := prometheus.NewRegistry()
	build := prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "kawat_build_info", Help: "1; its labels say which kawat this is, and which Go built it.",
	}, []string{"version", "goversion"})
	build.WithLabelValues(Version(), runtime.Version()).Set(1)
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), build)
	return r
}

const (
	// askEvery is how often the servers are asked for their figures. A scrape is answered with those of the last time.
	askEvery = 5 * time.Second
	// askPatience is how long they may take.
	askPatience = 4 * time.Second
)

// figures are what is told at a scrape of the servers, and of ingest's health.
type figures struct {
	app *App

	mu      sync.Mutex
	asked   bool
	away    bool // Redis was, when the process last tried to begin
	redis   bool
	ledger  *ledger.Figures // nil: not known now
	trouble string
}

// keepFigures asks the servers until the context ends; book is nil where there is no ingest.
func (f *figures) keepFigures(ctx context.Context, client redis.UniversalClient, book *ledger.Ledger) {
	tick := time.NewTicker(askEvery)
	defer tick.Stop()
	for {
		f.ask(ctx, client, book)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// redisAway notes that Redis does not answer a process that waits for it to begin.
func (f *figures) redisAway() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.away = true
}

func (f *figures) ask(ctx context.Context, client redis.UniversalClient, book *ledger.Ledger) {
	ctx, cancel := context.WithTimeout(ctx, askPatience)
	defer cancel()
	reached := client.Ping(ctx).Err() == nil
	var all *ledger.Figures
	trouble := ""
	if book != nil {
		got, err := book.Figures(ctx)
		if all = &got; err != nil {
			all, trouble = nil, err.Error()
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if trouble != "" && f.trouble == "" && ctx.Err() == nil {
		f.app.log.Debug("the streams' figures cannot be had", "error", trouble)
	}
	f.asked, f.redis, f.ledger, f.trouble = true, reached, all, trouble
}

func describe(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(name, help, labels, nil)
}

var (
	redisUp = describe("kawat_redis_up", "1 when Redis answered when it was last asked, a few seconds ago at most.")

	natsUp       = describe("kawat_nats_up", "1 while ingest has a connection to a NATS server; missing before it first tries, once Redis answers.")
	figuresKnown = describe("kawat_jetstream_figures_known", "1 when JetStream told its figures when it was last asked; without them those of streams and storage are missing.")
	pending      = describe("kawat_wire_pending_messages", "Messages on WIRE that no ingest has taken yet.")
	unfinished   = describe("kawat_wire_unacknowledged_messages", "Messages of WIRE that some ingest has taken and not finished.")
	again        = describe("kawat_wire_redelivered_messages", "Those of them that were delivered more than once.")
	messages     = describe("kawat_stream_messages", "Messages on a stream.", "stream")
	bytes        = describe("kawat_stream_bytes", "What a stream takes on disk.", "stream")
	stored       = describe("kawat_jetstream_storage_used_bytes", "What all streams of the account take on disk.")
	most         = describe("kawat_jetstream_storage_limit_bytes", "What the account's streams may take on disk; missing where the account has no limit.")
	quarantine   = describe("kawat_quarantine_waiting", "Items on QUARANTINE that nobody has retried or discarded, by the code of the reason.", "code")

	halted       = describe("kawat_ingest_halted", "1 while nothing is recorded, because that could do harm; the log and /readyz say why.")
	lost         = describe("kawat_stories_lost", "1 while STORIES ends before the newest record that is in the cache: records of it were lost.")
	unread       = describe("kawat_wire_unreadable", "1 while WIRE cannot be read.")
	inHand       = describe("kawat_ingest_in_hand_seconds", "How long the oldest copy that this process has taken has waited for its outcome.")
	filled       = describe("kawat_cache_filled", "1 when the cache was filled to the end for this STORIES and these feeds when it was last looked at, and could be looked at.")
	lookAge      = describe("kawat_cache_look_age_seconds", "How long ago the cache was last looked at with success; missing before the first time.")
	behind       = describe("kawat_cache_behind_records", "Records of STORIES that were not in the cache when it was last looked at.")
	lackingFor   = describe("kawat_cache_behind_seconds", "How long the cache has lacked records without a newer one coming into it; 0 when it lacks none.")
	refilling    = describe("kawat_cache_refilling", "1 while this process fills the cache.")
	refillSoFar  = describe("kawat_cache_refill_records", "Records that are in the filling under way; 0 when there is none.")
	refillToTake = describe("kawat_cache_refill_target_records", "Records that the filling under way is to have; 0 when there is none.")
)

// Describe describes nothing: what there is depends on what runs in the process.
func (f *figures) Describe(chan<- *prometheus.Desc) {}

func (f *figures) Collect(c chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		c <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	is := func(b bool) float64 {
		if b {
			return 1
		}
		return 0
	}
	f.mu.Lock()
	asked, away, reached, all := f.asked, f.away, f.redis, f.ledger
	f.mu.Unlock()
	if asked || away {
		gauge(redisUp, is(reached))
	}
	if !f.app.options.Ingest {
		return
	}
	// It is not tried before Redis answers: nothing is known of it until then.
	if nc := f.app.nats.Load(); nc != nil {
		gauge(natsUp, is(nc.IsConnected()))
	}
	if asked {
		gauge(figuresKnown, is(all != nil))
	}
	if all != nil {
		gauge(pending, float64(all.Pending))
		gauge(unfinished, float64(all.Unacknowledged))
		gauge(again, float64(all.Redelivered))
		for _, s := range all.Streams {
			gauge(messages, float64(s.Messages), s.Name)
			gauge(bytes, float64(s.Bytes), s.Name)
		}
		gauge(stored, float64(all.Stored))
		if all.Most > 0 {
			gauge(most, float64(all.Most))
		}
		waiting := map[wire.Code]int{}
		for _, code := range wire.Codes {
			waiting[code] = 0
		}
		for code, n := range all.Waiting {
			if _, known := waiting[code]; !known {
				code = "other" // of another kawat
			}
			waiting[code] += n
		}
		for _, code := range slices.Sorted(maps.Keys(waiting)) {
			gauge(quarantine, float64(waiting[code]), string(code))
		}
	}
	if in := f.app.intake.Load(); in != nil {
		h := in.Health()
		gauge(halted, is(h.Halted != ""))
		gauge(lost, is(h.Lost))
		gauge(unread, is(h.Wire != ""))
		gauge(inHand, h.InHand.Seconds())
		gauge(filled, is(h.Unread == "" && h.Unfilled == "" && h.Looked))
		if h.Looked {
			gauge(lookAge, h.Unseen.Seconds())
		}
		gauge(behind, float64(h.Behind))
		gauge(lackingFor, h.BehindFor.Seconds())
		refill := h.Refill
		gauge(refilling, is(refill != nil))
		if refill == nil {
			refill = &ingest.Refill{}
		}
		gauge(refillSoFar, float64(refill.Records))
		gauge(refillToTake, float64(refill.Of))
	}
}

// noteLastCopy finds out when each configured provider last sent copy, so that silence is noticed across a restart.
func (a *App) noteLastCopy(ctx context.Context, book *ledger.Ledger, metrics *ingest.Metrics) {
	for _, p := range a.options.Config.Providers {
		for ctx.Err() == nil {
			asking, cancel := context.WithTimeout(ctx, askPatience)
			at, err := book.LastCopy(asking, p.Name)
			cancel()
			if err == nil {
				metrics.Seen(p.Name, at)
				break
			}
			a.log.Debug("when copy of a provider last came cannot be found out, trying again", "provider", p.Name, "error", err)
			pause(ctx, askEvery)
		}
	}
}
