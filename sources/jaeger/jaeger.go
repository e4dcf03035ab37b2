package jaeger

import (
	"time"

	"tracefall/sources/decode"
	"tracefall/sources/flat"
	"tracefall/sources/trace"
)

// jaeger reads one document of Jaeger's query service: an answer with a list of traces, a list, or one trace.
//
//	{"data":[{"traceID":…,"spans":[…],"processes":{…}},…]}
func (r *Reader) jaeger() {
	start := r.ValueAt()
	if found := r.jaegerWrapped(0); r.Err == nil && !found {
		r.Foreign(start)
	}
}

// jaegerWrappers is how many wrappers may stand around a trace: a list, an answer, the answer's list, one spare.
const jaegerWrappers = 4

// jaegerWrapped reads a trace, or a list or answer of traces, and reports whether it was one.
func (r *Reader) jaegerWrapped(depth int) bool {
	if depth == jaegerWrappers {
		r.Skip()
		return false
	}
	if r.Array() {
		found, n := false, 0
		for r.Element() {
			if r.Join(decode.AtTrace) {
				return true
			}
			r.Tick()
			found = r.jaegerWrapped(depth+1) || found
			n++
		}
		return found || n == 0
	}
	if !r.Object() {
		r.Skip()
		return false
	}
	return r.jaegerTrace(depth)
}

// traceReading is what the spans of a trace share. Mostly the processes that the spans refer to come after them:
// then the spans get late origins, which are placed when the processes are known.
type traceReading struct {
	id        trace.TraceID
	processes map[trace.Symbol]uint32 // resources by process id
	late      map[lateKey]*lateOrigin
}

// lateOrigin is an origin that waits for its process.
type lateOrigin struct {
	origin uint32
	spans  int
	off    int // of the first span
}

// jaegerTrace reads the object that is open: a trace, or an answer with a list of traces.
func (r *Reader) jaegerTrace(depth int) bool {
	found := false
	t := &traceReading{processes: map[trace.Symbol]uint32{}, late: map[lateKey]*lateOrigin{}}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch string(key) {
		case "data":
			found = r.jaegerWrapped(depth+1) || found
		case "spans":
			found = true
			r.jaegerSpans(t)
		case "errors", "error":
			r.AnswerErrors(decode.JaegerBackend)
		default:
			r.jaegerMember(t, key)
		}
	}
	r.Place(t)
	return found
}

func (r *Reader) jaegerMember(t *traceReading, key []byte) {
	switch string(key) {
	case "traceID":
		t.id = r.IDs.TraceID(r.StringOf("traceID"))
	case "processes":
		r.jaegerProcesses(t)
	case "warnings":
		r.traceWarnings()
	default:
		r.Skip()
	}
}

func (r *Reader) jaegerProcesses(t *traceReading) {
	if !r.EnterObject("processes") {
		return
	}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		id := r.B.Symbol(key)
		t.processes[id] = r.jaegerProcess()
	}
}

