package ledger

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"kawat/internal/wire"
)

// families is the stream FAMILIES: an empty message for each story that names the story it translates, on
// family.<token of the original's id>.<provider>.<token of its own id>. It is an index and no truth: what it says is
// looked up on STORIES. But it is written before a translation is recorded, and read after its original was killed, so
// that of the two, whichever way they race, one sees the other.
type families struct {
	stream jetstream.Stream
	js     jetstream.JetStream

	cancel context.CancelFunc
	done   chan struct{}
	mu     sync.Mutex
	known  map[string]map[string]struct{} // originals' tokens, and below each the translations' subjects, as far as we have heard
}

func newFamilies(ctx context.Context, js jetstream.JetStream, stream jetstream.Stream) (*families, error) {
	info, err := stream.Info(ctx, jetstream.WithSubjectFilter(familyPrefix+">"))
	if err != nil {
		return nil, err
	}
	f := &families{stream: stream, js: js, done: make(chan struct{}), known: map[string]map[string]struct{}{}}
	for subject := range info.State.Subjects {
		f.learn(subject)
	}
	ctx, f.cancel = context.WithCancel(context.WithoutCancel(ctx))
	go f.follow(ctx, info.State.LastSeq+1)
	return f, nil
}

func (f *families) stop() {
	f.cancel()
	<-f.done
}

// follow learns from other replicas which ids are translated, so that copy of the many stories that are not need not ask.
func (f *families) follow(ctx context.Context, next uint64) {
	defer close(f.done)
	for ctx.Err() == nil {
		config := from(next)
		config.HeadersOnly = true
		_ = follow(ctx, f.stream, config, func(msg jetstream.Msg, meta *jetstream.MsgMetadata) error {
			f.learn(msg.Subject())
			next = meta.Sequence.Stream + 1
			return nil
		})
		sleep(ctx, time.Second)
	}
}

func (f *families) learn(subject string) {
	original, _, _ := strings.Cut(strings.TrimPrefix(subject, familyPrefix), ".")
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.known[original] == nil {
		f.known[original] = map[string]struct{}{}
	}
	f.known[original][subject] = struct{}{}
}

// knows says whether it is known that a story translates another one.
func (f *families) knows(t wire.Key, original string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	_, ok := f.known[wire.IDToken(original)][familySubject(t, original)]
	return ok
}

// mayHave says whether somebody is known to translate the story with this id. It is for what can wait: an answer of false
// may be a moment old.
func (f *families) mayHave(id string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.known[wire.IDToken(id)]) > 0
}

// familySubject is where a story is noted as a translation.
func familySubject(t wire.Key, original string) string {
	return familyPrefix + wire.IDToken(original) + "." + t.Provider + "." + wire.IDToken(t.ID)
}

// join notes that a story translates another one.
func (f *families) join(ctx context.Context, t wire.Key, original string) error {
	if f.knows(t, original) {
		return nil
	}
	msg := &nats.Msg{Subject: familySubject(t, original), Data: []byte(t.ID)}
	_, err := f.js.PublishMsg(ctx, msg, jetstream.WithExpectLastSequencePerSubject(0))
	if err != nil && !isConflict(err) { // a conflict: it is noted already
		return err
	}
	f.learn(msg.Subject)
	return nil
}

// of gives the stories that are, or once were, noted as translations of the story with this id.
func (f *families) of(ctx context.Context, original string) ([]wire.Key, error) {
	prefix := familyPrefix + wire.IDToken(original) + "."
	info, err := f.stream.Info(ctx, jetstream.WithSubjectFilter(prefix+">"))
	if err != nil {
		return nil, err
	}
	return f.keys(ctx, info.State.Subjects)
}

// all gives every story that is, or once was, noted as a translation.
func (f *families) all(ctx context.Context) ([]wire.Key, error) {
	info, err := f.stream.Info(ctx, jetstream.WithSubjectFilter(familyPrefix+">"))
	if err != nil {
		return nil, err
	}
	return f.keys(ctx, info.State.Subjects)
}

func (f *families) keys(ctx context.Context, subjects map[string]uint64) ([]wire.Key, error) {
	var keys []wire.Key
	for subject := range subjects {
		msg, err := f.stream.GetLastMsgForSubject(ctx, subject)
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		tokens := strings.Split(subject, ".")
		keys = append(keys, wire.Key{Provider: tokens[2], ID: string(msg.Data)})
	}
	return keys, nil
}
