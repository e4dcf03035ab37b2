package tracelist

import (
	"fmt"

	"tracefall/diagnose"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
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
	f := Findings{Set: set, Counts: diagnose.Counts{By: [...]int{rule.Info: 40, rule.Low: 2, rule.High: 19, rule.Critical: 12}, Traces: 146}}
	f.Worst = func(i int) *rule.Finding {
		t := set.Trace(i)
		switch {
		case t.Errors() > 0 && t.Duration() > 3*viewstest.Second:
			return &rule.Finding{
				Detector: "retry-storm", Title: fmt.Sprintf("retry storm ×%d", i%5+2), Severity: rule.Critical, Numbers: rule.Numbers{Avoidable: 48e8},
			}
		case t.Errors() > 0:
			return &rule.Finding{Detector: "bad-instance", Title: "payment-service fails on payment-service-5d9c7b6f4-x2x9p", Severity: rule.Low, File: true}
		case i%17 == 0:
			return &rule.Finding{Detector: "sequential-calls", Title: "sequential calls ×4", Severity: rule.Low, Numbers: rule.Numbers{Avoidable: 12e7}}
		}
		return nil
	}
	return f
}

// ungrouped returns a list of which every trace is a line, sorted by duration.
func ungrouped() *List {
	l := New()
	l.apart = true
	l.SortBy(ColumnDuration, true)
	return l
}

// derived adds what was derived of each trace, and where what was found is.
func derived(f Findings, service string) Findings {
	ops := facts.NewOps(f.Set)
	of := make([]*facts.Facts, f.Set.Len())
	for i := range of {
		of[i] = facts.New(f.Set.Trace(i), ops)
	}
	f.Facts = func(i int) *facts.Facts { return of[i] }
	worst := f.Worst
	f.Worst = func(i int) *rule.Finding {
		at := worst(i)
		if at != nil {
			at.WhereService = service
		}
		return at
	}
	return f
}
