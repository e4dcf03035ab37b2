package compare

import (
	"cmp"
	"slices"

	"tracefall/diagnose/compare/calltree"
	"tracefall/diagnose/facts"
)

// Presence says on which side of a comparison a call is.
type Presence uint8

// The presences.
const (
	Matched Presence = iota
	Added            // only in the bad trace
	Missing          // only in the good trace
)

// Node is a row of the aligned tree. Nodes lie in one pre-order array.
type Node struct {
	Presence   Presence
	Op         facts.Op  // of the bad side where it is there, else of the good: what the call is named by everywhere
	Service    string    // that does the work: the one that serves the call where a trace shows it, else that of Op
	Services   [2]string // of the good side and of the bad: Service, unless other services call or serve
	Good       []int     // span indexes in the good trace, one a call
	Bad        []int     // likewise in the bad trace
	Depth      int
	Parent     int  // index, -1 for the root
	End        int  // index after the subtree
	Relaxed    bool // matched although the operations differ: renamed, or another peer
	Moved      int  // index of the node that it moved to or from, -1 for none
	NotReached bool // missing because what comes before it failed
	Level      bool // a level that only one side has, around calls that match

	good, bad int32 // nodes of the trees, -1 for none
}

// aligner walks two trees at once.
type aligner struct {
	good, bad *calltree.Tree
	nodes     []Node
	ambiguous int
	mirrored  bool     // among equals the bad side goes first, so that swapping the sides swaps the result
	matching  matching // its memory serves one pair after the other
}

// work is a pair of nodes still to be written down; -1 is no node.
type work struct {
	good, bad int32
	parent    int
	levels    *levels // for a level: what stands inside; else the children are found by matching
}

// align writes the aligned tree. The roots match whatever they are, but a root that only stands above the pieces of
// a trace is a level around the other trace's, unless the pieces are what that one calls; and so is a root that calls
// what the other trace begins with: a new proxy, or a root that is not in the other export.
func align(good, bad *calltree.Tree) *aligner {
	a := &aligner{good: good, bad: bad, nodes: make([]Node, 0, max(len(good.Calls), len(bad.Calls)))}
	a.matching.a = a
	a.mirrored = good.Calls[0].Shape > bad.Calls[0].Shape
	stack := []work{a.roots()}
	for len(stack) > 0 {
		w := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		at := a.write(w)
		first := len(stack)
		stack = a.children(w, stack)
		for k := range stack[first:] {
			stack[first+k].parent = at
		}
		slices.Reverse(stack[first:])
	}
	a.ends()
	a.moved()
	return a
}

func (a *aligner) roots() work {
	w := work{parent: -1}
	x, y := a.good.Facts.Trace, a.bad.Facts.Trace
	switch goodPieces, badPieces := x.First() > 0, y.First() > 0; {
	case badPieces && !goodPieces && !pairsWithRoot(a.bad, a.good):
		w.good, w.levels = -1, above(a.bad, a.good)
	case goodPieces && !badPieces && !pairsWithRoot(a.good, a.bad):
		w.bad, w.levels = -1, above(a.good, a.bad)
	case goodPieces || badPieces || a.good.Calls[0].Key == a.bad.Calls[0].Key:
	case a.bad.Calls[0].Makes(a.bad, a.good.Calls[0].Key):
		w.good, w.levels = -1, above(a.bad, a.good)
	case a.good.Calls[0].Makes(a.good, a.bad.Calls[0].Key):
		w.bad, w.levels = -1, above(a.good, a.bad)
	}
	return w
}

// above makes the root above pieces, or above the call that is the root of the other trace, a level around that one:
// its counterpart is the piece with the same operation, else the one that stands for the trace.
func above(pieces, whole *calltree.Tree) *levels {
	l := newLevels()
	l.level[0] = true
	at := pieces.Of[pieces.Facts.Trace.Root().Index()]
	kids := pieces.Calls[0].Kids
	if k := slices.IndexFunc(kids, func(k int32) bool { return pieces.Calls[k].Key == whole.Calls[0].Key }); k >= 0 {
		at = kids[k]
	}
	l.inside[at] = 0
	return l
}

