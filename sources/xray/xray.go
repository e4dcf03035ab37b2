package xray

import (
	"bytes"

	"tracefall/sources/decode"
	"tracefall/sources/flat"
	"tracefall/sources/trace"
)

// isXRay recognises documents of AWS X-Ray: an answer of BatchGetTraces, and segments, of which there is a list or
// one a line.
func isXRay(o *decode.Outline) bool {
	if o.Has("format", "version") && o.Ended && len(o.Keys) == 2 { // what the daemon reads before each segment
		return true
	}
	if o.Is("Traces", '[') && !o.Array || o.Is("Segments", '[') || o.Is("TraceSegmentDocuments", '[') || o.Is("Document", '"') {
		return true
	}
	if !o.Has("id", "trace_id", "name", "start_time") || o.Has("span_id") || o.Has("spanId") || o.Is("start_time", '"') {
		return false
	}
	return o.Is("subsegments", '[') || o.Has("in_progress") || o.Is("http", '{') || o.Is("aws", '{') || o.Is("annotations", '{') ||
		o.Is("metadata", '{') || o.Has("origin") || o.Has("namespace") || o.Has("precursor_ids") || o.Has("fault")
}

// xray reads one document, or an array of segments:
//
//	{"Traces":[{"Id":"1-…","Segments":[{"Id":"…","Document":"{…a segment as text…}"}]}]}
//	{"TraceSegmentDocuments":["{…}"]}
//	{"id":"…","trace_id":"1-…","name":"shop","start_time":1478293361.271,"end_time":…,"subsegments":[{…}]}
func (r *xrayReader) xray() { r.EachObject(func() { r.xrayDocument(0) }) }

// xrayWrappers is how many objects may be around a segment: the answer and the trace.
const xrayWrappers = 2

func (r *xrayReader) xrayDocument(depth int) {
	start := r.ValueAt()
	if !r.EnterObject("document") {
		return
	}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch name := string(key); {
		case name == "Traces" || name == "Segments":
			if depth == xrayWrappers || !r.EnterArray(name) {
				r.Skip()
				continue
			}
			for r.Element() {
				r.Tick()
				r.xrayDocument(depth + 1)
			}
		case name == "TraceSegmentDocuments" && r.Array():
			for r.Element() {
				r.xrayText()
			}
		case name == "Document":
			r.xrayText()
		case name == "trace_id" || name == "id":
			r.Pos = start
			r.xraySegment()
			return
		default:
			r.Skip()
		}
	}
}

// xrayText reads a segment that is written as text in a string, or as an object in its place.
func (r *xrayReader) xrayText() {
	r.Tick()
	if r.Next() != '"' {
		r.xraySegment()
		return
	}
	off := r.ValueAt()
	if !r.Within(r.xraySegment) && r.Err == nil {
		r.Note(decode.NoticeDamaged, "segment documents that are not whole were skipped", off)
	}
	if r.Err == nil {
		r.Good = r.Pos
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
	start := r.ValueAt()
	owner, ok := r.xrayOwner()
	if !ok {
		if r.Err == nil {
			r.Skip()
			r.Note(decode.NoticeSkipped, "objects that are no segment of X-Ray were skipped", start)
		}
		return
	}
	r.Object()
	open := r.xrayOpen[:0]
	open = pushXRay(open)
	for len(open) > 0 && r.Err == nil {
		s := &open[len(open)-1]
		if s.within {
			if s.within = r.Element(); s.within && !r.Object() {
				r.Skip()
			} else if s.within {
				parent := s.raw.ID
				open = pushXRay(open)
				open[len(open)-1].parent = parent
			}
			continue
		}
		key, ok := r.Key()
		if !ok {
			if r.Err == nil {
				r.addXRay(s, owner, len(open) == 1)
			}
			open = open[:len(open)-1]
			continue
		}
		if string(key) == "subsegments" && r.Next() == '[' && len(open) < xrayDepth {
			s.within = r.Array()
			continue
		}
		r.xrayField(s, key)
	}
	r.xrayOpen = open
	r.Good = max(r.Good, r.Pos)
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
	start := r.Pos
	defer func() { r.Pos, r.Fresh = start, false }()
	if !r.Object() {
		return owner, false
	}
	attrs := r.Shared[:0]
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch string(key) {
		case "trace_id":
			owner.trace = r.xrayTraceID()
		case "name":
			attrs = append(attrs, r.B.String(r.Names.Service, r.StringOf("name")))
		case "origin":
			attrs = append(attrs, r.StringAttr(r.B.Symbol([]byte("aws.origin")), "origin"))
		default:
			r.Skip()
		}
	}
	r.Shared = attrs
	if owner.trace.IsZero() || r.Err != nil {
		return owner, false
	}
	owner.resource = r.B.Resource(attrs, 0)
	return owner, true
}

