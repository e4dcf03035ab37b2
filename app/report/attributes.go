package report

import (
	"encoding/json"
	"math"
	"strconv"

	"tracefall/app/session"
	"tracefall/sources/trace"
)

// attrsJSON writes attributes as one object of key to typed value, in the order of the export. Of a key that
// repeats the first counts.
type attrsJSON struct {
	attrs trace.Attrs
	mask  session.Masking
	front object // what is not "" of it comes first: a scope's name and version, under OpenTelemetry's names
}

// MarshalJSON writes the object.
func (a attrsJSON) MarshalJSON() ([]byte, error) {
	var all object
	seen := map[string]bool{}
	for _, f := range a.front {
		if f.value != "" {
			seen[f.name] = true
			all = append(all, f)
		}
	}
	for key, value := range a.attrs.All() {
		if !seen[key] {
			seen[key] = true
			all = append(all, field{a.mask.Text(key), valueJSON(key, value, a.mask)})
		}
	}
	return all.MarshalJSON()
}

// valueJSON is a value as it is written, its secrets masked: integers as strings as in OTLP, bytes in base64, arrays and
// maps as they are.
func valueJSON(key string, v trace.Value, mask session.Masking) any {
	switch v.Type() {
	case trace.TypeNone:
		return nil
	case trace.TypeBool:
		return v.Bool()
	case trace.TypeInt:
		return mask.Value(key, strconv.FormatInt(v.Int(), 10))
	case trace.TypeFloat:
		f, text := v.Float(), v.String()
		switch {
		case math.IsNaN(f) || math.IsInf(f, 0):
			return text
		case mask.Value(key, text) == text:
			return f
		}
	case trace.TypeJSON:
		if text := json.RawMessage(mask.Value(key, v.Text())); json.Valid(text) {
			return text
		}
	case trace.TypeString, trace.TypeBytes:
	}
	return mask.Value(key, v.String())
}
