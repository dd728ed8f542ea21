// Package ledger keeps kawat's truth in JetStream: what came in (WIRE), what we say of it (STORIES), and what we
// could not read (QUARANTINE).
package ledger

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"kawat/internal/wire"
)

// Names of the streams, and the first tokens of their subjects.
const (
	WireStream       = "WIRE"
	StoriesStream    = "STORIES"
	QuarantineStream = "QUARANTINE"
	FamiliesStream   = "FAMILIES"

	wirePrefix       = "wire.in."
	deskPrefix       = "wire.desk."
	storyPrefix      = "story."
	quarantinePrefix = "quarantine."
	familyPrefix     = "family."
)

// consumerName is the durable consumer on WIRE that every replica of ingest shares.
const consumerName = "ingest"

// ackWait is how long the server waits for an acknowledgement before it delivers copy again. Copy in hand is kept
// alive by Delivery.Working, so that this is only how late the copy is that a dead replica held.
const ackWait = 10 * time.Second

// Ledger is the three streams on one NATS server or cluster. Its methods are safe for concurrent use.
type Ledger struct {
	Archive
	js    jetstream.JetStream
	wire  jetstream.Stream
	clock *clock
	// families says which stories translate which.
	families *families
	// Orphans gives the status that a provider's translations take when their original is killed or withheld, "" for
	// wire.Withheld. Set it before Record is first called.
	Orphans func(provider string) wire.Status
}

// streams are the streams as kawat wants them (RELIABILITY: STORIES can be neither purged nor thinned out; what is full
// refuses new messages, so that the sender hears of it, and never drops old ones).
func streams(replicas int) []jetstream.StreamConfig {
	// Direct reads are quick, but of several replicas one that lags may answer them; where what is written depends on what
	// was read, the leader has to.
	alone := replicas == 1
	return []jetstream.StreamConfig{
		{
			Name: WireStream, Description: "Copy as it came in, bytes untouched", Subjects: []string{wirePrefix + ">", deskPrefix + "*"},
			Storage: jetstream.FileStorage, Replicas: replicas, Discard: jetstream.DiscardNew,
			Duplicates: 2 * time.Minute, DenyDelete: true, AllowDirect: true,
		},
		{
			Name: StoriesStream, Description: "The record of every version of every story", Subjects: []string{storyPrefix + ">"},
			Storage: jetstream.FileStorage, Replicas: replicas, Discard: jetstream.DiscardNew,
			DenyDelete: true, DenyPurge: true, AllowDirect: alone,
		},
		{
			Name: QuarantineStream, Description: "Copy that could not be read, with the reason", Subjects: []string{quarantinePrefix + ">"},
			Storage: jetstream.FileStorage, Replicas: replicas, Discard: jetstream.DiscardNew, AllowDirect: true,
		},
		{
			Name: FamiliesStream, Description: "Which stories translate which: an index of STORIES", Subjects: []string{familyPrefix + ">"},
			Storage: jetstream.FileStorage, Replicas: replicas, Discard: jetstream.DiscardNew, AllowDirect: alone,
		},
	}
}

// Open finds the streams, and makes those that are missing with the given number of replicas. A stream that is there
// with settings that could lose copy is left as it is, and said so in the log.
func Open(ctx context.Context, nc *nats.Conn, replicas int, log *slog.Logger) (*Ledger, error) {
	js, err := jetstream.New(nc, jetstream.WithPublishAsyncMaxPending(4096), jetstream.WithPublishAsyncTimeout(publishTimeout))
	if err != nil {
		return nil, err
	}
	if v := nc.ConnectedServerVersion(); v != "" && olderThan(v, 2, 12) {
		log.Warn("the NATS server is older than kawat is tested with: update it to 2.12 or newer", "version", v)
	}
	l := &Ledger{Archive: Archive{log: log}, js: js}
	for _, want := range streams(replicas) {
		s, err := ensureStream(ctx, js, want)
		if err != nil {
			return nil, fmt.Errorf("stream %s: %w", want.Name, err)
		}
		for _, d := range differences(want, s.CachedInfo().Config) {
			log.Warn("stream is not set as kawat sets it", "stream", want.Name, "setting", d)
		}
		switch want.Name {
		case WireStream:
			l.wire = s
		case StoriesStream:
			l.stories = s
		case FamiliesStream:
			if l.families, err = newFamilies(ctx, js, s); err != nil {
				return nil, fmt.Errorf("stream %s: %w", want.Name, err)
			}
		}
	}
	l.clock = newClock(l.stories, log)
	return l, nil
}

