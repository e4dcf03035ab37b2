package comparison

import (
	"sort"

	"tracefall/diagnose/compare"
	"tracefall/views/waterfall"
)

// rowKind is what a row of a comparison stands for.
type rowKind uint8

const (
	runRow   rowKind = iota // siblings that were not executed, or that did not change
	callRow                 // a node of the aligned tree
	callsRow                // the calls of a node one by one, where it has something else beneath it
	pairRow                 // one of them
)

// diffRow is one row of a comparison. Rows are ordered by node, and those of one node by kind.
type diffRow struct {
	node   int32 // the node, or the first of the run
	end    int32 // of a run: the node behind it
	pair   int32 // of a pair: which one
	indent int32
	kind   rowKind
}

// diffRows is what decides which rows there are, and the rows.
type diffRows struct {
	c      *compare.Comparison
	x      *diffIndex
	runs   map[int]int          // from the first node of a run to the node behind it
	folded waterfall.SpanBits   // nodes
	open   waterfall.SpanBits   // first nodes of runs that are open
	jumps  waterfall.SpanCounts // the nodes that commands stop at: those that differ, of a run that was not executed the first
	single waterfall.SpanBits   // nodes whose calls are shown one by one although they have something else beneath them

	rows  []diffRow
	stack []int // ends of the open runs around the row being built
}

// sameLeast is the number of unchanged siblings that become one row.
const sameLeast = 4

// newDiffTree returns the tree with what does not differ folded, and what one side lacks.
func newDiffTree(c *compare.Comparison, x *diffIndex) *diffRows {
	n := len(c.Nodes)
	d := &diffRows{c: c, x: x, runs: map[int]int{}, folded: waterfall.NewSpanBits(n), open: waterfall.NewSpanBits(n), single: waterfall.NewSpanBits(n)}
	last := make(map[int]int) // by parent: the first node of the run being found
	for i := range c.Nodes {
		node := &c.Nodes[i]
		if i > 0 && d.hasBelow(i) && (x.weighs.In(i+1, node.End) == 0 || node.Presence != compare.Matched && !node.Level) {
			d.folded.Add(i)
		}
		d.run(last, i)
	}
	for first, end := range d.runs {
		n := &c.Nodes[first]
		all := first == n.Parent+1 && end == c.Nodes[n.Parent].End // whoever opens the call above wants to see them
		if d.members(first, end) < runLeast(c, first) || all && !n.NotReached {
			delete(d.runs, first)
		}
	}
	d.jumps = d.stops()
	return d
}

func (d *diffRows) stops() waterfall.SpanCounts {
	list := make([]bool, len(d.c.Nodes))
	for i := range list {
		list[i] = d.x.differs.Has(i)
	}
	for first, end := range d.runs {
		for i := d.c.Nodes[first].End; i < end; i = d.c.Nodes[i].End {
			list[i] = false
		}
	}
	return waterfall.CountSpans(list, len(list))
}

// run makes node i a part of a run of siblings, or begins one.
func (d *diffRows) run(last map[int]int, i int) {
	n := &d.c.Nodes[i]
	if n.Parent < 0 {
		return
	}
	first, running := last[n.Parent]
	if running && d.runs[first] == i && d.runnable(i) && d.c.Nodes[first].NotReached == n.NotReached {
		d.runs[first] = n.End
		return
	}
	delete(last, n.Parent)
	if d.runnable(i) {
		last[n.Parent] = i
		d.runs[i] = n.End
	}
}

// runnable tells whether a node can be part of a run: where the node above says the same, that one is folded.
func (d *diffRows) runnable(i int) bool {
	n := &d.c.Nodes[i]
	if n.NotReached {
		return !d.c.Nodes[n.Parent].NotReached
	}
	return d.x.same(i) && !d.x.same(n.Parent)
}

// runLeast is how many siblings make a run worth a row of its own.
func runLeast(c *compare.Comparison, first int) int {
	if c.Nodes[first].NotReached {
		return 2
	}
	return sameLeast
}

// members counts the siblings of a run.
func (d *diffRows) members(first, end int) int {
	n := 0
	for i := first; i < end; i = d.c.Nodes[i].End {
		n++
	}
	return n
}

// hasBelow tells whether there is anything to open at node i.
func (d *diffRows) hasBelow(i int) bool { return d.c.Nodes[i].End > i+1 || d.x.group(i) }

// build makes the rows by one pass over the aligned tree.
func (d *diffRows) build() {
	d.rows, d.stack = d.rows[:0], d.stack[:0]
	for i := 0; i < len(d.c.Nodes); {
		for n := len(d.stack); n > 0 && i >= d.stack[n-1]; n-- {
			d.stack = d.stack[:n-1]
		}
		if end, ok := d.runs[i]; ok {
			d.rows = append(d.rows, diffRow{int32(i), int32(end), 0, int32(d.c.Nodes[i].Depth + len(d.stack)), runRow})
			if !d.open.Has(i) {
				i = end
				continue
			}
			d.stack = append(d.stack, end)
		}
		i = d.Add(i)
	}
}

