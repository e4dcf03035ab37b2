package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"tracefall/sources"
	"tracefall/views/draw"
)

// errFailedInputs says that an input could not be read; it was said which and why, and the others were used.
var errFailedInputs = errors.New("an input could not be read")

// progressAfter is how long opening may take before progress is shown: what is quick needs none.
const progressAfter = 300 * time.Millisecond

// progressEvery bounds how often progress is shown.
const progressEvery = 100 * time.Millisecond

// open reads the inputs of a command that prints. Inputs that cannot be read are said on standard error; the
// error is errFailedInputs then, and the result holds what the others gave.
func (w *World) open(ctx context.Context, inputs []string) (*sources.Result, error) {
	show := newProgressLine(w.Stderr)
	opt := w.reading
	opt.Progress = show.update
	result, err := openInputs(ctx, inputs, w.Stdin, w.Demo, opt)
	show.clear()
	if err != nil {
		return nil, err
	}
	for _, failure := range result.Failures {
		complain(w.Stderr, failure)
		err = errFailedInputs
	}
	return result, err
}

// progressLine shows how far reading is, in one line of a terminal, and nothing elsewhere.
type progressLine struct {
	w     io.Writer
	next  time.Time
	width int
	shown bool
}

func newProgressLine(w io.Writer) *progressLine {
	p := &progressLine{next: time.Now().Add(progressAfter)}
	if _, terminal := fd(w); terminal {
		p.w, p.width = w, terminalWidth(w, func(string) string { return "" })
	}
	return p
}

func (p *progressLine) update(done sources.Progress) {
	p.say(func() string { return progressText(done) })
}

// say shows a line, unless there was one just now.
func (p *progressLine) say(text func() string) {
	now := time.Now()
	if p.w == nil || now.Before(p.next) {
		return
	}
	p.next, p.shown = now.Add(progressEvery), true
	grid := draw.NewGrid(p.width-1, 1)
	grid.All().TextEllipsis(0, 0, p.width-1, text(), draw.Ink{})
	_, _ = fmt.Fprintf(p.w, "\r\x1b[K%s", grid.Plain()) // progress that cannot be shown is no failure
}

func (p *progressLine) clear() {
	if p.shown {
		_, _ = io.WriteString(p.w, "\r\x1b[K")
	}
}

// progressText says how far reading is.
func progressText(p sources.Progress) string {
	size := draw.Bytes(p.Bytes)
	if p.Total > 0 {
		size = draw.Percent(p.Bytes, p.Total) + " of " + draw.Bytes(p.Total)
	}
	return fmt.Sprintf("reading %s · %s · %s · %s", p.Input, size, draw.CountNoun(p.Traces, "trace", "traces"), draw.CountNoun(p.Spans, "span", "spans"))
}
