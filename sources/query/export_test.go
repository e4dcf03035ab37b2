package query

import (
	"reflect"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"

	"tracefall/sources/trace"
)

// Equal tells whether two queries have the same tree and pipeline, wherever their parts stood in the text.
func Equal(a, b *Query) bool {
	if a == nil || b == nil {
		return a == b
	}
	return reflect.DeepEqual(bare(a), bare(b))
}

// SameFilter compares filters.
func SameFilter(a, b expression.Expression) bool { return reflect.DeepEqual(a, b) }

// bare copies a query without positions.
func bare(q *Query) *Query {
	return &Query{root: bareTerm(q.root), stages: bareStages(q.stages), hints: q.hints}
}

func bareStages(stages []stage) []stage {
	var bare []stage
	for _, s := range stages {
		s.at, s.end = 0, 0
		if s.term != nil {
			s.term = bareTerm(s.term)
		}
		bare = append(bare, s)
	}
	return bare
}

func bareTerm(t *term) *term {
	c := *t
	c.at, c.end = 0, 0
	c.terms, c.stages = nil, bareStages(t.stages)
	for _, kid := range t.terms {
		c.terms = append(c.terms, bareTerm(kid))
	}
	return &c
}

// Slow evaluates a query the obvious way.
func Slow(q *Query, set *trace.Set, derived Derived) []TraceMatch { return slow(q, set, derived) }

// RequiredText is a text that all matches of a regular expression contain.
func RequiredText(pattern string) string { return requiredText(pattern) }
