package comparison

import (
	"sort"

	"tracefall/diagnose/compare"
	"tracefall/views/draw"
	"tracefall/views/tree"
)

// rowKind is what a row of a comparison stands for.
type rowKind uint8

const (
	runRow   rowKind = iota // siblings that were not executed, or that did not change
	callRow                 // a node of the aligned tree
	callsRow                // the calls of a node one by one, where it has something else beneath it
	pairRow                 // one of them
)

// row is one row of a comparison. Rows are ordered by node, and those of one node by kind.
type row struct {
	node   int32 // the node, or the first of the run
	end    int32 // of a run: the node behind it
	pair   int32 // of a pair: which one
	indent int32
	kind   rowKind
}

// rows is what decides which rows there are, and the rows.
type rows struct {
	*index
	runs   map[int]int // from the first node of a run to the node behind it
	folded tree.Set    // nodes
	open   tree.Set    // first nodes of runs that are open
	jumps  tree.Counts // the nodes that commands stop at: those that differ, of a run that was not executed the first
	single tree.Set    // nodes whose calls are shown one by one although they have something else beneath them

	list  []row
	stack []int // ends of the open runs around the row being built
}

// sameLeast is the number of unchanged siblings that become one row.
const sameLeast = 4

// newRows returns the rows with what does not differ folded, and what one side lacks.
func newRows(x *index) *rows {
	c := x.c
	n := len(c.Nodes)
	r := &rows{index: x, runs: map[int]int{}, folded: tree.NewSet(n), open: tree.NewSet(n), single: tree.NewSet(n)}
	last := make(map[int]int) // by parent: the first node of the run being found
	for i := range c.Nodes {
		if i > 0 && r.hasBelow(i) && r.foldsAtFirst(i) {
			r.folded.Add(i)
		}
		r.run(last, i)
	}
	for first, end := range r.runs {
		n := &c.Nodes[first]
		all := first == n.Parent+1 && end == c.Nodes[n.Parent].End // whoever opens the call above wants to see them
		if r.members(first, end) < runLeast(c, first) || all && !n.NotReached {
			delete(r.runs, first)
		}
	}
	r.jumps = r.stops()
	return r
}

// foldsAtFirst reports whether a call is closed until it is opened: where nothing of note is below it, and its row says the
// same number as the causes do.
func (r *rows) foldsAtFirst(i int) bool {
	node := &r.c.Nodes[i]
	if node.Presence != compare.Matched && !node.Level {
		return true
	}
	own, all := r.c.OwnOf(i, i+1), r.c.OwnOf(i, node.End)
	return r.weighs.In(i+1, node.End) == 0 && (!r.c.Weighs(own) || draw.DurationSigned(own) == draw.DurationSigned(all))
}

func (r *rows) stops() tree.Counts {
	list := make([]bool, len(r.c.Nodes))
	for i := range list {
		list[i] = r.differs.Has(i)
	}
	for first, end := range r.runs {
		for i := r.c.Nodes[first].End; i < end; i = r.c.Nodes[i].End {
			list[i] = false
		}
	}
	return tree.Count(list, len(list))
}

// run makes node i a part of a run of siblings, or begins one.
func (r *rows) run(last map[int]int, i int) {
	n := &r.c.Nodes[i]
	if n.Parent < 0 {
		return
	}
	first, running := last[n.Parent]
	if running && r.runs[first] == i && r.runnable(i) && r.c.Nodes[first].NotReached == n.NotReached {
		r.runs[first] = n.End
		return
	}
	delete(last, n.Parent)
	if r.runnable(i) {
		last[n.Parent] = i
		r.runs[i] = n.End
	}
}

// runnable reports whether a node can be part of a run: where the node above says the same, that one is folded.
func (r *rows) runnable(i int) bool {
	n := &r.c.Nodes[i]
	if n.NotReached {
		return !r.c.Nodes[n.Parent].NotReached
	}
	return r.same(i) && !r.same(n.Parent)
}

// runLeast is how many siblings make a run worth a row of its own.
func runLeast(c *compare.Comparison, first int) int {
	if c.Nodes[first].NotReached {
		return 2
	}
	return sameLeast
}

// members counts the siblings of a run.
func (r *rows) members(first, end int) int {
	n := 0
	for i := first; i < end; i = r.c.Nodes[i].End {
		n++
	}
	return n
}

// hasBelow reports whether there is anything to open at node i.
func (r *rows) hasBelow(i int) bool { return r.c.Nodes[i].End > i+1 || r.group(i) }

// Len, Level, State, SetOpen and Build implement tree.Rows.
func (r *rows) Len() int { return len(r.list) }

