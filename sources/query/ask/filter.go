package ask

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"

	"tracefall/sources/query"
	"tracefall/sources/trace"
)

// Jaeger's structured filter says what a term says as package query converts it, where a storage takes that. Elsewhere a
// term is weakened first, so that it converts to something that storages take: each row of the table is a term.

// filter is the dialect of Jaeger's structured filter.
type filter struct {
	declared *Capabilities
	refused  []string
}

// askFilter asks in Jaeger's filter; ok is false where it would be larger or deeper than servers take.
func askFilter(t *query.Term, opt Options) (a Ask, ok bool) {
	s := builder[expression.Expression]{filter{opt.Declared, opt.Refused}, opt}.question(t)
	if !s.ok {
		return answer(Filter, s, nil), true
	}
	if depth(s.expr) > expression.MaxNestingDepth {
		return Ask{}, false
	}
	var b bytes.Buffer
	if err := json.Compact(&b, query.FilterJSON(s.expr)); err != nil || b.Len() > opt.MaxFilter {
		return Ask{}, false
	}
	a = answer(Filter, s, []Part{{Filter: b.Bytes()}})
	a.Service = serviceOf(s.expr)
	return a, true
}

// weaker is a term that is asked in place of another.
type weaker = choice[*query.Term]

func (d filter) leaf(t *query.Term) []choice[expression.Expression] {
	var all []choice[expression.Expression]
	for _, w := range d.weakened(t) {
		if e, _ := (&query.Query{Root: w.expr}).AST(); e != nil && d.serves(e) {
			all = append(all, choice[expression.Expression]{e, w.exact, w.reason})
		}
	}
	return all
}

// weakened is the table of terms: what is asked for each, the best first.
func (d filter) weakened(t *query.Term) []weaker {
	switch t.Ref.Field {
	case query.FieldNone:
		return attributeFilter(t)
	case query.FieldService, query.FieldName, query.FieldScopeName, query.FieldScopeVersion, query.FieldEventName:
		return textFilter(t)
	case query.FieldDuration:
		return durationFilter(t)
	case query.FieldError:
		if slices.Equal(wordsOf(t), []string{"true"}) {
			return d.failed()
		}
	case query.FieldStatus:
		if slices.Equal(wordsOf(t), []string{trace.StatusError.String()}) {
			return d.failed()
		}
	case query.FieldKind:
		if words := wordsOf(t); len(words) > 0 && !slices.Contains(words, trace.KindUnspecified.String()) {
			return []weaker{{listed(query.Ref{Key: query.KindTag}, words), false, kindTag}}
		}
	default:
	}
	return nil
}

// failed asks for failed spans by the tag, and by the field too where the server says what its filter takes.
func (d filter) failed() []weaker {
	tag := listed(query.Ref{Field: query.FieldError}, []string{"true"})
	field := listed(query.Ref{Field: query.FieldStatus}, []string{trace.StatusError.String()})
	if d.declared == nil {
		return []weaker{{tag, false, errorTag}}
	}
	return []weaker{{query.Join(query.KindOr, field, tag), false, errorTag}, {tag, false, errorTag}}
}

// listed asks that a reference holds one of several texts.
func listed(r query.Ref, texts []string) *query.Term {
	t := &query.Term{Kind: query.KindIn, Ref: r}
	for _, text := range texts {
		t.Values = append(t.Values, query.Literal{Text: text})
	}
	if len(texts) == 1 {
		t.Kind = query.KindCompare
	}
	return t
}

// textFilter asks for a field that holds text, which has no order for storages.
func textFilter(t *query.Term) []weaker {
	_, equal := equals(t)
	pattern, search := searches(t)
	if search && namesClass(pattern) {
		return nil
	}
	if t.Ref.Field == query.FieldName && t.Op == query.OpNotRegex { // every span has one, and storages refuse to look for it
		return []weaker{{expr: denial(t.Positive()), exact: true}}
	}
	if equal || search || t.Negative() {
		return []weaker{{expr: t, exact: true}}
	}
	return nil
}

// durationFilter asks for durations by the bounds that all storages take.
func durationFilter(t *query.Term) []weaker {
	ranges, exact, ok := durationRanges(t)
	if !ok {
		return nil
	}
	var either []*query.Term
	for _, r := range ranges {
		var both []*query.Term
		bound := func(o query.Op, d string) {
			both = append(both, &query.Term{Kind: query.KindCompare, Op: o, Ref: t.Ref, Values: []query.Literal{{Text: d}}})
		}
		if r.least > 0 {
			bound(query.OpGte, query.WriteDuration(r.least))
		}
		if r.most > 0 {
			bound(query.OpLte, query.WriteDuration(r.most))
		}
		either = append(either, query.Join(query.KindAnd, both...))
	}
	return []weaker{{expr: query.Join(query.KindOr, either...), exact: exact}}
}

