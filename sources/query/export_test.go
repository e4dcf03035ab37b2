package query

import (
	"reflect"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"
)

// Equal reports whether two queries have the same tree and pipeline, wherever their parts stood in the text.
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
	return &Query{Root: bareTerm(q.Root), Stages: bareStages(q.Stages), Hints: q.Hints}
}

func bareStages(stages []Stage) []Stage {
	var bare []Stage
	for _, s := range stages {
		s.At, s.End = 0, 0
		if s.Term != nil {
			s.Term = bareTerm(s.Term)
		}
		bare = append(bare, s)
	}
	return bare
}

func bareTerm(t *Term) *Term {
	c := *t
	c.At, c.End = 0, 0
	c.Terms, c.Stages = nil, bareStages(t.Stages)
	for _, kid := range t.Terms {
		c.Terms = append(c.Terms, bareTerm(kid))
	}
	return &c
}
