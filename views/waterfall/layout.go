package waterfall

import "tracefall/views/tree"

// layout says where the parts of a waterfall are, in cells of the area. A height or width of 0 is a part there
// is no room for.
//
//	│gutter│names…                    │bars…                          │durations│
type layout struct {
	w, h                                        int
	title, minimap, banner, query, header, body int // heights, from top to bottom
	gutter, names, bars, barsX, durs            int // barsX is the first cell of the bars; a line on either side
}

// Widths, in cells.
const (
	durationWidth = 11 // "Σ 1 m 05 s"
	durationLeast = 9  // the longest duration
	namesMost     = 72 // by default; Wider goes further
)

// parts says what there is besides the rows.
type parts struct {
	widen         int // cells that the names get on top
	query, banner bool
}

// layOut divides an area. Rows come first, then the query while there is one, the title, the banner, the
// ruler and the minimap; names come first, then durations and bars.
func layOut(w, h int, parts parts) layout {
	l := layout{w: w, h: h}
	if w >= tree.NamesLeast/2 {
		l.gutter = tree.GutterWidth
	}
	room := w - l.gutter
	switch {
	case room >= tree.NamesLeast+durationWidth+tree.BarsLeast+2:
		l.durs = durationWidth
	case room >= tree.NamesLeast/2+durationLeast+1:
		l.durs = durationLeast + 1
	}
	room -= l.durs
	l.names = room
	if room-2 >= tree.NamesLeast+tree.BarsLeast {
		names := min(max(w*2/5, tree.NamesLeast), namesMost) + parts.widen
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
	l.title = take(3, 1)
	if parts.banner {
		l.banner = take(4, 1)
	}
	if l.bars > 0 {
		l.header = take(6, 1)
	}
	l.minimap = take(12, 1)
	l.minimap += take(36, 1)
	return l
}

// bodyY is the line of the first row.
func (l layout) bodyY() int { return l.title + l.minimap + l.banner + l.query + l.header }

// widens reports whether the names' column, which is wider than by default by widen, can grow by some cells.
func (l layout) widens(widen, by int) bool {
	now := layOut(l.w, l.h, parts{widen: widen})
	return now.bars > 0 && layOut(l.w, l.h, parts{widen: widen + by}).names != now.names
}
