package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"kawat/internal/app"
	"kawat/internal/config"
	"kawat/internal/ledger"
	"kawat/internal/traces"
	"kawat/internal/wire"
)

type pushCommand struct {
	natsFlags
	Provider string `required:"" placeholder:"NAME" help:"Who sends it: the token after wire.in. in the subject."`
	Channel  string `placeholder:"TOKENS" help:"Further tokens of the subject, as desk.politics."`
	copyFlags
	Reinstate bool     `help:"Bring the story back that was killed, with this text, as a new version (the same as --signal reinstate)."`
	Config    string   `type:"path" env:"KAWAT_CONFIG" placeholder:"FILE" help:"Configuration file of the gateway, for what it knows of the provider; only the id that is printed depends on it."`
	Files     []string `arg:"" name:"file" help:"Files to push, - for standard input."`
}

func (c *pushCommand) Help() string {
	return `Each file is one message on wire.in.<provider>. When a line is printed, JetStream has the copy on disk and the
gateway answers for it. Lines are: subject, sequence on WIRE, story id.

  kawat push --provider antara story.txt
  kawat push --provider antara --id ANT-77 --signal correction mended.txt
  kawat push --provider antara --id ANT-77 --signal kill notice.txt`
}

// AfterApply is called by kong when the command line was read.
func (c *pushCommand) AfterApply() error {
	if strings.ContainsAny(c.Channel, " \t\r\n*>") || c.Channel != "" && strings.Contains("."+c.Channel+".", "..") {
		return fmt.Errorf("--channel %q: give words without spaces, * and >, with dots between them, as desk.politics", c.Channel)
	}
	if c.Reinstate {
		if c.Signal != "" && c.Signal != string(wire.Reinstate) {
			return errors.New("--reinstate and --signal say two things: give one of them")
		}
		c.Signal = string(wire.Reinstate)
	}
	if c.ID != "" && len(c.Files) > 1 {
		return errors.New("--id names one story: push its files one at a time")
	}
	return cmp.Or(checkProvider(c.Provider), c.natsFlags.check(), c.copyFlags.check())
}

func (c *pushCommand) Run(s *streams) error {
	conf, err := loadConfig(c.Config)
	if err != nil {
		return err
	}
	if err := c.checkFiles(mostOf(conf, c.Provider)); err != nil {
		return fmt.Errorf("%w\nnothing was pushed", err)
	}
	log, _, err := app.Log(s.err, "warn", false)
	if err != nil {
		return err
	}
	traced, sendTraces, err := app.Traces(conf.Traces, "kawat-push", log)
	if err != nil {
		return err
	}
	defer sendTraces()
	pusher, closeNATS, err := c.pusher()
	if err != nil {
		return err
	}
	defer closeNATS()
	begin, said := time.Now(), time.Now()
	for i, file := range c.Files {
		if err := c.push(s, pusher, conf, traced, file); err != nil {
			return fmt.Errorf("%s: %w (%d of %d were pushed)", file, err, i, len(c.Files))
		}
		if time.Since(said) > time.Second {
			said = time.Now()
			fmt.Fprintf(s.err, "kawat: %d of %d pushed, %.0f a second\n", i+1, len(c.Files), float64(i+1)/time.Since(begin).Seconds())
		}
	}
	return nil
}

// checkFiles finds a mistyped name before half of the files are pushed.
func (c *pushCommand) checkFiles(most int64) error {
	var faults []error
	for _, file := range c.Files {
		if err := checkFile(file, most); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", file, err))
		}
	}
	return errors.Join(faults...)
}

// pushTimeout is how long JetStream is given to acknowledge one file.
const pushTimeout = 10 * time.Second

func (c *pushCommand) push(s *streams, pusher *ledger.Pusher, conf *config.Config, traced *traces.Traces, file string) error {
	data, err := readCopy(s.in, file, mostOf(conf, c.Provider))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), pushTimeout)
	defer cancel()
	span := traced.Begin("", "push", traces.Producer, time.Now())
	defer func() { span.End(time.Now()) }()
	header := c.header()
	header[wire.HeaderTrace] = span.Parent()
	outcome, again := c.outcome(data, conf)
	done, err := pusher.Push(ctx, ledger.Push{Provider: c.Provider, Channel: c.Channel, Data: data, Header: header, Again: again})
	if err != nil {
		span.Fail(err.Error())
	}
	span.Say("messaging.destination.name", done.Subject)
	span.Count("kawat.wire.sequence", int64(done.Sequence))
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("JetStream did not acknowledge it within %s, and it may or may not be there: push it again, the same copy changes nothing", pushTimeout)
	}
	if err != nil {
		return err
	}
	note := ""
	if done.Duplicate {
		note = "\t(the same copy was pushed within the last two minutes; nothing changes)"
	}
	fmt.Fprintf(s.out, "%s\t%d\t%s%s\n", done.Subject, done.Sequence, outcome, note)
	return nil
}

// outcome is what the gateway will make of the copy: the ids that the desk names in a later correction or kill, and what
// cannot be read; and whether it takes a story back or holds one.
func (c *pushCommand) outcome(data []byte, conf *config.Config) (text string, takes bool) {
	stories, refusals, err := decodeCopy(data, c.Provider, &c.copyFlags, conf)
	if err != nil {
		return "(" + err.Error() + ")", false
	}
	var columns []string
	for _, story := range stories {
		takes = takes || story.Status != wire.Usable
		columns = append(columns, story.ID)
	}
	for _, r := range refusals {
		columns = append(columns, "(it will be quarantined: "+r.Error()+")")
	}
	return strings.Join(columns, "\t"), takes
}

type tailCommand struct {
	natsFlags
	Since uint64 `placeholder:"SEQUENCE" help:"Begin at this sequence on STORIES, 1 for all; without it, with what comes next."`
	JSON  bool   `name:"json" help:"Print the whole record as JSON."`
}

func (c *tailCommand) Help() string {
	return `Goes on until it is stopped with Ctrl-C. Lines are: sequence on STORIES, time of the record, provider, language, version,
status (with the signal, as usable/correction), story id, headline.

  kawat tail --since 1`
}

// AfterApply is called by kong when the command line was read.
func (c *tailCommand) AfterApply() error { return c.natsFlags.check() }

func (c *tailCommand) Run(s *streams) error {
	ctx, stop := untilStopped()
	defer stop()
	nc, err := app.ConnectTool(c.server())
	if err != nil {
		return err
	}
	defer nc.Close()
	log, _, err := app.Log(s.err, "info", false)
	if err != nil {
		return err
	}
	return ledger.Tail(ctx, nc, c.Since, log, func(r wire.Record) error {
		if c.JSON {
			line, err := r.Marshal()
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(s.out, "%s\n", line)
			return err
		}
		what := string(r.Status)
		if r.Signal != wire.NoSignal {
			what += "/" + string(r.Signal)
		}
		_, err := fmt.Fprintf(s.out, "%d\t%s\t%s\t%s\tv%d\t%s\t%s\t%s\n", r.Sequence, r.Recorded.Format(time.RFC3339),
			r.Provider, r.Language, r.Version, what, r.ID, r.Headline)
		return err
	})
}
