package flame

import (
	"slices"

	"tracefall/views"
)

// walk is a graph with a cursor in it, and the part of it that is zoomed to.
type walk struct {
	graph  *graph // nil until it is counted
	by     measure
	starts bool // siblings in the order of their first start

	zooms []int32 // nodes that were zoomed to, the last fills the first row; none: all
	at    int32   // the node under the cursor
	path  []int32 // where the cursor came up from, the last first to go down to again
	rows  layout
	cells int // across, as last drawn
}

// newWalk is all of a graph, with the cursor at its top.
func newWalk(g *graph, by measure, starts bool, cells int) walk {
	return walk{graph: g, by: by, starts: starts, at: g.base, cells: cells}
}

// zoom returns the node that fills the first row.
func (w *walk) zoom() int32 {
	if n := len(w.zooms); n > 0 {
		return w.zooms[n-1]
	}
	return w.graph.base
}

// depth returns the row of a node below the zoom.
func (w *walk) depth(node int32) int {
	return int(w.graph.tree.Nodes[node].Depth - w.graph.tree.Nodes[w.zoom()].Depth)
}

// zoomTo makes a node the first row, with the cursor on it.
func (w *walk) zoomTo(node int32) {
	if node != w.zoom() {
		w.zooms = append(w.zooms, node)
	}
	w.at, w.path = node, w.path[:0]
}

// zoomOut goes back to the zoom before, or to all frames; the cursor stays on its frame.
func (w *walk) zoomOut(all bool) {
	w.zooms = w.zooms[:len(w.zooms)-1]
	if all {
		w.zooms = w.zooms[:0]
	}
	w.path = w.path[:0]
}

// lay lays the rows out as they are to be drawn next: several keys may come between two frames.
func (w *walk) lay() *layout {
	w.rows.of(w.graph, w.zoom(), w.by, w.starts, w.cells)
	return &w.rows
}

// visible returns the node, or the nearest above it that has a box in the rows as they are laid out.
func (w *walk) visible(node int32) int32 {
	for node != w.zoom() {
		if row := w.depth(node); row < 0 {
			return w.zoom()
		} else if w.lay().find(row, node) >= 0 {
			return node
		}
		node = w.graph.tree.Nodes[node].Parent
	}
	return node
}

// goTo puts the cursor on a node, and zooms to it where it has no box now.
func (w *walk) goTo(node int32) {
	if !w.below(node, w.zoom()) || w.visible(node) != node {
		w.zoomTo(node)
		return
	}
	w.at, w.path = node, w.path[:0]
}

// below reports whether a node is another one or lies below it.
func (w *walk) below(node, top int32) bool {
	for node > top { // parents come before their children
		node = w.graph.tree.Nodes[node].Parent
	}
	return node == top
}

// longest returns what opens the longest span of the frame under the cursor, nil where it has none that counts.
func (w *walk) longest() *views.OpenTrace {
	if w.graph == nil {
		return nil
	}
	n := w.graph.tree.Nodes[w.at]
	if n.Longest == nil {
		return nil
	}
	return &views.OpenTrace{Trace: n.Longest, Span: int(n.Span)}
}

// deepest returns how many rows the way down has, where all of it is asked for.
func (w *walk) deepest(c views.Command) int {
	if c != views.Bottom {
		return 0
	}
	return len(w.graph.tree.Nodes) + 1
}

// down goes to the child that the cursor came up from, else to the first one. It reports whether there was one.
func (w *walk) down() bool {
	row := w.depth(w.at) + 1
	if n := len(w.path); n > 0 {
		kid := w.path[n-1]
		w.path = w.path[:n-1]
		if w.graph.tree.Nodes[kid].Parent == w.at && w.lay().find(row, kid) >= 0 {
			w.at = kid
			return true
		}
		w.path = w.path[:0]
	}
	for _, b := range w.lay().row(row) {
		if b.rest == 0 && w.graph.tree.Nodes[b.node].Parent == w.at {
			w.at = b.node
			return true
		}
	}
	return false
}

// up goes to the parent, within the zoom. It reports whether there was one.
func (w *walk) up() bool {
	if w.at == w.zoom() {
		return false
	}
	w.path = append(w.path, w.at)
	w.at = w.graph.tree.Nodes[w.at].Parent
	return true
}

// beside goes to the next frame of the row, whoever its parent is.
func (w *walk) beside(right bool) {
	step := 1
	if !right {
		step = -1
	}
	row := w.lay().row(w.depth(w.at))
	at := w.lay().find(w.depth(w.at), w.at)
	for i := at + step; at >= 0 && i >= 0 && i < len(row); i += step {
		if row[i].rest == 0 {
			w.at, w.path = row[i].node, w.path[:0]
			return
		}
	}
}

// toNext goes to the next of some nodes, around the end.
func (w *walk) toNext(nodes []int32, forward bool) {
	at, step := slices.Index(nodes, w.at), 1
	if !forward {
		step = len(nodes) - 1
		at = max(at, 0)
	}
	w.goTo(nodes[(at+step)%len(nodes)])
}
