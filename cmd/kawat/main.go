// Command kawat is the whole gateway in one process on embedded servers, and the desk's and the operator's tools.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"kawat/internal/app"
)

const description = `A wire-service syndication gateway: desks push stories into NATS, newsrooms read them as feeds.

Without a command it runs the gateway in this process, with a nats-server and a Redis inside:

  kawat --samples                                  # run it, and push some stories to look at
  kawat push --provider antara story.txt           # push a story to it
  kawat tail                                       # watch what is recorded`

// program is the command line.
type program struct {
	Run     runCommand     `cmd:"" default:"withargs" help:"Run the gateway in this process (this is what kawat does without a command)."`
	Push    pushCommand    `cmd:"" help:"Push copy to the gateway as a desk does, and wait until it is safe."`
	Tail    tailCommand    `cmd:"" help:"Follow what is recorded, one line a version."`
	Decode  decodeCommand  `cmd:"" help:"Show what the gateway would make of copy, as JSON; needs no server."`
	Check   checkCommand   `cmd:"" help:"Check a configuration file."`
	Version versionCommand `cmd:"" help:"Print the version."`
}

// streams are what a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

func main() { os.Exit(run()) }

func run() int {
	var p program
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	parser, err := kong.New(&p, kong.Name("kawat"), kong.Description(description), kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}),
		kong.Vars{"version": app.Version()})
	if err != nil {
		fmt.Fprintln(os.Stderr, "kawat:", err)
		return 2
	}
	parsed, err := parser.Parse(os.Args[1:])
	if err != nil {
		fmt.Fprintf(os.Stderr, "kawat: %v\nTry `kawat --help`.\n", err)
		return 2
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	err = parsed.Run(&streams{os.Stdin, os.Stdout, os.Stderr})
	if err != nil && !errors.Is(err, context.Canceled) {
		if !errors.Is(err, errSaid) {
			fmt.Fprintln(os.Stderr, "kawat:", err)
		}
		return 1
	}
	return 0
}

// errSaid is an error that was printed already.
var errSaid = errors.New("said")
