package eval

import (
	"github.com/jaegertracing/jaeger-idl/query/expression/v1"

	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// calc gives the value of a calculation for a span; ok is false where there is none, as where a key is missing.
type calc func(m *machine, s trace.Span) (value query.Datum, ok bool)

// calculated compiles a comparison of two calculations. != needs both sides to be there. One that asks about events or
// links holds when it does for one of them.
func (c *compiler) calculated(t *query.Term) test {
	left, right := c.calc(t, t.Left), c.calc(t, t.Right)
	if c.err != nil {
		return never
	}
	holds := func(m *machine, s trace.Span) bool {
		a, ok := left(m, s)
		if !ok {
			return false
		}
		b, ok := right(m, s)
		if !ok {
			return false
		}
		return t.Op.SatisfiedOrApart(query.CompareData(a, b))
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

// calc compiles a calculation without aggregates. t is where it stands, for messages.
func (c *compiler) calc(t *query.Term, e *query.Expr) calc {
	switch e.Kind {
	case query.ExprConstant:
		value := e.Amount()
		return func(*machine, trace.Span) (query.Datum, bool) { return value, true }
	case query.ExprNegative:
		of := c.calc(t, e.Args[0])
		return func(m *machine, s trace.Span) (query.Datum, bool) {
			value, ok := of(m, s)
			if !ok {
				return query.Datum{}, false
			}
			return query.Calculate('-', query.Datum{Kind: value.Kind, Num: query.Number{Whole: true}}, value)
		}
	case query.ExprBinary:
		left, right, op := c.calc(t, e.Args[0]), c.calc(t, e.Args[1]), e.Op
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
	default:
	}
	return c.calcRef(t, e.Ref)
}

// calcRef compiles a reference in a calculation: the first of its values; a text that reads as a number or a duration
// is one.
func (c *compiler) calcRef(t *query.Term, r query.Ref) calc {
	own := r
	own.Parent = false
	c.check(&query.Term{Kind: query.KindHas, Ref: own, At: t.At, End: t.End}, own)
	get := c.getter(own)
	first := func(m *machine, s trace.Span) (query.Datum, bool) {
		m.left = get(m, s, m.left[:0])
		if len(m.left) == 0 {
			return query.Datum{}, false
		}
		return quantified(m.left[0]), true
	}
	if !r.Parent {
		return first
	}
	return func(m *machine, s trace.Span) (query.Datum, bool) {
		p := m.t.Parent(s.Index())
		if p < m.t.First() {
			return query.Datum{}, false
		}
		return first(m, m.t.Span(p))
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

// pipelineNode keeps the spans of another node that the stages of a pipeline leave.
type pipelineNode struct {
	node   node
	stages []compiledStage
}

func (n *pipelineNode) cost() int { return 60 }

func (n *pipelineNode) eval(m *machine, in, out []uint64) {
	found := m.full()
	n.node.eval(m, found, found)
	if !empty(found) {
		m.pipeline(n.stages, found)
	}
	intersect(in, found, out)
	m.release(1)
}
