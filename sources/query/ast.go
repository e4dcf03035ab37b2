package query

import (
	"regexp"
	"regexp/syntax"
	"time"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"
)

// AST splits the query into what Jaeger's structured filter can say and the rest. A span matches the query when
// it matches both. filter is nil when nothing can be said in it, rest is nil when nothing is left.
//
// The filter names attributes as they are written; a backend reads no old or new names for them.
func (q *Query) AST() (filter expression.Expression, rest *Query) {
	var inside []expression.Expression
	var outside []*term
	for _, t := range conjuncts(q.root) {
		if e := toAST(t); e != nil {
			inside = appendCall(inside, expression.OpAnd, t, e)
		} else if t.kind != kindAll {
			outside = append(outside, t)
		}
	}
	switch len(inside) {
	case 0:
	case 1:
		filter = inside[0]
	default:
		filter = call(expression.OpAnd, inside...)
	}
	if len(outside) == 0 && len(q.stages) == 0 {
		return filter, nil
	}
	if len(q.stages) > 0 {
		return filter, q // the groups of a pipeline are made of all the spans that match
	}
	if len(outside) == 1 {
		return filter, &Query{root: outside[0]}
	}
	return filter, &Query{root: join(kindAnd, outside...)}
}

// conjuncts returns the terms that must all hold for a span.
func conjuncts(t *term) []*term {
	if t.kind == kindAnd {
		return t.terms
	}
	return []*term{t}
}

func call(o expression.Operator, args ...expression.Expression) *expression.Call {
	return &expression.Call{Op: o, Args: args}
}

// callsByOp are the operators that convert one to one.
var callsByOp = map[op]expression.Operator{
	opEq: expression.OpEq, opNe: expression.OpNe, opGt: expression.OpGt, opGte: expression.OpGte,
	opLt: expression.OpLt, opLte: expression.OpLte,
}

// toAST converts a term, or returns nil where Jaeger's filter cannot say it.
func toAST(t *term) expression.Expression {
	switch t.kind {
	case kindAnd:
		return convertAll(expression.OpAnd, t.terms)
	case kindOr:
		return convertAll(expression.OpOr, t.terms)
	case kindNot:
		return convertAll(expression.OpNot, t.terms)
	case kindSome:
		if inner := toAST(t.terms[0]); inner != nil {
			return call(expression.OpSome, &expression.NestedRef{Level: t.level}, inner)
		}
		return nil
	case kindCompare:
		return compareToAST(t)
	case kindCompareRefs, kindIn, kindNotIn, kindHas, kindPhrase, kindFulltext:
		return refToAST(t)
	default:
		return nil
	}
}

func convertAll(o expression.Operator, terms []*term) expression.Expression {
	args := make([]expression.Expression, 0, len(terms))
	for _, t := range terms {
		e := toAST(t)
		if e == nil {
			return nil
		}
		args = appendCall(args, o, t, e)
	}
	return call(o, args...)
}

// appendCall appends a converted term to the operands of o. A list that became several comparisons dissolves in
// them, as it does when the filter is read back.
func appendCall(args []expression.Expression, o expression.Operator, t *term, e expression.Expression) []expression.Expression {
	if c, ok := e.(*expression.Call); ok && c.Op == o && (t.kind == kindIn || t.kind == kindNotIn) {
		return append(args, c.Args...)
	}
	return append(args, e)
}

// reference converts what a term asks about; nil for a field that Jaeger does not have.
func reference(r ref) expression.Expression {
	if r.field == fieldNone {
		return &expression.AttributeRef{Key: r.key, Level: r.level}
	}
	if info := r.field.info(); info.jaeger != "" {
		return &expression.FieldRef{Name: info.jaeger, Level: info.level}
	}
	return nil
}

