package app

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"tracefall/sources"
	"tracefall/sources/trace"
	"tracefall/views/importreport"
)

// openInputs opens what was named, or the demo incidents where nothing was.
func openInputs(ctx context.Context, inputs []string, stdin io.Reader, demo fs.FS, opt sources.Options) (*sources.Result, error) {
	opt.Stdin = stdin
	if len(inputs) > 0 {
		return sources.Open(ctx, inputs, opt)
	}
	all, err := demoReader(demo)
	if err != nil {
		return nil, fmt.Errorf("the built-in demo: %w", err)
	}
	opt.Stdin, opt.StdinName = all, demoName
	return sources.Open(ctx, []string{"-"}, opt)
}

// shownInputs says what is being opened, before anything is known of it.
func shownInputs(inputs []string) []string {
	if len(inputs) == 0 {
		return []string{demoName}
	}
	shown := slices.Clone(inputs)
	for i, name := range shown {
		if name == "-" {
			shown[i] = "standard input"
		}
	}
	return shown
}

// demoName is what the built-in incidents are called on the screen.
const demoName = "built-in demo"

// everything is what loading came to in the end.
type everything struct {
	*sources.Result
	report importreport.LoadReport
}

// openAll is openInputs with an account of how it went.
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
	r, err := openInputs(ctx, inputs, stdin, demo, opt)
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
