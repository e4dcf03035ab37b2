package eval

import (
	"fmt"
	"slices"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"

	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// A twin is a name that stands for an attribute and for a field. There are two sorts:
//
//   - span.duration and its like name the attribute duration of the span, as TraceQL reads it. Where no span of the
//     set has that attribute they mean the field, as Jaeger's filter reads it.
//   - otel.status_code and its like are tags in which exporters write fields. They are read as the field and, where a
//     span still has the tag, as that.

// resolve returns what a reference means in the set of the program: itself, or for a twin what it is read as.
func (c *compiler) resolve(r query.Ref) []query.Ref {
	if r.Instead == query.FieldNone {
		return []query.Ref{r}
	}
	own := r
	own.Instead = query.FieldNone
	asField := query.Ref{Field: r.Instead, Parent: r.Parent}
	switch tag := (query.Ref{Key: query.KindTag}); {
	case c.carried(own) && r.Level == "" && !r.Parent:
		return []query.Ref{own, asField}
	case r.Level == "" && !r.Parent:
	case c.carried(own):
		c.tell(NoteReadAs, fmt.Sprintf("%s is the attribute here; %s is the field", query.FormatRef(r), query.FormatRef(asField)))
		return []query.Ref{own}
	case r.Level == expression.LevelSpan && r.Instead == query.FieldKind && !r.Parent:
		if c.carried(tag) {
			return []query.Ref{tag, asField}
		}
	default:
		c.tell(NoteReadAs, fmt.Sprintf("no span has the attribute %s; %s is read as the field %s", r.Key, query.FormatRef(r), query.FormatRef(asField)))
	}
	return []query.Ref{asField}
}

// tell notes what is known before the program runs, once.
func (c *compiler) tell(kind NoteKind, text string) {
	note := Note{kind, text}
	if !slices.Contains(c.told, note) {
		c.told = append(c.told, note)
	}
}

// carried reports whether some span of the set has an attribute. It looks at the spans only where the set holds the key
// at all, and stops at the first.
func (c *compiler) carried(r query.Ref) bool {
	key, ok := c.set.Symbol(r.Key)
	if !ok {
		return false
	}
	if known, ok := c.found[r]; ok {
		return known
	}
	found := r.Level != expression.LevelSpan && c.onResource(key) || r.Level != expression.LevelResource && c.onSpan(key)
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

// twin compiles a term about a twin: one of its values satisfies it, or for a negative term it has some and none does.
func (c *compiler) twin(t *query.Term) test {
	negative := t.Negative()
	var present, match []test
	for _, r := range c.resolve(t.Ref) {
		present = append(present, c.test(&query.Term{Kind: query.KindHas, Ref: r, At: t.At, End: t.End}))
		as, ok := t.Positive().ReadAs(r)
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
