package query

import (
	"regexp"
	"regexp/syntax"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"
)

// AST splits the query into what Jaeger's structured filter can say and the rest. A span matches the query when
// it matches both. filter is nil when nothing can be said in it, rest is nil when nothing is left. What the filter
// says wider than it is meant stands in both.
//
// The filter is what servers take: constants, patterns and lists have no types, which some storages refuse, a list is
// a choice of comparisons, and an attribute is asked for under each of its names.
func (q *Query) AST() (filter expression.Expression, rest *Query) {
	var inside []expression.Expression
	var outside []*Term
	for _, t := range conjuncts(q.Root) {
		e, exact := toAST(t)
		if e != nil {
			inside = appendCall(inside, expression.OpAnd, t, e)
		}
		if !exact && t.Kind != KindAll {
			outside = append(outside, t)
		}
	}
	if len(inside) > 0 {
		filter = joined(expression.OpAnd, inside)
	}
	switch {
	case len(q.Stages) > 0:
		return filter, q // the groups of a pipeline are made of all the spans that match
	case len(outside) == 0:
		return filter, nil
	}
	return filter, &Query{Root: Join(KindAnd, outside...)}
}

// conjuncts returns the terms that must all hold for a span.
func conjuncts(t *Term) []*Term {
	if t.Kind == KindAnd {
		return t.Terms
	}
	return []*Term{t}
}

func call(o expression.Operator, args ...expression.Expression) *expression.Call {
	return &expression.Call{Op: o, Args: args}
}

// joined joins expressions by an operator that one alone does not need.
func joined(o expression.Operator, args []expression.Expression) expression.Expression {
	if len(args) == 1 {
		return args[0]
	}
	return call(o, args...)
}

// callsByOp are the operators that convert one to one.
var callsByOp = map[Op]expression.Operator{
	OpEq: expression.OpEq, OpNe: expression.OpNe, OpGt: expression.OpGt, OpGte: expression.OpGte,
	OpLt: expression.OpLt, OpLte: expression.OpLte,
}

// toAST converts a term, or returns nil where Jaeger's filter cannot say it. exact is false where the filter also
// holds for spans for which the term does not.
func toAST(t *Term) (e expression.Expression, exact bool) {
	switch t.Kind {
	case KindAnd:
		return convertAll(expression.OpAnd, t.Terms)
	case KindOr:
		return convertAll(expression.OpOr, t.Terms)
	case KindNot:
		if e, exact = convertAll(expression.OpNot, t.Terms); !exact {
			return nil, false // what is wider, denied, is narrower
		}
		return e, true
	case KindSome:
		inner, exact := toAST(t.Terms[0])
		if inner == nil {
			return nil, false
		}
		return call(expression.OpSome, &expression.NestedRef{Level: t.Level}, inner), exact
	case KindCompare, KindCompareRefs, KindIn, KindNotIn, KindHas, KindPhrase, KindFulltext:
		if names := references(t.Ref); names != nil {
			return leafToAST(t, names)
		}
	default:
	}
	return nil, false
}

func convertAll(o expression.Operator, terms []*Term) (e expression.Expression, exact bool) {
	args := make([]expression.Expression, 0, len(terms))
	exact = true
	for _, t := range terms {
		e, same := toAST(t)
		if e == nil {
			return nil, false
		}
		exact = exact && same
		args = appendCall(args, o, t, e)
	}
	return call(o, args...), exact
}

// appendCall appends a converted term to the operands of o. A list, which is several comparisons, dissolves in them,
// as it does when the filter is read back.
func appendCall(args []expression.Expression, o expression.Operator, t *Term, e expression.Expression) []expression.Expression {
	if c, ok := e.(*expression.Call); ok && c.Op == o && len(t.Values) > 1 && (t.Kind == KindIn || t.Kind == KindNotIn) {
		return append(args, c.Args...)
	}
	return append(args, e)
}

// references convert what a term asks about: the field, or the attribute under each of its names, as written first.
// It is nil for what Jaeger does not have.
func references(r Ref) []expression.Expression {
	switch {
	case r.Parent || r.Instead != FieldNone:
		return nil
	case r.Field == FieldError:
		return []expression.Expression{&expression.AttributeRef{Key: "error"}}
	case r.Field != FieldNone:
		if info := r.Field.Info(); info.jaeger != "" {
			return []expression.Expression{&expression.FieldRef{Name: info.jaeger, Level: info.level}}
		}
		return nil
	}
	all := []expression.Expression{&expression.AttributeRef{Key: r.Key, Level: r.Level}}
	if r.severalNames() {
		for _, name := range SameNames(r.Key) {
			all = append(all, &expression.AttributeRef{Key: name})
		}
	}
	return all
}

// underAny asks the same of each of several names.
func underAny(names []expression.Expression, ask func(expression.Expression) expression.Expression) expression.Expression {
	return joined(expression.OpOr, mapped(names, ask))
}

// underNone asks that one of the names is there and of none of them what ask says.
func underNone(names []expression.Expression, ask func(expression.Expression) expression.Expression) expression.Expression {
	args := []expression.Expression{underAny(names, exists)}
	for _, name := range names {
		args = append(args, call(expression.OpNot, ask(name)))
	}
	return call(expression.OpAnd, args...)
}

