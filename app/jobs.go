package app

import (
	"context"
	"time"

	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"

	"tracefall/app/session"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// jobKind is a sort of work that is done beside the screen. Of each kind only the latest job counts.
type jobKind uint16

const (
	noJob jobKind = iota
	jobLoad
	jobMore       // of what was loaded
	jobFetch      // one trace more
	jobUnread     // traces that a backend listed
	jobQuery      // of all traces
	jobSearch     // of the open trace
	jobVocabulary // what completion knows
	jobFilter     // of the findings
	jobSpans      // of the table of spans
	jobDiagnose
	jobFacts     // of the open trace
	jobBaselines // for a trace
	jobCompare   // two traces, or two sets
	jobLogs      // of the open trace
	jobReread    // the open trace
	jobWatch     // what is new
	jobSave      // what was fetched
	jobComplete  // by what the backend knows
	jobServices  // of the backend
	jobStories   // each incident of the demo
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

// busy reports whether the job of a kind is under way.
func (j *jobs) busy(kind jobKind) bool { return j.cancel[kind] != nil }

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

// workingAfter is how long work may take before a sign says that it goes on; workingEvery is how often the sign moves:
// often enough to be seen, and few bytes on a slow line.
const (
	workingAfter = 300 * time.Millisecond
	workingEvery = 250 * time.Millisecond
)

// working is the sign that work goes on. Between two times of work nothing ticks.
type working struct {
	sign  spinner.Model
	after time.Duration // that work takes before the sign is shown
	times uint64        // that work began
	on    bool          // there is work
	shown bool
}

// workingMsg says that the work of a time has taken workingAfter.
type workingMsg uint64

func newWorking(ascii bool) working {
	frames := spinner.MiniDot.Frames
	if ascii {
		frames = spinner.Line.Frames
	}
	return working{after: workingAfter, sign: spinner.New(spinner.WithSpinner(spinner.Spinner{Frames: frames, FPS: workingEvery}))}
}

// watch notes whether there is work, and returns a command with the one that it needs to show the sign in time.
func (w *working) watch(work bool, cmd tea.Cmd) tea.Cmd {
	began := work && !w.on
	w.on, w.shown = work, work && w.shown
	if !began {
		return cmd
	}
	w.times++
	this := workingMsg(w.times)
	return tea.Batch(cmd, tea.Tick(w.after, func(time.Time) tea.Msg { return this }))
}

// begin shows the sign where the work of a message still goes on.
func (w *working) begin(msg workingMsg) tea.Cmd {
	if !w.on || w.shown || uint64(msg) != w.times {
		return nil
	}
	w.shown = true
	return w.sign.Tick
}

// turn moves the sign.
func (w *working) turn(msg spinner.TickMsg) tea.Cmd {
	if !w.shown {
		return nil
	}
	var next tea.Cmd
	w.sign, next = w.sign.Update(msg)
	return next
}

// draw draws the sign into the first cell of an area.
func (w *working) draw(a draw.Area, ink draw.Ink) {
	if w.shown {
		w.sign.Style = style.Style(ink)
		a.Sub(0, 0, 1, 1).Styled(w.sign.View())
	}
}
