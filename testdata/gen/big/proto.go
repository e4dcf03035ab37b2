package main

import (
	"encoding/binary"
	"io"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	resourcepb "go.opentelemetry.io/proto/otlp/resource/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// protoBatch writes a record of four bytes of length and one message a batch.
type protoBatch struct {
	w     io.Writer
	words *words
	attrs []attr
	buf   []byte
}

func (p *protoBatch) batch(spans []span) error {
	if p.words == nil {
		p.words = vocabulary()
	}
	data := &tracepb.TracesData{}
	var resource *tracepb.ResourceSpans
	var scope *tracepb.ScopeSpans
	for i := range spans {
		s := &spans[i]
		newResource := i == 0 || spans[i-1].service != s.service
		if newResource {
			p.attrs = p.words.resource(p.attrs[:0], s.service)
			resource = &tracepb.ResourceSpans{Resource: &resourcepb.Resource{Attributes: keyValues(p.attrs)}, SchemaUrl: "https://opentelemetry.io/schemas/1.38.0"}
			data.ResourceSpans = append(data.ResourceSpans, resource)
		}
		if newResource || spans[i-1].op.scopeRank() != s.op.scopeRank() {
			name, version := s.op.scope()
			scope = &tracepb.ScopeSpans{Scope: &commonpb.InstrumentationScope{Name: name, Version: version}}
			resource.ScopeSpans = append(resource.ScopeSpans, scope)
		}
		scope.Spans = append(scope.Spans, p.span(s))
	}
	var err error
	p.buf, err = proto.MarshalOptions{Deterministic: true}.MarshalAppend(append(p.buf[:0], 0, 0, 0, 0), data)
	if err != nil {
		return err
	}
	binary.BigEndian.PutUint32(p.buf, uint32(len(p.buf)-4))
	_, err = p.w.Write(p.buf)
	return err
}

func (p *protoBatch) span(s *span) *tracepb.Span {
	p.attrs = p.words.attributes(p.attrs[:0], s)
	out := &tracepb.Span{
		TraceId: s.trace[:], SpanId: s.id[:], Flags: s.flags(), Name: p.words.name(s), Kind: tracepb.Span_SpanKind(s.op.kind()),
		StartTimeUnixNano: uint64(s.start), EndTimeUnixNano: uint64(s.end), Attributes: keyValues(p.attrs), Status: &tracepb.Status{},
	}
	if s.parent != [8]byte{} {
		out.ParentSpanId = s.parent[:]
	}
	if s.hasEvent() {
		out.Events = append(out.Events, &tracepb.Span_Event{TimeUnixNano: uint64(s.start + (s.end-s.start)/2), Name: "cache.miss",
			Attributes: keyValues([]attr{{key: "cache.name", str: "local"}})})
	}
	if s.failed {
		out.Status = &tracepb.Status{Message: "unavailable", Code: tracepb.Status_STATUS_CODE_ERROR}
		out.Events = append(out.Events, &tracepb.Span_Event{TimeUnixNano: uint64(s.end), Name: "exception",
			Attributes: keyValues([]attr{{key: "exception.type", str: "Unavailable"}, {key: "exception.message", str: message}})})
	}
	return out
}

func keyValues(attrs []attr) []*commonpb.KeyValue {
	out := make([]*commonpb.KeyValue, len(attrs))
	for i, a := range attrs {
		v := &commonpb.AnyValue{Value: &commonpb.AnyValue_IntValue{IntValue: a.num}}
		if a.str != "" {
			v = &commonpb.AnyValue{Value: &commonpb.AnyValue_StringValue{StringValue: a.str}}
		}
		out[i] = &commonpb.KeyValue{Key: a.key, Value: v}
	}
	return out
}
