package servicemap

import (
	"cmp"
	"slices"
)

// Map is a graph as it is shown: by itself, or beside that of the baseline, with everything that either has.
type Map struct {
	Nodes []MapNode // sorted by kind and name
	Edges []MapEdge // sorted by their nodes
	Rates [2]Rate   // of the baseline, of what is shown
	Of    [2]*Graph // likewise; the baseline is nil where there is none
}

// MapNode is a node with what it is in the baseline.
type MapNode struct {
	Node
	Baseline Node // the zero Node where it is not in it
	Side     Side
}

// MapEdge is an edge with what it is in the baseline.
type MapEdge struct {
	From, To int // nodes of the map
	Calls
	Baseline Calls
	Side     Side
}

// Side says in which of two graphs something is.
type Side uint8

// The sides.
const (
	Both Side = iota // also of everything where there is no baseline
	OnlyBad
	OnlyBaseline
)

// New returns the map of one graph.
func New(g *Graph) *Map {
	m := &Map{Of: [2]*Graph{nil, g}, Rates: [2]Rate{{Over: 1}, Rates(g)[0]}}
	for _, n := range g.Nodes {
		m.Nodes = append(m.Nodes, MapNode{Node: n})
	}
	for _, e := range g.Edges {
		m.Edges = append(m.Edges, MapEdge{From: e.From, To: e.To, Calls: e.Calls})
	}
	return m
}

// Compare returns the map of a graph beside that of the baseline. Nodes are the same where their names are.
func Compare(baseline, bad *Graph) *Map {
	m := &Map{Of: [2]*Graph{baseline, bad}}
	copy(m.Rates[:], Rates(baseline, bad))
	at := map[string]int{}
	place := [2][]int{make([]int, len(baseline.Nodes)), make([]int, len(bad.Nodes))}
	for i, n := range bad.Nodes {
		at[n.Name] = len(m.Nodes)
		place[1][i] = len(m.Nodes)
		m.Nodes = append(m.Nodes, MapNode{Node: n, Side: OnlyBad})
	}
	for i, n := range baseline.Nodes {
		to, known := at[n.Name]
		if !known {
			to = len(m.Nodes)
			m.Nodes = append(m.Nodes, MapNode{Node: Node{Name: n.Name, Kind: n.Kind}, Side: OnlyBaseline})
		} else {
			m.Nodes[to].Side = Both
			m.Nodes[to].Kind = min(m.Nodes[to].Kind, n.Kind)
		}
		m.Nodes[to].Baseline = n
		place[0][i] = to
	}
	edges := map[[2]int]int{}
	for _, e := range bad.Edges {
		from, to := place[1][e.From], place[1][e.To]
		edges[[2]int{from, to}] = len(m.Edges)
		m.Edges = append(m.Edges, MapEdge{From: from, To: to, Calls: e.Calls, Side: OnlyBad})
	}
	for _, e := range baseline.Edges {
		from, to := place[0][e.From], place[0][e.To]
		i, known := edges[[2]int{from, to}]
		if !known {
			m.Edges = append(m.Edges, MapEdge{From: from, To: to, Baseline: e.Calls, Side: OnlyBaseline})
			continue
		}
		m.Edges[i].Baseline, m.Edges[i].Side = e.Calls, Both
	}
	m.order()
	return m
}

// Compared reports whether the map has a baseline.
func (m *Map) Compared() bool { return m.Of[0] != nil }

// Longest returns the slowest call to the node, or where there is none its slowest span; ok is false for a node without
// spans, such as one that only the baseline has.
func (n *Node) Longest() (at Calls, ok bool) {
	if n.Trace == nil {
		return Calls{Trace: n.Slowest, Span: n.SlowestSpan}, n.Slowest != nil
	}
	return n.Calls, true
}

// order sorts nodes by kind and name, edges by their nodes.
func (m *Map) order() {
	nodes := slices.Clone(m.Nodes)
	place := places(nodes, func(n *MapNode) *Node { return &n.Node })
	for i, at := range place {
		m.Nodes[at] = nodes[i]
	}
	for i := range m.Edges {
		e := &m.Edges[i]
		e.From, e.To = place[e.From], place[e.To]
	}
	slices.SortFunc(m.Edges, func(a, b MapEdge) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
}
