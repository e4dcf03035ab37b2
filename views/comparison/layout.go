package comparison

import (
	"tracefall/diagnose/compare"
	"tracefall/diagnose/units"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/tree"
)

// layout says where the parts of a comparison are, in cells of the area. A height or width of 0 is a part there
// is no room for.
//
//	merged        │gutter│names│bars│signs│ baseline│ bad│ contribution share│
//	narrow        │gutter│names     │signs│ baseline│ bad│ contribution bar share│
//	side by side  │gutter│names bars duration │ signs contribution share │names bars duration │
type layout struct {
	w, h                                                           int
	headline, trust, air, whyHead, why, gap, header, body, inspect int // heights, from top to bottom
	merged                                                         bool
	gutter                                                         int
	side                                                           [2]columns // side by side; merged only the first
	delta                                                          columns    // merged: with the durations of both
	signs, durs, deltas, partBar, shares                           int        // widths within delta
	base                                                           int        // of durs, the baseline's
}

// columns are columns next to each other: names, bars, durations; x is where they begin.
type columns struct{ x, w, names, bars, durs int }

// shape is how two traces are laid out.
type shape uint8

const (
	shapeByWidth shape = iota // side by side where there is room
	shapeMerged
	shapeSides
)

// merged reports whether a width shows one tree for both traces.
func (s shape) merged(w int) bool {
	switch s {
	case shapeMerged:
		return true
	case shapeSides:
		return w < sidesLeast
	case shapeByWidth:
	}
	return w < sidesUsual
}

// Widths, in cells.
const (
	signsWidth    = 3
	partHead      = "CONTRIBUTION"
	partWidth     = 1 + len(partHead)
	middleWidth   = 1 + signsWidth + partWidth + 2 // with lines and a blank around, without shares
	narrowPart    = 11                             // blank, "+15 h 04 m"
	partBarWidth  = 8                              // a blank and the bar of a contribution
	sidesLeast    = 110                            // side by side where it is asked for
	sidesUsual    = 160                            // side by side by itself
	mergedBarsMin = 12
	nameRoom      = 12 // indentation leaves so much to a row's name
)

// need is how wide columns are for what they say in any row, in cells with a blank before it.
type need struct {
	durs   [2]int // of durations, by side
	merged int    // of durations, merged, of the bad trace, which says there why it lacks a call
	shares int    // 0 where percents of the difference say nothing
}

// needOf returns what the rows of a comparison need. Durations below an hour take no more than the header of the baseline's,
// and a blank more keeps both apart.
func needOf(x *index) need {
	n := need{durs: [2]int{len(" BASELINE"), len("  BASELINE")}, shares: sharesWidth(x.c)}
	for i := range x.calls {
		for side := range n.durs {
			several, sum := len(x.spans(i, views.Side(side))) > 1, x.calls[i].side[side].sum
			if !several && sum < units.Hour-units.Second {
				continue
			}
			width := 1 + draw.Width(x.lengths().Text(sum))
			if several {
				width += len("S ") // the sign of a sum
			}
			n.durs[side] = max(n.durs[side], width)
		}
		if x.c.Nodes[i].NotReached {
			n.merged = len(" not executed")
		}
	}
	n.merged = max(n.merged, n.durs[views.Bad])
	return n
}

// sharesWidth is the width of a column of shares.
func sharesWidth(c *compare.Comparison) int {
	if !c.Shares() {
		return 0
	}
	return views.ShareWidth
}

// layOut divides an area.
func layOut(w, h, widen int, s shape, n need) layout {
	l := layout{w: w, h: h, merged: s.merged(w)}
	if w >= tree.NamesLeast/2 {
		l.gutter = tree.GutterWidth
	}
	if l.merged {
		l.mergedColumns(widen, n)
		return l
	}
	l.signs, l.deltas, l.shares = signsWidth, partWidth, n.shares
	middle := middleWidth + n.shares
	side := (w - l.gutter - middle) / 2 // both alike, so that a name is cut alike on both
	durs := max(n.durs[views.Good], n.durs[views.Bad])
	l.side[views.Good] = sideColumns(l.gutter, side, widen, durs)
	l.delta = columns{x: l.gutter + side, w: middle}
	l.side[views.Bad] = sideColumns(l.gutter+side+middle, side, widen, durs)
	return l
}

