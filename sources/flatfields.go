package sources

import (
	"bytes"
	"slices"
	"strconv"

	"tracefall/sources/flat"
	"tracefall/sources/trace"
)

// flatField reads the value of a key that means something. It returns false where the value does not fit: then it is
// an attribute.
func (r *flatSpanReader) flatField(k *flatNode, c byte) bool {
	f, raw := r.flatr, &r.raw
	switch k.field {
	case flat.Start, flat.End, flat.Duration:
		r.flatTimes(k, c)
	case flat.Error, flat.Success:
		return r.flatError(k, c)
	case flat.Events:
		return r.flatObjects(c, r.flatEvent)
	case flat.Links:
		return r.flatObjects(c, r.flatLink)
	case flat.DroppedAttrs:
		raw.DroppedAttrs = r.countOf("dropped attributes")
	case flat.DroppedEvents:
		raw.DroppedEvents = r.countOf("dropped events")
	case flat.DroppedLinks:
		raw.DroppedLinks = r.countOf("dropped links")
	case flat.EventTimes, flat.EventNames, flat.EventAttrs, flat.LinkTraces, flat.LinkSpans:
		r.flatColumn(k.field)
	case flat.Trace:
		if id := r.flatTraceID(); !id.IsZero() {
			raw.Trace = id
			f.ranks[k.field] = k.rank + 1
		}
	case flat.Attributes, flat.Resource, flat.None:
		return false
	default:
		if c == '{' || c == '[' {
			return false
		}
		return r.flatWord(k)
	}
	return true
}

// flatWord reads a field that is text.
func (r *flatSpanReader) flatWord(k *flatNode) bool {
	f, raw := r.flatr, &r.raw
	text := r.stringOf("field")
	if len(text) == 0 || r.err != nil {
		return true
	}
	said := true
	switch k.field {
	case flat.Span:
		raw.ID = r.flatSpanID(text)
	case flat.Parent:
		if flat.NoID(string(text)) {
			return true
		}
		f.parent = append(f.parent[:0], text...)
		raw.Parent = r.flatSpanID(text)
	case flat.Name:
		raw.Name = r.b.Symbol(text)
	case flat.Service:
		f.service = r.b.String(f.serviceKey, text)
	case flat.Kind:
		if raw.Kind, said = flat.KindOf(string(text)); !said {
			return false
		}
	case flat.KindHint:
		f.hint, _ = trace.ParseKind(f.m.Hints[string(bytes.ToLower(text))])
		said = false // it stays an attribute
	case flat.Status:
		var s trace.Status
		if s, said = flat.StatusOf(string(text)); said {
			raw.Status = s
		}
	case flat.Message:
		raw.Message = r.b.String(0, text)
	case flat.State:
		raw.State = r.b.Symbol(text)
	case flat.Scope:
		f.scope = r.b.Symbol(text)
	case flat.ScopeVersion:
		f.version = r.b.Symbol(text)
	case flat.TraceHigh:
		f.upper, _ = strconv.ParseUint(string(text), 16, 64)
	default: // no word
	}
	if said {
		f.ranks[k.field] = k.rank + 1
	}
	return said
}

// flatTimes reads a start, an end or a duration in nanoseconds.
func (r *flatSpanReader) flatTimes(k *flatNode, c byte) {
	off := r.pos
	ns, ok := r.flatTime(k, c)
	if absolute := k.field != flat.Duration; r.err == nil && (!ok || absolute && ns != 0 && !flat.Plausible(ns) && !r.flatr.m.AnyTime) {
		expected := "a date and time"
		if k.source.Unit != 0 {
			expected = "a plausible time in " + k.source.Unit.String() + " since 1970"
		}
		if k.field == flat.Duration {
			expected = "a duration"
		}
		r.bad(k.source.Path.String(), expected, off)
		return
	}
	switch k.field {
	case flat.Start:
		if ns != 0 {
			r.raw.Start = ns
			r.flatr.ranks[k.field] = k.rank + 1
		}
	case flat.End:
		if ns != 0 {
			r.raw.End = ns
			r.flatr.ranks[k.field] = k.rank + 1
		}
	default:
		r.raw.Duration = ns
		r.flatr.ranks[k.field] = k.rank + 1
	}
}

// flatTime reads a time or duration: a number of the unit that was decided, or text that says what it is.
func (r *flatSpanReader) flatTime(k *flatNode, c byte) (ns int64, ok bool) {
	unit := max(k.source.Unit, flat.Nanoseconds)
	switch {
	case c == '-' || isDigit(c):
		return flat.Scale(r.number(), unit)
	case c == '{' || c == '[':
		return flat.ParseMoment(string(headOf(r.scanner.raw(), flat.TextMost)))
	case c != '"':
		r.skip()
		return 0, false
	}
	text := r.say(r.quoted())
	if len(text) == 0 || flat.NoID(string(text)) {
		return 0, k.field != flat.Duration || len(text) > 0
	}
	if isDigit(text[len(text)-1]) || text[0] == '-' {
		if ns, ok := flat.Scale(text, unit); ok {
			return ns, true
		}
	}
	if k.field == flat.Duration {
		return flat.ParseDuration(string(text))
	}
	ns, _, ok = flat.ParseTime(string(text))
	if ok && bytes.HasPrefix(text, []byte("0001-01-01")) {
		return 0, true
	}
	return ns, ok
}

