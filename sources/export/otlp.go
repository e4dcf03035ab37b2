package export

import (
	"encoding/json"
	"hash/fnv"
	"io"
	"slices"
	"strconv"
	"strings"

	"tracefall/sources/decode"
	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
)

// What the collector keeps of the kind of a Jaeger reference on an OTLP link.
const (
	refChildOf     = "child_of"
	RefFollowsFrom = "follows_from"
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
func WriteOTLP(w io.Writer, traces []*trace.Trace, opt Options) error {
	out := &otlpWriter{writer: writer{jsonscan.Writer{W: w}, opt}}
	out.Open('{')
	started := false
	for _, t := range traces {
		if t.SpanCount() == 0 {
			continue
		}
		if !started { // the collector leaves out an empty list
			out.within("resourceSpans", '[')
			started = true
		}
		if err := out.trace(t); err != nil {
			return err
		}
	}
	if started {
		out.Close(']')
	}
	out.Close('}')
	return out.Flush(true)
}

type otlpWriter struct {
	writer
}

// otlpGroup is the spans of one resource and one scope; order is that of the resource's first span.
type otlpGroup struct {
	resource trace.Resource
	scopes   []*otlpScopeGroup
}

type otlpScopeGroup struct {
	scope trace.Scope
	spans []int
}

// otlpGroups sorts the spans of a trace by resource and scope, each in the order of their first span.
func otlpGroups(t *trace.Trace) []*otlpGroup {
	var groups []*otlpGroup
	byResource := map[int]*otlpGroup{}
	byScope := map[[2]int]*otlpScopeGroup{}
	for i := t.First(); i < t.Len(); i++ {
		s := t.Span(i)
		resource, scope := s.Resource(), s.Scope()
		g := byResource[resource.Index()]
		if g == nil {
			g = &otlpGroup{resource: resource}
			byResource[resource.Index()] = g
			groups = append(groups, g)
		}
		within := [2]int{resource.Index(), scope.Index()}
		if byScope[within] == nil {
			byScope[within] = &otlpScopeGroup{scope: scope}
			g.scopes = append(g.scopes, byScope[within])
		}
		byScope[within].spans = append(byScope[within].spans, i)
	}
	return groups
}

func (o *otlpWriter) trace(t *trace.Trace) error {
	for _, g := range otlpGroups(t) {
		o.Open('{')
		o.within("resource", '{')
		o.attributes(g.resource.Attrs())
		o.NumberIf("droppedAttributesCount", g.resource.Dropped())
		o.Close('}')
		o.within("scopeSpans", '[')
		for _, s := range g.scopes {
			o.Open('{')
			o.scope(s.scope)
			o.within("spans", '[')
			for _, i := range s.spans {
				o.span(t.Span(i))
				if err := o.Flush(false); err != nil {
					return err
				}
			}
			o.Raw("]}")
		}
		o.Raw("]}")
	}
	return nil
}

func (o *otlpWriter) scope(s trace.Scope) {
	o.within("scope", '{')
	o.TextIf("name", o.opt.Text(s.Name()))
	o.TextIf("version", o.opt.Text(s.Version()))
	o.attributes(s.Attrs())
	o.NumberIf("droppedAttributesCount", s.Dropped())
	o.Close('}')
}

func (o *otlpWriter) span(s trace.Span) {
	traceID, spanID := s.Trace().ID(), s.ID()
	o.Open('{')
	o.ids(traceID, spanID)
	o.TextIf("traceState", o.opt.Text(s.TraceState()))
	o.TextIf("parentSpanId", otlpSpanID(s.ParentID()))
	o.NumberIf("flags", decode.SpanFlags(s.ParentAt()))
	o.TextIf("name", o.opt.Text(s.Name()))
	o.NumberIf("kind", int(s.Kind()))
	o.TimeIf("startTimeUnixNano", s.Start())
	if !s.Has(trace.FlagUnfinished) {
		o.TimeIf("endTimeUnixNano", s.Finish())
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
	o.NumberIf("droppedAttributesCount", attrs)
	o.events(s)
	o.NumberIf("droppedEventsCount", events)
	o.links(s)
	o.NumberIf("droppedLinksCount", links)
	o.within("status", '{')
	o.TextIf("message", o.opt.Text(s.StatusMessage()))
	o.NumberIf("code", int(s.Status()))
	o.Raw("}}")
}

func (o *otlpWriter) events(s trace.Span) {
	if s.Events() == 0 {
		return
	}
	o.within("events", '[')
	for i := range s.Events() {
		e := s.Event(i)
		o.Open('{')
		o.TimeIf("timeUnixNano", e.Time())
		o.TextIf("name", o.opt.Text(e.Name()))
		o.attributes(e.Attrs())
		o.NumberIf("droppedAttributesCount", e.Dropped())
		o.Close('}')
	}
	o.Close(']')
}

func (o *otlpWriter) links(s trace.Span) {
	links := s.Links()
	parent := parentReference(s, links)
	if len(links) == 0 && parent == "" {
		return
	}
	o.within("links", '[')
	if parent != "" {
		o.Open('{')
		o.ids(s.Trace().ID(), s.ParentID())
		o.attributes(trace.Attrs{}, decode.RefTypeKey, parent)
		o.Close('}')
	}
	for _, l := range links {
		o.Open('{')
		o.ids(l.TraceID(), l.SpanID())
		o.TextIf("traceState", o.opt.Text(l.TraceState()))
		switch l.Kind() {
		case trace.LinkChildOf:
			o.attributes(l.Attrs(), decode.RefTypeKey, refChildOf)
		case trace.LinkFollowsFrom:
			o.attributes(l.Attrs(), decode.RefTypeKey, RefFollowsFrom)
		case trace.LinkPlain:
			o.attributes(l.Attrs())
		}
		o.NumberIf("droppedAttributesCount", l.Dropped())
		o.Close('}')
	}
	o.Close(']')
}

// parentReference returns the kind of the reference that chose the parent where parentSpanId does not say enough, and
// a link must: the parent did not wait, or there is a second reference to it, which would be taken for the first.
func parentReference(s trace.Span, links []trace.Link) string {
	if s.FollowsFrom() {
		return RefFollowsFrom
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
		o.within("attributes", '[')
		o.pairs(attrs, own)
		o.Close(']')
	}
}

// spanAttributes writes the attributes of a span, and the backend's warnings as Jaeger keeps them in OTLP.
func (o *otlpWriter) spanAttributes(s trace.Span, own []string) {
	warnings := s.Warnings()
	if len(warnings) == 0 {
		o.attributes(s.Attrs(), own...)
		return
	}
	o.within("attributes", '[')
	o.pairs(s.Attrs(), own)
	o.Open('{')
	o.Text("key", trace.WarningsKey)
	o.Key("value")
	o.Raw(`{"arrayValue":{"values":[`)
	for _, text := range warnings {
		o.Open('{')
		o.Text("stringValue", o.opt.Text(text))
		o.Close('}')
	}
	o.Raw("]}}}")
	o.Close(']')
}

// pairs writes the pairs of a list of attributes that is open.
func (o *otlpWriter) pairs(attrs trace.Attrs, own []string) {
	for key, value := range attrs.All() {
		o.Open('{')
		o.TextIf("key", o.opt.Text(key))
		o.within("value", '{')
		if text, ok := o.opt.redacted(key, value); ok {
			o.Text("stringValue", text)
		} else {
			o.value(value)
		}
		o.Raw("}}")
	}
	for pair := range slices.Chunk(own, 2) {
		o.Open('{')
		o.Text("key", pair[0])
		o.within("value", '{')
		o.Text("stringValue", pair[1])
		o.Raw("}}")
	}
}

// value writes what stands between the braces of an AnyValue.
func (o *otlpWriter) value(v trace.Value) {
	switch v.Type() {
	case trace.TypeString:
		o.Text("stringValue", v.Text())
	case trace.TypeBool:
		o.Key("boolValue")
		o.Raw(strconv.FormatBool(v.Bool()))
	case trace.TypeInt:
		o.Key("intValue")
		o.Buf = append(o.Buf, '"')
		o.Buf = strconv.AppendInt(o.Buf, v.Int(), 10)
		o.Buf = append(o.Buf, '"')
	case trace.TypeFloat:
		o.Key("doubleValue")
		o.Buf = jsonscan.AppendFloat(o.Buf, v.Float())
	case trace.TypeBytes:
		o.Key("bytesValue")
		o.Bytes(v.Text())
	case trace.TypeJSON:
		if text := v.Text(); json.Valid([]byte(text)) {
			o.anyValue(text)
		} else { // never written by a reader; the text is worth more than nothing
			o.Text("stringValue", text)
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
		case c == ',' || c <= ' ':
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
			o.Open('{')
			o.Key("key")
			o.Raw(text[i:n])
			for i = n; text[i] == ':' || text[i] <= ' '; {
				i++
			}
			c = text[i]
			o.within("value", '{')
		case top == '[':
			o.Open('{')
		}
		switch c {
		case '[':
			o.Raw(`"arrayValue":{"values":[`)
			open = append(open, '[')
			i++
		case '{':
			o.Raw(`"kvlistValue":{"values":[`)
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
	if n := len(o.Buf); o.Buf[n-1] == '[' {
		o.Buf = o.Buf[:n-len(empty)]
		o.Close('}')
		return
	}
	o.Raw("]}")
}

// endElement closes what anyValue opened around a value within the given brackets.
func (o *otlpWriter) endElement(open []byte) {
	if len(open) == 0 {
		return
	}
	o.Close('}')
	if open[len(open)-1] == '{' {
		o.Close('}')
	}
}

func (o *otlpWriter) scalar(token string) {
	switch token[0] {
	case '"':
		o.Key("stringValue")
		o.Raw(token)
	case 't', 'f':
		o.Key("boolValue")
		o.Raw(token)
	case 'n':
	default:
		if _, err := strconv.ParseInt(token, 10, 64); err == nil {
			o.Key("intValue")
			o.Raw(`"` + token + `"`)
			return
		}
		o.Key("doubleValue")
		o.Raw(token)
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
	if n := strings.IndexAny(text[i:], ",]} \n\t\r"); n >= 0 {
		return i + n
	}
	return len(text)
}

func (o *otlpWriter) ids(traceID trace.TraceID, spanID trace.SpanID) {
	o.TextIf("traceId", otlpTraceID(traceID))
	o.TextIf("spanId", otlpSpanID(spanID))
}

// otlpTraceID returns 32 hexadecimal digits, or "" for no id.
func otlpTraceID(id trace.TraceID) string {
	if id.Text != "" {
		h := fnv.New128a()
		_, _ = h.Write([]byte(id.Text)) // a hash never fails
		return decode.BytesTraceID(h.Sum(nil)).String()
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
