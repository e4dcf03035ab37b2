package app

import (
	"context"
	"io"
	"io/fs"
	"os"
	"time"

	"tracefall/app/session"
	"tracefall/sources"
	"tracefall/sources/trace"
	"tracefall/views/importreport"
	"tracefall/views/tracelist"
)

// everything is what loading came to in the end.
type everything struct {
	*sources.Result
	report importreport.LoadReport
	rows   *tracelist.Arrangement // of all traces
}

// openAll is session.OpenInputs with an account of how it went.
func openAll(ctx context.Context, inputs []string, stdin io.Reader, demo fs.FS, opt sources.Options) (everything, error) {
	start := time.Now()
	var e everything
	first := opt.First
	opt.First = func(set *trace.Set) {
		if e.report.First == 0 {
			e.report.First = time.Since(start)
		}
		first(set)
	}
	r, err := session.OpenInputs(ctx, inputs, stdin, demo, opt)
	if err != nil {
		return e, err
	}
	e.Result = r
	e.report.Took = time.Since(start)
	e.report.Inputs = inputReports(r)
	return e, nil
}

// inputReports counts what each input gave.
func inputReports(r *sources.Result) []importreport.InputReport {
	var reports []importreport.InputReport
	at := map[string]int{}
	for _, name := range r.Set.Inputs() {
		report := importreport.InputReport{Name: name}
		if info, err := os.Stat(name); err == nil {
			report.Bytes = info.Size()
		}
		at[name] = len(reports)
		reports = append(reports, report)
	}
	seen := make([]int, len(reports)) // the last trace that an input had a part of, from 1
	for i := range r.Set.Len() {
		t := r.Set.Trace(i)
		for k := t.First(); k < t.Len(); k++ {
			n, ok := at[t.Span(k).Input()]
			if !ok {
				continue
			}
			reports[n].Spans++
			if seen[n] != i+1 {
				seen[n] = i + 1
				reports[n].Traces++
			}
		}
	}
	for _, f := range r.Failures {
		reports = append(reports, importreport.InputReport{Name: f.Input, Failed: f.Problem})
	}
	return reports
}
