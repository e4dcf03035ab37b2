package flatjson

import (
	"bytes"
	"strconv"
	"strings"

	"tracefall/sources/decode"
	"tracefall/sources/flat"
	"tracefall/sources/trace"
)

// flatPairText reads one of a list of texts as an attribute: "key:value", or a key alone.
func (r *Reader) flatPairText(attrs *[]trace.Attr) {
	key, value, ok := bytes.Cut(r.Say(r.Quoted()), []byte(":"))
	switch {
	case ok:
		*attrs = append(*attrs, r.B.String(r.B.Symbol(key), value))
	case len(key) > 0:
		*attrs = append(*attrs, trace.Bool(r.B.Symbol(key), true))
	}
}

// flatPair reads the object that is open as an attribute: its key and its value, which may come first and may say
// its type as in OTLP.
func (r *Reader) flatPair(attrs *[]trace.Attr) {
	var name trace.Symbol
	valueAt := -1
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		switch string(key) {
		case "key", "Key", "name", "Name", "k":
			name = r.SymbolOf("key of an attribute")
		case "value", "Value", "v", "val":
			valueAt = r.ValueAt()
			r.Skip()
		default:
			r.Skip()
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

// flatAttributes reads the attributes of an event or a link: an object, or a list of pairs.
func (r *Reader) flatAttributes(dst []trace.Attr) []trace.Attr {
	if r.Next() != '[' {
		return r.PlainAttributes(dst)
	}
	for r.Array(); r.Element(); {
		if !r.Object() {
			r.Skip()
			continue
		}
		r.flatPair(&dst)
	}
	return dst
}

// flatObjects reads a list of objects, each of which may be written as text, as may be the list. It returns false
// where it is no list.
func (r *Reader) flatObjects(c byte, read func()) bool {
	if c == '"' && !r.Inner {
		return r.flatInner(func() { r.flatObjects(r.Next(), read) })
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
			r.flatInner(read)
		default:
			r.Skip()
		}
	}
	return true
}

// flatEvent reads an event.
func (r *Reader) flatEvent() {
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
			e.Time = r.flatEventTime()
		case "attributes", "Attributes", "attributeMap", "attrs", "fields", "tags", "event_attributes":
			e.Attrs = r.flatAttributes(e.Attrs)
		default:
			e.Attrs = append(e.Attrs, r.PlainValue(r.B.Symbol(key)))
		}
	}
	r.NameEvent(e)
}

// flatEventTime reads a time whose unit is told by its size.
func (r *Reader) flatEventTime() int64 {
	switch c := r.Next(); {
	case c == '{' || c == '[':
		ns, _ := flat.ParseMoment(string(HeadOf(r.Scanner.Raw(), flat.TextMost)))
		return ns
	default:
		return flat.EpochNanos(string(r.StringOf("time of an event")))
	}
}

// flatLink reads a link. Those that say so are references to the parent.
func (r *Reader) flatLink() {
	if !r.Object() {
		r.Skip()
		return
	}
	l := r.AddLink()
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		r.flatLinkField(l, key)
	}
	if l.Trace.IsZero() {
		l.Trace = r.Span.Trace
	}
	if l.Span.IsZero() {
		r.Span.Links = r.Span.Links[:len(r.Span.Links)-1]
	}
}

func (r *Reader) flatLinkField(l *trace.RawLink, key []byte) {
	switch string(key) {
	case "traceId", "trace_id", "traceID", "TraceId", "TraceID", "link_trace_id":
		l.Trace = r.flatTraceID()
	case "spanId", "span_id", "spanID", "SpanId", "SpanID", "link_span_id":
		l.Span = r.flatSpanID(r.StringOf("span id of a link"))
	case "context", "spanContext", "SpanContext":
		if !r.Object() {
			r.Skip()
			return
		}
		for key, ok := r.Key(); ok; key, ok = r.Key() {
			if k := string(key); k == "context" || k == "spanContext" || k == "SpanContext" {
				r.Skip() // contexts are not in contexts
				continue
			}
			r.flatLinkField(l, key)
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
		l.Attrs = r.flatAttributes(l.Attrs)
	default:
		r.Skip()
	}
}

// flatColumn reads one of the arrays that together are a span's events or links.
func (r *Reader) flatColumn(field flat.Field) {
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
			r.Span.Events[i].Time = r.flatEventTime()
		case flat.EventNames:
			r.Span.Events[i].Name = r.SymbolOf("name of an event")
		case flat.EventAttrs:
			r.Span.Events[i].Attrs = r.flatAttributes(r.Span.Events[i].Attrs)
		case flat.LinkTraces:
			r.Span.Links[i].Trace = r.flatTraceID()
		default:
			r.Span.Links[i].Span = r.flatSpanID(r.StringOf("span id of a link"))
		}
	}
}

// HighHalves finds the upper halves of Datadog's trace ids in the whole input: only some spans of a trace say theirs.
// The reader stays where it is.
func (r *Reader) HighHalves() map[uint64]uint64 {
	m := r.Flat.Mapping
	if len(m.Sources[flat.TraceHigh]) == 0 || len(m.Sources[flat.Trace]) == 0 {
		return nil
	}
	low, high := m.Sources[flat.Trace][0].Path.Keys(), m.Sources[flat.TraceHigh][0].Path.Keys()
	if !bytes.Contains(r.Data, []byte(high[len(high)-1])) {
		return nil
	}
	pos, notes := r.Pos, r.Notes
	halves := map[uint64]uint64{}
	for r.Pos = 0; r.Pos < len(r.Data) && r.Stop == nil; {
		start := r.Pos
		if c := r.Next(); c == '{' || c == '[' {
			r.flatList(m.List.Keys(), func() {
				upper, err := strconv.ParseUint(string(r.member(high)), 16, 64)
				if id, ok := decimalID(r.member(low)); ok && err == nil {
					halves[id] = upper
				}
				r.Skip()
			})
		}
		if r.Err != nil || r.Pos == start {
			r.Err, r.Pos = nil, decode.NextDocument(r.Data, start)
		}
	}
	r.Pos, r.Notes, r.Fresh = pos, notes, false
	return halves
}

// member returns what a member of the object that comes next is written as, without quotes; nil where there is none.
// The position stays.
func (r *Reader) member(path []string) []byte {
	start, fault := r.Pos, r.Err
	defer func() { r.Pos, r.Err, r.Fresh = start, fault, false }()
	for r.Object() {
		found := false
		for key, ok := r.Key(); ok; key, ok = r.Key() {
			if found = string(key) == path[0]; found {
				break
			}
			r.Skip()
		}
		if !found {
			return nil
		}
		if path = path[1:]; len(path) == 0 {
			return bytes.Trim(r.Scanner.Raw(), `"`)
		}
	}
	return nil
}
