// Package app wires kawat's rooms together and runs them: ingest, publish, or both in one process on embedded servers.
package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/redis/go-redis/v9"

	"kawat/internal/cache"
	"kawat/internal/config"
	"kawat/internal/embedded"
	"kawat/internal/feed"
	"kawat/internal/ingest"
	"kawat/internal/ledger"
	"kawat/internal/render"
	"kawat/internal/traces"
	"kawat/internal/web"
	"kawat/internal/wire"
	"kawat/internal/wire/decode"
)

// Options say which parts of kawat run in this process.
type Options struct {
	Config  *config.Config
	Ingest  bool
	Publish bool
	// Embedded runs a nats-server and a Redis in this process; nil: use the configured ones.
	Embedded *Embedded
	Log      *slog.Logger
	// Level is Log's, which operators may change; nil where they may not.
	Level *slog.LevelVar
}

// Embedded is where the embedded nats-server listens and keeps its streams.
type Embedded struct {
	NATS string // host:port
	Data string // folder
}

// App is the running parts. New, Start, Stop, in this order, from one goroutine.
type App struct {
	options Options
	log     *slog.Logger

	servers *embedded.Servers
	keeper  *feed.Keeper
	intake  atomic.Pointer[ingest.Ingest] // nil until it runs
	nats    atomic.Pointer[nats.Conn]     // ingest's; nil until it was made
	refused atomic.Pointer[error]         // why it could not connect when it last tried; nil: it always could
	metrics *prometheus.Registry
	traces  *traces.Traces // nil: nothing is traced
	address net.Addr

	// closers undo what Start did, last first.
	closers []func()
	failed  chan error
}

const (
	// grace is how long copy in hand is given to finish after a stop.
	grace = 10 * time.Second
	// goodbye is how long readers' requests are given to finish.
	goodbye = 5 * time.Second
)

// New makes an App; nothing runs yet.
func New(o Options) *App {
	return &App{options: o, log: o.Log, metrics: registry(), failed: make(chan error, 3)}
}

// Start starts everything. It returns when all of it runs: it waits for servers that are not there yet, and says so in the
// log. After an error, or when the context ends, call Stop.
func (a *App) Start(ctx context.Context) error {
	if a.options.Publish {
		if err := a.checkAddresses(); err != nil {
			return err
		}
	} else if address := a.options.Config.Ingest.Operations; address != "" {
		if _, err := a.serve("ingest.operations", address, a.operations()); err != nil {
			return err
		}
	}
	if err := a.startTraces(); err != nil {
		return err
	}
	if e := a.options.Embedded; e != nil {
		servers, err := embedded.Start(e.NATS, e.Data, a.log)
		if err != nil {
			return err
		}
		a.servers = servers
		a.closers = append(a.closers, servers.Stop)
	}
	client, err := a.redisClient()
	if err != nil {
		return err
	}
	a.closers = append(a.closers, func() { _ = client.Close() })
	store := cache.New(client, a.log)
	told := &figures{app: a}
	a.metrics.MustRegister(told)
	if a.options.Publish {
		if err := a.startPublish(store); err != nil {
			return err
		}
	}
	if err := a.waitForRedis(ctx, client, told); err != nil {
		return err
	}
	var book *ledger.Ledger
	if a.options.Ingest {
		if book, err = a.startIngest(ctx, store); err != nil {
			return err
		}
	}
	a.run(func(ctx context.Context) { told.keepFigures(ctx, client, book) })
	return nil
}

// Failed gives the error of a part that ended by itself, which none should.
func (a *App) Failed() <-chan error { return a.failed }

// Stop ends everything that Start started, last first: no new copy, copy in hand finished, readers answered, servers closed.
// It is bounded.
func (a *App) Stop() {
	for len(a.closers) > 0 {
		last := len(a.closers) - 1
		a.closers[last]()
		a.closers = a.closers[:last]
	}
}

// Address is where readers are served.
func (a *App) Address() net.Addr { return a.address }

// Feeds are the feeds as they are served now.
func (a *App) Feeds() *feed.Keeper { return a.keeper }

func (a *App) startIngest(ctx context.Context, store *cache.Cache) (*ledger.Ledger, error) {
	conf := a.options.Config
	router, err := feed.Compile(conf.Feeds)
	if err != nil {
		return nil, err
	}
	nc, err := a.natsConnection()
	if err != nil {
		return nil, err
	}
	a.nats.Store(nc)
	a.closers = append(a.closers, func() {
		if err := nc.FlushTimeout(time.Second); err != nil && nc.IsConnected() {
			a.log.Warn("flush NATS", "error", err)
		}
		nc.Close()
	})
	book, err := a.openLedger(ctx, nc)
	if err != nil {
		return nil, err
	}
	a.closers = append(a.closers, book.Close)
	book.Orphans = func(provider string) wire.Status { return a.profile(provider).Orphans }
	metrics := ingest.NewMetrics(a.metrics, a.providers()...)
	in := &ingest.Ingest{Ledger: book, Cache: store, Router: router, Profile: a.profile, Metrics: metrics, Traces: a.traces, Log: a.log,
		Suggest: conf.Translations.Candidates, LinkFrom: conf.Translations.LinkFrom}
	a.intake.Store(in)
	a.run(func(ctx context.Context) { in.Run(ctx, grace) })
	a.run(func(ctx context.Context) { book.AnswerRebuilds(ctx, in.Rebuild) })
	a.run(book.CountQuarantine)
	a.run(func(ctx context.Context) { a.noteLastCopy(ctx, book, metrics) })
	a.log.Info("ingest runs", "nats", nc.ConnectedUrlRedacted())
	return book, nil
}

