package query

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"regexp/syntax"
	"strconv"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"
)

// FromAST turns Jaeger's structured filter into a query. Its error names the first node that is no valid filter;
// expression.ErrTooDeeplyNested for one that nests beyond the bound, or contains itself.
func FromAST(filter expression.Expression) (*Query, error) {
	if filter == nil {
		return &Query{Root: &Term{Kind: KindAll, depth: 1}}, nil
	}
	root, err := fromAST(filter, 1)
	if err != nil {
		return nil, err
	}
	// The text is what people see; reading it back refuses whatever the filter has that the language has not.
	return Parse((&Query{Root: root}).String())
}

// fromAST converts a node that depth calls enclose, itself counted.
func fromAST(e expression.Expression, depth int) (*Term, error) {
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
func fromLeaf(c *expression.Call) (*Term, error) {
	switch c.Op {
	case expression.OpExists:
		if len(c.Args) != 1 {
			return nil, arity(c, 1)
		}
		r, err := fromRef(c.Args[0])
		return leaf(&Term{Kind: KindHas, Ref: r}), err
	case expression.OpIn, expression.OpNotIn, expression.OpPhrase, expression.OpFulltext:
		return fromList(c)
	case expression.OpRegex:
		return fromRegex(c)
	default:
	}
	return fromComparison(c)
}

func leaf(t *Term) *Term {
	t.measure()
	return t
}

func arity(c *expression.Call, n int) error {
	return fmt.Errorf("filter: %s takes %d operands, got %d", c.Op, n, len(c.Args))
}

// idiom recognises what one term of the language becomes in the filter.
func idiom(c *expression.Call) *Term {
	isError := func(value string) *Term {
		return leaf(&Term{Kind: KindCompare, Ref: Ref{Field: FieldError}, Values: []Literal{{Text: value}}})
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
func fromNames(args []expression.Expression) *Term {
	first, ok := args0(args)
	if !ok {
		return nil
	}
	attr, ok := first.Args[0].(*expression.AttributeRef)
	if !ok || attr == nil {
		return nil
	}
	names := references(Ref{Key: attr.Key, Level: attr.Level})
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
func fromDenied(args []expression.Expression) *Term {
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
	var t *Term
	if len(denied) > 1 {
		t = fromNames(denied)
	} else if one, err := fromLeaf(first); err == nil {
		t = one
	}
	if t == nil || !same(args[0], underAny(references(t.Ref), exists)) {
		return nil
	}
	t.Op = OpNe
	if first.Op == expression.OpRegex {
		t.Op, t.Values[0].Text = OpNotRegex, pattern(first.Args[1])
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

func fromBoolean(c *expression.Call, depth int) (*Term, error) {
	if len(c.Args) == 0 || c.Op == expression.OpNot && len(c.Args) != 1 {
		return nil, arity(c, 1)
	}
	terms := make([]*Term, len(c.Args))
	for i, arg := range c.Args {
		t, err := fromAST(arg, depth+1)
		if err != nil {
			return nil, err
		}
		terms[i] = t
	}
	switch {
	case c.Op == expression.OpNot:
		return leaf(&Term{Kind: KindNot, Terms: terms}), nil
	case len(terms) == 1:
		return terms[0], nil
	case c.Op == expression.OpAnd:
		return Join(KindAnd, terms...), nil
	}
	return Join(KindOr, terms...), nil
}

func fromSome(c *expression.Call, depth int) (*Term, error) {
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
	return leaf(&Term{Kind: KindSome, Level: nested.Level, Terms: []*Term{inner}}), nil
}

// fromRef converts a reference.
func fromRef(e expression.Expression) (Ref, error) {
	switch r := e.(type) {
	case *expression.AttributeRef:
		if r.Key == "" || r.Level != "" && !r.Level.Valid() {
			return Ref{}, fmt.Errorf("filter: no attribute %q at level %q", r.Key, r.Level)
		}
		return Ref{Key: r.Key, Level: r.Level}, nil
	case *expression.FieldRef:
		if f := fieldOf(r.Level, r.Name); f != FieldNone {
			return Ref{Field: f}, nil
		}
		return Ref{}, fmt.Errorf("filter: level %q has no field %q", r.Level, r.Name)
	}
	return Ref{}, fmt.Errorf("filter: expected a reference, got %T", e)
}

func pattern(e expression.Expression) string {
	v, _ := fromConstant(e)
	return v.Text
}

func fromRegex(c *expression.Call) (*Term, error) {
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
	t := &Term{Kind: KindCompare, Ref: r, Op: OpRegex, Values: []Literal{{Text: v.Text}}}
	if re, err := syntax.Parse(v.Text, syntax.Perl); err == nil && re.Op == syntax.OpLiteral && re.Flags&syntax.FoldCase == 0 &&
		regexp.QuoteMeta(string(re.Rune)) == v.Text {
		t.Op, t.Values[0].Text = OpContains, string(re.Rune)
	}
	return leaf(t), nil
}

func fromList(c *expression.Call) (*Term, error) {
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
	t := &Term{Ref: r, Kind: map[expression.Operator]Kind{
		expression.OpIn: KindIn, expression.OpNotIn: KindNotIn,
		expression.OpPhrase: KindPhrase, expression.OpFulltext: KindFulltext,
	}[c.Op]}
	for _, text := range list.Values {
		t.Values = append(t.Values, Literal{text, list.Type == expression.ValueTypeString})
	}
	return leaf(t), nil
}

func fromComparison(c *expression.Call) (*Term, error) {
	o, known := Op(0), false
	for candidate := range OpCount {
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
		left, right, o = right, left, flipped[o]
	}
	r, err := fromRef(left)
	if err != nil {
		return nil, err
	}
	if v, ok := fromConstant(right); ok {
		return leaf(&Term{Kind: KindCompare, Ref: r, Op: o, Values: []Literal{v}}), nil
	}
	other, err := fromRef(right)
	return leaf(&Term{Kind: KindCompareRefs, Ref: r, Op: o, Other: other}), err
}

// fieldOf returns the field that Jaeger's vocabulary calls by that level and name.
func fieldOf(level expression.Level, name string) Field {
	for f := FieldNone + 1; f < FieldCount; f++ {
		if fields[f].jaeger == name && fields[f].level == level {
			return f
		}
	}
	return FieldNone
}

// fromConstant converts a constant; ok is false for anything else.
func fromConstant(e expression.Expression) (v Literal, ok bool) {
	switch c := e.(type) {
	case *expression.AnyValue:
		return Literal{Text: c.Value}, true
	case *expression.StringValue:
		return Literal{c.Value, true}, true
	case *expression.IntValue:
		return Literal{Text: strconv.FormatInt(c.Value, 10)}, true
	case *expression.DoubleValue:
		return Literal{Text: strconv.FormatFloat(c.Value, 'g', -1, 64)}, true
	case *expression.BoolValue:
		return Literal{Text: strconv.FormatBool(c.Value)}, true
	case *expression.DurationValue:
		return Literal{Text: WriteDuration(c.Value)}, true
	case *expression.TimestampValue:
		return Literal{Text: formatTime(c.Value)}, true
	}
	return Literal{}, false
}
