package query

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"regexp/syntax"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"
)

// FromAST turns Jaeger's structured filter into a query. Its error names the first node that is no valid filter;
// expression.ErrTooDeeplyNested for one that nests beyond the bound, or contains itself.
func FromAST(filter expression.Expression) (*Query, error) {
	if filter == nil {
		return &Query{root: &term{kind: kindAll, depth: 1}}, nil
	}
	root, err := fromAST(filter, 1)
	if err != nil {
		return nil, err
	}
	// The text is what people see; reading it back refuses whatever the filter has that the language has not.
	return Parse((&Query{root: root}).String())
}

// fromAST converts a node that depth calls enclose, itself counted.
func fromAST(e expression.Expression, depth int) (*term, error) {
	c, ok := e.(*expression.Call)
	if !ok || c == nil {
		return nil, fmt.Errorf("filter: expected a call, got %T", e)
	}
	if depth > expression.MaxNestingDepth {
		return nil, expression.ErrTooDeeplyNested
	}
	if t := idiom(c); t != nil {
		return t, nil
	}
	switch c.Op {
	case expression.OpAnd, expression.OpOr, expression.OpNot:
		return fromBoolean(c, depth)
	case expression.OpSome:
		return fromSome(c, depth)
	default:
	}
	return fromLeaf(c)
}

// fromLeaf converts a call whose operands are no calls.
func fromLeaf(c *expression.Call) (*term, error) {
	switch c.Op {
	case expression.OpExists:
		if len(c.Args) != 1 {
			return nil, arity(c, 1)
		}
		r, err := fromRef(c.Args[0])
		return leaf(&term{kind: kindHas, ref: r}), err
	case expression.OpIn, expression.OpNotIn, expression.OpPhrase, expression.OpFulltext:
		return fromList(c)
	case expression.OpRegex:
		return fromRegex(c)
	default:
	}
	return fromComparison(c)
}

func leaf(t *term) *term {
	t.measure()
	return t
}

func arity(c *expression.Call, n int) error {
	return fmt.Errorf("filter: %s takes %d operands, got %d", c.Op, n, len(c.Args))
}

// idiom recognises what one term of the language becomes in the filter.
func idiom(c *expression.Call) *term {
	isError := func(value string) *term {
		return leaf(&term{kind: kindCompare, ref: ref{field: fieldError}, values: []literal{{text: value}}})
	}
	switch {
	case same(c, errorToAST()):
		return isError("true")
	case c.Op == expression.OpNot && len(c.Args) == 1 && same(c.Args[0], errorToAST()):
		return isError("false")
	case c.Op == expression.OpOr:
		return fromNames(c.Args)
	case c.Op == expression.OpAnd && len(c.Args) > 1:
		return fromDenied(c.Args)
	}
	return nil
}

// fromNames recognises what is asked of an attribute under each of its names, nil for anything else.
func fromNames(args []expression.Expression) *term {
	first, ok := args0(args)
	if !ok {
		return nil
	}
	attr, ok := first.Args[0].(*expression.AttributeRef)
	if !ok || attr == nil {
		return nil
	}
	names := references(ref{key: attr.Key, level: attr.Level})
	if len(names) != len(args) || len(names) < 2 {
		return nil
	}
	for i, arg := range args {
		c, ok := arg.(*expression.Call)
		if !ok || c == nil || c.Op != first.Op || len(c.Args) != len(first.Args) || !same(c.Args[0], names[i]) {
			return nil
		}
		for j := 1; j < len(c.Args); j++ {
			if _, nested := c.Args[j].(*expression.Call); nested || !same(c.Args[j], first.Args[j]) {
				return nil
			}
		}
	}
	t, err := fromLeaf(first)
	if err != nil {
		return nil
	}
	return t
}

// args0 returns the first operand where it is a call with operands that are no calls.
func args0(args []expression.Expression) (*expression.Call, bool) {
	if len(args) == 0 {
		return nil, false
	}
	first, ok := args[0].(*expression.Call)
	if !ok || first == nil || len(first.Args) == 0 {
		return nil, false
	}
	for _, arg := range first.Args {
		if _, nested := arg.(*expression.Call); nested {
			return nil, false
		}
	}
	return first, true
}

// fromDenied recognises != and !~: one of the names is there, and none is equal or matches. nil for anything else.
func fromDenied(args []expression.Expression) *term {
	denied := make([]expression.Expression, len(args)-1)
	for i, arg := range args[1:] {
		not, ok := operands(arg, expression.OpNot, 1)
		if !ok {
			return nil
		}
		denied[i] = not[0]
	}
	first, ok := args0(denied)
	if !ok || len(first.Args) != 2 || first.Op != expression.OpRegex && (first.Op != expression.OpEq || len(denied) < 2) {
		return nil
	}
	var t *term
	if len(denied) > 1 {
		t = fromNames(denied)
	} else if one, err := fromLeaf(first); err == nil {
		t = one
	}
	if t == nil || !same(args[0], underAny(references(t.ref), exists)) {
		return nil
	}
	t.op = opNe
	if first.Op == expression.OpRegex {
		t.op, t.values[0].text = opNotRegex, pattern(first.Args[1])
	}
	return leaf(t)
}

// same compares a tree with a small one that holds no call containing itself; it goes no deeper than that one.
func same(a, b expression.Expression) bool {
	x, ok := a.(*expression.Call)
	y, ok2 := b.(*expression.Call)
	if ok != ok2 {
		return false
	}
	if !ok {
		return reflect.DeepEqual(a, b)
	}
	if x == nil || y == nil || x.Op != y.Op || len(x.Args) != len(y.Args) {
		return false
	}
	for i := range x.Args {
		if !same(x.Args[i], y.Args[i]) {
			return false
		}
	}
	return true
}

