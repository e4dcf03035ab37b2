package servicemap

import (
	"cmp"
	"slices"

	"tracefall/views"
)

// moveNode moves the cursor to another node of its layer, or to the first or the last one.
func (d *diagram) moveNode(c views.Command) {
	p := d.plan
	column := d.column(p.layers.Layer[p.number[d.cursor]])
	at := slices.Index(column, p.number[d.cursor])
	half := max(d.h/2, 1)
	switch c {
	case views.Top:
		d.choose(d.column(0)[0])
		return
	case views.Bottom:
		last := d.column(len(p.layers.Order) - 1)
		d.choose(last[len(last)-1])
		return
	case views.PageDown, views.PageUp, views.HalfDown, views.HalfUp:
		lines := half
		if c == views.PageDown || c == views.PageUp {
			lines = max(d.h-1, 1)
		}
		if c == views.PageUp || c == views.HalfUp {
			lines = -lines
		}
		d.choose(d.nearest(column, p.place.Y[column[at]]+lines))
		return
	}
	by, _ := views.Step(c, at, len(column), 1, 1)
	d.choose(column[max(min(at+by, len(column)-1), 0)])
}

// column lists the nodes of a layer from top to bottom, by their numbers in the plan. No layer is without nodes.
func (d *diagram) column(layer int) []int {
	var nodes []int
	for _, unit := range d.plan.layers.Order[layer] {
		if !d.plan.layers.Dummy(unit) {
			nodes = append(nodes, unit)
		}
	}
	return nodes
}

// nearest returns the node that is nearest to a line.
func (d *diagram) nearest(nodes []int, y int) int {
	return slices.MinFunc(nodes, func(a, b int) int {
		return cmp.Compare(max(d.plan.place.Y[a]-y, y-d.plan.place.Y[a]), max(d.plan.place.Y[b]-y, y-d.plan.place.Y[b]))
	})
}

// across moves the cursor to the right, to one of those that the node calls, or to the left; else to the next layer. From
// an edge it goes to the node that is called, or to the one that calls.
func (d *diagram) across(right bool) {
	if d.plan == nil {
		return
	}
	p := d.plan
	if d.edge >= 0 {
		e := &d.data.Edges[d.edge]
		if right {
			d.choose(p.number[e.To])
		} else {
			d.choose(p.number[e.From])
		}
		return
	}
	at := p.number[d.cursor]
	var near []int
	for _, chain := range p.layers.Chain {
		if chain == nil {
			continue
		}
		first, last := chain[0], chain[len(chain)-1]
		switch {
		case right && first == at:
			near = append(near, last)
		case !right && last == at:
			near = append(near, first)
		}
	}
	if len(near) == 0 {
		layer := p.layers.Layer[at] - 1
		if right {
			layer += 2
		}
		if layer < 0 || layer >= len(p.layers.Order) {
			return
		}
		near = d.column(layer)
	}
	d.choose(d.nearest(near, p.place.Y[at]))
}

// choose selects a node of the plan and brings it into view.
func (d *diagram) choose(i int) {
	d.cursor, d.edge = d.plan.nodes[i], -1
	d.follow()
}

// pan moves the window sideways.
func (d *diagram) pan(right bool) {
	if d.plan == nil {
		return
	}
	by := -max(d.w/4, 1)
	if right {
		by = -by
	}
	d.scroll(by, 0)
}

// scroll moves the window; the selected node may leave it.
func (d *diagram) scroll(dx, dy int) {
	d.x = max(min(d.x+dx, d.plan.place.W-d.w), 0)
	d.y = max(min(d.y+dy, d.plan.place.H-d.h), 0)
}

// failing lists the nodes of the plan with errors, the gravest first.
func (d *diagram) failing() []int {
	var list []int
	if d.plan == nil {
		return nil
	}
	for _, at := range byWeight(d.data) {
		if n := &d.data.Nodes[at]; n.Failures() > 0 || n.Causes > 0 {
			if i, ok := d.plan.number[at]; ok {
				list = append(list, i)
			}
		}
	}
	return list
}

// nextError goes to the next node with errors, or the one before, in the order of how grave they are.
func (d *diagram) nextError(forward bool) {
	list := d.failing()
	at, by := slices.Index(list, d.plan.number[d.cursor]), 1
	if !forward {
		by = len(list) - 1
	}
	if at < 0 && !forward {
		at = 0
	}
	d.choose(list[(at+by)%len(list)])
}

// rootCause goes to where most failures began.
func (d *diagram) rootCause() { d.choose(d.failing()[0]) }

// nodeAt returns the node of the plan that was drawn at a cell of the screen, -1 for none.
func (d *diagram) nodeAt(x, y int) int {
	p := d.plan
	for i := range p.nodes {
		left, top := d.left+p.place.X[i], d.top+p.place.Y[i]
		if x >= left && y >= top && x < left+p.sizes.Width[i] && y < top+p.sizes.Height[i] {
			return i
		}
	}
	return -1
}

// follow moves the window so that the selected node is in it, or both ends of the selected edge, as far as there is room,
// and the map no farther from its corner than it must be.
func (d *diagram) follow() {
	d.include(d.cursor)
	if d.edge >= 0 {
		e := &d.data.Edges[d.edge]
		d.include(e.From + e.To - d.cursor) // the other end
	}
	d.x, d.y = max(min(d.x, d.plan.place.W-d.w), 0), max(min(d.y, d.plan.place.H-d.h), 0)
}

// include moves the window no farther than it must so that a node is in it.
func (d *diagram) include(node int) {
	p := d.plan
	if i, ok := p.number[node]; ok {
		x, y := p.place.X[i], p.place.Y[i]
		d.x = min(max(d.x, x+p.sizes.Width[i]+1-d.w), max(x-1, 0))
		d.y = min(max(d.y, y+p.sizes.Height[i]-d.h), y)
	}
}
