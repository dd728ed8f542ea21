// Package traces follows copy on its way through the gateway, as OpenTelemetry spans that are sent to a collector by OTLP over
// HTTP. Whoever traces nothing has a nil *Traces, whose methods cost nothing, and so do those of the nil *Span that it gives.
package traces

import (
	"context"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// Options say where spans go.
type Options struct {
	// Endpoint is the collector's address, whole: http://127.0.0.1:4318/v1/traces.
	Endpoint string
	// Sample is how many traces of all are kept, above 0 to 1. Which ones depends on the trace's id alone, so that every program
	// keeps the same.
	Sample float64
	// Service and Version are those of the program.
	Service, Version string
	Log              *slog.Logger
}

// Traces sends spans in the background. What the collector does not take in time is dropped: copy never waits for it. Its methods
// may be called from any goroutine.
type Traces struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
}

// sendTimeout is how long the collector is given to take a batch of spans.
const sendTimeout = 5 * time.Second

// New makes Traces. It does not wait for the collector. There is one in a process: what the library complains of, it complains of
// for all.
func New(o Options) (*Traces, error) {
	exporter, err := otlptracehttp.New(context.Background(), otlptracehttp.WithEndpointURL(o.Endpoint), otlptracehttp.WithTimeout(sendTimeout))
	if err != nil {
		return nil, fmt.Errorf("traces: %w", err)
	}
	otel.SetErrorHandler(&complaints{log: o.Log, endpoint: o.Endpoint})
	// A sender's own mark that its trace is kept is no reason to keep it: a stranger would decide how much is sent.
	ratio := sdk.TraceIDRatioBased(o.Sample)
	provider := sdk.NewTracerProvider(
		sdk.WithBatcher(exporter, sdk.WithBatchTimeout(time.Second)),
		sdk.WithSampler(sdk.ParentBased(ratio, sdk.WithRemoteParentSampled(ratio))),
		sdk.WithResource(resource.NewSchemaless(attribute.String("service.name", o.Service), attribute.String("service.version", o.Version))),
	)
	return &Traces{provider, provider.Tracer("kawat")}, nil
}

// Stop sends what is left, for as long as the context lets it.
func (t *Traces) Stop(ctx context.Context) error {
	if t == nil {
		return nil
	}
	return t.provider.Shutdown(ctx)
}

// complaints logs what the library cannot do, at most once a minute: a collector that is away is one event, not thousands.
type complaints struct {
	log      *slog.Logger
	endpoint string
	said     atomic.Int64
}

func (c *complaints) Handle(err error) {
	now, before := time.Now().Unix(), c.said.Load()
	if now-before >= 60 && c.said.CompareAndSwap(before, now) {
		c.log.Warn("spans cannot be sent; the copy is not concerned", "endpoint", c.endpoint, "error", err)
	}
}

// Kind is what a span is to the others of its trace.
type Kind = trace.SpanKind

// The kinds that the gateway has: copy is produced by who pushes it and consumed by ingest, all else is internal.
const (
	Producer = trace.SpanKindProducer
	Consumer = trace.SpanKindConsumer
	Internal = trace.SpanKindInternal
)

// Span is one step on the way; nil: nobody notes it. It belongs to one goroutine.
type Span struct {
	traces *Traces
	ctx    context.Context
	span   trace.Span
}

// parentLength is how long a traceparent of version 00 is, the only one that there is (W3C Trace Context, section 3.2.2).
const parentLength = 55

// Begin begins a span that goes on from a traceparent of whoever was before. Where that is none, or is none that can be read, it
// begins a trace of its own.
func (t *Traces) Begin(parent, name string, kind Kind, at time.Time) *Span {
	if t == nil {
		return nil
	}
	ctx := context.Background()
	if len(parent) == parentLength {
		ctx = propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{"traceparent": parent})
	}
	ctx, span := t.tracer.Start(ctx, name, trace.WithSpanKind(kind), trace.WithTimestamp(at))
	return &Span{t, ctx, span}
}

// Parent is the span as a traceparent, for whoever comes after; "" where nobody notes it.
func (s *Span) Parent() string {
	if s == nil {
		return ""
	}
	carrier := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(s.ctx, carrier)
	return carrier["traceparent"]
}

// Noted says whether the span will be sent; where it is not, nobody need find out what to say of it.
func (s *Span) Noted() bool { return s != nil && s.span.IsRecording() }

// Step notes a step within the span that is over.
func (s *Span) Step(name string, began, ended time.Time) {
	if !s.Noted() {
		return
	}
	_, step := s.traces.tracer.Start(s.ctx, name, trace.WithTimestamp(began))
	step.End(trace.WithTimestamp(ended))
}

// Say notes a fact; names are as OpenTelemetry has them: lower-case words with dots.
func (s *Span) Say(name, value string) {
	if s.Noted() {
		s.span.SetAttributes(attribute.String(name, value))
	}
}

// Count notes a number.
func (s *Span) Count(name string, value int64) {
	if s.Noted() {
		s.span.SetAttributes(attribute.Int64(name, value))
	}
}

// Fail says that what the span is about came to nothing, and why.
func (s *Span) Fail(why string) {
	if s.Noted() {
		s.span.SetStatus(codes.Error, why)
	}
}

// End ends the span.
func (s *Span) End(at time.Time) {
	if s != nil {
		s.span.End(trace.WithTimestamp(at))
	}
}
