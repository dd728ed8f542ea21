package ledger

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
)

// rebuildSubject is where operators ask ingest to refill the cache. Whoever may publish on it may make ingest work for
// nothing, and no more.
const rebuildSubject = "kawat.rebuild"

const (
	// sayEvery is how often ingest says how far it is, and silence how long a tool waits for the next word.
	sayEvery = 500 * time.Millisecond
	silence  = 15 * time.Second
)

// Progress is how far a rebuild is.
type Progress struct {
	// Records are in the new filling, of as many as there are.
	Records uint64 `json:"records"`
	Of      uint64 `json:"of"`
	// Seconds is how long it has been under way.
	Seconds float64 `json:"seconds"`
	// Done says that this is the last word; Error is why it failed, "" when the new filling is served.
	Done  bool   `json:"done,omitzero"`
	Error string `json:"error,omitzero"`
}

// AnswerRebuilds does work whenever an operator asks for a rebuild, until the context ends. Of several replicas one is
// asked. While it works it refuses further requests. work tells its progress by any goroutine and ends when its context does.
func (l *Ledger) AnswerRebuilds(ctx context.Context, work func(ctx context.Context, progress func(done, of uint64)) error) {
	nc := l.js.Conn()
	var busy sync.Mutex
	var working sync.WaitGroup
	sub, err := nc.QueueSubscribe(rebuildSubject, IngestConsumer, func(m *nats.Msg) {
		if m.Reply == "" { // nobody would hear how it ends
			return
		}
		if !busy.TryLock() {
			l.say(m.Reply, Progress{Done: true, Error: "a rebuild is under way already: wait until it is done"})
			return
		}
		working.Go(func() {
			defer busy.Unlock()
			l.answer(ctx, m.Reply, work)
		})
	})
	if err != nil { // the connection is closed
		l.log.Error("rebuilds cannot be asked for", "error", err)
		return
	}
	<-ctx.Done()
	_ = sub.Unsubscribe() // it goes with the connection otherwise
	working.Wait()
}

func (l *Ledger) answer(ctx context.Context, inbox string, work func(context.Context, func(done, of uint64)) error) {
	var mu sync.Mutex
	var now Progress
	begin := time.Now()
	finished := make(chan error, 1)
	go func() {
		finished <- work(ctx, func(done, of uint64) {
			mu.Lock()
			defer mu.Unlock()
			now.Records, now.Of = max(now.Records, done), max(now.Of, of)
		})
	}()
	said := func() Progress {
		mu.Lock()
		defer mu.Unlock()
		now.Seconds = time.Since(begin).Seconds()
		return now
	}
	l.say(inbox, said())
	tick := time.NewTicker(sayEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			l.say(inbox, said())
		case err := <-finished:
			last := said()
			last.Done = true
			if err != nil {
				last.Error = err.Error()
			}
			l.say(inbox, last)
			return
		}
	}
}

// say answers an operator, who may be gone.
func (l *Ledger) say(inbox string, p Progress) {
	line, err := json.Marshal(p)
	if err == nil {
		err = l.js.Conn().Publish(inbox, line)
	}
	if err != nil {
		l.log.Warn("answer an operator", "error", err)
	}
}

// Rebuild asks a running ingest to refill its cache from STORIES, and gives each word of its progress to show. It returns
// nil when the new filling is served. When the context ends, ingest goes on all the same.
func Rebuild(ctx context.Context, nc *nats.Conn, show func(Progress)) error {
	inbox := nc.NewInbox()
	sub, err := nc.SubscribeSync(inbox)
	if err != nil {
		return err
	}
	defer sub.Unsubscribe()
	if err := nc.PublishRequest(rebuildSubject, inbox, nil); err != nil {
		return err
	}
	for {
		waiting, cancel := context.WithTimeout(ctx, silence)
		m, err := sub.NextMsgWithContext(waiting)
		cancel()
		switch {
		case errors.Is(err, nats.ErrNoResponders):
			return errors.New("no ingest listens on this NATS server: start it, or give the address of the server that it uses (--nats)")
		case errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil:
			return fmt.Errorf("ingest has said nothing for %s: it may have been stopped, and then begins anew when it starts; look at its log", silence)
		case err != nil:
			return err
		}
		var p Progress
		if err := json.Unmarshal(m.Data, &p); err != nil {
			return fmt.Errorf("an answer that this kawat does not understand: is ingest of another version? (%w)", err)
		}
		if p.Error != "" {
			return errors.New(p.Error)
		}
		show(p)
		if p.Done {
			return nil
		}
	}
}
