package app

import (
	"fmt"
	"net/http"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// operations answers for the process: /healthz says that it lives, /readyz whether it should be sent work, and /metrics counts
// what it did.
func (a *App) operations() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", a.ready)
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.metrics, promhttp.HandlerOpts{}))
	return mux
}

// ready says whether this process should be sent work. publish should be sent readers without its cache too: it serves the last
// good feeds, and says so.
func (a *App) ready(w http.ResponseWriter, _ *http.Request) {
	if a.keeper != nil {
		if trouble := a.keeper.Trouble(); !a.keeper.Loaded() {
			http.Error(w, "not ready: the feeds are not loaded yet "+trouble, http.StatusServiceUnavailable)
			return
		} else if trouble != "" {
			fmt.Fprintln(w, "ready, but the feeds are served from memory; the cache cannot be read:", trouble)
			return
		}
	}
	if in := a.intake.Load(); in != nil {
		if trouble := in.Trouble(); trouble != "" {
			http.Error(w, "not ready: copy cannot be recorded: "+trouble, http.StatusServiceUnavailable)
			return
		}
	} else if a.options.Ingest {
		http.Error(w, "not ready: ingest waits for its servers", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ready")
}
