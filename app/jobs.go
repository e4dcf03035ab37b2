package app

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
)

// jobKind is a sort of work that is done beside the screen. Of each kind only the latest job counts.
type jobKind uint16

const (
	jobLoad       jobKind = iota
	jobMore               // of what was loaded
	jobFetch              // one trace more
	jobQuery              // of all traces
	jobSearch             // of the open trace
	jobVocabulary         // what completion knows
	jobFilter             // of the findings
	jobSpans              // of the table of spans
	jobDiagnose
	jobFacts     // of the open trace
	jobBaselines // for a trace
	jobCompare   // two traces, or two sets
	jobLogs      // of the open trace
	jobMeasure   // for a tab: each has a kind of its own from here on
)

// result is what a job came to, or where it stands. Every message of a job says its kind and generation, so that
// what comes late is known.
type result struct {
	kind       jobKind
	generation uint64
	show       func() tea.Cmd // shows it; called by the goroutine of the program
	err        error
	done       bool
}

// progress shows how far a job is, by a function that the goroutine of the program calls.
type progress func(show func() tea.Cmd)

// jobs starts work and tells current results from stale ones.
type jobs struct {
	ctx     context.Context // of the program
	send    func(tea.Msg)   // to the program, from any goroutine
	current map[jobKind]uint64
	cancel  map[jobKind]context.CancelFunc // of those under way
}

// newJobs returns the jobs of a program, none of them begun.
func newJobs(ctx context.Context) jobs {
	return jobs{ctx: ctx, current: map[jobKind]uint64{}, cancel: map[jobKind]context.CancelFunc{}}
}

// start runs work in the place of the last job of its kind, which is cancelled. The work gets immutable inputs and
// returns a value, which show shows; it never touches the model itself.
func start[T any](j *jobs, kind jobKind, work func(context.Context, progress) (T, error), show func(T) tea.Cmd) tea.Cmd {
	j.stop(kind)
	ctx, cancel := context.WithCancel(j.ctx)
	j.cancel[kind] = cancel
	generation := j.current[kind]
	return func() tea.Msg {
		defer cancel()
		soFar := func(show func() tea.Cmd) { j.send(result{kind: kind, generation: generation, show: show}) }
		value, err := session.Guard(func() (T, error) { return work(ctx, soFar) })
		return result{kind: kind, generation: generation, show: func() tea.Cmd { return show(value) }, err: err, done: true}
	}
}

// stop cancels the job of a kind. What it still sends is stale.
func (j *jobs) stop(kind jobKind) {
	j.current[kind]++
	if cancel := j.cancel[kind]; cancel != nil {
		cancel()
		delete(j.cancel, kind)
	}
}

// running reports whether any job is under way.
func (j *jobs) running() bool { return len(j.cancel) > 0 }

// accept reports whether a result is current, and takes note of its end.
func (j *jobs) accept(r result) bool {
	if r.generation != j.current[r.kind] {
		return false
	}
	if r.done {
		delete(j.cancel, r.kind)
	}
	return true
}
