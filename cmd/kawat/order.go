package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os/user"
	"strings"
	"time"

	"kawat/internal/app"
	"kawat/internal/ledger"
	"kawat/internal/wire"
)

// storyFlags name one story, and who wants something of it.
type storyFlags struct {
	natsFlags
	Provider string `placeholder:"NAME" help:"Who delivered the story; needed only where several have one with this id."`
	By       string `env:"KAWAT_BY" placeholder:"NAME" help:"Who gives the order, for the record (default: the name of this user)."`
	Reason   string `placeholder:"TEXT" help:"Why, for the record. Readers do not see it."`
	ID       string `arg:"" name:"id" help:"The story's id, as kawat push and kawat tail print it, or as readers see it."`
}

// AfterApply is called by kong when the command line was read.
func (c *storyFlags) AfterApply() error {
	if c.Provider != "" {
		if err := checkProvider(c.Provider); err != nil {
			return err
		}
	}
	if c.By == "" {
		c.By = "unknown"
		if u, err := user.Current(); err == nil {
			c.By = cmp.Or(u.Name, u.Username)
		}
	}
	return c.natsFlags.check()
}

// orderPatience is how long a tool waits for the gateway to carry out an order.
const orderPatience = 20 * time.Second

// give gives an order, waits until it is carried out, and says so.
func (c *storyFlags) give(s *streams, order *wire.Order, done string) error {
	order.By, order.Reason, order.Given = c.By, c.Reason, time.Now().UTC()
	nc, err := app.ConnectTool(c.server())
	if err != nil {
		return err
	}
	defer nc.Close()
	log, _, err := app.Log(s.err, "info", false)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), orderPatience)
	defer cancel()
	archive, err := ledger.OpenArchive(ctx, nc, log)
	if err != nil {
		return err
	}
	key, err := c.find(ctx, archive, c.ID, c.Provider)
	switch {
	case errors.Is(err, errNoStory) && order.Action == wire.OrderKill && c.Provider != "": // a kill may come before its story
		key, done = wire.Key{Provider: c.Provider, ID: c.ID}, "killed before it came"
	case err != nil:
		return err
	}
	order.ID = key.ID
	if order.Action == wire.OrderLink {
		if original, err := c.find(ctx, archive, order.Original, order.OriginalProvider); err == nil {
			order.Original, order.OriginalProvider = original.ID, original.Provider
		}
	}
	pusher, err := ledger.NewPusher(nc)
	if err != nil {
		return err
	}
	pushed, err := pusher.Order(ctx, key.Provider, order)
	var refusal *wire.Refusal
	if errors.As(err, &refusal) {
		return errors.New(refusal.Sentence)
	}
	if err != nil {
		return err
	}
	record, err := archive.Await(ctx, nc, key, order.Action, pushed.Sequence)
	if errors.As(err, &refusal) {
		return errors.New(refusal.Sentence)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("the order is safe on WIRE (%d), but was not carried out within %s: does the gateway's ingest run? It carries it out when it does", pushed.Sequence, orderPatience)
	}
	if err != nil {
		return err
	}
	if order.Action == wire.OrderReinstate && record.Status == wire.Canceled && record.Desk.Sequence == pushed.Sequence {
		done = "may come back (nothing is here but its kill: push its text with --reinstate)"
	}
	if order.Action == wire.OrderRelease && record.Status == wire.Withheld && !record.Waits() {
		done = "released (but its provider holds it back too, and ends that with a version of its own)"
	}
	fmt.Fprintf(s.out, "%s\t%s\tv%d\t%s\t%s\n", done, key.Provider, record.Version, record.Status, key.ID)
	return nil
}

// errNoStory says that there is no such story.
var errNoStory = errors.New("there is no story")

// find gives the one story with an id, which may be the one that readers see.
func (c *storyFlags) find(ctx context.Context, archive *ledger.Archive, id, provider string) (wire.Key, error) {
	keys, err := archive.Find(ctx, id)
	if err != nil {
		return wire.Key{}, err
	}
	if len(keys) == 0 {
		if key, err := readersKey(ctx, archive, id, provider); err != nil || key.ID != "" {
			return key, err
		}
	}
	var providers []string
	for _, k := range keys {
		if provider == "" || k.Provider == provider {
			providers = append(providers, k.Provider)
		}
	}
	switch {
	case len(providers) == 1:
		return wire.Key{Provider: providers[0], ID: id}, nil
	case len(providers) > 1:
		return wire.Key{}, fmt.Errorf("%s have each a story %q: say which with --provider", strings.Join(providers, " and "), id)
	case len(keys) > 0:
		return wire.Key{}, fmt.Errorf("%w %q of %s, but %s has one", errNoStory, id, provider, keys[0].Provider)
	}
	return wire.Key{}, fmt.Errorf("%w %q: give the id as kawat push and kawat tail print it, or as readers see it", errNoStory, id)
}

