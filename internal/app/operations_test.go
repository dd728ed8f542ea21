package app_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"kawat/internal/app"
	"kawat/internal/config"
	"kawat/internal/testkit"
)

// word is what /readyz answers.
type word struct {
	code    int
	text    string // without its line end
	Status  string `json:"status"`
	Reasons []struct {
		Part string `json:"part"`
		Text string `json:"text"`
	} `json:"reasons"`
}

// ask asks a path of an operations port twice, for text and for JSON.
func ask(address, path string) (word, error) {
	var w word
	for _, accept := range []string{"", "application/json"} {
		request, err := http.NewRequest(http.MethodGet, "http://"+address+path, nil)
		if err != nil {
			return w, err
		}
		request.Header.Set("Accept", accept)
		resp, err := http.DefaultClient.Do(request)
		if err != nil {
			return w, err
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil {
			return w, err
		}
		if accept == "" {
			w.code, w.text = resp.StatusCode, strings.TrimSuffix(string(body), "\n")
			continue
		}
		if kind := resp.Header.Get("Content-Type"); kind != "application/json" {
			return w, fmt.Errorf("asked for JSON, got %s", kind)
		}
		if err := json.Unmarshal(body, &w); err != nil {
			return w, fmt.Errorf("%s: %w", body, err)
		}
	}
	return w, nil
}

// says waits until /readyz answers with a code and a status, and gives each of the parts as a reason.
func says(t *testing.T, address string, code int, status string, parts ...string) {
	t.Helper()
	testkit.Eventually(t, 30*time.Second, func() error {
		w, err := ask(address, "/readyz")
		if err != nil {
			return err
		}
		var given []string
		for _, r := range w.Reasons {
			given = append(given, r.Part)
			if r.Text == "" {
				return fmt.Errorf("%s has no text", r.Part)
			}
		}
		missing := slices.ContainsFunc(parts, func(p string) bool { return !slices.Contains(given, p) })
		if w.code != code || w.Status != status || missing || !strings.HasPrefix(w.text, status) || status == "ready" && w.text != "ready" {
			return fmt.Errorf("%+v, want %d %s %v", w, code, status, parts)
		}
		return nil
	})
}

// TestReady: what ingest, publish and both in one process say of themselves while their servers come and go. Publish, which has
// feeds in memory, is never taken out for want of its servers.
func TestReady(t *testing.T) {
	ns, rs := testkit.StartNATS(t), testkit.StartRedis(t)
	start := func(ingest, publish bool) string {
		conf := config.Default()
		conf.NATS.URLs, conf.Redis.Addresses = []string{ns.URL}, []string{rs.Address}
		address := fmt.Sprintf("127.0.0.1:%d", testkit.FreePort(t))
		conf.Ingest.Operations, conf.Publish.Operations, conf.Publish.Listen = address, address, "127.0.0.1:0"
		a := app.New(app.Options{Config: conf, Ingest: ingest, Publish: publish, Log: testkit.Log(t)})
		t.Cleanup(a.Stop)
		if err := a.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		return address
	}
	publish := start(false, true)
	says(t, publish, http.StatusServiceUnavailable, "not ready", "feeds") // nobody has filled the cache
	ingest, both := start(true, false), start(true, true)
	all := []string{ingest, publish, both}
	ready := func() {
		t.Helper()
		for _, address := range all {
			says(t, address, http.StatusOK, "ready")
		}
	}
	ready()

	rs.Kill()
	says(t, ingest, http.StatusServiceUnavailable, "not ready", "cache")
	says(t, publish, http.StatusOK, "degraded", "feeds")
	says(t, both, http.StatusOK, "degraded", "feeds", "cache")
	rs.Restart()
	rs.WaitReady()
	ready()

	ns.Kill()
	says(t, ingest, http.StatusServiceUnavailable, "not ready", "nats")
	says(t, publish, http.StatusOK, "ready")
	says(t, both, http.StatusOK, "degraded", "nats")
	ns.Restart()
	ns.WaitReady()
	ready()

	for _, address := range all {
		if w, err := ask(address, "/healthz"); err != nil || w.code != http.StatusOK || w.text != "ok" || w.Status != "ok" {
			t.Errorf("%+v %v", w, err)
		}
	}
}
