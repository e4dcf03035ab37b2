package comparison

import (
	"tracefall/diagnose/facts"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/waterfall"
)

// What part of the time the bars show. On one scale for both traces the windows of the two sides are the same; where
// each has its own, so are they each side's own, and a call that was slow in one is as wide as in the other.

// whole returns the window that shows everything of a side, on one scale of both.
func (v *Comparison) whole(side views.Side) waterfall.TimeWindow {
	w := v.index.window[side]
	if !v.own {
		w = w.And(v.index.window[1-side])
	}
	return w
}

// scale returns the time scale of a side's bars.
func (v *Comparison) scale(side views.Side, width int) draw.Scale {
	w := v.zoom[side].Window
	return draw.Scale{From: w.From, To: w.To, Width: width}
}

func (v *Comparison) isZoomed() bool {
	return v.zoom[views.Good].Window != v.whole(views.Good) || v.zoom[views.Bad].Window != v.whole(views.Bad)
}

// unzoom shows everything.
func (v *Comparison) unzoom() {
	for side := range v.zoom {
		whole := v.whole(views.Side(side))
		v.zoom[side].Set(whole, whole)
	}
}

// extent returns when what is under the cursor ran on a side, on one scale on either; the window where it did not, or
// so late that the scale leaves it out.
func (v *Comparison) extent(side views.Side) waterfall.TimeWindow {
	r, ok := v.row()
	if !ok {
		return v.zoom[side].Window
	}
	at, there := v.ran(r, side)
	if other, both := v.ran(r, 1-side); both && !v.own {
		if there {
			other = other.And(at)
		}
		at, there = other, true
	}
	whole := v.whole(side)
	if !there || at.From >= whole.To {
		return v.zoom[side].Window
	}
	return waterfall.TimeWindow{From: at.From, To: min(at.To, whole.To)}
}

// ran returns when the calls of a row ran on a side, and whether there are any.
func (v *Comparison) ran(r diffRow, side views.Side) (at waterfall.TimeWindow, there bool) {
	add := func(from, to int64) {
		w := waterfall.TimeWindow{From: from, To: max(to, facts.AddTime(from, 1))}
		if there {
			w = w.And(at)
		}
		at, there = w, true
	}
	if span := v.spanOf(r, side); r.kind == pairRow && span >= 0 {
		add(v.index.times(side, span))
	}
	if r.kind == pairRow {
		return at, there
	}
	end := int(r.node) + 1
	if r.kind == runRow {
		end = int(r.end)
	}
	for i := int(r.node); i < end; i++ {
		if len(v.index.spans(i, side)) > 0 {
			s := &v.index.calls[i].side[side]
			add(s.first, s.last)
		}
	}
	return at, there
}

// zoomBy carries out the commands that change the window and tells whether it knew the command.
func (v *Comparison) zoomBy(c views.Command) bool {
	r, _ := v.row()
	what := int(r.node)
	if r.kind == pairRow {
		what += (int(r.pair) + 1) * len(v.c.Nodes)
	}
	at := [2]waterfall.TimeWindow{v.extent(views.Good), v.extent(views.Bad)} // before either window changes
	known := false
	for side := range v.zoom {
		known = v.zoom[side].Do(c, what, at[side], v.whole(views.Side(side)))
	}
	return known
}

// canZoom says why neither window can be changed that way, "" when one can.
func (v *Comparison) canZoom(c views.Command) string {
	reason := v.zoom[views.Bad].Can(c, v.whole(views.Bad))
	if v.zoom[views.Good].Can(c, v.whole(views.Good)) == "" {
		return ""
	}
	return reason
}

// zoomText says what part of the time is on screen, "" for all.
func (v *Comparison) zoomText() string {
	if !v.isZoomed() {
		return ""
	}
	text := func(side views.Side) string {
		w := v.zoom[side].Window
		return draw.Duration(w.From) + "–" + draw.Duration(w.To)
	}
	if v.own {
		return "zoom " + text(views.Good) + " and " + text(views.Bad)
	}
	return "zoom " + text(views.Bad)
}