func olderThan(version string, major, minor int) bool {
	var have [2]int
	if _, err := fmt.Sscanf(version, "%d.%d", &have[0], &have[1]); err != nil {
		return false
	}
	return have[0] < major || have[0] == major && have[1] < minor
}

// ensureStream gives the stream, making it when it is missing; another replica may make it at the same moment.
func ensureStream(ctx context.Context, js jetstream.JetStream, want jetstream.StreamConfig) (jetstream.Stream, error) {
	s, err := js.Stream(ctx, want.Name)
	if err == nil && !covers(s.CachedInfo().Config.Subjects, want.Subjects) {
		config := s.CachedInfo().Config // an earlier kawat made it
		config.Subjects = want.Subjects
		return js.UpdateStream(ctx, config)
	}
	if !errors.Is(err, jetstream.ErrStreamNotFound) {
		return s, err
	}
	s, err = js.CreateStream(ctx, want)
	if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
		return js.Stream(ctx, want.Name)
	}
	return s, err
}

func covers(have, want []string) bool {
	return !slices.ContainsFunc(want, func(subject string) bool { return !slices.Contains(have, subject) })
}

func differences(want, have jetstream.StreamConfig) []string {
	var d []string
	add := func(bad bool, sentence string) {
		if bad {
			d = append(d, sentence)
		}
	}
	add(have.Storage != want.Storage, "storage is memory: a restart of the server loses it")
	add(have.Retention != jetstream.LimitsPolicy, "retention is not limits: read messages are deleted")
	add(have.Discard != jetstream.DiscardNew && (have.MaxMsgs > 0 || have.MaxBytes > 0), "discard is old: when it is full it drops the oldest")
	add(want.DenyDelete && !have.DenyDelete, "deny_delete is off: messages can be deleted")
	add(want.DenyPurge && !have.DenyPurge, "deny_purge is off: the stream can be purged")
	add(want.DenyPurge && have.MaxAge > 0, "max_age is set: records are deleted by age")
	add(!want.AllowDirect && have.AllowDirect, "allow_direct is on: a replica that lags may be asked what stands; turn it off")
	add(have.Replicas < want.Replicas, fmt.Sprintf("replicas is %d, %d are configured", have.Replicas, want.Replicas))
	return d
}

// Close stops what Open started; the connection stays the caller's.
func (l *Ledger) Close() {
	l.clock.stop()
	l.families.stop()
}

// Identity names this very STORIES stream: another one, even of the same name on the same server, has another identity.
// The cache is rebuilt when it was made from another.
func (l *Ledger) Identity() string {
	return fmt.Sprintf("%s@%d", StoriesStream, l.stories.CachedInfo().Created.UnixNano())
}

// storySubject is where the versions of a story stand on STORIES.
func storySubject(k wire.Key) string { return storyPrefix + k.Provider + "." + wire.IDToken(k.ID) }

// Connect opens a connection that is never given up: the first connect is retried too, and every change of its state
// is a line in the log. It returns at once; Open waits for the server.
func Connect(url, name string, log *slog.Logger, options ...nats.Option) (*nats.Conn, error) {
	return nats.Connect(url, append([]nats.Option{
		nats.Name(name),
		nats.RetryOnFailedConnect(true),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(250 * time.Millisecond),
		nats.ReconnectJitter(100*time.Millisecond, 100*time.Millisecond),
		nats.ReconnectBufSize(-1), // a write while away is an error that is retried, not a buffer that may be lost
		nats.PingInterval(5 * time.Second),
		nats.MaxPingsOutstanding(2),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				log.Warn("lost the NATS server, reconnecting", "url", url, "error", err)
			}
		}),
		nats.ReconnectHandler(func(c *nats.Conn) { log.Info("connected to the NATS server again", "url", c.ConnectedUrlRedacted()) }),
		nats.ErrorHandler(func(_ *nats.Conn, s *nats.Subscription, err error) {
			if errors.Is(err, nats.ErrSlowConsumer) {
				// Only streams that are followed in order can fall behind, and they ask again for what they missed.
				log.Debug("NATS", "error", err)
				return
			}
			subject := ""
			if s != nil {
				subject = s.Subject
			}
			log.Warn("NATS", "subject", subject, "error", err)
		}),
	}, options...)...)
}