// Level implements tree.Rows.
func (r *rows) Level(k int) int { return int(r.list[k].indent) }

// State implements tree.Rows.
func (r *rows) State(k int) tree.State { return r.state(r.list[k]) }

func (r *rows) state(at row) tree.State {
	node := int(at.node)
	switch {
	case at.kind == runRow:
		return tree.OpenIf(r.open.Has(node))
	case at.kind == callsRow:
		return tree.OpenIf(r.single.Has(node))
	case at.kind == pairRow, !r.hasBelow(node):
		return tree.Leaf
	}
	return tree.OpenIf(!r.folded.Has(node))
}

// SetOpen implements tree.Rows.
func (r *rows) SetOpen(k int, open bool) {
	switch at := r.list[k]; at.kind {
	case runRow:
		r.open.Put(int(at.node), open)
	case callsRow:
		r.single.Put(int(at.node), open)
	case callRow:
		r.folded.Put(int(at.node), !open)
	case pairRow:
	}
}

// Build implements tree.Rows.
func (r *rows) Build(k int) int {
	at, ok := r.at(k)
	r.build()
	if !ok {
		return k
	}
	k = r.find(int(at.node), at.kind)
	if pair, is := r.at(k + int(at.pair)); is && at.kind == pairRow && pair.node == at.node && pair.kind == at.kind && pair.pair == at.pair {
		k += int(at.pair)
	}
	return k
}

// at returns a row.
func (r *rows) at(k int) (row, bool) {
	return tree.At(r.list, k)
}

// build makes the rows by one pass over the aligned tree.
func (r *rows) build() {
	r.list, r.stack = r.list[:0], r.stack[:0]
	for i := 0; i < len(r.c.Nodes); {
		for n := len(r.stack); n > 0 && i >= r.stack[n-1]; n-- {
			r.stack = r.stack[:n-1]
		}
		if end, ok := r.runs[i]; ok {
			r.list = append(r.list, row{int32(i), int32(end), 0, int32(r.c.Nodes[i].Depth + len(r.stack)), runRow})
			if !r.open.Has(i) {
				i = end
				continue
			}
			r.stack = append(r.stack, end)
		}
		i = r.add(i)
	}
}

// add adds the rows of node i and returns the node that comes next.
func (r *rows) add(i int) int {
	n := &r.c.Nodes[i]
	indent := int32(n.Depth + len(r.stack))
	r.list = append(r.list, row{int32(i), int32(n.End), 0, indent, callRow})
	if r.folded.Has(i) {
		return n.End
	}
	if r.group(i) {
		leaf := n.End == i+1
		if !leaf {
			indent++
			r.list = append(r.list, row{int32(i), int32(n.End), 0, indent, callsRow})
		}
		if leaf || r.single.Has(i) {
			for k := range max(len(n.Good), len(n.Bad)) {
				r.list = append(r.list, row{int32(i), int32(n.End), int32(k), indent + 1, pairRow})
			}
		}
	}
	return i + 1
}

// find returns the first row of a node that is of a kind, or of the one before; else the row that it is folded in.
func (r *rows) find(node int, kind rowKind) int {
	k := sort.Search(len(r.list), func(k int) bool {
		at := &r.list[k]
		return int(at.node) > node || int(at.node) == node && (at.kind > kind || at.kind == kind && at.pair > 0)
	}) - 1
	return max(k, 0)
}

// openAround opens every fold and run around a node and reports whether there was any.
func (r *rows) openAround(node int) bool {
	changed := false
	for i := node; i >= 0; i = r.c.Nodes[i].Parent {
		if i != node && r.folded.Has(i) {
			r.folded.Remove(i)
			changed = true
		}
		if first, ok := r.runAround(i); ok && !r.open.Has(first) {
			r.open.Add(first)
			changed = true
		}
	}
	return changed
}

// runAround returns the first node of the run that node i is a member of.
func (r *rows) runAround(i int) (first int, ok bool) {
	p := r.c.Nodes[i].Parent
	if p < 0 {
		return 0, false
	}
	for k := p + 1; k <= i; k = r.c.Nodes[k].End {
		if end, is := r.runs[k]; is && i < end {
			return k, true
		}
	}
	return 0, false
}

// FoldAll folds everything but the first call.
func (r *rows) FoldAll() {
	for i := 1; i < len(r.c.Nodes); i++ {
		if r.hasBelow(i) {
			r.folded.Add(i)
		}
	}
	clear(r.open)
	clear(r.single)
}

// OpenAll opens everything.
func (r *rows) OpenAll() {
	clear(r.folded)
	r.open.Fill()
	r.single.Fill()
}
