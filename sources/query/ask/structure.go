package ask

import (
	"slices"
	"strings"

	"tracefall/sources/query"
)

// TraceQL has structure itself, with the same operators as the language. Its answer about a trace
// holds within one block of its storage.

// spanset is an expression that selects spans: { } or several, joined by an operator.
type spanset struct {
	text   string
	joined bool
}

// operand writes a spanset beside an operator.
func (s spanset) operand() string {
	switch {
	case s.joined:
		return "(" + s.text + ")"
	case s.text == "":
		return "{ }"
	}
	return s.text
}

// structures asks for sets of spans.
type structures struct{ builder[condition] }

// askTraceQL asks in TraceQL.
func askTraceQL(t *query.Term, opt Options) Ask {
	b := structures{builder[condition]{traceql{opt.Refused}, opt}}
	s := b.spans(t)
	if !s.ok && !s.exact {
		s = within(b.question(t))
	}
	if len(s.expr.text) > opt.MaxFilter {
		s = unsaid[spanset](t, false)
	}
	var parts []Part
	if s.ok {
		parts = []Part{{TraceQL: s.expr.text}}
	}
	a := answer(TraceQL, s, parts)
	a.Service = soleService(t)
	return a
}

// within makes a spanset of a condition.
func within(c said[condition]) said[spanset] {
	s := said[spanset]{ok: c.ok, exact: c.exact, asked: c.asked, here: c.here, approx: c.approx}
	if c.ok {
		s.expr.text = "{ " + c.expr.text + " }"
	}
	return s
}

// stays reports whether a term about several spans of a trace is not asked.
func (b structures) stays(t *query.Term) bool { return b.opt.Exact || b.opt.Stay[textOf(t)] }

// spans asks for the spans that a term selects.
func (b structures) spans(t *query.Term) said[spanset] {
	switch t.Kind {
	case query.KindStructure:
		return b.structure(t)
	case query.KindBoth:
		return b.both(t)
	case query.KindEither, query.KindOr:
		if s := b.term(t, false); s.ok || s.exact {
			return within(s)
		}
		return b.either(t)
	case query.KindPipeline:
		s := b.spans(t.Terms[0])
		s.exact, s.here = false, append(s.here, t)
		return s
	case query.KindAnd, query.KindRelative:
		return b.related(t)
	default:
		return within(b.term(t, false))
	}
}

// structure asks for the spans of the right side that stand in a relation to the left side.
func (b structures) structure(t *query.Term) said[spanset] {
	left, right := b.spans(t.Terms[0]), b.spans(t.Terms[1])
	if b.stays(t) || t.Negated && !left.exact || !left.ok && !right.ok {
		right.exact, right.here = false, append(right.here, t)
		return right
	}
	s := said[spanset]{ok: true, asked: slices.Concat(left.asked, right.asked, []*query.Term{t}), here: slices.Concat(left.here, right.here)}
	s.expr = spanset{left.expr.operand() + " " + t.Sign() + " " + right.expr.operand(), true}
	s.approx = slices.Concat(left.approx, right.approx, []Approx{{textOf(t), cutInBlocks}})
	return s
}

// both asks for a trace in which each of several spansets has spans.
func (b structures) both(t *query.Term) said[spanset] {
	s := said[spanset]{}
	var texts []string
	for _, kid := range t.Terms {
		one := b.spans(kid)
		s.here = append(s.here, one.here...)
		if !one.ok {
			continue
		}
		if s.ok && b.stays(t) {
			s.here = append(s.here, kid)
			continue
		}
		s.ok, s.expr = true, one.expr
		texts = append(texts, one.expr.operand())
		s.asked, s.approx = append(s.asked, one.asked...), append(s.approx, one.approx...)
	}
	if len(texts) > 1 {
		s.expr = spanset{strings.Join(texts, " && "), true}
		s.approx = append(s.approx, Approx{textOf(t), cutInBlocks})
	}
	return s
}

// either asks for the spans of any of several terms.
func (b structures) either(t *query.Term) said[spanset] {
	s := said[spanset]{ok: true, exact: true}
	texts := make([]string, 0, len(t.Terms))
	for _, kid := range t.Terms {
		one := b.spans(kid)
		if !one.ok {
			return unsaid[spanset](t, false)
		}
		s.exact, texts = s.exact && one.exact, append(texts, one.expr.operand())
		s.asked, s.here, s.approx = append(s.asked, one.asked...), append(s.here, one.here...), append(s.approx, one.approx...)
	}
	s.expr = spanset{strings.Join(texts, " || "), true}
	return s
}

// related asks for the spans that satisfy terms, some of which are about relatives.
func (b structures) related(t *query.Term) said[spanset] {
	s := within(b.term(t, false))
	for _, relative := range conjuncts(t) {
		if relative.Kind != query.KindRelative || b.stays(relative) {
			continue
		}
		inner := b.spans(relative.Terms[0])
		if !inner.ok {
			continue
		}
		s.expr = spanset{inner.expr.operand() + " " + relative.Relation.Sign() + " " + s.expr.operand(), true}
		s.ok = true
		s.here = slices.DeleteFunc(s.here, func(here *query.Term) bool { return here == relative })
		s.here = append(s.here, inner.here...)
		s.asked = append(s.asked, relative)
		s.approx = append(append(s.approx, inner.approx...), Approx{textOf(relative), cutInBlocks})
	}
	return s
}

// soleService returns the service that a query names, "" for several or none.
func soleService(t *query.Term) string {
	for _, term := range conjuncts(t) {
		if values, ok := equals(term); ok && term.Ref.Field == query.FieldService && len(values) == 1 {
			return values[0].Text
		}
	}
	return ""
}
