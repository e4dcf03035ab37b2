package otlpproto

import (
	"fmt"
	"iter"

	"google.golang.org/protobuf/encoding/protowire"

	"tracefall/sources/decode"
	"tracefall/sources/trace"
)

// The fields of OTLP's messages down to the span, the same in TracesData and ExportTraceServiceRequest.
const (
	FieldResourceSpans = 1    // of TracesData
	FieldResource      = 1    // of ResourceSpans
	FieldScopeSpans    = 2    // of ResourceSpans
	fieldSchemaURL     = 3    // of ResourceSpans
	FieldLibrarySpans  = 1000 // of ResourceSpans: what scopeSpans were before OTLP 0.15, of the same shape
	fieldScope         = 1    // of ScopeSpans
	FieldSpan          = 2    // of ScopeSpans
)

// IsMessage reports whether data can be one OTLP protobuf message. It is asked after JSON is ruled out.
func IsMessage(data []byte) bool {
	number, kind, n := protowire.ConsumeTag(data)
	if n < 0 || number != FieldResourceSpans || kind != protowire.BytesType {
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
	case FieldResource, FieldScopeSpans, fieldSchemaURL, FieldLibrarySpans: // the collector writes the last first
	default:
		return false
	}
	part, m := protowire.ConsumeVarint(inner[n:])
	return m > 0 && part <= length-min(length, uint64(n+m)) && !decode.IsJSONText(data) // "\n{\n  " is a tag, a length, a tag and a length
}

func readOTLPProto(r *decode.Reader) decode.Decoder {
	return decode.Decoder{Document: func() { ReadMessage(r) }}
}

// ReadMessage reads an input that is one message.
func ReadMessage(r *decode.Reader) {
	p := &protoReader{Reader: r}
	before, notes := r.B.Spans(), len(r.Notes)
	cut := p.Message(r.Data[:r.UntilAhead()], r.Pos)
	if r.B.Spans() == before && r.Ahead == nil && r.Pos == 0 && r.Stop == nil {
		said := r.Notes[notes:]
		r.Notes = r.Notes[:notes:notes]
		if tempoProto(r, func(data []byte, at int) { p.Message(data, at) }) {
			return
		}
		r.Notes = append(r.Notes, said...)
	}
	if cut >= 0 {
		kind, subject := decode.NoticeDamaged, "damaged: what stands before that place was read"
		if cut == r.UntilAhead() { // a field that claims to be longer than what is there
			kind, subject = trace.NoticeTruncated, "file truncated: what is there of it was read; "+decode.MayLack
		}
		p.noteAt(kind, subject, cut)
	}
	r.TakeAhead()
}

// messageStarts yields where the fields of a message begin.
func messageStarts(data []byte) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		f := fieldsOf(data, 0)
		for n := 0; yield(f.pos, n) && f.Next() && f.pos < len(data); n++ {
		}
	}
}

// protoReader adds the spans of OTLP protobuf messages to a builder. Memory is that of one span, and a damaged span
// costs that span only.
type protoReader struct {
	*decode.Reader
	record int // the number of the record within its file, from 1; 0 where there are no records
	base   int // where the record stands in the input's data, -1 where it was decompressed

	attrs   []trace.Attr // of resources and scopes
	damaged bool         // the message being decoded is not what protobuf allows
	mended  bool         // it has text that is not UTF-8
	bytes   []byte       // that text, mended
	nested  []protoNested
	json    []byte
}

// Place names a byte of the record being read.
func (r *protoReader) Place(off int) string {
	if r.record > 0 {
		return fmt.Sprintf("record %d, byte %d", r.record, off)
	}
	return fmt.Sprintf("byte %d", off)
}

// noteAt counts something that was met at a byte of the record.
func (r *protoReader) noteAt(kind trace.NoticeKind, subject string, off int) {
	r.NoteNamed(kind, subject, r.Place(off))
}

// Message reads one TracesData or ExportTraceServiceRequest, from one of its fields on. It returns the offset where the
// Message is damaged or cut short, -1 for nowhere; what stands before was read.
func (r *protoReader) Message(data []byte, from int) int {
	return walkFields(data[from:], from, func(f protoField) {
		if f.number == FieldResourceSpans && r.Stop == nil {
			r.resourceSpans(f)
		}
	})
}

func (r *protoReader) resourceSpans(msg protoField) {
	var dropped uint32
	r.attrs = r.attrs[:0]
	eachField(msg, func(f protoField) {
		if f.number == FieldResource && f.whole {
			r.decode(f, func() { dropped = r.resource(f) })
		}
	})
	resource := r.B.Resource(r.attrs, dropped)
	eachField(msg, func(f protoField) {
		if f.number == FieldScopeSpans || f.number == FieldLibrarySpans {
			r.scopeSpans(f, resource)
		}
	})
}

func (r *protoReader) scopeSpans(msg protoField, resource uint32) {
	var sc protoScope
	r.attrs = r.attrs[:0]
	eachField(msg, func(f protoField) {
		if f.number == fieldScope && f.whole {
			r.decode(f, func() { r.Scope(f, &sc) })
		}
	})
	origin := r.B.Origin(resource, r.B.Scope(sc.name, sc.version, r.attrs, sc.dropped))
	eachField(msg, func(f protoField) {
		if f.number == FieldSpan && f.whole {
			r.addSpan(f, origin)
		}
	})
}

// decode calls what decodes a message, notes what is wrong with it, and reports whether it could be decoded.
func (r *protoReader) decode(f protoField, message func()) bool {
	r.damaged, r.mended = false, false
	message()
	if r.damaged {
		r.noteAt(decode.NoticeDamaged, "a span, scope or resource that cannot be decoded as OTLP protobuf was skipped", f.at)
		return false
	}
	if r.mended {
		r.noteAt(decode.NoticeUTF8, "text that is not UTF-8, shown with ? for each such byte", f.at)
	}
	return true
}

func (r *protoReader) addSpan(f protoField, origin uint32) {
	if r.base >= 0 {
		r.Pos = r.base + f.at
	}
	if r.Tick(); r.Stop != nil {
		return
	}
	if !isSpan(f) {
		r.noteAt(decode.NoticeSkipped, "an entry without a trace id (a metric or log record) was skipped, only spans are read", f.at)
		return
	}
	r.Span.Reset()
	r.Span.Origin = origin
	if r.decode(f, func() { r.span(f) }) {
		r.B.Add(&r.Span)
	}
}

// Formats are OTLP protobuf and the records of it that the collector writes.
func Formats() []decode.Format {
	return []decode.Format{
		{Name: "OTLP protobuf", Binary: IsMessage, Open: readOTLPProto, Starts: messageStarts},
		{Name: "OTLP protobuf", Binary: IsRecord, Open: readOTLPRecords, Starts: recordStarts},
	}
}
