package otlpproto

import (
	"math"

	"tracefall/sources/decode"
	"tracefall/sources/trace"
)

// The fields of OTLP's messages from the resource and the span down, as opentelemetry/proto/trace/v1/trace.proto and
// its neighbours number them.
const (
	resourceAttributes = 1<<3 | wireBytes
	resourceDropped    = 2<<3 | wireVarint

	scopeName       = 1<<3 | wireBytes
	scopeVersion    = 2<<3 | wireBytes
	scopeAttributes = 3<<3 | wireBytes
	scopeDropped    = 4<<3 | wireVarint

	spanTraceID       = 1<<3 | wireBytes
	spanID            = 2<<3 | wireBytes
	spanState         = 3<<3 | wireBytes
	spanParent        = 4<<3 | wireBytes
	spanName          = 5<<3 | wireBytes
	spanKind          = 6<<3 | wireVarint
	spanStart         = 7<<3 | wireFixed8
	spanEnd           = 8<<3 | wireFixed8
	spanAttributes    = 9<<3 | wireBytes
	spanDropped       = 10<<3 | wireVarint
	spanEvents        = 11<<3 | wireBytes
	spanDroppedEvents = 12<<3 | wireVarint
	spanLinks         = 13<<3 | wireBytes
	spanDroppedLinks  = 14<<3 | wireVarint
	spanStatus        = 15<<3 | wireBytes
	spanFlagBits      = 16<<3 | wireFixed4

	statusMessage = 2<<3 | wireBytes
	statusCode    = 3<<3 | wireVarint

	eventTime       = 1<<3 | wireFixed8
	eventName       = 2<<3 | wireBytes
	eventAttributes = 3<<3 | wireBytes
	eventDropped    = 4<<3 | wireVarint

	linkTraceID    = 1<<3 | wireBytes
	linkSpanID     = 2<<3 | wireBytes
	linkState      = 3<<3 | wireBytes
	linkAttributes = 4<<3 | wireBytes
	linkDropped    = 5<<3 | wireVarint
)

// isSpan tells spans from metrics and log records, whose messages have the same shape down to here. Where a span has
// a trace id of 16 bytes, a log record has a time and a metric its name, which may be as long; but then a span has an
// id of 8 bytes or a time where a metric has its description and its data.
func isSpan(msg []byte) bool {
	traced, timed := false, false
	for f := fieldsOf(msg, 0); f.Next(); {
		switch f.tag {
		case spanTraceID:
			traced = len(f.value) == decode.TraceIDLength
		case spanID:
			timed = timed || len(f.value) == decode.SpanIDLength
		case spanStart, spanEnd:
			timed = true
		}
		if traced && timed {
			return true
		}
	}
	return false
}

// resource appends a resource's attributes to r.attrs and returns how many were dropped.
func (r *reader) resource(msg []byte, at int) (dropped uint32) {
	f := fieldsOf(msg, at)
	for f.Next() {
		switch f.tag {
		case resourceAttributes:
			r.attrs = append(r.attrs, r.keyValue(f.value, f.valueAt))
		case resourceDropped:
			dropped = uint32(f.number)
		}
	}
	r.damaged = r.damaged || f.damaged
	return dropped
}

// protoScope is a scope but for its attributes.
type protoScope struct {
	name, version trace.Symbol
	dropped       uint32
}

// scope fills in a scope and appends its attributes to r.attrs.
func (r *reader) scope(msg []byte, at int, sc *protoScope) {
	f := fieldsOf(msg, at)
	for f.Next() {
		switch f.tag {
		case scopeName:
			sc.name = r.symbol(f.value)
		case scopeVersion:
			sc.version = r.symbol(f.value)
		case scopeAttributes:
			r.attrs = append(r.attrs, r.keyValue(f.value, f.valueAt))
		case scopeDropped:
			sc.dropped = uint32(f.number)
		}
	}
	r.damaged = r.damaged || f.damaged
}

// span fills in raw, which is reset.
func (r *reader) span(msg []byte, at int) {
	raw := &r.Span
	f := fieldsOf(msg, at)
	for f.Next() {
		switch f.tag {
		case spanTraceID:
			raw.Trace = decode.BytesTraceID(f.value)
		case spanID:
			raw.ID = decode.BytesSpanID(f.value)
		case spanState:
			raw.State = r.symbol(f.value)
		case spanParent:
			raw.Parent = decode.BytesSpanID(f.value)
		case spanName:
			raw.Name = r.symbol(f.value)
		case spanKind:
			raw.Kind = trace.KindUnspecified
			if kind := int32(f.number); kind >= 0 && kind <= int32(trace.KindConsumer) {
				raw.Kind = trace.Kind(kind)
			}
		case spanStart:
			raw.Start = protoTime(f.number)
		case spanEnd:
			raw.End = protoTime(f.number)
		case spanAttributes:
			raw.Attrs = append(raw.Attrs, r.keyValue(f.value, f.valueAt))
		case spanDropped:
			raw.DroppedAttrs = uint32(f.number)
		case spanEvents:
			r.event(f.value, f.valueAt)
		case spanDroppedEvents:
			raw.DroppedEvents = uint32(f.number)
		case spanLinks:
			r.link(f.value, f.valueAt)
		case spanDroppedLinks:
			raw.DroppedLinks = uint32(f.number)
		case spanStatus:
			r.spanStatus(f.value, f.valueAt)
		case spanFlagBits:
			raw.ParentAt = decode.ParentPlace(uint32(f.number))
		}
	}
	r.damaged = r.damaged || f.damaged
}

func (r *reader) spanStatus(msg []byte, at int) {
	f := fieldsOf(msg, at)
	for f.Next() {
		switch f.tag {
		case statusMessage:
			r.Span.Message = trace.Attr{}
			if len(f.value) > 0 {
				r.Span.Message = r.StringAttr(0, f.value, f.valueAt)
			}
		case statusCode:
			r.Span.Status = trace.StatusUnset
			if code := int32(f.number); code >= 0 && code <= int32(trace.StatusError) {
				r.Span.Status = trace.Status(code)
			}
		}
	}
	r.damaged = r.damaged || f.damaged
}

func (r *reader) event(msg []byte, at int) {
	e := r.AddEvent()
	f := fieldsOf(msg, at)
	for f.Next() {
		switch f.tag {
		case eventTime:
			e.Time = protoTime(f.number)
		case eventName:
			e.Name = r.symbol(f.value)
		case eventAttributes:
			e.Attrs = append(e.Attrs, r.keyValue(f.value, f.valueAt))
		case eventDropped:
			e.Dropped = uint32(f.number)
		}
	}
	r.damaged = r.damaged || f.damaged
}

func (r *reader) link(msg []byte, at int) {
	l := r.AddLink()
	f := fieldsOf(msg, at)
	for f.Next() {
		switch f.tag {
		case linkTraceID:
			l.Trace = decode.BytesTraceID(f.value)
		case linkSpanID:
			l.Span = decode.BytesSpanID(f.value)
		case linkState:
			l.State = r.symbol(f.value)
		case linkAttributes:
			l.Attrs = append(l.Attrs, r.keyValue(f.value, f.valueAt))
		case linkDropped:
			l.Dropped = uint32(f.number)
		}
	}
	r.damaged = r.damaged || f.damaged
	l.Kind, l.Attrs = r.LinkKind(l.Attrs)
}

// protoTime returns nanoseconds since the epoch, 0 where the time is not known or beyond the year 2262.
func protoTime(nanos uint64) int64 {
	if nanos > math.MaxInt64 {
		return 0
	}
	return int64(nanos)
}
