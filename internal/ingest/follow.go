package ingest

import (
	"time"

	"kawat/internal/traces"
	"kawat/internal/wire"
)

// follow begins a span for each message of a batch, which goes on from its sender's.
func (in *Ingest) follow(batch []*item) {
	if in.Traces == nil {
		return
	}
	now := time.Now()
	for _, it := range batch {
		it.span = in.Traces.Begin(it.Header(wire.HeaderTrace), "ingest", traces.Consumer, now)
	}
}

// followed ends a message's span, with the steps that it took: those of its batch are each of its messages'.
func (in *Ingest) followed(it *item, steps []step, at time.Time) {
	if it.span.Noted() {
		it.span.Step("decode", it.read.began, it.read.ended)
		for _, s := range steps {
			if s.stage != stageQuarantine || len(it.refusals) > 0 {
				it.span.Step(s.stage, s.took.began, s.took.ended)
			}
		}
		it.span.Say("messaging.system", "nats")
		it.span.Say("messaging.destination.name", it.Subject)
		it.span.Say("kawat.provider", it.Provider)
		it.span.Count("kawat.wire.sequence", int64(it.Sequence))
		it.span.Count("kawat.attempt", int64(it.Attempts))
		it.span.Count("kawat.stories", int64(len(it.stories)))
		if len(it.stories) > 0 {
			it.span.Say("kawat.story.id", it.stories[0].ID)
		}
		if len(it.refusals) > 0 {
			it.span.Fail(string(it.refusals[0].Code))
		}
	}
	it.span.End(at)
}

// unfinished ends the spans of a batch whose last step was not done before the process had to stop.
func (in *Ingest) unfinished(batch []*item, steps []step) {
	if in.Traces == nil {
		return
	}
	for _, it := range batch {
		it.span.Fail("the process stopped before this was done")
		in.followed(it, steps, time.Now())
	}
}
