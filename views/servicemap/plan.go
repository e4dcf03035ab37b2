package servicemap

import (
	"cmp"
	"slices"
	"strings"

	"tracefall/diagnose/servicemap"
	"tracefall/views/draw"
	"tracefall/views/servicemap/layered"
	"tracefall/views/style"
)

// mostNodes is how many nodes the map has: of more, the failing and busiest ones.
const mostNodes = 80

// planKey is what a plan is made for: the size of the screen without its first line, and what it is drawn with.
type planKey struct {
	w, h  int
	theme *style.Theme
}

// plan is where everything of a map is, and the lines between: what a frame needs only be cut out of.
type plan struct {
	manner
	nodes  []int // of the map, by number in the layout
	number map[int]int
	edges  []int // of the map, likewise
	layers *layered.Layers
	sizes  *layered.Sizes
	place  *layered.Placement
	texts  []boxText // of each node
	labels []string  // of each edge
	lines  []cell    // W×H
	most   int       // failures that began at one node
	fits   bool
}

// manner is how much is drawn of each node and edge.
type manner struct {
	boxed bool  // nodes have borders
	label label // of edges
	merge bool  // edges into a node end at one line
	name  int   // cells of names at least, where they have so many
	short bool  // numbers without the words of the head
	tight bool  // of a node that failed or changed only that and p95
}

// label is what stands on an edge.
type label uint8

const (
	noLabel label = iota
	errorsOnly
	errorsAndTime
	everything
)

// manners are the ways to draw a map, the richest first.
var manners = [...]manner{
	{boxed: true, label: everything, name: longName},
	{boxed: true, label: errorsAndTime, name: shortName},
	{boxed: true, label: errorsOnly, name: shortName},
	{boxed: true, label: errorsOnly, name: shortName, merge: true},
	{label: errorsOnly, name: shortName},
	{label: errorsOnly, name: shortName, merge: true},
	{label: noLabel, name: shortName, merge: true, short: true},
	{label: noLabel, name: tightName, merge: true, short: true, tight: true},
}

// Cells of names, by how much room there is. No name takes more than mostNodeName.
const (
	mostNodeName = 48
	longName     = 32
	shortName    = 20
	tightName    = 16
)

// newPlan finds the richest manner in which the map fits into w×h cells. Where none does it is one that fits in width,
// so that only one direction has to be scrolled, else the smallest. What room is left goes to names.
func newPlan(m *servicemap.Map, w, h int, theme *style.Theme) *plan {
	base := newBase(m)
	var narrow, last *plan
	for _, how := range manners {
		p := base.in(how, m, theme)
		switch {
		case p.place.W <= w && p.place.H <= h:
			p = base.widened(p, m, w, theme)
			p.fits = true
			p.fill(m, theme)
			p.draw(m)
			return p
		case p.place.W <= w && (narrow == nil || p.place.H < narrow.place.H):
			narrow = p
		}
		last = p
	}
	if narrow != nil {
		last = base.widened(narrow, m, w, theme)
	}
	last.fill(m, theme)
	last.draw(m)
	return last
}

// fill writes more into the nodes of a layer where their names made room for it, into all of them alike.
func (p *plan) fill(m *servicemap.Map, theme *style.Theme) {
	const beside = 2 // cells of a node without borders beside its text
	full := make([]bool, len(p.layers.Order))
	for _, how := range [...]manner{{}, {short: true}, {tight: true}} {
		if p.boxed || how.short && !p.tight || how.tight && !p.tight {
			continue // that is what is written already, or less
		}
		richer, fits := make([]boxText, len(p.nodes)), make([]bool, len(full))
		for layer := range fits {
			fits[layer] = !full[layer]
		}
		for i, at := range p.nodes {
			richer[i] = textOf(m, at, p.selfCall(m, at), how, p.most, theme)
			if layer := p.layers.Layer[i]; draw.Width(texts(richer[i].numbers)) > p.sizes.Width[i]-beside {
				fits[layer] = false
			}
		}
		for i := range p.nodes {
			if layer := p.layers.Layer[i]; fits[layer] {
				p.texts[i], full[layer] = richer[i], true
			}
		}
	}
}

