package diagnose

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"

	"tracefall/diagnose/baseline"
	"tracefall/diagnose/clocks"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/rules/recording"
	"tracefall/diagnose/rules/repetition"
	"tracefall/sources/trace"
)

// Report holds the findings of all detectors in a set of traces. It does not change once made.
type Report struct {
	Set        *trace.Set
	Findings   []rule.Finding // ranked
	BlindSpots []rule.BlindSpot
	Notices    []trace.Notice // detectors that failed
	byTrace    map[*trace.Trace][]int
	counts     Counts
	secret     map[*trace.Trace]bool // those with secrets
	worst      []int32               // by place of the trace: its gravest finding, -1 for none
	facts      []*facts.Facts        // by place of the trace
	factsOf    map[*trace.Trace]*facts.Facts
	clocks     *clocks.Clocks
}

// Of returns the findings about one trace, ranked; findings about the file that rest on it are among them.
func (r *Report) Of(t *trace.Trace) []*rule.Finding {
	list := make([]*rule.Finding, 0, len(r.byTrace[t]))
	for _, n := range r.byTrace[t] {
		list = append(list, &r.Findings[n])
	}
	return list
}

// Worst returns the gravest finding of a trace of the set, by its place there: of the highest severity the one that is
// ranked first. It is nil where there is nothing but information.
func (r *Report) Worst(i int) *rule.Finding {
	if n := r.worst[i]; n >= 0 {
		return &r.Findings[n]
	}
	return nil
}

// SharedWith returns what names the finding that another trace has in common with a bad one, "" for none: the same one about
// the file, or an equal one of its own. What is only information is no finding here.
func (r *Report) SharedWith(bad *trace.Trace) func(t *trace.Trace) string {
	type same struct{ detector, fingerprint string }
	of := map[same]bool{}
	grave := func(n int) (*rule.Finding, same) {
		f := &r.Findings[n]
		if f.File {
			return f, same{detector: fmt.Sprint(n)}
		}
		return f, same{f.Detector, f.Fingerprint}
	}
	for _, n := range r.byTrace[bad] {
		if f, key := grave(n); f.Severity > rule.Info {
			of[key] = true
		}
	}
	return func(t *trace.Trace) string {
		for _, n := range r.byTrace[t] {
			if f, key := grave(n); f.Severity > rule.Info && of[key] {
				return f.Detector
			}
		}
		return ""
	}
}

// Options configure a run.
type Options struct {
	Thresholds rule.Thresholds       // nil for the defaults
	Progress   func(done, total int) // called now and then with the number of traces; may be nil
}

// NoticeDetector is the kind of notice for a detector that failed.
const NoticeDetector trace.NoticeKind = "detector-failed"

