package sources

import (
	"bytes"

	"tracefall/sources/flat"
	"tracefall/sources/trace"
)

// isXRay recognises documents of AWS X-Ray: an answer of BatchGetTraces, and segments, of which there is a list or
// one a line.
func isXRay(o *outline) bool {
	if o.has("format", "version") && o.ended && len(o.keys) == 2 { // what the daemon reads before each segment
		return true
	}
	if o.is("Traces", '[') && !o.array || o.is("Segments", '[') || o.is("TraceSegmentDocuments", '[') || o.is("Document", '"') {
		return true
	}
	if !o.has("id", "trace_id", "name", "start_time") || o.has("span_id") || o.has("spanId") || o.is("start_time", '"') {
		return false
	}
	return o.is("subsegments", '[') || o.has("in_progress") || o.is("http", '{') || o.is("aws", '{') || o.is("annotations", '{') ||
		o.is("metadata", '{') || o.has("origin") || o.has("namespace") || o.has("precursor_ids") || o.has("fault")
}

// xray reads one document, or an array of segments:
//
//	{"Traces":[{"Id":"1-…","Segments":[{"Id":"…","Document":"{…a segment as text…}"}]}]}
//	{"TraceSegmentDocuments":["{…}"]}
//	{"id":"…","trace_id":"1-…","name":"shop","start_time":1478293361.271,"end_time":…,"subsegments":[{…}]}
func (r *xrayReader) xray() { r.eachObject(func() { r.xrayDocument(0) }) }

// xrayWrappers is how many objects may be around a segment: the answer and the trace.
const xrayWrappers = 2

func (r *xrayReader) xrayDocument(depth int) {
	start := r.valueAt()
	if !r.enterObject("document") {
		return
	}
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch name := string(key); {
		case name == "Traces" || name == "Segments":
			if depth == xrayWrappers || !r.enterArray(name) {
				r.skip()
				continue
			}
			for r.element() {
				r.tick()
				r.xrayDocument(depth + 1)
			}
		case name == "TraceSegmentDocuments" && r.array():
			for r.element() {
				r.xrayText()
			}
		case name == "Document":
			r.xrayText()
		case name == "trace_id" || name == "id":
			r.pos = start
			r.xraySegment()
			return
		default:
			r.skip()
		}
	}
}

// xrayText reads a segment that is written as text in a string, or as an object in its place.
func (r *xrayReader) xrayText() {
	r.tick()
	if r.next() != '"' {
		r.xraySegment()
		return
	}
	off := r.valueAt()
	if !r.within(r.xraySegment) && r.err == nil {
		r.note(NoticeDamaged, "segment documents that are not whole were skipped", off)
	}
	if r.err == nil {
		r.good = r.pos
	}
}

// xraySpan is a segment or subsegment while it is read: those in it are read before what follows them is known.
type xraySpan struct {
	raw       trace.RawSpan
	parent    trace.SpanID
	failed    bool
	remote    bool
	within    bool // an element of subsegments follows
	separated bool // a subsegment that was sent on its own
}

// xrayOwner is what a segment says for all that is in it.
type xrayOwner struct {
	trace    trace.TraceID
	resource uint32
}

// xrayDepth is how deep subsegments may be in subsegments. A segment has 64 kB at most.
const xrayDepth = 512

// xraySegment reads a segment with its subsegments, each of which becomes a span.
func (r *xrayReader) xraySegment() {
	start := r.valueAt()
	owner, ok := r.xrayOwner()
	if !ok {
		if r.err == nil {
			r.skip()
			r.note(NoticeSkipped, "objects that are no segment of X-Ray were skipped", start)
		}
		return
	}
	r.object()
	open := r.xrayOpen[:0]
	open = pushXRay(open)
	for len(open) > 0 && r.err == nil {
		s := &open[len(open)-1]
		if s.within {
			if s.within = r.element(); s.within && !r.object() {
				r.skip()
			} else if s.within {
				parent := s.raw.ID
				open = pushXRay(open)
				open[len(open)-1].parent = parent
			}
			continue
		}
		key, ok := r.key()
		if !ok {
			if r.err == nil {
				r.addXRay(s, owner, len(open) == 1)
			}
			open = open[:len(open)-1]
			continue
		}
		if string(key) == "subsegments" && r.next() == '[' && len(open) < xrayDepth {
			s.within = r.array()
			continue
		}
		r.xrayField(s, key)
	}
	r.xrayOpen = open
	r.good = max(r.good, r.pos)
}

