package export

import (
	"io"
	"strconv"

	"tracefall/sources/decode"
	"tracefall/sources/jsonscan"
	"tracefall/sources/trace"
)

// jsSafeInteger is the largest integer that JavaScript, and so Jaeger's UI, reads exactly; Jaeger writes larger
// ones as strings.
const jsSafeInteger = 1<<53 - 1

// WriteJaeger writes traces as the document that Jaeger's UI downloads: {"data":[…]}, one element a trace, in
// the order given, spans in pre-order, processes p1, p2, … by their first span. Spans that the builder made are
// left out; a parent that is missing stays referred to.
//
// Jaeger has less than OTLP, and this is lost: what is finer than a microsecond of starts, durations and event
// times (cut off, as the collector does), attributes and tracestate of links, whose kind becomes FOLLOWS_FROM,
// attributes of scopes, dropped counts of resources, where the parent ran, that a span is unfinished, and that an
// array or map is more than its JSON text.
func WriteJaeger(w io.Writer, traces []*trace.Trace, opt Options) error {
	out := &jaegerWriter{writer: writer{jsonscan.Writer{W: w}, opt}}
	out.Open('{')
	out.within("data", '[')
	for _, t := range traces {
		if t.SpanCount() == 0 {
			continue
		}
		if err := out.trace(t); err != nil {
			return err
		}
	}
	out.Raw(`],"total":0,"limit":0,"offset":0,"errors":null}`)
	return out.Flush(true)
}

type jaegerWriter struct {
	writer
	processes map[int]int // resource index to the process's number, from 1, of the trace being written
	order     []trace.Resource
}

func (o *jaegerWriter) trace(t *trace.Trace) error {
	o.processes, o.order = map[int]int{}, o.order[:0]
	o.Open('{')
	o.Text("traceID", t.ID().String())
	o.within("spans", '[')
	for i := t.First(); i < t.Len(); i++ {
		o.span(t.Span(i))
		if err := o.Flush(false); err != nil {
			return err
		}
	}
	o.Close(']')
	o.within("processes", '{')
	for i, r := range o.order {
		o.within(processName(i+1), '{')
		o.Text("serviceName", o.service(r))
		o.within("tags", '[')
		o.tags(r.Attrs(), decode.ServiceKey)
		o.Raw("]}")
	}
	o.Raw(`},"warnings":null}`)
	return o.Flush(false)
}

// service returns the name of the service as it is to be written.
func (o *jaegerWriter) service(r trace.Resource) string {
	if text, ok := o.opt.redacted(decode.ServiceKey, r.Attrs().Get(decode.ServiceKey)); ok {
		return text
	}
	return r.Service()
}

func processName(number int) string { return "p" + strconv.Itoa(number) }

// process returns the name of a resource within the trace.
func (o *jaegerWriter) process(r trace.Resource) string {
	number, ok := o.processes[r.Index()]
	if !ok {
		o.order = append(o.order, r)
		number = len(o.order)
		o.processes[r.Index()] = number
	}
	return processName(number)
}

func (o *jaegerWriter) span(s trace.Span) {
	traceID := s.Trace().ID().String()
	o.Open('{')
	o.Text("traceID", traceID)
	o.Text("spanID", s.ID().String())
	o.Text("operationName", o.opt.Text(s.Name()))
	o.references(s, traceID)
	o.Number("startTime", s.Start()/1000)
	o.Number("duration", s.Duration()/1000)
	o.within("tags", '[')
	o.tags(s.Attrs(), "")
	o.ownTags(s)
	o.Close(']')
	o.logs(s)
	o.Text("processID", o.process(s.Resource()))
	o.warnings(s)
	o.Close('}')
}

// warnings writes what a backend had to say about the span.
func (o *jaegerWriter) warnings(s trace.Span) {
	o.Key("warnings")
	texts := s.Warnings()
	if len(texts) == 0 {
		o.Raw("null")
		return
	}
	o.Buf = append(o.Buf, '[')
	for _, text := range texts {
		o.Next()
		o.Buf = jsonscan.AppendQuoted(o.Buf, o.opt.Text(text))
	}
	o.Close(']')
}

func (o *jaegerWriter) references(s trace.Span, traceID string) {
	o.within("references", '[')
	if parent := s.ParentID(); !parent.IsZero() {
		o.reference(!s.FollowsFrom(), traceID, parent)
	}
	for _, l := range s.Links() {
		o.reference(l.Kind() == trace.LinkChildOf, l.TraceID().String(), l.SpanID())
	}
	o.Close(']')
}

