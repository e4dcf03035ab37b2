package jaeger

import (
	"time"

	"tracefall/sources/decode"
	"tracefall/sources/flat"
	"tracefall/sources/trace"
)

// document reads one document of Jaeger's query service: an answer with a list of traces, a list, or one trace.
//
//	{"data":[{"traceID":…,"spans":[…],"processes":{…}},…]}
func (r *Reader) document() {
	start := r.ValueAt()
	if found := r.wrapped(0); r.Err == nil && !found {
		r.Foreign(start)
	}
}

// mostWrappers is how many wrappers may stand around a trace: a list, an answer, the answer's list, one spare.
const mostWrappers = 4

// wrapped reads a trace, or a list or answer of traces, and reports whether it was one.
func (r *Reader) wrapped(depth int) bool {
	if depth == mostWrappers {
		r.Skip()
		return false
	}
	if r.Array() {
		found := true // no trace at all, or one
		for n := 0; r.Element(); n++ {
			if r.Join(decode.AtTrace) {
				return true
			}
			r.Tick()
			found = r.wrapped(depth+1) || found && n > 0
		}
		return found
	}
	if r.Object() {
		return r.oneTrace(depth)
	}
	r.Skip()
	return false
}

// traceReading is what the spans of a trace share. Mostly the processes that the spans refer to come after them:
// then the spans get late origins, which are placed when the processes are known.
type traceReading struct {
	id        trace.TraceID
	processes map[trace.Symbol]uint32 // resources by process id
	late      map[lateKey]*lateOrigin
}

func newTraceReading() *traceReading {
	return &traceReading{processes: map[trace.Symbol]uint32{}, late: map[lateKey]*lateOrigin{}}
}

// lateOrigin is an origin that waits for its process.
type lateOrigin struct {
	origin uint32
	spans  int
	off    int // of the first span
}

// oneTrace reads the object that is open: a trace, or an answer with a list of traces.
func (r *Reader) oneTrace(depth int) bool {
	found := false
	t := newTraceReading()
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch string(key) {
		case "data":
			found = r.wrapped(depth+1) || found
		case "spans":
			found = true
			r.spans(t)
		case "errors", "error":
			r.AnswerErrors(decode.JaegerBackend)
		default:
			r.member(t, key)
		}
	}
	r.place(t)
	return found
}

func (r *Reader) member(t *traceReading, key []byte) {
	switch string(key) {
	case "traceID":
		t.id = r.IDs.TraceID(r.StringOf("traceID"))
	case "processes":
		r.processes(t)
	case "warnings":
		r.traceWarnings()
	}
}

func (r *Reader) processes(t *traceReading) {
	for key, ok := r.KeyIn("processes"); ok; key, ok = r.Key() {
		id := r.B.Symbol(key)
		t.processes[id] = r.process()
	}
}

// place gives the late origins their resources and notes the spans that have none.
func (r *Reader) place(t *traceReading) {
	r.late = nil
	lost, first := 0, -1
	for key, late := range t.late { // the order does not matter: each is on its own
		if resource, ok := t.processes[key.process]; ok {
			r.B.Place(late.origin, resource)
			continue
		}
		lost += late.spans
		if first < 0 || late.off < first {
			first = late.off
		}
	}
	if lost > 0 {
		r.Notes.Add(decode.Note{
			Kind: decode.NoticeFields, Subject: noProcess, Count: lost, Single: true, Places: []int{first},
		})
	}
}

// process reads a process: what emitted spans. Its service name becomes the attribute service.name.
func (r *Reader) process() uint32 {
	return r.resources.Number(r.Reader, func() uint32 {
		attrs := append(r.Shared[:0], trace.Attr{})
		named := false
		for key, ok := r.KeyIn("process"); ok; key, ok = r.Key() {
			switch string(key) {
			case "serviceName", "service_name":
				attrs[0] = r.B.String(r.Names.Service, r.StringOf("process.serviceName"))
				named = true
			case "tags":
				attrs = r.tags(attrs, nil)
			case "tag":
				attrs = r.flatTags(attrs, nil)
			}
		}
		r.Shared = attrs
		if !named {
			attrs = attrs[1:]
		}
		return r.B.Resource(attrs, 0)
	})
}