func sideColumns(x, w, widen, durs int) columns {
	room := w - durs - 1 // a blank before the line
	names := min(max(max(room*3/5, tree.NamesLeast)+widen, tree.NamesLeast/2), room-tree.BarsLeast)
	return columns{x: x, w: w, names: names, bars: room - names, durs: durs}
}

// mergedColumns divides the width for one tree: what a call contributed comes before the durations, these before the bars.
func (l *layout) mergedColumns(widen int, n need) {
	room := l.w - l.gutter - tree.NamesLeast/2 - 1
	take := func(n int) int {
		if room < n {
			return 0
		}
		room -= n
		return n
	}
	l.deltas = take(partWidth)
	l.base, l.durs = n.durs[views.Good], take(n.durs[views.Good]+n.merged)
	l.signs = take(signsWidth)
	whole := room >= n.shares
	l.shares = take(n.shares)
	place := func() int {
		l.delta.w = l.durs + l.signs + l.deltas + l.partBar + l.shares + 1 // a blank at the edge
		l.delta.x = l.w - l.delta.w
		return l.delta.x - l.gutter
	}
	room = place()
	names, bars := room, 0
	switch {
	case room+n.shares >= tree.NamesLeast+mergedBarsMin+views.ShareWidth+2: // what shares leave is the names'
		names = min(max(room*3/5+widen, tree.NamesLeast), room-mergedBarsMin)
		bars = room - names
	case whole:
		// Two bars of time have no room: one of what each call contributed has.
		l.deltas, l.partBar = narrowPart, partBarWidth
		if room = place(); room < tree.NamesLeast {
			l.deltas, l.partBar = partWidth, 0
			room = place()
		}
		names = room
	}
	l.side[views.Good] = columns{x: l.gutter, w: room, names: names, bars: bars}
}

// Heights, in lines.
const (
	whyMost      = 8 // entries shown at most
	inspectLeast = 4 // of the pane with the differences of a pair
	rowsLeast    = 3 // rows come first
	headlineMost = 3
	trustMost    = 2
	tallEnough   = 28 // there is room for air around the causes
)

// heights divides the height: rows come first, then the first line of the headline, the first cause, the columns' header,
// what is in doubt, the rest of the headline, more causes, and the pane that was asked for. What few rows leave free is the
// causes'.
func (l *layout) heights(trust, headline, causes, rows int, inspect bool) {
	room := l.h
	take := func(n, left int) int {
		n = max(min(n, room-left), 0)
		room -= n
		return n
	}
	if inspect {
		l.inspect = take(max(l.h*2/5, inspectLeast), rowsLeast+2)
		if l.inspect < inspectLeast {
			room += l.inspect
			l.inspect = 0
		}
	}
	l.headline = take(min(headline, 1), 2)
	l.why = take(min(causes, 1), rowsLeast+1)
	l.header = take(1, rowsLeast)
	l.trust = take(min(trust, trustMost), rowsLeast)
	l.headline += take(min(headline, headlineMost)-l.headline, rowsLeast)
	switch {
	case l.h < tallEnough:
	case causes == 0:
		l.gap = take(1, rowsLeast)
	default:
		l.air, l.whyHead, l.gap = take(1, rowsLeast), take(1, rowsLeast), take(1, rowsLeast)
	}
	l.why += take(min(max(causes, 1)-1, whyMost-1, max((l.h-6)/6, room-rows)), min(room*2/3, max(rows, rowsLeast)))
	l.body = room
}

// bodyY is the line of the first row.
func (l layout) bodyY() int { return l.whyY() + l.why + l.gap + l.header }

// inspectY is the line above what differs at a call.
func (l layout) inspectY() int { return l.bodyY() + l.body }

// whyY is the line of the first cause.
func (l layout) whyY() int { return l.headline + l.trust + l.air + l.whyHead }
