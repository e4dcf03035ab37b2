package eval

import (
	"github.com/jaegertracing/jaeger-idl/query/expression/v1"

	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// calc gives the value of a calculation for a span, or of one with aggregates for the group of spans in question; ok is
// false where there is none, as where a key is missing.
type calc func(m *machine, s trace.Span) (value query.Datum, ok bool)

// calculated compiles a comparison of two calculations. != needs both sides to be there. One that asks about events or
// links holds when it does for one of them.
func calculated(c *compiler, t *query.Term) test {
	left, right := calculation(c, t, t.Left, nil), calculation(c, t, t.Right, nil)
	holds := func(m *machine, s trace.Span) bool {
		a, ok := left(m, s)
		if !ok {
			return false
		}
		b, ok := right(m, s)
		return ok && t.Op.SatisfiedOrApart(query.CompareData(a, b))
	}
	var level expression.Level
	for _, e := range []*query.Expr{t.Left, t.Right} {
		e.Visit(func(r query.Ref) {
			if of := r.Element(); of != "" && !r.Parent {
				level = of
			}
		})
	}
	if level == "" {
		return holds
	}
	return oneElement(level, holds)
}

// compiledAggregate is an aggregate in a calculation.
type compiledAggregate struct {
	fn   query.Aggregate
	of   calc
	kind query.FieldType // of what is aggregated
	any  bool            // it is known with the first value only
}

// calculation compiles a calculation; its aggregates are collected in parts. t is where it stands, for messages.
func calculation(c *compiler, t *query.Term, e *query.Expr, parts *[]compiledAggregate) calc {
	switch e.Kind {
	case query.ExprConstant:
		value := e.Amount()
		return func(*machine, trace.Span) (query.Datum, bool) { return value, true }
	case query.ExprNegative:
		of := calculation(c, t, e.Args[0], parts)
		return func(m *machine, s trace.Span) (query.Datum, bool) {
			value, ok := of(m, s)
			if !ok {
				return query.Datum{}, false
			}
			return query.Negate(value)
		}
	case query.ExprBinary:
		left, right, op := calculation(c, t, e.Args[0], parts), calculation(c, t, e.Args[1], parts), e.Op
		return func(m *machine, s trace.Span) (query.Datum, bool) {
			a, ok := left(m, s)
			if !ok {
				return query.Datum{}, false
			}
			b, ok := right(m, s)
			if !ok {
				return query.Datum{}, false
			}
			return query.Calculate(op, a, b)
		}
	case query.ExprAggregate:
		n := len(*parts)
		part := compiledAggregate{fn: e.Function, kind: query.TypeNumber}
		if e.Function != query.AggregateCount {
			part.of, part.any = calculation(c, t, e.Args[0], nil), e.Type == query.TypeAny
			if e.Type == query.TypeDuration {
				part.kind = query.TypeDuration
			}
		}
		*parts = append(*parts, part)
		return func(m *machine, _ trace.Span) (query.Datum, bool) {
			value := m.pipe.results[n]
			return value, value.Kind != query.TypeAny
		}
	default:
	}
	// Of a reference, the first of its values; a text that reads as a number or a duration is one.
	get := checkedGetter(c, t, e.Ref)
	return func(m *machine, s trace.Span) (query.Datum, bool) {
		if m.left = get(m, s, m.left[:0]); len(m.left) == 0 {
			return query.Datum{}, false
		}
		return quantified(m.left[0]), true
	}
}

// first gives the first of several values.
func first(get getter) calc {
	return func(m *machine, s trace.Span) (query.Datum, bool) {
		if m.left = get(m, s, m.left[:0]); len(m.left) == 0 {
			return query.Datum{}, false
		}
		return m.left[0], true
	}
}

// quantified reads a text as the number or the duration that it is.
func quantified(d query.Datum) query.Datum {
	if d.Kind != query.TypeText {
		return d
	}
	if n := query.ReadAs(query.TypeNumber, d.Text); n.Kind == query.TypeNumber {
		return n
	}
	return query.ReadAs(query.TypeDuration, d.Text)
}
