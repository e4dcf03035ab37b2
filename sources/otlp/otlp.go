package otlp

import (
	"bytes"
	"slices"
	"strings"

	"tracefall/sources/decode"
	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
)

// isOTLP recognises OTLP JSON and its wrappers.
func isOTLP(o *decode.Outline) bool {
	if o.Array {
		return o.Has("resourceSpans") || o.Has("resource_spans") || o.Has("ResourceSpans") || o.Has("batches") || o.Has("result")
	}
	for _, key := range o.Keys {
		switch key {
		case "resourceSpans", "resource_spans", "ResourceSpans", "batches", "result",
			"resourceLogs", "resource_logs", "resourceMetrics", "resource_metrics":
			return true
		}
	}
	return o.Is("trace", '{')
}

// otlp reads one OTLP JSON document, wrapped in whatever a backend puts around it:
//
//	{"resourceSpans":[…]}               the specification
//	{"resource_spans":[…]}              protobuf's own spelling of JSON
//	{"result":{"resourceSpans":[…]}}    Jaeger's api_v3; also an array of such, or a result that is an array
//	{"batches":[…]}                     Tempo
//	{"trace":{…},"status":"PARTIAL"}    Tempo's api/v2
func (r *Reader) otlp() {
	start := r.ValueAt()
	doc := otlpDocument{}
	r.otlpWrapped(&doc, 0)
	if doc.partial {
		r.partialMessage(&doc)
		for _, id := range doc.traces {
			r.B.Partial(id)
		}
	}
	if r.Err == nil && !doc.found {
		if r.Foreign(start); r.Told.Refusal == "" && isEmptyTempo(r.Data[start:r.Pos]) {
			r.Told.Refusal = "is Tempo's answer without a trace: it found none of that id"
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
			s.Skip()
		default:
			return false
		}
	}
	return empty && s.Err == nil
}

// isPartial reads a status of Tempo, which is a name or its number.
func (r *Reader) isPartial() bool {
	switch c := r.Next(); {
	case c == '"':
		return string(r.Str().Raw) == "PARTIAL"
	case jsonscan.IsDigit(c):
		return string(r.Number()) == "1"
	}
	r.Skip()
	return false
}

