package flame

// box is a frame as it is laid out in its row: a node, or what of a node's children has no cell of its own.
type box struct {
	node      int32   // of the rest, their parent
	rest      int32   // how many children it stands for, 0 for a node
	x, w      int     // cells
	at, width float64 // from where it begins, and how wide it is, in the measure
}

// layout is the rows of frames from one node down, laid out as far as they were asked for. A row follows from the one
// above it, so that a frame costs what is on screen, whatever lies below.
type layout struct {
	g      *graph
	top    int32 // the node that fills the first row
	by     measure
	starts bool // siblings in the order of their first start, not by width
	w      int  // cells

	boxes []box
	rows  []int // where each row begins in boxes; one more than there are
	done  bool  // there are no more rows
}

// of makes the layout one of these frames, from scratch where it was another one.
func (l *layout) of(g *graph, top int32, by measure, starts bool, w int) {
	if l.g == g && l.top == top && l.by == by && l.starts == starts && l.w == w && len(l.rows) > 0 {
		return
	}
	*l = layout{g: g, top: top, by: by, starts: starts, w: w, boxes: l.boxes[:0], rows: l.rows[:0]}
	l.boxes = append(l.boxes, box{node: top, w: w, width: g.by[by].width[top]})
	l.rows = append(l.rows, 0, 1)
}

// row returns a row of boxes, from the left; nil below the last one.
func (l *layout) row(n int) []box {
	for !l.done && n > len(l.rows)-2 {
		l.next()
	}
	if n < 0 || n > len(l.rows)-2 {
		return nil
	}
	return l.boxes[l.rows[n]:l.rows[n+1]]
}

// depth returns how many rows there are, most at most.
func (l *layout) depth(most int) int {
	l.row(most - 1)
	return min(len(l.rows)-1, most)
}

// next lays out one row more: below each frame its children, as far as they have a cell, then the rest of them.
func (l *layout) next() {
	from, to := l.rows[len(l.rows)-2], l.rows[len(l.rows)-1]
	width, scale := l.g.by[l.by].width, l.scale()
	for i := from; i < to; i++ {
		if p := l.boxes[i]; p.rest == 0 {
			l.below(p, width, scale)
		}
	}
	if len(l.boxes) == to {
		l.done = true
		return
	}
	l.rows = append(l.rows, len(l.boxes))
}

// below lays out the children of a frame.
func (l *layout) below(p box, width []float64, scale float64) {
	kids, at, end := l.g.kids(p.node, l.by, l.starts), p.at, p.x+p.w
	var rest int32
	var left float64
	for n, kid := range kids {
		if width[kid]*scale < 1 {
			if l.starts {
				rest, left = rest+1, left+width[kid]
				continue
			}
			rest = int32(len(kids) - n) // those that follow are no wider
			for _, kid := range kids[n:] {
				left += width[kid]
			}
			break
		}
		x := min(cell(at, scale), end-1)
		l.boxes = append(l.boxes, box{node: kid, x: x, w: max(min(cell(at+width[kid], scale), end)-x, 1), at: at, width: width[kid]})
		at += width[kid]
	}
	if left <= 0 {
		return
	}
	x := cell(at, scale)
	if n := len(l.boxes); n > l.rows[len(l.rows)-1] && l.boxes[n-1].x+l.boxes[n-1].w > x {
		x = l.boxes[n-1].x + l.boxes[n-1].w
	}
	if to := min(max(cell(at+left, scale), x+1), end); to > x {
		l.boxes = append(l.boxes, box{node: p.node, rest: rest, x: x, w: to - x, at: at, width: left})
	}
}

// scale returns how many cells one unit of the measure takes, 0 where the node in the first row has none.
func (l *layout) scale() float64 {
	if whole := l.boxes[0].width; whole > 0 {
		return float64(l.w) / whole
	}
	return 0
}

// cell returns the cell that an amount reaches to.
func cell(at, scale float64) int { return int(at*scale + 0.5) }

// find returns which box of a row a node has, -1 where it has none.
func (l *layout) find(row int, node int32) int {
	for i, b := range l.row(row) {
		if b.node == node && b.rest == 0 {
			return i
		}
	}
	return -1
}

// hit returns which box of a row a cell belongs to, -1 for none.
func (l *layout) hit(row, x int) int {
	for i, b := range l.row(row) {
		if x >= b.x && x < b.x+b.w {
			return i
		}
	}
	return -1
}
