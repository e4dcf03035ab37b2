// Package judge gives the filters that tracefall asks servers to the validator that servers of 2026 run: the last version of
// jaeger-idl that has it. It is a module of its own, as tracefall is built with a later one.
//
// filters.jsonl is written by go test ./sources/query/ask -run TestFiltersForTheJudge -update.
package judge

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/jaegertracing/jaeger-idl/query/expression/v1"
)

// least is how many filters there must be at least, so that the test cannot pass without any.
const least = 2000

// TestFilters demands that no filter is refused.
func TestFilters(t *testing.T) {
	file, err := os.Open("filters.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	lines := bufio.NewScanner(file)
	n := 0
	for lines.Scan() {
		n++
		if err := judged(lines.Bytes()); err != nil {
			t.Errorf("filter %d is refused: %v\n%s", n, err, lines.Bytes())
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	if n < least {
		t.Errorf("%d filters, want at least %d", n, least)
	}
}

// TestRefusals shows that the validator refuses what it has to.
func TestRefusals(t *testing.T) {
	for _, filter := range []string{
		`{"op":"eq","args":[{"field":{"name":"duration","level":"span"}},{"scalar":{"value":"banana"}}]}`,
		`{"op":"in","args":[{"attr":{"key":"a"}},{"list":{"values":["1"]}}]}`,
		`{"op":"regex","args":[{"attr":{"key":"a"}},{"scalar":{"value":"^a"}}]}`,
		`{"op":"and","args":[{"call":{"op":"exists","args":[{"attr":{"key":"a"}}]}}]}`,
		`{"op":"exists","arguments":[{"attr":{"key":"a"}}]}`,
	} {
		if judged([]byte(filter)) == nil {
			t.Errorf("taken: %s", filter)
		}
	}
}

// judged reads a filter as a server does, and validates it.
func judged(line []byte) error {
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	var top wireCall
	if err := d.Decode(&top); err != nil {
		return err
	}
	call, err := top.call()
	if err != nil {
		return err
	}
	_, err = expression.Finalize(call)
	return err
}

// wireCall is jaeger.expression.v1.Call, and wireTerm its Expression, of which one field is set.
type wireCall struct {
	Op   expression.Operator `json:"op"`
	Args []wireTerm          `json:"args"`
}

type wireTerm struct {
	Attr *struct {
		Key   string           `json:"key"`
		Level expression.Level `json:"level"`
	} `json:"attr"`
	Field *struct {
		Name  string           `json:"name"`
		Level expression.Level `json:"level"`
	} `json:"field"`
	Nested *struct {
		Level expression.Level `json:"level"`
	} `json:"nested"`
	Scalar *struct {
		Value string               `json:"value"`
		Type  expression.ValueType `json:"type"`
	} `json:"scalar"`
	List *struct {
		Values []string             `json:"values"`
		Type   expression.ValueType `json:"type"`
	} `json:"list"`
	Call *wireCall `json:"call"`
}

func (c *wireCall) call() (*expression.Call, error) {
	call := &expression.Call{Op: c.Op}
	for _, arg := range c.Args {
		e, err := arg.expression()
		if err != nil {
			return nil, err
		}
		call.Args = append(call.Args, e)
	}
	return call, nil
}

func (w *wireTerm) expression() (expression.Expression, error) {
	switch {
	case w.Attr != nil:
		return &expression.AttributeRef{Key: w.Attr.Key, Level: w.Attr.Level}, nil
	case w.Field != nil:
		return &expression.FieldRef{Name: w.Field.Name, Level: w.Field.Level}, nil
	case w.Nested != nil:
		return &expression.NestedRef{Level: w.Nested.Level}, nil
	case w.Scalar != nil && w.Scalar.Type == "":
		return &expression.AnyValue{Value: w.Scalar.Value}, nil
	case w.Scalar != nil:
		return nil, fmt.Errorf("a constant of type %s, which some storages refuse", w.Scalar.Type)
	case w.List != nil:
		return &expression.List{Values: w.List.Values, Type: w.List.Type}, nil
	case w.Call != nil:
		return w.Call.call()
	}
	return nil, fmt.Errorf("a term without anything in it")
}
