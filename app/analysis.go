package app

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"tracefall/diagnose"
	"tracefall/sources/query/eval"
	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// analysis is what the detectors say of one set. They run when somebody first asks, once, and whoever asks meanwhile
// waits for them: findings on the screen and queries for findings share one report. It may be asked by several
// goroutines at once.
type analysis struct {
	ctx context.Context
	set *trace.Set
	opt diagnose.Options
	end func() // called when the detectors are through; may be nil

	watch atomic.Pointer[func(done, total int)] // told how many traces are done; may be nil

	once   sync.Once
	report *diagnose.Report
	err    error

	mark  sync.Once
	marks map[*trace.Trace][]eval.Mark
}

// newAnalysis returns the analysis of a set; it stops when ctx is cancelled.
func newAnalysis(ctx context.Context, set *trace.Set, opt diagnose.Options) *analysis {
	return &analysis{ctx: ctx, set: set, opt: opt}
}

// Report runs the detectors, once.
func (a *analysis) Report() (*diagnose.Report, error) {
	a.once.Do(func() {
		a.report, a.err = guarded(func() (*diagnose.Report, error) { return diagnose.Run(a.ctx, a.set, a.opt) })
		if a.end != nil {
			a.end()
		}
	})
	return a.report, a.err
}

// marksOf returns which span of a trace is evidence of which detector's finding.
func (a *analysis) marksOf(t *trace.Trace) ([]eval.Mark, error) {
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
				all[e.Trace] = append(all[e.Trace], eval.Mark{Span: e.Span, Detector: name})
			}
		}
	}
	return all
}

// detectorNames lists the detectors, in the order in which they are asked.
func detectorNames() []string {
	var names []string
	for _, d := range diagnose.Detectors() {
		names = append(names, d.Name)
	}
	return names
}

// analyse returns the analysis of a set for a command that prints. Its progress is shown where standard error is a
// terminal.
func (s *Settings) analyse(ctx context.Context, set *trace.Set) *analysis {
	show := newProgressLine(s.world.Stderr)
	a := newAnalysis(ctx, set, diagnose.Options{
		Thresholds: s.thresholds(),
		Progress: func(done, total int) {
			show.say(func() string {
				return fmt.Sprintf("diagnosing · %s of %s", draw.Count(done), draw.CountNoun(total, "trace", "traces"))
			})
		},
	})
	a.end = show.clear
	return a
}

// analysisOf returns the analysis of a set for the explorer: the same one as long as the set is the same. That of
// an older set is given up.
func (m *model) analysisOf(set *trace.Set) *analysis {
	if m.analysis == nil || m.analysis.set != set {
		if m.giveUp != nil {
			m.giveUp()
		}
		ctx, cancel := context.WithCancel(m.ctx)
		m.giveUp = cancel
		a := newAnalysis(ctx, set, diagnose.Options{Thresholds: m.opt.thresholds()})
		a.opt.Progress = func(done, total int) {
			if watch := a.watch.Load(); watch != nil {
				(*watch)(done, total)
			}
		}
		m.analysis = a
	}
	return m.analysis
}
