package flatjson

import (
	"bytes"
	"strings"

	"tracefall/sources/flat"
	"tracefall/sources/trace"
)

// pairText reads one of a list of texts as an attribute: "key:value", or a key alone.
func (r *Reader) pairText(attrs *[]trace.Attr) {
	key, value, ok := bytes.Cut(r.Say(r.Quoted()), []byte(":"))
	switch {
	case ok:
		*attrs = append(*attrs, r.B.String(r.B.Symbol(key), value))
	case len(key) > 0:
		*attrs = append(*attrs, trace.Bool(r.B.Symbol(key), true))
	}
}

// pair reads the object that is open as an attribute: its key and its value, which may come first and may say
// its type as in OTLP.
func (r *Reader) pair(attrs *[]trace.Attr) {
	var name trace.Symbol
	valueAt := -1
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch string(key) {
		case "key", "Key", "name", "Name", "k":
			name = r.SymbolOf("key of an attribute")
		case "value", "Value", "v", "val":
			valueAt = r.ValueAt()
		}
	}
	if r.Err != nil || name == 0 || valueAt < 0 {
		return
	}
	end := r.Pos
	r.Pos = valueAt
	if key := r.Next(); key == '{' && strings.HasSuffix(r.FirstKey(), "Value") {
		*attrs = append(*attrs, r.AnyValue(name))
	} else {
		*attrs = append(*attrs, r.PlainValue(name))
	}
	r.Pos = end
}

// attributes reads the attributes of an event or a link: an object, or a list of pairs.
func (r *Reader) attributes(dst []trace.Attr) []trace.Attr {
	if r.Next() != '[' {
		return r.PlainAttributes(dst)
	}
	for r.Array(); r.Element(); {
		if r.Object() {
			r.pair(&dst)
		}
	}
	return dst
}

// objects reads a list of objects, each of which may be written as text, as may be the list. It returns false
// where it is no list.
func (r *Reader) objects(c byte, read func()) bool {
	if c == '"' && !r.Inner {
		return r.inner(func() { r.objects(r.Next(), read) })
	}
	if c != '[' {
		return false
	}
	r.Array()
	for r.Element() {
		switch c := r.Next(); {
		case c == '{':
			read()
		case c == '"' && !r.Inner:
			r.inner(read)
		}
	}
	return true
}

// event reads an event.
func (r *Reader) event() {
	if !r.Object() {
		r.Skip()
		return
	}
	e := r.AddEvent()
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch string(key) {
		case "name", "Name", "event", "eventName", "event_name":
			e.Name = r.SymbolOf("name of an event")
		case "timestamp", "Timestamp", "time", "timeUnixNano", "timestampUnixNano", "time_unix_nano", "ts", "Time", "event_timestamp_nanos":
			e.Time = r.eventTime()
		case "attributes", "Attributes", "attributeMap", "attrs", "fields", "tags", "event_attributes":
			e.Attrs = r.attributes(e.Attrs)
		default:
			e.Attrs = append(e.Attrs, r.PlainValue(r.B.Symbol(key)))
		}
	}
	r.NameEvent(e)
}

// link reads a link. Those that say so are references to the parent.
func (r *Reader) link() {
	if !r.Object() {
		r.Skip()
		return
	}
	l := r.AddLink()
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		r.linkField(l, key)
	}
	if l.Trace.IsZero() {
		l.Trace = r.Span.Trace
	}
	if l.Span.IsZero() {
		r.Span.Links = r.Span.Links[:len(r.Span.Links)-1]
	}
}

func (r *Reader) linkField(l *trace.RawLink, key []byte) {
	switch string(key) {
	case "traceId", "trace_id", "traceID", "TraceId", "TraceID", "link_trace_id":
		l.Trace = r.traceID()
	case "spanId", "span_id", "spanID", "SpanId", "SpanID", "link_span_id":
		l.Span = r.spanID(r.StringOf("span id of a link"))
	case "context", "spanContext", "SpanContext":
		if !r.Object() {
			return
		}
		for key, ok := r.Key(); ok; key, ok = r.Key() {
			if k := string(key); k != "context" && k != "spanContext" && k != "SpanContext" { // contexts are not in contexts
				r.linkField(l, key)
			}
		}
	case "traceState", "TraceState", "trace_state":
		l.State = r.SymbolOf("trace state of a link")
	case "refType", "ref_type":
		switch string(r.StringOf("refType")) {
		case "CHILD_OF":
			l.Kind = trace.LinkChildOf
		case "FOLLOWS_FROM":
			l.Kind = trace.LinkFollowsFrom
		}
	case "attributes", "Attributes", "attributeMap", "tags", "link_attributes":
		l.Attrs = r.attributes(l.Attrs)
	}
}

// column reads one of the arrays that together are a span's events or links.
func (r *Reader) column(field flat.Field) {
	if !r.EnterArray("events") {
		return
	}
	for i := 0; r.Element(); i++ {
		if field == flat.LinkTraces || field == flat.LinkSpans {
			for len(r.Span.Links) <= i {
				r.AddLink()
			}
		} else {
			for len(r.Span.Events) <= i {
				r.AddEvent()
			}
		}
		switch field {
		case flat.EventTimes:
			r.Span.Events[i].Time = r.eventTime()
		case flat.EventNames:
			r.Span.Events[i].Name = r.SymbolOf("name of an event")
		case flat.EventAttrs:
			r.Span.Events[i].Attrs = r.attributes(r.Span.Events[i].Attrs)
		case flat.LinkTraces:
			r.Span.Links[i].Trace = r.traceID()
		default:
			r.Span.Links[i].Span = r.spanID(r.StringOf("span id of a link"))
		}
	}
}
