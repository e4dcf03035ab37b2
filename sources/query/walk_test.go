package query

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"
)

// Walk collects what a query uses of the languages, as words, so that tests can find what no example uses.
func Walk(q *Query, seen map[string]bool) {
	for _, r := range q.refs() {
		seen["field "+r.Field.Info().name] = true
	}
	walkTerm(q.Root, seen)
	for _, s := range q.Stages {
		seen["stage "+aggregateNames[s.Function]+" "+string(rune('0'+s.Kind))] = true
	}
	if filter, _ := q.AST(); filter != nil {
		walkFilter(filter, seen)
	}
}

func walkTerm(t *Term, seen map[string]bool) {
	seen["kind "+string(rune('A'+t.Kind))] = true
	for _, s := range t.Stages {
		seen["stage "+aggregateNames[s.Function]+" "+string(rune('0'+s.Kind))] = true
	}
	switch t.Kind {
	case KindCompare:
		seen["op "+t.Op.String()] = true
	case KindRelative:
		seen["relative "+relationNames[t.Relation]] = true
	case KindStructure:
		seen["structure "+t.Sign()] = true
	default:
	}
	for _, kid := range t.Terms {
		walkTerm(kid, seen)
	}
}

func walkFilter(e expression.Expression, seen map[string]bool) {
	seen["node "+reflect.TypeOf(e).Elem().Name()] = true
	switch n := e.(type) {
	case *expression.Call:
		seen["operator "+string(n.Op)] = true
		for _, arg := range n.Args {
			walkFilter(arg, seen)
		}
	case *expression.AttributeRef:
		seen["level "+string(n.Level)] = true
	case *expression.FieldRef:
		seen["jaeger "+string(n.Level)+"."+n.Name] = true
	case *expression.NestedRef:
		seen["nested "+string(n.Level)] = true
	case *expression.List:
		seen["list "+string(n.Type)] = true
	}
}

// WalkWants lists the words that Walk must have met over all examples.
func WalkWants() []string {
	wants := []string{"level ", "nested event", "nested link", "list ", "structure !>", "structure &>",
		"stage count 0", "stage avg 0", "stage min 0", "stage max 0", "stage sum 0", "stage count 1", "stage count 2", "stage count 3", "stage count 4", "stage count 5"}
	for _, o := range expression.Operators() {
		if o == expression.OpIn || o == expression.OpNotIn {
			continue // read, and never written: see TestForeignFilters
		}
		wants = append(wants, "operator "+string(o))
	}
	for _, l := range expression.Levels() {
		wants = append(wants, "level "+string(l))
	}
	for _, f := range expression.Fields() {
		wants = append(wants, "jaeger "+string(f.Level)+"."+f.Name)
	}
	for f := FieldNone + 1; f < FieldCount; f++ {
		wants = append(wants, "field "+f.Info().name)
	}
	for k := KindAll; k <= KindPipeline; k++ {
		wants = append(wants, "kind "+string(rune('A'+k)))
	}
	for o := range OpCount {
		wants = append(wants, "op "+o.String())
	}
	for r := range RelationCount {
		for _, prefix := range []string{"", "!", "&"} {
			wants = append(wants, "structure "+prefix+relationSigns[r])
		}
		wants = append(wants, "relative "+relationNames[r])
	}
	for _, node := range []expression.Expression{
		&expression.AttributeRef{}, &expression.FieldRef{}, &expression.NestedRef{}, &expression.AnyValue{}, &expression.StringValue{},
		&expression.DurationValue{}, &expression.TimestampValue{}, &expression.List{}, &expression.Call{},
	} {
		wants = append(wants, "node "+reflect.TypeOf(node).Elem().Name())
	}
	return wants
}

// TestFieldsFollowJaeger checks that every field of Jaeger's vocabulary is one here, of the same type.
func TestFieldsFollowJaeger(t *testing.T) {
	types := map[expression.FieldType][]FieldType{
		expression.FieldTypeString: {TypeText, TypeID}, expression.FieldTypeDuration: {TypeDuration},
		expression.FieldTypeTimestamp: {TypeTime}, expression.FieldTypeSpanKind: {TypeKind}, expression.FieldTypeSpanStatus: {TypeStatus},
	}
	for _, want := range expression.Fields() {
		f := fieldOf(want.Level, want.Name)
		if f == FieldNone || !slices.Contains(types[want.Type], f.Info().typ) {
			t.Errorf("%s.%s of type %s is field %q of type %d", want.Level, want.Name, want.Type, f.Info().name, f.Info().typ)
			continue
		}
		if spelling := string(want.Level) + "." + want.Name; fieldNamed(spelling) != f {
			t.Errorf("%s is not read as the field", spelling)
		}
	}
	spelt := map[string]bool{}
	for f := FieldNone + 1; f < FieldCount; f++ {
		for _, name := range append([]string{f.Info().name}, f.Info().aliases...) {
			if spelt[name] || fieldNamed(name) != f {
				t.Errorf("%s names two fields", name)
			}
			spelt[name] = true
		}
		if f.Info().help == "" {
			t.Errorf("%s has no help", f.Info().name)
		}
	}
}

func TestSameNamesAreOneToOne(t *testing.T) {
	seen := map[string]bool{}
	for _, names := range sameNames {
		for _, name := range names {
			if seen[name] {
				t.Errorf("%s stands in two rows", name)
			}
			seen[name] = true
			if got := SameNames(name); len(got) != len(names)-1 || slices.Contains(got, name) {
				t.Errorf("SameNames(%s) = %v", name, got)
			}
		}
	}
	if SameNames("retry.count") != nil {
		t.Error("retry.count has other names")
	}
}