// attributeFilter asks for an attribute. Constants have no types: only storage knows how a value was written.
func attributeFilter(t *query.Term) []weaker {
	if key := t.Ref.Key; key != errorKey && key != query.KindTag {
		return valuesFilter(t)
	}
	// Servers find the status and the kind by these tags too, so that they find more, and by a denial less.
	if t.Negative() {
		return []weaker{{expr: &query.Term{Kind: query.KindHas, Ref: t.Ref}}}
	}
	all := valuesFilter(t)
	for i := range all {
		all[i].exact = false
	}
	return all
}

// errorKey is the tag of failed spans.
const errorKey = "error"

// valuesFilter asks for an attribute that is nothing but that.
func valuesFilter(t *query.Term) []weaker {
	has := weaker{expr: &query.Term{Kind: query.KindHas, Ref: t.Ref}}
	_, equal := equals(t)
	pattern, search := searches(t)
	switch {
	case t.Kind == query.KindHas:
		has.exact = true
		return []weaker{has}
	case equal, t.Kind == query.KindNotIn, t.Kind == query.KindCompare && t.Op == query.OpNe:
		w := spelled(t)
		if !equal {
			w.reason = "" // what is equal in fewer spellings is unequal in more
		}
		return []weaker{w, has}
	case search && !namesClass(pattern), t.Kind == query.KindPhrase, t.Kind == query.KindFulltext:
		return []weaker{{expr: t, exact: true}, has}
	}
	return []weaker{has} // nor have storages of keywords an order
}

// spelled writes the constants of a term as servers store them.
func spelled(t *query.Term) weaker {
	copied := *t
	w := weaker{expr: &copied, exact: true}
	copied.Values = make([]query.Literal, len(t.Values))
	for i, v := range t.Values {
		s := storedAs(v)
		copied.Values[i] = query.Literal{Text: s.text, Quoted: v.Quoted}
		if w.reason == "" {
			w.reason = s.reason
		}
		_, number := query.ReadNumber(v.Text)
		w.exact = w.exact && s.reason == "" && !number // servers may find 503.0 by the text 503
	}
	return w
}

// some quantifies over events or links.
func (d filter) some(level expression.Level, inner said[expression.Expression]) (e expression.Expression, ok, exact bool) {
	e = &expression.Call{Op: expression.OpSome, Args: []expression.Expression{&expression.NestedRef{Level: level}, inner.expr}}
	return e, d.serves(e), true
}

func (d filter) every(all []expression.Expression) (e expression.Expression, leftOut []int, exact bool) {
	if len(all) > 1 && !d.takes(string(expression.OpAnd)) {
		for i := 1; i < len(all); i++ {
			leftOut = append(leftOut, i)
		}
		return all[0], leftOut, false
	}
	return joined(expression.OpAnd, all), nil, true
}

func (d filter) either(all []expression.Expression) (e expression.Expression, ok bool) {
	var distinct []expression.Expression
	for _, e := range all {
		if !slices.ContainsFunc(distinct, func(other expression.Expression) bool { return reflect.DeepEqual(e, other) }) {
			distinct = append(distinct, e)
		}
	}
	return joined(expression.OpOr, distinct), len(distinct) == 1 || d.takes(string(expression.OpOr))
}

func (d filter) not(e expression.Expression) (denied expression.Expression, ok bool) {
	return &expression.Call{Op: expression.OpNot, Args: []expression.Expression{e}}, d.takes(string(expression.OpNot))
}

// joined joins calls by and or by or; those of the same operator dissolve in it.
func joined(o expression.Operator, all []expression.Expression) expression.Expression {
	if len(all) == 1 {
		return all[0]
	}
	call := &expression.Call{Op: o}
	for _, e := range all {
		if inner, ok := e.(*expression.Call); ok && inner.Op == o {
			call.Args = append(call.Args, inner.Args...)
			continue
		}
		call.Args = append(call.Args, e)
	}
	return call
}

// takes reports whether a server takes an operator. Those that join terms it has where it names none of them.
func (d filter) takes(o string) bool {
	if slices.Contains(d.refused, o) {
		return false
	}
	joins := []string{string(expression.OpAnd), string(expression.OpOr), string(expression.OpNot)}
	switch {
	case o == string(expression.OpPhrase) || o == string(expression.OpFulltext): // newer than the filter
		return d.declared != nil && slices.Contains(d.declared.Operators, o)
	case d.declared == nil || d.declared.Operators == nil:
		return true
	case slices.Contains(joins, o) && !slices.ContainsFunc(joins, func(join string) bool { return slices.Contains(d.declared.Operators, join) }):
		return true
	}
	return slices.Contains(d.declared.Operators, o)
}

