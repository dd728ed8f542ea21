package ledger

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"kawat/internal/wire"
)

const (
	// pullMessages and pullBytes bound what one replica has asked for and not yet looked at.
	pullMessages = 256
	pullBytes    = 16 << 20
)

// Delivery is one message on WIRE that waits for its outcome.
type Delivery struct {
	// Provider is who sent it, by its subject.
	Provider string
	Subject  string
	Sequence uint64
	// At is the server's time of the message on WIRE.
	At time.Time

	msg jetstream.Msg
}

// Data is the copy as it came in; it must not be changed.
func (d *Delivery) Data() []byte { return d.msg.Data() }

// Header gives a header of the message, "" when it is not there. Names are matched without regard to case, as people type
// them.
func (d *Delivery) Header(name string) string {
	h := d.msg.Headers()
	if v := h.Get(name); v != "" {
		return v
	}
	for k := range h {
		if strings.EqualFold(k, name) {
			return h.Get(k)
		}
	}
	return ""
}

// Ack says that the message's outcome is durable and in the cache.
func (d *Delivery) Ack() error { return d.msg.Ack() }

// Term says that the message is on QUARANTINE, and will not be read again by itself.
func (d *Delivery) Term(reason string) error { return d.msg.TermWithReason(reason) }

// Working keeps the message from being delivered to another replica while its outcome takes long.
func (d *Delivery) Working() error { return d.msg.InProgress() }

// WorkingEvery is how often Working must be called.
const WorkingEvery = ackWait / 3

// Consume hands every message on WIRE that has no outcome yet to deliver, in order, until the context ends. Any number of
// replicas share the work. It heals by itself: what it cannot reach it tries again for ever.
func (l *Ledger) Consume(ctx context.Context, deliver func(*Delivery)) error {
	for {
		err := l.consumeOnce(ctx, deliver)
		if ctx.Err() != nil {
			return nil
		}
		l.log.Warn("reading WIRE, trying again", "error", err)
		sleep(ctx, time.Second)
	}
}

func (l *Ledger) consumeOnce(ctx context.Context, deliver func(*Delivery)) error {
	consumer, err := l.wire.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Durable:       consumerName,
		Description:   "copy that has no outcome yet",
		AckPolicy:     jetstream.AckExplicitPolicy,
		AckWait:       ackWait,
		MaxDeliver:    -1,
		MaxAckPending: 10_000,
		DeliverPolicy: jetstream.DeliverAllPolicy,
	})
	if err != nil {
		return err
	}
	iter, err := consumer.Messages(jetstream.PullMaxMessagesWithBytesLimit(pullMessages, pullBytes), jetstream.PullHeartbeat(5*time.Second))
	if err != nil {
		return err
	}
	defer iter.Stop()
	for {
		msg, err := iter.Next(jetstream.NextContext(ctx))
		if errors.Is(err, jetstream.ErrNoHeartbeat) {
			continue // the server is away or silent; the iterator asks again
		}
		if err != nil {
			return err
		}
		meta, err := msg.Metadata()
		if err != nil {
			return err
		}
		provider, _, _ := strings.Cut(strings.TrimPrefix(msg.Subject(), wirePrefix), ".")
		deliver(&Delivery{Provider: provider, Subject: msg.Subject(), Sequence: meta.Sequence.Stream, At: meta.Timestamp.UTC(), msg: msg})
	}
}

// Headers of a message on QUARANTINE, beside those that it had on WIRE.
const (
	headerCode         = "Kawat-Code"
	headerReason       = "Kawat-Reason"
	headerWireSubject  = "Kawat-Wire-Subject"
	headerWireSequence = "Kawat-Wire-Sequence"
)

