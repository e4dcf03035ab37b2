package sources

import (
	"bytes"
	"slices"
	"time"

	"tracefall/sources/flat"
	"tracefall/sources/trace"
)

// isJaeger recognises the answers of Jaeger's query service, and single traces of them. Much else calls its list "data".
func isJaeger(o *outline) bool {
	return o.has("traceID", "spans") || o.has("processes", "spans") || !o.array && holdsTraces(o, "data") || holdsProtoSpans(o)
}

// holdsProtoSpans tells whether the document is a chunk of what Jaeger's gRPC service answers, as protobuf's own JSON:
//
//	{"spans":[{"traceId":"CvdlGRbNQ92ESOshHIAxnA==","spanId":…,"operationName":…,"process":{"serviceName":…}}]}
func holdsProtoSpans(o *outline) bool {
	i := slices.Index(o.keys, "spans")
	if i < 0 || o.kinds[i] != '[' {
		return false
	}
	s := scanner{data: o.data, pos: o.at[i]}
	if !s.array() || !s.element() || !s.object() {
		return false
	}
	met := 0
	for key, ok := s.key(); ok; key, ok = s.key() {
		switch c := s.next(); string(key) {
		case "traceId", "trace_id", "operationName", "operation_name":
			met++
		case "process":
			if c == '{' {
				met++
			}
		}
		if met == len([]string{"traceId", "operationName", "process"}) {
			return true
		}
		s.skip()
	}
	return false
}

// holdsTraces tells whether the value of a key begins as a trace of Jaeger, an answer of them, or a list, which may be
// empty.
func holdsTraces(o *outline, key string) bool {
	i := slices.Index(o.keys, key)
	if i < 0 || o.kinds[i] != '[' && o.kinds[i] != '{' {
		return false
	}
	s := scanner{data: o.data, pos: o.at[i]}
	for range jaegerWrappers {
		if s.array() && !s.element() {
			return s.err == nil
		}
	}
	if !s.object() {
		return false
	}
	for range traceKeys {
		name, ok := s.key()
		switch string(name) {
		case "traceID", "spans", "processes", "data":
			return ok
		}
		s.skip()
	}
	return false
}

// traceKeys is among how many of the first keys of a trace one must be that only a trace has.
const traceKeys = 8

// jaeger reads one document of Jaeger's query service: an answer with a list of traces, a list, or one trace.
//
//	{"data":[{"traceID":…,"spans":[…],"processes":{…}},…]}
func (r *jaegerReader) jaeger() {
	start := r.valueAt()
	if found := r.jaegerWrapped(0); r.err == nil && !found {
		r.foreign(start)
	}
}

// jaegerWrappers is how many wrappers may stand around a trace: a list, an answer, the answer's list, one spare.
const jaegerWrappers = 4

// jaegerWrapped reads a trace, or a list or answer of traces, and tells whether it was one.
func (r *jaegerReader) jaegerWrapped(depth int) bool {
	if depth == jaegerWrappers {
		r.skip()
		return false
	}
	if r.array() {
		found, n := false, 0
		for r.element() {
			if r.join(atTrace) {
				return true
			}
			r.tick()
			found = r.jaegerWrapped(depth+1) || found
			n++
		}
		return found || n == 0
	}
	if !r.object() {
		r.skip()
		return false
	}
	return r.jaegerTrace(depth)
}

// jaegerTrace is what the spans of a trace share. Mostly the processes that the spans refer to come after them:
// then the spans get late origins, which are placed when the processes are known.
type jaegerTrace struct {
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
func (r *jaegerReader) jaegerTrace(depth int) bool {
	found := false
	t := &jaegerTrace{processes: map[trace.Symbol]uint32{}, late: map[lateKey]*lateOrigin{}}
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch string(key) {
		case "data":
			found = r.jaegerWrapped(depth+1) || found
		case "spans":
			found = true
			r.jaegerSpans(t)
		case "errors", "error":
			r.answerErrors(jaegerBackend)
		default:
			r.jaegerMember(t, key)
		}
	}
	r.place(t)
	return found
}