// widened returns a plan that fits into w cells with the longest names with which it still does.
func (p plan) widened(fits *plan, m *servicemap.Map, w int, theme *style.Theme) *plan {
	longest := 0
	for i := range fits.texts {
		longest = max(longest, draw.Width(fits.texts[i].name))
	}
	low, high := fits.name, min(longest, mostNodeName)
	for low < high {
		how := fits.manner
		how.name = (low + high + 1) / 2
		if wider := p.in(how, m, theme); wider.place.W <= w {
			fits, low = wider, how.name
		} else {
			high = how.name - 1
		}
	}
	return fits
}

// newBase chooses the nodes and puts them into layers.
func newBase(m *servicemap.Map) *plan {
	p := &plan{number: map[int]int{}, most: mostCauses(m)}
	p.nodes = byWeight(m)
	p.nodes = p.nodes[:min(len(p.nodes), mostNodes)]
	slices.Sort(p.nodes)
	for i, at := range p.nodes {
		p.number[at] = i
	}
	var edges [][2]int
	for i := range m.Edges {
		from, okFrom := p.number[m.Edges[i].From]
		to, okTo := p.number[m.Edges[i].To]
		if okFrom && okTo {
			p.edges = append(p.edges, i)
			edges = append(edges, [2]int{from, to})
		}
	}
	p.layers = layered.Arrange(len(p.nodes), edges)
	return p
}

// in returns the plan in a manner, without its lines.
func (p plan) in(how manner, m *servicemap.Map, theme *style.Theme) *plan {
	p.manner = how
	s := &layered.Sizes{Merge: how.merge, Gap: 1, Pitch: 2}
	if how.boxed {
		s.Port, s.Gap = 1, 0
	} else {
		s.Pitch = 1
	}
	ends := make([]int, len(p.nodes)) // edges that end at the left of each node
	p.labels = make([]string, len(p.edges))
	s.Label = make([]int, len(p.edges))
	for i, at := range p.edges {
		if chain := p.layers.Chain[i]; chain != nil {
			ends[chain[len(chain)-1]]++
		}
		p.labels[i] = labelOf(m, at, how.label, theme)
	}
	for i := range p.edges {
		chain := p.layers.Chain[i]
		if chain == nil || how.merge && ends[chain[len(chain)-1]] > 1 {
			p.labels[i] = "" // where edges are one line nothing can be said of each
		}
		if n := draw.Width(p.labels[i]); n > 0 {
			s.Label[i] = n + 2
		}
	}
	p.texts = make([]boxText, len(p.nodes))
	width := make([]int, len(p.layers.Order))
	for i, at := range p.nodes {
		p.texts[i] = textOf(m, at, p.selfCall(m, at), how, p.most, theme)
		layer := p.layers.Layer[i]
		width[layer] = max(width[layer], p.texts[i].width(how.name))
	}
	for i := range p.nodes {
		border := 2
		if how.boxed {
			border = 4
		}
		s.Width = append(s.Width, width[p.layers.Layer[i]]+border)
		lines := 2
		if !how.merge {
			lines = max(lines, ends[i])
		}
		s.Height = append(s.Height, lines+2*s.Port)
	}
	p.sizes = s
	p.place = p.layers.Place(s)
	return &p
}

// selfCall returns the edge from a node to itself, nil where there is none.
func (p *plan) selfCall(m *servicemap.Map, node int) *servicemap.MapEdge {
	at, ok := slices.BinarySearchFunc(m.Edges, node, func(e servicemap.MapEdge, node int) int {
		return cmp.Or(cmp.Compare(e.From, node), cmp.Compare(e.To, node))
	})
	if !ok {
		return nil
	}
	return &m.Edges[at]
}

// boxText is what is written into a node.
type boxText struct {
	name         string
	numbers      []inked
	kind, errors string // on the upper border: what it is, and the share of errors
	deltas       []inked
	loud         bool
}

