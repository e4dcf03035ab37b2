package servicemap

import (
	"cmp"
	"slices"

	"tracefall/views"
)

// moveNode moves the cursor to another node of its layer, or to the first or the last one.
func (s *ServiceMap) moveNode(c views.Command) {
	p := s.plan
	column := s.column(p.layers.Layer[p.number[s.cursor]])
	at := slices.Index(column, p.number[s.cursor])
	half := max(s.h/2, 1)
	switch c {
	case views.Top:
		s.choose(s.column(0)[0])
		return
	case views.Bottom:
		last := s.column(len(p.layers.Order) - 1)
		s.choose(last[len(last)-1])
		return
	case views.PageDown, views.PageUp, views.HalfDown, views.HalfUp:
		lines := half
		if c == views.PageDown || c == views.PageUp {
			lines = max(s.h-1, 1)
		}
		if c == views.PageUp || c == views.HalfUp {
			lines = -lines
		}
		s.choose(s.nearest(column, p.place.Y[column[at]]+lines))
		return
	}
	by, _ := views.Step(c, at, len(column), 1, 1)
	s.choose(column[max(min(at+by, len(column)-1), 0)])
}

// column lists the nodes of a layer from top to bottom, by their numbers in the plan. No layer is without nodes.
func (s *ServiceMap) column(layer int) []int {
	var nodes []int
	for _, unit := range s.plan.layers.Order[layer] {
		if !s.plan.layers.Dummy(unit) {
			nodes = append(nodes, unit)
		}
	}
	return nodes
}

// nearest returns the node that is nearest to a line.
func (s *ServiceMap) nearest(nodes []int, y int) int {
	return slices.MinFunc(nodes, func(a, b int) int {
		return cmp.Compare(max(s.plan.place.Y[a]-y, y-s.plan.place.Y[a]), max(s.plan.place.Y[b]-y, y-s.plan.place.Y[b]))
	})
}

// across moves the cursor to the right, to one of those that the node calls, or to the left; else to the next layer.
func (s *ServiceMap) across(right bool) {
	if s.plan == nil {
		return
	}
	p := s.plan
	at := p.number[s.cursor]
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
		near = s.column(layer)
	}
	s.choose(s.nearest(near, p.place.Y[at]))
}

// choose selects a node of the plan and brings it into view.
func (s *ServiceMap) choose(i int) {
	s.cursor = s.plan.nodes[i]
	s.follow()
}

// pan moves the window sideways.
func (s *ServiceMap) pan(right bool) {
	if s.plan == nil {
		return
	}
	by := -max(s.w/4, 1)
	if right {
		by = -by
	}
	s.scroll(by, 0)
}

// scroll moves the window; the selected node may leave it.
func (s *ServiceMap) scroll(dx, dy int) {
	s.x = max(min(s.x+dx, s.plan.place.W-s.w), 0)
	s.y = max(min(s.y+dy, s.plan.place.H-s.h), 0)
}

// failing lists the nodes of the plan with errors, the gravest first.
func (s *ServiceMap) failing() []int {
	var list []int
	if s.plan == nil {
		return nil
	}
	for _, at := range byWeight(s.data) {
		if n := &s.data.Nodes[at]; n.Failures() > 0 || n.Causes > 0 {
			if i, ok := s.plan.number[at]; ok {
				list = append(list, i)
			}
		}
	}
	return list
}

func (s *ServiceMap) whyNoError() string {
	if why := s.onlyMap(); why != "" {
		return why
	}
	if len(s.failing()) == 0 {
		return "no call failed"
	}
	return ""
}

// nextError goes to the next node with errors, or the one before, in the order of how grave they are.
func (s *ServiceMap) nextError(forward bool) {
	list := s.failing()
	at, by := slices.Index(list, s.plan.number[s.cursor]), 1
	if !forward {
		by = len(list) - 1
	}
	if at < 0 && !forward {
		at = 0
	}
	s.choose(list[(at+by)%len(list)])
}

// rootCause goes to where most failures began.
func (s *ServiceMap) rootCause() { s.choose(s.failing()[0]) }

func (s *ServiceMap) whyNoCause() string {
	if why := s.whyNoError(); why != "" {
		return why
	}
	if s.data.Nodes[s.plan.nodes[s.failing()[0]]].Causes == 0 {
		return "no failure began here"
	}
	return ""
}

// wheelColumns is how many columns a turn of the wheel moves the map sideways.
const wheelColumns = 4

// Mouse implements views.Screen: a click selects, a double click is enter, the wheel moves the map.
func (s *ServiceMap) Mouse(m views.Mouse) views.Action {
	if s.whyEmpty() != "" || s.plan == nil {
		return nil
	}
	if s.listed() {
		if len(s.list.edges) > 0 && !s.list.ClickHead(m, s.list.sortKeeping) && s.list.Click(m, len(s.list.edges)) && m.Double {
			return views.Do(s.Bindings(), views.Enter)
		}
		return nil
	}
	if m.Wheel != 0 {
		if m.Shift {
			s.scroll(m.Wheel*wheelColumns, 0)
		} else {
			s.scroll(0, m.Wheel)
		}
		return nil
	}
	p := s.plan
	for i := range p.nodes {
		x, y := m.X-s.box.X-p.place.X[i], m.Y-s.box.Y-p.place.Y[i]
		if x < 0 || y < 0 || x >= p.sizes.Width[i] || y >= p.sizes.Height[i] {
			continue
		}
		s.cursor = p.nodes[i]
		if m.Double {
			return views.Do(s.Bindings(), views.Enter)
		}
		return nil
	}
	return nil
}
