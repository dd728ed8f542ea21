package ingest

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"kawat/internal/wire"
	"kawat/internal/wire/decode"
)

// decodePatience is how long one message may take to read: thousands of times what the largest needs.
const decodePatience = 10 * time.Second

// decode reads a batch with as many workers as there are cores. Order is restored by version and sequence later, so nobody
// waits for it here. One message that a parser panics on, or does not come back from, does not stop the others.
func (in *Ingest) decode(batch []*item) {
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(batch)) {
		group.Go(func() {
			w := worker{batch: batch, next: &next, patience: decodePatience, read: in.decodeOne, fault: in.fault}
			for w.work() {
			}
		})
	}
	group.Wait()
}

// worker reads messages of a batch, one after the other.
type worker struct {
	batch    []*item
	next     *atomic.Int64 // the next message of the batch that nobody has taken
	patience time.Duration
	read     func(i int, it *item) outcome
	fault    func(provider, what string) []*wire.Refusal
}

// outcome is what came of the batch's message i.
type outcome struct {
	i        int
	stories  []*wire.Story
	refusals []*wire.Refusal
	order    *wire.Order
	read     period
}

// work reads messages until there are none left, or until one is not read in time; then it says true, and is to be
// called again. The reading is done beside it, so that it can be left behind.
func (w *worker) work() (again bool) {
	var taking sync.Mutex
	taken, left := -1, false
	take := func() (i int, ok bool) {
		taking.Lock()
		defer taking.Unlock()
		if left {
			return 0, false
		}
		i = int(w.next.Add(1) - 1)
		if ok = i < len(w.batch); ok {
			taken = i
		}
		return i, ok
	}
	outcomes := make(chan outcome, len(w.batch)) // whoever reads never waits, not even for someone who has gone
	go func() {
		defer close(outcomes)
		for i, ok := take(); ok; i, ok = take() {
			outcomes <- w.read(i, w.batch[i])
		}
	}()
	timeout := time.NewTimer(w.patience)
	defer timeout.Stop()
	put := func(o outcome) {
		it := w.batch[o.i]
		it.stories, it.refusals, it.order, it.read = o.stories, o.refusals, o.order, o.read
	}
	last := -1
	for {
		select {
		case o, ok := <-outcomes:
			if !ok {
				return false
			}
			put(o)
			last = o.i
			timeout.Reset(w.patience)
			continue
		case <-timeout.C:
		}
		taking.Lock()
		left = true
		stuck := taken
		taking.Unlock()
		for waiting := len(outcomes); waiting > 0; waiting-- {
			o, ok := <-outcomes
			if !ok {
				return false
			}
			put(o)
			last = o.i
		}
		if last != stuck {
			// What it works at is lost to this process, but not the wire.
			it := w.batch[stuck]
			it.refusals = w.fault(it.Provider, fmt.Sprintf("it was not read within %s", w.patience))
		}
		return true
	}
}

// decodeOne reads one message. Whatever it holds, exactly its stories and refusals come out of it, never nothing.
func (in *Ingest) decodeOne(i int, it *item) (o outcome) {
	o.i, o.read.began = i, time.Now()
	defer func() {
		if p := recover(); p != nil {
			o.stories, o.refusals = nil, in.fault(it.Provider, fmt.Sprint(p))
		}
		o.read.ended = time.Now()
		in.Metrics.took(stageDecode, o.read.ended.Sub(o.read.began))
	}()
	if !wire.ValidProvider(it.Provider) {
		o.refusals = []*wire.Refusal{wire.Refuse(wire.BadSubject,
			"the subject %s names no provider: push to wire.in.<provider>, in lower-case letters, digits, - and _", it.Subject)}
		return o
	}
	if it.Order {
		order, err := wire.ReadOrder(it.Data())
		if err != nil {
			o.refusals = []*wire.Refusal{wire.AsRefusal(err)}
			return o
		}
		o.order = order
		return o
	}
	headers, err := wire.ReadHeaders(it.Header)
	if err != nil {
		var r *wire.Refusal
		if !errors.As(err, &r) {
			r = wire.Refuse(wire.BadHeader, "%v", err)
		}
		o.refusals = []*wire.Refusal{r}
		return o
	}
	o.stories, o.refusals = decode.Decode(&wire.Copy{
		Data: it.Data(), ContentType: it.Header(wire.HeaderContentType), Headers: headers, Profile: in.Profile(it.Provider),
	})
	trace := it.span.Parent()
	for _, s := range o.stories {
		s.Received.Sequence, s.Received.At, s.Received.Trace = it.First(), it.At, trace
	}
	return o
}

// fault is kawat's own failure on a message.
func (in *Ingest) fault(provider, what string) []*wire.Refusal {
	in.Log.Error("a parser failed; the copy is quarantined", "provider", provider, "fault", what)
	return []*wire.Refusal{wire.Refuse(wire.ParserFault, "kawat failed on this copy (%s): report it; the copy is kept whole", what)}
}
