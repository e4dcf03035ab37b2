package query

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"
)

// Explain says in lines how the query is read: its canonical text, under which other names attributes are read, what
// Jaeger's structured filter cannot say, and last, since it is long, the filter for the rest.
func (q *Query) Explain() string {
	var b strings.Builder
	filter, rest := q.AST()
	if rest != nil {
		fmt.Fprintf(&b, "here    %s\n", rest)
	}
	if filter == nil {
		b.WriteString("filter  none\n")
	} else {
		fmt.Fprintf(&b, "filter  %s\n", bytes.ReplaceAll(FilterJSON(filter), []byte("\n"), []byte("\n        ")))
	}
	read, names := q.Reading()
	return read + names + b.String()
}

// Reading says how the query is read: its canonical text, and in lines of their own the other names of its attributes.
func (q *Query) Reading() (read, names string) {
	text := q.String()
	if text == "" {
		text = "(every span)"
	}
	var b strings.Builder
	for _, r := range q.refs() {
		if r.severalNames() {
			fmt.Fprintf(&b, "names   %s is read as %s too, and asked for under each\n", r.Key, strings.Join(SameNames(r.Key), ", "))
		}
	}
	return "query   " + text + "\n", b.String()
}

// FilterJSON encodes a filter that AST gave as Jaeger's query API takes it: the protobuf JSON of
// jaeger.expression.v1.Call, indented. nil for what is no call.
func FilterJSON(filter expression.Expression) []byte {
	top := wire(filter)
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
	Attr   *wireOperand `json:"attr,omitempty"`
	Field  *wireOperand `json:"field,omitempty"`
	Nested *wireOperand `json:"nested,omitempty"`
	Scalar *wireOperand `json:"scalar,omitempty"`
	List   *wireOperand `json:"list,omitempty"`
	Call   *wireCall    `json:"call,omitempty"`
}

// wireOperand is what is no call, with those fields that its sort has. A filter that AST gave has no types: beside a
// field the field declares it, beside an attribute only storage knows it.
type wireOperand struct {
	Key    *string          `json:"key,omitempty"`
	Name   string           `json:"name,omitempty"`
	Value  *string          `json:"value,omitempty"`
	Values []string         `json:"values,omitempty"`
	Level  expression.Level `json:"level,omitempty"`
}

type wireCall struct {
	Op   expression.Operator `json:"op"`
	Args []wireTerm          `json:"args"`
}

// wire converts a node.
func wire(e expression.Expression) wireTerm {
	scalar := func(text string) wireTerm { return wireTerm{Scalar: &wireOperand{Value: &text}} }
	switch n := e.(type) {
	case *expression.AttributeRef:
		return wireTerm{Attr: &wireOperand{Key: &n.Key, Level: n.Level}}
	case *expression.FieldRef:
		return wireTerm{Field: &wireOperand{Name: n.Name, Level: n.Level}}
	case *expression.NestedRef:
		return wireTerm{Nested: &wireOperand{Level: n.Level}}
	case *expression.List:
		return wireTerm{List: &wireOperand{Values: n.Values}}
	case *expression.AnyValue:
		return scalar(n.Value)
	case *expression.StringValue:
		return scalar(n.Value)
	case *expression.DurationValue:
		return scalar(WriteDuration(n.Value))
	case *expression.TimestampValue:
		return scalar(formatTime(n.Value))
	case *expression.Call:
		c := &wireCall{Op: n.Op, Args: make([]wireTerm, len(n.Args))}
		for i, arg := range n.Args {
			c.Args[i] = wire(arg)
		}
		return wireTerm{Call: c}
	}
	return wireTerm{}
}
