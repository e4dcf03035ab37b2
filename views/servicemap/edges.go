package servicemap

import (
	"cmp"
	"slices"

	"tracefall/views"
)

// edgesHere lists the edges of the selected node that are on the map: from its callers, then to those that it calls, each
// from top to bottom. A call to itself comes last.
func (d *diagram) edgesHere() []int {
	p := d.plan
	var in, out, self []int
	for _, at := range p.edges {
		switch e := &d.data.Edges[at]; {
		case e.From == d.cursor && e.To == d.cursor:
			self = append(self, at)
		case e.To == d.cursor:
			in = append(in, at)
		case e.From == d.cursor:
			out = append(out, at)
		}
	}
	slices.SortStableFunc(in, func(a, b int) int { return cmp.Compare(d.line(d.data.Edges[a].From), d.line(d.data.Edges[b].From)) })
	slices.SortStableFunc(out, func(a, b int) int { return cmp.Compare(d.line(d.data.Edges[a].To), d.line(d.data.Edges[b].To)) })
	return slices.Concat(in, out, self)
}

// line is the line of the map that a node of it begins at.
func (d *diagram) line(node int) int { return d.plan.place.Y[d.plan.number[node]] }

// shows reports whether an edge is on the map.
func (d *diagram) shows(edge int) bool { return edge >= 0 && slices.Contains(d.plan.edges, edge) }

// nextEdge selects the next edge of the selected node, or the one before. The first is the one with most errors, or the
// busiest.
func (d *diagram) nextEdge(forward bool) {
	edges := d.edgesHere()
	if d.edge < 0 {
		d.chooseEdge(slices.MinFunc(edges, func(a, b int) int { return heavier(&d.data.Edges[a], &d.data.Edges[b]) }))
		return
	}
	by := 1
	if !forward {
		by = len(edges) - 1
	}
	d.chooseEdge(edges[(slices.Index(edges, d.edge)+by)%len(edges)])
}

// toggleEdge selects an edge of the selected node, or the node again.
func (d *diagram) toggleEdge() {
	if d.edge < 0 {
		d.nextEdge(true)
		return
	}
	d.edge = -1
	d.follow()
}

// moveEdge moves from the selected edge to another of the same node.
func (d *diagram) moveEdge(c views.Command) {
	edges := d.edgesHere()
	at := slices.Index(edges, d.edge)
	by, _ := views.Step(c, at, len(edges), len(edges), len(edges))
	d.chooseEdge(edges[max(min(at+by, len(edges)-1), 0)])
}

// chooseEdge selects an edge, of the selected node where it is one of its edges, and brings it into view.
func (d *diagram) chooseEdge(at int) {
	if e := &d.data.Edges[at]; e.From != d.cursor && e.To != d.cursor {
		d.cursor = e.From
	}
	d.edge = at
	d.follow()
}

// edgeAt returns the edge whose line or label was drawn at a cell of the screen, -1 for none.
func (d *diagram) edgeAt(x, y int) int {
	p := d.plan
	x, y = x-d.left, y-d.top
	if x < 0 || y < 0 || x >= p.place.W || y >= p.place.H {
		return -1
	}
	c := &p.lines[y*p.place.W+x]
	if c.edge == 0 {
		return -1
	}
	return p.edges[c.seen()-1]
}
