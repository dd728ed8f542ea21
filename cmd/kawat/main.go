// Command kawat is the whole gateway in one process on embedded servers, and the desk's and the operator's tools.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kong"

	"kawat/internal/app"
)

const description = `A wire-service syndication gateway: desks push stories into NATS, newsrooms read them as feeds.

Without a command it runs the gateway in this process, with a nats-server and a Redis inside:

  kawat --samples                                  # run it, and push some stories to look at
  kawat run --help                                 # what else it can be told when it runs
  kawat push --provider antara story.txt           # push a story to it
  kawat tail                                       # watch what is recorded`

// program is the command line.
type program struct {
	Run        runCommand        `cmd:"" default:"withargs" help:"Run the gateway in this process (this is what kawat does without a command)."`
	Push       pushCommand       `cmd:"" help:"Push copy to the gateway as a desk does, and wait until it is safe."`
	Tail       tailCommand       `cmd:"" help:"Follow what is recorded, one line a version."`
	History    historyCommand    `cmd:"" help:"Show every version of a story, and what each changed."`
	Kill       killCommand       `cmd:"" help:"Take a story out of everything, for good."`
	Withhold   withholdCommand   `cmd:"" help:"Hold a story back until it is released."`
	Release    releaseCommand    `cmd:"" help:"Release a story that is held back."`
	Reinstate  reinstateCommand  `cmd:"" help:"Bring a killed story back."`
	Link       linkCommand       `cmd:"" help:"Tie a translation to its original."`
	Unlink     unlinkCommand     `cmd:"" help:"Take a translation's link to its original away."`
	Waiting    waitingCommand    `cmd:"" help:"List the translations whose original was killed, withheld or corrected."`
	Candidates candidatesCommand `cmd:"" help:"Show from which stories a translation may have been made, and why."`
	Quarantine quarantineCommand `cmd:"" help:"Look after copy that could not be read."`
	Export     exportCommand     `cmd:"" help:"Write all that was recorded as lines of JSON."`
	Import     importCommand     `cmd:"" help:"Restore an export into an empty gateway."`
	Rebuild    rebuildCommand    `cmd:"" help:"Fill Redis anew from all that was recorded, while readers are served."`
	Digest     digestCommand     `cmd:"" help:"Print a digest of every feed as readers get it."`
	Decode     decodeCommand     `cmd:"" help:"Show what the gateway would make of copy, as JSON; needs no server."`
	Explain    explainCommand    `cmd:"" help:"Show copy with everything marked that the gateway takes from it, and why; needs no server."`
	Check      checkCommand      `cmd:"" help:"Check a configuration file."`
	Doctor     doctorCommand     `cmd:"" help:"Look at what the gateway stands on, and say what to do where it is not well."`
	Version    versionCommand    `cmd:"" help:"Print the version."`
}

// streams are what a command reads and writes.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

func main() { os.Exit(run()) }

// run gives the exit code: 0 when all was done, or when what runs until it is stopped was stopped; 1 after a failure; 2 for
// a command line that cannot be read.
func run() int {
	var p program
	parser, err := kong.New(&p, kong.Name("kawat"), kong.Description(description),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 110}))
	if err != nil {
		app.Complain(os.Stderr, "kawat", err)
		return 2
	}
	args := os.Args[1:]
	parsed, err := parser.Parse(args)
	if err != nil {
		app.Complain(os.Stderr, "kawat", err)
		fmt.Fprintf(os.Stderr, "Try `%s --help`.\n", helpful(err, args))
		return 2
	}
	err = parsed.Run(&streams{os.Stdin, os.Stdout, os.Stderr})
	switch {
	case err == nil, errors.Is(err, context.Canceled): // only a signal cancels: see untilStopped
		return 0
	case !errors.Is(err, errSaid):
		app.Complain(os.Stderr, "kawat", err)
	}
	return 1
}

// errSaid is an error that was printed already.
var errSaid = errors.New("said")

// helpful is the command whose help answers for a command line that cannot be read: the one that was named, if one was.
func helpful(err error, args []string) string {
	var e *kong.ParseError
	if errors.As(err, &e) && e.Context != nil {
		command := e.Context.Selected()
		named := command // the command of the first word, of which command is a part
		for named != nil && named.Parent != e.Context.Model.Node {
			named = named.Parent
		}
		if named != nil && len(args) > 0 && args[0] == named.Name { // not run, which is meant where nothing is named
			return command.FullPath()
		}
	}
	return "kawat"
}

// untilStopped is app.UntilStopped, for commands that run until then and have something to finish. The others do not catch the
// signals, so that they end at once, even while they wait for standard input.
func untilStopped() (context.Context, context.CancelFunc) { return app.UntilStopped() }
