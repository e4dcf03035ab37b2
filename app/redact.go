package app

import (
	"fmt"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// redact masks an attribute that looks like a secret: it leaves the sort and the length.
func redact(key string, value trace.Value) (string, bool) {
	switch value.Type() {
	case trace.TypeString, trace.TypeBytes, trace.TypeJSON:
	default:
		return "", false
	}
	text := value.Text()
	sort, ok := facts.Secret(key, text)
	if !ok {
		return "", false
	}
	return fmt.Sprintf("[redacted: %s, %s]", sort, draw.Bytes(int64(len(text)))), true
}