// Quarantine keeps a message that cannot become a story, whole, with the reason. Item tells apart the refused items
// of one message. It returns when JetStream has it; to quarantine the same again changes nothing.
func (l *Ledger) Quarantine(ctx context.Context, d *Delivery, item int, r *wire.Refusal) error {
	provider := d.Provider
	if !wire.ValidProvider(provider) {
		provider = "unknown"
	}
	msg := nats.NewMsg(fmt.Sprintf("%s%s.%s.%d-%d", quarantinePrefix, provider, r.Code, d.Sequence, item))
	for k, v := range d.msg.Headers() {
		if !strings.HasPrefix(k, "Nats-") { // what steers JetStream is not part of the copy
			msg.Header[k] = v
		}
	}
	msg.Header.Set(headerCode, string(r.Code))
	msg.Header.Set(headerReason, strings.ToValidUTF8(strings.Join(strings.Fields(r.Sentence), " "), "�"))
	msg.Header.Set(headerWireSubject, d.Subject)
	msg.Header.Set(headerWireSequence, strconv.FormatUint(d.Sequence, 10))
	msg.Data = d.Data()
	_, err := l.js.PublishMsg(ctx, msg, jetstream.WithExpectLastSequencePerSubject(0))
	if isConflict(err) {
		return nil
	}
	return err
}

// Push is copy that a desk sends.
type Push struct {
	Provider string
	Channel  string // "" or further tokens of the subject
	Data     []byte
	Header   map[string]string
}

// Pushed says where JetStream put a push.
type Pushed struct {
	Subject   string
	Sequence  uint64
	Duplicate bool // the same push was there within the last two minutes
}

// Pusher sends copy to WIRE as a desk does; it needs nothing but leave to publish on its own subject.
type Pusher struct{ js jetstream.JetStream }

// NewPusher makes a Pusher on a connection.
func NewPusher(nc *nats.Conn) (*Pusher, error) {
	js, err := jetstream.New(nc)
	return &Pusher{js}, err
}

// Push sends copy and waits for JetStream's acknowledgement: after it, the gateway answers for the copy.
func (p *Pusher) Push(ctx context.Context, push Push) (Pushed, error) {
	subject := wirePrefix + push.Provider
	if push.Channel != "" {
		subject += "." + push.Channel
	}
	msg := nats.NewMsg(subject)
	get := func(name string) string { return push.Header[name] }
	headers, err := wire.ReadHeaders(get)
	if err != nil {
		return Pushed{}, err
	}
	for k, v := range push.Header {
		if v != "" {
			msg.Header.Set(k, v)
		}
	}
	msg.Data = push.Data
	id := (&wire.Copy{Data: push.Data, Headers: headers}).Digest() + "/" + subject
	ack, err := p.js.PublishMsg(ctx, msg, jetstream.WithMsgID(id))
	if errors.Is(err, jetstream.ErrNoStreamResponse) || errors.Is(err, nats.ErrNoResponders) {
		return Pushed{}, fmt.Errorf("no stream takes %s: is the gateway's ingest running on this NATS server? (%w)", subject, err)
	}
	if err != nil {
		return Pushed{}, err
	}
	return Pushed{Subject: subject, Sequence: ack.Sequence, Duplicate: ack.Duplicate}, nil
}

// Tail follows STORIES from a sequence (0: only what comes) and gives each record to show, until the context ends.
func Tail(ctx context.Context, nc *nats.Conn, from uint64, log *slog.Logger, show func(wire.Record) error) error {
	js, err := jetstream.New(nc)
	if err != nil {
		return err
	}
	config := jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverNewPolicy}
	if from > 0 {
		config = jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: from}
	}
	consumer, err := js.OrderedConsumer(ctx, StoriesStream, config)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return fmt.Errorf("this NATS server has no stream %s: is the gateway's ingest running on it?", StoriesStream)
	}
	if err != nil {
		return err
	}
	iter, err := consumer.Messages()
	if err != nil {
		return err
	}
	defer iter.Stop()
	for {
		msg, err := iter.Next(jetstream.NextContext(ctx))
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		meta, err := msg.Metadata()
		if err != nil {
			return err
		}
		s, err := wire.Unmarshal(msg.Data())
		if err != nil {
			log.Warn("record on STORIES cannot be read", "sequence", meta.Sequence.Stream, "error", err)
			continue
		}
		if err := show(wire.Record{Story: s, Sequence: meta.Sequence.Stream, Recorded: meta.Timestamp.UTC()}); err != nil {
			return err
		}
	}
}