// flatError reads what says that a span failed, or that it did not: true, a number, a message or an object.
func (r *flatSpanReader) flatError(k *flatNode, c byte) bool {
	yes := false
	switch {
	case c == 't' || c == 'f':
		yes = r.word() == 't'
	case c == '-' || isDigit(c):
		n, _ := parseFloat(r.number())
		yes = n != 0
	case c == '"':
		text := r.say(r.quoted())
		switch string(bytes.ToLower(text)) {
		case "", "false", "0", "no", "none", "null", "ok", "unset", "off":
		case "true", "1", "yes":
			yes = true
		default:
			r.flatr.failed = r.flatr.failed || k.field == flat.Error
			return false // a message, which is kept
		}
	default:
		empty := r.next() == '{' && r.firstKey() == ""
		r.flatr.failed = r.flatr.failed || !empty && k.field == flat.Error
		return false
	}
	r.flatr.failed = r.flatr.failed || yes == (k.field == flat.Error)
	return true
}

// flatTraceID reads a trace id.
func (r *flatSpanReader) flatTraceID() trace.TraceID {
	if !r.flatr.m.Decimal {
		if c := r.next(); c == '{' || c == '[' {
			r.skip()
			return trace.TraceID{}
		}
		return r.traceIDOf("trace id")
	}
	text := r.stringOf("trace id")
	if n, ok := decimalID(text); ok {
		return trace.TraceID{Lo: n}
	}
	return r.ids.traceID(text)
}

func (r *flatSpanReader) flatSpanID(text []byte) trace.SpanID {
	if r.flatr.m.Decimal {
		if n, ok := decimalID(text); ok {
			return trace.SpanID{N: n}
		}
	}
	return r.ids.spanID(text)
}

// decimalID reads a decimal number of 64 bits, which may be signed.
func decimalID(text []byte) (uint64, bool) {
	if n, err := strconv.ParseUint(string(text), 10, 64); err == nil {
		return n, len(text) <= 20
	}
	n, err := strconv.ParseInt(string(text), 10, 64)
	return uint64(n), err == nil
}

// addFlat adds the span that was read from start on. What lacks what makes a span is counted.
func (r *flatSpanReader) addFlat(start int) {
	f, raw := r.flatr, &r.raw
	if raw.Start == 0 && raw.End != 0 && raw.Duration >= 0 {
		raw.Start = raw.End - raw.Duration
	}
	if raw.Trace.IsZero() || raw.ID.IsZero() || raw.Start == 0 && !f.m.AnyTime {
		if f.ranks[flat.Trace]|f.ranks[flat.Span] != 0 || len(raw.Attrs) > 0 {
			r.note(NoticeSkipped, "objects without a trace id, a span id or a start time were skipped", start)
		}
		return
	}
	if f.m.Decimal && raw.Trace.Hi == 0 && raw.Trace.Text == "" {
		if raw.Trace.Hi = f.upper; f.upper == 0 {
			raw.Trace.Hi = r.flat.high[raw.Trace.Lo]
		}
	}
	if raw.Parent == raw.ID || len(f.parent) > 0 && r.ids.traceID(f.parent) == raw.Trace && len(f.parent) > 16 {
		raw.Parent = trace.SpanID{} // the root names itself or its trace
	}
	if f.failed {
		raw.Status = trace.StatusError
	}
	if raw.Kind == trace.KindUnspecified {
		raw.Kind = f.hint
	}
	raw.Origin = r.b.Origin(r.flatResource(), r.b.Scope(f.scope, f.version, nil, 0))
	r.soleParent()
	r.b.Add(raw)
}

// flatResource returns the resource of the span. Mostly it is that of the span before.
func (r *flatSpanReader) flatResource() uint32 {
	f := r.flatr
	if f.service != (trace.Attr{}) {
		f.resource = slices.DeleteFunc(f.resource, func(a trace.Attr) bool { return a.Key() == f.serviceKey })
		f.resource = append(f.resource, trace.Attr{})
		copy(f.resource[1:], f.resource)
		f.resource[0] = f.service
	}
	if f.lastAttrs == nil || !slices.Equal(f.lastAttrs, f.resource) {
		f.lastResource = r.b.Resource(f.resource, 0)
		f.lastAttrs = append(f.lastAttrs[:0], f.resource...)
	}
	return f.lastResource
}
