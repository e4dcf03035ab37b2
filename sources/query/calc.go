package query

import (
	"github.com/jaegertracing/jaeger-idl/query/expression/v1"

	"tracefall/sources/trace"
)

// calc gives the value of a calculation for a span; ok is false where there is none, as where a key is missing.
type calc func(m *machine, s trace.Span) (value datum, ok bool)

// calculated compiles a comparison of two calculations. != needs both sides to be there. One that asks about events or
// links holds when it does for one of them.
func (c *compiler) calculated(t *term) test {
	left, right := c.calc(t, t.left), c.calc(t, t.right)
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
		return t.op.holdsOf(compareData(a, b))
	}
	var level expression.Level
	for _, e := range []*expr{t.left, t.right} {
		e.visit(func(r ref) {
			if of := r.element(); of != "" && !r.parent {
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

// holdsOf is holds, but what cannot be compared is not equal.
func (o op) holdsOf(c int) bool {
	if o == opNe && c == incomparable {
		return true
	}
	return o.holds(c)
}

// calc compiles a calculation without aggregates. t is where it stands, for messages.
func (c *compiler) calc(t *term, e *expr) calc {
	switch e.kind {
	case exprConstant:
		value := e.datum()
		return func(*machine, trace.Span) (datum, bool) { return value, true }
	case exprNegative:
		of := c.calc(t, e.args[0])
		return func(m *machine, s trace.Span) (datum, bool) {
			value, ok := of(m, s)
			if !ok {
				return datum{}, false
			}
			return calculate('-', datum{kind: value.kind, num: number{integer: true}}, value)
		}
	case exprBinary:
		left, right, op := c.calc(t, e.args[0]), c.calc(t, e.args[1]), e.op
		return func(m *machine, s trace.Span) (datum, bool) {
			a, ok := left(m, s)
			if !ok {
				return datum{}, false
			}
			b, ok := right(m, s)
			if !ok {
				return datum{}, false
			}
			return calculate(op, a, b)
		}
	default:
	}
	return c.calcRef(t, e.ref)
}

// calcRef compiles a reference in a calculation: the first of its values; a text that reads as a number or a duration
// is one.
func (c *compiler) calcRef(t *term, r ref) calc {
	own := r
	own.parent = false
	c.check(&term{kind: kindHas, ref: own, at: t.at, end: t.end}, own)
	get := c.getter(own)
	first := func(m *machine, s trace.Span) (datum, bool) {
		m.left = get(m, s, m.left[:0])
		if len(m.left) == 0 {
			return datum{}, false
		}
		return quantified(m.left[0]), true
	}
	if !r.parent {
		return first
	}
	return func(m *machine, s trace.Span) (datum, bool) {
		p := m.t.Parent(s.Index())
		if p < m.t.First() {
			return datum{}, false
		}
		return first(m, m.t.Span(p))
	}
}

// quantified reads a text as the number or the duration that it is.
func quantified(d datum) datum {
	if d.kind != datumText {
		return d
	}
	if n := readAs(datumNumber, d.text); n.kind == datumNumber {
		return n
	}
	return readAs(datumDuration, d.text)
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
