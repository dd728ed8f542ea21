// Package ledger keeps kawat's truth in JetStream: what came in (WIRE), what we say of it (STORIES), and what we
// could not read (QUARANTINE).
package ledger

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"
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

// IngestConsumer is the durable consumer on WIRE that every replica of ingest shares.
const IngestConsumer = "ingest"

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
	// wireTrouble is why WIRE could not be read, nil when it could.
	wireTrouble atomic.Pointer[string]
	waiting     waiting
}

// Streams are the streams as kawat wants them (STORIES can be neither purged nor thinned out; what is full
// refuses new messages, so that the sender hears of it, and never drops old ones).
func Streams(replicas int) []jetstream.StreamConfig {
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
	if v := nc.ConnectedServerVersion(); OldServer(v) {
		log.Warn("the NATS server is older than kawat is tested with: update it to 2.12 or newer", "version", v)
	}
	l := &Ledger{Archive: Archive{log: log}, js: js}
	for _, want := range Streams(replicas) {
		s, err := ensureStream(ctx, js, want)
		if err != nil {
			return nil, fmt.Errorf("stream %s: %w", want.Name, err)
		}
		for _, d := range Differences(want, s.CachedInfo().Config) {
			log.Warn("stream is not set as kawat sets it", "stream", want.Name, "setting", d.Text, "remedy", d.Remedy)
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

// OldServer says whether a nats-server's version is older than 2.12, before which kawat is not tried. A version that cannot be
// read is not.
func OldServer(version string) bool {
	var major, minor int
	if _, err := fmt.Sscanf(version, "%d.%d", &major, &minor); err != nil {
		return false
	}
	return major < 2 || major == 2 && minor < 12
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

// Difference is a setting of a stream with which copy could be lost, and how to mend it.
type Difference struct{ Text, Remedy string }

// Differences are the settings of a stream that kawat would set otherwise because copy could be lost with them.
func Differences(want, have jetstream.StreamConfig) []Difference {
	var d []Difference
	add := func(bad bool, text, remedy string) {
		if bad {
			d = append(d, Difference{text, remedy})
		}
	}
	edit := func(flags string) string { return "nats stream edit " + want.Name + " " + flags }
	// A new WIRE has to go on with the numbers of the one before, which an import sees to.
	anew := "this is set only when a stream is made: when nothing waits on WIRE stop ingest, kawat export -o stories.jsonl, nats stream rm " +
		"WIRE and STORIES, kawat import stories.jsonl, start ingest"
	switch want.Name {
	case FamiliesStream:
		anew = "this is set only when a stream is made: stop ingest, nats stream rm FAMILIES, start ingest, kawat rebuild, which notes all links again"
	case QuarantineStream:
		anew = "this is set only when a stream is made: see to what is on it, then nats stream rm QUARANTINE and restart ingest"
	}
	add(have.Storage != want.Storage, "storage is memory: a restart of the server loses it", anew)
	add(have.Retention != jetstream.LimitsPolicy, "retention is not limits: read messages are deleted", anew)
	add(have.Discard != jetstream.DiscardNew && (have.MaxMsgs > 0 || have.MaxBytes > 0), "discard is old: when it is full it drops the oldest",
		edit("--discard new"))
	add(want.DenyDelete && !have.DenyDelete, "deny_delete is off: messages can be deleted", edit("--deny-delete"))
	add(want.DenyPurge && !have.DenyPurge, "deny_purge is off: the stream can be purged", edit("--deny-purge"))
	add(want.DenyPurge && have.MaxAge > 0, "max_age is set: records are deleted by age", "set max_age of "+want.Name+" to 0, which is no limit")
	add(!want.AllowDirect && have.AllowDirect, "allow_direct is on: a replica that lags may be asked what stands; turn it off",
		edit("--no-allow-direct"))
	add(have.Replicas < want.Replicas, fmt.Sprintf("replicas is %d, %d are configured", have.Replicas, want.Replicas),
		edit(fmt.Sprintf("--replicas %d", want.Replicas)))
	return d
}

// Close stops what Open started; the connection stays the caller's.
func (l *Ledger) Close() {
	l.clock.stop()
	l.families.stop()
}

// Identity names this very STORIES stream: another one, even of the same name on the same server, has another identity.
// The cache is rebuilt when it was made from another.
func (a *Archive) Identity() string {
	return fmt.Sprintf("%s@%d", StoriesStream, a.stories.CachedInfo().Created.UnixNano())
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
