package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"text/tabwriter"
	"time"

	"kawat/internal/app"
	"kawat/internal/config"
	"kawat/internal/feed"
	"kawat/internal/ledger"
	"kawat/samples"
)

type runCommand struct {
	Config   string `type:"path" env:"KAWAT_CONFIG" placeholder:"FILE" help:"Configuration file; without one there are defaults: a feed of everything, one per language, one per agency."`
	Listen   string `env:"KAWAT_LISTEN" placeholder:"ADDRESS" help:"Address for readers (default: the configuration's, else 127.0.0.1:8080)."`
	NATS     string `name:"nats" env:"KAWAT_NATS" default:"127.0.0.1:4222" placeholder:"ADDRESS" help:"Address for desks: where the NATS server in this process listens (default: ${default})."`
	Data     string `env:"KAWAT_DATA" default:"kawat-data" type:"path" placeholder:"FOLDER" help:"Folder for the streams: all that the gateway must not lose (default: ${default})."`
	Samples  bool   `env:"KAWAT_SAMPLES" help:"Push the sample stories when it runs."`
	LogLevel string `env:"KAWAT_LOG_LEVEL" default:"info" enum:"debug,info,warn,error" placeholder:"LEVEL" help:"How much to log: debug, info, warn or error (default: ${default})."`
	LogJSON  bool   `name:"log-json" env:"KAWAT_LOG_JSON" help:"Log as JSON."`
}

func (c *runCommand) Help() string {
	return `Runs until it is stopped with Ctrl-C. All that was pushed is in the folder given by --data, and is served again at the next
start. Feeds, providers and the gateway's name come from a configuration file; check it with: kawat check FILE.

  kawat --samples
  kawat --config kawat.yaml --data /var/lib/kawat --listen :8080`
}

func (c *runCommand) Run(s *streams) error {
	ctx, stop := untilStopped()
	defer stop()
	log, level, err := app.Log(s.err, c.LogLevel, c.LogJSON)
	if err != nil {
		return err
	}
	defer app.ToggleDebug(log, level)()
	conf, err := loadConfig(c.Config)
	if err != nil {
		return err
	}
	if c.Listen != "" {
		conf.Publish.Listen = c.Listen
	}
	if c.Config == "" {
		// One process on this host: readers reach it where it listens, and it needs no second port for operators.
		conf.Gateway.BaseURL, conf.Publish.Operations = "http://"+reachable(conf.Publish.Listen), ""
	}
	gateway := app.New(app.Options{
		Config: conf, Ingest: true, Publish: true, Log: log, Level: level,
		Embedded: &app.Embedded{NATS: c.NATS, Data: c.Data},
	})
	defer gateway.Stop()
	if err := gateway.Start(ctx); err != nil {
		return err
	}
	if err := loaded(ctx, gateway.Feeds()); err != nil {
		return err
	}
	if c.Samples {
		if err := pushSamples(ctx, gateway, s.out); err != nil {
			return fmt.Errorf("push the samples: %w", err)
		}
	}
	c.show(s.out, gateway, conf)
	select {
	case <-ctx.Done():
		log.Info("stopping: finishing what is in hand")
		return nil
	case err := <-gateway.Failed():
		return err
	}
}

// reachable is the address under which this host reaches a server that listens on an address.
func reachable(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return net.JoinHostPort(host, port)
}

// loaded waits until the feeds are served.
func loaded(ctx context.Context, feeds *feed.Keeper) error {
	for !feeds.Loaded() {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
	return nil
}

// pushSamples pushes the samples as a desk would, over the network, and waits until they are in the feeds.
func pushSamples(ctx context.Context, gateway *app.App, out io.Writer) error {
	pusher, closeNATS, err := (&natsFlags{NATS: gateway.NATSURL()}).pusher()
	if err != nil {
		return err
	}
	defer closeNATS()
	fmt.Fprintln(out, "Pushing the sample stories:")
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, sample := range samples.All() {
		done, err := pusher.Push(ctx, ledger.Push{Provider: sample.Provider, Data: sample.Data, Header: sample.Header})
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "  %s\t%s\t#%d\t%s\n", sample.Name, done.Subject, done.Sequence, sample.About)
	}
	fmt.Fprintln(w)
	if err := w.Flush(); err != nil {
		return err
	}
	return settled(ctx, gateway.Feeds())
}

// settled waits until the feeds have been still for a moment after they showed something.
func settled(ctx context.Context, feeds *feed.Keeper) error {
	const still, longest = time.Second, 10 * time.Second
	begin, changed, before := time.Now(), time.Now(), ""
	for time.Since(begin) < longest && (before == "" || time.Since(changed) < still) {
		var now strings.Builder
		for _, s := range feeds.Snapshots() {
			if len(s.View.Entries) > 0 {
				fmt.Fprintf(&now, "%s %d %s\n", s.View.Def.Name, len(s.View.Entries), s.View.Updated)
			}
		}
		if now.String() != before {
			before, changed = now.String(), time.Now()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil // they are late; what is there is shown
}

// show says what is served and where.
func (c *runCommand) show(out io.Writer, gateway *app.App, conf *config.Config) {
	base := strings.TrimRight(conf.Gateway.BaseURL, "/")
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "kawat runs.\n\n")
	fmt.Fprintf(w, "  catalogue\t%s/\n", base)
	if listening := "http://" + gateway.Address().String(); listening != base {
		fmt.Fprintf(w, "  listening on\t%s/\n", listening)
	}
	push := "kawat push"
	if url := gateway.NATSURL(); url != defaultNATS {
		push += " --nats " + url
	}
	fmt.Fprintf(w, "  push copy to\t%s\t%s --provider antara FILE, or any NATS client: nats pub wire.in.antara …\n", gateway.NATSURL(), push)
	fmt.Fprintf(w, "  streams in\t%s\n\n", c.Data)
	_ = w.Flush()
	fmt.Fprintf(w, "  feed\tstories\taddresses\n")
	for _, s := range gateway.Feeds().Snapshots() {
		fmt.Fprintf(w, "  %s\t%d\t%s/feeds/%s", s.View.Def.Title, len(s.View.Entries), base, s.View.Def.Name)
		for i, format := range feed.Formats {
			if i > 0 {
				fmt.Fprint(w, "\t")
			}
			fmt.Fprintf(w, ".%s", format)
		}
		fmt.Fprintln(w)
	}
	fmt.Fprintf(w, "\nStop with Ctrl-C; what is in %s is served again at the next start.\n", c.Data)
	_ = w.Flush()
}
