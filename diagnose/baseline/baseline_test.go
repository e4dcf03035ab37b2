package baseline_test

import (
	"testing"

	"tracefall/diagnose/baseline"
	"tracefall/diagnose/factstest"
	"tracefall/diagnose/stats"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

func TestBaseline(t *testing.T) {
	set := tracetest.Set(t, `
trace 1
api "GET /a" 0ms +100ms kind=server
  api "GET" 10ms +50ms kind=client http.request.method=GET url.full=http://b.internal/x
    b "GET /x" 20ms +30ms kind=server
trace 2
api "GET /a" 0ms +300ms kind=server
  api "GET" 10ms +70ms kind=client http.request.method=GET url.full=http://b.internal/x
    b "GET /x" 20ms +30ms kind=server
trace 3
api "GET /a" 0ms +9s kind=server status=error
  api "GET" 10ms +60ms kind=client http.request.method=GET url.full=http://b.internal/x
    b "GET /x" 1h +30ms kind=server // its clock is an hour ahead: durations do not mind
`)
	all := factstest.Of(set)
	b := baseline.New(all)
	if got, want := b.Op(all[0].OpNumber(0)), (baseline.Typical{2, 100_000_000, 300_000_000}); got != want {
		t.Errorf("GET /a: %+v, want %+v, the failed one left out", got, want)
	}
	call, server := set.Trace(0).Span(1), set.Trace(0).Span(2)
	if got, want := b.Gap(call, server), (baseline.Typical{3, 30_000_000, 40_000_000}); got != want {
		t.Errorf("gap: %+v, want %+v", got, want)
	}
	if got := b.Gap(server, call); got != (baseline.Typical{}) {
		t.Errorf("gap the other way: %+v, want none", got)
	}
}

// A gap is a difference of two durations, each of one clock: how far the clocks are apart does not matter.
func TestGapOfSkewedHost(t *testing.T) {
	for _, start := range []string{"5ms", "5s", "-5s"} {
		f := factstest.Of(tracetest.Set(t, `
api "GET" 0ms +50ms kind=client http.request.method=GET url.full=http://b.internal/x
  b "GET /x" `+start+` +20ms kind=server
`))[0]
		call := 0
		if f.Trace.Span(call).Kind() != trace.KindClient {
			t.Fatal("the call is not the first span")
		}
		if gap, _, ok := baseline.Gap(f, call); !ok || gap != 30_000_000 {
			t.Errorf("server at %s: gap %d, %v", start, gap, ok)
		}
	}
}

func TestGapOfRetriedCall(t *testing.T) {
	f := factstest.Of(tracetest.Set(t, `
api "GET" 0ms +50ms kind=client http.request.method=GET url.full=http://b.internal/x
  api "GET" 0ms +10ms kind=client http.request.method=GET url.full=http://b.internal/x
    b "GET /x" 1ms +9ms kind=server
  api "GET" 20ms +30ms kind=client http.request.method=GET url.full=http://b.internal/x
    b "GET /x" 21ms +25ms kind=server
`))[0]
	if _, _, ok := baseline.Gap(f, 0); ok {
		t.Error("a call of two tries has a gap")
	}
	if gap, server, ok := baseline.Gap(f, 3); !ok || gap != 5_000_000 || server != 4 {
		t.Errorf("second try: gap %d, server %d, %v", gap, server, ok)
	}
}

func TestPercentile(t *testing.T) {
	list := []int64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	for _, c := range []struct {
		percent int
		want    int64
	}{{0, 1}, {50, 5}, {95, 10}, {90, 9}, {100, 10}} {
		if got := stats.Percentile(list, c.percent); got != c.want {
			t.Errorf("%d %%: %d, want %d", c.percent, got, c.want)
		}
	}
	if stats.Percentile([]int64(nil), 50) != 0 {
		t.Error("of nothing")
	}
}

func TestCriticalTimeOfSubtrees(t *testing.T) {
	f := factstest.Of(tracetest.Set(t, `
api a 0ms +100ms
  api b 10ms +50ms
    api c 20ms +30ms
  api d 70ms +20ms
`))[0]
	for i, want := range []int64{100, 50, 30, 20} {
		if got := f.CriticalTime(i); got != want*1_000_000 {
			t.Errorf("span %d: %d ns, want %d ms", i, got, want)
		}
	}
}