// Add adds the rows of node i and returns the node that comes next.
func (d *diffRows) Add(i int) int {
	n := &d.c.Nodes[i]
	indent := int32(n.Depth + len(d.stack))
	d.rows = append(d.rows, diffRow{int32(i), int32(n.End), 0, indent, callRow})
	if d.folded.Has(i) {
		return n.End
	}
	if d.x.group(i) {
		leaf := n.End == i+1
		if !leaf {
			indent++
			d.rows = append(d.rows, diffRow{int32(i), int32(n.End), 0, indent, callsRow})
		}
		if leaf || d.single.Has(i) {
			for k := range max(len(n.Good), len(n.Bad)) {
				d.rows = append(d.rows, diffRow{int32(i), int32(n.End), int32(k), indent + 1, pairRow})
			}
		}
	}
	return i + 1
}

// Find returns the first row of a node that is of a kind, or of the one before; else the row that it is folded in.
func (d *diffRows) Find(node int, kind rowKind) int {
	row := sort.Search(len(d.rows), func(k int) bool {
		r := &d.rows[k]
		return int(r.node) > node || int(r.node) == node && (r.kind > kind || r.kind == kind && r.pair > 0)
	}) - 1
	return max(row, 0)
}

// shows tells whether row number k stands for what r stood for.
func (d *diffRows) shows(k int, r diffRow) bool {
	return k < len(d.rows) && d.rows[k].node == r.node && d.rows[k].kind == r.kind && d.rows[k].pair == r.pair
}

// uncover opens every fold and run around a node and tells whether there was any.
func (d *diffRows) uncover(node int) bool {
	changed := false
	for i := node; i >= 0; i = d.c.Nodes[i].Parent {
		if i != node && d.folded.Has(i) {
			d.folded.Remove(i)
			changed = true
		}
		if first, ok := d.runAround(i); ok && !d.open.Has(first) {
			d.open.Add(first)
			changed = true
		}
	}
	return changed
}

// runAround returns the first node of the run that node i is a member of.
func (d *diffRows) runAround(i int) (first int, ok bool) {
	p := d.c.Nodes[i].Parent
	if p < 0 {
		return 0, false
	}
	for k := p + 1; k <= i; k = d.c.Nodes[k].End {
		if end, is := d.runs[k]; is && i < end {
			return k, true
		}
	}
	return 0, false
}

// parentRow returns the row under which row k is indented, -1 for none.
func (d *diffRows) parentRow(k int) int {
	for p := k - 1; p >= 0; p-- {
		if d.rows[p].indent < d.rows[k].indent {
			return p
		}
	}
	return -1
}

// canOpen tells whether there is anything beneath a row.
func (d *diffRows) canOpen(r diffRow) bool {
	return r.kind == runRow || r.kind == callsRow || r.kind == callRow && d.hasBelow(int(r.node))
}

// isOpen tells whether what is beneath a row is shown.
func (d *diffRows) isOpen(r diffRow) bool {
	switch r.kind {
	case runRow:
		return d.open.Has(int(r.node))
	case callsRow:
		return d.single.Has(int(r.node))
	case callRow:
		return d.hasBelow(int(r.node)) && !d.folded.Has(int(r.node))
	case pairRow:
	}
	return false
}

// setOpen opens or folds a row; the rows must be built again.
func (d *diffRows) setOpen(r diffRow, open bool) {
	bits := d.open
	switch r.kind {
	case callRow:
		bits, open = d.folded, !open
	case callsRow:
		bits = d.single
	case runRow, pairRow:
	}
	if open {
		bits.Add(int(r.node))
	} else {
		bits.Remove(int(r.node))
	}
}

// foldAll folds everything but the first call; openAll opens everything.
func (d *diffRows) foldAll() {
	for i := 1; i < len(d.c.Nodes); i++ {
		if d.hasBelow(i) {
			d.folded.Add(i)
		}
	}
	clear(d.open)
	clear(d.single)
}

func (d *diffRows) openAll() {
	clear(d.folded)
	for i := range d.open {
		d.open[i], d.single[i] = ^uint64(0), ^uint64(0)
	}
}

// level folds the deepest open rows or opens the highest folded ones; false when there were none.
func (d *diffRows) level(open bool) bool {
	at := int32(-1)
	for _, r := range d.rows {
		switch {
		case !d.canOpen(r) || d.isOpen(r) == open:
		case at < 0, open && r.indent < at, !open && r.indent > at:
			at = r.indent
		}
	}
	changed := false
	for _, r := range d.rows {
		if r.indent == at && d.canOpen(r) && d.isOpen(r) != open {
			d.setOpen(r, open)
			changed = true
		}
	}
	return changed
}
