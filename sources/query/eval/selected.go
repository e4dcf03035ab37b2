package eval

import (
	"slices"

	"tracefall/sources/query"
	"tracefall/sources/trace"
)

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
func (c *compiler) column(at *query.Term, r query.Ref) getter {
	own := r
	own.Parent = false
	c.check(at, own)
	get := c.getter(own)
	if !r.Parent {
		return get
	}
	return func(m *machine, s trace.Span, dst []query.Datum) []query.Datum {
		if p := m.t.Parent(s.Index()); p >= m.t.First() {
			return get(m, m.t.Span(p), dst)
		}
		return dst
	}
}
