package diagnose

import (
	"context"
	"testing"

	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// TestYearsOfSeveralFiles opens files of different years together: only what is of another year than its own file
// is odd.
func TestYearsOfSeveralFiles(t *testing.T) {
	const year = 366 * 24 * 3600 * int64(1e9)
	set := tracetest.Set(t, "cart \"GET /cart\" 0ms +20ms kind=server\n  cart work 1ms +5ms\n")
	b := trace.NewBuilder()
	add := func(input string, id uint64, by int64) {
		b.Input(input)
		each(set, func(sp trace.Span) {
			var raw trace.RawSpan
			tracetest.Copy(b, sp, &raw)
			raw.Trace = trace.TraceID{Lo: id}
			later(by)(&raw)
			b.Add(&raw)
		})
	}
	add("new", 1, 0)
	add("old", 2, -3*year)
	add("old", 3, -3*year)
	add("old", 4, 0) // among the others of its file
	r, err := Run(context.Background(), b.Build(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Findings {
		switch f := &r.Findings[i]; {
		case f.Detector != "clock-skew":
		case f.Title != "timestamps a year off" || f.Numbers.Count != 2 || f.Trace.ID().Lo != 4:
			t.Errorf("found %s", describe(f))
		default:
			return
		}
	}
	t.Errorf("the trace of another year is not told:\n%s", describeAll(r))
}