func (r *jaegerReader) jaegerMember(t *jaegerTrace, key []byte) {
	switch string(key) {
	case "traceID":
		t.id = r.ids.traceID(r.stringOf("traceID"))
	case "processes":
		r.jaegerProcesses(t)
	case "warnings":
		r.traceWarnings()
	default:
		r.skip()
	}
}

func (r *jaegerReader) jaegerProcesses(t *jaegerTrace) {
	if !r.enterObject("processes") {
		return
	}
	for key, ok := r.key(); ok; key, ok = r.key() {
		id := r.b.Symbol(key)
		t.processes[id] = r.jaegerProcess()
	}
}

// place gives the late origins their resources and notes the spans that have none.
func (r *jaegerReader) place(t *jaegerTrace) {
	r.late = nil
	lost, first := 0, -1
	for key, late := range t.late { // the order does not matter: each is on its own
		if resource, ok := t.processes[key.process]; ok {
			r.b.Place(late.origin, resource)
			continue
		}
		lost += late.spans
		if first < 0 || late.off < first {
			first = late.off
		}
	}
	if lost > 0 {
		r.notes.add(note{
			kind: NoticeFields, subject: noProcess, count: lost, single: true, places: []int{first},
		})
	}
}

// jaegerProcess reads a process: what emitted spans. Its service name becomes the attribute service.name.
func (r *jaegerReader) jaegerProcess() uint32 {
	off := r.valueAt()
	if n, size, ok := r.resources.find(r.data[off:]); ok {
		r.pos += size
		return n
	}
	if !r.enterObject("process") {
		return r.b.Resource(nil, 0)
	}
	attrs := append(r.shared[:0], trace.Attr{})
	named := false
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch string(key) {
		case "serviceName", "service_name":
			attrs[0] = r.b.String(r.names.service, r.stringOf("process.serviceName"))
			named = true
		case "tags":
			attrs = r.jaegerTags(attrs, nil)
		case "tag":
			attrs = r.flatTags(attrs, nil)
		default:
			r.skip()
		}
	}
	r.shared = attrs
	if !named {
		attrs = attrs[1:]
	}
	n := r.b.Resource(attrs, 0)
	if r.err == nil {
		r.resources.keep(r.data[off:r.pos], n)
	}
	return n
}

func (r *jaegerReader) jaegerSpans(t *jaegerTrace) {
	if !r.enterArray("spans") {
		return
	}
	// A worker that began among the spans cannot know processes that stand before them: it looks behind them only.
	alone := len(t.processes) > 0
	for r.element() {
		if !alone && r.join(atJaegerSpan) {
			return
		}
		r.tick()
		if r.jaegerSpan(t); r.err != nil {
			return // a span that was cut short is not a span
		}
	}
}

// jaegerSpan reads one span and adds it.
func (r *jaegerReader) jaegerSpan(t *jaegerTrace) {
	off := r.valueAt()
	r.raw.Reset()
	r.raw.Trace = t.id
	x := jaegerExtra{}
	if !r.quickJaegerSpan() && !r.enterObject("spans") {
		return
	}
	for key, ok := r.key(); ok; key, ok = r.key() {
		r.jaegerField(&x, key)
	}
	r.addJaegerSpan(t, &x, off)
}

// addJaegerSpan adds raw, which was read from off on, unless it was cut short.
func (r *jaegerReader) addJaegerSpan(t *jaegerTrace, x *jaegerExtra, off int) {
	if r.err != nil {
		return
	}
	if r.raw.ID.IsZero() {
		r.bad("spanID", "an id", off)
	}
	if r.raw.Name == 0 && r.raw.Start == 0 && r.raw.Duration == trace.NoDuration {
		r.note(NoticeSkipped, "an object without name, time and duration among the spans was skipped", off)
		return
	}
	r.soleParent()
	r.finish(t, x, off)
	r.b.Add(&r.raw)
	r.good = r.pos
}

