package views

import (
	"tracefall/diagnose/facts"
	"tracefall/views/draw"
)

// What part of the time the bars show. On one scale for both traces the windows of the two sides are the same; where
// each has its own, so are they each side's own, and a call that was slow in one is as wide as in the other.

// whole returns the window that shows everything of a side, on one scale of both.
func (v *Compare) whole(side diffSideName) timeWindow {
	w := v.index.window[side]
	if !v.own {
		w = w.and(v.index.window[1-side])
	}
	return w
}

// scale returns the time scale of a side's bars.
func (v *Compare) scale(side diffSideName, width int) draw.Scale {
	w := v.zoom[side].window
	return draw.Scale{From: w.from, To: w.to, Width: width}
}

func (v *Compare) isZoomed() bool {
	return v.zoom[goodSide].window != v.whole(goodSide) || v.zoom[badSide].window != v.whole(badSide)
}

// unzoom shows everything.
func (v *Compare) unzoom() {
	for side := range v.zoom {
		whole := v.whole(diffSideName(side))
		v.zoom[side].set(whole, whole)
	}
}

// extent returns when what is under the cursor ran on a side, on one scale on either; the window where it did not, or
// so late that the scale leaves it out.
func (v *Compare) extent(side diffSideName) timeWindow {
	r, ok := v.row()
	if !ok {
		return v.zoom[side].window
	}
	at, there := v.ran(r, side)
	if other, both := v.ran(r, 1-side); both && !v.own {
		if there {
			other = other.and(at)
		}
		at, there = other, true
	}
	whole := v.whole(side)
	if !there || at.from >= whole.to {
		return v.zoom[side].window
	}
	return timeWindow{at.from, min(at.to, whole.to)}
}

// ran returns when the calls of a row ran on a side, and whether there are any.
func (v *Compare) ran(r diffRow, side diffSideName) (at timeWindow, there bool) {
	add := func(from, to int64) {
		w := timeWindow{from, max(to, facts.AddTime(from, 1))}
		if there {
			w = w.and(at)
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
func (v *Compare) zoomBy(c Command) bool {
	r, _ := v.row()
	what := int(r.node)
	if r.kind == pairRow {
		what += (int(r.pair) + 1) * len(v.c.Nodes)
	}
	at := [2]timeWindow{v.extent(goodSide), v.extent(badSide)} // before either window changes
	known := false
	for side := range v.zoom {
		known = v.zoom[side].do(c, what, at[side], v.whole(diffSideName(side)))
	}
	return known
}

// canZoom says why neither window can be changed that way, "" when one can.
func (v *Compare) canZoom(c Command) string {
	reason := v.zoom[badSide].can(c, v.whole(badSide))
	if v.zoom[goodSide].can(c, v.whole(goodSide)) == "" {
		return ""
	}
	return reason
}

// zoomText says what part of the time is on screen, "" for all.
func (v *Compare) zoomText() string {
	if !v.isZoomed() {
		return ""
	}
	text := func(side diffSideName) string {
		w := v.zoom[side].window
		return draw.Duration(w.from) + "–" + draw.Duration(w.to)
	}
	if v.own {
		return "zoom " + text(goodSide) + " and " + text(badSide)
	}
	return "zoom " + text(badSide)
}
