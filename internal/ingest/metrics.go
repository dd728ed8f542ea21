package ingest

import (
	"github.com/prometheus/client_golang/prometheus"

	"kawat/internal/ledger"
	"kawat/internal/wire"
)

// Metrics counts what becomes of messages. Its labels have few values each, all of them the program's own.
type Metrics struct {
	stories     *prometheus.CounterVec // by verdict; a conflict is two texts under one version
	orders      *prometheus.CounterVec // by action
	followed    prometheus.Counter
	quarantined *prometheus.CounterVec // by code
}

// NewMetrics registers the counters, at zero.
func NewMetrics(r prometheus.Registerer) *Metrics {
	m := &Metrics{
		stories: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "kawat_ingest_stories_total",
			Help: "Stories that came in, by what became of them: newer, conflict (other text under the version that stood), duplicate or stale.",
		}, []string{"verdict"}),
		orders: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "kawat_ingest_orders_total", Help: "Orders of desks that were carried out, by what they order.",
		}, []string{"action"}),
		followed: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "kawat_ingest_followed_total", Help: "Records that were changed by what became of another story of the family.",
		}),
		quarantined: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "kawat_ingest_quarantined_total", Help: "Items that could not be read or carried out, by the code of the reason.",
		}, []string{"code"}),
	}
	for _, v := range []wire.Verdict{wire.Newer, wire.Conflict, wire.Duplicate, wire.Stale} {
		m.stories.WithLabelValues(v.String())
	}
	for _, a := range wire.Actions {
		m.orders.WithLabelValues(string(a))
	}
	r.MustRegister(m.stories, m.orders, m.followed, m.quarantined)
	return m
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
