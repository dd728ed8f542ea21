package app

import (
	"context"
	"log/slog"
	"time"

	"kawat/internal/config"
	"kawat/internal/traces"
)

// traceGoodbye is how long the collector is given to take the last spans.
const traceGoodbye = 2 * time.Second

// Traces makes what follows copy by the configuration, nil where that wants nothing followed, and a function that sends what is
// left, for at most two seconds.
func Traces(c *config.Traces, service string, log *slog.Logger) (*traces.Traces, func(), error) {
	if c == nil {
		return nil, func() {}, nil
	}
	t, err := traces.New(traces.Options{Endpoint: c.Endpoint, Sample: c.Sample, Service: service, Version: Version(), Log: log})
	if err != nil {
		return nil, nil, err
	}
	return t, func() {
		ctx, cancel := context.WithTimeout(context.Background(), traceGoodbye)
		defer cancel()
		if err := t.Stop(ctx); err != nil {
			log.Debug("the last spans were not sent", "error", err)
		}
	}, nil
}

// startTraces traces, where the configuration says so.
func (a *App) startTraces() error {
	service := "kawat"
	switch {
	case !a.options.Publish:
		service = "kawat-ingest"
	case !a.options.Ingest:
		service = "kawat-publish"
	}
	t, stop, err := Traces(a.options.Config.Traces, service, a.log)
	if err != nil {
		return err
	}
	a.traces = t
	a.closers = append(a.closers, stop)
	return nil
}
