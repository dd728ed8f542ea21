package ingest

import (
	"fmt"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"kawat/internal/ledger"
)

// TestProvidersAreBounded: whoever may push under many names makes no more than so many series, and hides no provider of the
// configuration.
func TestProvidersAreBounded(t *testing.T) {
	r := prometheus.NewRegistry()
	m := NewMetrics(r, "antara", "kyodo")
	for i := range 3 * mostProviders {
		m.arrived([]*item{{Delivery: &ledger.Delivery{Provider: fmt.Sprint("p", i), At: time.Now(), Attempts: 1}}})
	}
	m.arrived([]*item{
		{Delivery: &ledger.Delivery{Provider: "antara", At: time.Unix(200, 0), Attempts: 1}},
		{Delivery: &ledger.Delivery{Provider: "antara", At: time.Unix(100, 0), Attempts: 2}}, // delivered again
		{Delivery: &ledger.Delivery{Provider: "No Provider", Attempts: 1}},
		{Delivery: &ledger.Delivery{Provider: "kyodo", Order: true, Attempts: 1}},
	})
	families, err := r.Gather()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range families {
		got := map[string]float64{}
		for _, one := range f.Metric {
			for _, l := range one.Label {
				if l.GetName() == "provider" {
					got[l.GetValue()] = one.GetCounter().GetValue() + one.GetGauge().GetValue()
				}
			}
		}
		switch f.GetName() {
		case "kawat_ingest_copy_total":
			if len(got) != mostProviders+1 || got["antara"] != 2 || got["kyodo"] != 0 || got[otherProviders] != 2*mostProviders+2 {
				t.Errorf("%d series: antara %v, kyodo %v, others %v", len(got), got["antara"], got["kyodo"], got[otherProviders])
			}
		case "kawat_provider_last_copy_timestamp_seconds":
			if len(got) != mostProviders || got["antara"] != 200 || got[otherProviders] != 0 {
				t.Errorf("%d series: antara %v", len(got), got["antara"])
			}
		}
	}
}
