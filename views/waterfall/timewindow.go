package waterfall

import (
	"math/bits"
	"tracefall/views"
)

// minWindow is the shortest time the window can show, in ns: below a microsecond no tracer's clock is right.
const minWindow = 1000

// panParts is how many steps of panning make a window's width.
const panParts = 4

// TimeWindow is the part of the time that is on screen, in ns; from < to.
type TimeWindow struct{ From, To int64 }

func (v TimeWindow) Width() uint64 { return uint64(v.To) - uint64(v.From) }

// within returns the window moved, and narrowed where it must, to lie in the whole. It is at least minWindow wide
// where the whole is.
func (v TimeWindow) within(whole TimeWindow) TimeWindow {
	width := min(max(v.Width(), minWindow), whole.Width())
	from := max(v.From, whole.From)
	if uint64(whole.To)-uint64(from) < width {
		from = int64(uint64(whole.To) - width)
	}
	return TimeWindow{from, int64(uint64(from) + width)}
}

// And returns the window that holds both.
func (v TimeWindow) And(o TimeWindow) TimeWindow {
	return TimeWindow{min(v.From, o.From), max(v.To, o.To)}
}

// around returns a window of the given width with t at its middle.
func around(t int64, width uint64, whole TimeWindow) TimeWindow {
	width = max(width, minWindow)
	from := whole.From
	if half := width / 2; t > whole.From && uint64(t)-uint64(whole.From) > half {
		from = int64(uint64(t) - half)
	}
	if width >= whole.Width() {
		return whole
	}
	return TimeWindow{from, int64(uint64(from) + width)}.within(whole)
}

func middle(v TimeWindow) int64 { return int64(uint64(v.From) + v.Width()/2) }

// Zooming is a window that commands change: to what is under the cursor and back, narrower, wider, to the sides.
type Zooming struct {
	Window TimeWindow
	zoomed int        // what ZoomSpan made the window, -1 for nothing
	before TimeWindow // what ZoomSpan on that goes back to
}

// show makes the window the time of what is under the cursor, or undoes that when it already is.
func (z *Zooming) show(what int, at, whole TimeWindow) {
	if z.zoomed == what {
		z.Window, z.zoomed = z.before, -1
		return
	}
	if at.Width() < minWindow {
		at = around(middle(at), minWindow, whole)
	}
	if z.zoomed < 0 {
		z.before = z.Window
	}
	z.zoomed = what
	z.Window = at.within(whole)
}

// scale makes the window width×num/den, around the middle of the part of what is under the cursor that is on
// screen.
func (z *Zooming) scale(num, den uint64, at, whole TimeWindow) {
	if at.From >= z.Window.To || at.To <= z.Window.From {
		at = z.Window
	}
	at = TimeWindow{max(at.From, z.Window.From), min(at.To, z.Window.To)}
	hi, lo := bits.Mul64(z.Window.Width(), num)
	width := ^uint64(0)
	if hi < den {
		width, _ = bits.Div64(hi, lo, den)
	}
	z.Set(around(middle(at), width, whole), whole)
}

// Pan moves the window by a part of its width.
func (z *Zooming) Pan(steps int, whole TimeWindow) {
	v, by := z.Window, z.Window.Width()/panParts+1
	if steps < 0 {
		by = min(by*uint64(-steps), uint64(v.From)-uint64(whole.From))
		v = TimeWindow{int64(uint64(v.From) - by), int64(uint64(v.To) - by)}
	} else {
		by = min(by*uint64(steps), uint64(whole.To)-uint64(v.To))
		v = TimeWindow{int64(uint64(v.From) + by), int64(uint64(v.To) + by)}
	}
	z.Set(v, whole)
}

// Set shows a window that is nothing's own.
func (z *Zooming) Set(v, whole TimeWindow) {
	z.Window = v.within(whole)
	z.zoomed = -1
}

// Can says why the window cannot be changed that way, "" when it can.
func (z *Zooming) Can(c views.Command, whole TimeWindow) string {
	switch {
	case c == views.ZoomSpan:
		return ""
	case c == views.ZoomIn:
		if z.Window.Width() <= min(minWindow, whole.Width()) {
			return "the window is as small as it gets"
		}
		return ""
	case z.Window == whole:
		return "the whole trace is on screen"
	case c == views.PanLeft && z.Window.From == whole.From:
		return "the trace starts here"
	case c == views.PanRight && z.Window.To == whole.To:
		return "the trace ends here"
	}
	return ""
}

// Do carries out the commands that change the window, where what is under the cursor and at is its time, and tells
// whether it knew the command.
func (z *Zooming) Do(c views.Command, what int, at, whole TimeWindow) bool {
	switch c {
	case views.ZoomSpan:
		z.show(what, at, whole)
	case views.ZoomIn:
		z.scale(1, 2, at, whole)
	case views.ZoomOut:
		z.scale(2, 1, at, whole)
	case views.ZoomReset:
		z.Set(whole, whole)
	case views.PanLeft:
		z.Pan(-1, whole)
	case views.PanRight:
		z.Pan(1, whole)
	default:
		return false
	}
	return true
}