func (o *jaegerWriter) reference(child bool, traceID string, span trace.SpanID) {
	o.Open('{')
	kind := "FOLLOWS_FROM"
	if child {
		kind = "CHILD_OF"
	}
	o.Text("refType", kind)
	o.Text("traceID", traceID)
	o.Text("spanID", span.String())
	o.Close('}')
}

// ownTags writes what Jaeger's model has no field for, unless the span has such a tag already.
func (o *jaegerWriter) ownTags(s trace.Span) {
	own := func(key, value string) {
		if value != "" && s.Attrs().Get(key).Type() == trace.TypeNone {
			o.stringTag(key, value)
		}
	}
	scope := s.Scope()
	own(decode.KeyScopeName, o.opt.Text(scope.Name()))
	own(decode.KeyScopeVersion, o.opt.Text(scope.Version()))
	if s.Kind() != trace.KindUnspecified {
		own(decode.KeyKind, s.Kind().String())
	}
	switch s.Status() {
	case trace.StatusOK:
		own(decode.KeyStatus, "OK")
	case trace.StatusError:
		own(decode.KeyStatus, "ERROR")
		if s.Attrs().Get(decode.KeyError).Type() == trace.TypeNone {
			o.tag(decode.KeyError, "bool")
			o.Raw("true}")
		}
	case trace.StatusUnset:
	}
	own(decode.KeyMessage, o.opt.Text(s.StatusMessage()))
	own(decode.KeyTraceState, o.opt.Text(s.TraceState()))
	attrs, events, links := s.Dropped()
	o.countTagIf(decode.KeyDroppedAttrs, attrs)
	o.countTagIf(decode.KeyDroppedEvents, events)
	o.countTagIf(decode.KeyDroppedLinks, links)
}

func (o *jaegerWriter) logs(s trace.Span) {
	o.within("logs", '[')
	for i := range s.Events() {
		e := s.Event(i)
		o.Open('{')
		o.Number("timestamp", e.Time()/1000)
		o.within("fields", '[')
		if e.Name() != "" {
			o.stringTag("event", o.opt.Text(e.Name()))
		}
		o.tags(e.Attrs(), "")
		o.countTagIf(decode.KeyDroppedAttrs, e.Dropped())
		o.Raw("]}")
	}
	o.Close(']')
}

// tags writes attributes as tags; except names a key that stands elsewhere.
func (o *jaegerWriter) tags(attrs trace.Attrs, except string) {
	for key, value := range attrs.All() {
		if except != "" && key == except {
			continue
		}
		name := o.opt.Text(key)
		if text, ok := o.opt.redacted(key, value); ok {
			o.stringTag(name, text)
			continue
		}
		o.valueTag(name, value)
	}
}

func (o *jaegerWriter) valueTag(key string, v trace.Value) {
	switch v.Type() {
	case trace.TypeString, trace.TypeJSON:
		o.stringTag(key, v.Text())
	case trace.TypeBool:
		o.tag(key, "bool")
		o.Buf = strconv.AppendBool(o.Buf, v.Bool())
		o.Close('}')
	case trace.TypeInt:
		o.intTag(key, v.Int())
	case trace.TypeFloat:
		o.tag(key, "float64")
		o.Buf = jsonscan.AppendFloat(o.Buf, v.Float())
		o.Close('}')
	case trace.TypeBytes:
		o.tag(key, "binary")
		o.Bytes(v.Text())
		o.Close('}')
	case trace.TypeNone:
	}
}

// tag starts a tag; its value and the closing brace are to follow.
func (o *jaegerWriter) tag(key, typ string) {
	o.Open('{')
	o.Text("key", key)
	o.Text("type", typ)
	o.Key("value")
}

func (o *jaegerWriter) stringTag(key, value string) {
	o.tag(key, "string")
	o.Buf = jsonscan.AppendQuoted(o.Buf, value)
	o.Close('}')
}

func (o *jaegerWriter) intTag(key string, n int64) {
	o.tag(key, "int64")
	if n > jsSafeInteger || n < -jsSafeInteger {
		o.Raw(`"` + strconv.FormatInt(n, 10) + `"}`)
		return
	}
	o.Buf = strconv.AppendInt(o.Buf, n, 10)
	o.Close('}')
}

func (o *jaegerWriter) countTagIf(key string, count int) {
	if count != 0 {
		o.intTag(key, int64(count))
	}
}
