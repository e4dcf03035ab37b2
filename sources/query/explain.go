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
			fmt.Fprintf(&b, "names   %s is read as %s too, and asked for under each\n", r.key, strings.Join(SameNames(r.key), ", "))
		}
	}
	return b.String()
}

// refs lists what the query asks about, each once, in the order of the text.
func (q *Query) refs() []ref {
	var all []ref
	known := map[ref]bool{}
	add := func(r ref) {
		if !known[r] {
			known[r] = true
			all = append(all, r)
		}
	}
	var walk func(t *term)
	var walkStages func(stages []stage)
	walk = func(t *term) {
		switch t.kind {
		case kindCompareRefs:
			add(t.ref)
			add(t.other)
		case kindCompare, kindIn, kindNotIn, kindHas, kindPhrase, kindFulltext:
			add(t.ref)
		case kindCalc:
			t.left.visit(add)
			t.right.visit(add)
		default:
		}
		for _, kid := range t.terms {
			walk(kid)
		}
		walkStages(t.stages)
	}
	walkStages = func(stages []stage) {
		for i := range stages {
			s := &stages[i]
			switch {
			case s.kind == stageFilter:
				walk(s.term)
			case s.left != nil:
				s.left.visit(add)
				s.right.visit(add)
			case s.kind == stageSelect:
				for _, r := range s.refs {
					add(r)
				}
			case s.kind == stageBy, s.kind == stageAggregate && s.fn != aggregateCount:
				add(s.ref)
			}
		}
	}
	walk(q.root)
	walkStages(q.stages)
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
	s := &wireScalar{Value: v.text}
	if !besideField {
		s.Type = string(constantType(e))
	}
	return wireTerm{Scalar: s}
}

// fromConstant converts a constant; ok is false for anything else.
func fromConstant(e expression.Expression) (v literal, ok bool) {
	switch c := e.(type) {
	case *expression.AnyValue:
		return literal{text: c.Value}, true
	case *expression.StringValue:
		return literal{c.Value, true}, true
	case *expression.IntValue:
		return literal{text: strconv.FormatInt(c.Value, 10)}, true
	case *expression.DoubleValue:
		return literal{text: strconv.FormatFloat(c.Value, 'g', -1, 64)}, true
	case *expression.BoolValue:
		return literal{text: strconv.FormatBool(c.Value)}, true
	case *expression.DurationValue:
		return literal{text: writeDuration(c.Value)}, true
	case *expression.TimestampValue:
		return literal{text: formatTime(c.Value)}, true
	}
	return literal{}, false
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