// TestForeignFilters checks what other programs may send: every type of constant, constants on the left, and
// filters that are none.
func TestForeignFilters(t *testing.T) {
	attr := &expression.AttributeRef{Key: "a"}
	duration := &expression.FieldRef{Level: expression.LevelSpan, Name: expression.SpanFieldDuration}
	anyValue := func(v string) expression.Expression { return &expression.AnyValue{Value: v} }
	loop := call(expression.OpAnd)
	loop.Args = []expression.Expression{loop}
	notLoop := call(expression.OpNot)
	notLoop.Args = []expression.Expression{notLoop}
	deep := expression.Expression(call(expression.OpExists, attr))
	for range expression.MaxNestingDepth {
		deep = call(expression.OpNot, deep)
	}
	for _, e := range []struct {
		filter expression.Expression
		want   string // the query, or a part of the error
	}{
		{call(expression.OpEq, attr, &expression.IntValue{Value: -5}), "a=-5"},
		{call(expression.OpGt, attr, &expression.DoubleValue{Value: 1.5}), "a>1.5"},
		{call(expression.OpNe, attr, &expression.BoolValue{Value: true}), "a!=true"},
		{call(expression.OpLte, &expression.DurationValue{Value: time.Minute}, duration), "duration>=1m"},
		{call(expression.OpGt, anyValue("5"), attr), "a<5"},
		{call(expression.OpEq, attr, anyValue("two words")), `a="two words"`},
		{call(expression.OpEq, duration, anyValue("2s")), "duration=2s"},
		{call(expression.OpAnd, call(expression.OpExists, attr)), "has:a"},
		{call(expression.OpRegex, attr, anyValue("a.c")), "a=~a.c"},
		{call(expression.OpRegex, attr, anyValue(`a\.c`)), "a~a.c"},
		{call(expression.OpIn, attr, &expression.List{Values: []string{"1", "2"}, Type: expression.ValueTypeInt}), "a in (1, 2)"},
		{call(expression.OpNotIn, attr, &expression.List{Values: []string{"x", "2"}, Type: expression.ValueTypeString}), `a not in ("x", "2")`},
		{call(expression.OpIn, &expression.FieldRef{Level: "span", Name: "name"}, &expression.List{Values: []string{"x", "2"}}), `name in (x, "2")`},
		{call(expression.OpEq, &expression.FieldRef{Level: "span", Name: "name"}, anyValue("3")), `name="3"`},
		{call(expression.OpEq, duration, anyValue("5")), "needs a unit"},
		{call(expression.OpGt, attr, &expression.BoolValue{Value: true}), "has no order"},
		{call(expression.OpRegex, attr, anyValue("(")), "missing closing"},
		{call("xor", attr, attr), `unknown operator "xor"`},
		{call("", attr, attr), "unknown operator"},
		{call(expression.OpEq, attr), "eq takes 2 operands, got 1"},
		{call(expression.OpNot), "not takes 1 operands"},
		{call(expression.OpAnd), "and takes 1 operands"},
		{call(expression.OpExists), "exists takes 1 operands"},
		{call(expression.OpSome, attr, attr), "some takes the events"},
		{call(expression.OpSome, &expression.NestedRef{Level: expression.LevelScope}, deep), "some takes the events"},
		{call(expression.OpIn, attr, &expression.List{}), "not empty"},
		{call(expression.OpIn, attr, &expression.List{Values: []string{"1"}, Type: "blob"}), `of type "blob"`},
		{call(expression.OpEq, &expression.FieldRef{Level: "span", Name: "size"}, anyValue("1")), `no field "size"`},
		{call(expression.OpExists, &expression.AttributeRef{Key: "a", Level: "nowhere"}), `level "nowhere"`},
		{call(expression.OpExists, &expression.AttributeRef{}), "no attribute"},
		{call(expression.OpEq, anyValue("1"), anyValue("1")), "expected a reference"},
		{call(expression.OpAnd, attr), "expected a call"},
		{attr, "expected a call"},
		{deep, expression.ErrTooDeeplyNested.Error()},
		{loop, expression.ErrTooDeeplyNested.Error()},
		{notLoop, expression.ErrTooDeeplyNested.Error()},
		{call(expression.OpAnd, call(expression.OpExists, loop), call(expression.OpNot, call(expression.OpRegex, loop, attr))), "expected a reference"},
	} {
		q, err := FromAST(e.filter)
		switch {
		case err != nil && !strings.Contains(err.Error(), e.want):
			t.Errorf("error %v, want %s", err, e.want)
		case err == nil && q.String() != e.want:
			t.Errorf("got %s, want %s", q, e.want)
		}
	}
	if q, err := FromAST(nil); err != nil || q.String() != "" {
		t.Errorf("no filter: %v, %v", q, err)
	}
}

// TestPortablePatterns checks that only what RFC 0005 allows of RE2 goes into a filter.
func TestPortablePatterns(t *testing.T) {
	for pattern, want := range map[string]bool{
		"abc": true, "a.*b+c?": true, "[a-z]{2,3}|x": true, "(a|b)c": true, `\.\d`: true,
		"^a": false, "a$": false, `\ba`: false, "a*?": false, "(?i)a": false, `a\z`: false, "(a|(b+?c))": false, "(": false,
	} {
		if portable(pattern) != want {
			t.Errorf("portable(%q) = %v", pattern, !want)
		}
	}
}
