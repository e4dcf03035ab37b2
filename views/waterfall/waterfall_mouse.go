package waterfall

import (
	"strconv"

	"tracefall/views"
	"tracefall/views/draw"
)

// Mouse takes a mouse event: a click selects, on a fold it folds, in the minimap it moves the window; the wheel
// scrolls, sideways it pans.
func (w *Waterfall) Mouse(m views.Mouse) views.Action {
	if w.st == nil {
		return nil
	}
	if taken, changed := w.search.Popup.Mouse(m, &w.search.Input); changed {
		w.search.seeking = true
		return w.ask(false)
	} else if taken {
		return nil
	}
	if m.Wheel != 0 {
		w.Wheel(m)
		return nil
	}
	l := w.drawn
	if m.X < 0 || m.X >= l.w || m.Y < 0 || m.Y >= l.h {
		return nil
	}
	if m.Y >= l.title && m.Y < l.title+l.minimap {
		w.clickMinimap(m.X - 1)
		return nil
	}
	if at := l.title + l.minimap; l.banner > 0 && m.Y == at {
		return views.OpenFindings{Trace: w.st.t, Finding: w.finding()}
	}
	row := w.top + m.Y - l.bodyY()
	if m.Y < l.bodyY() || row >= len(w.st.rows) {
		return nil
	}
	w.moveTo(row)
	if m.Double {
		return w.enter()
	}
	r := w.st.rows[row]
	if x := w.foldCell(r); w.st.canOpen(r) && m.X >= x && m.X <= x+1 {
		w.st.setOpen(r, !w.st.isOpen(r))
		w.rebuild()
	}
	return nil
}

// foldCell returns the cell of a row's fold glyph.
func (w *Waterfall) foldCell(r waterRow) int {
	level, limit := int(r.indent)-w.shift, w.levels()
	x := w.drawn.gutter + min(max(level, 0), limit)*w.indentWidth()
	if level < 0 || level > limit {
		x += len(strconv.Itoa(int(r.indent))) + 1
	}
	return x
}

// Wheel scrolls the screen; the cursor stays on it.
func (w *Waterfall) Wheel(m views.Mouse) {
	if m.Shift {
		w.zoom.Pan(m.Wheel, w.whole())
		return
	}
	w.settle = false
	w.top = max(min(w.top+m.Wheel, len(w.st.rows)-w.page), 0)
	w.cursor = min(max(w.cursor, w.top), w.top+w.page-1)
	w.follow()
}

// clickMinimap moves the middle of the window to a cell of the minimap.
func (w *Waterfall) clickMinimap(x int) {
	if !w.isZoomed() {
		return
	}
	whole := w.whole()
	scale := draw.Scale{From: whole.From, To: whole.To, Width: max(w.drawn.w-2, 1)}
	at := int64(uint64(scale.At(x)) + (uint64(scale.At(x+1))-uint64(scale.At(x)))/2)
	w.zoom.Set(around(at, w.zoom.Window.Width(), whole), whole)
}
