package otlp

import (
	"bytes"
	"slices"

	"tracefall/sources/decode"
	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
)

// answer is what is known of the document being read, which may be what a backend answered.
type answer struct {
	found     bool            // it holds resource spans, logs or metrics, or could
	inTrace   bool            // inside "trace", where a status may follow
	partial   bool            // the status is PARTIAL
	messageAt int             // where Tempo says why; 0: nowhere
	traces    []trace.TraceID // met inside "trace"
}

// document reads one OTLP JSON document, wrapped in whatever a backend puts around it:
//
//	{"resourceSpans":[…]}               the specification
//	{"resource_spans":[…]}              protobuf's own spelling of JSON
//	{"result":{"resourceSpans":[…]}}    Jaeger's api_v3; also an array of such, or a result that is an array
//	{"batches":[…]}                     Tempo
//	{"trace":{…},"status":"PARTIAL"}    Tempo's api/v2
func (r *Reader) document() {
	start := r.ValueAt()
	doc := answer{}
	r.wrapped(&doc, 0)
	if doc.partial {
		r.partialMessage(&doc)
		for _, id := range doc.traces {
			r.B.Partial(id)
		}
	}
	if r.Err == nil && !doc.found {
		if r.Foreign(start); r.Told.Refusal == "" && isEmptyTempo(r.Data[start:r.Pos]) {
			r.Told.None("is a Tempo response without a trace: no trace with that id")
		}
	}
}

// isEmptyTempo reports whether a document is {"trace":{},"metrics":{…}}: much else has something that it calls "trace".
func isEmptyTempo(document []byte) bool {
	s := jsonscan.Scanner{Data: document}
	empty := false
	s.Object()
	for key, ok := s.Key(); ok; key, ok = s.Key() {
		switch string(key) {
		case "trace":
			value := s.Raw()
			empty = len(value) > 1 && value[0] == '{' && len(bytes.TrimSpace(value[1:len(value)-1])) == 0
		case "metrics", "status", "message":
		default:
			return false
		}
	}
	return empty && s.Err == nil
}

// isPartial reads a status of Tempo, which is a name or its number.
func (r *Reader) isPartial() bool {
	status := string(r.Scanner.Raw())
	return status == `"PARTIAL"` || status == "1"
}

// partialMessage passes on why Tempo calls its answer partial.
func (r *Reader) partialMessage(doc *answer) {
	if doc.messageAt == 0 {
		return
	}
	r.ReadAt(doc.messageAt, func() {
		if text := r.StringOf("message"); len(text) > 0 {
			r.Note(trace.NoticeAnswer, "partial response from Tempo: "+decode.Clip(string(text)), doc.messageAt)
		}
	})
}

// mostWrappers is how many wrappers may stand around the resource spans: an array, result, trace, and one spare.
const mostWrappers = 4

func (r *Reader) wrapped(doc *answer, depth int) {
	switch {
	case depth == mostWrappers:
		r.Skip()
		return
	case r.Array():
		for r.Element() {
			r.wrapped(doc, depth+1)
		}
		return
	case !r.Object():
		r.Skip()
		return
	}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch string(r.camel(key)) {
		case "resourceSpans", "batches":
			doc.found = true
			r.resourceSpans(doc)
		case "result", "trace":
			doc.inTrace = doc.inTrace || key[0] == 't'
			r.wrapped(doc, depth+1)
		case "status":
			doc.partial = r.isPartial() || doc.partial
		case "message":
			doc.messageAt = r.Pos
		case "error":
			r.Said(r.AnswerError(decode.Answer{Off: r.Pos}))
		case "resourceLogs":
			doc.found = true
			r.Note(decode.NoticeSkipped, "log records (resourceLogs) skipped, only spans are read", r.Pos)
		case "resourceMetrics":
			doc.found = true
			r.Note(decode.NoticeSkipped, "metrics (resourceMetrics) skipped, only spans are read", r.Pos)
		}
	}
}

func (r *Reader) resourceSpans(doc *answer) {
	if !r.EnterArray("resourceSpans") {
		return
	}
	for r.Element() {
		if !doc.inTrace && r.Join(decode.AtResource) {
			return
		}
		r.Tick()
		r.resourceSpan(doc)
	}
}

// mostWaiting is how many lists of one object may wait for what follows them.
const mostWaiting = 4

