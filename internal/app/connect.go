package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/redis/go-redis/v9"

	"kawat/internal/config"
	"kawat/internal/doctor"
	"kawat/internal/ledger"
)

// ConnectTool connects a desk's or an operator's tool to a NATS server. Unlike a service it does not wait for the server, and it
// reads the file with the password itself: its settings come from flags, which config.Load has not seen.
func ConnectTool(c config.NATS) (*nats.Conn, error) {
	if c.PasswordFile != "" {
		var err error
		if c.Password, err = config.ReadSecret(c.PasswordFile); err != nil {
			return nil, fmt.Errorf("the password of the NATS user: %w", err)
		}
	}
	options, err := natsOptions(c)
	if err != nil {
		return nil, err
	}
	url := strings.Join(c.URLs, ",")
	nc, err := nats.Connect(url, append(options, nats.Name("kawat tools"), nats.Timeout(5*time.Second))...)
	var stranger *tls.CertificateVerificationError
	switch {
	case err == nil:
		return nc, nil
	case errors.Is(err, nats.ErrAuthorization):
		return nil, fmt.Errorf("the NATS server at %s refuses the login: give --nats-user and --password-file, or --credentials (%w)", url, err)
	case errors.As(err, &stranger):
		return nil, fmt.Errorf("the NATS server at %s cannot be told from a stranger: give --nats-ca with the certificates of the authority that signed its own, and the name that stands in it (%w)", url, err)
	case errors.Is(err, nats.ErrSecureConnWanted):
		return nil, fmt.Errorf("the NATS server at %s has no TLS: leave --nats-ca out, or correct its address (--nats) (%w)", url, err)
	}
	return nil, fmt.Errorf("no NATS server answers at %s: is the gateway running, and is this its address (--nats)? (%w)", url, err)
}

// natsConnection connects to the embedded nats-server, or to the configured ones. It does not wait for them.
func (a *App) natsConnection() (*nats.Conn, error) {
	if a.servers != nil {
		return ledger.Connect(a.servers.NATSURL(), "kawat", a.log, a.servers.InProcess())
	}
	options, err := natsOptions(a.options.Config.NATS)
	if err != nil {
		return nil, err
	}
	options = append(options, nats.ReconnectErrHandler(func(_ *nats.Conn, err error) { a.refused.Store(&err) }))
	return ledger.Connect(a.NATSURL(), "kawat ingest", a.log, options...)
}

// natsOptions are the login, TLS and inboxes of a connection to the configured servers.
func natsOptions(c config.NATS) ([]nats.Option, error) {
	var options []nats.Option
	if c.User != "" {
		options = append(options, nats.UserInfo(c.User, c.Password.Reveal()))
	}
	if c.CredentialsFile != "" {
		options = append(options, nats.UserCredentials(c.CredentialsFile))
	}
	if c.TLS != nil {
		conf, err := c.TLS.Client()
		if err != nil {
			return nil, err
		}
		options = append(options, nats.Secure(conf))
	}
	if c.InboxPrefix != "" {
		options = append(options, nats.CustomInboxPrefix(c.InboxPrefix))
	}
	return options, nil
}

// NATSURL is where desks push to.
func (a *App) NATSURL() string {
	if a.servers != nil {
		return a.servers.NATSURL()
	}
	return strings.Join(a.options.Config.NATS.URLs, ",")
}

// redisClient makes a client of the embedded Redis, or of the configured one. It does not wait for it.
func (a *App) redisClient() (redis.UniversalClient, error) {
	o, err := redisOptions(a.options.Config.Redis)
	if err != nil {
		return nil, err
	}
	if a.servers != nil {
		o.Addrs, o.MasterName, o.Username, o.Password, o.DB, o.TLSConfig = []string{a.servers.RedisAddress()}, "", "", a.servers.RedisPassword(), 0, nil
	}
	return redis.NewUniversalClient(o), nil
}

// redisOptions are those of a client of the configured Redis.
func redisOptions(c config.Redis) (*redis.UniversalOptions, error) {
	conf, err := c.TLS.Client()
	if err != nil {
		return nil, err
	}
	return &redis.UniversalOptions{
		ClientName: "kawat",
		Addrs:      c.Addresses, MasterName: c.MasterName, Username: c.User, Password: c.Password.Reveal(), DB: c.DB,
		SentinelUsername: c.SentinelUser, SentinelPassword: c.SentinelPassword.Reveal(), TLSConfig: conf,
		DialTimeout: 2 * time.Second, ReadTimeout: 3 * time.Second, WriteTimeout: 3 * time.Second,
		// Every write is idempotent, so that go-redis may try again by itself.
		MaxRetries: 3, ContextTimeoutEnabled: true, MaxActiveConns: 64,
	}, nil
}

// Examine has the doctor examine a gateway; the logins are those of its configuration. It takes 13 seconds at most.
func Examine(ctx context.Context, g doctor.Gateway) ([]doctor.Finding, error) {
	redis.SetLogger(redisLog{slog.New(slog.DiscardHandler)}) // findings say it
	var err error
	if g.NATS, err = natsOptions(g.Config.NATS); err != nil {
		return nil, err
	}
	if g.Data == "" {
		if g.Redis, err = redisOptions(g.Config.Redis); err != nil {
			return nil, err
		}
	}
	return doctor.Examine(ctx, g), nil
}
