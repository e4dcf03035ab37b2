package timeline

import "tracefall/views/draw"

// Least is the shortest time that a window can show, in ns: below a microsecond no tracer's clock is right.
const Least = 1000

// Window is the part of the time that is on screen, in ns; From < To.
type Window struct{ From, To int64 }

// Width returns how long the window is, in ns.
func (w Window) Width() uint64 { return uint64(w.To) - uint64(w.From) }

// Scale returns the time scale of bars of a width in cells.
func (w Window) Scale(width int) draw.Scale { return draw.Scale{From: w.From, To: w.To, Width: width} }

// Text says from when to when the window is, from a moment on.
func (w Window) Text(zero int64) string {
	return draw.Duration(w.From-zero) + "–" + draw.Duration(w.To-zero)
}

// Within returns the window moved, and narrowed where it must, to lie in the whole. It is at least Least wide where the
// whole is.
func (w Window) Within(whole Window) Window {
	width := min(max(w.Width(), Least), whole.Width())
	from := max(w.From, whole.From)
	if uint64(whole.To)-uint64(from) < width {
		from = int64(uint64(whole.To) - width)
	}
	return Window{from, int64(uint64(from) + width)}
}

// Moved returns the window moved by the distance from a time to another one, as far as the whole reaches. Its width stays.
func (w Window) Moved(to, from int64, whole Window) Window {
	if to >= from {
		by := min(uint64(to)-uint64(from), uint64(whole.To)-uint64(w.To))
		return Window{int64(uint64(w.From) + by), int64(uint64(w.To) + by)}
	}
	by := min(uint64(from)-uint64(to), uint64(w.From)-uint64(whole.From))
	return Window{int64(uint64(w.From) - by), int64(uint64(w.To) - by)}
}

// And returns the window that holds both.
func (w Window) And(o Window) Window { return Window{min(w.From, o.From), max(w.To, o.To)} }

func (w Window) middle() int64 { return int64(uint64(w.From) + w.Width()/2) }

// around returns a window of the given width with t at its middle.
func around(t int64, width uint64, whole Window) Window {
	width = max(width, Least)
	from := whole.From
	if half := width / 2; t > whole.From && uint64(t)-uint64(whole.From) > half {
		from = int64(uint64(t) - half)
	}
	if width >= whole.Width() {
		return whole
	}
	return Window{from, int64(uint64(from) + width)}.Within(whole)
}
