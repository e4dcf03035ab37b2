package flame

import (
	"strings"

	"tracefall/diagnose/compare/calltree"
	"tracefall/views/draw"
)

// text names a frame: service and operation.
func (w *walk) text(node int32) string {
	name := w.graph.name(node)
	return strings.TrimSpace(name.service + " " + name.operation)
}

// share writes a part of what all frames take by the measure in force.
func (w *walk) share(amount float64) string {
	return percent(amount, w.graph.by[w.by].width[w.graph.base])
}

// percent writes a part in percent of a whole, as draw.Percent does.
func percent(part, whole float64) string {
	const fine = 1 << 20
	switch {
	case whole <= 0:
		return draw.Percent(0, 0)
	case part >= whole:
		return draw.Percent(fine, fine)
	case part <= 0:
		return draw.Percent(0, fine)
	}
	return draw.Percent(max(min(int64(part/whole*fine), fine-1), 1), fine)
}

// whole names what shares are shares of.
func (w *walk) whole() string {
	return [measures]string{byTotal: "total time", bySelf: "self time", byCritical: "the critical path", byCount: "all spans"}[w.by]
}

// column is one of the figures of a frame.
type column struct {
	name   string
	of     func(*calltree.Spent) int64 // nil for the critical path, which counts with everything below
	by     measure                     // how it is written
	failed bool                        // it counts errors
}

// columns are the figures of a frame, as they stand below the graph.
var columns = [...]column{
	{"total", func(s *calltree.Spent) int64 { return s.Total }, byTotal, false},
	{"self", func(s *calltree.Spent) int64 { return s.Self }, bySelf, false},
	{"critical", nil, byCritical, false},
	{"spans", func(s *calltree.Spent) int64 { return s.Count }, byCount, false},
	{"errors", func(s *calltree.Spent) int64 { return s.Failed }, byCount, true},
}

// amount returns a figure of a node on a side.
func (c column) amount(g *graph, node int32, side int) float64 {
	switch {
	case c.of == nil:
		return g.critical[side][node]
	case node == 0:
		return g.mean(side, c.of(&g.whole[side]))
	}
	return g.mean(side, c.of(&g.tree.Nodes[node].Sides[side]))
}

// figures writes what a frame took on a side: "total 4.01 s", "self 1.08 s" …
func (w *walk) figures(node int32, side int) []string {
	var list []string
	for _, c := range columns {
		amount := c.amount(w.graph, node, side)
		switch text := c.by.format(amount); {
		case c.by != byCount:
			list = append(list, c.name+" "+text)
		case amount == 1:
			list = append(list, "1 "+strings.TrimSuffix(c.name, "s"))
		default:
			list = append(list, text+" "+c.name)
		}
	}
	return list
}

// line is the frame under the cursor as text.
func (w *walk) line(sides [2]string) string {
	if w.graph.sides < 2 {
		return w.text(w.at) + ": " + strings.Join(w.figures(w.at, 0), ", ") + ", " + w.share(w.graph.by[w.by].width[w.at]) + " of " + w.whole()
	}
	text := w.text(w.at)
	for side, name := range sides {
		text += "; " + name + ": " + strings.Join(w.figures(w.at, side), ", ")
	}
	return text
}

// about says what the graph is about: how much, of how many traces; the longest text first.
func (w *walk) about(matching bool, sides [2]string) []string {
	g, weight := w.graph, &w.graph.by[w.by]
	if g.sides == 2 {
		short := weight.changeOf(w.by, g.base)
		text := measureNames[w.by] + " " + short
		if g.tree.Traces[0] <= 1 && g.tree.Traces[1] <= 1 {
			return []string{text + " against the baseline", text, short}
		}
		traces := draw.Count(g.tree.Traces[0]) + " " + sides[0] + ", " + draw.Count(g.tree.Traces[1]) + " " + sides[1]
		return []string{text + " a trace" + draw.SegmentGap + traces, text + " a trace", short + " a trace"}
	}
	spans := draw.CountNoun(int(g.spans), "span", "spans")
	if matching {
		spans = draw.CountNoun(int(g.spans), "matching span", "matching spans")
	}
	long := spans
	if n := g.tree.Traces[0]; n > 1 {
		long += " of " + draw.Amount(n, "trace")
	}
	if w.by == byCount {
		return []string{long, spans}
	}
	amount := w.by.format(weight.width[g.base])
	return []string{amount + draw.SegmentGap + long, amount + draw.SegmentGap + spans, amount}
}

// changeOf writes how a node and all below it changed.
func (w *weights) changeOf(m measure, node int32) string { return m.change(w.change[node]) }
