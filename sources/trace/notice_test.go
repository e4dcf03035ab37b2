package trace_test

import (
	"testing"

	"tracefall/sources/trace"
)

func TestNoticesSetThousandsApart(t *testing.T) {
	b := trace.NewBuilder()
	for i := range 1200 {
		b.Add(&trace.RawSpan{Trace: trace.TraceID{Lo: uint64(i + 1)}, ID: trace.SpanID{N: 1}, Parent: trace.SpanID{N: 2}, Start: 1e18, Duration: 1})
	}
	notices := b.Build().Notices()
	if len(notices) != 1 || notices[0].Message != "1,200 orphan spans (parent not in file)" {
		t.Errorf("the notices are %q", notices)
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 100000: "100,000", 1234567: "1,234,567"} {
		if got := trace.Grouped(n); got != want {
			t.Errorf("%d is written %q, want %q", n, got, want)
		}
	}
}