// xrayTraceID reads 1-5759e988-bd862e3fe1be46a994272793: a version, the time in hexadecimal seconds, and the rest.
func (r *xrayReader) xrayTraceID() trace.TraceID {
	text := r.StringOf("trace_id")
	if rest, ok := bytes.CutPrefix(text, []byte("1-")); ok {
		if seconds, unique, ok := bytes.Cut(rest, []byte("-")); ok && len(seconds) == 8 && len(unique) == 24 {
			return r.IDs.TraceID(append(append(r.JSON[:0], seconds...), unique...))
		}
	}
	return r.IDs.TraceID(text)
}

func (r *xrayReader) xrayField(s *xraySpan, key []byte) {
	raw := &s.raw
	switch string(key) {
	case "id":
		raw.ID = r.SpanIDOf("id")
	case "parent_id":
		raw.Parent = r.SpanIDOf("parent_id")
	case "name":
		raw.Name = r.SymbolOf("name")
	case "start_time":
		raw.Start = r.xrayTime("start_time")
	case "end_time":
		raw.End = r.xrayTime("end_time")
	case "trace_id", "in_progress":
		r.Skip()
	case "subsegments":
		if r.Next() == '[' {
			r.Note(decode.NoticeSkipped, "subsegments that are too deep in others were skipped", r.Pos)
		}
		r.Skip()
	case "fault", "error", "throttle":
		s.failed = r.BoolOf("fault") || s.failed
	case "namespace":
		s.remote = len(r.StringOf("namespace")) > 0
	case "type":
		s.separated = string(r.StringOf("type")) == "subsegment"
	case "annotations":
		raw.Attrs = r.PlainAttributes(raw.Attrs)
	case "http", "sql", "aws", "metadata", "service":
		r.xrayAttributes(s, string(key)+".")
	case "cause":
		r.xrayCause(s)
	case "precursor_ids", "links":
		r.Skip()
	default:
		raw.Attrs = append(raw.Attrs, r.PlainValue(r.B.Symbol(key)))
	}
}

// xrayTime reads seconds since the epoch with a fraction.
func (r *xrayReader) xrayTime(field string) int64 {
	off := r.ValueAt()
	digits, ok := r.Numeral()
	ns, readable := flat.Scale(digits, flat.Seconds)
	if r.Err == nil && !(ok && readable && (ns == 0 || flat.Plausible(ns))) {
		r.Bad(field, "seconds since 1970", off)
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
	if !r.EnterObject(prefix) {
		return
	}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		name := prefix + string(key)
		if (name == "http.request" || name == "http.response") && r.Object() {
			for key, ok := r.Key(); ok; key, ok = r.Key() {
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
	s.raw.Attrs = append(s.raw.Attrs, r.PlainValue(r.B.Symbol([]byte(name))))
}

// xrayCause reads {"exceptions":[{"type":…,"message":…}]} as events; the first message is that of the status.
func (r *xrayReader) xrayCause(s *xraySpan) {
	if !r.Object() {
		r.Skip() // the id of an exception that another segment holds
		return
	}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		if string(key) != "exceptions" || !r.Array() {
			r.Skip()
			continue
		}
		for r.Element() {
			if !r.EnterObject("exceptions") {
				continue
			}
			e := trace.RawEvent{Name: r.B.Symbol([]byte("exception"))}
			for key, ok := r.Key(); ok; key, ok = r.Key() {
				switch string(key) {
				case "message":
					a := r.StringAttr(r.B.Symbol([]byte("exception.message")), "message")
					if e.Attrs = append(e.Attrs, a); s.raw.Message == (trace.Attr{}) {
						s.raw.Message = a
					}
				case "type":
					e.Attrs = append(e.Attrs, r.StringAttr(r.B.Symbol([]byte("exception.type")), "type"))
				default:
					r.Skip()
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
	raw.Origin = r.B.Origin(owner.resource, r.B.Scope(0, 0, nil, 0))
	r.B.Add(raw)
}

// xrayReader reads AWS X-Ray's JSON.
type xrayReader struct {
	*decode.Reader
	xrayOpen []xraySpan
}

func readXRay(r *decode.Reader) decode.Decoder {
	return decode.Decoder{Document: (&xrayReader{Reader: r}).xray}
}

// Formats is AWS X-Ray's JSON.
func Formats() []decode.Format {
	return []decode.Format{{
		Name: "AWS X-Ray segments", Document: isXRay, Open: readXRay, Sure: func(*decode.Outline) bool { return true },
	}}
}
