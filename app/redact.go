package app

import (
	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
)

// redact masks the secrets in an attribute's value, e-mail addresses among them: an export goes to other people.
func redact(key string, value trace.Value) (string, bool) {
	switch value.Type() {
	case trace.TypeString, trace.TypeBytes, trace.TypeJSON:
		return facts.Mask(key, value.Text(), true)
	default:
		return "", false
	}
}