// partialMessage passes on why Tempo calls its answer partial.
func (r *Reader) partialMessage(doc *otlpDocument) {
	if doc.messageAt == 0 || r.Err != nil {
		return
	}
	r.ReadAt(doc.messageAt, func() {
		if text := r.StringOf("message"); len(text) > 0 {
			r.Note(trace.NoticeAnswer, "the answer is partial: Tempo says: "+decode.Clip(string(text)), doc.messageAt)
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

func (r *Reader) otlpWrapped(doc *otlpDocument, depth int) {
	if depth == otlpWrappers {
		r.Skip()
		return
	}
	if r.Array() {
		for r.Element() {
			r.otlpWrapped(doc, depth+1)
		}
		return
	}
	if !r.Object() {
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
			r.otlpWrapped(doc, depth+1)
		case "status":
			doc.partial = r.isPartial() || doc.partial
		case "message":
			doc.messageAt = r.ValueAt()
			r.Skip()
		case "error":
			r.Said(r.AnswerError(decode.Answer{Off: r.ValueAt()}))
		case "resourceLogs":
			doc.found = true
			r.other("log records (resourceLogs) were skipped, only spans are read")
		case "resourceMetrics":
			doc.found = true
			r.other("metrics (resourceMetrics) were skipped, only spans are read")
		default:
			r.Skip()
		}
	}
}

// other counts a signal that is no trace.
func (r *Reader) other(subject string) {
	r.Note(decode.NoticeSkipped, subject, r.ValueAt())
	r.Skip()
}

// snake notes, once an input, that names are spelled as protobuf spells them.
func (r *Reader) snake() {
	r.Once(decode.NoticeSpelling, "field names in snake_case are not OTLP JSON; read all the same", r.Pos)
}

func (r *Reader) resourceSpans(doc *otlpDocument) {
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

// deferred remembers where a list stands that can be read only after what follows it.
type deferred struct {
	at [4]int
	n  int
}

func (d *deferred) Add(r *decode.Reader) {
	d.at[d.n] = r.ValueAt()
	d.n++
	r.Skip()
}

func (d *deferred) full() bool { return d.n == len(d.at) }

// replay reads the deferred lists and returns to where the reader was, even after an error: then too, what can be
// read of them is read.
func (d *deferred) replay(r *decode.Reader, read func()) {
	if d.n == 0 {
		return
	}
	end, fault := r.Pos, r.Err
	for _, at := range d.at[:d.n] {
		r.Pos, r.Err, r.Fresh, r.LookAt = at, nil, false, at
		read()
	}
	if r.Stop == nil {
		r.Pos, r.Err, r.Fresh = end, fault, false
	}
}

// resourceSpan reads the spans of one resource. Mostly the resource comes first; where it does not, the spans
// wait for it.
func (r *Reader) resourceSpan(doc *otlpDocument) {
	if !r.EnterObject("resourceSpans") {
		return
	}
	resource, known := uint32(0), false
	var later deferred
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch string(r.camel(key)) {
		case "resource":
			resource, known = r.resource(), true
		case "scopeSpans", "instrumentationLibrarySpans", "ilSpans":
			if known || later.full() {
				r.scopeSpans(doc, resource)
			} else {
				later.Add(r.Reader)
			}
		default:
			r.Skip()
		}
	}
	if !known {
		resource = r.B.Resource(nil, 0)
	}
	later.replay(r.Reader, func() { r.scopeSpans(doc, resource) })
}

func (r *Reader) scopeSpans(doc *otlpDocument, resource uint32) {
	if !r.EnterArray("scopeSpans") {
		return
	}
	for r.Element() {
		r.scopeSpan(doc, resource)
	}
}

// scopeSpan reads the spans of one instrumentation scope.
func (r *Reader) scopeSpan(doc *otlpDocument, resource uint32) {
	if !r.EnterObject("scopeSpans") {
		return
	}
	scope, known := uint32(0), false
	var later deferred
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch string(r.camel(key)) {
		case "scope", "instrumentationLibrary":
			scope, known = r.Scope(), true
		case "spans":
			if known || later.full() {
				r.spans(doc, r.B.Origin(resource, scope))
			} else {
				later.Add(r.Reader)
			}
		default:
			r.Skip()
		}
	}
	if !known {
		scope = r.B.Scope(0, 0, nil, 0)
	}
	later.replay(r.Reader, func() { r.spans(doc, r.B.Origin(resource, scope)) })
}

// resource reads a resource. The same bytes as one of the last few are the same resource.
func (r *Reader) resource() uint32 {
	off := r.ValueAt()
	if n, size, ok := r.resources.Find(r.Data[off:]); ok {
		r.Pos += size
		return n
	}
	attrs, dropped, own := r.Shared[:0], uint32(0), false
	if !r.EnterObject("resource") {
		return r.B.Resource(nil, 0)
	}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch key = r.camel(key); string(key) {
		case "attributes":
			attrs, own = r.attributes(attrs), true
		case "droppedAttributesCount":
			dropped = r.CountOf("droppedAttributesCount")
		default:
			attrs = r.LooseResource(attrs, key, own)
		}
	}
	r.Shared = attrs
	n := r.B.Resource(attrs, dropped)
	if r.Err == nil {
		r.resources.Keep(r.Data[off:r.Pos], n)
	}
	return n
}

// Scope reads an instrumentation scope.
func (r *Reader) Scope() uint32 {
	off := r.ValueAt()
	if n, size, ok := r.scopes.Find(r.Data[off:]); ok {
		r.Pos += size
		return n
	}
	attrs, dropped := r.Shared[:0], uint32(0)
	var name, version trace.Symbol
	if !r.EnterObject("scope") {
		return r.B.Scope(0, 0, nil, 0)
	}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch string(r.camel(key)) {
		case "name":
			name = r.SymbolOf("scope.name")
		case "version":
			version = r.SymbolOf("scope.version")
		case "attributes":
			attrs = r.attributes(attrs)
		case "droppedAttributesCount":
			dropped = r.CountOf("droppedAttributesCount")
		default:
			r.Skip()
		}
	}
	r.Shared = attrs
	n := r.B.Scope(name, version, attrs, dropped)
	if r.Err == nil {
		r.scopes.Keep(r.Data[off:r.Pos], n)
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
func cutOTLP(window []byte, off int, _ bool) *decode.Part {
	for {
		i := bytes.Index(window[off:], []byte(`"resource"`))
		if i < 0 {
			return nil
		}
		if at := decode.Opens(window, off+i); at >= 0 {
			return &decode.Part{At: at, Kind: decode.AtResource}
		}
		off += i + 1
	}
}

// Reader reads OTLP JSON.
type Reader struct {
	*decode.Reader
	quick             *decode.Cache
	lastKey           trace.Symbol // of the attribute before, 0 for none
	resources, scopes decode.Repeats
	nested            []frame // how deep in the value being read
}

// New returns a reader of OTLP JSON.
func New(r *decode.Reader) *Reader { return &Reader{Reader: r, quick: &decode.Cache{}} }

func readOTLP(r *decode.Reader) decode.Decoder {
	d := New(r)
	return decode.Decoder{Document: d.otlp, List: func(kind decode.Boundary, _ bool) { d.Elements(kind, func() { d.resourceSpan(&otlpDocument{}) }) }}
}

func readOTLPResources(r *decode.Reader) decode.Decoder {
	return decode.Decoder{Document: New(r).otlpResources}
}
func readOTLPScopes(r *decode.Reader) decode.Decoder {
	return decode.Decoder{Document: New(r).otlpScopes}
}
func readOTLPSpans(r *decode.Reader) decode.Decoder {
	return decode.Decoder{Document: New(r).otlpSpans}
}

// Name is what messages call the format.
const Name = "OTLP JSON"

// Formats are OTLP JSON and what it is cut into.
func Formats() []decode.Format {
	list := []decode.Format{
		{Document: isOTLP, Open: readOTLP, Cut: cutOTLP},
		{Document: isOTLPResource, Open: readOTLPResources},
		{Document: isOTLPScope, Open: readOTLPScopes},
		{Document: isOTLPSpan, Open: readOTLPSpans},
	}
	for i := range list {
		list[i].Name, list[i].Sure = Name, namesResources
	}
	return list
}

// namesResources reports whether a document holds a list of resources or scopes, which nothing else has.
func namesResources(o *decode.Outline) bool {
	return slices.ContainsFunc(o.Keys, func(key string) bool {
		key = strings.ToLower(key)
		return strings.HasPrefix(key, "resource") && len(key) > len("resource") || strings.HasPrefix(key, "scope") || key == "batches"
	})
}
