package comparison

import (
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/timeline"
)

// scales is what part of the time the bars show. On one scale for both traces the windows of the two sides are the same;
// where each has its own, so are they each side's own, and a call that was slow in one is as wide as in the other.
type scales struct {
	own  bool               // each trace has its own time scale
	all  [2]timeline.Window // everything of a side
	zoom [2]timeline.Zoom   // by side
}

// whole returns the window that shows everything of a side, on one scale of both.
func (s *scales) whole(side views.Side) timeline.Window {
	if s.own {
		return s.all[side]
	}
	return s.all[side].And(s.all[1-side])
}

// scale returns the time scale of a side's bars.
func (s *scales) scale(side views.Side, width int) draw.Scale {
	return s.zoom[side].Window.Scale(width)
}

func (s *scales) isZoomed() bool {
	return s.zoom[views.Good].Window != s.whole(views.Good) || s.zoom[views.Bad].Window != s.whole(views.Bad)
}

// each does something with the window of either side and the time that it can move in.
func (s *scales) each(do func(side views.Side, z *timeline.Zoom, whole timeline.Window)) {
	for side := range s.zoom {
		do(views.Side(side), &s.zoom[side], s.whole(views.Side(side)))
	}
}

// unzoom shows everything.
func (s *scales) unzoom() {
	s.each(func(_ views.Side, z *timeline.Zoom, whole timeline.Window) { z.Set(whole, whole) })
}

// extent returns when a row ran on a side, on one scale on either; the window where it did not, or so late that the
// scale leaves it out.
func (s *scales) extent(r *rows, at row, side views.Side) timeline.Window {
	w, there := r.ran(at, side)
	if other, both := r.ran(at, 1-side); both && !s.own {
		if there {
			other = other.And(w)
		}
		w, there = other, true
	}
	whole := s.whole(side)
	if !there || w.From >= whole.To {
		return s.zoom[side].Window
	}
	return timeline.Window{From: w.From, To: min(w.To, whole.To)}
}

// change changes the windows, where a row is under the cursor.
func (s *scales) change(step timeline.Step, r *rows, at row) {
	extents := [2]timeline.Window{s.extent(r, at, views.Good), s.extent(r, at, views.Bad)} // before either window changes
	at.indent = 0                                                                          // the row is the same at any depth
	s.each(func(side views.Side, z *timeline.Zoom, whole timeline.Window) {
		z.Do(step, timeline.Target{What: at, At: extents[side]}, whole)
	})
}

// why tells why neither window can be changed that way, "" when one can.
func (s *scales) why(step timeline.Step) string {
	if s.zoom[views.Good].Why(step, s.whole(views.Good)) == "" {
		return ""
	}
	return s.zoom[views.Bad].Why(step, s.whole(views.Bad))
}

// text says what part of the time is on screen, "" for all.
func (s *scales) text() string {
	if !s.isZoomed() {
		return ""
	}
	text := "zoom "
	if s.own {
		text += s.zoom[views.Good].Window.Text(0) + " and "
	}
	return text + s.zoom[views.Bad].Window.Text(0)
}