// width returns the cells that the text needs inside of a node, with names of most cells.
func (t *boxText) width(most int) int {
	border := draw.Width(t.kind) + draw.Width(t.errors)
	if t.kind != "" && t.errors != "" {
		border += 2
	}
	return max(min(draw.Width(t.name), most), draw.Width(texts(t.numbers)), border, draw.Width(texts(t.deltas)))
}

// textOf returns what is written into a node.
func textOf(m *servicemap.Map, node int, self *servicemap.MapEdge, how manner, most int, theme *style.Theme) boxText {
	n := &m.Nodes[node]
	t := boxText{name: nameOf(n), errors: errorText(&n.Calls, theme), loud: loud(n, most)}
	if n.Kind != servicemap.Service {
		t.kind = n.Kind.String()
	}
	if m.Compared() {
		t.deltas = deltas(&n.Calls, &n.Baseline.Calls, n.Side, theme)
	}
	if t.loud {
		t.errors = strings.TrimSpace(theme.Glyphs.Cause + " " + t.errors)
	}
	calls, rate := &n.Calls, m.Rates[1]
	if n.Side == servicemap.OnlyBaseline {
		calls, rate = &n.Baseline.Calls, m.Rates[0]
	}
	numbers := numbersText(rate, calls, "  ")
	if how.boxed {
		t.numbers = []inked{{numbers, theme.Dim}}
	} else {
		t.compact(t.compactNumbers(rate, calls, how), how, theme)
	}
	if self != nil {
		t.name += " " + theme.Glyphs.Times + rateNumber(m.Rates[1], self.Count) + " itself"
	}
	return t
}

// compactNumbers writes rate and p95 of a node without borders.
func (t *boxText) compactNumbers(r servicemap.Rate, c *servicemap.Calls, how manner) string {
	switch {
	case c.Count == 0 && c.Causes > 0:
		return "" // the errors say it
	case how.tight && c.Count > 0 && (c.Failures() > 0 || len(t.deltas) > 0):
		return timeText(c, c.P95)
	case how.short && c.Count > 0:
		return shortRate(r, c.Count) + draw.SegmentGap + timeText(c, c.P95)
	}
	return numbersText(r, c, draw.SegmentGap)
}

// compact puts what stands on the borders of a box into the line of its numbers.
func (t *boxText) compact(numbers string, how manner, theme *style.Theme) {
	if t.errors != "" {
		ink := theme.Error
		if t.loud {
			ink = ink.With(draw.Bold)
		}
		t.numbers = append(t.numbers, inked{t.errors, ink})
	}
	if numbers != "" {
		if t.errors != "" && !how.tight { // there a time follows the share, not a number of calls
			numbers = strings.TrimLeft(draw.SegmentGap, " ") + numbers
		}
		t.numbers = append(t.numbers, inked{numbers, theme.Dim})
	}
	if n := len(t.deltas); how.tight && n > 1 {
		t.deltas = t.deltas[n-1:]
	}
	t.numbers = append(t.numbers, t.deltas...)
	t.kind, t.errors, t.deltas = "", "", nil
}

// labelOf returns what is written on an edge.
func labelOf(m *servicemap.Map, edge int, how label, theme *style.Theme) string {
	e := &m.Edges[edge]
	if how == noLabel {
		return ""
	}
	text := errorText(&e.Calls, theme)
	if m.Compared() {
		if how == errorsOnly && e.Side == servicemap.Both {
			return text
		}
		return strings.TrimSpace(text + " " + texts(deltas(&e.Calls, &e.Baseline, e.Side, theme)))
	}
	join := func(more string) {
		if text != "" {
			more += " "
		}
		text = more + text
	}
	if how >= errorsAndTime && e.Count > 0 {
		join(timeText(&e.Calls, e.P95))
	}
	if how >= everything && e.Count > 0 {
		join(rateText(m.Rates[1], e.Count) + strings.TrimRight(draw.SegmentGap, " "))
	}
	return text
}
