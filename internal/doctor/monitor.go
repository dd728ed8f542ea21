package doctor

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
)

// syncLine is what JetStream's configuration must say, for what it acknowledges to be on the disk.
const syncLine = "sync_interval: always in the jetstream section of each nats-server's configuration"

// monitors looks at what only a server's own monitoring says: how it syncs, and how full its disk is.
func (r *report) monitors(ctx context.Context, g Gateway) {
	switch {
	case g.Data != "":
		r.ok("nats.sync", "the nats-server inside kawat syncs every write")
		return
	case len(g.Monitors) == 0:
		r.unknown("nats.sync", "look for "+syncLine+"; or monitor the servers (http: 127.0.0.1:8222) and give each address with --nats-monitor",
			"whether JetStream syncs what it acknowledges: a client is not told")
		return
	}
	found := make([]report, len(g.Monitors))
	var servers sync.WaitGroup
	for i, address := range g.Monitors {
		servers.Go(func() { found[i].monitor(ctx, g, address) })
	}
	servers.Wait()
	for _, f := range found {
		*r = append(*r, f...)
	}
}

// varz is what is read of a nats-server's /varz.
type varz struct {
	Name      string    `json:"server_name"`
	Now       time.Time `json:"now"`
	JetStream struct {
		Config *struct {
			Always     bool   `json:"sync_always"`
			Interval   int64  `json:"sync_interval"` // nanoseconds
			MaxStorage uint64 `json:"max_storage"`
		} `json:"config"`
		Stats struct {
			Storage uint64 `json:"storage"`
		} `json:"stats"`
	} `json:"jetstream"`
}

func (r *report) monitor(ctx context.Context, g Gateway, address string) {
	const check = "nats.monitor"
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		r.unknown(check, "give it as http://127.0.0.1:8222", "this is no address of a monitoring port") // it may hold a login
		return
	}
	shown := u.Redacted()
	before := g.Now()
	status, _, body, err := r.get(ctx, check, before, strings.TrimRight(address, "/")+"/varz")
	var v varz
	if err == nil && status != http.StatusOK {
		err = fmt.Errorf("status %d", status)
	}
	if err == nil {
		err = json.Unmarshal(body, &v)
	}
	if err != nil {
		r.unknown("nats.sync", "look for "+syncLine+"; the port is opened with http: 127.0.0.1:8222",
			"whether JetStream syncs what it acknowledges: %s/varz: %s", shown, reason(err))
		return
	}
	after := g.Now()
	config := v.JetStream.Config
	switch {
	case config == nil:
		r.problem("nats.sync", "jetstream { sync_interval: always } in the server's configuration", "%s has no JetStream", v.Name)
		return
	case config.Always:
		r.ok("nats.sync", "%s syncs every write before it acknowledges it", v.Name)
	default:
		r.problem("nats.sync", syncLine+", then restart it", "%s syncs every %s: a power cut loses what it acknowledged since", v.Name, duration(time.Duration(config.Interval)))
	}
	if config.MaxStorage > 0 {
		r.full("nats.storage", "raise max_file_store, or give it a larger disk: desks get no acknowledgement when it is full", "JetStream's storage on "+v.Name,
			v.JetStream.Stats.Storage, config.MaxStorage)
	}
	if !v.Now.IsZero() {
		r.clock("nats.clock", v.Name, v.Now, before, after)
	}
	r.healthz(ctx, g, v.Name, address)
}

// healthz asks the server whether its JetStream is well: streams that could not be recovered from the disk, copies that lag.
func (r *report) healthz(ctx context.Context, g Gateway, name, address string) {
	status, _, body, err := r.get(ctx, "nats.monitor", g.Now(), strings.TrimRight(address, "/")+"/healthz")
	var answer struct {
		Status string `json:"status"`
		Error  string `json:"error"`
	}
	if err == nil {
		err = json.Unmarshal(body, &answer)
	}
	switch {
	case err != nil:
		r.unknown("nats.health", "look at the log of "+name, "whether %s is well: %s", name, reason(err))
	case status != http.StatusOK || answer.Status != "ok":
		r.problem("nats.health", "look at the log of "+name, "%s says that it is not well: %s %s", name, answer.Status, answer.Error)
	default:
		r.ok("nats.health", "%s says that it is well", name)
	}
}
