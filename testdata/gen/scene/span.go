package scene

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// Span is a span being told. From and Dur are milliseconds, From counted from
// the start of its trace in true time; the recorded times are those of the
// service's own clock.
type Span struct {
	From, Dur float64

	svc    *Service
	origin time.Time
	span   trace.Span
	ctx    context.Context
}

// End is when the span ends, in milliseconds from the start of its trace.
func (s *Span) End() float64 { return s.From + s.Dur }

// Context is the span's identity, for links and remote parents.
func (s *Span) Context() trace.SpanContext { return s.span.SpanContext() }

// Service is the process the span ran in.
func (s *Span) Service() *Service { return s.svc }

// clock is what the service's clock shows at a moment of the trace.
func (s *Span) clock(ms float64) time.Time { return moment(s.origin, ms).Add(s.svc.place.skew) }

func (s *Span) endsAt() time.Time { return s.clock(s.End()) }

// moment rounds to whole microseconds, so that formats with coarser clocks
// tell the same story.
func moment(origin time.Time, ms float64) time.Time {
	return origin.Add(time.Duration(ms*1000+0.5) * time.Microsecond)
}

// start opens a span under parent (a context without span: a root).
func (s *Service) start(ctx context.Context, origin time.Time, lib Library, kind trace.SpanKind, name string, from, dur float64, opts []trace.SpanStartOption, kv []attribute.KeyValue) *Span {
	told := &Span{From: from, Dur: dur, svc: s, origin: origin}
	opts = append(opts, trace.WithSpanKind(kind), trace.WithTimestamp(told.clock(from)), trace.WithAttributes(kv...))
	told.ctx, told.span = s.tracer(lib).Start(ctx, name, opts...)
	s.world.open = append(s.world.open, told)
	return told
}

// Root starts a trace at true time at.
func (s *Service) Root(at time.Time, kind trace.SpanKind, name string, dur float64, kv ...attribute.KeyValue) *Span {
	return s.start(context.Background(), at, libraryOf(kind), kind, name, 0, dur, nil, kv)
}

// RootUnder starts a span whose parent is known by identity only, in a trace
// that other processes began; the parent itself need not exist.
func (s *Service) RootUnder(parent trace.SpanContext, at time.Time, kind trace.SpanKind, name string, dur float64, kv ...attribute.KeyValue) *Span {
	ctx := trace.ContextWithRemoteSpanContext(context.Background(), parent)
	return s.start(ctx, at, libraryOf(kind), kind, name, 0, dur, nil, kv)
}

// Child starts a span under s in service to. In another service the parent is a
// remote one, as after a network hop.
func (s *Span) Child(to *Service, lib Library, kind trace.SpanKind, name string, from, dur float64, kv ...attribute.KeyValue) *Span {
	ctx := s.ctx
	if to != s.svc {
		ctx = trace.ContextWithRemoteSpanContext(context.Background(), s.span.SpanContext())
	}
	return to.start(ctx, s.origin, lib, kind, name, from, dur, nil, kv)
}

// Inner is work inside the service: an INTERNAL span of its own tracer.
func (s *Span) Inner(name string, from, dur float64, kv ...attribute.KeyValue) *Span {
	return s.Child(s.svc, Own, trace.SpanKindInternal, name, from, dur, kv...)
}

// Set adds attributes.
func (s *Span) Set(kv ...attribute.KeyValue) *Span {
	s.span.SetAttributes(kv...)
	return s
}

// Event records an event at a moment of the trace.
func (s *Span) Event(at float64, name string, kv ...attribute.KeyValue) *Span {
	s.span.AddEvent(name, trace.WithTimestamp(s.clock(at)), trace.WithAttributes(kv...))
	return s
}

// EventOn records an event whose time is off by the given amount, as a logger
// with another idea of the time would.
func (s *Span) EventOn(at float64, off time.Duration, name string, kv ...attribute.KeyValue) *Span {
	s.span.AddEvent(name, trace.WithTimestamp(s.clock(at).Add(off)), trace.WithAttributes(kv...))
	return s
}

// Exception records an exception event just before the end of the span.
func (s *Span) Exception(kind, message, stack string) *Span {
	kv := []attribute.KeyValue{attribute.String("exception.type", kind), attribute.String("exception.message", message)}
	if stack != "" && !s.svc.world.lean {
		kv = append(kv, attribute.String("exception.stacktrace", stack))
	}
	return s.Event(s.End()-min(0.2, s.Dur/10), "exception", kv...)
}

// Fail marks the span as failed.
func (s *Span) Fail(errorType, message string) *Span {
	if errorType != "" {
		s.Set(attribute.String("error.type", errorType))
	}
	s.span.SetStatus(codes.Error, message)
	return s
}

// OK sets the status to OK, which instrumentation rarely does.
func (s *Span) OK() *Span {
	s.span.SetStatus(codes.Ok, "")
	return s
}

// Link points at another span.
func (s *Span) Link(to trace.SpanContext, kv ...attribute.KeyValue) *Span {
	s.span.AddLink(trace.Link{SpanContext: to, Attributes: kv})
	return s
}

func libraryOf(kind trace.SpanKind) Library {
	switch kind {
	case trace.SpanKindServer, trace.SpanKindClient:
		return HTTP
	case trace.SpanKindConsumer, trace.SpanKindProducer:
		return Messaging
	case trace.SpanKindInternal, trace.SpanKindUnspecified:
		return Own
	}
	return Own
}
