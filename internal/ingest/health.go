package ingest

import (
	"errors"
	"sync"
	"time"
)

// Health is how ingest is doing, for operators.
type Health struct {
	// Halted is why nothing is recorded now, "" when it is.
	Halted string
	// Lost says that it is because records of STORIES are missing.
	Lost bool
	// Wire is why WIRE cannot be read now, "" when it can.
	Wire string
	// Unread is why the cache, or STORIES, could not be looked at, "" when they could. Unseen is how long ago they last were.
	Unread string
	Unseen time.Duration
	// Looked says that they were looked at at least once.
	Looked bool
	// Unfilled is why the cache has to be filled anew, "" when all is in it; another replica may be at it.
	Unfilled string
	// Refill is how far a filling by this replica is; nil when there is none.
	Refill *Refill
	// Behind is how many records of STORIES are not in the cache, and BehindFor how long it has lacked some.
	Behind    uint64
	BehindFor time.Duration
	// InHand is how long the oldest copy that was taken from WIRE has waited for its outcome.
	InHand time.Duration
}

// Refill is how far a filling of the cache is.
type Refill struct {
	// Records are in it, of as many as there are.
	Records uint64 `json:"records"`
	Of      uint64 `json:"of"`
	// Seconds is how long it has been under way.
	Seconds float64 `json:"seconds"`
}

// Health may be called from any goroutine at any time; it asks no server.
func (in *Ingest) Health() Health {
	var h Health
	if why := in.halted.Load(); why != nil {
		h.Halted, h.Lost = (*why).Error(), errors.Is(*why, errStoriesLost)
	}
	h.Wire = in.Ledger.WireTrouble()
	p := &in.pulse
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.looked.IsZero() {
		h.Looked, h.Unseen = true, time.Since(p.looked)
	}
	h.Unread, h.Unfilled, h.Behind = p.unread, p.unfilled, p.behind
	if p.behind > 0 {
		h.BehindFor = time.Since(p.behindSince)
	}
	if !p.refillBegan.IsZero() {
		h.Refill = &Refill{p.records, p.of, time.Since(p.refillBegan).Seconds()}
	}
	for _, since := range p.hand {
		h.InHand = max(h.InHand, time.Since(since))
	}
	return h
}

// pulse is what Health tells, as the parts of ingest note it.
type pulse struct {
	mu               sync.Mutex
	looked           time.Time
	unread, unfilled string
	behind, cached   uint64
	behindSince      time.Time
	refillBegan      time.Time
	records, of      uint64
	hand             map[uint64]time.Time // by batch: since when
	batch            uint64
}

// look notes the end of a look at the cache.
func (p *pulse) look(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unread = ""
	if err != nil {
		p.unread = err.Error()
		return
	}
	p.looked = time.Now()
}

// found notes what a look found: the newest records on STORIES and in the cache, and why it has to be filled anew.
func (p *pulse) found(stories, cached uint64, unfilled string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unfilled = unfilled
	if p.behind == 0 {
		p.behindSince = time.Now()
	}
	// Both were asked for at two moments: while copy comes in, a newer record in the cache is no lack.
	p.behind = stories - min(stories, cached)
	if cached > p.cached {
		p.cached, p.behindSince = cached, time.Now() // it comes along
	}
}

// refilling notes how far a filling is; the function that it gives notes its end.
func (p *pulse) refilling() (progress func(records, of uint64), end func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refillBegan, p.records, p.of = time.Now(), 0, 0
	return func(records, of uint64) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.records, p.of = max(p.records, records), max(p.of, of)
		}, func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.refillBegan = time.Time{}
		}
}

// take notes that a batch was taken in hand; the function that it gives, that it has its outcome.
func (p *pulse) take() (outcome func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.batch++
	this := p.batch
	if p.hand == nil {
		p.hand = map[uint64]time.Time{}
	}
	p.hand[this] = time.Now()
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.hand, this)
	}
}
