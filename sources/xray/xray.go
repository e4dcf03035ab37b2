package xray

import (
	"bytes"
	"cmp"
	"slices"

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

// documents reads one document, or an array of segments:
//
//	{"Traces":[{"Id":"1-…","Segments":[{"Id":"…","Document":"{…a segment as text…}"}]}]}
//	{"TraceSegmentDocuments":["{…}"]}
//	{"id":"…","trace_id":"1-…","name":"shop","start_time":1478293361.271,"end_time":…,"subsegments":[{…}]}
func (r *reader) documents() { r.EachObject(func() { r.document(0) }) }

// mostWrappers is how many objects may be around a segment: the answer and the trace.
const mostWrappers = 2

func (r *reader) document(depth int) {
	start := r.ValueAt()
	for key, ok := r.KeyIn("document"); ok; key, ok = r.Key() {
		switch name := string(key); {
		case name == "Traces" || name == "Segments":
			if depth == mostWrappers {
				continue
			}
			for range r.ItemsOf(name) {
				r.Tick()
				r.document(depth + 1)
			}
		case name == "TraceSegmentDocuments" && r.Array():
			for r.Element() {
				r.text()
			}
		case name == "Document":
			r.text()
		case name == "trace_id" || name == "id":
			r.Pos = start
			r.segment()
			return
		}
	}
}

// text reads a segment that is written as text in a string, or as an object in its place.
func (r *reader) text() {
	r.Tick()
	if r.Next() != '"' {
		r.segment()
		return
	}
	off := r.ValueAt()
	if !r.Within(r.segment) && r.Err == nil {
		r.Note(decode.NoticeDamaged, "incomplete X-Ray segment documents skipped", off)
	}
	if r.Err == nil {
		r.Good = r.Pos
	}
}

// span is a segment or subsegment while it is read: those in it are read before what follows them is known.
type span struct {
	raw       trace.RawSpan
	parent    trace.SpanID
	failed    bool
	remote    bool
	within    bool // an element of subsegments follows
	separated bool // a subsegment that was sent on its own
}

// owner is what a segment says for all that is in it.
type owner struct {
	trace    trace.TraceID
	resource uint32
}

// mostDepth is how deep subsegments may be in subsegments. A segment has 64 kB at most.
const mostDepth = 512

// segment reads a segment with its subsegments, each of which becomes a span.
func (r *reader) segment() {
	start := r.ValueAt()
	own, ok := r.owner()
	if !ok {
		if r.Err == nil {
			r.Skip()
			r.Note(decode.NoticeSkipped, "objects that are not X-Ray segments skipped", start)
		}
		return
	}
	r.Object()
	open := push(r.open[:0])
	for len(open) > 0 && r.Err == nil {
		s := &open[len(open)-1]
		if s.within {
			if s.within = r.Element(); s.within && r.Object() {
				parent := s.raw.ID
				open = push(open)
				open[len(open)-1].parent = parent
			}
			continue
		}
		key, ok := r.Key()
		if !ok {
			if r.Err == nil {
				r.add(s, own, len(open) == 1)
			}
			open = open[:len(open)-1]
			continue
		}
		if string(key) == "subsegments" && r.Next() == '[' && len(open) < mostDepth {
			s.within = r.Array()
			continue
		}
		r.field(s, key)
	}
	r.open = open
	r.Good = max(r.Good, r.Pos)
}

// push adds a span to those that are open, with the memory of one that was there before.
func push(open []span) []span {
	open = slices.Grow(open, 1)[:len(open)+1]
	s := &open[len(open)-1]
	raw := s.raw
	raw.Reset()
	*s = span{raw: raw}
	return open
}

// owner looks ahead for what a segment says for all that is in it. The position stays.
func (r *reader) owner() (own owner, ok bool) {
	start := r.Pos
	defer func() { r.Pos, r.Fresh = start, false }()
	if !r.Object() {
		return own, false
	}
	attrs := r.Shared[:0]
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch string(key) {
		case "trace_id":
			own.trace = r.traceID()
		case "name":
			attrs = append(attrs, r.B.String(r.Names.Service, r.StringOf("name")))
		case "origin":
			attrs = append(attrs, r.StringAttr(r.B.Symbol([]byte("aws.origin")), "origin"))
		}
	}
	r.Shared = attrs
	if own.trace.IsZero() || r.Err != nil {
		return own, false
	}
	own.resource = r.B.Resource(attrs, 0)
	return own, true
}

