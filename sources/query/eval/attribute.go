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
	verdictPresent   verdict = 1 << iota // the key is there
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
func (c *compiler) attribute(t *query.Term) test {
	leaf := &attributeLeaf{negative: t.Op == query.OpNe || t.Op == query.OpNotRegex || t.Kind == query.KindNotIn}
	if t.Kind != query.KindHas {
		leaf.match = c.matcher(t)
	}
	leaf.keys, leaf.written, leaf.use = c.useKey(t.Ref)
	if len(leaf.keys) == 0 || c.err != nil {
		return never
	}
	switch t.Ref.Level {
	case expression.LevelEvent, expression.LevelLink:
		return leaf.elementTest(t.Ref.Level)
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

// useKey registers an attribute for the notes and returns its symbols.
func (c *compiler) useKey(r query.Ref) (symbols []trace.Symbol, written bool, use int) {
	names := []string{r.Key}
	if r.Level == "" {
		names = append(names, query.SameNames(r.Key)...)
	}
	for i, name := range names {
		if s, ok := c.set.Symbol(name); ok {
			symbols = append(symbols, s)
			written = written || i == 0
		}
	}
	if use, known := c.uses[r]; known {
		return symbols, written, use
	}
	c.uses[r] = len(c.keys)
	c.keys = append(c.keys, keyUse{r, symbols, names})
	return symbols, written, len(c.keys) - 1
}

// scratch returns a machine for what is decided while compiling.
func (c *compiler) scratch() *machine {
	if c.m == nil {
		c.m = &machine{}
	}
	c.m.p = c.Program
	for len(c.m.caches) < c.slots {
		c.m.caches = append(c.m.caches, nil)
	}
	return c.m
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

// Holds is the test of an attribute of the span, its resource or its scope.
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
	m.seen[l.use] = true
	if v&verdictUnitless != 0 {
		m.unitless[l.use] = true
	}
	if l.negative {
		return v&verdictMatch == 0
	}
	if v&(verdictMatch|verdictOtherName) == verdictMatch|verdictOtherName {
		m.otherName[l.use] = true
	}
	return v&verdictMatch != 0
}

// elementTest is the test of an attribute of events or links: of the one in question within event(…) and
// link(…), else of all that the span has.
func (l *attributeLeaf) elementTest(level expression.Level) test {
	return func(m *machine, s trace.Span) bool {
		var v verdict
		m.elements(s, level, func() { v |= l.scan(m, m.elementAttrs(level)) })
		return l.decide(m, v)
	}
}

// elements visits the events or links of a span that a term is about; the visitor finds the one in question in
// m.event or m.link.
func (m *machine) elements(s trace.Span, level expression.Level, visit func()) {
	if level == expression.LevelEvent {
		if m.inEvent {
			visit()
			return
		}
		for i := range s.Events() {
			m.event = s.Event(i)
			visit()
		}
		return
	}
	if m.inLink {
		visit()
		return
	}
	for _, m.link = range s.Links() {
		visit()
	}
}

func (m *machine) elementAttrs(level expression.Level) trace.Attrs {
	if level == expression.LevelEvent {
		return m.event.Attrs()
	}
	return m.link.Attrs()
}

// some compiles event(…) and link(…): one element satisfies all of the inner term.
func (c *compiler) some(t *query.Term) test {
	inner := c.test(t.Terms[0])
	event := t.Level == expression.LevelEvent
	return func(m *machine, s trace.Span) bool {
		found := false
		m.elements(s, t.Level, func() {
			if found {
				return
			}
			m.inEvent, m.inLink = event, !event
			found = inner(m, s)
			m.inEvent, m.inLink = false, false
		})
		return found
	}
}
