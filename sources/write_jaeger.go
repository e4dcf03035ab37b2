package sources

import (
	"io"
	"strconv"

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
func WriteJaeger(w io.Writer, traces []*trace.Trace, opt WriteOptions) error {
	out := &jaegerWriter{jsonOut: jsonOut{w: w}, opt: opt}
	out.open('{')
	out.key("data")
	out.open('[')
	for _, t := range traces {
		if t.SpanCount() == 0 {
			continue
		}
		if err := out.trace(t); err != nil {
			return err
		}
	}
	out.raw(`],"total":0,"limit":0,"offset":0,"errors":null}`)
	return out.flush(true)
}

type jaegerWriter struct {
	jsonOut
	opt       WriteOptions
	processes map[int]int // resource index to the process's number, from 1, of the trace being written
	order     []trace.Resource
}

func (o *jaegerWriter) trace(t *trace.Trace) error {
	o.processes, o.order = map[int]int{}, o.order[:0]
	o.open('{')
	o.text("traceID", t.ID().String())
	o.key("spans")
	o.open('[')
	for i := t.First(); i < t.Len(); i++ {
		o.span(t.Span(i))
		if err := o.flush(false); err != nil {
			return err
		}
	}
	o.close(']')
	o.key("processes")
	o.open('{')
	for i, r := range o.order {
		o.key(processName(i + 1))
		o.open('{')
		o.text("serviceName", o.service(r))
		o.key("tags")
		o.open('[')
		o.tags(r.Attrs(), serviceKey)
		o.raw("]}")
	}
	o.raw(`},"warnings":null}`)
	return o.flush(false)
}

// service returns the name of the service as it is to be written.
func (o *jaegerWriter) service(r trace.Resource) string {
	if text, ok := o.opt.redacted(serviceKey, r.Attrs().Get(serviceKey)); ok {
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
	o.open('{')
	o.text("traceID", traceID)
	o.text("spanID", s.ID().String())
	o.text("operationName", o.opt.text(s.Name()))
	o.references(s, traceID)
	o.number("startTime", s.Start()/1000)
	o.number("duration", s.Duration()/1000)
	o.key("tags")
	o.open('[')
	o.tags(s.Attrs(), "")
	o.ownTags(s)
	o.close(']')
	o.logs(s)
	o.text("processID", o.process(s.Resource()))
	o.warnings(s)
	o.close('}')
}

// warnings writes what a backend had to say about the span.
func (o *jaegerWriter) warnings(s trace.Span) {
	o.key("warnings")
	texts := s.Warnings()
	if len(texts) == 0 {
		o.raw("null")
		return
	}
	o.buf = append(o.buf, '[')
	for _, text := range texts {
		o.next()
		o.buf = appendQuoted(o.buf, o.opt.text(text))
	}
	o.close(']')
}

func (o *jaegerWriter) references(s trace.Span, traceID string) {
	o.key("references")
	o.open('[')
	if parent := s.ParentID(); !parent.IsZero() {
		kind := "CHILD_OF"
		if s.FollowsFrom() {
			kind = "FOLLOWS_FROM"
		}
		o.reference(kind, traceID, parent)
	}
	for _, l := range s.Links() {
		kind := "FOLLOWS_FROM"
		if l.Kind() == trace.LinkChildOf {
			kind = "CHILD_OF"
		}
		o.reference(kind, l.TraceID().String(), l.SpanID())
	}
	o.close(']')
}

func (o *jaegerWriter) reference(kind, traceID string, span trace.SpanID) {
	o.open('{')
	o.text("refType", kind)
	o.text("traceID", traceID)
	o.text("spanID", span.String())
	o.close('}')
}

// ownTags writes what Jaeger's model has no field for, unless the span has such a tag already.
func (o *jaegerWriter) ownTags(s trace.Span) {
	own := func(key, value string) {
		if value != "" && s.Attrs().Get(key).Type() == trace.TypeNone {
			o.stringTag(key, value)
		}
	}
	scope := s.Scope()
	own(keyScopeName, o.opt.text(scope.Name()))
	own(keyScopeVersion, o.opt.text(scope.Version()))
	if s.Kind() != trace.KindUnspecified {
		own(keyKind, s.Kind().String())
	}
	switch s.Status() {
	case trace.StatusOK:
		own(keyStatus, "OK")
	case trace.StatusError:
		own(keyStatus, "ERROR")
		if s.Attrs().Get(keyError).Type() == trace.TypeNone {
			o.tag(keyError, "bool")
			o.raw("true}")
		}
	case trace.StatusUnset:
	}
	own(keyMessage, o.opt.text(s.StatusMessage()))
	own(keyTraceState, o.opt.text(s.TraceState()))
	attrs, events, links := s.Dropped()
	o.countTagIf(keyDroppedAttrs, attrs)
	o.countTagIf(keyDroppedEvents, events)
	o.countTagIf(keyDroppedLinks, links)
}

func (o *jaegerWriter) logs(s trace.Span) {
	o.key("logs")
	o.open('[')
	for i := range s.Events() {
		e := s.Event(i)
		o.open('{')
		o.number("timestamp", e.Time()/1000)
		o.key("fields")
		o.open('[')
		if e.Name() != "" {
			o.stringTag("event", o.opt.text(e.Name()))
		}
		o.tags(e.Attrs(), "")
		o.countTagIf(keyDroppedAttrs, e.Dropped())
		o.raw("]}")
	}
	o.close(']')
}

// tags writes attributes as tags; except names a key that stands elsewhere.
func (o *jaegerWriter) tags(attrs trace.Attrs, except string) {
	for key, value := range attrs.All() {
		if except != "" && key == except {
			continue
		}
		name := o.opt.text(key)
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
		o.buf = strconv.AppendBool(o.buf, v.Bool())
		o.close('}')
	case trace.TypeInt:
		o.tag(key, "int64")
		if n := v.Int(); n > jsSafeInteger || n < -jsSafeInteger {
			o.raw(`"` + strconv.FormatInt(n, 10) + `"}`)
		} else {
			o.buf = strconv.AppendInt(o.buf, n, 10)
			o.close('}')
		}
	case trace.TypeFloat:
		o.tag(key, "float64")
		o.buf = appendFloat(o.buf, v.Float())
		o.close('}')
	case trace.TypeBytes:
		o.tag(key, "binary")
		o.bytes(v.Text())
		o.close('}')
	case trace.TypeNone:
	}
}

// tag starts a tag; its value and the closing brace are to follow.
func (o *jaegerWriter) tag(key, typ string) {
	o.open('{')
	o.text("key", key)
	o.text("type", typ)
	o.key("value")
}

func (o *jaegerWriter) stringTag(key, value string) {
	o.tag(key, "string")
	o.buf = appendQuoted(o.buf, value)
	o.close('}')
}

func (o *jaegerWriter) countTagIf(key string, count int) {
	if count != 0 {
		o.tag(key, "int64")
		o.buf = strconv.AppendInt(o.buf, int64(count), 10)
		o.close('}')
	}
}
