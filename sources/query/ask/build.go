package ask

import (
	"slices"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"

	"tracefall/sources/query"
)

// said is what of a term can be asked. Where ok is false that is nothing; a term that holds for every span is then exact.
type said[E any] struct {
	expr        E
	ok, exact   bool
	asked, here []*query.Term
	approx      []Approx
}

// choice is one way to ask for a term, exactly or wider. It has a reason where the server may answer it too narrowly.
type choice[E any] struct {
	expr   E
	exact  bool
	reason string
}

// dialect is what a language of servers can say about one span.
type dialect[E any] interface {
	// leaf returns the ways to ask for a comparison, the best first.
	leaf(t *query.Term) []choice[E]
	// some asks that one event or link satisfies inner; exact where it need not be the same one for each part of inner.
	some(level expression.Level, inner said[E]) (e E, ok, exact bool)
	// every joins what all must hold, and says which of them it leaves out.
	every(exprs []E) (e E, leftOut []int, exact bool)
	// either joins what one must hold of.
	either(exprs []E) (e E, ok bool)
	// not denies what is exact.
	not(e E) (denied E, ok bool)
}

// builder asks for terms in a dialect.
type builder[E any] struct {
	dialect[E]
	opt Options
}

// unsaid leaves a term here.
func unsaid[E any](t *query.Term, denied bool) said[E] {
	if denied {
		t = denial(t)
	}
	return said[E]{here: []*query.Term{t}}
}

// question returns what is asked for a whole query. Where nothing can be asked of the span that matches, it is what
// another span of the trace must satisfy.
func (b builder[E]) question(t *query.Term) said[E] {
	s := b.term(t, false)
	if s.ok || s.exact {
		return s
	}
	if other := b.anywhere(t); other.ok {
		other.here, other.exact = s.here, false
		return other
	}
	return s
}

// term asks for a term of a span, or for its denial. Denials are moved down to the comparisons: what is wider, denied,
// would be narrower.
func (b builder[E]) term(t *query.Term, denied bool) said[E] {
	switch t.Kind {
	case query.KindAll:
		if denied {
			return unsaid[E](t, denied)
		}
		return said[E]{exact: true}
	case query.KindNot:
		return b.term(t.Terms[0], !denied)
	case query.KindAnd, query.KindOr:
		if (t.Kind == query.KindAnd) != denied {
			return b.conjunction(t.Terms, denied)
		}
		return b.disjunction(t, denied, b.term)
	case query.KindEither: // of sets of spans, denied by nothing
		return b.disjunction(t, denied, b.term)
	case query.KindSome:
		return b.quantified(t, denied)
	case query.KindCompare, query.KindIn, query.KindNotIn, query.KindHas, query.KindPhrase, query.KindFulltext:
		return b.comparison(t, denied)
	default:
		return unsaid[E](t, denied)
	}
}

// conjunction asks for those of several terms that can be said.
func (b builder[E]) conjunction(terms []*query.Term, denied bool) said[E] {
	all := said[E]{exact: true}
	var parts []said[E]
	var exprs []E
	for _, t := range terms {
		s := b.term(t, denied)
		all.exact = all.exact && s.exact
		if s.ok {
			parts, exprs = append(parts, s), append(exprs, s.expr)
			continue
		}
		all.here = append(all.here, s.here...)
	}
	if len(exprs) == 0 {
		return all
	}
	e, leftOut, exact := b.every(exprs)
	all.expr, all.ok, all.exact = e, true, all.exact && exact
	for i, s := range parts {
		if slices.Contains(leftOut, i) {
			all.here = append(append(all.here, s.asked...), s.here...)
			continue
		}
		all.asked, all.here, all.approx = append(all.asked, s.asked...), append(all.here, s.here...), append(all.approx, s.approx...)
	}
	return all
}

// disjunction asks for one of several terms, which can be said only where each can.
func (b builder[E]) disjunction(t *query.Term, denied bool, each func(*query.Term, bool) said[E]) said[E] {
	all := said[E]{exact: true}
	exprs := make([]E, 0, len(t.Terms))
	for _, kid := range t.Terms {
		s := each(kid, denied)
		switch {
		case s.ok:
		case s.exact: // one that holds for every span
			return said[E]{exact: true}
		default:
			return unsaid[E](t, denied)
		}
		exprs, all.exact = append(exprs, s.expr), all.exact && s.exact
		all.asked, all.here, all.approx = append(all.asked, s.asked...), append(all.here, s.here...), append(all.approx, s.approx...)
	}
	if all.expr, all.ok = b.either(exprs); !all.ok {
		return unsaid[E](t, denied)
	}
	return all
}

