package views

import "math/bits"

// minWindow is the shortest time the window can show, in ns: below a microsecond no tracer's clock is right.
const minWindow = 1000

// panParts is how many steps of panning make a window's width.
const panParts = 4

// timeWindow is the part of the time that is on screen, in ns since the epoch; from < to.
type timeWindow struct{ from, to int64 }

func (v timeWindow) width() uint64 { return uint64(v.to) - uint64(v.from) }

// within returns the window moved, and narrowed where it must, to lie in the whole. It is at least minWindow wide
// where the whole is.
func (v timeWindow) within(whole timeWindow) timeWindow {
	width := min(max(v.width(), minWindow), whole.width())
	from := max(v.from, whole.from)
	if uint64(whole.to)-uint64(from) < width {
		from = int64(uint64(whole.to) - width)
	}
	return timeWindow{from, int64(uint64(from) + width)}
}

// around returns a window of the given width with t at its middle.
func around(t int64, width uint64, whole timeWindow) timeWindow {
	width = max(width, minWindow)
	from := whole.from
	if half := width / 2; t > whole.from && uint64(t)-uint64(whole.from) > half {
		from = int64(uint64(t) - half)
	}
	if width >= whole.width() {
		return whole
	}
	return timeWindow{from, int64(uint64(from) + width)}.within(whole)
}

// whole returns the window of the whole trace.
func (w *Waterfall) whole() timeWindow { return w.st.whole() }

func (st *rowState) whole() timeWindow {
	return timeWindow{st.times.from, max(st.times.to, addTime(st.times.from, 1))}
}

func (w *Waterfall) isZoomed() bool { return w.window != w.whole() }

// extent returns when what is under the cursor starts and ends.
func (w *Waterfall) extent() timeWindow {
	r, ok := w.row()
	if !ok {
		return w.whole()
	}
	switch r.kind {
	case groupRow:
		g := w.st.runs().starting(int(r.span))
		return timeWindow{g.start, max(g.finish, g.start+1)}
	case gapRow:
		g := w.st.gaps[r.end]
		return timeWindow{g.from, g.to}
	case spanRow, hiddenRow:
	}
	s := w.st.t.Span(int(r.span))
	from := w.st.times.start(s)
	return timeWindow{from, max(w.st.times.finish(s), addTime(from, 1))}
}

// zoomSpan makes the window the span under the cursor, or undoes that when it already is.
func (w *Waterfall) zoomSpan() {
	r := w.st.rows[w.cursor]
	id := int(r.span)
	if r.kind == gapRow {
		id = w.st.t.Len() + 1 + int(r.end)
	}
	if w.zoomed == id {
		w.window, w.zoomed = w.before, -1
		return
	}
	v := w.extent()
	if v.width() < minWindow {
		v = around(middle(v), minWindow, w.whole())
	}
	if w.zoomed < 0 {
		w.before = w.window
	}
	w.zoomed = id
	w.window = v.within(w.whole())
}

// zoom makes the window width×num/den, around the middle of the part of the span under the cursor that is on
// screen.
func (w *Waterfall) zoom(num, den uint64) {
	at := w.extent()
	if at.from >= w.window.to || at.to <= w.window.from {
		at = w.window
	}
	at = timeWindow{max(at.from, w.window.from), min(at.to, w.window.to)}
	hi, lo := bits.Mul64(w.window.width(), num)
	width := ^uint64(0)
	if hi < den {
		width, _ = bits.Div64(hi, lo, den)
	}
	w.setWindow(around(middle(at), width, w.whole()))
}

// pan moves the window by a part of its width.
func (w *Waterfall) pan(steps int) {
	whole, by := w.whole(), w.window.width()/panParts+1
	v := w.window
	if steps < 0 {
		by = min(by*uint64(-steps), uint64(v.from)-uint64(whole.from))
		v = timeWindow{int64(uint64(v.from) - by), int64(uint64(v.to) - by)}
	} else {
		by = min(by*uint64(steps), uint64(whole.to)-uint64(v.to))
		v = timeWindow{int64(uint64(v.from) + by), int64(uint64(v.to) + by)}
	}
	w.setWindow(v)
}

// setWindow shows a window that no span was zoomed to.
func (w *Waterfall) setWindow(v timeWindow) {
	w.window = v.within(w.whole())
	w.zoomed = -1
}

func middle(v timeWindow) int64 { return int64(uint64(v.from) + v.width()/2) }

// canZoom says why the window cannot be changed that way, "" when it can.
func (w *Waterfall) canZoom(c Command) string {
	whole := w.whole()
	switch {
	case c == ZoomSpan:
		return ""
	case c == ZoomIn:
		if w.window.width() <= min(minWindow, whole.width()) {
			return "the window is as small as it gets"
		}
		return ""
	case !w.isZoomed():
		return "the whole trace is on screen"
	case c == PanLeft && w.window.from == whole.from:
		return "the trace starts here"
	case c == PanRight && w.window.to == whole.to:
		return "the trace ends here"
	}
	return ""
}

// zoomBy carries out the commands that change the window and tells whether it knew the command.
func (w *Waterfall) zoomBy(c Command) bool {
	switch c {
	case ZoomSpan:
		w.zoomSpan()
	case ZoomIn:
		w.zoom(1, 2)
	case ZoomOut:
		w.zoom(2, 1)
	case ZoomReset:
		w.setWindow(w.whole())
	case PanLeft:
		w.pan(-1)
	case PanRight:
		w.pan(1)
	default:
		return false
	}
	return true
}
