package feed

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"kawat/internal/traces"
)

// Metrics tells how fresh the feeds are, and what it takes. A nil one tells nothing.
type Metrics struct {
	freshness, late, reads, renders prometheus.Histogram
	unread, unrendered              prometheus.Counter
}

// NewMetrics registers the figures of a keeper, which it asks at each scrape for those of its feeds.
func NewMetrics(r prometheus.Registerer, k *Keeper) *Metrics {
	histogram := func(name, help string, buckets ...float64) prometheus.Histogram {
		return prometheus.NewHistogram(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets})
	}
	work := []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5}
	failures := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "kawat_feed_failures_total", Help: "Failures to read feeds from the cache (a round of them each), or to render one. What was there is served on.",
	}, []string{"stage"})
	m := &Metrics{
		freshness: histogram("kawat_feed_freshness_seconds",
			"From the NATS server's time of a record on STORIES to the moment when a feed shows it, for each feed that does. It depends on both clocks.",
			.01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300),
		late: histogram("kawat_feed_embargo_late_seconds",
			"From the end of an embargo to the moment when a feed shows the story, for each feed that does.",
			.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300),
		reads:   histogram("kawat_feed_read_duration_seconds", "How long a round of feeds took to be read from the cache.", work...),
		renders: histogram("kawat_feed_render_duration_seconds", "How long it took to make a snapshot of a feed. Its bytes are made when somebody asks.", work...),
		unread:  failures.WithLabelValues("read"), unrendered: failures.WithLabelValues("render"),
	}
	r.MustRegister(m.freshness, m.late, m.reads, m.renders, failures, keeperFigures{k})
	return m
}

// wasRead notes that a round of feeds was read, or was not.
func (m *Metrics) wasRead(began time.Time, err error) {
	switch {
	case m == nil:
	case err != nil:
		m.unread.Inc()
	default:
		m.reads.Observe(time.Since(began).Seconds())
	}
}

// wasRendered notes that a snapshot was made, or was not.
func (m *Metrics) wasRendered(began time.Time, err error) {
	switch {
	case m == nil:
	case err != nil:
		m.unrendered.Inc()
	default:
		m.renders.Observe(time.Since(began).Seconds())
	}
}

// showed notes what a feed's readers see now that they did not see before: what came into it when it was loaded first is none of that.
func (m *Metrics) showed(before *Snapshot, view *View, now time.Time) {
	if m == nil {
		return
	}
	for _, e := range fresh(before, view) {
		late := max(now.Sub(e.Release()), 0).Seconds()
		if e.Release().After(e.Recorded) {
			m.late.Observe(late)
		} else {
			m.freshness.Observe(late)
		}
	}
}

// fresh are the entries of a view that were released after all that its readers had seen.
func fresh(before *Snapshot, view *View) []*Entry {
	if before == nil || before.View.Def != view.Def {
		return nil
	}
	for i, e := range view.Entries {
		if !e.Release().After(before.View.Updated) {
			return view.Entries[:i]
		}
	}
	return view.Entries
}

// trace notes in the traces of copy that a feed shows it now.
func (k *Keeper) trace(before *Snapshot, view *View, began time.Time) {
	if k.Traces == nil {
		return
	}
	for _, e := range fresh(before, view) {
		if e.Received.Trace == "" { // it came to the cache by a refill, or from who traces nothing
			continue
		}
		span := k.Traces.Begin(e.Received.Trace, "refresh feed", traces.Internal, began)
		span.Say("kawat.feed", view.Def.Name)
		span.Say("kawat.provider", e.Provider)
		span.Say("kawat.story.id", e.ID)
		span.Count("kawat.stories.sequence", int64(e.Sequence))
		span.End(time.Now())
	}
}

// keeperFigures are what is asked for at a scrape.
type keeperFigures struct{ k *Keeper }

// LabelledFeeds is how many feeds have figures of their own: the first by name. There may be thousands of feeds, and the names of
// the default ones come from the copy.
const LabelledFeeds = 200

var (
	feedsDesc   = prometheus.NewDesc("kawat_feeds", "Feeds that are served.", nil, nil)
	loadedDesc  = prometheus.NewDesc("kawat_feeds_loaded", "1 when every feed was loaded once, so that readers are answered.", nil, nil)
	memoryDesc  = prometheus.NewDesc("kawat_feeds_from_memory", "1 while the cache cannot be read and the feeds are served as they were last.", nil, nil)
	newestDesc  = prometheus.NewDesc("kawat_feed_newest_timestamp_seconds", "When the newest entry of a feed was released; for the first feeds by name only.", []string{"feed"}, nil)
	storiesDesc = prometheus.NewDesc("kawat_feed_stories", "Entries that a feed shows; for the first feeds by name only.", []string{"feed"}, nil)
)

func (keeperFigures) Describe(c chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{feedsDesc, loadedDesc, memoryDesc, newestDesc, storiesDesc} {
		c <- d
	}
}

func (f keeperFigures) Collect(c chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		c <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	is := func(b bool) float64 {
		if b {
			return 1
		}
		return 0
	}
	all := f.k.Snapshots()
	gauge(feedsDesc, float64(len(all)))
	gauge(loadedDesc, is(f.k.Loaded()))
	gauge(memoryDesc, is(f.k.Trouble() != "" && f.k.Loaded()))
	for _, s := range all[:min(len(all), LabelledFeeds)] {
		name := s.View.Def.Name
		gauge(storiesDesc, float64(len(s.View.Entries)), name)
		if len(s.View.Entries) > 0 {
			gauge(newestDesc, float64(s.View.Entries[0].Release().UnixMilli())/1e3, name)
		}
	}
}