// pushXRay adds a span to those that are open, with the memory of one that was there before.
func pushXRay(open []xraySpan) []xraySpan {
	if len(open) < cap(open) {
		open = open[:len(open)+1]
	} else {
		open = append(open, xraySpan{})
	}
	s := &open[len(open)-1]
	raw := s.raw
	raw.Reset()
	*s = xraySpan{raw: raw}
	return open
}

// xrayOwner looks ahead for what a segment says for all that is in it. The position stays.
func (r *xrayReader) xrayOwner() (owner xrayOwner, ok bool) {
	start := r.pos
	defer func() { r.pos, r.fresh = start, false }()
	if !r.object() {
		return owner, false
	}
	attrs := r.shared[:0]
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch string(key) {
		case "trace_id":
			owner.trace = r.xrayTraceID()
		case "name":
			attrs = append(attrs, r.b.String(r.names.service, r.stringOf("name")))
		case "origin":
			attrs = append(attrs, r.stringAttr(r.b.Symbol([]byte("aws.origin")), "origin"))
		default:
			r.skip()
		}
	}
	r.shared = attrs
	if owner.trace.IsZero() || r.err != nil {
		return owner, false
	}
	owner.resource = r.b.Resource(attrs, 0)
	return owner, true
}

// xrayTraceID reads 1-5759e988-bd862e3fe1be46a994272793: a version, the time in hexadecimal seconds, and the rest.
func (r *xrayReader) xrayTraceID() trace.TraceID {
	text := r.stringOf("trace_id")
	if rest, ok := bytes.CutPrefix(text, []byte("1-")); ok {
		if seconds, unique, ok := bytes.Cut(rest, []byte("-")); ok && len(seconds) == 8 && len(unique) == 24 {
			return r.ids.traceID(append(append(r.json[:0], seconds...), unique...))
		}
	}
	return r.ids.traceID(text)
}

func (r *xrayReader) xrayField(s *xraySpan, key []byte) {
	raw := &s.raw
	switch string(key) {
	case "id":
		raw.ID = r.spanIDOf("id")
	case "parent_id":
		raw.Parent = r.spanIDOf("parent_id")
	case "name":
		raw.Name = r.symbolOf("name")
	case "start_time":
		raw.Start = r.xrayTime("start_time")
	case "end_time":
		raw.End = r.xrayTime("end_time")
	case "trace_id", "in_progress":
		r.skip()
	case "subsegments":
		if r.next() == '[' {
			r.note(NoticeSkipped, "subsegments that are too deep in others were skipped", r.pos)
		}
		r.skip()
	case "fault", "error", "throttle":
		s.failed = r.boolOf("fault") || s.failed
	case "namespace":
		s.remote = len(r.stringOf("namespace")) > 0
	case "type":
		s.separated = string(r.stringOf("type")) == "subsegment"
	case "annotations":
		raw.Attrs = r.plainAttributes(raw.Attrs)
	case "http", "sql", "aws", "metadata", "service":
		r.xrayAttributes(s, string(key)+".")
	case "cause":
		r.xrayCause(s)
	case "precursor_ids", "links":
		r.skip()
	default:
		raw.Attrs = append(raw.Attrs, r.plainValue(r.b.Symbol(key)))
	}
}

// xrayTime reads seconds since the epoch with a fraction.
func (r *xrayReader) xrayTime(field string) int64 {
	off := r.valueAt()
	digits, ok := r.numeral()
	ns, readable := flat.Scale(digits, flat.Seconds)
	if r.err == nil && !(ok && readable && (ns == 0 || flat.Plausible(ns))) {
		r.bad(field, "seconds since 1970", off)
		return 0
	}
	return ns
}