// reads reports whether a server reads a level, and a field of it. Events, links and the scope it must have declared.
func (d filter) reads(level expression.Level, field string) bool {
	if level == "" {
		return true
	}
	if slices.Contains(d.refused, string(level)) || field != "" && slices.Contains(d.refused, string(level)+"."+field) {
		return false
	}
	if d.declared == nil || d.declared.Levels == nil {
		return level == expression.LevelSpan || level == expression.LevelResource
	}
	return slices.Contains(d.declared.Levels, string(level))
}

// serves reports whether a server takes all of a filter.
func (d filter) serves(e expression.Expression) bool {
	switch e := e.(type) {
	case *expression.Call:
		return d.takes(string(e.Op)) && !slices.ContainsFunc(e.Args, func(arg expression.Expression) bool { return !d.serves(arg) })
	case *expression.AttributeRef:
		return d.reads(e.Level, "")
	case *expression.FieldRef:
		return d.reads(e.Level, e.Name)
	case *expression.NestedRef:
		return d.reads(e.Level, "")
	default:
		return true
	}
}

// namesClass reports whether a pattern has an escape that is a letter or a digit, such as \d, or a class that is called by its
// name, such as [:digit:]. RFC 0005 allows them, and Elasticsearch knows none.
func namesClass(pattern string) bool {
	for i := 0; i+1 < len(pattern); i++ {
		switch next := pattern[i+1]; pattern[i] {
		case '\\':
			if next >= '0' && next <= '9' || next >= 'A' && next <= 'Z' || next >= 'a' && next <= 'z' {
				return true
			}
			i++
		case '[':
			if next == ':' {
				return true
			}
		}
	}
	return false
}

// depth counts how deep the calls of a filter nest.
func depth(e expression.Expression) int {
	c, ok := e.(*expression.Call)
	if !ok {
		return 0
	}
	inner := 0
	for _, arg := range c.Args {
		inner = max(inner, depth(arg)) // the parser bounds the nesting
	}
	return inner + 1
}

// serviceOf returns the service that all spans of a filter have, "" for several or any.
func serviceOf(e expression.Expression) string {
	c, ok := e.(*expression.Call)
	if !ok || len(c.Args) == 0 {
		return ""
	}
	switch c.Op {
	case expression.OpEq:
		field, isField := c.Args[0].(*expression.FieldRef)
		value, isText := c.Args[1].(*expression.StringValue)
		if isField && isText && field.Level == expression.LevelResource && field.Name == expression.ResourceFieldService {
			return value.Value
		}
	case expression.OpAnd:
		for _, arg := range c.Args {
			if service := serviceOf(arg); service != "" {
				return service
			}
		}
	case expression.OpOr:
		service := serviceOf(c.Args[0])
		for _, arg := range c.Args[1:] {
			if serviceOf(arg) != service {
				return ""
			}
		}
		return service
	default:
	}
	return ""
}

// inService returns the filter that asks for the same within one service.
func inService(service string, predicate []byte) []byte {
	only := query.FilterJSON(&expression.Call{Op: expression.OpEq, Args: []expression.Expression{
		&expression.FieldRef{Level: expression.LevelResource, Name: expression.ResourceFieldService}, &expression.StringValue{Value: service},
	}})
	if len(predicate) > 0 {
		only = bytes.Join([][]byte{[]byte(`{"op":"and","args":[{"call":`), only, []byte(`},{"call":`), predicate, []byte(`}]}`)}, nil)
	}
	var b bytes.Buffer
	if err := json.Compact(&b, only); err != nil {
		return predicate // both are filters that this package wrote
	}
	return b.Bytes()
}

// filterTerm is a node of a filter, as it is written for people.
type filterTerm struct {
	Attr, Field, Nested *struct{ Key, Name, Level string }
	Scalar              *struct{ Value string }
	List                *struct{ Values []string }
	Call                *filterCall
}

type filterCall struct {
	Op   string
	Args []filterTerm
}

// filterText writes a filter as one line, in the notation of RFC 0005: and(gte(span.duration, 1s), eq(error, true)).
func filterText(predicate []byte) string {
	var top filterCall
	if err := json.Unmarshal(predicate, &top); err != nil {
		return string(predicate) // this package wrote the filter
	}
	return top.String()
}

func (c *filterCall) String() string {
	args := make([]string, len(c.Args))
	for i, arg := range c.Args {
		switch {
		case arg.Call != nil:
			args[i] = arg.Call.String()
		case arg.Attr != nil:
			args[i] = printable(strings.TrimPrefix(arg.Attr.Level+"."+arg.Attr.Key, "."))
		case arg.Field != nil:
			args[i] = arg.Field.Level + "." + arg.Field.Name
		case arg.Nested != nil:
			args[i] = arg.Nested.Level
		case arg.Scalar != nil:
			args[i] = printable(arg.Scalar.Value)
		case arg.List != nil:
			args[i] = "[" + strings.Join(arg.List.Values, ", ") + "]"
		}
	}
	return c.Op + "(" + strings.Join(args, ", ") + ")"
}
