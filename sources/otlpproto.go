package sources

import (
	"encoding/binary"
	"fmt"
	"math"

	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	resourcepb "go.opentelemetry.io/proto/otlp/resource/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"tracefall/sources/trace"
)

// The fields of OTLP's messages down to the span, the same in TracesData and ExportTraceServiceRequest. The
// generated package decodes everything below; the levels above are walked here, so that memory is that of one
// span, and a damaged span costs that span only.
const (
	fieldResourceSpans = 1    // of TracesData
	fieldResource      = 1    // of ResourceSpans
	fieldScopeSpans    = 2    // of ResourceSpans
	fieldSchemaURL     = 3    // of ResourceSpans
	fieldLibrarySpans  = 1000 // of ResourceSpans: what scopeSpans were before OTLP 0.15, of the same shape
	fieldScope         = 1    // of ScopeSpans
	fieldSpan          = 2    // of ScopeSpans
	fieldTraceID       = 1    // of Span
	traceIDLength      = 16   // bytes
)

// isOTLPProto tells whether data can be one OTLP protobuf message. It is asked after JSON is ruled out.
func isOTLPProto(data []byte) bool {
	number, kind, n := protowire.ConsumeTag(data)
	if n < 0 || number != fieldResourceSpans || kind != protowire.BytesType {
		return false
	}
	length, m := protowire.ConsumeVarint(data[n:])
	if m < 0 {
		return false
	}
	if length == 0 {
		return len(data) == n+m // an empty batch; else blank lines
	}
	inner := data[n+m:]
	number, kind, n = protowire.ConsumeTag(inner)
	if n < 0 || kind != protowire.BytesType {
		return false
	}
	switch number {
	case fieldResource, fieldScopeSpans, fieldSchemaURL, fieldLibrarySpans: // the collector writes the last first
	default:
		return false
	}
	part, m := protowire.ConsumeVarint(inner[n:])
	return m > 0 && part <= length-min(length, uint64(n+m)) // of "\n\n\n\n", where each line's end is a tag or a length, not so
}

// otlpProto reads an input that is one message.
func (r *reader) otlpProto() {
	p := &protoReader{reader: r}
	if cut := p.message(r.data); cut >= 0 {
		p.noteAt(NoticeDamaged, "damaged or cut short: what stands before that place was read", cut)
	}
	r.pos = len(r.data)
}

// protoReader adds the spans of OTLP protobuf messages to a builder.
type protoReader struct {
	*reader
	record int // the number of the record within its file, from 1; 0 where there are no records

	decoded tracepb.Span
	attrs   []trace.Attr // of resources and scopes
	bytes   []byte       // for strings on their way to the builder
	values  anyValues
}

// place names a byte of the record being read.
func (r *protoReader) place(off int) string {
	if r.record > 0 {
		return fmt.Sprintf("record %d, byte %d", r.record, off)
	}
	return fmt.Sprintf("byte %d", off)
}

// noteAt counts something that was met at a byte of the record.
func (r *protoReader) noteAt(kind trace.NoticeKind, subject string, off int) {
	r.noteNamed(kind, subject, r.place(off))
}

// message reads one TracesData or ExportTraceServiceRequest. It returns the offset where the message is damaged
// or cut short, -1 for nowhere; what stands before was read.
func (r *protoReader) message(data []byte) int {
	return walkFields(data, 0, func(f protoField) {
		if f.number == fieldResourceSpans && r.stop == nil {
			r.resourceSpans(f)
		}
	})
}

func (r *protoReader) resourceSpans(msg protoField) {
	var res resourcepb.Resource
	eachField(msg, func(f protoField) {
		if f.number == fieldResource && f.whole {
			r.decode(f, &res)
		}
	})
	r.attrs = r.keyValues(r.attrs[:0], res.Attributes)
	resource := r.b.Resource(r.attrs, res.DroppedAttributesCount)
	eachField(msg, func(f protoField) {
		r.tick()
		if f.number == fieldScopeSpans || f.number == fieldLibrarySpans {
			r.scopeSpans(f, resource)
		}
	})
}

func (r *protoReader) scopeSpans(msg protoField, resource uint32) {
	var sc commonpb.InstrumentationScope
	eachField(msg, func(f protoField) {
		if f.number == fieldScope && f.whole {
			r.decode(f, &sc)
		}
	})
	r.attrs = r.keyValues(r.attrs[:0], sc.Attributes)
	scope := r.b.Scope(r.symbol(sc.Name), r.symbol(sc.Version), r.attrs, sc.DroppedAttributesCount)
	origin := r.b.Origin(resource, scope)
	eachField(msg, func(f protoField) {
		if f.number == fieldSpan && f.whole {
			r.addSpan(f, origin)
		}
	})
}

// decode decodes a message that the generated package knows and tells whether it could. Text that is no UTF-8
// makes it fail, though the collector writes it: then it decodes a copy where such bytes are question marks.
func (r *protoReader) decode(f protoField, into proto.Message) bool {
	options := proto.UnmarshalOptions{Merge: true, DiscardUnknown: true}
	if options.Unmarshal(f.value, into) == nil {
		return true
	}
	if mended := mendUTF8(f.value, into.ProtoReflect().Descriptor()); mended != nil {
		proto.Reset(into)
		if options.Unmarshal(mended, into) == nil {
			r.noteAt(NoticeUTF8, "text that is not UTF-8, shown with ? for each such byte", f.at)
			return true
		}
	}
	r.noteAt(NoticeDamaged, "a span, scope or resource that cannot be decoded as OTLP protobuf was skipped", f.at)
	return false
}

