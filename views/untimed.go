package views

import (
	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// unknown stands for a time or a duration that the input does not have.
const unknown = "unknown"

// TraceDuration writes how long a trace took, or that it is not known.
func TraceDuration(t *trace.Trace) string {
	if t.Untimed() {
		return unknown
	}
	return draw.Duration(t.Duration())
}

// spanDuration writes how long a span took: at least so long where it has no end, or that it is not known.
func spanDuration(s trace.Span) string {
	switch {
	case s.Untimed():
		return unknown
	case s.Has(trace.FlagUnfinished):
		return "≥ " + draw.Duration(s.Duration())
	}
	return draw.Duration(s.Duration())
}

// alignedDuration is TraceDuration for a column, with decimals aligned.
func alignedDuration(t *trace.Trace) string {
	if t.Untimed() {
		return unknown
	}
	return draw.DurationFixed(t.Duration())
}
