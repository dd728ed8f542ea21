package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"time"

	"kawat/internal/app"
	"kawat/internal/config"
	"kawat/internal/ledger"
	"kawat/internal/wire"
	"kawat/internal/wire/decode"
)

// natsFlags say which NATS server a tool talks to.
type natsFlags struct {
	NATS         string `name:"nats" env:"KAWAT_NATS_URL" default:"nats://127.0.0.1:4222" help:"The NATS server's address."`
	User         string `name:"nats-user" env:"KAWAT_NATS_USER" help:"User at the NATS server."`
	PasswordFile string `env:"KAWAT_NATS_PASSWORD_FILE" type:"existingfile" help:"File with the user's password."`
	Credentials  string `env:"KAWAT_NATS_CREDENTIALS" type:"existingfile" help:"NATS credentials file (.creds)."`
}

func (f *natsFlags) pusher() (*ledger.Pusher, func(), error) {
	nc, err := app.ConnectTool(f.NATS, app.Login{User: f.User, PasswordFile: f.PasswordFile, Credentials: f.Credentials})
	if err != nil {
		return nil, nil, err
	}
	p, err := ledger.NewPusher(nc)
	return p, nc.Close, err
}

// copyFlags are what a desk may say of copy outside of it.
type copyFlags struct {
	ID            string `name:"id" help:"The story's id, the same for all of its versions; without it the copy's own, else one made of its first words."`
	Version       int64  `help:"The version, from 1. Without it the copy's own; else it replaces the version that stands."`
	Signal        string `enum:",update,correction,kill" default:"" help:"What this does to the story: update, correction or kill."`
	Headline      string `help:"The headline, for copy that has none."`
	Embargo       string `help:"Hold it back until this time: 2026-11-23T09:00:00+07:00."`
	TranslationOf string `help:"The id of the story that this one translates."`
	ContentType   string `help:"The copy's content type; without it the gateway looks at the copy."`
}

func (f *copyFlags) header() map[string]string {
	version := ""
	if f.Version != 0 {
		version = strconv.FormatInt(f.Version, 10)
	}
	return map[string]string{
		wire.HeaderStoryID: f.ID, wire.HeaderVersion: version, wire.HeaderSignal: f.Signal, wire.HeaderHeadline: f.Headline,
		wire.HeaderEmbargo: f.Embargo, wire.HeaderTranslationOf: f.TranslationOf, wire.HeaderContentType: f.ContentType,
	}
}

// maxCopy is how much of a file is read: enough to see that it is too large.
const maxCopy = decode.MaxSize + 1

func readCopy(in io.Reader, file string) ([]byte, error) {
	if file == "-" {
		return io.ReadAll(io.LimitReader(in, maxCopy))
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxCopy))
}

type pushCommand struct {
	natsFlags
	Provider string `required:"" placeholder:"NAME" help:"Who sends it: the token after wire.in. in the subject."`
	Channel  string `help:"Further tokens of the subject, as desk.politics."`
	copyFlags
	Files []string `arg:"" name:"file" help:"Files to push, - for standard input."`
}

func (c *pushCommand) Help() string {
	return `Each file is one message on wire.in.<provider>. When a line is printed, JetStream has the copy on disk and the
gateway answers for it. Lines are: subject, sequence on WIRE, story id.

  kawat push --provider antara story.txt
  kawat push --provider antara --id ANT-77 --signal correction mended.txt
  kawat push --provider antara --id ANT-77 --signal kill notice.txt`
}

func (c *pushCommand) Run(ctx context.Context, s *streams) error {
	if !wire.ValidProvider(c.Provider) {
		return fmt.Errorf("--provider %q: give lower-case letters, digits, - and _", c.Provider)
	}
	if c.ID != "" && len(c.Files) > 1 {
		return errors.New("--id names one story: push its files one at a time")
	}
	pusher, closeNATS, err := c.pusher()
	if err != nil {
		return err
	}
	defer closeNATS()
	begin, said := time.Now(), time.Now()
	for i, file := range c.Files {
		if err := c.push(ctx, s, pusher, file); err != nil {
			return fmt.Errorf("%s: %w (%d of %d were pushed)", file, err, i, len(c.Files))
		}
		if time.Since(said) > time.Second {
			said = time.Now()
			fmt.Fprintf(s.err, "kawat: %d of %d pushed, %.0f a second\n", i+1, len(c.Files), float64(i+1)/time.Since(begin).Seconds())
		}
	}
	return nil
}