// isSpan tells spans from metrics and log records, whose messages have the same shape down to here: where a
// span has a trace id of 16 bytes, a metric has its name and a log record a time.
func isSpan(msg protoField) bool {
	found := false
	eachField(msg, func(f protoField) {
		if f.number == fieldTraceID && len(f.value) == traceIDLength {
			found = true
		}
	})
	return found
}

func (r *protoReader) addSpan(f protoField, origin uint32) {
	if !isSpan(f) {
		r.noteAt(NoticeSkipped, "an entry without a trace id (a metric or log record) was skipped, only spans are read", f.at)
		return
	}
	s := &r.decoded
	proto.Reset(s)
	if !r.decode(f, s) {
		return
	}
	raw := &r.raw
	raw.Reset()
	raw.Trace, raw.ID, raw.Parent = bytesTraceID(s.TraceId), bytesSpanID(s.SpanId), bytesSpanID(s.ParentSpanId)
	raw.Name, raw.State, raw.Origin = r.symbol(s.Name), r.symbol(s.TraceState), origin
	raw.Start, raw.End = protoTime(s.StartTimeUnixNano), protoTime(s.EndTimeUnixNano)
	raw.ParentAt = parentPlace(s.Flags)
	if kind := trace.Kind(s.Kind); s.Kind >= 0 && kind <= trace.KindConsumer {
		raw.Kind = kind
	}
	if code := s.Status.GetCode(); code >= 0 && code <= tracepb.Status_STATUS_CODE_ERROR {
		raw.Status = trace.Status(code)
	}
	if text := s.Status.GetMessage(); text != "" {
		raw.Message = r.b.String(0, r.text(text))
	}
	raw.Attrs = r.keyValues(raw.Attrs, s.Attributes)
	raw.DroppedAttrs, raw.DroppedEvents, raw.DroppedLinks = s.DroppedAttributesCount, s.DroppedEventsCount, s.DroppedLinksCount
	for _, e := range s.Events {
		raw.Events = append(raw.Events, trace.RawEvent{
			Time: protoTime(e.TimeUnixNano), Name: r.symbol(e.Name),
			Attrs: r.keyValues(nil, e.Attributes), Dropped: e.DroppedAttributesCount,
		})
	}
	for _, l := range s.Links {
		kind, attrs := r.linkKind(r.keyValues(nil, l.Attributes))
		raw.Links = append(raw.Links, trace.RawLink{
			Kind: kind, Trace: bytesTraceID(l.TraceId), Span: bytesSpanID(l.SpanId), State: r.symbol(l.TraceState),
			Attrs: attrs, Dropped: l.DroppedAttributesCount,
		})
	}
	r.b.Add(raw)
}

// keyValues appends attributes to dst.
func (r *protoReader) keyValues(dst []trace.Attr, list []*commonpb.KeyValue) []trace.Attr {
	for _, kv := range list {
		key := r.symbol(kv.GetKey())
		switch v := kv.GetValue().GetValue().(type) {
		case *commonpb.AnyValue_StringValue:
			dst = append(dst, r.b.String(key, r.text(v.StringValue)))
		case *commonpb.AnyValue_BoolValue:
			dst = append(dst, trace.Bool(key, v.BoolValue))
		case *commonpb.AnyValue_IntValue:
			dst = append(dst, trace.Int(key, v.IntValue))
		case *commonpb.AnyValue_DoubleValue:
			dst = append(dst, trace.Float(key, v.DoubleValue))
		case *commonpb.AnyValue_BytesValue:
			dst = append(dst, r.b.Bytes(key, v.BytesValue))
		default: // arrays, maps, and no value at all
			r.bytes = r.values.append(r.bytes[:0], kv.GetValue())
			dst = append(dst, r.b.JSON(key, r.bytes))
		}
	}
	return dst
}

func (r *protoReader) symbol(text string) trace.Symbol { return r.b.Symbol(r.text(text)) }

func (r *protoReader) text(text string) []byte {
	r.bytes = append(r.bytes[:0], text...)
	return r.bytes
}

// protoTime returns nanoseconds since the epoch, 0 where the time is not known or beyond the year 2262.
func protoTime(nanos uint64) int64 {
	if nanos > math.MaxInt64 {
		return 0
	}
	return int64(nanos)
}

// bytesTraceID reads an id of up to 16 raw bytes.
func bytesTraceID(raw []byte) trace.TraceID {
	var id [16]byte
	if len(raw) > len(id) {
		return trace.TraceID{Text: fmt.Sprintf("%x", raw)}
	}
	copy(id[len(id)-len(raw):], raw)
	return trace.TraceID{Hi: binary.BigEndian.Uint64(id[:8]), Lo: binary.BigEndian.Uint64(id[8:])}
}

// bytesSpanID reads an id of up to 8 raw bytes.
func bytesSpanID(raw []byte) trace.SpanID {
	var id [8]byte
	if len(raw) > len(id) {
		return trace.SpanID{Text: fmt.Sprintf("%x", raw)}
	}
	copy(id[len(id)-len(raw):], raw)
	return trace.SpanID{N: binary.BigEndian.Uint64(id[:])}
}
