package main

import (
	"fmt"
	"strconv"
	"time"

	"kawat/internal/app"
	"kawat/internal/ledger"
)

type rebuildCommand struct {
	natsFlags
}

func (c *rebuildCommand) Help() string {
	return `Asks a running ingest to fill Redis anew from STORIES. The new filling is made beside the one that is served and takes its
place when it has everything, so that readers notice nothing; kawat digest gives the same before and after. It is not
needed after a loss of Redis, which ingest sees by itself. Use it when Redis may hold what STORIES does not say.

Lines are: records, of how many, records a second. Ctrl-C ends the lines and not the rebuild. On a NATS server with
permissions the user has to be allowed to publish on kawat.rebuild, and ingest's to answer where --nats-inbox says.

  kawat rebuild
  kawat digest > before; kawat rebuild; kawat digest | diff before -`
}

// AfterApply is called by kong when the command line was read.
func (c *rebuildCommand) AfterApply() error { return c.natsFlags.check() }

func (c *rebuildCommand) Run(s *streams) error {
	ctx, stop := untilStopped()
	defer stop()
	nc, err := app.ConnectTool(c.server())
	if err != nil {
		return err
	}
	defer nc.Close()
	said := time.Now()
	return ledger.Rebuild(ctx, nc, func(p ledger.Progress) {
		rate := float64(p.Records) / max(p.Seconds, 0.001)
		switch {
		case p.Done:
			fmt.Fprintf(s.out, "rebuilt from %s records in %.1f s, %s a second; the new filling is served\n",
				grouped(p.Records), p.Seconds, grouped(uint64(rate)))
		case p.Of > 0 && time.Since(said) >= time.Second:
			said = time.Now()
			fmt.Fprintf(s.out, "%s of %s records, %s a second\n", grouped(p.Records), grouped(p.Of), grouped(uint64(rate)))
		}
	})
}

// grouped writes a number with commas between its thousands.
func grouped(n uint64) string {
	text := strconv.FormatUint(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}