func (a *aligner) write(w work) int {
	n := Node{good: w.good, bad: w.bad, Parent: w.parent, Level: w.levels != nil, Moved: -1}
	if w.parent >= 0 {
		n.Depth = a.nodes[w.parent].Depth + 1
	}
	if w.good >= 0 {
		n.Presence, n.Op, n.Good = Missing, a.good.Op(w.good), a.good.Calls[w.good].Members
	}
	if w.bad >= 0 {
		n.Presence, n.Op, n.Bad = Added, a.bad.Op(w.bad), a.bad.Calls[w.bad].Members
	}
	if w.good >= 0 && w.bad >= 0 {
		n.Presence = Matched
		pieces := w.parent < 0 && (a.good.Facts.Trace.First() > 0 || a.bad.Facts.Trace.First() > 0)
		n.Relaxed = a.good.Calls[w.good].Key != a.bad.Calls[w.bad].Key && !pieces
		if pieces && a.bad.Facts.Trace.First() > 0 {
			n.Op = a.good.Op(w.good) // a root that there is says more
		}
	}
	good, bad := serving(a.good, w.good), serving(a.bad, w.bad)
	n.Service = cmp.Or(bad, good, n.Op.Service)
	n.Services = [2]string{n.Service, n.Service}
	if n.Presence == Matched {
		if x, y := a.good.Op(w.good).Service, a.bad.Op(w.bad).Service; x != y {
			n.Services = [2]string{cmp.Or(good, x), cmp.Or(bad, y)}
		} else if good != "" && bad != "" {
			n.Services = [2]string{good, bad}
		}
	}
	a.nodes = append(a.nodes, n)
	return len(a.nodes) - 1
}

// serving returns the service that serves a call of a tree, "" where the trace does not show one, or several.
func serving(t *calltree.Tree, node int32) string {
	if node < 0 {
		return ""
	}
	service := ""
	for n, i := range t.Calls[node].Servers {
		one := t.Facts.Op(i).Service
		if n > 0 && one != service {
			return ""
		}
		service = one
	}
	return service
}

// ends fills in the subtree ends: going backwards, each node pushes its own to its parent.
func (a *aligner) ends() {
	for i := len(a.nodes) - 1; i >= 0; i-- {
		n := &a.nodes[i]
		n.End = max(n.End, i+1)
		if n.Parent >= 0 {
			p := &a.nodes[n.Parent]
			p.End = max(p.End, n.End)
		}
	}
}

// children appends the children of a pair to list: in the order of the good side, what was added after what comes
// before it in the bad one.
func (a *aligner) children(w work, list []work) []work {
	switch {
	case w.good < 0:
		return w.levels.below(a.bad.Calls[w.bad].Kids, true, list)
	case w.bad < 0:
		return w.levels.below(a.good.Calls[w.good].Kids, false, list)
	}
	m := &a.matching
	m.good.of(a.good, w.good)
	m.bad.of(a.bad, w.bad)
	m.exact()
	m.findLevels()
	m.relax()
	return m.list(list)
}

// list writes the pairs down in order.
func (m *matching) list(out []work) []work {
	k := 0
	added := func(until int) {
		for ; k < until; k++ {
			if m.bad.to[k] < 0 && !m.bad.inside[k] {
				out = append(out, work{good: -1, bad: m.bad.kids[k], levels: m.bad.levels.of(m.bad.kids[k])})
			}
		}
	}
	for i, g := range m.good.kids {
		if to := m.good.to[i]; to >= 0 {
			added(to)
			out = append(out, work{good: g, bad: m.bad.kids[to]})
		} else if !m.good.inside[i] {
			out = append(out, work{good: g, bad: -1, levels: m.good.levels.of(g)})
		}
	}
	added(len(m.bad.kids))
	return out
}

// pairsWithRoot reports whether the pieces of a trace that lost its root are the calls that the other trace's root
// makes: then the two stand for each other.
func pairsWithRoot(pieces, whole *calltree.Tree) bool {
	root := &whole.Calls[0]
	known := make(map[int32]bool, len(root.Kids))
	for _, k := range root.Kids {
		known[whole.Calls[k].Key] = true
	}
	var all, alike int32
	for _, k := range pieces.Calls[0].Kids {
		c := &pieces.Calls[k]
		if c.Key == root.Key {
			return false
		}
		all += c.Size
		if known[c.Key] {
			alike += c.Size
		}
	}
	return 2*alike >= all && alike > 0
}
