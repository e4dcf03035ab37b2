package timeline

import "math/bits"

// panParts is how many steps of panning make a window's width.
const panParts = 4

// Zoom is a window that commands change. The zero value shows nothing; Set gives it a window.
type Zoom struct {
	Window Window
	of     any    // what ToSpan made the window, nil for nothing
	before Window // what ToSpan on that goes back to
}

// Step is a way to change the window.
type Step uint8

// The ways to change the window.
const (
	ToSpan Step = iota // the window becomes what is under the cursor, or what it was before
	In
	Out
	Reset
	Earlier
	Later
)

// Target is what is under the cursor: a value that is equal for nothing else there, and its time.
type Target struct {
	What any
	At   Window
}

// Do changes the window; whole is the time that it can move in.
func (z *Zoom) Do(step Step, to Target, whole Window) {
	switch step {
	case ToSpan:
		z.show(to, whole)
	case In:
		z.scale(1, 2, to.At, whole)
	case Out:
		z.scale(2, 1, to.At, whole)
	case Reset:
		z.Set(whole, whole)
	case Earlier:
		z.Pan(-1, whole)
	case Later:
		z.Pan(1, whole)
	}
}

// Why tells why the window cannot be changed that way, "" when it can.
func (z *Zoom) Why(step Step, whole Window) string {
	switch {
	case step == ToSpan:
		return ""
	case step == In:
		if z.Window.Width() <= min(Least, whole.Width()) {
			return "the window is as small as it gets"
		}
		return ""
	case z.Window == whole:
		return "the whole trace is on screen"
	case step == Earlier && z.Window.From == whole.From:
		return "the trace starts here"
	case step == Later && z.Window.To == whole.To:
		return "the trace ends here"
	}
	return ""
}

// Set shows a window that is nothing's own.
func (z *Zoom) Set(w, whole Window) { z.Window, z.of = w.Within(whole), nil }

// Center moves the middle of the window to a time.
func (z *Zoom) Center(t int64, whole Window) { z.Set(around(t, z.Window.Width(), whole), whole) }

// Pan moves the window by parts of its width.
func (z *Zoom) Pan(steps int, whole Window) {
	w, by := z.Window, z.Window.Width()/panParts+1
	if steps < 0 {
		by = min(by*uint64(-steps), uint64(w.From)-uint64(whole.From))
		w = Window{int64(uint64(w.From) - by), int64(uint64(w.To) - by)}
	} else {
		by = min(by*uint64(steps), uint64(whole.To)-uint64(w.To))
		w = Window{int64(uint64(w.From) + by), int64(uint64(w.To) + by)}
	}
	z.Set(w, whole)
}

// show makes the window the time of what is under the cursor, or undoes that when it already is.
func (z *Zoom) show(to Target, whole Window) {
	if z.of == to.What {
		z.Window, z.of = z.before, nil
		return
	}
	if to.At.Width() < Least {
		to.At = around(to.At.middle(), Least, whole)
	}
	if z.of == nil {
		z.before = z.Window
	}
	z.Window, z.of = to.At.Within(whole), to.What
}

// scale makes the window width×num/den, around the middle of the part of what is under the cursor that is on screen.
func (z *Zoom) scale(num, den uint64, at, whole Window) {
	if at.From >= z.Window.To || at.To <= z.Window.From {
		at = z.Window
	}
	at = Window{max(at.From, z.Window.From), min(at.To, z.Window.To)}
	hi, lo := bits.Mul64(z.Window.Width(), num)
	width := ^uint64(0)
	if hi < den {
		width, _ = bits.Div64(hi, lo, den)
	}
	z.Set(around(at.middle(), width, whole), whole)
}
