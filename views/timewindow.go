package views

import "math/bits"

// minWindow is the shortest time the window can show, in ns: below a microsecond no tracer's clock is right.
const minWindow = 1000

// panParts is how many steps of panning make a window's width.
const panParts = 4

// timeWindow is the part of the time that is on screen, in ns; from < to.
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

// and returns the window that holds both.
func (v timeWindow) and(o timeWindow) timeWindow {
	return timeWindow{min(v.from, o.from), max(v.to, o.to)}
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

func middle(v timeWindow) int64 { return int64(uint64(v.from) + v.width()/2) }

// zooming is a window that commands change: to what is under the cursor and back, narrower, wider, to the sides.
type zooming struct {
	window timeWindow
	zoomed int        // what ZoomSpan made the window, -1 for nothing
	before timeWindow // what ZoomSpan on that goes back to
}

// show makes the window the time of what is under the cursor, or undoes that when it already is.
func (z *zooming) show(what int, at, whole timeWindow) {
	if z.zoomed == what {
		z.window, z.zoomed = z.before, -1
		return
	}
	if at.width() < minWindow {
		at = around(middle(at), minWindow, whole)
	}
	if z.zoomed < 0 {
		z.before = z.window
	}
	z.zoomed = what
	z.window = at.within(whole)
}

// scale makes the window width×num/den, around the middle of the part of what is under the cursor that is on
// screen.
func (z *zooming) scale(num, den uint64, at, whole timeWindow) {
	if at.from >= z.window.to || at.to <= z.window.from {
		at = z.window
	}
	at = timeWindow{max(at.from, z.window.from), min(at.to, z.window.to)}
	hi, lo := bits.Mul64(z.window.width(), num)
	width := ^uint64(0)
	if hi < den {
		width, _ = bits.Div64(hi, lo, den)
	}
	z.set(around(middle(at), width, whole), whole)
}

// pan moves the window by a part of its width.
func (z *zooming) pan(steps int, whole timeWindow) {
	v, by := z.window, z.window.width()/panParts+1
	if steps < 0 {
		by = min(by*uint64(-steps), uint64(v.from)-uint64(whole.from))
		v = timeWindow{int64(uint64(v.from) - by), int64(uint64(v.to) - by)}
	} else {
		by = min(by*uint64(steps), uint64(whole.to)-uint64(v.to))
		v = timeWindow{int64(uint64(v.from) + by), int64(uint64(v.to) + by)}
	}
	z.set(v, whole)
}

// set shows a window that is nothing's own.
func (z *zooming) set(v, whole timeWindow) {
	z.window = v.within(whole)
	z.zoomed = -1
}

// can says why the window cannot be changed that way, "" when it can.
func (z *zooming) can(c Command, whole timeWindow) string {
	switch {
	case c == ZoomSpan:
		return ""
	case c == ZoomIn:
		if z.window.width() <= min(minWindow, whole.width()) {
			return "the window is as small as it gets"
		}
		return ""
	case z.window == whole:
		return "the whole trace is on screen"
	case c == PanLeft && z.window.from == whole.from:
		return "the trace starts here"
	case c == PanRight && z.window.to == whole.to:
		return "the trace ends here"
	}
	return ""
}

// do carries out the commands that change the window, where what is under the cursor and at is its time, and tells
// whether it knew the command.
func (z *zooming) do(c Command, what int, at, whole timeWindow) bool {
	switch c {
	case ZoomSpan:
		z.show(what, at, whole)
	case ZoomIn:
		z.scale(1, 2, at, whole)
	case ZoomOut:
		z.scale(2, 1, at, whole)
	case ZoomReset:
		z.set(whole, whole)
	case PanLeft:
		z.pan(-1, whole)
	case PanRight:
		z.pan(1, whole)
	default:
		return false
	}
	return true
}
