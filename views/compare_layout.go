package views

// diffLayout says where the parts of a comparison are, in cells of the area. A height or width of 0 is a part there
// is no room for.
//
//	side by side  │gutter│names bars duration │ signs Δ share │names bars duration │
//	merged        │gutter│names│bars          │signs│ good│ bad│ Δ share│
type diffLayout struct {
	w, h                                               int
	title, trust, headline, why, header, body, inspect int // heights, from top to bottom
	merged                                             bool
	gutter                                             int
	side                                               [2]diffColumns // side by side; merged only the first
	delta                                              diffColumns    // merged: with the durations of both
	signs, durs, deltas, shares                        int            // widths within delta
}

// diffColumns are columns next to each other: names, bars, durations; x is where they begin.
type diffColumns struct{ x, w, names, bars, durs int }

// Widths, in cells.
const (
	signsWidth    = 3
	middleWidth   = 1 + signsWidth + deltaWidth + shareWidth + 2 // with lines and a blank around
	sideDuration  = 11                                           // blank, "Σ 1 m 05 s"
	sideBySide    = 110
	mergedBarsMin = 16
	diffNameRoom  = 12 // indentation leaves so much to a row's name
)

// layoutCompare divides an area.
func layoutCompare(w, h, widen int, merged bool) diffLayout {
	l := diffLayout{w: w, h: h, merged: merged || w < sideBySide}
	if w >= namesLeast/2 {
		l.gutter = gutterWidth
	}
	if l.merged {
		l.mergedColumns(widen)
		return l
	}
	l.signs, l.deltas, l.shares = signsWidth, deltaWidth, shareWidth
	room := w - l.gutter - middleWidth
	left := room / 2
	l.side[goodSide] = sideColumns(l.gutter, left, widen)
	l.delta = diffColumns{x: l.gutter + left, w: middleWidth}
	l.side[badSide] = sideColumns(l.gutter+left+middleWidth, room-left, widen)
	return l
}

func sideColumns(x, w, widen int) diffColumns {
	room := w - sideDuration - 1 // a blank before the line
	names := min(max(room*2/3+widen, namesLeast/2), room-barsLeast)
	return diffColumns{x: x, w: w, names: names, bars: room - names, durs: sideDuration}
}

// mergedColumns divides the width for one tree: the difference comes before the durations, these before the bars.
func (l *diffLayout) mergedColumns(widen int) {
	room := l.w - l.gutter - namesLeast/2
	take := func(n int) int {
		if room < n {
			return 0
		}
		room -= n
		return n
	}
	l.deltas = take(deltaWidth + 1)
	l.durs = take(2 * sideDuration)
	l.signs = take(signsWidth)
	l.shares = take(shareWidth)
	l.delta.w = l.deltas + l.durs + l.signs + l.shares
	l.delta.x = l.w - l.delta.w
	room = l.delta.x - l.gutter
	names, bars := room, 0
	if room >= namesLeast+mergedBarsMin+2 {
		names = min(max(room*3/5+widen, namesLeast), room-mergedBarsMin)
		bars = room - names
	}
	l.side[goodSide] = diffColumns{x: l.gutter, w: room, names: names, bars: bars}
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
func (l *diffLayout) heights(trust, headline, causes, rows int, inspect bool) {
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
func (l diffLayout) bodyY() int { return l.whyY() + l.why + l.header }

// whyY is the line of the first cause.
func (l diffLayout) whyY() int { return l.title + l.trust + l.headline }
