package ingest

import (
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"kawat/internal/ledger"
	"kawat/internal/wire"
)

// Metrics counts what becomes of messages, and how long it takes. Its labels have few values each: the program's own, or providers,
// of which it tells mostProviders apart. A nil one counts nothing.
type Metrics struct {
	messages    *prometheus.CounterVec // by outcome
	redelivered prometheus.Counter
	stories     *prometheus.CounterVec // by verdict; a conflict is two texts under one version
	orders      *prometheus.CounterVec // by action
	followed    prometheus.Counter
	quarantined *prometheus.CounterVec // by code
	retries     *prometheus.CounterVec // by stage
	refills     *prometheus.CounterVec // by outcome
	stages      map[string]prometheus.Observer
	whole       prometheus.Histogram
	copies      *prometheus.CounterVec // by provider
	last        *prometheus.GaugeVec   // by provider

	mu        sync.Mutex
	providers map[string]*arrivals
}

// arrivals is what is known of a provider's copy.
type arrivals struct {
	copies prometheus.Counter
	gauge  prometheus.Gauge
	last   time.Time
}

// Stages of copy's way that can take long, or fail and be tried again.
const (
	stageDecode     = "decode"
	stageQuarantine = "quarantine"
	stageRecord     = "record"
	stageCache      = "cache"
)

// mostProviders is how many providers are told apart; all others are counted together, as otherProviders, which can be no provider's
// name.
const (
	mostProviders  = 200
	otherProviders = "(other)"
)

// NewMetrics registers the counters, at zero. providers are those that are told apart in any case; others are as they come.
func NewMetrics(r prometheus.Registerer, providers ...string) *Metrics {
	counters := func(name, help, label string, values ...string) *prometheus.CounterVec {
		v := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, []string{label})
		for _, value := range values {
			v.WithLabelValues(value)
		}
		r.MustRegister(v)
		return v
	}
	counter := func(name, help string) prometheus.Counter {
		c := prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
		r.MustRegister(c)
		return c
	}
	stages := []string{stageDecode, stageRecord, stageCache} // most batches have nothing to quarantine
	m := &Metrics{
		messages: counters("kawat_ingest_messages_total",
			"Messages of WIRE that were finished: recorded, refused whole, or put off (an order about a story that is not there yet).",
			"outcome", "recorded", "refused", "later"),
		redelivered: counter("kawat_ingest_redeliveries_total", "Messages that were delivered to this process although they had been delivered before."),
		stories: counters("kawat_ingest_stories_total",
			"Stories that came in, by what became of them: newer, conflict (other text under the version that stood), duplicate or stale.", "verdict"),
		orders:   counters("kawat_ingest_orders_total", "Orders of desks that were carried out, by what they order.", "action"),
		followed: counter("kawat_ingest_followed_total", "Records that were changed by what became of another story of the family."),
		quarantined: counters("kawat_ingest_quarantined_total",
			"Items that could not be read or carried out, by the code of the reason.", "code"),
		retries: counters("kawat_ingest_retries_total",
			"Attempts at a stage that failed and were made again, by stage.", "stage", stageQuarantine, stageRecord, stageCache),
		refills: counters("kawat_cache_refills_total",
			"Fillings of the cache that this process ended, by how they ended.", "outcome", "done", "failed"),
		copies: counters("kawat_ingest_copy_total",
			"Messages of WIRE that came to this process, redeliveries too, by provider.", "provider"),
		stages: map[string]prometheus.Observer{}, providers: map[string]*arrivals{},
		whole: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name:    "kawat_ingest_copy_duration_seconds",
			Help:    "From the NATS server's time of a message on WIRE to its acknowledgement, when it is in the cache. It depends on both clocks.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300},
		}),
		last: prometheus.NewGaugeVec(prometheus.GaugeOpts{
			Name: "kawat_provider_last_copy_timestamp_seconds",
			Help: "When copy of the provider last came to WIRE, as far as this process knows: take the greatest of all replicas. Of configured providers also what came before the start.",
		}, []string{"provider"}),
	}
	durations := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "kawat_ingest_stage_duration_seconds",
		Help:    "How long a stage took until it worked: decode for each message, the others for each batch of up to 64.",
		Buckets: []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
	}, []string{"stage"})
	for _, stage := range stages {
		m.stages[stage] = durations.WithLabelValues(stage)
	}
	for _, v := range []wire.Verdict{wire.Newer, wire.Conflict, wire.Duplicate, wire.Stale} {
		m.stories.WithLabelValues(v.String())
	}
	for _, a := range wire.Actions {
		m.orders.WithLabelValues(string(a))
	}
	for _, c := range wire.Codes {
		m.quarantined.WithLabelValues(string(c))
	}
	r.MustRegister(durations, m.whole, m.last)
	for _, p := range providers {
		m.Seen(p, time.Time{})
	}
	return m
}

// Seen notes when copy of a provider was last on WIRE; the zero time: never.
func (m *Metrics) Seen(provider string, at time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.arrivals(provider).seen(at)
}

// arrivals gives a provider's, or those of all others. m.mu is held.
func (m *Metrics) arrivals(provider string) *arrivals {
	a := m.providers[provider]
	if a == nil && len(m.providers) >= mostProviders {
		provider = otherProviders
		a = m.providers[provider]
	}
	if a == nil {
		a = &arrivals{copies: m.copies.WithLabelValues(provider)}
		if provider != otherProviders { // one silent provider among them could not be told
			a.gauge = m.last.WithLabelValues(provider)
		}
		m.providers[provider] = a
	}
	return a
}

func (a *arrivals) seen(at time.Time) {
	if at.After(a.last) && a.gauge != nil {
		a.last = at
		a.gauge.Set(float64(at.UnixMilli()) / 1e3)
	}
}

// arrived counts a batch that was taken from WIRE.
func (m *Metrics) arrived(batch []*item) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, it := range batch {
		if it.Attempts > 1 {
			m.redelivered.Inc()
		}
		if it.Order || !wire.ValidProvider(it.Provider) {
			continue
		}
		a := m.arrivals(it.Provider)
		a.copies.Inc()
		a.seen(it.At)
	}
}

// took notes how long a stage took.
func (m *Metrics) took(stage string, d time.Duration) {
	if m == nil || m.stages[stage] == nil {
		return
	}
	m.stages[stage].Observe(d.Seconds())
}

func (m *Metrics) tryAgain(stage string) {
	if m != nil {
		m.retries.WithLabelValues(stage).Inc()
	}
}

// finished counts a message that has its outcome.
func (m *Metrics) finished(outcome string, age time.Duration) {
	if m == nil {
		return
	}
	m.messages.WithLabelValues(outcome).Inc()
	if outcome != "later" {
		m.whole.Observe(max(age, 0).Seconds())
	}
}

func (m *Metrics) refilled(err error) {
	if m == nil {
		return
	}
	outcome := "done"
	if err != nil {
		outcome = "failed"
	}
	m.refills.WithLabelValues(outcome).Inc()
}

// outcome counts what became of a story, or of an order where action is set.
func (m *Metrics) outcome(action wire.Action, o ledger.Outcome) {
	if m == nil {
		return
	}
	if action != "" {
		m.orders.WithLabelValues(string(action)).Inc()
	} else {
		m.stories.WithLabelValues(o.Verdict.String()).Inc()
	}
	m.followed.Add(float64(len(o.Family)))
}

func (m *Metrics) refused(r *wire.Refusal) {
	if m != nil {
		m.quarantined.WithLabelValues(string(r.Code)).Inc()
	}
}
