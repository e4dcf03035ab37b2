package waterfall

import "tracefall/views/tree"

// layout says where the parts of a waterfall are, in cells of the area. A height or width of 0 is a part there
// is no room for.
//
//	│                              │minimap…                        │              │
//	│gutter│names…                  │bars…                          │self│durations│
type layout struct {
	w, h                                    int
	banner, query, minimap, header, body    int // heights, from top to bottom
	gutter, names, bars, barsX, selfs, durs int // barsX is the first cell of the bars; a line on either side
}

// Widths, in cells.
const (
	selfWidth     = 9  // a blank and the longest self time
	durationWidth = 11 // with a sign before it
	selfLeast     = 76 // of a terminal that has room for self times
	namesNarrow   = 36 // in a narrow terminal they get more of it
	namesMost     = 72 // by default; Wider goes further
)

// parts says what there is besides the rows.
type parts struct {
	widen         int // cells that the names get on top
	query, banner bool
}

// layOut divides an area. Rows come first, then the query while there is one, the finding, the ruler and the minimap;
// names come first, then durations, bars and self times.
func layOut(w, h int, parts parts) layout {
	l := layout{w: w, h: h}
	if w >= tree.NamesLeast/2 {
		l.gutter = tree.GutterWidth
	}
	room := w - l.gutter
	if room >= tree.NamesLeast/2+durationWidth {
		l.durs = durationWidth
	}
	if w >= selfLeast {
		l.selfs = selfWidth
	}
	room -= l.durs + l.selfs
	l.names = room
	if room-2 >= tree.NamesLeast+tree.BarsLeast {
		names := min(max(w*3/8, min(w*43/100, namesNarrow), tree.NamesLeast), namesMost) + parts.widen
		l.names = min(max(names, tree.NamesLeast/2), room-2-tree.BarsLeast)
		l.bars = room - 2 - l.names
		l.barsX = l.gutter + l.names + 1
	}
	l.body = h
	take := func(least, n int) int {
		if h < least {
			return 0
		}
		l.body -= n
		return n
	}
	if parts.query {
		l.query = take(2, 1)
	}
	if parts.banner {
		l.banner = take(3, 1)
	}
	if l.bars > 0 {
		l.header = take(5, 1)
		l.minimap = take(12, 1)
	}
	return l
}

// bodyY is the line of the first row.
func (l layout) bodyY() int { return l.minimapY() + l.minimap + l.header }

// minimapY is the line of the minimap.
func (l layout) minimapY() int { return l.banner + l.query }

// widens reports whether the names' column, which is wider than by default by widen, can grow by some cells.
func (l layout) widens(widen, by int) bool {
	now := layOut(l.w, l.h, parts{widen: widen})
	return now.bars > 0 && layOut(l.w, l.h, parts{widen: widen + by}).names != now.names
}
