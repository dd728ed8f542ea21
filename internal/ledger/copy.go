package ledger

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"kawat/internal/wire"
)

const (
	// pulls is how many requests for messages are under way at once, so that one is on its way while another is worked off.
	pulls = 2
	// pullMessages is how many messages a request asks for.
	pullMessages = 64
	// pullWait is how long a request stays open, and how much later than asked a replica may stop.
	pullWait = time.Second
)

// Delivery is one message on WIRE that waits for its outcome.
type Delivery struct {
	// Provider is who sent it, by its subject; of an order, whose stories it is about.
	Provider string
	// Order says that it is a desk's order (wire.Order), not copy.
	Order bool
	// Attempts is how often it was delivered, from 1.
	Attempts uint64
	Subject  string
	Sequence uint64
	// At is the server's time of the message on WIRE.
	At time.Time

	msg jetstream.Msg
}

// First is where on WIRE the copy came first: copy that is tried again after a mend keeps its place among its story's
// versions, and does not replace what came after it.
func (d *Delivery) First() uint64 {
	if first, err := strconv.ParseUint(d.Header(headerRetryOf), 10, 64); err == nil && first > 0 && first < d.Sequence {
		return first
	}
	return d.Sequence
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

// Later has the message delivered again after a while.
func (d *Delivery) Later(after time.Duration) error { return d.msg.NakWithDelay(after) }

// Working keeps the message from being delivered to another replica while its outcome takes long.
func (d *Delivery) Working() error { return d.msg.InProgress() }

// WorkingEvery is how often Working must be called.
const WorkingEvery = ackWait / 3

// Consume hands every message on WIRE that has no outcome yet to deliver, roughly in order, until the context ends; what was
// pulled by then is still handed over. deliver may be called by several goroutines at once, and may block: then no more is
// pulled. Any number of replicas share the work. It heals by itself: what it cannot reach it tries again for ever.
func (l *Ledger) Consume(ctx context.Context, deliver func(*Delivery)) {
	var pullers sync.WaitGroup
	for range pulls {
		pullers.Go(func() {
			said := false
			for ctx.Err() == nil {
				err := l.pull(ctx, deliver)
				if ctx.Err() != nil {
					return
				}
				if err != nil {
					text := err.Error()
					l.wireTrouble.Store(&text)
				}
				if !said {
					l.log.Warn("cannot read WIRE, trying again until it works", "error", err)
				}
				said = true
				sleep(ctx, 500*time.Millisecond)
			}
		})
	}
	pullers.Wait()
}

// pull asks for messages, again and again, until something fails or the context ends. A request at a time: an iterator
// that asks ahead drops what comes while deliver blocks.
func (l *Ledger) pull(ctx context.Context, deliver func(*Delivery)) error {
	consumer, err := l.wire.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Durable:       IngestConsumer,
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
	for ctx.Err() == nil {
		// No context: what the server has sent already is handed over even when the context ends.
		batch, err := consumer.Fetch(pullMessages, jetstream.FetchMaxWait(pullWait))
		if err != nil {
			return err
		}
		for msg := range batch.Messages() {
			meta, err := msg.Metadata()
			if err != nil {
				return err
			}
			provider, order := strings.CutPrefix(msg.Subject(), deskPrefix)
			if !order {
				provider, _, _ = strings.Cut(strings.TrimPrefix(msg.Subject(), wirePrefix), ".")
			}
			deliver(&Delivery{Provider: provider, Order: order, Attempts: meta.NumDelivered, Subject: msg.Subject(),
				Sequence: meta.Sequence.Stream, At: meta.Timestamp.UTC(), msg: msg})
		}
		if err := batch.Error(); err != nil {
			return err
		}
		l.wireTrouble.Store(nil)
	}
	return nil
}

// WireTrouble says why WIRE could not be read when Consume last tried, "" when it could.
func (l *Ledger) WireTrouble() string {
	if why := l.wireTrouble.Load(); why != nil {
		return *why
	}
	return ""
}

// Headers of a message on QUARANTINE, beside those that it had on WIRE.
const (
	headerCode         = "Kawat-Code"
	headerReason       = "Kawat-Reason"
	headerWireSubject  = "Kawat-Wire-Subject"
	headerWireSequence = "Kawat-Wire-Sequence"
	headerWhole        = "Kawat-Whole" // only where the copy is not in this message
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
	if errors.Is(err, nats.ErrMaxPayload) {
		// With the headers it is larger than the server takes. WIRE has it whole, under the sequence that they name.
		msg.Data = nil
		msg.Header.Set(headerWhole, "no, it is on "+WireStream)
		_, err = l.js.PublishMsg(ctx, msg, jetstream.WithExpectLastSequencePerSubject(0))
	}
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
	// Again says that the copy counts though the same was pushed a moment ago: a kill or a hold, after which the story may have
	// been brought back. Headers that say so need no word of it.
	Again bool
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
	var once []jetstream.PublishOpt
	if !push.Again && !headers.Kills() && !headers.Withhold {
		once = append(once, jetstream.WithMsgID((&wire.Copy{Data: push.Data, Headers: headers}).Digest()+"/"+subject))
	}
	ack, err := p.js.PublishMsg(ctx, msg, once...)
	if errors.Is(err, jetstream.ErrNoStreamResponse) || errors.Is(err, nats.ErrNoResponders) {
		return Pushed{}, fmt.Errorf("no stream takes %s: is the gateway's ingest running on this NATS server? (%w)", subject, err)
	}
	if err != nil {
		return Pushed{}, p.refused(subject, err)
	}
	return Pushed{Subject: subject, Sequence: ack.Sequence, Duplicate: ack.Duplicate}, nil
}

// refused is the error of a push without an answer: a server that does not let the user publish says so beside the answer, which
// then never comes.
func (p *Pusher) refused(subject string, err error) error {
	said := p.js.Conn().LastError()
	if errors.Is(said, nats.ErrPermissionViolation) && strings.Contains(said.Error(), `"`+subject+`"`) {
		return fmt.Errorf("this user may not publish on %s: log in as a user who may, or correct the provider (%w)", subject, said)
	}
	return err
}

// Tail follows STORIES from a sequence (0: only what comes) and gives each record to show, until the context ends or show
// fails. A server that is away is waited for.
func Tail(ctx context.Context, nc *nats.Conn, next uint64, log *slog.Logger, show func(wire.Record) error) error {
	js, err := jetstream.New(nc)
	if err != nil {
		return err
	}
	stream, err := js.Stream(ctx, StoriesStream)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return fmt.Errorf("this NATS server has no stream %s: is the gateway's ingest running on it?", StoriesStream)
	}
	if err != nil {
		return err
	}
	var shown error
	for ctx.Err() == nil && shown == nil {
		err := follow(ctx, stream, from(next), func(msg jetstream.Msg, meta *jetstream.MsgMetadata) error {
			next = meta.Sequence.Stream + 1
			record, err := readRecord(msg, meta)
			if err != nil {
				log.Warn("passed over", "error", err)
				return nil
			}
			shown = show(record)
			return shown
		})
		if ctx.Err() == nil && shown == nil {
			log.Warn("following STORIES, trying again", "error", err)
			sleep(ctx, time.Second)
		}
	}
	return shown
}