func (r *Reader) spans(t *traceReading) {
	if !r.EnterArray("spans") {
		return
	}
	// A worker that began among the spans cannot know processes that stand before them: it looks behind them only.
	alone := len(t.processes) > 0
	for r.Element() {
		if !alone && r.Join(decode.AtJaegerSpan) {
			return
		}
		r.Tick()
		if r.span(t); r.Err != nil {
			return // a span that was cut short is not a span
		}
	}
}

// span reads one span and adds it.
func (r *Reader) span(t *traceReading) {
	off := r.ValueAt()
	r.Span.Reset()
	r.Span.Trace = t.id
	x := Extra{}
	if !r.quickSpan() && !r.EnterObject("spans") {
		return
	}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		r.SpanField(&x, key)
	}
	r.AddSpan(t, &x, off)
}

// AddSpan adds raw, which was read from off on, unless it was cut short.
func (r *Reader) AddSpan(t *traceReading, x *Extra, off int) {
	if r.Err != nil {
		return
	}
	if r.Span.ID.IsZero() {
		r.Bad("spanID", "an id", off)
	}
	if r.Span.Name == 0 && r.Span.Start == 0 && r.Span.Duration == trace.NoDuration {
		r.Note(decode.NoticeSkipped, "object without name, start time and duration skipped", off)
		return
	}
	r.SoleParent()
	r.Finish(t, x, off)
	r.B.Add(&r.Span)
	r.Good = r.Pos
}

// SpanField reads the value of a key of a span into Span, or into x where OTLP has no place for it.
func (r *Reader) SpanField(x *Extra, key []byte) {
	raw := &r.Span
	switch string(key) {
	case "traceID", "traceId", "trace_id":
		if id := r.TraceIDOf("traceID"); !id.IsZero() {
			raw.Trace = id
		}
	case "spanID", "spanId", "span_id":
		raw.ID = r.SpanIDOf("spanID")
	case "parentSpanID":
		raw.Parent = r.SpanIDOf("parentSpanID")
	case "operationName", "operation_name":
		raw.Name = r.SymbolOf("operationName")
	case "startTime", "start_time":
		raw.Start = r.FineMicros("startTime")
	case "startTimeMillis":
		if raw.Start == 0 {
			raw.Start = r.millisOf()
		}
	case "duration":
		raw.Duration = r.microsOrUnit("duration")
	case "references":
		r.references()
	case "tags":
		raw.Attrs = r.tags(raw.Attrs, x)
	case "tag":
		raw.Attrs = r.flatTags(raw.Attrs, x)
	case "logs":
		r.logs()
	case "processID", "processId", "process_id":
		x.process = r.SymbolOf("processID")
	case "process":
		if r.Next() == '{' && !x.Placed {
			x.Resource, x.Placed = r.process(), true
		}
	case "warnings":
		r.warnings()
	}
}

// references reads references; the builder chooses the parent among them. Some front ends put the whole
// span that is meant into its reference: those spans are in the trace as well.
func (r *Reader) references() {
	if r.Object() {
		r.ReferenceColumns(r.ColumnsOf(), "")
		return
	}
	for range r.ObjectsOf("references") {
		l := r.AddLink()
		l.Trace, l.Kind = r.Span.Trace, trace.LinkChildOf // protobuf leaves the first of the types out
		for key, ok := r.Key(); ok; key, ok = r.Key() {
			switch string(key) {
			case "refType", "ref_type":
				l.Kind = decode.RefKind(r.SoleText("refType"))
			case "traceID", "traceId", "trace_id":
				l.Trace = r.IDs.TraceID(r.SoleText("references.traceID"))
			case "spanID", "spanId", "span_id":
				l.Span = r.IDs.SpanID(r.SoleText("references.spanID"))
			}
		}
		r.dropNoReference(l)
	}
}

