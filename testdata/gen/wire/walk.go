package wire

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// spanAt is a span with what it belongs to.
type spanAt struct {
	ptrace.Span
	resource pcommon.Resource
	scope    pcommon.InstrumentationScope
}

// each lists the spans of td in document order.
func each(td ptrace.Traces) []spanAt {
	var out []spanAt
	for _, rs := range td.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, s := range ss.Spans().All() {
				out = append(out, spanAt{Span: s, resource: rs.Resource(), scope: ss.Scope()})
			}
		}
	}
	return out
}

// traceIDs lists the distinct trace ids in order of first appearance.
func traceIDs(spans []spanAt) []pcommon.TraceID {
	var out []pcommon.TraceID
	seen := map[pcommon.TraceID]bool{}
	for _, s := range spans {
		if id := s.TraceID(); !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

func text(m pcommon.Map, key string) string {
	v, ok := m.Get(key)
	if !ok {
		return ""
	}
	return v.AsString()
}
