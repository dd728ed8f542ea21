package app

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"kawat/internal/ingest"
)

// operations answers for the process: /healthz says that it lives, /readyz whether it should be sent work, and /metrics counts
// what it did. /loglevel tells how much is logged, and changes it.
func (a *App) operations() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) { answer(w, r, health{Status: "ok"}) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) { answer(w, r, a.health()) })
	if a.options.Level != nil {
		mux.HandleFunc("GET /loglevel", a.tellLevel)
		mux.HandleFunc("PUT /loglevel", a.changeLevel)
	}
	mux.Handle("GET /metrics", promhttp.HandlerFor(a.metrics, promhttp.HandlerOpts{}))
	return mux
}

// health is what /readyz says.
type health struct {
	Status  string   `json:"status"`
	Reasons []reason `json:"reasons"`
}

// What a process may be. One that is degraded should be sent work all the same.
const (
	ready    = "ready"
	degraded = "degraded"
	notReady = "not ready"
)

// reason is one thing that is not well.
type reason struct {
	// Part is what it is about: feeds, nats, ingest or cache.
	Part   string         `json:"part"`
	Text   string         `json:"text"`
	Refill *ingest.Refill `json:"refill,omitzero"`
	// lesser says that work can be done all the same.
	lesser bool
}

// health says whether this process should be sent work, and what is not well.
//
// Where publish is in the process that is whether it can serve. Were it taken out when Redis or NATS is away, a load balancer
// would take out all of its replicas at once, and readers would get nothing where they could have the last good feeds.
func (a *App) health() health {
	var reasons []reason
	if a.keeper != nil {
		switch trouble := a.keeper.Trouble(); {
		case !a.keeper.Loaded():
			reasons = append(reasons, reason{Part: "feeds", Text: strings.TrimSuffix("they are not loaded yet: "+trouble, ": ")})
		case trouble != "":
			reasons = append(reasons, reason{Part: "feeds", Text: "they are served from memory; the cache cannot be read: " + trouble, lesser: true})
		}
	}
	if a.options.Ingest {
		reasons = append(reasons, a.ingestHealth()...)
	}
	h := health{Status: ready, Reasons: reasons}
	for _, r := range reasons {
		if a.keeper != nil && r.Part != "feeds" {
			r.lesser = true
		}
		if !r.lesser {
			h.Status = notReady
		} else if h.Status == ready {
			h.Status = degraded
		}
	}
	return h
}

// How long something may last before it is trouble. All are longer than what ingest needs to mend it by itself.
const (
	unseenFor = 30 * time.Second
	behindFor = 15 * time.Second
	inHandFor = 30 * time.Second
)

func (a *App) ingestHealth() []reason {
	var reasons []reason
	add := func(part, format string, args ...any) {
		reasons = append(reasons, reason{Part: part, Text: fmt.Sprintf(format, args...)})
	}
	if nc := a.nats.Load(); nc != nil && !nc.IsConnected() {
		add("nats", "the connection to the NATS server is lost")
	}
	in := a.intake.Load()
	if in == nil {
		add("ingest", "it waits for its servers")
		return reasons
	}
	h := in.Health()
	if h.Halted != "" {
		add("ingest", "copy cannot be recorded: %s", h.Halted)
	}
	if h.Wire != "" {
		add("ingest", "WIRE cannot be read: %s", h.Wire)
	}
	if h.InHand > inHandFor {
		add("ingest", "copy that was taken from WIRE has had no outcome for %s", h.InHand.Round(time.Second))
	}
	switch {
	case h.Refill != nil:
		reasons = append(reasons, reason{Part: "cache", Refill: h.Refill, lesser: h.Unfilled == "",
			Text: fmt.Sprintf("it is being filled anew from STORIES: %d of %d records", h.Refill.Records, h.Refill.Of)})
	case h.Unread != "" && h.Unread != h.Halted:
		add("cache", "it cannot be kept filled: %s", h.Unread)
	case h.Unfilled != "":
		add("cache", "it is to be filled anew: %s", h.Unfilled)
	case h.Unseen > unseenFor:
		add("cache", "it has not been looked at for %s", h.Unseen.Round(time.Second))
	case h.BehindFor > behindFor:
		add("cache", "%d records of STORIES are not in it, and have not been for %s", h.Behind, h.BehindFor.Round(time.Second))
	}
	return reasons
}

// answer writes health as JSON to whoever asks for that, else as a line of text: "ready", or a word and the reasons.
func answer(w http.ResponseWriter, r *http.Request, h health) {
	status := http.StatusOK
	if h.Status == notReady {
		status = http.StatusServiceUnavailable
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_ = json.MarshalWrite(w, h) // a reader that is gone
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	texts := make([]string, len(h.Reasons))
	for i, r := range h.Reasons {
		texts[i] = r.Part + ": " + r.Text
	}
	line := h.Status
	if len(texts) > 0 {
		line += ": " + strings.Join(texts, "; ")
	}
	fmt.Fprintln(w, strings.ReplaceAll(line, "\n", " "))
}
