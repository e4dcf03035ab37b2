package eval

import (
	"strings"

	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// freeText compiles a text that may stand anywhere in what people see of a span: its name, service and status
// message, the keys and values of its own and its resource's attributes, the names and attributes of its events.
// ASCII letters match in either case.
func freeText(c *compiler, t *query.Term) test {
	f := newFolded(t.Values[0].Text)
	x := &matcher{text: f.in, slot: c.slot()}
	// Most numbers need not be written out: only a text made of what numbers are made of can be in one.
	x.number = func(query.Number) bool { return false }
	if strings.Trim(f.lower, "0123456789.+-einfa") == "" {
		x.number = nil
	}
	resources := make([]bool, c.set.Resources())
	for i := range resources {
		r := c.set.Resource(i)
		resources[i] = f.in(r.Service()) || inAttrs(c.scratch(), x, r.Attrs())
	}
	return func(m *machine, s trace.Span) bool {
		return resources[s.Resource().Index()] || x.symbolMatches(m, s.NameSymbol()) ||
			inAttrs(m, x, s.Attrs()) || inRest(m, x, s)
	}
}

func inAttrs(m *machine, x *matcher, attrs trace.Attrs) bool {
	for i := range attrs.Len() {
		if x.symbolMatches(m, attrs.KeySymbol(i)) || x.matches(m, attrs.Value(i)) {
			return true
		}
	}
	return false
}

// inRest looks at what few spans have.
func inRest(m *machine, x *matcher, s trace.Span) bool {
	if message := s.StatusMessage(); message != "" && x.text(message) {
		return true
	}
	for i := range s.Events() {
		e := s.Event(i)
		if x.text(e.Name()) || inAttrs(m, x, e.Attrs()) {
			return true
		}
	}
	return false
}