func exists(name expression.Expression) expression.Expression {
	return call(expression.OpExists, name)
}

// leafToAST converts a term that asks about one of names.
func leafToAST(t *Term, names []expression.Expression) (e expression.Expression, exact bool) {
	switch {
	case t.Kind == KindCompare && !t.Fold:
		return compareToAST(t, names)
	case t.Fold || t.Ref.Field == FieldError:
		return nil, false
	}
	switch t.Kind {
	case KindHas:
		return underAny(names, exists), true
	case KindCompareRefs:
		others := references(t.Other)
		if len(names) > 1 || len(others) != 1 || t.Other.Field == FieldError {
			return nil, false
		}
		return call(callsByOp[t.Op], names[0], others[0]), true
	case KindPhrase, KindFulltext:
		o := expression.OpPhrase
		if t.Kind == KindFulltext {
			o = expression.OpFulltext
		}
		return underAny(names, func(name expression.Expression) expression.Expression {
			return call(o, name, &expression.List{Values: Texts(t.Values)})
		}), true
	default:
	}
	return listToAST(t, names)
}

// listToAST converts in and not in, which servers take as comparisons only.
func listToAST(t *Term, names []expression.Expression) (e expression.Expression, exact bool) {
	each, all := OpEq, expression.OpOr
	if t.Kind == KindNotIn {
		each, all = OpNe, expression.OpAnd
	}
	exact = true
	args := make([]expression.Expression, len(t.Values))
	for i, v := range t.Values {
		one, same := valueToAST(t.Ref, names, each, v)
		args[i], exact = one, exact && same
	}
	return joined(all, args), exact
}

func compareToAST(t *Term, names []expression.Expression) (e expression.Expression, exact bool) {
	if t.Ref.Field == FieldError {
		failed := errorToAST()
		if (t.Values[0].Text == "true") == (t.Op == OpEq) {
			return failed, true
		}
		return call(expression.OpNot, failed), true
	}
	if !t.Op.Textual() {
		return valueToAST(t.Ref, names, t.Op, t.Values[0])
	}
	pattern := t.Values[0].Text
	if t.Op == OpContains {
		pattern = regexp.QuoteMeta(pattern)
	}
	if !portable(pattern) {
		return nil, false
	}
	matches := func(name expression.Expression) expression.Expression {
		return call(expression.OpRegex, name, &expression.AnyValue{Value: pattern})
	}
	if t.Op == OpNotRegex {
		return underNone(names, matches), true
	}
	return underAny(names, matches), true
}

// valueToAST converts a comparison with a constant. A quoted constant asks for text, and servers take no type: where
// the text reads as a number or a duration, what they find is more.
func valueToAST(r Ref, names []expression.Expression, o Op, v Literal) (e expression.Expression, exact bool) {
	compare := func(name expression.Expression) expression.Expression {
		return call(callsByOp[o], name, constant(r, v))
	}
	exact = r.Field != FieldNone || !v.Quoted || !readsAsQuantity(v.Text) && (!o.ordered() || !readsAsOther(v.Text))
	if o == OpEq && v.Text == "true" && r == (Ref{Key: "error"}) {
		exact = false // servers find by it what error=true finds
	}
	switch {
	case !exact && (o == OpNe || o.ordered()):
		// Of != more equal values are fewer matches, and numbers are ordered otherwise than texts.
		return underAny(names, exists), false
	case o == OpNe && len(names) > 1:
		o = OpEq
		return underNone(names, compare), exact
	}
	return underAny(names, compare), exact
}

// errorToAST says error=true: backends find the spans of status error by the tag error, whose type they do not tell
// apart.
func errorToAST() expression.Expression {
	return call(expression.OpEq, &expression.AttributeRef{Key: "error"}, &expression.AnyValue{Value: "true"})
}

// constant converts a literal beside r. Beside an attribute it stays as it is written, as only storage knows the
// type.
func constant(r Ref, v Literal) expression.Expression {
	switch r.Type() {
	case TypeAny:
		return &expression.AnyValue{Value: v.Text}
	case TypeDuration:
		d, _ := ReadDuration(v.Text)
		return &expression.DurationValue{Value: d}
	case TypeTime:
		at, _ := ReadTime(v.Text)
		return &expression.TimestampValue{Value: at}
	default:
	}
	return &expression.StringValue{Value: v.Text}
}

// portable reports whether a pattern stays within what RFC 0005 allows of RE2: no anchors, word boundaries, lazy
// quantifiers or case folding, which the backends' engines do not share.
func portable(pattern string) bool {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return false
	}
	pending := []*syntax.Regexp{re}
	for len(pending) > 0 {
		re, pending = pending[len(pending)-1], pending[:len(pending)-1]
		switch re.Op {
		case syntax.OpBeginLine, syntax.OpEndLine, syntax.OpBeginText, syntax.OpEndText,
			syntax.OpWordBoundary, syntax.OpNoWordBoundary:
			return false
		default:
		}
		if re.Flags&(syntax.NonGreedy|syntax.FoldCase) != 0 {
			return false
		}
		pending = append(pending, re.Sub...)
	}
	return true
}
