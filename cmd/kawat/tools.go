package main

import (
	"context"
	"errors"
	"fmt"

	"kawat/internal/app"
	"kawat/internal/config"
	"kawat/internal/ledger"
)

// loadConfig reads a configuration file, with the dictionaries that it names, or gives the defaults where there is none.
func loadConfig(path string) (*config.Config, error) {
	if path == "" {
		return config.Default(), nil
	}
	conf, err := config.Load(path)
	if err != nil {
		return nil, err
	}
	return conf, app.ExtendDictionary(conf)
}

// defaultNATS is where a gateway takes copy when nothing else is said.
const defaultNATS = "nats://127.0.0.1:4222"

// natsFlags say which NATS server a tool talks to, and as whom. Every tool that needs one has them.
type natsFlags struct {
	NATS         string `name:"nats" env:"KAWAT_NATS_URL" default:"nats://127.0.0.1:4222" placeholder:"URL" help:"The NATS server's address (default: ${default})."`
	User         string `name:"nats-user" env:"KAWAT_NATS_USER" placeholder:"NAME" help:"User at the NATS server."`
	PasswordFile string `env:"KAWAT_NATS_PASSWORD_FILE" type:"existingfile" placeholder:"FILE" help:"File with the user's password."`
	Credentials  string `env:"KAWAT_NATS_CREDENTIALS" type:"existingfile" placeholder:"FILE" help:"NATS credentials file (.creds)."`
	CA           string `name:"nats-ca" env:"KAWAT_NATS_CA" type:"existingfile" placeholder:"FILE" help:"Certificates (PEM) of the authority that signed the NATS server's (default: the system's); with it the connection is by TLS."`
	Inbox        string `name:"nats-inbox" env:"KAWAT_NATS_INBOX" placeholder:"PREFIX" help:"What the subjects begin with on which answers come, for a user who may subscribe to no others (default: _INBOX)."`
}

// server is what the flags say, as a configuration file says it.
func (f *natsFlags) server() config.NATS {
	return config.NATS{
		URLs: []string{f.NATS}, User: f.User, PasswordFile: f.PasswordFile, CredentialsFile: f.Credentials, TLS: f.tls(), InboxPrefix: f.Inbox,
	}
}

func (f *natsFlags) tls() *config.TLS {
	if f.CA == "" {
		return nil
	}
	return &config.TLS{CAFile: f.CA}
}

// check is for each tool's AfterApply, so that nothing is done by halves before the flags are found to be wrong.
func (f *natsFlags) check() error {
	if (f.User == "") != (f.PasswordFile == "") {
		return errors.New("--nats-user and --password-file belong together: give both, or neither")
	}
	if _, err := f.tls().Client(); err != nil {
		return fmt.Errorf("--nats-ca %s: %w", f.CA, plainly(err))
	}
	if f.Inbox != "" && !config.ValidInbox(f.Inbox) {
		return fmt.Errorf("--nats-inbox %q: give words without spaces, * and >, with dots between them, as _INBOX_desk", f.Inbox)
	}
	return nil
}

// pusher takes copy to WIRE, archive opens STORIES for reading, and quarantine QUARANTINE; what each gives besides closes the
// connection.
func (f *natsFlags) pusher() (*ledger.Pusher, func(), error) {
	nc, err := app.ConnectTool(f.server())
	if err != nil {
		return nil, nil, err
	}
	p, err := ledger.NewPusher(nc)
	return p, nc.Close, err
}

func (f *natsFlags) archive(ctx context.Context, s *streams) (*ledger.Archive, func(), error) {
	nc, err := app.ConnectTool(f.server())
	if err != nil {
		return nil, nil, err
	}
	log, _, err := app.Log(s.err, "info", false)
	if err == nil {
		var archive *ledger.Archive
		if archive, err = ledger.OpenArchive(ctx, nc, log); err == nil {
			return archive, nc.Close, nil
		}
	}
	nc.Close()
	return nil, nil, err
}

func (f *natsFlags) quarantine(ctx context.Context) (*ledger.Quarantine, func(), error) {
	nc, err := app.ConnectTool(f.server())
	if err != nil {
		return nil, nil, err
	}
	q, err := ledger.OpenQuarantine(ctx, nc)
	if err != nil {
		nc.Close()
		return nil, nil, err
	}
	return q, nc.Close, nil
}

type checkCommand struct {
	File string `arg:"" help:"The configuration file."`
}

func (c *checkCommand) Help() string {
	return `Reads the file as the services do, with the files that it names, and lists all that is wrong in it by line and column.
Nothing is started.

  kawat check kawat.yaml`
}

func (c *checkCommand) Run(s *streams) error {
	conf, err := config.Load(c.File)
	if err != nil {
		return err
	}
	fmt.Fprintln(s.out, summary(c.File, conf))
	return nil
}

// summary says of a good configuration what is in it.
func summary(file string, conf *config.Config) string {
	feeds := count(len(conf.Feeds), "feed")
	if len(conf.Feeds) == 0 {
		feeds = "the default feeds (everything, one per language, one per agency)"
	}
	return fmt.Sprintf("%s is good: %s, %s", file, count(len(conf.Providers), "provider"), feeds)
}

// count says how many things there are.
func count(n int, thing string) string {
	if n != 1 {
		thing += "s"
	}
	return fmt.Sprintf("%d %s", n, thing)
}

type versionCommand struct{}

func (c *versionCommand) Run(s *streams) error {
	fmt.Fprintln(s.out, "kawat", app.Version())
	return nil
}