// traceID reads 1-5759e988-bd862e3fe1be46a994272793: a version, the time in hexadecimal seconds, and the rest.
func (r *reader) traceID() trace.TraceID {
	text := r.StringOf("trace_id")
	if rest, ok := bytes.CutPrefix(text, []byte("1-")); ok {
		if seconds, unique, ok := bytes.Cut(rest, []byte("-")); ok && len(seconds) == 8 && len(unique) == 24 {
			return r.IDs.TraceID(append(append(r.JSON[:0], seconds...), unique...))
		}
	}
	return r.IDs.TraceID(text)
}

func (r *reader) field(s *span, key []byte) {
	raw := &s.raw
	switch string(key) {
	case "id":
		raw.ID = r.SpanIDOf("id")
	case "parent_id":
		raw.Parent = r.SpanIDOf("parent_id")
	case "name":
		raw.Name = r.SymbolOf("name")
	case "start_time":
		raw.Start = r.time("start_time")
	case "end_time":
		raw.End = r.time("end_time")
	case "subsegments":
		if r.Next() == '[' {
			r.Note(decode.NoticeSkipped, "subsegments nested too deep skipped", r.Pos)
		}
	case "fault", "error", "throttle":
		s.failed = r.BoolOf("fault") || s.failed
	case "namespace":
		s.remote = len(r.StringOf("namespace")) > 0
	case "type":
		s.separated = string(r.StringOf("type")) == "subsegment"
	case "annotations":
		raw.Attrs = r.PlainAttributes(raw.Attrs)
	case "http", "sql", "aws", "metadata", "service":
		r.attributes(s, string(key)+".")
	case "cause":
		r.cause(s)
	case "precursor_ids", "links", "trace_id", "in_progress":
	default:
		raw.Attrs = append(raw.Attrs, r.PlainValue(r.B.Symbol(key)))
	}
}

// time reads seconds since the epoch with a fraction.
func (r *reader) time(field string) int64 {
	off := r.ValueAt()
	digits, ok := r.Numeral()
	ns, readable := flat.Scale(digits, flat.Seconds)
	if r.Err == nil && !(ok && readable && (ns == 0 || flat.Plausible(ns))) {
		r.Bad(field, "seconds since 1970", off)
		return 0
	}
	return ns
}

// names are the members of a segment that OpenTelemetry has a name for.
var names = map[string]string{
	"http.request.url":             "url.full",
	"http.request.client_ip":       "client.address",
	"http.request.user_agent":      "user_agent.original",
	"http.response.status":         "http.response.status_code",
	"http.response.content_length": "http.response.body.size",
	"sql.sanitized_query":          "db.query.text",
	"sql.database_type":            "db.system",
	"sql.url":                      "db.connection_string",
	"sql.user":                     "db.user",
	"aws.region":                   "cloud.region",
	"aws.operation":                "rpc.method",
}

// attributes reads an object as attributes; http has two objects in it, others stay JSON.
func (r *reader) attributes(s *span, prefix string) {
	for key, ok := r.KeyIn(prefix); ok; key, ok = r.Key() {
		name := prefix + string(key)
		if (name == "http.request" || name == "http.response") && r.Object() {
			for key, ok := r.Key(); ok; key, ok = r.Key() {
				r.attribute(s, name+"."+string(key))
			}
			continue
		}
		r.attribute(s, name)
	}
}

func (r *reader) attribute(s *span, name string) {
	s.raw.Attrs = append(s.raw.Attrs, r.PlainValue(r.B.Symbol([]byte(cmp.Or(names[name], name)))))
}

// cause reads {"exceptions":[{"type":…,"message":…}]} as events; the first message is that of the status.
func (r *reader) cause(s *span) {
	if !r.Object() {
		return // the id of an exception that another segment holds
	}
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		if string(key) != "exceptions" || r.Next() != '[' {
			continue
		}
		for range r.ObjectsOf("exceptions") {
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
				}
			}
			s.raw.Events = append(s.raw.Events, e)
		}
	}
}

// add adds a span that is complete: the segment itself, or one in it.
func (r *reader) add(s *span, own owner, outermost bool) {
	raw := &s.raw
	raw.Trace = own.trace
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
	raw.Origin = r.B.Origin(own.resource, r.B.Scope(0, 0, nil, 0))
	r.B.Add(raw)
}

// reader reads AWS X-Ray's JSON.
type reader struct {
	*decode.Reader
	open []span
}

func open(r *decode.Reader) decode.Decoder {
	return decode.Decoder{Document: (&reader{Reader: r}).documents}
}

// Formats is AWS X-Ray's JSON.
func Formats() []decode.Format {
	return []decode.Format{{
		Name: "AWS X-Ray segments", Document: isXRay, Open: open, Sure: func(*decode.Outline) bool { return true },
	}}
}