// quantified asks that one event or link of a span satisfies a term.
func (b builder[E]) quantified(t *query.Term, denied bool) said[E] {
	inner := b.term(t.Terms[0], false)
	if !inner.ok {
		return unsaid[E](t, denied)
	}
	e, ok, exact := b.some(t.Level, inner)
	s := inner
	s.expr, s.ok, s.exact = e, ok, exact && inner.exact
	if denied && s.ok {
		s.expr, s.ok = b.denied(s)
	}
	if !s.ok {
		return unsaid[E](t, denied)
	}
	return s
}

// denied returns the denial of what is exact.
func (b builder[E]) denied(s said[E]) (e E, ok bool) {
	if !s.exact {
		return e, false
	}
	return b.not(s.expr)
}

// comparison asks for a term that holds no other.
func (b builder[E]) comparison(t *query.Term, denied bool) said[E] {
	if other := opposite(t); denied && other != nil {
		t, denied = other, false
	}
	if !sayable(t) {
		return unsaid[E](t, denied)
	}
	if refs := meanings(t.Ref); refs != nil {
		all := readings(t, refs)
		if denied || all == nil {
			return unsaid[E](t, denied)
		}
		s := b.disjunction(&query.Term{Kind: query.KindOr, Terms: all}, false, b.comparison)
		if !s.ok {
			return unsaid[E](t, denied)
		}
		s.exact, s.asked = false, []*query.Term{t}
		return s
	}
	found, ok := b.chosen(t)
	s := said[E]{expr: found.expr, ok: ok, exact: found.exact, asked: []*query.Term{t}}
	if found.reason != "" {
		s.approx = []Approx{{textOf(t), found.reason}}
	}
	if denied && s.ok {
		s.expr, s.ok = b.denied(s)
		s.asked = []*query.Term{denial(t)}
	}
	if !s.ok {
		return unsaid[E](t, denied)
	}
	return s
}

// chosen returns the best way to ask for a comparison that may be taken.
func (b builder[E]) chosen(t *query.Term) (best choice[E], ok bool) {
	choices := b.leaf(t)
	stays := b.opt.Stay[textOf(t)]
	if stays && !slices.ContainsFunc(choices, func(c choice[E]) bool { return c.reason != "" }) {
		return best, false
	}
	for _, c := range choices {
		if c.reason == "" || !stays && !b.opt.Exact {
			return c, true
		}
	}
	return best, false
}

// anywhere asks for a span that the trace must hold when a span of it satisfies a term, whichever span that is.
func (b builder[E]) anywhere(t *query.Term) said[E] {
	if s := b.term(t, false); s.ok {
		return s
	}
	var kids []*query.Term
	switch t.Kind {
	case query.KindAnd, query.KindBoth:
		kids = t.Terms
	case query.KindRelative, query.KindPipeline:
		kids = t.Terms[:1]
	case query.KindStructure:
		kids = []*query.Term{t.Terms[1], t.Terms[0]}
		if t.Negated {
			kids = kids[:1]
		}
	case query.KindOr, query.KindEither:
		return b.disjunction(t, false, func(kid *query.Term, _ bool) said[E] { return b.anywhere(kid) })
	default:
		if r := ofRoot(t); r != nil {
			kids = []*query.Term{r}
		}
	}
	for _, kid := range kids {
		if s := b.anywhere(kid); s.ok {
			return s
		}
	}
	return said[E]{}
}

// answer fills in what all dialects have in common.
func answer[E any](d Dialect, s said[E], parts []Part) Ask {
	if len(parts) == 0 {
		parts = []Part{{}}
	}
	return Ask{Dialect: d, Parts: parts, Exact: s.exact, Approx: s.approx, Asked: texts(s.asked), Here: texts(s.here)}
}

// texts returns the texts of terms, each once.
func texts(terms []*query.Term) []string {
	var all []string
	for _, t := range terms {
		if text := textOf(t); !slices.Contains(all, text) {
			all = append(all, text)
		}
	}
	return all
}
