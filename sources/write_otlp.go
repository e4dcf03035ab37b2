package sources

import (
	"encoding/json"
	"hash/fnv"
	"io"
	"strconv"

	"tracefall/sources/trace"
)

// What the collector keeps of the kind of a Jaeger reference on an OTLP link.
const (
	refChildOf     = "child_of"
	refFollowsFrom = "follows_from"
)

// Attributes that keep an id which is no hexadecimal number, and so cannot be one in OTLP.
const (
	traceIDKey = "tracefall.trace_id"
	spanIDKey  = "tracefall.span_id"
)

// WriteOTLP writes traces as one OTLP JSON document, byte for byte as the collector's marshaler does: ids in
// hexadecimal, 64-bit integers as strings, enums as numbers, empty fields left out.
//
// The order is the traces' as given; within a trace resources, and within a resource scopes, by their first
// span, and spans in pre-order. Spans that the builder made are left out, what it repaired is written as
// repaired, an unfinished span has no end. A link that was a Jaeger reference says so in the attribute
// opentracing.ref_type. An id that is not hexadecimal is replaced by its FNV-1a hash and kept in an attribute.
// Of span flags only those that tell where the parent ran are kept; schema URLs are not.
func WriteOTLP(w io.Writer, traces []*trace.Trace, opt WriteOptions) error {
	out := &otlpWriter{jsonOut: jsonOut{w: w}, opt: opt}
	out.open('{')
	started := false
	for _, t := range traces {
		if t.SpanCount() == 0 {
			continue
		}
		if !started { // the collector leaves out an empty list
			out.key("resourceSpans")
			out.open('[')
			started = true
		}
		if err := out.trace(t); err != nil {
			return err
		}
	}
	if started {
		out.close(']')
	}
	out.close('}')
	return out.flush(true)
}

type otlpWriter struct {
	jsonOut
	opt WriteOptions
}

// otlpGroup is the spans of one resource and one scope; order is that of the resource's first span.
type otlpGroup struct {
	resource trace.Resource
	scopes   []otlpScopeGroup
}

type otlpScopeGroup struct {
	scope trace.Scope
	spans []int
}

// otlpGroups sorts the spans of a trace by resource and scope, each in the order of their first span.
func otlpGroups(t *trace.Trace) []otlpGroup {
	type key struct{ resource, scope int }
	var groups []otlpGroup
	byResource := map[int]int{}
	byScope := map[key]int{}
	for i := t.First(); i < t.Len(); i++ {
		s := t.Span(i)
		resource, scope := s.Resource(), s.Scope()
		g, ok := byResource[resource.Index()]
		if !ok {
			g = len(groups)
			byResource[resource.Index()] = g
			groups = append(groups, otlpGroup{resource: resource})
		}
		k := key{resource.Index(), scope.Index()}
		n, ok := byScope[k]
		if !ok {
			n = len(groups[g].scopes)
			byScope[k] = n
			groups[g].scopes = append(groups[g].scopes, otlpScopeGroup{scope: scope})
		}
		groups[g].scopes[n].spans = append(groups[g].scopes[n].spans, i)
	}
	return groups
}

func (o *otlpWriter) trace(t *trace.Trace) error {
	for _, g := range otlpGroups(t) {
		o.open('{')
		o.key("resource")
		o.open('{')
		o.attributes(g.resource.Attrs())
		o.numberIf("droppedAttributesCount", g.resource.Dropped())
		o.close('}')
		o.key("scopeSpans")
		o.open('[')
		for _, s := range g.scopes {
			o.open('{')
			o.scope(s.scope)
			o.key("spans")
			o.open('[')
			for _, i := range s.spans {
				o.span(t.Span(i))
				if err := o.flush(false); err != nil {
					return err
				}
			}
			o.raw("]}")
		}
		o.raw("]}")
	}
	return nil
}

func (o *otlpWriter) scope(s trace.Scope) {
	o.key("scope")
	o.open('{')
	o.textIf("name", o.opt.text(s.Name()))
	o.textIf("version", o.opt.text(s.Version()))
	o.attributes(s.Attrs())
	o.numberIf("droppedAttributesCount", s.Dropped())
	o.close('}')
}

