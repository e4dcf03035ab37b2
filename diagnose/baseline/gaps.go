package baseline

import (
	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
)

// Gap returns by how many nanoseconds the call of client span i lasted longer than the span that served it, and
// that span. Each duration is measured by one clock, so clocks that are apart change nothing:
//
//	caller  |----------------------|
//	server            |------|         gap = 22 − 6, wherever the server's clock puts it
//
// ok is false where the trace has no serving span, where the call was tried more than once, and where the server
// lasted longer.
func Gap(f *facts.Facts, i int) (gap int64, server int, ok bool) {
	server = f.Server(i)
	if server < 0 {
		return 0, -1, false
	}
	tries := 0
	for c := range f.Children(i) {
		if f.Class(c).Remote() || f.Kind(c) == trace.KindServer {
			tries++
		}
	}
	gap = f.Trace.Span(i).Duration() - f.Trace.Span(server).Duration()
	return gap, server, tries <= 1 && gap >= 0
}
