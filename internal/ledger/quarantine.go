package ledger

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"kawat/internal/wire"
)

// Quarantined is one item of copy that was refused. A message of several items has one for each that cannot be read.
type Quarantined struct {
	// Sequence is its number on QUARANTINE, by which people name it.
	Sequence uint64
	// At is the server's time of the refusal.
	At       time.Time
	Provider string // "unknown" where the subject named none
	Code     wire.Code
	Reason   string
	// WireSubject and WireSequence are the message's on WIRE.
	WireSubject  string
	WireSequence uint64
	// RetryOf is the number on WIRE that the copy had first, where this message is a retry; else 0.
	RetryOf uint64
	// Size is the copy's, in bytes; -1 where it was too large for QUARANTINE and is on WIRE alone.
	Size int
	// Settled is what became of it; nil: it waits for somebody.
	Settled *Settled
}

// Settled is what somebody did with quarantined copy.
type Settled struct {
	How Settlement
	By  string
	Why string // "" where nobody said
	At  time.Time
	// WireSequence is the retry's on WIRE.
	WireSequence uint64
}

// Settlement is a way to settle quarantined copy.
type Settlement string

const (
	Retried   Settlement = "retried"
	Discarded Settlement = "discarded"
)

// Held is quarantined copy with its bytes.
type Held struct {
	Quarantined
	// Header has the headers that the message had on WIRE, without JetStream's own.
	Header map[string][]string
	Data   []byte
}

// Headers of a note on QUARANTINE that says what became of copy there, on quarantine.done.<its sequence>. Nothing is ever
// deleted: the note is a further message, and the first one counts.
const (
	headerOutcome = "Kawat-Outcome"
	headerBy      = "Kawat-By"
	// and headerReason, and headerWireSequence of a retry
)

// headerRetryOf is on a message on WIRE that is a retry: the number on WIRE that the copy had first.
const headerRetryOf = "Kawat-Retry-Of"

// donePrefix is where the notes are. A provider may be named done, but the subject of copy has one token more.
const donePrefix = quarantinePrefix + "done."

// ErrSettled says that somebody else has settled the copy already.
var ErrSettled = errors.New("it was settled meanwhile")

// Quarantine is QUARANTINE for people. Its methods are safe for concurrent use.
type Quarantine struct {
	js     jetstream.JetStream
	stream jetstream.Stream
}

// OpenQuarantine finds QUARANTINE for a tool; it makes nothing.
func OpenQuarantine(ctx context.Context, nc *nats.Conn) (*Quarantine, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, err
	}
	stream, err := js.Stream(ctx, QuarantineStream)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		return nil, fmt.Errorf("this NATS server has no stream %s: is the gateway's ingest running on it?", QuarantineStream)
	}
	if err != nil {
		return nil, err
	}
	return &Quarantine{js: js, stream: stream}, nil
}

// List gives all that is on QUARANTINE, oldest first, with what became of it.
func (q *Quarantine) List(ctx context.Context) ([]Quarantined, error) {
	var all []Quarantined
	settled := map[uint64]*Settled{}
	config := jetstream.OrderedConsumerConfig{DeliverPolicy: jetstream.DeliverAllPolicy, HeadersOnly: true}
	err := read(ctx, q.stream, config, math.MaxUint64, func(msg jetstream.Msg, meta *jetstream.MsgMetadata) error {
		if of, note := readNote(msg.Subject(), msg.Headers(), meta.Timestamp); note != nil {
			if settled[of] == nil {
				settled[of] = note
			}
			return nil
		}
		size, _ := strconv.Atoi(msg.Headers().Get(nats.MsgSize))
		if one, ok := readQuarantined(msg.Subject(), msg.Headers(), meta.Sequence.Stream, meta.Timestamp, size); ok {
			all = append(all, one)
		}
		return nil
	})
	for i := range all {
		all[i].Settled = settled[all[i].Sequence]
	}
	return all, err
}

// readQuarantined reads a message on QUARANTINE. false: it is none of ours.
func readQuarantined(subject string, h nats.Header, sequence uint64, at time.Time, size int) (Quarantined, bool) {
	tokens := strings.Split(strings.TrimPrefix(subject, quarantinePrefix), ".")
	wireSequence, err := strconv.ParseUint(h.Get(headerWireSequence), 10, 64)
	if len(tokens) != 3 || err != nil {
		return Quarantined{}, false
	}
	retryOf, _ := strconv.ParseUint(h.Get(headerRetryOf), 10, 64)
	if h.Get(headerWhole) != "" {
		size = -1
	}
	return Quarantined{
		Sequence: sequence, At: at.UTC(), Provider: tokens[0], Code: wire.Code(h.Get(headerCode)), Reason: h.Get(headerReason),
		WireSubject: h.Get(headerWireSubject), WireSequence: wireSequence, RetryOf: retryOf, Size: size,
	}, true
}

// readNote reads what became of copy, nil if the message says nothing of the kind.
func readNote(subject string, h nats.Header, at time.Time) (of uint64, note *Settled) {
	number, ok := strings.CutPrefix(subject, donePrefix)
	of, err := strconv.ParseUint(number, 10, 64)
	if !ok || err != nil {
		return 0, nil
	}
	sequence, _ := strconv.ParseUint(h.Get(headerWireSequence), 10, 64)
	return of, &Settled{How: Settlement(h.Get(headerOutcome)), By: h.Get(headerBy), Why: h.Get(headerReason), At: at.UTC(), WireSequence: sequence}
}

