package patterns_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
	"tracefall/diagnose/failure"
	"tracefall/diagnose/patterns"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

func TestChains(t *testing.T) {
	const call = "kind=client http.request.method=POST"
	tests := []struct {
		name, text, want string // names of the attempts, "v" for equal values, "m" for marked; chains apart by "; "
	}{
		{"three fail, then one works", `
			api root 0ms +1s
			  api a 10ms +10ms error=no
			  api a 30ms +10ms error=no
			  api a 50ms +10ms`, "1 2 3"},
		{"one that works ends the chain", `
			api root 0ms +1s
			  api a 10ms +10ms error=no
			  api a 30ms +10ms
			  api a 50ms +10ms error=no
			  api a 70ms +10ms error=no`, "1 2; 3 4"},
		{"other values are other things", `
			api root 0ms +1s
			  api "POST" 10ms +10ms error=no ` + call + ` url.full="http://x/items/1"
			  api "POST" 30ms +10ms error=no ` + call + ` url.full="http://x/items/2"
			  api "POST" 50ms +10ms error=no ` + call + ` url.full="http://x/items/2"`, "2 3 v"},
		{"wrappers named after the attempt", `
			api root 0ms +1s
			  api "Attempt 1" 10ms +12ms
			    api "POST" 11ms +10ms error=no ` + call + ` url.full="http://x/items/1"
			  api "Attempt 2" 30ms +12ms
			    api "POST" 31ms +10ms ` + call + ` url.full="http://x/items/1"`, "1 3 vm"},
		{"overlapping calls are hedged", `
			api root 0ms +1s
			  api a 10ms +100ms error=no
			  api a 60ms +100ms error=no`, ""},
		{"a challenge is not a failure", `
			api root 0ms +1s
			  api "GET" 10ms +10ms error=no kind=client http.response.status_code=401
			  api "GET" 30ms +10ms kind=client http.response.status_code=200`, ""},
		{"events of the parent mark", `
			api root 0ms +1s
			  event retry.attempt 25ms retry.count=1 retry.delay="5ms"
			  api a 10ms +10ms error=no
			  api a 30ms +10ms`, "1 2 m"},
		{"a parent named after retries marks", `
			api root 0ms +1s
			  api "retry charge" 1ms +900ms
			    api a 10ms +10ms error=no
			    api a 30ms +10ms`, "2 3 m"},
		{"numbers mark", `
			api root 0ms +1s
			  api a 10ms +10ms error=no retry.count=0
			  api a 30ms +10ms retry.count=1`, "1 2 m"},
		{"too late", `
			api root 0ms +100s
			  api a 10ms +10ms error=no
			  api a 61s +10ms`, ""},
	}
	for _, test := range tests {
		var list []string
		for _, c := range patterns.Chains(factstest.One(t, test.text)) {
			text := strings.Trim(fmt.Sprint(c.Spans), "[]")
			if marks := map[bool]string{true: "v"}[c.Visible] + map[bool]string{true: "m"}[c.Marked]; marks != "" {
				text += " " + marks
			}
			list = append(list, text)
		}
		if got := strings.Join(list, "; "); got != test.want {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
	}
}

func TestRetries(t *testing.T) {
	f := factstest.One(t, `
		api root 0ms +1s
		  event retry.attempt 25ms retry.count=1 retry.delay="5ms"
		  event retry.attempt 35ms retry.count=2 retry.delay_ms=250
		  event retry.attempt 45ms retry.count=3 retry.backoff_seconds=2
		  event fetch 45ms count=9`)
	if got, want := patterns.RetriesOf(f, 0), (patterns.Retries{3, 3, int64(2 * time.Second), true}); got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestReason(t *testing.T) {
	tests := []struct{ line, reason, message string }{
		{`api a 0ms +1s kind=client http.response.status_code=503 error="no \x1b[31m luck"`, "503", "no [31m luck"},
		{`api a 0ms +1s kind=client rpc.system=grpc rpc.grpc.status_code=14`, "UNAVAILABLE", ""},
		{`api a 0ms +1s error.type=ETIMEDOUT error="connect ETIMEDOUT 10.0.0.1:80"`, "ETIMEDOUT", "connect ETIMEDOUT 10.0.0.1:80"},
		{`api a 0ms +1s error="request timed out"`, "timeout", "request timed out"},
		{`api a 0ms +1s error="it broke"`, "error", "it broke"},
		{`api a 0ms +1s`, "", ""},
	}
	for _, test := range tests {
		f := factstest.One(t, test.line)
		if reason, message := failure.Reason(f, 0), failure.Message(f, 0); reason != test.reason || message != test.message {
			t.Errorf("%s: got %q, %q", test.line, reason, message)
		}
	}
}

func TestChainsOfDeepAndWideTraces(t *testing.T) {
	const n = 100_000
	for name, parent := range map[string]func(int) uint64{
		"deep": func(i int) uint64 { return uint64(i) },
		"wide": func(i int) uint64 { return uint64(min(i, 1)) },
	} {
		f := failing(n, parent)
		spans := 0
		for _, c := range patterns.Chains(f) {
			spans += len(c.Spans)
		}
		if want := map[string]int{"wide": n - 1}[name]; spans != want {
			t.Errorf("%s: %d attempts, want %d", name, spans, want)
		}
	}
}

// failing builds n failing spans; the first is the root, of the others parent tells whose child each is: 1 is the
// root.
func failing(n int, parent func(i int) uint64) *facts.Facts {
	b := trace.NewBuilder()
	origin := b.Origin(b.Resource(nil, 0), 0)
	name := b.Symbol([]byte("call"))
	for i := range n {
		raw := trace.RawSpan{Trace: trace.TraceID{Lo: 1}, ID: trace.SpanID{N: uint64(i + 1)}, Origin: origin, Name: name, Status: trace.StatusError}
		raw.Parent.N = parent(i)
		raw.Start, raw.Duration = tracetest.Epoch+int64(i)*1000, 1000
		if i == 0 {
			raw.Duration = int64(n) * 1000
		}
		b.Add(&raw)
	}
	set := b.Build()
	return factstest.Of(set)[0]
}
