package query

import (
	"slices"

	"tracefall/sources/trace"
)

// Column is what select(…) names: a field or an attribute.
type Column struct {
	Name string // as the language writes it
	Key  string // of an attribute, "" for a field
}

// Selected lists what the query's select(…) name, in the order of the text.
func (q *Query) Selected() []Column {
	var all []Column
	for i := range q.stages {
		for _, r := range q.stages[i].refs {
			all = append(all, Column{formatRef(r), r.key})
		}
	}
	return all
}

// Values returns for each of the query's columns the values that spans of a trace have, each once, in the order of the
// spans and most of them at most.
func (p *Program) Values(t *trace.Trace, spans []int32, most int) [][]string {
	m := &machine{}
	m.bind(p)
	m.t, m.lo, m.hi = t, 0, t.Len()
	var all [][]string
	for i := range p.stages {
		for _, get := range p.stages[i].columns {
			var values []string
			for _, span := range spans {
				m.left = get(m, t.Span(int(span)), m.left[:0])
				for _, d := range m.left {
					if text := d.String(); len(values) < most && !slices.Contains(values, text) {
						values = append(values, text)
					}
				}
				if len(values) == most {
					break
				}
			}
			all = append(all, values)
		}
	}
	return all
}

// column compiles what select(…) shows of a reference.
func (c *compiler) column(at *term, r ref) getter {
	own := r
	own.parent = false
	c.check(at, own)
	get := c.getter(own)
	if !r.parent {
		return get
	}
	return func(m *machine, s trace.Span, dst []datum) []datum {
		if p := m.t.Parent(s.Index()); p >= m.t.First() {
			return get(m, m.t.Span(p), dst)
		}
		return dst
	}
}