// xrayNames are the members of a segment that OpenTelemetry has a name for.
var xrayNames = map[string]string{
	"http.request.method":          "http.request.method",
	"http.request.url":             "url.full",
	"http.request.client_ip":       "client.address",
	"http.request.user_agent":      "user_agent.original",
	"http.response.status":         "http.response.status_code",
	"http.response.content_length": "http.response.body.size",
	"sql.sanitized_query":          "db.query.text",
	"sql.database_type":            "db.system",
	"sql.url":                      "db.connection_string",
	"sql.user":                     "db.user",
	"service.version":              "service.version",
	"aws.region":                   "cloud.region",
	"aws.operation":                "rpc.method",
	"aws.request_id":               "aws.request_id",
}

// xrayAttributes reads an object as attributes; http has two objects in it, others stay JSON.
func (r *xrayReader) xrayAttributes(s *xraySpan, prefix string) {
	if !r.enterObject(prefix) {
		return
	}
	for key, ok := r.key(); ok; key, ok = r.key() {
		name := prefix + string(key)
		if (name == "http.request" || name == "http.response") && r.object() {
			for key, ok := r.key(); ok; key, ok = r.key() {
				r.xrayAttribute(s, name+"."+string(key))
			}
			continue
		}
		r.xrayAttribute(s, name)
	}
}

func (r *xrayReader) xrayAttribute(s *xraySpan, name string) {
	if known := xrayNames[name]; known != "" {
		name = known
	}
	s.raw.Attrs = append(s.raw.Attrs, r.plainValue(r.b.Symbol([]byte(name))))
}

// xrayCause reads {"exceptions":[{"type":…,"message":…}]} as events; the first message is that of the status.
func (r *xrayReader) xrayCause(s *xraySpan) {
	if !r.object() {
		r.skip() // the id of an exception that another segment holds
		return
	}
	for key, ok := r.key(); ok; key, ok = r.key() {
		if string(key) != "exceptions" || !r.array() {
			r.skip()
			continue
		}
		for r.element() {
			if !r.enterObject("exceptions") {
				continue
			}
			e := trace.RawEvent{Name: r.b.Symbol([]byte("exception"))}
			for key, ok := r.key(); ok; key, ok = r.key() {
				switch string(key) {
				case "message":
					a := r.stringAttr(r.b.Symbol([]byte("exception.message")), "message")
					if e.Attrs = append(e.Attrs, a); s.raw.Message == (trace.Attr{}) {
						s.raw.Message = a
					}
				case "type":
					e.Attrs = append(e.Attrs, r.stringAttr(r.b.Symbol([]byte("exception.type")), "type"))
				default:
					r.skip()
				}
			}
			s.raw.Events = append(s.raw.Events, e)
		}
	}
}

// addXRay adds a span that is complete: the segment itself, or one in it.
func (r *xrayReader) addXRay(s *xraySpan, owner xrayOwner, outermost bool) {
	raw := &s.raw
	raw.Trace = owner.trace
	if !outermost && raw.Parent.IsZero() {
		raw.Parent = s.parent
	}
	if raw.End == 0 && raw.Start == 0 && raw.ID.IsZero() {
		return
	}
	for i := range raw.Events {
		raw.Events[i].Time = raw.End // they have none of their own, and an exception ends what it is of
	}
	switch {
	case s.remote:
		raw.Kind = trace.KindClient
	case outermost && !s.separated:
		raw.Kind = trace.KindServer
	default:
		raw.Kind = trace.KindInternal
	}
	if s.failed {
		raw.Status = trace.StatusError
	}
	raw.Origin = r.b.Origin(owner.resource, r.b.Scope(0, 0, nil, 0))
	r.b.Add(raw)
}

// xrayReader reads AWS X-Ray's JSON.
type xrayReader struct {
	*reader
	xrayOpen []xraySpan
}

func readXRay(r *reader) decoder { return decoder{document: (&xrayReader{reader: r}).xray} }

// xrayFormats is AWS X-Ray's JSON.
func xrayFormats() []format {
	return []format{{
		name: "AWS X-Ray segments", document: isXRay, open: readXRay, sure: func(*outline) bool { return true },
	}}
}