// operands returns the operands of e when it is a call of that operator with so many.
func operands(e expression.Expression, o expression.Operator, n int) ([]expression.Expression, bool) {
	c, ok := e.(*expression.Call)
	if !ok || c == nil || c.Op != o || len(c.Args) != n {
		return nil, false
	}
	return c.Args, true
}

func fromBoolean(c *expression.Call, depth int) (*term, error) {
	if len(c.Args) == 0 || c.Op == expression.OpNot && len(c.Args) != 1 {
		return nil, arity(c, 1)
	}
	terms := make([]*term, len(c.Args))
	for i, arg := range c.Args {
		t, err := fromAST(arg, depth+1)
		if err != nil {
			return nil, err
		}
		terms[i] = t
	}
	switch {
	case c.Op == expression.OpNot:
		return leaf(&term{kind: kindNot, terms: terms}), nil
	case len(terms) == 1:
		return terms[0], nil
	case c.Op == expression.OpAnd:
		return join(kindAnd, terms...), nil
	}
	return join(kindOr, terms...), nil
}

func fromSome(c *expression.Call, depth int) (*term, error) {
	if len(c.Args) != 2 {
		return nil, arity(c, 2)
	}
	nested, ok := c.Args[0].(*expression.NestedRef)
	if !ok || nested.Level != expression.LevelEvent && nested.Level != expression.LevelLink {
		return nil, errors.New("filter: some takes the events or the links of a span")
	}
	inner, err := fromAST(c.Args[1], depth+1)
	if err != nil {
		return nil, err
	}
	return leaf(&term{kind: kindSome, level: nested.Level, terms: []*term{inner}}), nil
}

// fromRef converts a reference.
func fromRef(e expression.Expression) (ref, error) {
	switch r := e.(type) {
	case *expression.AttributeRef:
		if r.Key == "" || r.Level != "" && !r.Level.Valid() {
			return ref{}, fmt.Errorf("filter: no attribute %q at level %q", r.Key, r.Level)
		}
		return ref{key: r.Key, level: r.Level}, nil
	case *expression.FieldRef:
		if f := fieldOf(r.Level, r.Name); f != fieldNone {
			return ref{field: f}, nil
		}
		return ref{}, fmt.Errorf("filter: level %q has no field %q", r.Level, r.Name)
	}
	return ref{}, fmt.Errorf("filter: expected a reference, got %T", e)
}

func pattern(e expression.Expression) string {
	v, _ := fromConstant(e)
	return v.text
}

func fromRegex(c *expression.Call) (*term, error) {
	if len(c.Args) != 2 {
		return nil, arity(c, 2)
	}
	r, err := fromRef(c.Args[0])
	if err != nil {
		return nil, err
	}
	v, ok := fromConstant(c.Args[1])
	if !ok {
		return nil, fmt.Errorf("filter: regex takes a pattern, got %T", c.Args[1])
	}
	t := &term{kind: kindCompare, ref: r, op: opRegex, values: []literal{{text: v.text}}}
	if re, err := syntax.Parse(v.text, syntax.Perl); err == nil && re.Op == syntax.OpLiteral && re.Flags&syntax.FoldCase == 0 &&
		regexp.QuoteMeta(string(re.Rune)) == v.text {
		t.op, t.values[0].text = opContains, string(re.Rune)
	}
	return leaf(t), nil
}

func fromList(c *expression.Call) (*term, error) {
	if len(c.Args) != 2 {
		return nil, arity(c, 2)
	}
	r, err := fromRef(c.Args[0])
	if err != nil {
		return nil, err
	}
	list, ok := c.Args[1].(*expression.List)
	if !ok || len(list.Values) == 0 {
		return nil, fmt.Errorf("filter: %s takes a list that is not empty", c.Op)
	}
	if list.Type != "" && !list.Type.Valid() {
		return nil, fmt.Errorf("filter: a list cannot be of type %q", list.Type)
	}
	t := &term{ref: r, kind: map[expression.Operator]kind{
		expression.OpIn: kindIn, expression.OpNotIn: kindNotIn,
		expression.OpPhrase: kindPhrase, expression.OpFulltext: kindFulltext,
	}[c.Op]}
	for _, text := range list.Values {
		t.values = append(t.values, literal{text, list.Type == expression.ValueTypeString})
	}
	return leaf(t), nil
}

func fromComparison(c *expression.Call) (*term, error) {
	o, known := op(0), false
	for candidate := range opCount {
		if callsByOp[candidate] == c.Op {
			o, known = candidate, true
			break
		}
	}
	if !known || c.Op == "" {
		return nil, fmt.Errorf("filter: unknown operator %q", c.Op)
	}
	if len(c.Args) != 2 {
		return nil, arity(c, 2)
	}
	left, right := c.Args[0], c.Args[1]
	if _, constant := fromConstant(left); constant {
		left, right, o = right, left, o.flipped()
	}
	r, err := fromRef(left)
	if err != nil {
		return nil, err
	}
	if v, ok := fromConstant(right); ok {
		return leaf(&term{kind: kindCompare, ref: r, op: o, values: []literal{v}}), nil
	}
	other, err := fromRef(right)
	return leaf(&term{kind: kindCompareRefs, ref: r, op: o, other: other}), err
}

// fieldOf returns the field that Jaeger's vocabulary calls by that level and name.
func fieldOf(level expression.Level, name string) field {
	for f := fieldNone + 1; f < fieldCount; f++ {
		if fields[f].jaeger == name && fields[f].level == level {
			return f
		}
	}
	return fieldNone
}