// Get gives what has a sequence on QUARANTINE, with its bytes.
func (q *Quarantine) Get(ctx context.Context, sequence uint64) (*Held, error) {
	msg, err := q.stream.GetMsg(ctx, sequence)
	if err != nil && !errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, err
	}
	var held Held
	ok := false
	if err == nil {
		held.Quarantined, ok = readQuarantined(msg.Subject, msg.Header, msg.Sequence, msg.Time, len(msg.Data))
	}
	if !ok {
		return nil, fmt.Errorf("there is no quarantined copy %d: kawat quarantine list --all shows what there is", sequence)
	}
	note, err := q.stream.GetLastMsgForSubject(ctx, donePrefix+strconv.FormatUint(sequence, 10))
	if err == nil {
		_, held.Settled = readNote(note.Subject, note.Header, note.Time)
	} else if !errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, err
	}
	held.Data = msg.Data
	if held.Size < 0 {
		if held.Data, err = q.onWire(ctx, &held.Quarantined); err != nil {
			return nil, err
		}
	}
	held.Header = map[string][]string{}
	for name, values := range msg.Header {
		switch name {
		case headerCode, headerReason, headerWireSubject, headerWireSequence, headerWhole:
		default:
			if !strings.HasPrefix(name, "Nats-") {
				held.Header[name] = values
			}
		}
	}
	return &held, nil
}

// onWire fetches copy that QUARANTINE does not hold.
func (q *Quarantine) onWire(ctx context.Context, of *Quarantined) ([]byte, error) {
	stream, err := q.js.Stream(ctx, WireStream)
	if err != nil {
		return nil, err
	}
	msg, err := stream.GetMsg(ctx, of.WireSequence)
	if errors.Is(err, jetstream.ErrMsgNotFound) || err == nil && msg.Subject != of.WireSubject {
		return nil, fmt.Errorf("the copy of %d was too large for %s, and %s no longer has it as number %d: ask its sender for it", of.Sequence, QuarantineStream, WireStream, of.WireSequence)
	}
	if err != nil {
		return nil, err
	}
	return msg.Data, nil
}

// Retry pushes a message to WIRE again, with its bytes, headers and subject, and notes that of each item given, which are the
// message's that were refused and wait. Ingest reads all of it anew: what it recorded of it before is a duplicate then, and
// what it still cannot read comes to QUARANTINE again, under a new number. Pushed.Duplicate says that the same was retried
// within the last two minutes, so that nothing more was pushed.
func (q *Quarantine) Retry(ctx context.Context, items []Quarantined, by, why string) (Pushed, error) {
	held, err := q.Get(ctx, items[0].Sequence)
	if err != nil {
		return Pushed{}, err
	}
	msg := &nats.Msg{Subject: held.WireSubject, Data: held.Data, Header: nats.Header{}}
	for name, values := range held.Header {
		msg.Header[name] = values
	}
	msg.Header.Set(headerRetryOf, strconv.FormatUint(cmp.Or(held.RetryOf, held.WireSequence), 10))
	// Without an id of its own it might be taken for the push that it repeats; two people's retry is one.
	ack, err := q.js.PublishMsg(ctx, msg, jetstream.WithMsgID(fmt.Sprintf("retry/%s/%d", held.WireSubject, held.WireSequence)))
	switch {
	case errors.Is(err, jetstream.ErrNoStreamResponse), errors.Is(err, nats.ErrNoResponders):
		return Pushed{}, fmt.Errorf("no stream takes %s: is the gateway's ingest running on this NATS server? (%w)", held.WireSubject, err)
	case errors.Is(err, nats.ErrMaxPayload):
		return Pushed{}, fmt.Errorf("with the header of a retry it is larger than this NATS server takes: raise its max_payload by 1 kB (%w)", err)
	case err != nil:
		return Pushed{}, err
	}
	pushed := Pushed{Subject: held.WireSubject, Sequence: ack.Sequence, Duplicate: ack.Duplicate}
	for _, one := range items {
		if err := q.settle(ctx, one.Sequence, Settled{How: Retried, By: by, Why: why, WireSequence: ack.Sequence}); err != nil && !errors.Is(err, ErrSettled) {
			return pushed, fmt.Errorf("it was pushed again as %d on %s, but that could not be noted: %w", ack.Sequence, WireStream, err)
		}
	}
	return pushed, nil
}

// Discard notes that nobody will retry an item, and why. ErrSettled says that somebody has settled it already.
func (q *Quarantine) Discard(ctx context.Context, sequence uint64, by, why string) error {
	return q.settle(ctx, sequence, Settled{How: Discarded, By: by, Why: why})
}

func (q *Quarantine) settle(ctx context.Context, sequence uint64, s Settled) error {
	msg := nats.NewMsg(donePrefix + strconv.FormatUint(sequence, 10))
	msg.Header.Set(headerOutcome, string(s.How))
	msg.Header.Set(headerBy, headerValue(s.By))
	msg.Header.Set(headerReason, headerValue(s.Why))
	if s.WireSequence > 0 {
		msg.Header.Set(headerWireSequence, strconv.FormatUint(s.WireSequence, 10))
	}
	_, err := q.js.PublishMsg(ctx, msg, jetstream.WithExpectLastSequencePerSubject(0))
	if isConflict(err) {
		return ErrSettled
	}
	return err
}

// headerValue is text as a header can carry it: on one line.
func headerValue(s string) string {
	return strings.ToValidUTF8(strings.Join(strings.Fields(s), " "), "�")
}

// ByMessage puts together the items that were refused of one message on WIRE, in the order of their first ones.
func ByMessage(items []Quarantined) [][]Quarantined {
	type message struct {
		subject  string
		sequence uint64
	}
	var messages [][]Quarantined
	index := map[message]int{}
	for _, one := range items {
		m := message{one.WireSubject, one.WireSequence}
		i, ok := index[m]
		if !ok {
			i = len(messages)
			index[m] = i
			messages = append(messages, nil)
		}
		messages[i] = append(messages[i], one)
	}
	return messages
}
