package session

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"time"

	"tracefall/app/terminal"
	"tracefall/sources"
	"tracefall/views/draw"
)

// CloseQuietly releases what was printed already: nothing is lost when that fails.
func CloseQuietly(c io.Closer) { _ = c.Close() }

// OpenInputs opens what was named, or the demo incidents where nothing was.
func OpenInputs(ctx context.Context, inputs []string, stdin io.Reader, demo fs.FS, opt sources.Options) (*sources.Result, error) {
	opt.Stdin = stdin
	if len(inputs) > 0 {
		return sources.Open(ctx, inputs, opt)
	}
	all, err := demoReader(demo)
	if err != nil {
		return nil, fmt.Errorf("the built-in demo: %w", err)
	}
	opt.Stdin, opt.StdinName = all, DemoName
	return sources.Open(ctx, []string{"-"}, opt)
}

// ShownInputs says what is being opened, before anything is known of it.
func ShownInputs(inputs []string) []string {
	if len(inputs) == 0 {
		return []string{DemoName}
	}
	shown := slices.Clone(inputs)
	for i, name := range shown {
		if name == "-" {
			shown[i] = "standard input"
		}
	}
	return shown
}

// DemoName is what the built-in incidents are called on the screen.
const DemoName = "built-in demo"

// ErrFailedInputs says that an input could not be read; it was said which and why, and the others were used.
var ErrFailedInputs = errors.New("an input could not be read")

// ProgressAfter is how long opening may take before progress is shown: what is quick needs none.
const ProgressAfter = 300 * time.Millisecond

// ProgressEvery bounds how often progress is shown.
const ProgressEvery = 100 * time.Millisecond

// progressLine shows how far reading is, in one line of a terminal, and nothing elsewhere.
type progressLine struct {
	w     io.Writer
	width int
	say   func(text func() string) // shows a line, unless there was one just now
	shown bool
}

func newProgressLine(w io.Writer) *progressLine {
	p := &progressLine{}
	p.say = Throttle(ProgressAfter, ProgressEvery, p.show)
	if _, isTerminal := terminal.FD(w); isTerminal {
		p.w, p.width = w, terminal.Width(w, func(string) string { return "" })
	}
	return p
}

func (p *progressLine) show(text func() string) {
	if p.w == nil {
		return
	}
	p.shown = true
	grid := draw.NewGrid(p.width-1, 1)
	grid.All().TextEllipsis(0, 0, p.width-1, text(), draw.Ink{})
	_, _ = fmt.Fprintf(p.w, "\r\x1b[K%s", grid.Plain()) // progress that cannot be shown is no failure
}

func (p *progressLine) clear() {
	if p.shown {
		_, _ = io.WriteString(p.w, "\r\x1b[K")
	}
}

// ProgressText says how far reading is.
func ProgressText(p sources.Progress) string { return "reading " + ReadText(p) }

// ReadText says how much of an input was read.
func ReadText(p sources.Progress) string {
	size := draw.Bytes(p.Bytes)
	if p.Total > 0 {
		size = draw.Percent(p.Bytes, p.Total) + " of " + draw.Bytes(p.Total)
	}
	return fmt.Sprintf("%s · %s · %s · %s", p.Input, size, draw.CountNoun(p.Traces, "trace", "traces"), draw.CountNoun(p.Spans, "span", "spans"))
}
