package layered

import "slices"

// Layers is a graph in layers. A unit is a node, by its number, or from Nodes on a place where a long edge passes
// through a layer.
type Layers struct {
	Nodes int
	Layer []int   // of each unit
	Order [][]int // the units of each layer from top to bottom
	Back  []bool  // by edge: it closes a cycle, and is laid out from right to left
	Chain [][]int // by edge: the units that it runs through, from left to right; nil for an edge from a node to itself

	edges [][2]int // from left to right
	left  [][]int  // by unit: its neighbours in the layer before
	right [][]int  // likewise, in the layer behind
}

// Arrange lays n nodes out in layers. Edges name nodes; each pair of nodes at most once in each direction.
func Arrange(n int, edges [][2]int) *Layers {
	l := &Layers{Nodes: n, Layer: make([]int, n), Back: make([]bool, len(edges)), edges: slices.Clone(edges)}
	l.breakCycles()
	l.layer()
	l.chains()
	l.order()
	return l
}

// neighbours lists the nodes that edges lead to, by node; back turns edges around.
func (l *Layers) neighbours(back bool) [][]int {
	list := make([][]int, l.Nodes)
	for _, e := range l.edges {
		if back {
			e[0], e[1] = e[1], e[0]
		}
		if e[0] != e[1] {
			list[e[0]] = append(list[e[0]], e[1])
		}
	}
	return list
}

// breakCycles turns around the edges that lead back to a node which the search in depth is still below. The search
// begins at nodes that nobody calls, then at those that call more than they are called.
func (l *Layers) breakCycles() {
	out, in := l.neighbours(false), l.neighbours(true)
	starts := make([]int, l.Nodes)
	for i := range starts {
		starts[i] = i
	}
	slices.SortStableFunc(starts, func(a, b int) int {
		if none := len(in[a]) == 0; none != (len(in[b]) == 0) {
			if none {
				return -1
			}
			return 1
		}
		return (len(out[b]) - len(in[b])) - (len(out[a]) - len(in[a]))
	})
	const (
		unseen = iota
		open
		done
	)
	state := make([]uint8, l.Nodes)
	next := make([]int, l.Nodes) // which neighbour is looked at next
	back := map[[2]int]bool{}
	var path []int
	for _, start := range starts {
		if state[start] != unseen {
			continue
		}
		state[start], path = open, append(path, start)
		for len(path) > 0 {
			at := path[len(path)-1]
			if next[at] == len(out[at]) {
				state[at], path = done, path[:len(path)-1]
				continue
			}
			to := out[at][next[at]]
			next[at]++
			switch state[to] {
			case unseen:
				state[to], path = open, append(path, to)
			case open:
				back[[2]int{at, to}] = true
			}
		}
	}
	for i, e := range l.edges {
		if back[e] {
			l.Back[i], l.edges[i] = true, [2]int{e[1], e[0]}
		}
	}
}

// layer puts every node as far left as what leads to it allows; nodes with more edges behind them than before them then
// move right, towards these.
func (l *Layers) layer() {
	out, in := l.neighbours(false), l.neighbours(true)
	wait := make([]int, l.Nodes)
	var order []int // every node behind those that lead to it
	for i := range wait {
		if wait[i] = len(in[i]); wait[i] == 0 {
			order = append(order, i)
		}
	}
	for at := 0; at < len(order); at++ {
		for _, to := range out[order[at]] {
			l.Layer[to] = max(l.Layer[to], l.Layer[order[at]]+1)
			if wait[to]--; wait[to] == 0 {
				order = append(order, to)
			}
		}
	}
	for _, at := range slices.Backward(order) {
		if len(out[at]) <= len(in[at]) {
			continue
		}
		near := l.Layer[out[at][0]]
		for _, to := range out[at] {
			near = min(near, l.Layer[to])
		}
		l.Layer[at] = near - 1
	}
	l.closeGaps()
}

// closeGaps renumbers the layers, so that none is without nodes.
func (l *Layers) closeGaps() {
	used := slices.Clone(l.Layer)
	slices.Sort(used)
	used = slices.Compact(used)
	for i, at := range l.Layer {
		l.Layer[i], _ = slices.BinarySearch(used, at)
	}
}

// chains cuts edges that pass through layers into one piece a layer.
func (l *Layers) chains() {
	l.Chain = make([][]int, len(l.edges))
	for i, e := range l.edges {
		if e[0] == e[1] {
			continue
		}
		chain := []int{e[0]}
		for layer := l.Layer[e[0]] + 1; layer < l.Layer[e[1]]; layer++ {
			chain = append(chain, len(l.Layer))
			l.Layer = append(l.Layer, layer)
		}
		l.Chain[i] = append(chain, e[1])
	}
	l.left, l.right = make([][]int, len(l.Layer)), make([][]int, len(l.Layer))
	for _, chain := range l.Chain {
		for k := 1; k < len(chain); k++ {
			l.right[chain[k-1]] = append(l.right[chain[k-1]], chain[k])
			l.left[chain[k]] = append(l.left[chain[k]], chain[k-1])
		}
	}
}

// Dummy reports whether a unit is a place where an edge passes through, and not a node.
func (l *Layers) Dummy(unit int) bool { return unit >= l.Nodes }
