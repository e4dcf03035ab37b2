package sources

import (
	"fmt"
	"iter"

	"google.golang.org/protobuf/encoding/protowire"

	"tracefall/sources/trace"
)

// The fields of OTLP's messages down to the span, the same in TracesData and ExportTraceServiceRequest.
const (
	fieldResourceSpans = 1    // of TracesData
	fieldResource      = 1    // of ResourceSpans
	fieldScopeSpans    = 2    // of ResourceSpans
	fieldSchemaURL     = 3    // of ResourceSpans
	fieldLibrarySpans  = 1000 // of ResourceSpans: what scopeSpans were before OTLP 0.15, of the same shape
	fieldScope         = 1    // of ScopeSpans
	fieldSpan          = 2    // of ScopeSpans
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
	return m > 0 && part <= length-min(length, uint64(n+m)) && !isJSONText(data) // "\n{\n  " is a tag, a length, a tag and a length
}

// otlpProto reads an input that is one message.
func readOTLPProto(r *reader) decoder { return decoder{document: func() { otlpProto(r) }} }

func otlpProto(r *reader) {
	p := &protoReader{reader: r}
	before, notes := r.b.Spans(), len(r.notes)
	cut := p.message(r.data[:r.untilAhead()], r.pos)
	if r.b.Spans() == before && r.ahead == nil && r.pos == 0 && r.stop == nil {
		said := r.notes[notes:]
		r.notes = r.notes[:notes:notes]
		if tempoProto(r, func(data []byte, at int) { p.message(data, at) }) {
			return
		}
		r.notes = append(r.notes, said...)
	}
	if cut >= 0 {
		kind, subject := NoticeDamaged, "damaged: what stands before that place was read"
		if cut == r.untilAhead() { // a field that claims to be longer than what is there
			kind, subject = trace.NoticeTruncated, "file truncated: what is there of it was read; "+mayLack
		}
		p.noteAt(kind, subject, cut)
	}
	r.takeAhead()
}

// messageStarts yields where the fields of a message begin.
func messageStarts(data []byte) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		f := fieldsOf(data, 0)
		for n := 0; yield(f.pos, n) && f.next() && f.pos < len(data); n++ {
		}
	}
}

// protoReader adds the spans of OTLP protobuf messages to a builder. Memory is that of one span, and a damaged span
// costs that span only.
type protoReader struct {
	*reader
	record int // the number of the record within its file, from 1; 0 where there are no records
	base   int // where the record stands in the input's data, -1 where it was decompressed

	attrs   []trace.Attr // of resources and scopes
	damaged bool         // the message being decoded is not what protobuf allows
	mended  bool         // it has text that is not UTF-8
	bytes   []byte       // that text, mended
	nested  []protoNested
	json    []byte
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

// message reads one TracesData or ExportTraceServiceRequest, from one of its fields on. It returns the offset where the
// message is damaged or cut short, -1 for nowhere; what stands before was read.
func (r *protoReader) message(data []byte, from int) int {
	return walkFields(data[from:], from, func(f protoField) {
		if f.number == fieldResourceSpans && r.stop == nil {
			r.resourceSpans(f)
		}
	})
}

func (r *protoReader) resourceSpans(msg protoField) {
	var dropped uint32
	r.attrs = r.attrs[:0]
	eachField(msg, func(f protoField) {
		if f.number == fieldResource && f.whole {
			r.decode(f, func() { dropped = r.resource(f) })
		}
	})
	resource := r.b.Resource(r.attrs, dropped)
	eachField(msg, func(f protoField) {
		if f.number == fieldScopeSpans || f.number == fieldLibrarySpans {
			r.scopeSpans(f, resource)
		}
	})
}

func (r *protoReader) scopeSpans(msg protoField, resource uint32) {
	var sc protoScope
	r.attrs = r.attrs[:0]
	eachField(msg, func(f protoField) {
		if f.number == fieldScope && f.whole {
			r.decode(f, func() { r.scope(f, &sc) })
		}
	})
	origin := r.b.Origin(resource, r.b.Scope(sc.name, sc.version, r.attrs, sc.dropped))
	eachField(msg, func(f protoField) {
		if f.number == fieldSpan && f.whole {
			r.addSpan(f, origin)
		}
	})
}

// decode calls what decodes a message, notes what is wrong with it, and tells whether it could be decoded.
func (r *protoReader) decode(f protoField, message func()) bool {
	r.damaged, r.mended = false, false
	message()
	if r.damaged {
		r.noteAt(NoticeDamaged, "a span, scope or resource that cannot be decoded as OTLP protobuf was skipped", f.at)
		return false
	}
	if r.mended {
		r.noteAt(NoticeUTF8, "text that is not UTF-8, shown with ? for each such byte", f.at)
	}
	return true
}

func (r *protoReader) addSpan(f protoField, origin uint32) {
	if r.base >= 0 {
		r.pos = r.base + f.at
	}
	if r.tick(); r.stop != nil {
		return
	}
	if !isSpan(f) {
		r.noteAt(NoticeSkipped, "an entry without a trace id (a metric or log record) was skipped, only spans are read", f.at)
		return
	}
	r.raw.Reset()
	r.raw.Origin = origin
	if r.decode(f, func() { r.span(f) }) {
		r.b.Add(&r.raw)
	}
}

// protoFormats are OTLP protobuf and the records of it that the collector writes.
func protoFormats() []format {
	return []format{
		{name: "OTLP protobuf", binary: isOTLPProto, open: readOTLPProto, starts: messageStarts},
		{name: "OTLP protobuf", binary: isOTLPRecords, open: readOTLPRecords, starts: recordStarts},
	}
}