func refToAST(t *term) expression.Expression {
	left := reference(t.ref)
	if left == nil {
		return nil
	}
	switch t.kind {
	case kindHas:
		return call(expression.OpExists, left)
	case kindCompareRefs:
		if right := reference(t.other); right != nil {
			return call(callsByOp[t.op], left, right)
		}
		return nil
	case kindPhrase, kindFulltext:
		o := expression.OpPhrase
		if t.kind == kindFulltext {
			o = expression.OpFulltext
		}
		return call(o, left, &expression.List{Values: texts(t.values)})
	default:
	}
	return listToAST(t, left)
}

// listToAST converts in and not in. Jaeger's lists are of one type, so one that mixes quoted and unquoted values
// becomes comparisons.
func listToAST(t *term, left expression.Expression) expression.Expression {
	member, each, joined := expression.OpIn, opEq, expression.OpOr
	if t.kind == kindNotIn {
		member, each, joined = expression.OpNotIn, opNe, expression.OpAnd
	}
	if !mixed(t.values) {
		list := &expression.List{Values: texts(t.values)}
		if t.values[0].quoted {
			list.Type = expression.ValueTypeString
		}
		return call(member, left, list)
	}
	args := make([]expression.Expression, len(t.values))
	for i, v := range t.values {
		args[i] = call(callsByOp[each], left, constant(t.ref, v))
	}
	return call(joined, args...)
}

func texts(values []literal) []string {
	list := make([]string, len(values))
	for i, v := range values {
		list[i] = v.text
	}
	return list
}

func compareToAST(t *term) expression.Expression {
	if t.ref.field == fieldError {
		failed := errorToAST()
		if (t.values[0].text == "true") == (t.op == opEq) {
			return failed
		}
		return call(expression.OpNot, failed)
	}
	left := reference(t.ref)
	if left == nil || t.fold {
		return nil
	}
	if !t.op.textual() {
		return call(callsByOp[t.op], left, constant(t.ref, t.values[0]))
	}
	pattern := t.values[0].text
	if t.op == opContains {
		pattern = regexp.QuoteMeta(pattern)
	}
	if !portable(pattern) {
		return nil
	}
	matches := call(expression.OpRegex, left, &expression.StringValue{Value: pattern})
	if t.op == opNotRegex {
		return call(expression.OpAnd, call(expression.OpExists, left), call(expression.OpNot, matches))
	}
	return matches
}

// errorToAST says error=true: the status is error, or the span has a tag error that is neither false nor empty.
func errorToAST() expression.Expression {
	return call(expression.OpOr,
		call(expression.OpEq, reference(ref{field: fieldStatus}), &expression.StringValue{Value: "error"}),
		call(expression.OpNotIn, &expression.AttributeRef{Key: "error", Level: expression.LevelSpan},
			&expression.List{Values: []string{"false", "False", "0", ""}}))
}

// constant converts a literal beside r. Beside an attribute it stays as it is written, as only storage knows the
// type; an explicit quote asks for text.
func constant(r ref, v literal) expression.Expression {
	switch r.typ() {
	case typeAny:
		if v.quoted {
			return &expression.StringValue{Value: v.text}
		}
		return &expression.AnyValue{Value: v.text}
	case typeDuration:
		d, _ := readDuration(v.text)
		return &expression.DurationValue{Value: d}
	case typeTime:
		at, _ := readTime(v.text)
		return &expression.TimestampValue{Value: at}
	default:
	}
	return &expression.StringValue{Value: v.text}
}

// portable tells whether a pattern stays within what RFC 0005 allows of RE2: no anchors, word boundaries, lazy
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
		case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
			if re.Flags&syntax.NonGreedy != 0 {
				return false
			}
		case syntax.OpLiteral, syntax.OpCharClass:
			if re.Flags&syntax.FoldCase != 0 {
				return false
			}
		}
		pending = append(pending, re.Sub...)
	}
	return true
}

// formatTime is the spelling of an instant.
func formatTime(at time.Time) string { return at.UTC().Format(time.RFC3339Nano) }
