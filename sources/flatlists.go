package sources

import (
	"bytes"
	"strconv"
	"strings"

	"tracefall/sources/flat"
	"tracefall/sources/trace"
)

// flatPairText reads one of a list of texts as an attribute: "key:value", or a key alone.
func (r *flatSpanReader) flatPairText(attrs *[]trace.Attr) {
	key, value, ok := bytes.Cut(r.say(r.quoted()), []byte(":"))
	switch {
	case ok:
		*attrs = append(*attrs, r.b.String(r.b.Symbol(key), value))
	case len(key) > 0:
		*attrs = append(*attrs, trace.Bool(r.b.Symbol(key), true))
	}
}

// flatPair reads the object that is open as an attribute: its key and its value, which may come first and may say
// its type as in OTLP.
func (r *flatSpanReader) flatPair(attrs *[]trace.Attr) {
	var name trace.Symbol
	valueAt := -1
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch string(key) {
		case "key", "Key", "name", "Name", "k":
			name = r.symbolOf("key of an attribute")
		case "value", "Value", "v", "val":
			valueAt = r.valueAt()
			r.skip()
		default:
			r.skip()
		}
	}
	if r.err != nil || name == 0 || valueAt < 0 {
		return
	}
	end := r.pos
	r.pos = valueAt
	if key := r.next(); key == '{' && strings.HasSuffix(r.firstKey(), "Value") {
		*attrs = append(*attrs, r.anyValue(name))
	} else {
		*attrs = append(*attrs, r.plainValue(name))
	}
	r.pos = end
}

// flatAttributes reads the attributes of an event or a link: an object, or a list of pairs.
func (r *flatSpanReader) flatAttributes(dst []trace.Attr) []trace.Attr {
	if r.next() != '[' {
		return r.plainAttributes(dst)
	}
	for r.array(); r.element(); {
		if !r.object() {
			r.skip()
			continue
		}
		r.flatPair(&dst)
	}
	return dst
}

// flatObjects reads a list of objects, each of which may be written as text, as may be the list. It returns false
// where it is no list.
func (r *flatSpanReader) flatObjects(c byte, read func()) bool {
	if c == '"' && !r.inner {
		return r.flatInner(func() { r.flatObjects(r.next(), read) })
	}
	if c != '[' {
		return false
	}
	r.array()
	for r.element() {
		switch c := r.next(); {
		case c == '{':
			read()
		case c == '"' && !r.inner:
			r.flatInner(read)
		default:
			r.skip()
		}
	}
	return true
}

// flatEvent reads an event.
func (r *flatSpanReader) flatEvent() {
	if !r.object() {
		r.skip()
		return
	}
	e := r.addEvent()
	for key, ok := r.key(); ok; key, ok = r.key() {
		switch string(key) {
		case "name", "Name", "event", "eventName", "event_name":
			e.Name = r.symbolOf("name of an event")
		case "timestamp", "Timestamp", "time", "timeUnixNano", "timestampUnixNano", "time_unix_nano", "ts", "Time", "event_timestamp_nanos":
			e.Time = r.flatEventTime()
		case "attributes", "Attributes", "attributeMap", "attrs", "fields", "tags", "event_attributes":
			e.Attrs = r.flatAttributes(e.Attrs)
		default:
			e.Attrs = append(e.Attrs, r.plainValue(r.b.Symbol(key)))
		}
	}
	r.nameEvent(e)
}

// flatEventTime reads a time whose unit is told by its size.
func (r *flatSpanReader) flatEventTime() int64 {
	switch c := r.next(); {
	case c == '{' || c == '[':
		ns, _ := flat.ParseMoment(string(headOf(r.scanner.raw(), flat.TextMost)))
		return ns
	default:
		return flat.EpochNanos(string(r.stringOf("time of an event")))
	}
}

// flatLink reads a link. Those that say so are references to the parent.
func (r *flatSpanReader) flatLink() {
	if !r.object() {
		r.skip()
		return
	}
	l := r.addLink()
	for key, ok := r.key(); ok; key, ok = r.key() {
		r.flatLinkField(l, key)
	}
	if l.Trace.IsZero() {
		l.Trace = r.raw.Trace
	}
	if l.Span.IsZero() {
		r.raw.Links = r.raw.Links[:len(r.raw.Links)-1]
	}
}