func (o *otlpWriter) span(s trace.Span) {
	traceID, spanID := s.Trace().ID(), s.ID()
	o.open('{')
	o.textIf("traceId", otlpTraceID(traceID))
	o.textIf("spanId", otlpSpanID(spanID))
	o.textIf("traceState", o.opt.text(s.TraceState()))
	o.textIf("parentSpanId", otlpSpanID(s.ParentID()))
	o.numberIf("flags", spanFlags(s.ParentAt()))
	o.textIf("name", o.opt.text(s.Name()))
	o.numberIf("kind", int(s.Kind()))
	o.timeIf("startTimeUnixNano", s.Start())
	if !s.Has(trace.FlagUnfinished) {
		o.timeIf("endTimeUnixNano", s.Finish())
	}
	var own []string
	if traceID.Text != "" {
		own = append(own, traceIDKey, traceID.Text)
	}
	if spanID.Text != "" && !s.Has(trace.FlagDuplicateID) { // the builder makes such ids up
		own = append(own, spanIDKey, spanID.Text)
	}
	o.spanAttributes(s, own)
	attrs, events, links := s.Dropped()
	o.numberIf("droppedAttributesCount", attrs)
	o.events(s)
	o.numberIf("droppedEventsCount", events)
	o.links(s)
	o.numberIf("droppedLinksCount", links)
	o.key("status")
	o.open('{')
	o.textIf("message", o.opt.text(s.StatusMessage()))
	o.numberIf("code", int(s.Status()))
	o.raw("}}")
}

func (o *otlpWriter) events(s trace.Span) {
	if s.Events() == 0 {
		return
	}
	o.key("events")
	o.open('[')
	for i := range s.Events() {
		e := s.Event(i)
		o.open('{')
		o.timeIf("timeUnixNano", e.Time())
		o.textIf("name", o.opt.text(e.Name()))
		o.attributes(e.Attrs())
		o.numberIf("droppedAttributesCount", e.Dropped())
		o.close('}')
	}
	o.close(']')
}

func (o *otlpWriter) links(s trace.Span) {
	links := s.Links()
	parent := parentReference(s, links)
	if len(links) == 0 && parent == "" {
		return
	}
	o.key("links")
	o.open('[')
	if parent != "" {
		o.open('{')
		o.textIf("traceId", otlpTraceID(s.Trace().ID()))
		o.textIf("spanId", otlpSpanID(s.ParentID()))
		o.attributes(trace.Attrs{}, refTypeKey, parent)
		o.close('}')
	}
	for _, l := range links {
		o.open('{')
		o.textIf("traceId", otlpTraceID(l.TraceID()))
		o.textIf("spanId", otlpSpanID(l.SpanID()))
		o.textIf("traceState", o.opt.text(l.TraceState()))
		switch l.Kind() {
		case trace.LinkChildOf:
			o.attributes(l.Attrs(), refTypeKey, refChildOf)
		case trace.LinkFollowsFrom:
			o.attributes(l.Attrs(), refTypeKey, refFollowsFrom)
		case trace.LinkPlain:
			o.attributes(l.Attrs())
		}
		o.numberIf("droppedAttributesCount", l.Dropped())
		o.close('}')
	}
	o.close(']')
}

// parentReference returns the kind of the reference that chose the parent where parentSpanId does not say enough, and
// a link must: the parent did not wait, or there is a second reference to it, which would be taken for the first.
func parentReference(s trace.Span, links []trace.Link) string {
	if s.FollowsFrom() {
		return refFollowsFrom
	}
	parent, own := s.ParentID(), s.Trace().ID()
	for _, l := range links {
		if l.Kind() != trace.LinkPlain && l.SpanID() == parent && l.TraceID() == own {
			return refChildOf
		}
	}
	return ""
}

// attributes writes a list of attributes and after it own: keys and strings in turn that the list does not have.
func (o *otlpWriter) attributes(attrs trace.Attrs, own ...string) {
	if attrs.Len()+len(own) > 0 {
		o.key("attributes")
		o.open('[')
		o.pairs(attrs, own)
		o.close(']')
	}
}

// spanAttributes writes the attributes of a span, and the backend's warnings as Jaeger keeps them in OTLP.
func (o *otlpWriter) spanAttributes(s trace.Span, own []string) {
	warnings := s.Warnings()
	if len(warnings) == 0 {
		o.attributes(s.Attrs(), own...)
		return
	}
	o.key("attributes")
	o.open('[')
	o.pairs(s.Attrs(), own)
	o.open('{')
	o.text("key", trace.WarningsKey)
	o.key("value")
	o.raw(`{"arrayValue":{"values":[`)
	for _, text := range warnings {
		o.open('{')
		o.text("stringValue", o.opt.text(text))
		o.close('}')
	}
	o.raw("]}}}")
	o.close(']')
}

// pairs writes the pairs of a list of attributes that is open.
func (o *otlpWriter) pairs(attrs trace.Attrs, own []string) {
	for key, value := range attrs.All() {
		o.open('{')
		o.textIf("key", o.opt.text(key))
		o.key("value")
		o.open('{')
		if text, ok := o.opt.redacted(key, value); ok {
			o.text("stringValue", text)
		} else {
			o.value(value)
		}
		o.raw("}}")
	}
	for i := 0; i+1 < len(own); i += 2 {
		o.open('{')
		o.text("key", own[i])
		o.key("value")
		o.open('{')
		o.text("stringValue", own[i+1])
		o.raw("}}")
	}
}