func (r *jaegerReader) jaegerField(x *jaegerExtra, key []byte) {
	raw := &r.raw
	switch string(key) {
	case "traceID", "traceId", "trace_id":
		if id := r.traceIDOf("traceID"); !id.IsZero() {
			raw.Trace = id
		}
	case "spanID", "spanId", "span_id":
		raw.ID = r.spanIDOf("spanID")
	case "parentSpanID":
		raw.Parent = r.spanIDOf("parentSpanID")
	case "operationName", "operation_name":
		raw.Name = r.symbolOf("operationName")
	case "startTime", "start_time":
		raw.Start = r.microsOf("startTime")
	case "startTimeMillis":
		if off := r.valueAt(); raw.Start == 0 {
			raw.Start = r.millisOf(off)
		} else {
			r.skip()
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
		x.process = r.symbolOf("processID")
	case "process":
		if r.next() == '{' && !x.placed {
			x.resource, x.placed = r.jaegerProcess(), true
		} else {
			r.skip()
		}
	case "warnings":
		r.jaegerWarnings()
	default:
		r.skip()
	}
}

// jaegerReferences reads references; the builder chooses the parent among them. Some front ends put the whole
// span that is meant into its reference: those spans are in the trace as well.
func (r *jaegerReader) jaegerReferences() {
	if r.next() == '{' && r.object() {
		r.referenceColumns(r.columnsOf(), "")
		return
	}
	if !r.enterArray("references") {
		return
	}
	for r.element() {
		if !r.enterObject("references") {
			continue
		}
		l := r.addLink()
		l.Trace, l.Kind = r.raw.Trace, trace.LinkChildOf // protobuf leaves the first of the types out
		for key, ok := r.key(); ok; key, ok = r.key() {
			switch string(key) {
			case "refType", "ref_type":
				l.Kind = refKind(r.soleText("refType"))
			case "traceID", "traceId", "trace_id":
				l.Trace = r.ids.traceID(r.soleText("references.traceID"))
			case "spanID", "spanId", "span_id":
				l.Span = r.ids.spanID(r.soleText("references.spanID"))
			default:
				r.skip()
			}
		}
		if l.Span.IsZero() {
			r.raw.Links = r.raw.Links[:len(r.raw.Links)-1] // some clients write an all-zero parent for none
		}
	}
}

// jaegerLogs reads logs as events; the field "event" is the event's name.
func (r *jaegerReader) jaegerLogs() {
	if !r.enterArray("logs") {
		return
	}
	for r.element() {
		if !r.enterObject("logs") {
			continue
		}
		e := r.addEvent()
		for key, ok := r.key(); ok; key, ok = r.key() {
			switch string(key) {
			case "timestamp":
				e.Time = r.microsOf("logs.timestamp")
			case "fields":
				e.Attrs = r.jaegerTags(e.Attrs, nil)
			default:
				r.skip()
			}
		}
		r.nameEvent(e)
	}
}

// traceWarnings passes on what the backend had to say about a trace.
func (r *jaegerReader) traceWarnings() {
	for _, off := range r.eachAt() {
		r.readAt(off, func() {
			if text := r.stringOf("warnings"); len(text) > 0 {
				r.note(trace.NoticeAnswer, "Jaeger warns of a trace: "+clip(string(text)), off)
			}
		})
	}
}

// jaegerWarnings keeps what the backend had to say about a span under the name that Jaeger itself uses for it in OTLP,
// by which the builder knows it.
func (r *jaegerReader) jaegerWarnings() {
	if r.null() {
		return
	}
	r.json = r.appendCompact(r.json[:0])
	if len(r.json) > 2 && r.err == nil {
		r.raw.Attrs = append(r.raw.Attrs, r.b.JSON(r.b.Symbol([]byte(trace.WarningsKey)), r.json))
	}
}

// millisOf reads the time in milliseconds that Elasticsearch keeps beside the microseconds, as nanoseconds: a number, or
// a date where it gives its fields as it shows them.
func (r *jaegerReader) millisOf(off int) int64 {
	if digits, ok := r.numeral(); ok {
		if n, readable := parseInt(digits); readable {
			return micros(micros(n))
		}
		if at, err := time.Parse(time.RFC3339Nano, string(digits)); err == nil {
			return at.UnixNano()
		}
	}
	if r.err == nil {
		r.bad("startTimeMillis", "milliseconds", off)
	}
	return 0
}

// microsOrUnit reads a duration in microseconds, or one that says its unit, as protobuf and Go print it, as nanoseconds:
// "0.100s".
func (r *jaegerReader) microsOrUnit(field string) int64 {
	if off := r.valueAt(); r.next() == '"' {
		if d, ok := flat.ParseDuration(string(r.trimmed(r.quoted()))); ok {
			return d
		}
		r.pos = off
	}
	return r.microsOf(field)
}

// microsOf reads a time or duration in microseconds, as nanoseconds.
func (r *jaegerReader) microsOf(field string) int64 { return r.fineMicros(field) }

// cutJaeger looks for a trace in a list, or else for a span in a trace, or for the nearest of them:
// {"traceID":"…","spans": and {"traceID":"…","spanID": cannot occur within a string, and references begin otherwise.
func cutJaeger(window []byte, off int, nearest bool) *part {
	var span *part
	for {
		i := bytes.Index(window[off:], []byte(`"traceID"`))
		if i < 0 {
			return span
		}
		at := opens(window, off+i)
		off += i + 1
		if at < 0 || at == 0 {
			continue
		}
		before := bytes.TrimRight(window[:at], " \t\r\n")
		if n := len(before); n == 0 || before[n-1] != ',' && before[n-1] != '[' {
			continue
		}
		s := scanner{data: window, pos: off + len(`"traceID"`) - 1}
		if s.next() == ':' {
			s.pos++
			s.str()
		}
		if key, ok := s.key(); ok && string(key) == "spans" {
			return &part{at: at, kind: atTrace}
		} else if ok && string(key) == "spanID" && span == nil {
			if span = (&part{at: at, kind: atJaegerSpan}); nearest {
				return span
			}
		}
	}
}

// jaegerSpansFrom reads spans to the end of their trace's list, and then on to find the processes that they name.
func (r *jaegerReader) jaegerSpansFrom(beyond bool) {
	t := &jaegerTrace{processes: map[trace.Symbol]uint32{}, late: map[lateKey]*lateOrigin{}}
	r.elements(atJaegerSpan, func() { r.jaegerSpan(t) })
	end, err, notes := r.pos, r.err, len(r.notes)
	for key, ok := r.key(); ok; key, ok = r.key() {
		r.jaegerMember(t, key)
	}
	if !beyond {
		r.pos, r.err, r.notes = end, err, r.notes[:notes]
	}
	r.place(t)
}

// jaegerReader reads Jaeger's JSON.
type jaegerReader struct {
	*reader
	quick     *quick
	lastKey   trace.Symbol // of the tag before, 0 for none
	resources repeats
	late      *lateOrigin // of the span that was read last
	lateKey   lateKey
	lateOf    *jaegerTrace
	placed    uint32 // the same, where the process was known
	placedKey placedKey
}

func newJaegerReader(r *reader) *jaegerReader { return &jaegerReader{reader: r, quick: &quick{}} }

func readJaeger(r *reader) decoder {
	d := newJaegerReader(r)
	return decoder{d.jaeger, d.list}
}

func (r *jaegerReader) list(kind boundary, beyond bool) {
	if kind == atTrace {
		r.elements(kind, func() { r.jaegerWrapped(1) })
	} else {
		r.jaegerSpansFrom(beyond)
	}
}

// jaegerFormats is Jaeger's JSON.
func jaegerFormats() []format {
	return []format{{name: "Jaeger JSON", document: isJaeger, open: readJaeger, cut: cutJaeger}}
}