// Run derives the facts of every trace and runs every detector. It stops with the context's error when that is
// cancelled. The same set gives the same report.
func Run(ctx context.Context, set *trace.Set, opt Options) (*Report, error) {
	r := &Report{Set: set, byTrace: map[*trace.Trace][]int{}}
	ops := facts.NewOps(set)
	all := make([]*facts.Facts, set.Len())
	for i := range all {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		all[i] = facts.New(set.Trace(i), ops)
		if opt.Progress != nil && i%64 == 0 {
			opt.Progress(i/2, len(all)) // the facts are the first half of the work
		}
	}
	r.facts = all
	r.clocks = ops.Clocks()
	around := survey(all, r.clocks, opt.Thresholds)
	r.factsOf = around.FactsOf
	if err := r.judgeAll(ctx, around, opt.Progress); err != nil {
		return nil, err
	}
	for _, d := range Detectors() {
		if d.File == nil {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		r.Notices = append(r.Notices, guard(d, "the file", func() {
			d.File(rule.NewFilePass(d, set, all, around, func(f rule.Finding, total int64) {
				grade(&f, total)
				r.Findings = append(r.Findings, f)
			}))
		})...)
	}
	r.BlindSpots = recording.BlindSpotsOf(all, set, around)
	r.Findings = absorb(r.Findings)
	rank(r.Findings)
	r.index()
	return r, nil
}

// survey reads all traces of a file.
func survey(all []*facts.Facts, clocks *clocks.Clocks, th rule.Thresholds) *rule.Around {
	if th == nil {
		th = DefaultThresholds()
	}
	factsOf := make(map[*trace.Trace]*facts.Facts, len(all))
	for _, f := range all {
		factsOf[f.Trace] = f
	}
	return &rule.Around{
		Detectors: Detectors(), FactsOf: factsOf, Thresholds: th, Clocks: clocks, Baseline: baseline.New(all),
		Retried: baseline.NewRetryRates(all, rule.ThresholdsOf[repetition.RetryStormThresholds](th).Attempts), Reach: baseline.NewReach(all), Steps: baseline.NewSteps(all),
	}
}

// task is a trace, detectors to run on it, and what they found.
type task struct {
	facts     *facts.Facts
	detectors []*rule.Detector
	findings  []rule.Finding
	notices   []trace.Notice
}

// judgeAll runs the detectors of single traces on each trace, on all processors: facts do not change any more, and every
// answer has its own place, so that the report does not depend on which is first.
func (r *Report) judgeAll(ctx context.Context, around *rule.Around, progress func(done, total int)) error {
	list := r.tasks()
	var next atomic.Int64
	var workers sync.WaitGroup
	for w := range runtime.GOMAXPROCS(0) {
		workers.Go(func() {
			defer debug.SetPanicOnFault(debug.SetPanicOnFault(true)) // values may lie in a file that is cut short
			for ctx.Err() == nil {
				i := int(next.Add(1)) - 1
				if i >= len(list) {
					return
				}
				list[i].run(around)
				if w == 0 && progress != nil {
					done := len(r.facts) * (i + 1) / len(list)
					progress((len(r.facts)+done)/2, len(r.facts)) // the second half of the work
				}
			}
		})
	}
	workers.Wait()
	for len(list) > 0 {
		var of []rule.Finding // one trace
		f := list[0].facts
		for ; len(list) > 0 && list[0].facts == f; list = list[1:] {
			of = append(of, list[0].findings...)
			r.Notices = append(r.Notices, list[0].notices...)
		}
		r.Findings = append(r.Findings, subsume(of)...)
	}
	return ctx.Err()
}

// tasks divides the work: all detectors in turn on a small trace, each on its own on a large one, so that one
// large trace keeps all processors busy.
func (r *Report) tasks() []task {
	const large = 10_000 // spans
	detectors := slices.DeleteFunc(Detectors(), func(d *rule.Detector) bool { return d.Trace == nil })
	list := make([]task, 0, len(r.facts))
	for _, f := range r.facts {
		if f.Trace.Len() < large {
			list = append(list, task{facts: f, detectors: detectors})
			continue
		}
		for n := range detectors {
			list = append(list, task{facts: f, detectors: detectors[n : n+1]})
		}
	}
	return list
}

// run runs the detectors.
func (t *task) run(around *rule.Around) {
	for _, d := range t.detectors {
		t.notices = append(t.notices, guard(d, "trace "+t.facts.Trace.ID().String(), func() {
			d.Trace(rule.NewPass(d, t.facts, around, func(f rule.Finding) {
				grade(&f, t.facts.Total())
				t.findings = append(t.findings, f)
			}))
		})...)
	}
}

// guard runs a detector; a panic in it costs its findings, not the report.
func guard(d *rule.Detector, where string, run func()) (notices []trace.Notice) {
	defer func() {
		if p := recover(); p != nil {
			notices = []trace.Notice{{
				Kind: NoticeDetector, Count: 1,
				Message: fmt.Sprintf("detector %s failed on %s: %v", d.Name, where, p),
			}}
		}
	}()
	run()
	return nil
}

func (r *Report) index() {
	r.secret = map[*trace.Trace]bool{}
	for n := range r.Findings {
		for _, t := range r.Findings[n].Traces() {
			r.byTrace[t] = append(r.byTrace[t], n)
			if recording.Secret(&r.Findings[n]) {
				r.secret[t] = true
			}
		}
	}
	all := make([]*rule.Finding, len(r.Findings))
	for n := range all {
		all[n] = &r.Findings[n]
	}
	r.counts = Count(all)
	r.worst = make([]int32, r.Set.Len())
	for i := range r.worst {
		r.worst[i] = -1
		for _, n := range r.byTrace[r.Set.Trace(i)] {
			if at := r.worst[i]; r.Findings[n].Severity > rule.Info && (at < 0 || r.Findings[n].Severity > r.Findings[at].Severity) {
				r.worst[i] = int32(n)
			}
		}
	}
}

// Secrets reports whether values of a trace hold secrets, which are masked wherever they are shown; of nil whether those of any
// trace do.
func (r *Report) Secrets(t *trace.Trace) bool {
	if t == nil {
		return len(r.secret) > 0
	}
	return r.secret[t]
}

// FactsAt returns the facts of a trace of the set by its place there.
func (r *Report) FactsAt(i int) *facts.Facts { return r.facts[i] }

// Facts returns the facts of a trace of the set, nil for any other.
func (r *Report) Facts(t *trace.Trace) *facts.Facts {
	return r.factsOf[t]
}

// Clocks returns what is known of the clocks of the set's hosts.
func (r *Report) Clocks() *clocks.Clocks { return r.clocks }
