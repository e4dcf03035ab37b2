package otlpproto

import (
	"fmt"

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

	resourceSpans = FieldResourceSpans<<3 | wireBytes
	resource      = FieldResource<<3 | wireBytes
	scopeSpans    = FieldScopeSpans<<3 | wireBytes
	librarySpans  = FieldLibrarySpans<<3 | wireBytes
	scope         = fieldScope<<3 | wireBytes
	span          = FieldSpan<<3 | wireBytes
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
	if length == 0 { // an empty batch, or Tempo's answer without a trace
		return isWhole(data)
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

// isWhole reports whether data is a message from its first byte to its last.
func isWhole(data []byte) bool {
	f := fieldsOf(data, 0)
	for f.Next() {
	}
	return !f.damaged
}

// reader adds the spans of OTLP protobuf messages to a builder. Memory is that of one span, and a damaged span
// costs that span only.
type reader struct {
	*decode.Reader
	record int // the number of the record within its file, from 1; 0 where there are no records
	base   int // where the record stands in the input's data, -1 where it was decompressed

	attrs   []trace.Attr // of resources and scopes
	damaged bool         // the message being decoded is not what protobuf allows
	mended  bool         // it has text that is not UTF-8
	bytes   []byte       // that text, mended
	nested  []nested
	json    []byte
}

// place names a byte of the record being read.
func (r *reader) place(off int) string {
	if r.record > 0 {
		return fmt.Sprintf("record %d, byte %d", r.record, off)
	}
	return fmt.Sprintf("byte %d", off)
}

// noteAt counts something that was met at a byte of the record.
func (r *reader) noteAt(kind trace.NoticeKind, subject string, off int) {
	r.NoteNamed(kind, subject, r.place(off))
}

// Message reads one TracesData or ExportTraceServiceRequest, from one of its fields on. It returns the offset where the
// Message is damaged or cut short, -1 for nowhere; what stands before was read.
func (r *reader) Message(data []byte, from int) int {
	f := fieldsOf(data[from:], from)
	for f.NextPart() {
		if f.tag == resourceSpans && r.Stop == nil {
			r.resourceSpans(f.value, f.valueAt)
		}
	}
	return f.damagedAt()
}

// What is damaged in the messages down to the span was counted already, or is when a span is decoded.

func (r *reader) resourceSpans(msg []byte, at int) {
	var dropped uint32
	r.attrs = r.attrs[:0]
	for f := fieldsOf(msg, at); f.Next(); {
		if f.tag == resource {
			r.decode(f.valueAt, func() { dropped = r.resource(f.value, f.valueAt) })
		}
	}
	owner := r.B.Resource(r.attrs, dropped)
	for f := fieldsOf(msg, at); f.NextPart(); {
		if f.tag == scopeSpans || f.tag == librarySpans {
			r.scopeSpans(f.value, f.valueAt, owner)
		}
	}
}

func (r *reader) scopeSpans(msg []byte, at int, owner uint32) {
	var sc protoScope
	r.attrs = r.attrs[:0]
	for f := fieldsOf(msg, at); f.Next(); {
		if f.tag == scope {
			r.decode(f.valueAt, func() { r.scope(f.value, f.valueAt, &sc) })
		}
	}
	origin := r.B.Origin(owner, r.B.Scope(sc.name, sc.version, r.attrs, sc.dropped))
	for f := fieldsOf(msg, at); f.Next(); {
		if f.tag == span {
			r.addSpan(f.value, f.valueAt, origin)
		}
	}
}

// decode calls what decodes the message at an offset, notes what is wrong with it, and reports whether it could be decoded.
func (r *reader) decode(at int, message func()) bool {
	r.damaged, r.mended = false, false
	message()
	if r.damaged {
		r.noteAt(decode.NoticeDamaged, "span, scope or resource skipped: invalid OTLP protobuf", at)
		return false
	}
	if r.mended {
		r.noteAt(decode.NoticeUTF8, "invalid UTF-8, shown as ?", at)
	}
	return true
}

func (r *reader) addSpan(msg []byte, at int, origin uint32) {
	if r.base >= 0 {
		r.Pos = r.base + at
	}
	if r.Tick(); r.Stop != nil {
		return
	}
	if !isSpan(msg) {
		r.noteAt(decode.NoticeSkipped, "entry without trace id (metric or log record) skipped, only spans are read", at)
		return
	}
	r.Span.Reset()
	r.Span.Origin = origin
	if r.decode(at, func() { r.span(msg, at) }) {
		r.B.Add(&r.Span)
	}
}
