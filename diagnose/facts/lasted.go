package facts

import "tracefall/diagnose/units"

// Lasted writes a duration in nanoseconds as every sentence about a trace says it.
func Lasted(ns int64) string { return units.Lasted(ns) }
