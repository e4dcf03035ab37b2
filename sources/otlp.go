package sources

import (
	"bytes"
	"slices"
	"strings"

	"tracefall/sources/trace"
)

// isOTLP recognises OTLP JSON and its wrappers.
func isOTLP(o *outline) bool {
	if o.array {
		return o.has("resourceSpans") || o.has("resource_spans") || o.has("ResourceSpans") || o.has("batches") || o.has("result")
	}
	for _, key := range o.keys {
		switch key {
		case "resourceSpans", "resource_spans", "ResourceSpans", "batches", "result",
			"resourceLogs", "resource_logs", "resourceMetrics", "resource_metrics":
			return true
		}
	}
	return o.is("trace", '{')
}

// otlp reads one OTLP JSON document, wrapped in whatever a backend puts around it:
//
//	{"resourceSpans":[…]}               the specification
//	{"resource_spans":[…]}              protobuf's own spelling of JSON
//	{"result":{"resourceSpans":[…]}}    Jaeger's api_v3; also an array of such, or a result that is an array
//	{"batches":[…]}                     Tempo
//	{"trace":{…},"status":"PARTIAL"}    Tempo's api/v2
func (r *otlpReader) otlp() {
	start := r.valueAt()
	doc := otlpDocument{}
	r.otlpWrapped(&doc, 0)
	if doc.partial {
		r.partialMessage(&doc)
		for _, id := range doc.traces {
			r.b.Partial(id)
		}
	}
	if r.err == nil && !doc.found {
		if r.foreign(start); r.told.refusal == "" && isEmptyTempo(r.data[start:r.pos]) {
			r.told.refusal = "is Tempo's answer without a trace: it found none of that id"
		}
	}
}

// isEmptyTempo tells whether a document is {"trace":{},"metrics":{…}}: much else has something that it calls "trace".
func isEmptyTempo(document []byte) bool {
	s := scanner{data: document}
	empty := false
	s.object()
	for key, ok := s.key(); ok; key, ok = s.key() {
		switch string(key) {
		case "trace":
			value := s.raw()
			empty = len(value) > 1 && value[0] == '{' && len(bytes.TrimSpace(value[1:len(value)-1])) == 0
		case "metrics", "status", "message":
			s.skip()
		default:
			return false
		}
	}
	return empty && s.err == nil
}

// isPartial reads a status of Tempo, which is a name or its number.
func (r *otlpReader) isPartial() bool {
	switch c := r.next(); {
	case c == '"':
		return string(r.str().raw) == "PARTIAL"
	case isDigit(c):
		return string(r.number()) == "1"
	}
	r.skip()
	return false
}

// partialMessage passes on why Tempo calls its answer partial.
func (r *otlpReader) partialMessage(doc *otlpDocument) {
	if doc.messageAt == 0 || r.err != nil {
		return
	}
	r.readAt(doc.messageAt, func() {
		if text := r.stringOf("message"); len(text) > 0 {
			r.note(trace.NoticeAnswer, "the answer is partial: Tempo says: "+clip(string(text)), doc.messageAt)
		}
	})
}

// otlpDocument is what is known of the document being read.
type otlpDocument struct {
	found     bool            // it holds resource spans, logs or metrics, or could
	inTrace   bool            // inside "trace", where a status may follow
	partial   bool            // the status is PARTIAL
	messageAt int             // where Tempo says why; 0: nowhere
	traces    []trace.TraceID // met inside "trace"
}

// otlpWrappers is how many wrappers may stand around the resource spans: an array, result, trace, and one spare.
const otlpWrappers = 4

