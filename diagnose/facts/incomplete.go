package facts

import "tracefall/sources/trace"

// Incomplete reports whether spans of a trace are known to be missing in its middle: the backend said so, the input was cut off, or parents of
// some of its spans are not there. That the first span alone has a parent elsewhere leaves nothing out below it.
func Incomplete(t *trace.Trace) bool {
	q := t.Quality()
	return q.Incomplete() || q.Orphans > 0 && t.First() > 0
}
