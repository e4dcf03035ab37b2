package tracelist

import (
	"fmt"

	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/viewstest"
)

// filterOf is the answer to a query: every step-th trace, with k%3+1 matching spans.
func filterOf(set *trace.Set, step int) *Filter {
	f := &Filter{Set: set}
	for i := 0; i < set.Len(); i += step {
		f.Traces = append(f.Traces, i)
		f.Spans = append(f.Spans, i%3+1)
	}
	return f
}

// findingsOf invents findings for the traces with errors.
func findingsOf(set *trace.Set) Findings {
	f := Findings{Set: set, Critical: 3, Total: 37}
	f.Of = func(i int) TraceFinding {
		t := set.Trace(i)
		switch {
		case t.Errors() > 0 && t.Duration() > 3*viewstest.Second:
			return TraceFinding{Text: fmt.Sprintf("retry storm ×%d", i%5+2), Cost: "4.8 s", Level: views.LevelCritical, Weight: 48e8}
		case t.Errors() > 0:
			return TraceFinding{Text: "payment-service fails on payment-service-5d9c7b6f4-x2x9p", Level: views.LevelWarning}
		case i%17 == 0:
			return TraceFinding{Text: "sequential calls ×4", Cost: "120 ms", Level: views.LevelInfo, Weight: 12e7}
		}
		return TraceFinding{}
	}
	return f
}