func (r *flatSpanReader) flatLinkField(l *trace.RawLink, key []byte) {
	switch string(key) {
	case "traceId", "trace_id", "traceID", "TraceId", "TraceID", "link_trace_id":
		l.Trace = r.flatTraceID()
	case "spanId", "span_id", "spanID", "SpanId", "SpanID", "link_span_id":
		l.Span = r.flatSpanID(r.stringOf("span id of a link"))
	case "context", "spanContext", "SpanContext":
		if !r.object() {
			r.skip()
			return
		}
		for key, ok := r.key(); ok; key, ok = r.key() {
			if k := string(key); k == "context" || k == "spanContext" || k == "SpanContext" {
				r.skip() // contexts are not in contexts
				continue
			}
			r.flatLinkField(l, key)
		}
	case "traceState", "TraceState", "trace_state":
		l.State = r.symbolOf("trace state of a link")
	case "refType", "ref_type":
		switch string(r.stringOf("refType")) {
		case "CHILD_OF":
			l.Kind = trace.LinkChildOf
		case "FOLLOWS_FROM":
			l.Kind = trace.LinkFollowsFrom
		}
	case "attributes", "Attributes", "attributeMap", "tags", "link_attributes":
		l.Attrs = r.flatAttributes(l.Attrs)
	default:
		r.skip()
	}
}

// flatColumn reads one of the arrays that together are a span's events or links.
func (r *flatSpanReader) flatColumn(field flat.Field) {
	if !r.enterArray("events") {
		return
	}
	for i := 0; r.element(); i++ {
		if field == flat.LinkTraces || field == flat.LinkSpans {
			for len(r.raw.Links) <= i {
				r.addLink()
			}
		} else {
			for len(r.raw.Events) <= i {
				r.addEvent()
			}
		}
		switch field {
		case flat.EventTimes:
			r.raw.Events[i].Time = r.flatEventTime()
		case flat.EventNames:
			r.raw.Events[i].Name = r.symbolOf("name of an event")
		case flat.EventAttrs:
			r.raw.Events[i].Attrs = r.flatAttributes(r.raw.Events[i].Attrs)
		case flat.LinkTraces:
			r.raw.Links[i].Trace = r.flatTraceID()
		default:
			r.raw.Links[i].Span = r.flatSpanID(r.stringOf("span id of a link"))
		}
	}
}

// highHalves finds the upper halves of Datadog's trace ids in the whole input: only some spans of a trace say theirs.
// The reader stays where it is.
func (r *flatSpanReader) highHalves() map[uint64]uint64 {
	m := r.flat.mapping
	if len(m.Sources[flat.TraceHigh]) == 0 || len(m.Sources[flat.Trace]) == 0 {
		return nil
	}
	low, high := m.Sources[flat.Trace][0].Path.Keys(), m.Sources[flat.TraceHigh][0].Path.Keys()
	if !bytes.Contains(r.data, []byte(high[len(high)-1])) {
		return nil
	}
	pos, notes := r.pos, r.notes
	halves := map[uint64]uint64{}
	for r.pos = 0; r.pos < len(r.data) && r.stop == nil; {
		start := r.pos
		if c := r.next(); c == '{' || c == '[' {
			r.flatList(m.List.Keys(), func() {
				upper, err := strconv.ParseUint(string(r.member(high)), 16, 64)
				if id, ok := decimalID(r.member(low)); ok && err == nil {
					halves[id] = upper
				}
				r.skip()
			})
		}
		if r.err != nil || r.pos == start {
			r.err, r.pos = nil, nextDocument(r.data, start)
		}
	}
	r.pos, r.notes, r.fresh = pos, notes, false
	return halves
}

// member returns what a member of the object that comes next is written as, without quotes; nil where there is none.
// The position stays.
func (r *flatSpanReader) member(path []string) []byte {
	start, fault := r.pos, r.err
	defer func() { r.pos, r.err, r.fresh = start, fault, false }()
	for r.object() {
		found := false
		for key, ok := r.key(); ok; key, ok = r.key() {
			if found = string(key) == path[0]; found {
				break
			}
			r.skip()
		}
		if !found {
			return nil
		}
		if path = path[1:]; len(path) == 0 {
			return bytes.Trim(r.scanner.raw(), `"`)
		}
	}
	return nil
}
