// Package prometheus_test tries the alerts and the dashboard by Prometheus' own tool.
package prometheus_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"

	"kawat/internal/testkit"
)

const rulesFile = "kawat.rules.yaml"

type rule struct {
	Alert       string
	Annotations map[string]string
	Labels      map[string]string
}

func rules(t *testing.T) []rule {
	t.Helper()
	var file struct {
		Groups []struct{ Rules []rule }
	}
	if err := yaml.Unmarshal([]byte(read(t, rulesFile)), &file); err != nil {
		t.Fatal(err)
	}
	var all []rule
	for _, g := range file.Groups {
		all = append(all, g.Rules...)
	}
	return all
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func promtool(t *testing.T, args ...string) {
	t.Helper()
	if out, err := exec.Command("promtool", args...).CombinedOutput(); err != nil {
		t.Errorf("promtool %s: %v\n%s", strings.Join(args, " "), err, out)
	}
}

func TestRules(t *testing.T) {
	promtool(t, "check", "rules", rulesFile)
	runbook := strings.ToLower(read(t, filepath.Join(testkit.Root(t), "docs", "operations.md")))
	for _, r := range rules(t) {
		anchor, ok := strings.CutPrefix(r.Annotations["runbook"], "docs/operations.md#")
		if !ok || !strings.Contains(runbook, "\n### "+strings.ReplaceAll(anchor, "-", " ")+"\n") {
			t.Errorf("%s: no runbook at %q", r.Alert, r.Annotations["runbook"])
		}
		if r.Annotations["summary"] == "" || r.Annotations["description"] == "" || r.Labels["severity"] == "" {
			t.Errorf("%s lacks a summary, a description or a severity", r.Alert)
		}
	}
}

// both are the jobs as they are when all is well.
const both = `up{job="kawat-ingest",instance="a"} 1; up{job="kawat-ingest",instance="b"} 1; up{job="kawat-publish",instance="a"} 1`

// alerts are for each the series, one value a minute for twenty minutes, with which it fires, and with which it does not although it
// might, in one case or several: a constant, or a first value and what is added each minute.
var alerts = map[string]struct{ fires, quiet string }{
	"KawatIngestDown":       {`up{job="kawat-ingest",instance="a"} 0; up{job="kawat-publish",instance="a"} 1`, `up{job="kawat-ingest",instance="a"} 0; up{job="kawat-ingest",instance="b"} 1`},
	"KawatPublishDown":      {`up{job="kawat-ingest",instance="a"} 1`, both},
	"KawatReplicaDown":      {`up{job="kawat-ingest",instance="a"} 0; up{job="kawat-ingest",instance="b"} 1`, both},
	"KawatNATSUnreachable":  {`kawat_nats_up{instance="a"} 0`, `kawat_nats_up{instance="a"} 0; kawat_nats_up{instance="b"} 1`},
	"KawatRedisUnreachable": {`kawat_redis_up{job="kawat-publish"} 0; kawat_redis_up{job="kawat-ingest"} 1`, `kawat_redis_up{job="kawat-ingest",instance="a"} 0; kawat_redis_up{job="kawat-ingest",instance="b"} 1`},
	"KawatStoriesLost":      {`kawat_stories_lost 1`, `kawat_stories_lost 0`},
	"KawatHalted":           {`kawat_ingest_halted 1; kawat_stories_lost 0`, `kawat_ingest_halted 1; kawat_stories_lost 1`},
	"KawatCopyWaits":        {`kawat_wire_pending_messages 900; kawat_wire_unacknowledged_messages 200`, `kawat_wire_pending_messages 500; kawat_wire_unacknowledged_messages 200`},
	"KawatCopyStuck":        {`kawat_ingest_in_hand_seconds 90; kawat_wire_unreadable 0`, `kawat_ingest_in_hand_seconds 5; kawat_wire_unreadable 0`},
	"KawatRedeliveries":     {`kawat_ingest_redeliveries_total 0+120`, `kawat_ingest_redeliveries_total 0+6`},
	"KawatRetries":          {`kawat_ingest_retries_total{stage="cache"} 0+60`, `kawat_ingest_retries_total{stage="cache"} 0+1`},
	"KawatQuarantineGrows":  {`kawat_quarantine_waiting{code="no-text"} 0+5; kawat_quarantine_waiting{code="no-identity"} 3`, `kawat_quarantine_waiting{code="no-text"} 100+1`},
	"KawatParserFault":      {`kawat_quarantine_waiting{code="parser-fault"} 1`, `kawat_quarantine_waiting{code="parser-fault"} 0; kawat_quarantine_waiting{code="no-text"} 9`},
	"KawatCacheNotFilled":   {`kawat_cache_filled 0; kawat_cache_refilling 0; kawat_nats_up 1`, `kawat_cache_filled 0; kawat_cache_refilling{instance="b"} 1; kawat_nats_up 1 | kawat_cache_filled 0; kawat_cache_refilling 0; kawat_nats_up 0`},
	"KawatCacheBehind":      {`kawat_cache_behind_seconds 0+60`, `kawat_cache_behind_seconds{instance="a"} 40; kawat_cache_behind_seconds{instance="b"} 0`},
	"KawatFeedsFromMemory":  {`kawat_feeds_from_memory 1`, `kawat_feeds_from_memory{instance="a"} 1; kawat_feeds_from_memory{instance="b"} 0`},
	"KawatFeedsLate":        {`kawat_feed_freshness_seconds_bucket{le="10"} 0+50; kawat_feed_freshness_seconds_bucket{le="30"} 0+100; kawat_feed_freshness_seconds_bucket{le="+Inf"} 0+100`, `kawat_feed_freshness_seconds_bucket{le="1"} 0+100; kawat_feed_freshness_seconds_bucket{le="+Inf"} 0+100`},
	"KawatEmbargoLate":      {`kawat_feed_embargo_late_seconds_count 0+2; kawat_feed_embargo_late_seconds_bucket{le="2.5"} 0+1`, `kawat_feed_embargo_late_seconds_count 0+2; kawat_feed_embargo_late_seconds_bucket{le="2.5"} 0+2`},
	"KawatFeedFailures":     {`kawat_feed_failures_total{stage="read"} 0+60`, `kawat_feed_failures_total{stage="read"} 7`},
	"KawatErrors":           {`kawat_http_requests_total{status="503"} 0+60; kawat_http_requests_total{status="200"} 0+600`, `kawat_http_requests_total{status="503"} 0+1; kawat_http_requests_total{status="200"} 0+6000`},
	"KawatProviderSilent":   {`kawat_provider_last_copy_timestamp_seconds{provider="kyodo"} -30000`, `kawat_provider_last_copy_timestamp_seconds{provider="kyodo",instance="a"} -30000; kawat_provider_last_copy_timestamp_seconds{provider="kyodo",instance="b"} 0`},
	"KawatStorageFull":      {`kawat_jetstream_storage_used_bytes 90; kawat_jetstream_storage_limit_bytes 100`, `kawat_jetstream_storage_used_bytes 80; kawat_jetstream_storage_limit_bytes 100`},
	"KawatFiguresMissing":   {`kawat_jetstream_figures_known 0`, `kawat_jetstream_figures_known{instance="a"} 0; kawat_jetstream_figures_known{instance="b"} 1`},
}

// TestAlerts: each alert fires when it should, and does not when something of the kind is well.
func TestAlerts(t *testing.T) {
	path, err := filepath.Abs(rulesFile)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, r := range rules(t) {
		all = append(all, r.Alert)
	}
	if tried := slices.Sorted(maps.Keys(alerts)); !slices.Equal(tried, slices.Sorted(slices.Values(all))) {
		t.Errorf("tried are %v\nof %v", tried, all)
	}
	var file strings.Builder
	fmt.Fprintf(&file, "rule_files: [%s]\nevaluation_interval: 1m\ntests:\n", path)
	for _, name := range slices.Sorted(maps.Keys(alerts)) {
		for i, series := range append([]string{alerts[name].fires}, strings.Split(alerts[name].quiet, " | ")...) {
			firing := map[bool]string{true: "1", false: "0"}[i == 0]
			fmt.Fprintf(&file, "  - name: %s %s\n    interval: 1m\n    input_series:\n", name, firing)
			for one := range strings.SplitSeq(series, "; ") {
				cut := strings.LastIndexByte(one, ' ')
				metric, values := one[:cut], one[cut+1:]
				if !strings.Contains(values, "+") {
					values += "+0"
				}
				fmt.Fprintf(&file, "      - {series: '%s', values: '%sx20'}\n", metric, values)
			}
			fmt.Fprintf(&file, "    promql_expr_test:\n      - expr: count(ALERTS{alertname=%q,alertstate=\"firing\"} == 1) or vector(0)\n        eval_time: 20m\n        exp_samples: [{labels: '{}', value: %s}]\n", name, firing)
		}
	}
	tests := filepath.Join(t.TempDir(), "alerts.yaml")
	if err := os.WriteFile(tests, []byte(file.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	promtool(t, "test", "rules", tests)
}

// metric finds the gateway's metrics in expressions.
var metric = regexp.MustCompile(`\bkawat_[a-z0-9_]+`)

// TestMetricsExist: what the rules and the dashboard ask for is in docs/metrics.md, which a test of package app holds against a
// scrape.
func TestMetricsExist(t *testing.T) {
	known := read(t, filepath.Join(testkit.Root(t), "docs", "metrics.md"))
	for _, file := range []string{rulesFile, "../grafana/kawat.json"} {
		for _, name := range metric.FindAllString(read(t, file), -1) {
			base := name
			for _, part := range []string{"_bucket", "_count", "_sum"} {
				base = strings.TrimSuffix(base, part)
			}
			if !strings.Contains(known, "| `"+base+"` | ") {
				t.Errorf("%s: there is no %s", file, name)
			}
		}
	}
}

// TestDashboard: the dashboard is as Grafana imports it; each panel says what it shows, in which unit, and where it lies on the
// grid, and its expressions are PromQL.
func TestDashboard(t *testing.T) {
	type panel struct {
		ID          int    `json:"id"`
		Title       string `json:"title"`
		Type        string `json:"type"`
		Description string `json:"description"`
		GridPos     struct{ H, W, X, Y int }
		FieldConfig struct{ Defaults struct{ Unit string } }
		Datasource  struct{ UID string }
		Targets     []struct{ Expr, LegendFormat, RefID string }
	}
	var board struct {
		Title, UID    string
		SchemaVersion int
		Time          struct{ From, To string }
		Templating    struct {
			List []struct{ Name, Type, Query string }
		}
		Panels []panel
	}
	if err := json.Unmarshal([]byte(read(t, "../grafana/kawat.json")), &board); err != nil {
		t.Fatal(err)
	}
	if board.Title == "" || board.UID == "" || board.SchemaVersion < 36 || board.Time.From == "" || len(board.Templating.List) == 0 || board.Templating.List[0].Type != "datasource" {
		t.Errorf("%+v", board)
	}
	ids, taken := map[int]bool{}, map[[2]int]string{}
	var expressions strings.Builder
	expressions.WriteString("groups:\n  - name: panels\n    rules:\n")
	rows := 0
	for _, p := range board.Panels {
		if ids[p.ID] || p.ID == 0 || p.Title == "" {
			t.Errorf("panel %d %q", p.ID, p.Title)
		}
		ids[p.ID] = true
		for y := p.GridPos.Y; y < p.GridPos.Y+p.GridPos.H; y++ {
			for x := p.GridPos.X; x < p.GridPos.X+p.GridPos.W; x++ {
				if taken[[2]int{x, y}] != "" || x >= 24 {
					t.Fatalf("%q lies on %q, or beside the grid", p.Title, taken[[2]int{x, y}])
				}
				taken[[2]int{x, y}] = p.Title
			}
		}
		if p.Type == "row" {
			rows++
			continue
		}
		if !slices.Contains([]string{"timeseries", "stat", "table", "bargauge"}, p.Type) || p.Description == "" || p.FieldConfig.Defaults.Unit == "" || p.Datasource.UID != "${datasource}" || len(p.Targets) == 0 {
			t.Errorf("%q lacks something: %+v", p.Title, p)
		}
		for i, target := range p.Targets {
			if target.Expr == "" || target.RefID != string(rune('A'+i)) {
				t.Errorf("%q: target %d: %+v", p.Title, i, target)
			}
			fmt.Fprintf(&expressions, "      - {record: 'panel:%d_%d', expr: %q}\n", p.ID, i, strings.ReplaceAll(target.Expr, "$__rate_interval", "5m"))
		}
	}
	if rows < 5 {
		t.Errorf("%d rows", rows)
	}
	file := filepath.Join(t.TempDir(), "panels.yaml")
	if err := os.WriteFile(file, []byte(expressions.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	promtool(t, "check", "rules", file)
}
