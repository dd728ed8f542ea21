package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/go-json-experiment/json"

	"kawat/internal/app"
	"kawat/internal/config"
	"kawat/internal/doctor"
)

type doctorCommand struct {
	Config  string   `required:"" type:"existingfile" env:"KAWAT_CONFIG" placeholder:"FILE" help:"Configuration file of the gateway; the servers and logins are those that it names."`
	Service string   `default:"both" enum:"ingest,publish,both" placeholder:"SERVICE" help:"Which service the configuration is for, where it is for one alone: ingest or publish, which needs no NATS and only reads Redis."`
	Monitor []string `name:"nats-monitor" placeholder:"URL" help:"Where a nats-server is monitored over HTTP, as http://127.0.0.1:8222; once for each server. Only there can be seen whether it syncs what it acknowledges."`
	Data    string   `type:"path" placeholder:"FOLDER" help:"Examine a gateway in one process (kawat run), whose streams are in this folder, instead of the servers of the configuration."`
	NATS    string   `name:"nats" default:"127.0.0.1:4222" placeholder:"ADDRESS" help:"With --data: where the NATS server in that process listens (default: ${default})."`
	Offline bool     `help:"Leave out gateway.base_url, where it cannot be reached from here."`
	JSON    bool     `name:"json" help:"Print a line of JSON for each finding: level, check, found, remedy."`
}

func (c *doctorCommand) Help() string {
	return `Looks at what a gateway stands on, and says of each thing whether it is well and, if not, what to do: the configuration and the
files that it names, NATS and its streams, Redis and its permissions, the cache, the clocks, the disk, and the address for readers.
It changes nothing, shows no password, and takes 15 seconds at most.

Each finding is a line: level, check, what was found, and behind -> the remedy. The levels are:

  ok        it is as it should be
  warning   it works, and should be otherwise
  problem   copy can be lost, or something does not work
  unknown   it could not be told from here; the remedy says how to look

The exit code is 1 when there is a problem, 2 when nothing could be examined, else 0, also after warnings.

  kawat doctor --config kawat.yaml
  kawat doctor --config kawat.yaml --nats-monitor http://nats-1:8222 --nats-monitor http://nats-2:8222
  kawat doctor --config publish.yaml --service publish
  kawat doctor --config kawat.yaml --data kawat-data                # a gateway in one process
  kawat doctor --config kawat.yaml --json | jq -r 'select(.level != "ok") | .remedy'`
}

// AfterApply is called by kong when the command line was read.
func (c *doctorCommand) AfterApply() error {
	for _, address := range c.Monitor {
		if u, err := url.Parse(address); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return errors.New("--nats-monitor: give an address as http://127.0.0.1:8222")
		}
	}
	if c.Service != "both" && c.Data != "" {
		return errors.New("--data is a gateway in one process, which is both services: leave --service out")
	}
	if c.Service == "publish" && len(c.Monitor) > 0 {
		return errors.New("--nats-monitor: publish needs no NATS: leave it out, or examine ingest's configuration")
	}
	if c.Data == "" && c.NATS != "127.0.0.1:4222" {
		return errors.New("--nats is for a gateway in one process: give --data as well; the address of other servers is nats.urls in the configuration")
	}
	return nil
}

func (c *doctorCommand) Run(s *streams) error {
	findings, err := c.examine(context.Background())
	if err != nil {
		return err
	}
	if c.JSON {
		for _, f := range findings {
			line, err := json.Marshal(f)
			if err != nil {
				return err
			}
			fmt.Fprintf(s.out, "%s\n", line)
		}
	} else {
		showFindings(s.out, findings)
	}
	for _, f := range findings {
		if f.Level == doctor.Problem {
			return errSaid
		}
	}
	return nil
}

func (c *doctorCommand) examine(ctx context.Context) ([]doctor.Finding, error) {
	conf, err := loadConfig(c.Config)
	var problems config.Problems
	if errors.As(err, &problems) {
		// What it means to name is not known: nothing else can be looked at.
		var findings []doctor.Finding
		for _, p := range problems {
			findings = append(findings, doctor.Finding{Level: doctor.Problem, Check: "configuration", Found: p.Error(), Remedy: "kawat check " + quoted(c.Config)})
		}
		return findings, nil
	}
	if err != nil {
		return nil, err
	}
	g := doctor.Gateway{Config: conf, Monitors: c.Monitor, Data: c.Data, Offline: c.Offline, Now: time.Now}
	if c.Service != "both" {
		g.Service = c.Service
	}
	if c.Data != "" {
		conf.NATS = config.NATS{URLs: []string{"nats://" + reachable(c.NATS)}, Replicas: 1}
	}
	findings, err := app.Examine(ctx, g)
	return append([]doctor.Finding{{Level: doctor.OK, Check: "configuration", Found: summary(c.Config, conf)}}, findings...), err
}

func showFindings(out io.Writer, findings []doctor.Finding) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	many := map[doctor.Level]int{}
	for _, f := range findings {
		many[f.Level]++
		remedy := ""
		if f.Remedy != "" {
			remedy = " -> " + f.Remedy
		}
		fmt.Fprintf(w, "%s\t%s\t%s%s\n", f.Level, f.Check, f.Found, remedy)
	}
	_ = w.Flush()
	var counts []string
	for _, level := range []doctor.Level{doctor.Problem, doctor.Warning, doctor.Unknown, doctor.OK} {
		if n := many[level]; n > 0 {
			counts = append(counts, fmt.Sprintf("%d %s", n, level))
		}
	}
	fmt.Fprintf(out, "\n%s\n", strings.Join(counts, ", "))
}
