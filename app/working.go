package app

import (
	"time"

	"charm.land/bubbles/v2/spinner"
	tea "charm.land/bubbletea/v2"

	"tracefall/views/draw"
	"tracefall/views/style"
)

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
