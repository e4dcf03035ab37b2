package report

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"

	"tracefall/app/session"
	"tracefall/sources/trace"
)

// attrsJSON writes attributes as one object of key to typed value, in the order of the export. Of a key that
// repeats the first counts. A scope's name and version are in front, under OpenTelemetry's names.
type attrsJSON struct {
	attrs         trace.Attrs
	mask          session.Masking
	name, version string
}

// MarshalJSON writes the object.
func (a attrsJSON) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	seen := map[string]bool{}
	field := func(key string, value []byte) error {
		if seen[key] {
			return nil
		}
		seen[key] = true
		if len(seen) > 1 {
			b.WriteByte(',')
		}
		name, err := marshal(a.mask.Text(key))
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
		return err
	}
	b.WriteByte('{')
	for _, own := range [][2]string{{"otel.scope.name", a.name}, {"otel.scope.version", a.version}} {
		if own[1] == "" {
			continue
		}
		text, err := marshal(own[1])
		if err != nil {
			return nil, err
		}
		if err := field(own[0], text); err != nil {
			return nil, err
		}
	}
	for key, value := range a.attrs.All() {
		text, err := valueJSON(key, value, a.mask)
		if err != nil {
			return nil, err
		}
		if err := field(key, text); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// valueJSON writes a value, its secrets masked: integers as strings as in OTLP, bytes in base64, arrays and maps as
// they are.
func valueJSON(key string, v trace.Value, mask session.Masking) ([]byte, error) {
	switch v.Type() {
	case trace.TypeNone:
		return []byte("null"), nil
	case trace.TypeBool:
		return marshal(v.Bool())
	case trace.TypeInt:
		return marshal(mask.Value(key, strconv.FormatInt(v.Int(), 10)))
	case trace.TypeFloat:
		if f := v.Float(); math.IsNaN(f) || math.IsInf(f, 0) {
			return marshal(v.String())
		}
		if text := v.String(); mask.Value(key, text) != text {
			return marshal(mask.Value(key, text))
		}
		return marshal(v.Float())
	case trace.TypeJSON:
		if text := []byte(mask.Value(key, v.Text())); json.Valid(text) {
			return text, nil
		}
	case trace.TypeString, trace.TypeBytes:
	}
	return marshal(mask.Value(key, v.String()))
}

// marshal is json.Marshal without escapes for HTML.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
