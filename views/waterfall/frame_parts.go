package waterfall

import (
	"tracefall/diagnose/facts"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// frame draws what a waterfall shows now.
type frame struct {
	*view
	layout
	env    *views.Env
	theme  *style.Theme
	scale  draw.Scale  // of the bars
	ticks  []draw.Tick // of the grid lines
	finds  *findings
	work   *work
	grows  bool         // the backend may have more of the trace by now
	skewed bool         // a clock is proven to be off, and times are drawn as recorded
	facts  *facts.Facts // nil while not known
	pathIs pathMode
}

// selfsX is the first cell of the self times.
func (f *frame) selfsX() int { return f.w - f.durs - f.selfs }

// borders draws the lines on either side of the bars.
func (f *frame) borders(a draw.Area) {
	a.VLine(f.barsX-1, 0, 1, f.theme.Border)
	a.VLine(f.barsX+f.bars, 0, 1, f.theme.Border)
}

// hint names the key of a command, ": w"; "" where it has none.
func (f *frame) hint(c views.Command) string {
	if key := f.key(c); key != "" {
		return ": " + key
	}
	return ""
}

// hintTo says what the key of a command does, "f next"; "" where it has none.
func (f *frame) hintTo(c views.Command, does string) string {
	if key := f.key(c); key != "" {
		return key + " " + does
	}
	return ""
}

func (f *frame) key(c views.Command) string {
	if f.env.Key == nil {
		return ""
	}
	return f.env.Key(c)
}