func (c *pushCommand) push(ctx context.Context, s *streams, pusher *ledger.Pusher, file string) error {
	data, err := readCopy(s.in, file)
	if err != nil {
		return err
	}
	if len(data) > decode.MaxSize {
		return fmt.Errorf("it is larger than %d bytes, the most that the gateway reads", decode.MaxSize)
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	done, err := pusher.Push(ctx, ledger.Push{Provider: c.Provider, Channel: c.Channel, Data: data, Header: c.header()})
	if err != nil {
		return err
	}
	note := ""
	if done.Duplicate {
		note = "\t(the same copy was pushed within the last two minutes; nothing changes)"
	}
	fmt.Fprintf(s.out, "%s\t%d\t%s%s\n", done.Subject, done.Sequence, c.storyID(data), note)
	return nil
}

// storyID is the id that the gateway will know the story by: what the desk names in a later correction or kill.
func (c *pushCommand) storyID(data []byte) string {
	stories, refusals, err := decodeCopy(data, c.Provider, &c.copyFlags, config.Default())
	switch {
	case err != nil:
		return "(" + err.Error() + ")"
	case len(stories) > 0:
		return stories[0].ID
	default:
		return "(it will be quarantined: " + refusals[0].Error() + ")"
	}
}

// decodeCopy does what ingest does with a message.
func decodeCopy(data []byte, provider string, flags *copyFlags, conf *config.Config) ([]*wire.Story, []*wire.Refusal, error) {
	header := flags.header()
	headers, err := wire.ReadHeaders(func(name string) string { return header[name] })
	if err != nil {
		return nil, nil, err
	}
	stories, refusals := decode.Decode(&wire.Copy{
		Data: data, ContentType: flags.ContentType, Headers: headers, Profile: conf.Profile(provider, decode.Profile),
	})
	return stories, refusals, nil
}

type decodeCommand struct {
	Config   string `type:"existingfile" env:"KAWAT_CONFIG" help:"Configuration file, for its providers."`
	Provider string `default:"unknown" help:"Who sends it; kawat knows some agencies, and the configuration's."`
	copyFlags
	Files []string `arg:"" name:"file" help:"Files to decode, - for standard input."`
}

func (c *decodeCommand) Help() string {
	return `Prints each story as one line of JSON: the record as the gateway would keep it, with the evidence for every field that
was taken from running text. A file that cannot be read is told why on standard error, and the exit code is 1.

  kawat decode --provider antara story.txt | jq .attribution`
}

func (c *decodeCommand) Run(s *streams) error {
	conf, err := loadConfig(c.Config)
	if err != nil {
		return err
	}
	failed := false
	complain := func(file string, err error) {
		failed = true
		fmt.Fprintf(s.err, "kawat: %s: %v\n", file, err)
	}
	for _, file := range c.Files {
		data, err := readCopy(s.in, file)
		if err != nil {
			complain(file, err)
			continue
		}
		stories, refusals, err := decodeCopy(data, c.Provider, &c.copyFlags, conf)
		if err != nil {
			complain(file, err)
		}
		for _, story := range stories {
			line, err := story.Marshal()
			if err != nil {
				return err
			}
			fmt.Fprintf(s.out, "%s\n", line)
		}
		for _, r := range refusals {
			complain(file, r)
		}
	}
	if failed {
		return errSaid
	}
	return nil
}

type tailCommand struct {
	natsFlags
	Since uint64 `help:"Begin at this sequence on STORIES; without it, with what comes next."`
	JSON  bool   `name:"json" help:"Print the whole record as JSON."`
}

func (c *tailCommand) Run(ctx context.Context, s *streams) error {
	nc, err := app.ConnectTool(c.NATS, app.Login{User: c.User, PasswordFile: c.PasswordFile, Credentials: c.Credentials})
	if err != nil {
		return err
	}
	defer nc.Close()
	log, err := app.Log(s.err, "info", false)
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
