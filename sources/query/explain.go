package query

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"
)

// Explain says in lines how the query is read: its canonical text, the filter that a Jaeger backend would get,
// what stays here, and under which other names attributes are read.
func (q *Query) Explain() string {
	var b strings.Builder
	text := q.String()
	if text == "" {
		text = "(every span)"
	}
	fmt.Fprintf(&b, "query   %s\n", text)
	filter, rest := q.AST()
	if filter == nil {
		b.WriteString("filter  none\n")
	} else {
		fmt.Fprintf(&b, "filter  %s\n", bytes.ReplaceAll(FilterJSON(filter), []byte("\n"), []byte("\n        ")))
	}
	if rest != nil {
		fmt.Fprintf(&b, "here    %s\n", rest)
	}
	for _, r := range q.refs() {
		if r.severalNames() {
			fmt.Fprintf(&b, "names   %s is read as %s too, and asked for under each\n", r.Key, strings.Join(SameNames(r.Key), ", "))
		}
	}
	return b.String()
}

// refs lists what the query asks about, each once, in the order of the text.
func (q *Query) refs() []Ref {
	var all []Ref
	known := map[Ref]bool{}
	add := func(r Ref) {
		if !known[r] {
			known[r] = true
			all = append(all, r)
		}
	}
	var walk func(t *Term)
	var walkStages func(stages []Stage)
	walk = func(t *Term) {
		switch t.Kind {
		case KindCompareRefs:
			add(t.Ref)
			add(t.Other)
		case KindCompare, KindIn, KindNotIn, KindHas, KindPhrase, KindFulltext:
			add(t.Ref)
		case KindCalc:
			t.Left.Visit(add)
			t.Right.Visit(add)
		default:
		}
		for _, kid := range t.Terms {
			walk(kid)
		}
		walkStages(t.Stages)
	}
	walkStages = func(stages []Stage) {
		for i := range stages {
			s := &stages[i]
			switch {
			case s.Kind == StageFilter:
				walk(s.Term)
			case s.Left != nil:
				s.Left.Visit(add)
				s.Right.Visit(add)
			case s.Kind == StageSelect:
				for _, r := range s.Refs {
					add(r)
				}
			case s.Kind == StageBy, s.Kind == StageAggregate && s.Function != AggregateCount:
				add(s.Ref)
			}
		}
	}
	walk(q.Root)
	walkStages(q.Stages)
	return all
}

// FilterJSON encodes a filter as Jaeger's query API takes it: the protobuf JSON of
// jaeger.expression.v1.Call, indented. nil for what is no call.
func FilterJSON(filter expression.Expression) []byte {
	top := wire(filter, false)
	if top.Call == nil {
		return nil
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(top.Call); err != nil {
		return nil // strings and lists of strings always encode
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

type wireTerm struct {
	Attr   *wireRef    `json:"attr,omitempty"`
	Field  *wireField  `json:"field,omitempty"`
	Nested *wireNested `json:"nested,omitempty"`
	Scalar *wireScalar `json:"scalar,omitempty"`
	List   *wireList   `json:"list,omitempty"`
	Call   *wireCall   `json:"call,omitempty"`
}

type wireRef struct {
	Key   string `json:"key"`
	Level string `json:"level,omitempty"`
}

type wireField struct {
	Name  string `json:"name"`
	Level string `json:"level"`
}

type wireNested struct {
	Level string `json:"level"`
}

type wireScalar struct {
	Value string `json:"value"`
	Type  string `json:"type,omitempty"`
}

type wireList struct {
	Values []string `json:"values"`
	Type   string   `json:"type,omitempty"`
}

type wireCall struct {
	Op   string     `json:"op"`
	Args []wireTerm `json:"args"`
}

// wire converts a node. Beside a field a constant travels without a type: the field declares it.
func wire(e expression.Expression, besideField bool) wireTerm {
	switch n := e.(type) {
	case *expression.AttributeRef:
		return wireTerm{Attr: &wireRef{n.Key, string(n.Level)}}
	case *expression.FieldRef:
		return wireTerm{Field: &wireField{n.Name, string(n.Level)}}
	case *expression.NestedRef:
		return wireTerm{Nested: &wireNested{string(n.Level)}}
	case *expression.List:
		return wireTerm{List: &wireList{n.Values, string(n.Type)}}
	case *expression.Call:
		c := &wireCall{Op: string(n.Op), Args: make([]wireTerm, len(n.Args))}
		field := false
		for _, arg := range n.Args {
			_, is := arg.(*expression.FieldRef)
			field = field || is
		}
		for i, arg := range n.Args {
			c.Args[i] = wire(arg, field)
		}
		return wireTerm{Call: c}
	}
	v, _ := fromConstant(e)
	s := &wireScalar{Value: v.Text}
	if !besideField {
		s.Type = string(constantType(e))
	}
	return wireTerm{Scalar: s}
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

func constantType(e expression.Expression) expression.ValueType {
	switch e.(type) {
	case *expression.StringValue:
		return expression.ValueTypeString
	case *expression.IntValue:
		return expression.ValueTypeInt
	case *expression.DoubleValue:
		return expression.ValueTypeDouble
	case *expression.BoolValue:
		return expression.ValueTypeBool
	}
	return ""
}
