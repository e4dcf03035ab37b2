package servicemap

import (
	"cmp"
	"slices"

	"tracefall/diagnose/servicemap"
	"tracefall/views/servicemap/layered"
)

// cell is a cell of the lines between the nodes.
type cell struct {
	arms uint8 // the neighbours that a line leads to
	turn bool  // lines that meet here belong together; otherwise one passes under the other
	edge int16 // of the plan, the gravest that passes, from 1; 0 for none
	tall int16 // likewise of those that pass up or down
}

// The neighbours of a cell.
const (
	armLeft uint8 = 1 << iota
	armRight
	armUp
	armDown

	armsAll = armLeft | armRight | armUp | armDown
)

// draw draws the lines into their cells, the gravest edges last.
func (p *plan) draw(m *servicemap.Map) {
	p.lines = make([]cell, p.place.W*p.place.H)
	order := make([]int, len(p.edges))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := &m.Edges[p.edges[a]], &m.Edges[p.edges[b]]
		return cmp.Or(cmp.Compare(x.Failures(), y.Failures()), cmp.Compare(x.Count, y.Count))
	})
	for _, i := range order {
		path := p.place.Paths[i]
		p.walk(path, func(at layered.Point, arms uint8, turn bool) {
			c := p.at(at)
			c.arms |= arms
			c.turn = c.turn || turn
			c.edge = int16(i + 1)
			if arms&(armUp|armDown) != 0 {
				c.tall = c.edge
			}
		})
	}
}

// seen returns the edge whose line a cell shows, from 1: where two lines cross the one that passes over the other.
func (c *cell) seen() int {
	if !c.turn && c.tall > 0 {
		return int(c.tall)
	}
	return int(c.edge)
}

// at returns a cell of the lines.
func (p *plan) at(at layered.Point) *cell { return &p.lines[at.Y*p.place.W+at.X] }

// walk visits the cells of an edge from left to right, with the neighbours that it leads to from each.
func (p *plan) walk(path []layered.Point, visit func(at layered.Point, arms uint8, turn bool)) {
	came := armLeft // out of the node
	for k := 0; k < len(path); k++ {
		at := path[k]
		if k == len(path)-1 {
			visit(at, came|armRight, false)
			return
		}
		next := path[k+1]
		if next == at {
			continue
		}
		dx, dy, arm, back := step(at, next)
		visit(at, came|arm, came|arm != armLeft|armRight && came|arm != armUp|armDown)
		came = back
		for at = (layered.Point{X: at.X + dx, Y: at.Y + dy}); at != next; at = (layered.Point{X: at.X + dx, Y: at.Y + dy}) {
			visit(at, arm|back, false)
		}
	}
}

// step returns the direction from one corner to the next, and the neighbours in it and against it.
func step(from, to layered.Point) (dx, dy int, arm, back uint8) {
	switch {
	case to.X > from.X:
		return 1, 0, armRight, armLeft
	case to.Y > from.Y:
		return 0, 1, armDown, armUp
	}
	return 0, -1, armUp, armDown
}