// profile is what is known of a provider: what the configuration says, then what kawat knows by itself.
func (a *App) profile(provider string) *wire.Profile {
	return a.options.Config.Profile(provider, decode.Profile)
}

// providers are those of the configuration.
func (a *App) providers() []string {
	names := make([]string, len(a.options.Config.Providers))
	for i, p := range a.options.Config.Providers {
		names[i] = p.Name
	}
	return names
}

// run runs a part until Stop.
func (a *App) run(part func(context.Context)) {
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() { part(ctx) })
	a.closers = append(a.closers, func() { cancel(); done.Wait() })
}

// openLedger waits for the NATS server.
func (a *App) openLedger(ctx context.Context, nc *nats.Conn) (*ledger.Ledger, error) {
	replicas := a.options.Config.NATS.Replicas
	if a.servers != nil {
		replicas = 1 // there is one server
	}
	for said := (time.Time{}); ; {
		attempt, cancel := context.WithTimeout(ctx, 5*time.Second)
		l, err := ledger.Open(attempt, nc, replicas, a.log)
		cancel()
		if err == nil || ctx.Err() != nil {
			return l, err
		}
		if time.Since(said) > 10*time.Second {
			said = time.Now()
			if why := a.refused.Load(); why != nil && !nc.IsConnected() {
				err = *why
			}
			a.log.Warn("waiting for the NATS server", "url", a.NATSURL(), "error", err)
		}
		pause(ctx, 250*time.Millisecond)
	}
}

func (a *App) waitForRedis(ctx context.Context, client redis.UniversalClient, told *figures) error {
	for said := (time.Time{}); ; {
		err := client.Ping(ctx).Err()
		if err == nil || ctx.Err() != nil {
			return ctx.Err()
		}
		told.redisAway()
		if time.Since(said) > 10*time.Second {
			said = time.Now()
			a.log.Warn("waiting for Redis", "addresses", a.options.Config.Redis.Addresses, "error", err)
		}
		pause(ctx, 250*time.Millisecond)
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

func (a *App) startPublish(store *cache.Cache) error {
	conf := a.options.Config
	site := render.Site{Title: conf.Gateway.Title, BaseURL: conf.Gateway.BaseURL}
	renderer := render.New(site)
	a.keeper = feed.NewKeeper(store, renderer, time.Now, a.log)
	a.keeper.Metrics, a.keeper.Traces = feed.NewMetrics(a.metrics, a.keeper), a.traces
	a.run(a.keeper.Run)
	leaving, leave := context.WithCancel(context.Background())
	readers := web.New(web.Config{Site: site, Feeds: a.keeper, Stories: a.keeper,
		Archives: feed.NewArchives(store, renderer, time.Now),
		Follower: feed.NewFollower(store, a.keeper, time.Now), Batches: renderer, Goodbye: leaving, Now: time.Now, Log: a.log, Metrics: web.NewMetrics(a.metrics)})
	address, err := a.serve(a.listenFlag(), conf.Publish.Listen, readers)
	if err != nil {
		leave()
		return err
	}
	a.closers = append(a.closers, leave)
	a.address = address
	if conf.Publish.Operations != "" {
		if _, err := a.serve("publish.operations", conf.Publish.Operations, a.operations()); err != nil {
			return err
		}
	}
	a.log.Info("publish runs", "address", "http://"+address.String()+"/", "base_url", conf.Gateway.BaseURL)
	return nil
}

// listenFlag is where the readers' address was given: only the gateway in one process has a flag for it.
func (a *App) listenFlag() string {
	if a.options.Embedded != nil {
		return "--listen"
	}
	return "publish.listen"
}

// checkAddresses finds a port in use before anything starts.
func (a *App) checkAddresses() error {
	for _, l := range []struct{ flag, address string }{
		{a.listenFlag(), a.options.Config.Publish.Listen}, {"publish.operations", a.options.Config.Publish.Operations},
	} {
		if l.address == "" {
			continue
		}
		if err := embedded.CanListen(l.flag, l.address); err != nil {
			return err
		}
	}
	return nil
}

// serve serves a handler until Stop, which waits for requests under way.
func (a *App) serve(flag, address string, h http.Handler) (net.Addr, error) {
	listener, err := embedded.Listen(flag, address)
	if err != nil {
		return nil, err
	}
	server := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      60 * time.Second, // a slow reader of a large feed
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			a.failed <- fmt.Errorf("serve %s: %w", address, err)
		}
	}()
	a.closers = append(a.closers, func() {
		ctx, cancel := context.WithTimeout(context.Background(), goodbye)
		defer cancel()
		if err := server.Shutdown(ctx); err != nil {
			_ = server.Close()
		}
		<-done
	})
	return listener.Addr(), nil
}
