package patterns

import (
	"regexp"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/semconv"
	"tracefall/sources/trace"
)

// perCall are attributes that differ from call to call whatever was asked for: where and when it ran, how it went, and ids
// that are made for each call.
var perCall = regexp.MustCompile(`(?i)(^|[._-])(threads?|thread_?id|pid|tid|goroutine|span|trace|parent|sampler|otel|otlp|telemetry|code|internal|exception|error|status|` +
	`dur(ation)?|elapsed|latency|took|start(ed)?|end(ed)?|time(stamp|out)?|_?ns|_?ms|busy_ns|idle_ns|seq(uence)?|index|attempts?|retr(y|ies)|count|size|length|bytes|rows|port|` +
	`sock(et)?|conn(ection)?|correlation|nonce|guid:x-request-id|etag|traceparent|tracestate|baggage)([._-]|$)|` +
	`(?i)(request|req|message|msg|correlation|connection|session|transaction|execution|operation|call|event)[._-]?(id|uuid)$|(?i)_(ns|ms|us|at|count|size|bytes|len)$`)

// Differing returns the attribute that tells calls of one operation apart where no convention says what they asked for:
// of the applications' own attributes the one with the most different values, of several the first by name; "" where none
// of them has different values.
func Differing(f *facts.Facts, spans []int) (key string, distinct int) {
	values := map[trace.Symbol]map[string]bool{}
	set := f.Trace.Set()
	for _, i := range spans {
		attrs := f.Trace.Span(i).Attrs()
		for n := range attrs.Len() {
			k, v := attrs.KeySymbol(n), attrs.Value(n)
			if f.Ops.Fields().Knows(k) || v.Type() != trace.TypeString && v.Type() != trace.TypeInt {
				continue
			}
			if values[k] == nil {
				values[k] = map[string]bool{}
			}
			values[k][v.String()] = true
		}
	}
	for k, seen := range values {
		name := set.Text(k)
		if len(seen) < 2 || len(seen) < distinct || len(seen) == distinct && name > key || perCall.MatchString(name) {
			continue
		}
		key, distinct = name, len(seen)
	}
	return key, distinct
}

// Hosts counts the calls by the host and port that they went to, as their spans name it; calls that name none are not
// counted.
func Hosts(f *facts.Facts, spans []int) map[string]int {
	hosts := map[string]int{}
	var c semconv.Canonical
	for _, i := range spans {
		f.Canonical(i, &c)
		if host := semconv.PeerAddress(&c); host != "" {
			if c.Has(semconv.PeerPort) {
				host += ":" + c.Text(semconv.PeerPort)
			}
			hosts[host]++
		}
	}
	return hosts
}
