package flatjson

import (
	"bytes"
	"strconv"

	"tracefall/sources/decode"
	"tracefall/sources/flat"
	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
)

// members reads the members of the object that is open.
func (r *Reader) members(n *node) {
	for key, ok := r.Key(); ok; key, ok = r.Key() {
		k := n.kids[string(key)]
		if k == nil {
			k = r.state.learn(r.B, n, key)
		}
		r.value(k)
	}
}

// value reads the value of a key.
func (r *Reader) value(k *node) {
	c := r.Next()
	f := r.state
	switch {
	case c == 'n':
		r.Word()
	case k.field != flat.None && !k.holdsAttributes():
		if known := f.ranks[k.field]; known > 0 && known <= k.rank && k.field != flat.Error && k.field != flat.Success &&
			k.field != flat.Events && k.field != flat.Links {
			return // a better key said it
		}
		if start := r.Pos; !r.field(k, c) && r.Err == nil {
			r.Pos = start
			r.attribute(k, r.Next())
		}
	default:
		r.attribute(k, c)
	}
}

// attribute reads a value as an attribute, or an object or a list as many.
func (r *Reader) attribute(k *node, c byte) {
	attrs := &r.Span.Attrs
	switch k.of {
	case ofResource:
		attrs = &r.state.resource
	case ofNothing:
		return
	case ofSpan:
	}
	switch {
	case c == '{' && k.depth < mostDepth:
		r.Object()
		r.members(k)
	case c == '[' && r.pairs(k, attrs):
	case c == '"':
		r.text(k, attrs)
	default:
		if a := r.PlainValue(k.name); a != r.B.JSON(k.name, []byte("[]")) {
			*attrs = append(*attrs, a)
		}
	}
}

// text reads a string as an attribute. Text that holds JSON where attributes are expected is read as that.
func (r *Reader) text(k *node, attrs *[]trace.Attr) {
	start := r.Pos
	if raw := r.Quoted().Raw; len(raw) == 0 && k.member {
		return // a column without a value
	} else if len(raw) > 1 && !r.Inner && k.holdsAttributes() && (raw[0] == '{' || raw[0] == '[') {
		r.Pos = start
		if r.inner(func() { r.attribute(k, r.Next()) }) {
			return
		}
	}
	r.Pos = start
	*attrs = append(*attrs, r.StringAttr(k.name, "attribute"))
}

// pairs reads a list of attributes: objects with a key and a value, or texts "key:value". It reports whether it was
// one; where not, nothing was read.
func (r *Reader) pairs(k *node, attrs *[]trace.Attr) bool {
	start := r.Pos
	container := k.holdsAttributes() || k.of == ofResource
	r.Array()
	for first := true; r.Element(); first = false {
		switch c := r.Next(); {
		case first && (!container || c != '{' && c != '"'):
			r.Pos, r.Fresh = start, false
			return false
		case c == '"':
			r.pairText(attrs)
		case r.Object():
			r.pair(attrs)
		}
	}
	return true
}

// field reads the value of a key that means something. It returns false where the value does not fit: then it is
// an attribute.
func (r *Reader) field(k *node, c byte) bool {
	f, raw := r.state, &r.Span
	switch k.field {
	case flat.Start, flat.End, flat.Duration:
		r.times(k, c)
	case flat.Error, flat.Success:
		return r.failure(k, c)
	case flat.Events:
		return r.objects(c, r.event)
	case flat.Links:
		return r.objects(c, r.link)
	case flat.DroppedAttrs:
		raw.DroppedAttrs = r.CountOf("dropped attributes")
	case flat.DroppedEvents:
		raw.DroppedEvents = r.CountOf("dropped events")
	case flat.DroppedLinks:
		raw.DroppedLinks = r.CountOf("dropped links")
	case flat.EventTimes, flat.EventNames, flat.EventAttrs, flat.LinkTraces, flat.LinkSpans:
		r.column(k.field)
	case flat.Trace:
		if id := r.traceID(); !id.IsZero() {
			raw.Trace = id
			f.ranks[k.field] = k.rank + 1
		}
	case flat.Attributes, flat.Resource, flat.None:
		return false
	default:
		if c == '{' || c == '[' {
			return false
		}
		return r.word(k)
	}
	return true
}