// Place gives the late origins their resources and notes the spans that have none.
func (r *Reader) Place(t *traceReading) {
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

// jaegerProcess reads a process: what emitted spans. Its service name becomes the attribute service.name.
func (r *Reader) jaegerProcess() uint32 {
	return r.resources.Number(r.Reader, func() uint32 {
		attrs := append(r.Shared[:0], trace.Attr{})
		named := false
		for key, ok := r.KeyIn("process"); ok; key, ok = r.Key() {
			switch string(key) {
			case "serviceName", "service_name":
				attrs[0] = r.B.String(r.Names.Service, r.StringOf("process.serviceName"))
				named = true
			case "tags":
				attrs = r.jaegerTags(attrs, nil)
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

func (r *Reader) jaegerSpans(t *traceReading) {
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
		if r.jaegerSpan(t); r.Err != nil {
			return // a span that was cut short is not a span
		}
	}
}

// jaegerSpan reads one span and adds it.
func (r *Reader) jaegerSpan(t *traceReading) {
	off := r.ValueAt()
	r.Span.Reset()
	r.Span.Trace = t.id
	x := Extra{}
	if !r.quickJaegerSpan() && !r.EnterObject("spans") {
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
		r.Note(decode.NoticeSkipped, "an object without name, time and duration among the spans was skipped", off)
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
		raw.Start = r.MicrosOf("startTime")
	case "startTimeMillis":
		if off := r.ValueAt(); raw.Start == 0 {
			raw.Start = r.millisOf(off)
		} else {
			r.Skip()
		}
	case "duration":
		raw.Duration = r.microsOrUnit("duration")
	case "references":
		r.jaegerReferences()
	case "tags":
		raw.Attrs = r.jaegerTags(raw.Attrs, x)
	case "tag":
		raw.Attrs = r.flatTags(raw.Attrs, x)
	case "logs":
		r.jaegerLogs()
	case "processID", "processId", "process_id":
		x.process = r.SymbolOf("processID")
	case "process":
		if r.Next() == '{' && !x.Placed {
			x.Resource, x.Placed = r.jaegerProcess(), true
		} else {
			r.Skip()
		}
	case "warnings":
		r.jaegerWarnings()
	default:
		r.Skip()
	}
}

// jaegerReferences reads references; the builder chooses the parent among them. Some front ends put the whole
// span that is meant into its reference: those spans are in the trace as well.
func (r *Reader) jaegerReferences() {
	if r.Next() == '{' && r.Object() {
		r.ReferenceColumns(r.ColumnsOf(), "")
		return
	}
	if !r.EnterArray("references") {
		return
	}
	for r.Element() {
		if !r.EnterObject("references") {
			continue
		}
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
			default:
				r.Skip()
			}
		}
		if l.Span.IsZero() {
			r.Span.Links = r.Span.Links[:len(r.Span.Links)-1] // some clients write an all-zero parent for none
		}
	}
}

// jaegerLogs reads logs as events; the field "event" is the event's name.
func (r *Reader) jaegerLogs() {
	if !r.EnterArray("logs") {
		return
	}
	for r.Element() {
		if !r.EnterObject("logs") {
			continue
		}
		e := r.AddEvent()
		for key, ok := r.Key(); ok; key, ok = r.Key() {
			switch string(key) {
			case "timestamp":
				e.Time = r.MicrosOf("logs.timestamp")
			case "fields":
				e.Attrs = r.jaegerTags(e.Attrs, nil)
			default:
				r.Skip()
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
				r.Note(trace.NoticeAnswer, "Jaeger warns of a trace: "+decode.Clip(string(text)), off)
			}
		})
	}
}

// jaegerWarnings keeps what the backend had to say about a span under the name that Jaeger itself uses for it in OTLP,
// by which the builder knows it.
func (r *Reader) jaegerWarnings() {
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
func (r *Reader) millisOf(off int) int64 {
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
	return r.MicrosOf(field)
}

// MicrosOf reads a time or duration in microseconds, as nanoseconds.
func (r *Reader) MicrosOf(field string) int64 { return r.FineMicros(field) }

// jaegerSpansFrom reads spans to the end of their trace's list, and then on to find the processes that they name.
func (r *Reader) jaegerSpansFrom(beyond bool) {
	t := &traceReading{processes: map[trace.Symbol]uint32{}, late: map[lateKey]*lateOrigin{}}
	r.Elements(decode.AtJaegerSpan, func() { r.jaegerSpan(t) })
	end, err, notes := r.Pos, r.Err, len(r.Notes)
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		r.jaegerMember(t, key)
	}
	if !beyond {
		r.Pos, r.Err, r.Notes = end, err, r.Notes[:notes]
	}
	r.Place(t)
}

// Reader reads Jaeger's JSON.
type Reader struct {
	*decode.Reader
	quick     *decode.Cache
	lastKey   trace.Symbol // of the tag before, 0 for none
	resources decode.Repeats
	late      *lateOrigin // of the span that was read last
	lateKey   lateKey
	lateOf    *traceReading
	placed    uint32 // the same, where the process was known
	placedKey placedKey
}

// New returns a reader of Jaeger's JSON.
func New(r *decode.Reader) *Reader { return &Reader{Reader: r, quick: &decode.Cache{}} }

func readJaeger(r *decode.Reader) decode.Decoder {
	d := New(r)
	return decode.Decoder{Document: d.jaeger, List: d.list}
}

func (r *Reader) list(kind decode.Boundary, beyond bool) {
	if kind == decode.AtTrace {
		r.Elements(kind, func() { r.jaegerWrapped(1) })
	} else {
		r.jaegerSpansFrom(beyond)
	}
}

// Formats is Jaeger's JSON.
func Formats() []decode.Format {
	return []decode.Format{{Name: "Jaeger JSON", Document: isJaeger, Open: readJaeger, Cut: cutJaeger}}
}