// value writes what stands between the braces of an AnyValue.
func (o *otlpWriter) value(v trace.Value) {
	switch v.Type() {
	case trace.TypeString:
		o.text("stringValue", v.Text())
	case trace.TypeBool:
		o.key("boolValue")
		o.raw(strconv.FormatBool(v.Bool()))
	case trace.TypeInt:
		o.key("intValue")
		o.buf = append(o.buf, '"')
		o.buf = strconv.AppendInt(o.buf, v.Int(), 10)
		o.buf = append(o.buf, '"')
	case trace.TypeFloat:
		o.key("doubleValue")
		o.buf = appendFloat(o.buf, v.Float())
	case trace.TypeBytes:
		o.key("bytesValue")
		o.bytes(v.Text())
	case trace.TypeJSON:
		if text := v.Text(); json.Valid([]byte(text)) {
			o.anyValue(text)
		} else { // never written by a reader; the text is worth more than nothing
			o.text("stringValue", text)
		}
	case trace.TypeNone:
	}
}

// anyValue writes canonical JSON text as the fields of an AnyValue: arrays as arrayValue, objects as
// kvlistValue, null as no value at all. The text must be valid JSON.
func (o *otlpWriter) anyValue(text string) {
	var open []byte // the brackets that are open, outermost first
	for i := 0; i < len(text); {
		top := byte(0)
		if len(open) > 0 {
			top = open[len(open)-1]
		}
		c := text[i]
		switch {
		case c == ',' || c == ' ' || c == '\n' || c == '\t' || c == '\r':
			i++
			continue
		case c == ']' || c == '}':
			i++
			o.endList()
			open = open[:len(open)-1]
			o.endElement(open)
			continue
		case top == '{': // a key: the value follows
			n := jsonStringEnd(text, i)
			o.open('{')
			o.key("key")
			o.raw(text[i:n])
			for i = n; text[i] != ':'; {
				i++
			}
			i++
			for text[i] == ' ' || text[i] == '\n' || text[i] == '\t' || text[i] == '\r' {
				i++
			}
			c = text[i]
			o.key("value")
			o.open('{')
		case top == '[':
			o.open('{')
		}
		switch c {
		case '[':
			o.raw(`"arrayValue":{"values":[`)
			open = append(open, '[')
			i++
		case '{':
			o.raw(`"kvlistValue":{"values":[`)
			open = append(open, '{')
			i++
		default:
			n := jsonScalarEnd(text, i)
			o.scalar(text[i:n])
			o.endElement(open)
			i = n
		}
	}
}

// endList ends the values of an array or an object; the collector leaves out an empty list.
func (o *otlpWriter) endList() {
	const empty = `"values":[`
	if n := len(o.buf); o.buf[n-1] == '[' {
		o.buf = o.buf[:n-len(empty)]
		o.close('}')
		return
	}
	o.raw("]}")
}

// endElement closes what anyValue opened around a value within the given brackets.
func (o *otlpWriter) endElement(open []byte) {
	if len(open) == 0 {
		return
	}
	o.close('}')
	if open[len(open)-1] == '{' {
		o.close('}')
	}
}

func (o *otlpWriter) scalar(token string) {
	switch token[0] {
	case '"':
		o.key("stringValue")
		o.raw(token)
	case 't', 'f':
		o.key("boolValue")
		o.raw(token)
	case 'n':
	default:
		if _, err := strconv.ParseInt(token, 10, 64); err == nil {
			o.key("intValue")
			o.raw(`"` + token + `"`)
			return
		}
		o.key("doubleValue")
		o.raw(token)
	}
}

// jsonStringEnd returns the place after the string that starts at i.
func jsonStringEnd(text string, i int) int {
	for i++; text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// jsonScalarEnd returns the place after the scalar that starts at i.
func jsonScalarEnd(text string, i int) int {
	if text[i] == '"' {
		return jsonStringEnd(text, i)
	}
	for ; i < len(text); i++ {
		switch text[i] {
		case ',', ']', '}', ' ', '\n', '\t', '\r':
			return i
		}
	}
	return i
}

// otlpTraceID returns 32 hexadecimal digits, or "" for no id.
func otlpTraceID(id trace.TraceID) string {
	if id.Text != "" {
		h := fnv.New128a()
		_, _ = h.Write([]byte(id.Text)) // a hash never fails
		return bytesTraceID(h.Sum(nil)).String()
	}
	if id.IsZero() {
		return ""
	}
	return id.String()
}

// otlpSpanID returns 16 hexadecimal digits, or "" for no id.
func otlpSpanID(id trace.SpanID) string {
	if id.Text != "" {
		h := fnv.New64a()
		_, _ = h.Write([]byte(id.Text)) // a hash never fails
		return trace.SpanID{N: h.Sum64()}.String()
	}
	if id.IsZero() {
		return ""
	}
	return id.String()
}
