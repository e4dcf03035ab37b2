package query

import (
	"fmt"
	"slices"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"

	"tracefall/sources/trace"
)

// A twin is a name that stands for an attribute and for a field. There are two sorts:
//
//   - span.duration and its like name the attribute duration of the span, as TraceQL reads it. Where no span of the
//     set has that attribute they mean the field, as Jaeger's filter reads it.
//   - otel.status_code and its like are tags in which exporters write fields. They are read as the field and, where a
//     span still has the tag, as that.

// tagFields are the tags by which exporters write what is a field here.
// Source: OpenTelemetry's rules for exporting to Jaeger and Zipkin, and Jaeger's own tags.
var tagFields = map[string]field{
	"otel.status_code":        fieldStatus,
	"otel.status_description": fieldStatusMessage,
	"otel.scope.name":         fieldScopeName,
	"otel.library.name":       fieldScopeName,
	"otel.scope.version":      fieldScopeVersion,
	"otel.library.version":    fieldScopeVersion,
	"w3c.tracestate":          fieldTraceState,
}

// kindTag is how Jaeger and OpenTracing call the span's kind: it looks like a key of the level span and is a tag.
const kindTag = "span.kind"

// twinOf returns the field that an attribute of a level shares its name with, fieldNone for none.
func twinOf(level expression.Level, key string) field {
	if level != expression.LevelSpan && level != expression.LevelResource {
		return fieldNone
	}
	f := fieldNamed(string(level) + "." + key)
	if f == fieldNone || f.info().name == string(level)+"."+key {
		return fieldNone // no other name of it
	}
	return f
}

// resolve returns what a reference means in the set of the program: itself, or for a twin what it is read as.
func (c *compiler) resolve(r ref) []ref {
	if r.instead == fieldNone {
		return []ref{r}
	}
	own := r
	own.instead = fieldNone
	asField := ref{field: r.instead, parent: r.parent}
	switch tag := (ref{key: kindTag}); {
	case c.carried(own) && r.level == "" && !r.parent:
		return []ref{own, asField}
	case r.level == "" && !r.parent:
	case c.carried(own):
		c.tell(NoteReadAs, fmt.Sprintf("%s is the attribute here; %s is the field", formatRef(r), formatRef(asField)))
		return []ref{own}
	case r.level == expression.LevelSpan && r.instead == fieldKind && !r.parent:
		if c.carried(tag) {
			return []ref{tag, asField}
		}
	default:
		c.tell(NoteReadAs, fmt.Sprintf("no span has the attribute %s; %s is read as the field %s", r.key, formatRef(r), formatRef(asField)))
	}
	return []ref{asField}
}

// tell notes what is known before the program runs, once.
func (c *compiler) tell(kind NoteKind, text string) {
	note := Note{kind, text}
	if !slices.Contains(c.told, note) {
		c.told = append(c.told, note)
	}
}

// carried tells whether some span of the set has an attribute. It looks at the spans only where the set holds the key
// at all, and stops at the first.
func (c *compiler) carried(r ref) bool {
	key, ok := c.set.Symbol(r.key)
	if !ok {
		return false
	}
	if known, ok := c.found[r]; ok {
		return known
	}
	found := r.level != expression.LevelSpan && c.onResource(key) || r.level != expression.LevelResource && c.onSpan(key)
	c.found[r] = found
	return found
}

func (c *compiler) onResource(key trace.Symbol) bool {
	for i := range c.set.Resources() {
		if hasKey(c.set.Resource(i).Attrs(), key) {
			return true
		}
	}
	return false
}

func (c *compiler) onSpan(key trace.Symbol) bool {
	for i := range c.set.Len() {
		t := c.set.Trace(i)
		for j := t.First(); j < t.Len(); j++ {
			if hasKey(t.Span(j).Attrs(), key) {
				return true
			}
		}
	}
	return false
}

func hasKey(attrs trace.Attrs, key trace.Symbol) bool {
	for i := range attrs.Len() {
		if attrs.KeySymbol(i) == key {
			return true
		}
	}
	return false
}

// readAs returns a term about a twin as one about what it is read as; ok is false where its constants do not fit that,
// so that it cannot hold.
func (t *term) readAs(r ref) (as *term, ok bool) {
	copied := *t
	copied.ref = r
	copied.values = slices.Clone(t.values)
	if t.kind == kindPhrase || t.kind == kindFulltext {
		return &copied, r.field == fieldNone
	}
	for i, v := range t.values {
		o := t.op
		if t.kind != kindCompare {
			o = opEq
		}
		fitted, wrong := fit(r, o, v)
		if wrong != (problem{}) {
			return nil, false
		}
		copied.values[i] = fitted
	}
	return &copied, true
}

// twin compiles a term about a twin: one of its values satisfies it, or for a negative term it has some and none does.
func (c *compiler) twin(t *term) test {
	negative := t.negative()
	var present, match []test
	for _, r := range c.resolve(t.ref) {
		present = append(present, c.test(&term{kind: kindHas, ref: r, at: t.at, end: t.end}))
		as, ok := t.positive().readAs(r)
		if !ok {
			continue
		}
		match = append(match, c.test(as))
	}
	anyOf := func(tests []test, m *machine, s trace.Span) bool {
		for _, holds := range tests {
			if holds(m, s) {
				return true
			}
		}
		return false
	}
	return func(m *machine, s trace.Span) bool {
		if negative {
			return anyOf(present, m, s) && !anyOf(match, m, s)
		}
		return anyOf(match, m, s)
	}
}

// positive returns the term that a negative one denies, or the term itself.
func (t *term) positive() *term {
	copied := *t
	switch {
	case t.kind == kindNotIn:
		copied.kind = kindIn
	case t.op == opNe:
		copied.op = opEq
	case t.op == opNotRegex:
		copied.op = opRegex
	}
	return &copied
}
