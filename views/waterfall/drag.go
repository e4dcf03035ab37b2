package waterfall

import (
	"tracefall/views/draw"
	"tracefall/views/timeline"
)

// drag is a drag in the minimap: it moves the window, or chooses one where the whole trace is shown.
type drag struct {
	on     bool
	choose bool
	from   int             // the cell of the minimap that was pressed
	window timeline.Window // at that moment
}

// press begins a drag at a cell of the screen, and moves the middle of the window there where that lies outside of it.
func (d *drag) press(v *view, l layout, x int) {
	if x -= l.barsX; x < 0 || x >= l.bars {
		return
	}
	scale := minimapScale(v, l)
	if v.isZoomed() && (x < scale.Cell(v.zoom.Window.From) || x > scale.Cell(v.zoom.Window.To-1)) {
		v.zoom.Center(int64(uint64(scale.At(x))+(uint64(scale.At(x+1))-uint64(scale.At(x)))/2), v.rows.whole())
	}
	*d = drag{on: true, choose: !v.isZoomed(), from: x, window: v.zoom.Window}
}

// to follows the mouse to a cell of the screen, which may lie beside the minimap.
func (d *drag) to(v *view, l layout, x int) {
	if !d.on {
		return
	}
	scale, whole := minimapScale(v, l), v.rows.whole()
	x = min(max(x-l.barsX, 0), scale.Width-1)
	switch from, to := min(d.from, x), max(d.from, x); {
	case d.choose && from == to:
		v.zoom.Set(d.window, whole)
	case d.choose:
		v.zoom.Set(timeline.Window{From: scale.At(from), To: scale.At(to + 1)}, whole)
	default:
		v.zoom.Set(d.window.Moved(scale.At(x), scale.At(d.from), whole), whole)
	}
}

// minimapScale is the time scale of the minimap.
func minimapScale(v *view, l layout) draw.Scale { return v.rows.whole().Scale(max(l.bars, 1)) }