func (r *otlpReader) otlpWrapped(doc *otlpDocument, depth int) {
	if depth == otlpWrappers {
		r.skip()
		return
	}
	if r.array() {
		for r.element() {
			r.otlpWrapped(doc, depth+1)
		}
		return
	}
	if !r.object() {
		r.skip()
		return
	}
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch string(r.camel(key)) {
		case "resourceSpans", "batches":
			doc.found = true
			r.resourceSpans(doc)
		case "result", "trace":
			doc.inTrace = doc.inTrace || key[0] == 't'
			r.otlpWrapped(doc, depth+1)
		case "status":
			doc.partial = r.isPartial() || doc.partial
		case "message":
			doc.messageAt = r.valueAt()
			r.skip()
		case "error":
			r.said(r.answerError(answer{off: r.valueAt()}))
		case "resourceLogs":
			doc.found = true
			r.other("log records (resourceLogs) were skipped, only spans are read")
		case "resourceMetrics":
			doc.found = true
			r.other("metrics (resourceMetrics) were skipped, only spans are read")
		default:
			r.skip()
		}
	}
}

// other counts a signal that is no trace.
func (r *otlpReader) other(subject string) {
	r.note(NoticeSkipped, subject, r.valueAt())
	r.skip()
}

// snake notes, once an input, that names are spelled as protobuf spells them.
func (r *otlpReader) snake() {
	r.once(NoticeSpelling, "field names in snake_case are not OTLP JSON; read all the same", r.pos)
}

func (r *otlpReader) resourceSpans(doc *otlpDocument) {
	if !r.enterArray("resourceSpans") {
		return
	}
	for r.element() {
		if !doc.inTrace && r.join(atResource) {
			return
		}
		r.tick()
		r.resourceSpan(doc)
	}
}

// deferred remembers where a list stands that can be read only after what follows it.
type deferred struct {
	at [4]int
	n  int
}

func (d *deferred) add(r *reader) {
	d.at[d.n] = r.valueAt()
	d.n++
	r.skip()
}

func (d *deferred) full() bool { return d.n == len(d.at) }

// replay reads the deferred lists and returns to where the reader was, even after an error: then too, what can be
// read of them is read.
func (d *deferred) replay(r *reader, read func()) {
	if d.n == 0 {
		return
	}
	end, fault := r.pos, r.err
	for _, at := range d.at[:d.n] {
		r.pos, r.err, r.fresh, r.lookAt = at, nil, false, at
		read()
	}
	if r.stop == nil {
		r.pos, r.err, r.fresh = end, fault, false
	}
}

// resourceSpan reads the spans of one resource. Mostly the resource comes first; where it does not, the spans
// wait for it.
func (r *otlpReader) resourceSpan(doc *otlpDocument) {
	if !r.enterObject("resourceSpans") {
		return
	}
	resource, known := uint32(0), false
	var later deferred
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch string(r.camel(key)) {
		case "resource":
			resource, known = r.resource(), true
		case "scopeSpans", "instrumentationLibrarySpans", "ilSpans":
			if known || later.full() {
				r.scopeSpans(doc, resource)
			} else {
				later.add(r.reader)
			}
		default:
			r.skip()
		}
	}
	if !known {
		resource = r.b.Resource(nil, 0)
	}
	later.replay(r.reader, func() { r.scopeSpans(doc, resource) })
}

func (r *otlpReader) scopeSpans(doc *otlpDocument, resource uint32) {
	if !r.enterArray("scopeSpans") {
		return
	}
	for r.element() {
		r.scopeSpan(doc, resource)
	}
}

// scopeSpan reads the spans of one instrumentation scope.
func (r *otlpReader) scopeSpan(doc *otlpDocument, resource uint32) {
	if !r.enterObject("scopeSpans") {
		return
	}
	scope, known := uint32(0), false
	var later deferred
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch string(r.camel(key)) {
		case "scope", "instrumentationLibrary":
			scope, known = r.scope(), true
		case "spans":
			if known || later.full() {
				r.spans(doc, r.b.Origin(resource, scope))
			} else {
				later.add(r.reader)
			}
		default:
			r.skip()
		}
	}
	if !known {
		scope = r.b.Scope(0, 0, nil, 0)
	}
	later.replay(r.reader, func() { r.spans(doc, r.b.Origin(resource, scope)) })
}