type killCommand struct {
	storyFlags
	Takedown bool `help:"Say to readers that the rights were withdrawn, rather than that the story was."`
}

func (c *killCommand) Help() string {
	return `The story is at once out of every feed and page; a notice stands in its place, and in Atom a tombstone. This is final: no copy
that its provider sends brings it back, only kawat reinstate does. Translations of it are held back until the desk decides about
each (see kawat waiting). A story that has not come yet can be killed beforehand, with --provider.

  kawat kill ANT-77 --reason "court order 12/2026"`
}

func (c *killCommand) Run(s *streams) error {
	return c.give(s, &wire.Order{Action: wire.OrderKill, Takedown: c.Takedown}, "killed")
}

type withholdCommand struct{ storyFlags }

func (c *withholdCommand) Help() string {
	return `The story, and every later version of it, is held back until kawat release. A notice stands in its place, and translations of
it are held back too.

  kawat withhold ANT-77 --reason "the ministry denies it"`
}

func (c *withholdCommand) Run(s *streams) error {
	return c.give(s, &wire.Order{Action: wire.OrderWithhold}, "withheld")
}

type releaseCommand struct{ storyFlags }

func (c *releaseCommand) Help() string {
	return `Ends kawat withhold. Of a translation it also says that the desk has seen what became of the original, and that the translation
stands all the same: one that was held back is in the feeds again, and the note about a corrected original goes away. What
happens to the original later counts anew.

  kawat waiting
  kawat release ANT-77-ID --reason "translated from the corrected version"`
}

func (c *releaseCommand) Run(s *streams) error {
	return c.give(s, &wire.Order{Action: wire.OrderRelease}, "released")
}

type reinstateCommand struct{ storyFlags }

func (c *reinstateCommand) Help() string {
	return `Brings a killed story back as it was before the kill, as a new version. For another text, push it afterwards as an update; a
provider brings back what it has killed itself with kawat push --reinstate.

  kawat reinstate ANT-77 --reason "killed by mistake: ANT-78 was meant"`
}

func (c *reinstateCommand) Run(s *streams) error {
	return c.give(s, &wire.Order{Action: wire.OrderReinstate}, "reinstated")
}

type linkCommand struct {
	storyFlags
	Original         string `arg:"" help:"The id of the story that it translates. It may come later."`
	OriginalProvider string `placeholder:"NAME" help:"Who delivered the original; needed only where several have one with this id."`
}

func (c *linkCommand) Help() string {
	return `From then on readers are led from each to the other, and what becomes of the original becomes known of the translation: killed
or withheld it holds the translation back, corrected it marks it. The link stays over all later versions, whatever they say.

  kawat candidates ANT-77-ID
  kawat link ANT-77-ID urn:newsml:kyodonews.jp:20261123:0001`
}

func (c *linkCommand) Run(s *streams) error {
	return c.give(s, &wire.Order{Action: wire.OrderLink, Original: c.Original, OriginalProvider: c.OriginalProvider}, "linked")
}

type unlinkCommand struct{ storyFlags }

func (c *unlinkCommand) Help() string {
	return `Takes the link of a translation to its original away, over all later versions, whatever they say.

  kawat unlink ANT-77-ID`
}

func (c *unlinkCommand) Run(s *streams) error {
	return c.give(s, &wire.Order{Action: wire.OrderUnlink}, "unlinked")
}

type waitingCommand struct {
	natsFlags
	Provider string `placeholder:"NAME" help:"Only this provider's translations."`
}

func (c *waitingCommand) Help() string {
	return `Translations whose original was killed, withheld or corrected since they were made. The desk decides about each: kawat release
says that it stands, kawat kill that it does not; a new version of a translation answers a correction by itself. Lines are:
what became of the original, since when, the translation's status, provider, language, id and headline, and the original's id.

  kawat waiting --provider antara`
}

// AfterApply is called by kong when the command line was read.
func (c *waitingCommand) AfterApply() error { return c.natsFlags.check() }

func (c *waitingCommand) Run(s *streams) error {
	nc, err := app.ConnectTool(c.server())
	if err != nil {
		return err
	}
	defer nc.Close()
	log, _, err := app.Log(s.err, "info", false)
	if err != nil {
		return err
	}
	ctx := context.Background()
	archive, err := ledger.OpenArchive(ctx, nc, log)
	if err != nil {
		return err
	}
	waiting, err := archive.Waiting(ctx, nc)
	if err != nil {
		return err
	}
	for _, r := range waiting {
		if c.Provider != "" && r.Provider != c.Provider {
			continue
		}
		fate := r.Translation.Original
		what := map[wire.Status]string{wire.Canceled: "killed", wire.Withheld: "withheld", wire.Usable: "corrected"}[fate.Status]
		fmt.Fprintf(s.out, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t(original: %s %s)\n", what, fate.At.Format(time.RFC3339), r.Status, r.Provider,
			r.Language, r.ID, r.Headline, fate.Provider, fate.ID)
	}
	return nil
}