// word reads a field that is text.
func (r *Reader) word(k *node) bool {
	f, raw := r.state, &r.Span
	text := r.StringOf("field")
	if len(text) == 0 || r.Err != nil {
		return true
	}
	said := true
	switch k.field {
	case flat.Span:
		raw.ID = r.spanID(text)
	case flat.Parent:
		if flat.NoID(string(text)) {
			return true
		}
		f.parent = append(f.parent[:0], text...)
		raw.Parent = r.spanID(text)
	case flat.Name:
		raw.Name = r.B.Symbol(text)
	case flat.Service:
		f.service = r.B.String(f.serviceKey, text)
	case flat.Kind:
		raw.Kind, said = flat.KindOf(string(text))
	case flat.KindHint:
		f.hint, _ = trace.ParseKind(f.m.Hints[string(bytes.ToLower(text))])
		said = false // it stays an attribute
	case flat.Status:
		var s trace.Status
		if s, said = flat.StatusOf(string(text)); said {
			raw.Status = s
		}
	case flat.Message:
		raw.Message = r.B.String(0, text)
	case flat.State:
		raw.State = r.B.Symbol(text)
	case flat.Scope:
		f.scope = r.B.Symbol(text)
	case flat.ScopeVersion:
		f.version = r.B.Symbol(text)
	case flat.TraceHigh:
		f.upper, _ = strconv.ParseUint(string(text), 16, 64)
	default: // no word
	}
	if said {
		f.ranks[k.field] = k.rank + 1
	}
	return said
}

// times reads a start, an end or a duration in nanoseconds.
func (r *Reader) times(k *node, c byte) {
	off := r.Pos
	ns, ok := r.time(k, c)
	if absolute := k.field != flat.Duration; r.Err == nil && (!ok || absolute && ns != 0 && !flat.Plausible(ns) && !r.state.m.AnyTime) {
		expected := "a date and time"
		if k.source.Unit != 0 {
			expected = "a plausible time in " + k.source.Unit.String() + " since 1970"
		}
		if k.field == flat.Duration {
			expected = "a duration"
		}
		r.Bad(k.source.Path.String(), expected, off)
		return
	}
	if ns == 0 && k.field != flat.Duration {
		return
	}
	r.state.ranks[k.field] = k.rank + 1
	switch k.field {
	case flat.Start:
		r.Span.Start = ns
	case flat.End:
		r.Span.End = ns
	default:
		r.Span.Duration = ns
	}
}

// time reads a time or duration: a number of the unit that was decided, or text that says what it is.
func (r *Reader) time(k *node, c byte) (ns int64, ok bool) {
	unit := max(k.source.Unit, flat.Nanoseconds)
	switch {
	case c == '-' || jsonscan.IsDigit(c):
		return flat.Scale(r.Number(), unit)
	case c == '{' || c == '[':
		return r.moment()
	case c != '"':
		r.Skip()
		return 0, false
	}
	text := r.Say(r.Quoted())
	if len(text) == 0 || flat.NoID(string(text)) {
		return 0, k.field != flat.Duration || len(text) > 0
	}
	if jsonscan.IsDigit(text[len(text)-1]) || text[0] == '-' {
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

// failure reads what says that a span failed, or that it did not: true, a number, a message or an object.
func (r *Reader) failure(k *node, c byte) bool {
	yes := false
	switch {
	case c == 't' || c == 'f':
		yes = r.Word() == 't'
	case c == '-' || jsonscan.IsDigit(c):
		n, _ := decode.ParseFloat(r.Number())
		yes = n != 0
	case c == '"':
		text := r.Say(r.Quoted())
		switch string(bytes.ToLower(text)) {
		case "", "false", "0", "no", "none", "null", "ok", "unset", "off":
		case "true", "1", "yes":
			yes = true
		default:
			r.state.failed = r.state.failed || k.field == flat.Error
			return false // a message, which is kept
		}
	default:
		empty := r.Next() == '{' && r.FirstKey() == ""
		r.state.failed = r.state.failed || !empty && k.field == flat.Error
		return false
	}
	r.state.failed = r.state.failed || yes == (k.field == flat.Error)
	return true
}
