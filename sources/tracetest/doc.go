// Package tracetest is a text notation for traces, for tests only, as net/http/httptest is for servers.
//
//	trace 4bf92f3577b34da6a3ce929d0e0e4736
//	gateway "POST /checkout" 0ms +5s kind=server http.response.status_code=503 error="no luck"
//	  payment "POST /charge" 10ms +1s kind=client resource.k8s.pod.name=pay-7
//	    event retry.attempt 15ms retry.count=5
//	    link 00000000000000000000000000000002 00000000000000b3
//	  payment "POST /charge" 1100ms +1s
//
// A line is a span: service, name (quoted where it holds spaces), start relative to the trace, duration, then
// key=value. Two spaces of indentation make a child. A line without a trace line before it belongs to trace 1.
// Values are integers, numbers with a point, true, false, or text; quotes ask for text. The keys kind, status,
// error (a status message; sets the status), id, parent, remote (whether the SDK says that the parent ran in another
// process), scope and resource.* set what they name instead of an attribute; repeat=50 writes the line and its
// children fifty times, one after another, with {i} replaced by the number of the copy. Everything behind // is a
// comment.
//
// Copy, Draft and Apart make traces from others: real ones with one known change. Linear tells work whose time grows with
// the square of its size.
//
// What belongs here: making traces for tests of other packages, and working with them. It is never imported by the program.
package tracetest