// logs reads logs as events; the field "event" is the event's name.
func (r *Reader) logs() {
	for range r.ObjectsOf("logs") {
		e := r.AddEvent()
		for key, ok := r.Key(); ok; key, ok = r.Key() {
			switch string(key) {
			case "timestamp":
				e.Time = r.FineMicros("logs.timestamp")
			case "fields":
				e.Attrs = r.tags(e.Attrs, nil)
			}
		}
		r.NameEvent(e)
	}
}

// traceWarnings passes on what the backend had to say about a trace.
func (r *Reader) traceWarnings() {
	for _, off := range r.EachAt() {
		r.ReadAt(off, func() {
			if text := r.StringOf("warnings"); len(text) > 0 {
				r.Note(trace.NoticeAnswer, "Jaeger warning: "+decode.Clip(string(text)), off)
			}
		})
	}
}

// warnings keeps what the backend had to say about a span under the name that Jaeger itself uses for it in OTLP,
// by which the builder knows it.
func (r *Reader) warnings() {
	if r.Null() {
		return
	}
	r.JSON = r.AppendCompact(r.JSON[:0])
	if len(r.JSON) > 2 && r.Err == nil {
		r.Span.Attrs = append(r.Span.Attrs, r.B.JSON(r.B.Symbol([]byte(trace.WarningsKey)), r.JSON))
	}
}

// millisOf reads the time in milliseconds that Elasticsearch keeps beside the microseconds, as nanoseconds: a number, or
// a date where it gives its fields as it shows them.
func (r *Reader) millisOf() int64 {
	off := r.ValueAt()
	if digits, ok := r.Numeral(); ok {
		if n, readable := decode.ParseInt(digits); readable {
			return decode.Micros(decode.Micros(n))
		}
		if at, err := time.Parse(time.RFC3339Nano, string(digits)); err == nil {
			return at.UnixNano()
		}
	}
	if r.Err == nil {
		r.Bad("startTimeMillis", "milliseconds", off)
	}
	return 0
}

// microsOrUnit reads a duration in microseconds, or one that says its unit, as protobuf and Go print it, as nanoseconds:
// "0.100s".
func (r *Reader) microsOrUnit(field string) int64 {
	if off := r.ValueAt(); r.Next() == '"' {
		if d, ok := flat.ParseDuration(string(r.Trimmed(r.Quoted()))); ok {
			return d
		}
		r.Pos = off
	}
	return r.FineMicros(field)
}

// spansFrom reads spans to the end of their trace's list, and then on to find the processes that they name.
func (r *Reader) spansFrom(beyond bool) {
	t := newTraceReading()
	r.Elements(decode.AtJaegerSpan, func() { r.span(t) })
	end, err, notes := r.Pos, r.Err, len(r.Notes)
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		r.member(t, key)
	}
	if !beyond {
		r.Pos, r.Err, r.Notes = end, err, r.Notes[:notes]
	}
	r.place(t)
}

// Reader reads Jaeger's JSON.
type Reader struct {
	*decode.Reader
	pairs     decode.Pairs
	resources decode.Repeats
	late      *lateOrigin // of the span that was read last
	lateKey   lateKey
	lateOf    *traceReading
	placed    uint32 // the same, where the process was known
	placedKey placedKey
}

// New returns a reader of Jaeger's JSON.
func New(in *decode.Reader) *Reader {
	r := &Reader{Reader: in}
	r.pairs.Value, r.pairs.ValueAt = r.quickValue, len(`,"type":"int64","value":`)
	r.pairs.Meaning = func(key []byte) uint8 { return uint8(Meanings[string(key)]) }
	return r
}

func open(in *decode.Reader) decode.Decoder {
	r := New(in)
	return decode.Decoder{Document: r.document, List: r.list}
}

func (r *Reader) list(kind decode.Boundary, beyond bool) {
	if kind == decode.AtTrace {
		r.Elements(kind, func() { r.wrapped(1) })
	} else {
		r.spansFrom(beyond)
	}
}

// Formats is Jaeger's JSON.
func Formats() []decode.Format {
	return []decode.Format{{Name: "Jaeger JSON", Document: isJaeger, Open: open, Cut: cut}}
}
