package comparison

import (
	"tracefall/views"
	"tracefall/views/tree"
)

// layout says where the parts of a comparison are, in cells of the area. A height or width of 0 is a part there
// is no room for.
//
//	side by side  │gutter│names bars duration │ signs Δ share │names bars duration │
//	merged        │gutter│names│bars          │signs│ good│ bad│ Δ share│
type layout struct {
	w, h                                               int
	title, trust, headline, why, header, body, inspect int // heights, from top to bottom
	merged                                             bool
	gutter                                             int
	side                                               [2]columns // side by side; merged only the first
	delta                                              columns    // merged: with the durations of both
	signs, durs, deltas, shares                        int        // widths within delta
}

// columns are columns next to each other: names, bars, durations; x is where they begin.
type columns struct{ x, w, names, bars, durs int }

// Widths, in cells.
const (
	signsWidth    = 3
	middleWidth   = 1 + signsWidth + views.DeltaWidth + views.ShareWidth + 2 // with lines and a blank around
	sideDuration  = 11                                                       // blank, "Σ 1 m 05 s"
	sideBySide    = 110
	mergedBarsMin = 16
	nameRoom      = 12 // indentation leaves so much to a row's name
)

// layOut divides an area.
func layOut(w, h, widen int, merged bool) layout {
	l := layout{w: w, h: h, merged: merged || w < sideBySide}
	if w >= tree.NamesLeast/2 {
		l.gutter = tree.GutterWidth
	}
	if l.merged {
		l.mergedColumns(widen)
		return l
	}
	l.signs, l.deltas, l.shares = signsWidth, views.DeltaWidth, views.ShareWidth
	room := w - l.gutter - middleWidth
	left := room / 2
	l.side[views.Good] = sideColumns(l.gutter, left, widen)
	l.delta = columns{x: l.gutter + left, w: middleWidth}
	l.side[views.Bad] = sideColumns(l.gutter+left+middleWidth, room-left, widen)
	return l
}

func sideColumns(x, w, widen int) columns {
	room := w - sideDuration - 1 // a blank before the line
	names := min(max(room*2/3+widen, tree.NamesLeast/2), room-tree.BarsLeast)
	return columns{x: x, w: w, names: names, bars: room - names, durs: sideDuration}
}

// mergedColumns divides the width for one tree: the difference comes before the durations, these before the bars.
func (l *layout) mergedColumns(widen int) {
	room := l.w - l.gutter - tree.NamesLeast/2
	take := func(n int) int {
		if room < n {
			return 0
		}
		room -= n
		return n
	}
	l.deltas = take(views.DeltaWidth + 1)
	l.durs = take(2 * sideDuration)
	l.signs = take(signsWidth)
	l.shares = take(views.ShareWidth)
	l.delta.w = l.deltas + l.durs + l.signs + l.shares
	l.delta.x = l.w - l.delta.w
	room = l.delta.x - l.gutter
	names, bars := room, 0
	if room >= tree.NamesLeast+mergedBarsMin+2 {
		names = min(max(room*3/5+widen, tree.NamesLeast), room-mergedBarsMin)
		bars = room - names
	}
	l.side[views.Good] = columns{x: l.gutter, w: room, names: names, bars: bars}
}

// Heights, in lines.
const (
	whyMost      = 8  // entries shown at most
	inspectLeast = 4  // of the pane with the differences of a pair
	rowsLeast    = 3  // rows come first
	tallEnough   = 30 // there is room for a headline of two lines
)

// heights divides the height: rows come first, then title, the first cause, the columns' header, what is in doubt,
// the headline, more causes, and the pane that was asked for. What few rows leave free is the causes'.
func (l *layout) heights(trust, headline, causes, rows int, inspect bool) {
	room := l.h
	take := func(n, left int) int {
		n = max(min(n, room-left), 0)
		room -= n
		return n
	}
	l.title = take(1, 2)
	if inspect {
		l.inspect = take(max(l.h*2/5, inspectLeast), rowsLeast+2)
		if l.inspect < inspectLeast {
			room += l.inspect
			l.inspect = 0
		}
	}
	most := 1
	if l.h >= tallEnough {
		most = 2
	}
	l.headline = take(min(headline, most), rowsLeast+1)
	l.why = take(min(causes, 1), rowsLeast+1)
	l.header = take(1, rowsLeast)
	l.trust = take(min(trust, most), rowsLeast)
	l.why += take(min(max(causes, 1)-1, whyMost-1, max((l.h-6)/6, room-rows)), min(room*2/3, max(rows, rowsLeast)))
	l.body = room
}

// bodyY is the line of the first row.
func (l layout) bodyY() int { return l.whyY() + l.why + l.header }

// whyY is the line of the first cause.
func (l layout) whyY() int { return l.title + l.trust + l.headline }
