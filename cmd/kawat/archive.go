package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"kawat/internal/app"
	"kawat/internal/ledger"
)

// instant is a time on the command line; the zero value is none.
type instant struct{ at time.Time }

// UnmarshalText is called by kong.
func (i *instant) UnmarshalText(b []byte) error {
	text := string(b)
	for _, layout := range []string{time.RFC3339, time.DateOnly} {
		if at, err := time.Parse(layout, text); err == nil {
			i.at = at
			return nil
		}
	}
	ago, err := time.ParseDuration(text)
	if days, ok := strings.CutSuffix(text, "d"); ok && err != nil {
		var n int
		n, err = strconv.Atoi(days)
		ago = time.Duration(n) * 24 * time.Hour
	}
	if err != nil || ago < 0 {
		return fmt.Errorf("%q: give a time with its zone, as 2026-11-23T09:00:00+07:00, a date, which begins in UTC, as 2026-11-23, or how long ago, as 90m or 7d", text)
	}
	i.at = time.Now().Add(-ago)
	return nil
}

type exportCommand struct {
	natsFlags
	Since    instant `placeholder:"TIME" help:"Only what was recorded at this time or later: a time with its zone, a date (in UTC), or how long ago (90m, 7d)."`
	Until    instant `placeholder:"TIME" help:"Only what was recorded before this time."`
	Provider string  `placeholder:"NAME" help:"Only this provider's stories."`
	Output   string  `short:"o" type:"path" placeholder:"FILE" help:"Write to this file, which appears when it is whole; without it to standard output."`
}

func (c *exportCommand) Help() string {
	return `Writes every version of every story as a line of JSON: its number on STORIES, the time at which it was recorded, its subject, and
the record as it stands. The last line has the number of records and a SHA-256 over the lines before it: a file without that
line was cut off, and kawat import does not take it. What is recorded while it runs is left for the next export.

  kawat export -o stories.jsonl
  kawat export --provider antara --since 2026-11-01 --until 2026-12-01 > november.jsonl
  kawat export --since 24h | jq -r 'select(.record) | .record.headline'`
}

// AfterApply is called by kong when the command line was read.
func (c *exportCommand) AfterApply() error {
	if c.Provider != "" {
		if err := checkProvider(c.Provider); err != nil {
			return err
		}
	}
	if !c.Until.at.IsZero() && !c.Since.at.Before(c.Until.at) {
		return errors.New("--since is not before --until: nothing was recorded between them")
	}
	return c.natsFlags.check()
}

func (c *exportCommand) Run(s *streams) error {
	ctx, stop := untilStopped() // so that no part of a file is left behind
	defer stop()
	archive, closeNATS, err := c.archive(ctx, s)
	if err != nil {
		return err
	}
	defer closeNATS()
	write := func(w io.Writer) (int, error) {
		said := time.Now()
		return archive.Export(ctx, w, ledger.Span{Since: c.Since.at, Until: c.Until.at, Provider: c.Provider}, func(records int) {
			if time.Since(said) > time.Second {
				said = time.Now()
				fmt.Fprintf(s.err, "kawat: %d records exported\n", records)
			}
		})
	}
	if c.Output == "" {
		if n, err := write(s.out); err != nil {
			return fmt.Errorf("the export broke off after %s: %v", count(n, "record"), err)
		}
		return nil
	}
	n, err := writeWhole(c.Output, write)
	if err != nil { // not as it is: to be stopped before the end is a failure
		return fmt.Errorf("nothing was written to %s: %v", c.Output, err)
	}
	fmt.Fprintf(s.err, "kawat: %s in %s\n", count(n, "record"), c.Output)
	return nil
}

// writeWhole writes a file that is there only when it is whole and on the disk.
func writeWhole(path string, write func(io.Writer) (int, error)) (int, error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return 0, plainly(err)
	}
	defer os.Remove(f.Name())
	n, err := write(f)
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return n, err
	}
	return n, os.Rename(f.Name(), path)
}

type importCommand struct {
	natsFlags
	Config string `type:"path" env:"KAWAT_CONFIG" placeholder:"FILE" help:"Configuration file of the gateway, for nats.replicas of the streams where they are made."`
	File   string `arg:"" help:"The export: a file that kawat export wrote."`
}

func (c *importCommand) Help() string {
	return `Restores an export into an empty STORIES, on a new NATS server or in a new data folder, and makes the streams where there
are none. The records keep their order and the times at which they were recorded, so that the feeds are the same; those of a
part of the stories are numbered anew. The file is read twice: from one that was cut off or changed nothing is written. An import that
broke off goes on when it is started again with the same file.

Stop ingest meanwhile, or start it afterwards: when it starts it fills Redis from what was restored. New copy is numbered on
WIRE after all copy that the records are of. What was on QUARANTINE is not in an export.

  kawat import stories.jsonl
  kawat import --config kawat.yaml --nats nats://nats-1:4222 stories.jsonl`
}

// AfterApply is called by kong when the command line was read.
func (c *importCommand) AfterApply() error {
	if c.File == "-" {
		return errors.New("an import reads its export twice: save it to a file first, and name that")
	}
	return c.natsFlags.check()
}

func (c *importCommand) Run(s *streams) error {
	ctx, stop := untilStopped() // so that WIRE is not left closed
	defer stop()
	conf, err := loadConfig(c.Config)
	if err != nil {
		return err
	}
	if err := checkFile(c.File, math.MaxInt64); err != nil {
		return fmt.Errorf("%s: %w", c.File, err)
	}
	f, err := os.Open(c.File)
	if err != nil {
		return fmt.Errorf("%s: %w", c.File, plainly(err))
	}
	defer f.Close()
	nc, err := app.ConnectTool(c.server())
	if err != nil {
		return err
	}
	defer nc.Close()
	log, _, err := app.Log(s.err, "info", false)
	if err != nil {
		return err
	}
	opening, cancel := context.WithTimeout(ctx, pushTimeout)
	defer cancel()
	l, err := ledger.Open(opening, nc, conf.NATS.Replicas, log)
	if err != nil {
		return err
	}
	defer l.Close()
	said := time.Now()
	n, err := l.Import(ctx, f, func(records, of int) {
		if time.Since(said) > time.Second {
			said = time.Now()
			fmt.Fprintf(s.err, "kawat: %d of %d records imported\n", records, of)
		}
	})
	if err != nil {
		return fmt.Errorf("%s: %v", c.File, err) // not as it is: to be stopped before the end is a failure
	}
	fmt.Fprintf(s.err, "kawat: %s from %s on STORIES\n", count(n, "record"), c.File)
	return nil
}
