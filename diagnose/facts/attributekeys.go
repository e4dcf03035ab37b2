package facts

import (
	"iter"
	"slices"

	"tracefall/sources/trace"
)

// AttributeKeys lists the keys of the attributes of the spans of traces of one set and of their resources, sorted. It
// costs tens of nanoseconds a span.
func AttributeKeys(set *trace.Set, traces iter.Seq[*trace.Trace]) []string {
	known := make([]bool, set.Symbols())
	add := func(attrs trace.Attrs) {
		for i := range attrs.Len() {
			known[attrs.KeySymbol(i)] = true
		}
	}
	resources := make([]bool, set.Resources())
	for t := range traces {
		for i := t.First(); i < t.Len(); i++ {
			s := t.Span(i)
			add(s.Attrs())
			if r := s.Resource(); !resources[r.Index()] {
				resources[r.Index()] = true
				add(r.Attrs())
			}
		}
	}
	keys := []string{}
	for symbol, has := range known {
		if has {
			keys = append(keys, set.Text(trace.Symbol(symbol)))
		}
	}
	slices.Sort(keys)
	return keys
}