// replay reads the lists at some places and returns to where the reader was, even after an error: then too, what can be
// read of them is read.
func (r *Reader) replay(lists []int, read func()) {
	end, fault := r.Pos, r.Err
	for _, at := range lists {
		r.Pos, r.Err, r.Fresh, r.LookAt = at, nil, false, at
		read()
	}
	if len(lists) > 0 && r.Stop == nil {
		r.Pos, r.Err, r.Fresh = end, fault, false
	}
}

// resourceSpan reads the spans of one resource. Mostly the resource comes first; where it does not, the spans
// wait for it.
func (r *Reader) resourceSpan(doc *answer) {
	resource, known := uint32(0), false
	var waiting []int
	for key, ok := r.KeyIn("resourceSpans"); ok; key, ok = r.Key() {
		switch string(r.camel(key)) {
		case "resource":
			resource, known = r.resource(), true
		case "scopeSpans", "instrumentationLibrarySpans", "ilSpans":
			if known || len(waiting) == mostWaiting {
				r.scopeSpans(doc, resource)
			} else {
				waiting = append(waiting, r.Pos)
			}
		}
	}
	r.replay(waiting, func() { r.scopeSpans(doc, resource) })
}

func (r *Reader) scopeSpans(doc *answer, resource uint32) {
	for range r.ItemsOf("scopeSpans") {
		r.scopeSpan(doc, resource)
	}
}

// scopeSpan reads the spans of one instrumentation scope.
func (r *Reader) scopeSpan(doc *answer, resource uint32) {
	scope, known := uint32(0), false
	var waiting []int
	for key, ok := r.KeyIn("scopeSpans"); ok; key, ok = r.Key() {
		switch string(r.camel(key)) {
		case "scope", "instrumentationLibrary":
			scope, known = r.Scope(), true
		case "spans":
			if known || len(waiting) == mostWaiting {
				r.spans(doc, r.B.Origin(resource, scope))
			} else {
				waiting = append(waiting, r.Pos)
			}
		}
	}
	r.replay(waiting, func() { r.spans(doc, r.B.Origin(resource, scope)) })
}

func (r *Reader) spans(doc *answer, origin uint32) {
	if !r.EnterArray("spans") {
		return
	}
	for r.Element() {
		r.Tick()
		if r.span(); r.Err != nil {
			return // a span that was cut short is not a span
		}
		if r.Span.ID != (trace.SpanID{}) || r.Span.Name != 0 || r.Span.Start != 0 {
			r.Span.Origin = origin
			doc.seenTrace(r.Span.Trace)
			r.B.Add(&r.Span)
			r.Good = r.Pos
		}
	}
}

// seenTrace remembers the traces of a document whose status may follow them.
func (doc *answer) seenTrace(id trace.TraceID) {
	if doc.inTrace && !slices.Contains(doc.traces[max(len(doc.traces)-1, 0):], id) {
		doc.traces = append(doc.traces, id)
	}
}

// People cut OTLP JSON apart, and some exporters never put it together: what stands below "resourceSpans" is a
// document of its own then, alone, in an array, one a line or one after the other.

// bareResources reads elements of resourceSpans.
func (r *Reader) bareResources() {
	doc := answer{}
	r.EachObject(func() { r.resourceSpan(&doc) })
}

// bareScopes reads elements of scopeSpans, whose resource is not there.
func (r *Reader) bareScopes() {
	doc := answer{}
	r.Once(decode.NoticeFields, "spans without resource (no service name)", r.ValueAt())
	r.EachObject(func() { r.scopeSpan(&doc, 0) })
}

// bareSpans reads elements of spans. Their resource and scope are not there, unless someone put them into the spans.
func (r *Reader) bareSpans() { r.EachObject(r.bareSpan) }

func (r *Reader) bareSpan() {
	off := r.ValueAt()
	r.Span.Reset()
	if !r.EnterObject("spans") {
		return
	}
	own, known := decode.Owner{}, false
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch string(r.camel(key)) {
		case "resource":
			own.Resource, known = r.resource(), true
		case "scope", "instrumentationScope", "instrumentationLibrary":
			own.Scope = r.Scope()
		default:
			r.spanField(key)
		}
	}
	if r.Err != nil {
		return // a span that was cut short is not a span
	}
	r.needsIDs(off)
	if !known {
		r.Once(decode.NoticeFields, "spans without resource (no service name)", off)
	}
	r.AddOwned(own)
}
