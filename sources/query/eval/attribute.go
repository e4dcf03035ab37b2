package eval

import (
	"slices"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"

	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// verdict is what looking through attributes found.
type verdict uint8

const (
	verdictPresent   verdict = 1 << iota // the key is there: set with any of the others
	verdictMatch                         // with a value that matches
	verdictOtherName                     // the match, or for has: the key, goes by another name than was written
	verdictUnitless                      // a duration met a number
)

// attributeLeaf asks for an attribute. Where it has several values, a positive term holds when one satisfies it,
// a negative one when it is there and none does (RFC 0005 §5.3).
type attributeLeaf struct {
	keys     []trace.Symbol // those that the set holds
	written  bool           // keys[0] is the key as it was written
	match    *matcher       // nil: presence is enough
	negative bool
	span     bool      // looks at the span's own attributes
	resource []verdict // by resource; nil where it does not look there
	scope    []verdict // by scope
	use      int       // its place in Program.keys
}

// attribute compiles a term about an attribute.
func attribute(c *compiler, t *query.Term) test {
	leaf := &attributeLeaf{negative: t.Negative()}
	if t.Kind != query.KindHas {
		leaf.match = matcherOf(c, t)
	}
	if t.Ref.Key == "service.name" && t.Ref.Level == expression.LevelResource && c.err == nil {
		c.tellService(t, leaf.match) // TraceQL's name for the service
	}
	leaf.keys, leaf.written, leaf.use = c.useKey(t.Ref)
	if len(leaf.keys) == 0 || c.err != nil {
		return never
	}
	switch level := t.Ref.Level; level {
	case expression.LevelEvent, expression.LevelLink: // of the one in question, else of all that the span has
		return func(m *machine, s trace.Span) bool {
			var v verdict
			m.elements(s, level, func() { v |= leaf.scan(m, m.elementAttrs(level)) })
			return leaf.decide(m, v)
		}
	case expression.LevelScope:
		leaf.scope = make([]verdict, c.set.Scopes())
		for i := range leaf.scope {
			leaf.scope[i] = leaf.scan(c.scratch(), c.set.Scope(i).Attrs())
		}
	case expression.LevelSpan:
		leaf.span = true
	default:
		leaf.span = t.Ref.Level == ""
		leaf.resource = make([]verdict, c.set.Resources())
		for i := range leaf.resource {
			leaf.resource[i] = leaf.scan(c.scratch(), c.set.Resource(i).Attrs())
		}
	}
	return leaf.holds
}

// scan looks through a list of attributes.
func (l *attributeLeaf) scan(m *machine, attrs trace.Attrs) verdict {
	var v verdict
	for i := range attrs.Len() {
		key := attrs.KeySymbol(i)
		at := 0
		if key != l.keys[0] {
			if at = slices.Index(l.keys[1:], key) + 1; at == 0 {
				continue
			}
		}
		v |= verdictPresent
		if l.match != nil {
			value := attrs.Value(i)
			if l.match.unit && (value.Type() == trace.TypeInt || value.Type() == trace.TypeFloat) {
				v |= verdictUnitless
			}
			if !l.match.matches(m, value) {
				continue
			}
		}
		v |= verdictMatch
		if at > 0 || !l.written {
			v |= verdictOtherName
		}
	}
	return v
}

// holds is the test of an attribute of the span, its resource or its scope.
func (l *attributeLeaf) holds(m *machine, s trace.Span) bool {
	var v verdict
	if l.resource != nil {
		v = l.resource[s.Resource().Index()]
	}
	if l.scope != nil {
		v = l.scope[s.Scope().Index()]
	}
	if l.span {
		v |= l.scan(m, s.Attrs())
	}
	return l.decide(m, v)
}

// decide turns what was found into the outcome, and remembers it for the notes.
func (l *attributeLeaf) decide(m *machine, v verdict) bool {
	if v == 0 {
		return false
	}
	if l.negative {
		m.met[l.use] |= v &^ verdictOtherName
		return v&verdictMatch == 0
	}
	m.met[l.use] |= v
	return v&verdictMatch != 0
}

// oneElement is the test that holds where one event or link of a span satisfies another test, which asks that one only.
func oneElement(level expression.Level, holds test) test {
	event := level == expression.LevelEvent
	return func(m *machine, s trace.Span) bool {
		found := false
		m.elements(s, level, func() {
			if found {
				return
			}
			wasEvent, wasLink := m.inEvent, m.inLink
			m.inEvent, m.inLink = event, !event
			found = holds(m, s)
			m.inEvent, m.inLink = wasEvent, wasLink
		})
		return found
	}
}