// resource reads a resource. The same bytes as one of the last few are the same resource.
func (r *otlpReader) resource() uint32 {
	off := r.valueAt()
	if n, size, ok := r.resources.find(r.data[off:]); ok {
		r.pos += size
		return n
	}
	attrs, dropped, own := r.shared[:0], uint32(0), false
	if !r.enterObject("resource") {
		return r.b.Resource(nil, 0)
	}
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch key = r.camel(key); string(key) {
		case "attributes":
			attrs, own = r.attributes(attrs), true
		case "droppedAttributesCount":
			dropped = r.countOf("droppedAttributesCount")
		default:
			attrs = r.looseResource(attrs, key, own)
		}
	}
	r.shared = attrs
	n := r.b.Resource(attrs, dropped)
	if r.err == nil {
		r.resources.keep(r.data[off:r.pos], n)
	}
	return n
}

// scope reads an instrumentation scope.
func (r *otlpReader) scope() uint32 {
	off := r.valueAt()
	if n, size, ok := r.scopes.find(r.data[off:]); ok {
		r.pos += size
		return n
	}
	attrs, dropped := r.shared[:0], uint32(0)
	var name, version trace.Symbol
	if !r.enterObject("scope") {
		return r.b.Scope(0, 0, nil, 0)
	}
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch string(r.camel(key)) {
		case "name":
			name = r.symbolOf("scope.name")
		case "version":
			version = r.symbolOf("scope.version")
		case "attributes":
			attrs = r.attributes(attrs)
		case "droppedAttributesCount":
			dropped = r.countOf("droppedAttributesCount")
		default:
			r.skip()
		}
	}
	r.shared = attrs
	n := r.b.Scope(name, version, attrs, dropped)
	if r.err == nil {
		r.scopes.keep(r.data[off:r.pos], n)
	}
	return n
}

// seenTrace remembers the traces of a document whose status may follow them.
func (doc *otlpDocument) seenTrace(id trace.TraceID) {
	if doc.inTrace && !slices.Contains(doc.traces[max(len(doc.traces)-1, 0):], id) {
		doc.traces = append(doc.traces, id)
	}
}

// cutOTLP looks for an element of resourceSpans: {"resource": cannot occur within a string.
func cutOTLP(window []byte, off int, _ bool) *part {
	for {
		i := bytes.Index(window[off:], []byte(`"resource"`))
		if i < 0 {
			return nil
		}
		if at := opens(window, off+i); at >= 0 {
			return &part{at: at, kind: atResource}
		}
		off += i + 1
	}
}

// otlpReader reads OTLP JSON.
type otlpReader struct {
	*reader
	quick             *quick
	lastKey           trace.Symbol // of the attribute before, 0 for none
	resources, scopes repeats
	nested            []frame // how deep in the value being read
}

func newOTLPReader(r *reader) *otlpReader { return &otlpReader{reader: r, quick: &quick{}} }

func readOTLP(r *reader) decoder {
	d := newOTLPReader(r)
	return decoder{d.otlp, func(kind boundary, _ bool) { d.elements(kind, func() { d.resourceSpan(&otlpDocument{}) }) }}
}

func readOTLPResources(r *reader) decoder { return decoder{document: newOTLPReader(r).otlpResources} }
func readOTLPScopes(r *reader) decoder    { return decoder{document: newOTLPReader(r).otlpScopes} }
func readOTLPSpans(r *reader) decoder     { return decoder{document: newOTLPReader(r).otlpSpans} }

const otlpName = "OTLP JSON"

// otlpFormats are OTLP JSON and what it is cut into.
func otlpFormats() []format {
	list := []format{
		{document: isOTLP, open: readOTLP, cut: cutOTLP},
		{document: isOTLPResource, open: readOTLPResources},
		{document: isOTLPScope, open: readOTLPScopes},
		{document: isOTLPSpan, open: readOTLPSpans},
	}
	for i := range list {
		list[i].name, list[i].sure = otlpName, namesResources
	}
	return list
}

// namesResources tells whether a document holds a list of resources or scopes, which nothing else has.
func namesResources(o *outline) bool {
	return slices.ContainsFunc(o.keys, func(key string) bool {
		key = strings.ToLower(key)
		return strings.HasPrefix(key, "resource") && len(key) > len("resource") || strings.HasPrefix(key, "scope") || key == "batches"
	})
}
