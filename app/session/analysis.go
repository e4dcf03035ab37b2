package session

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"tracefall/diagnose"
	"tracefall/diagnose/rule"
	"tracefall/sources/query/eval"
	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// Analysis is what the detectors say of one set. They run when somebody first asks, once, and whoever asks meanwhile
// waits for them: findings on the screen and queries for findings share one report. It may be asked by several
// goroutines at once.
type Analysis struct {
	ctx context.Context
	Set *trace.Set
	Opt diagnose.Options
	end func() // called when the detectors are through; may be nil

	Watch atomic.Pointer[func(done, total int)] // told how many traces are done; may be nil

	once   sync.Once
	report *diagnose.Report
	err    error

	mark  sync.Once
	marks map[*trace.Trace][]eval.Mark
}

// NewAnalysis returns the analysis of a set; it stops when ctx is cancelled.
func NewAnalysis(ctx context.Context, set *trace.Set, opt diagnose.Options) *Analysis {
	return &Analysis{ctx: ctx, Set: set, Opt: opt}
}

// Report runs the detectors, once.
func (a *Analysis) Report() (*diagnose.Report, error) {
	a.once.Do(func() {
		a.report, a.err = Guard(func() (*diagnose.Report, error) { return diagnose.Run(a.ctx, a.Set, a.Opt) })
		if a.end != nil {
			a.end()
		}
	})
	return a.report, a.err
}

// marksOf returns which span of a trace is evidence of which detector's finding.
func (a *Analysis) marksOf(t *trace.Trace) ([]eval.Mark, error) {
	r, err := a.Report()
	if err != nil {
		return nil, err
	}
	a.mark.Do(func() { a.marks = marks(r) })
	return a.marks[t], nil
}

// marks collects the evidence of all findings by trace. A finding that absorbed those of other detectors is theirs
// as well.
func marks(r *diagnose.Report) map[*trace.Trace][]eval.Mark {
	all := map[*trace.Trace][]eval.Mark{}
	for i := range r.Findings {
		f := &r.Findings[i]
		for _, name := range append([]string{f.Detector}, f.Also...) {
			if f.Trace != nil {
				all[f.Trace] = append(all[f.Trace], eval.Mark{Span: f.Anchor, Detector: name})
			}
			for _, e := range f.Evidence {
				if f.File && e.Role == rule.RoleBaseline {
					continue // what the others are held against is well
				}
				all[e.Trace] = append(all[e.Trace], eval.Mark{Span: e.Span, Detector: name})
			}
		}
	}
	return all
}

// DetectorNames lists the detectors, in the order in which they are asked.
func DetectorNames() []string {
	var names []string
	for _, d := range diagnose.Detectors() {
		names = append(names, d.Name)
	}
	return names
}

// Analyse returns the analysis of a set for a command that prints. Its progress is shown where standard error is a
// terminal.
func (s *Settings) Analyse(ctx context.Context, set *trace.Set) *Analysis {
	show := newProgressLine(s.World.Stderr)
	a := NewAnalysis(ctx, set, diagnose.Options{
		Thresholds: s.Thresholds(),
		Progress: func(done, total int) {
			show.say(func() string {
				return fmt.Sprintf("diagnosing · %s of %s", draw.Count(done), draw.CountNoun(total, "trace", "traces"))
			})
		},
	})
	a.end = show.clear
	return a
}
