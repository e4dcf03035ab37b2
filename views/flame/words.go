package flame

import (
	"strings"

	"tracefall/diagnose/compare/calltree"
	"tracefall/views"
	"tracefall/views/draw"
)

// text names a frame: service and operation.
func (w *walk) text(node int32) string {
	name := w.graph.name(node)
	return strings.TrimSpace(name.service + " " + name.operation)
}

// amount returns what a node has on a side by the measure in force, as its frame says. Of self time and of spans that of
// one side is with all frames below, as the frame is wide; of durations it is less than that where calls ran at once.
func (w *walk) amount(node int32, side int) float64 {
	if w.graph.sides == 1 && (w.by == bySelf || w.by == byCount) {
		return w.graph.by[w.by].width[node]
	}
	return columns[w.by].amount(w.graph, node, side)
}

// all returns what all frames take on a side by the measure in force. Of durations it is that of the root, or of the whole trace
// where that goes on after its root ended.
func (w *walk) all(side int) float64 {
	base := w.graph.base
	switch all := w.amount(base, side); {
	case w.by == byCount:
		return w.graph.mean(side, w.graph.whole[side].Count)
	case w.by == bySelf:
		return w.graph.self[side]
	case w.graph.sides > 1:
		return all
	case w.by == byTotal && w.graph.tree.Took[side] > 0:
		return max(all, float64(w.graph.tree.Took[side]))
	case all > 0:
		return all
	}
	return w.graph.by[w.by].width[base] // the root does not count, only some spans below
}

// share writes a part of what all frames take by the measure in force, "" for more than all: calls that ran at once.
func (w *walk) share(amount float64) string {
	all := w.all(0)
	if amount > all && all > 0 {
		return ""
	}
	return percent(amount, all)
}

// shareOf is share with what it is a share of.
func (w *walk) shareOf(amount float64) string {
	if share := w.share(amount); share != "" {
		return share + " of " + w.whole()
	}
	return "more than " + w.whole()
}

// percent writes a part in percent of a whole.
func percent(part, whole float64) string {
	if whole <= 0 {
		return draw.Percent(0, 0)
	}
	return draw.PercentOf(part / whole)
}

// part is the share of the frame under the cursor in all frames.
func (w *walk) part() string {
	if w.timeless(w.at) {
		return ""
	}
	amount := w.amount(w.at, 0)
	text := w.shareOf(amount)
	if w.by == bySelf || w.by == byCount {
		text = w.by.format(amount) + " with frames below" + draw.SegmentGap + text
	}
	return text
}

// whole names what shares are shares of.
func (w *walk) whole() string {
	if all := w.all(0); w.by == byTotal && w.graph.sides == 1 && all > w.amount(w.graph.base, 0) {
		return w.by.format(all) // the root's total is another one
	}
	return [measures]string{byTotal: "total time", bySelf: "self time", byCritical: "the critical path", byCount: "all spans"}[w.by]
}

// column is one of the figures of a frame.
type column struct {
	name   string
	of     func(*calltree.Spent) int64 // nil for the critical path, which counts with everything below
	by     measure                     // how it is written
	failed bool                        // it counts errors
}

// columns are the figures of a frame, as they stand below the graph: by measure, and behind them the errors.
var columns = [...]column{
	byTotal:    {"total", func(s *calltree.Spent) int64 { return s.Total }, byTotal, false},
	bySelf:     {"self", func(s *calltree.Spent) int64 { return s.Self }, bySelf, false},
	byCritical: {"critical with children", nil, byCritical, false},
	byCount:    {"spans", func(s *calltree.Spent) int64 { return s.Count }, byCount, false},
	measures:   {"errors", func(s *calltree.Spent) int64 { return s.Failed }, byCount, true},
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

// none reports whether a node has no such figure: what stands above all roots does nothing itself.
func (c column) none(node int32) bool { return node == 0 && c.by == bySelf }

// timeless reports whether what a frame takes by the measure in force is a time that is not known.
func (w *walk) timeless(node int32) bool { return w.by != byCount && w.graph.untimed(node) }

// figures writes what a frame took on a side: "total 4.01 s", "self 1.08 s" …
func (w *walk) figures(node int32, side int) []string {
	var list []string
	untimed := w.graph.untimed(node)
	if untimed {
		list = append(list, "times "+views.Unknown)
	}
	for _, c := range columns {
		amount := c.amount(w.graph, node, side)
		switch text := c.by.format(amount); {
		case c.none(node), untimed && c.by != byCount, c.failed && amount == 0:
		case c.by != byCount:
			list = append(list, c.name+" "+text)
		case amount == 1:
			list = append(list, "1 "+strings.TrimSuffix(c.name, "s"))
		default:
			list = append(list, text+" "+c.name)
		}
		if c.by == byTotal {
			list = append(list, w.async(node, side)...)
		}
	}
	return list
}

// async says how long the calls of a frame took that it did not wait for: its frame is as wide as they are.
func (w *walk) async(node int32, side int) []string {
	ns := w.graph.tree.Nodes[node].Sides[side].Async
	if ns == 0 {
		return nil
	}
	return []string{"async calls " + byTotal.format(w.graph.mean(side, ns))}
}

// line is the frame under the cursor as text.
func (w *walk) line(sides [2]string) string {
	if w.graph.sides < 2 {
		return w.text(w.at) + ": " + strings.TrimSuffix(strings.Join(w.figures(w.at, 0), ", ")+", "+w.part(), ", ")
	}
	text := w.text(w.at)
	for side, name := range sides {
		text += "; " + name + ": " + strings.Join(w.figures(w.at, side), ", ")
	}
	return text
}

// about says what the graph is about: how much, of how many traces; the longest text first.
func (w *walk) about(matching bool, sides [2]string) []string {
	g := w.graph
	if g.sides == 2 {
		short := w.by.change(w.all(1) - w.all(0))
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
	amount := w.by.format(w.all(0))
	if w.timeless(0) {
		amount = "duration " + views.Unknown
	}
	return []string{amount + draw.SegmentGap + long, amount + draw.SegmentGap + spans, amount}
}
