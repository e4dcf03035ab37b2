package servicemap

import (
	"cmp"
	"slices"

	"tracefall/diagnose/servicemap"
	"tracefall/views"
	"tracefall/views/draw"
)

// drawNode tells of the selected node: its numbers, who calls it, and whom it calls.
func (d *diagram) drawNode(a draw.Area, env *views.Env) {
	if a.Empty() || d.cursor < 0 {
		return
	}
	theme := env.Theme
	if a.H() > 1 {
		a.HLine(0, 0, a.W(), theme.Border)
		_, a = a.Top(1)
	}
	n := &d.data.Nodes[d.cursor]
	name := theme.Strong
	if n.Kind == servicemap.Service {
		name = theme.Service(n.Name).With(draw.Bold)
	}
	x := 1 + a.TextEllipsis(1, 0, a.W()/3, nameOf(n), name)
	words := writer{Area: a, x: x, later: true}
	if n.Kind != servicemap.Service {
		words.part(n.Kind.String(), theme.Dim)
	}
	d.writeCalls(&words, &n.Calls, &n.Baseline.Calls, n.Side, env)
	if a.H() < 3 {
		return
	}
	d.drawEnds(a.Row(1), "called by", d.edgesOf(func(e *servicemap.MapEdge) bool { return e.To == d.cursor }), func(e *servicemap.MapEdge) int { return e.From }, env)
	d.drawEnds(a.Row(2), "calls", d.edgesOf(func(e *servicemap.MapEdge) bool { return e.From == d.cursor }), func(e *servicemap.MapEdge) int { return e.To }, env)
}

// drawEdge tells of the selected edge, of the list or of the map.
func (d *diagram) drawEdge(a draw.Area, e *servicemap.MapEdge, env *views.Env) {
	if a.Empty() || e == nil {
		return
	}
	theme := env.Theme
	if a.H() > 1 {
		a.HLine(0, 0, a.W(), theme.Border)
		_, a = a.Top(1)
	}
	words := writer{Area: a, x: 1}
	words.part(edgeName(d.data, e), theme.Strong)
	if a.H() > 2 { // a line of its own for the numbers
		_, a = a.Top(1)
		words = writer{Area: a, x: 1}
	}
	d.writeCalls(&words, &e.Calls, &e.Baseline, e.Side, env)
	if a.H() > 1 && e.Trace != nil {
		a.TextEllipsis(1, 1, a.W()-2, "slowest call  "+views.SpanText(e.Trace.Span(e.Span)), theme.Dim)
	}
}

// edgeName names an edge as statistics do.
func edgeName(m *servicemap.Map, e *servicemap.MapEdge) string {
	return nameOf(&m.Nodes[e.From]) + " → " + nameOf(&m.Nodes[e.To])
}

// writer writes one text behind the other into a line.
type writer struct {
	draw.Area
	x     int
	later bool // something was written already
}

func (w *writer) text(text string, ink draw.Ink) {
	w.x += w.TextEllipsis(w.x, 0, max(w.W()-w.x-1, 0), text, ink)
	w.later = true
}

// part writes a text with a gap before it, where it is not the first.
func (w *writer) part(text string, ink draw.Ink) {
	if w.later {
		text = draw.SegmentGap + text
	}
	w.text(text, ink)
}

// writeCalls writes the numbers of calls, and what they were in the baseline.
func (d *diagram) writeCalls(w *writer, c, baseline *servicemap.Calls, side servicemap.Side, env *views.Env) {
	theme, m := env.Theme, d.data
	both := m.Compared() && side == servicemap.Both
	rate := m.Rates[1]
	if side == servicemap.OnlyBaseline {
		w.part(theme.Glyphs.Removed+" only in baseline", theme.Removed)
		c, rate = baseline, m.Rates[0]
	}
	if side == servicemap.OnlyBad {
		w.part(theme.Glyphs.Added+" new", theme.Added)
	}
	text := rateText(rate, c.Count)
	if both && rateNumber(m.Rates[0], baseline.Count) != rateNumber(rate, c.Count) {
		text = rateNumber(m.Rates[0], baseline.Count) + " → " + text
	}
	if rate.Unit != servicemap.Each {
		text += " (" + draw.CountNoun(c.Count, "call", "calls") + ")"
	}
	if c.Count == 0 {
		text = numbersText(rate, c, "")
	}
	w.part(text, theme.Text)
	if c.Count > 0 && c.Errors > 0 || baseline.Errors > 0 {
		text = ""
		if both {
			text = errorShare(baseline) + " → "
		}
		ink := theme.Error
		if c.Errors == 0 {
			ink = theme.Text
		}
		w.part("", theme.Text)
		w.text(theme.Glyphs.Error+" "+text+errorShare(c)+" ("+draw.Count(c.Errors)+")", ink)
	}
	if c.Count > 0 {
		w.part("p50 "+before(both, baseline.P50, c.P50)+draw.SegmentGap+"p95 "+before(both, baseline.P95, c.P95), theme.Text)
	}
	if c.Causes > 0 {
		w.part("", theme.Text)
		w.text(theme.Glyphs.Cause+" "+draw.CountNoun(c.Causes, "root-cause error", "root-cause errors"), theme.Error.With(draw.Bold))
	}
	if c.Count > 0 {
		w.part("max "+draw.Duration(c.Max), theme.Text)
	}
}

// before writes a time, with what it was before where that is another.
func before(both bool, was, is int64) string {
	if both && draw.Duration(was) != draw.Duration(is) {
		return draw.Duration(was) + " → " + draw.Duration(is)
	}
	return draw.Duration(is)
}

// edgesOf lists edges, those with most errors first, then the busiest.
func (d *diagram) edgesOf(wanted func(*servicemap.MapEdge) bool) []*servicemap.MapEdge {
	var list []*servicemap.MapEdge
	for i := range d.data.Edges {
		if e := &d.data.Edges[i]; wanted(e) {
			list = append(list, e)
		}
	}
	slices.SortStableFunc(list, heavier)
	return list
}

// heavier orders edges: those with most errors first, then the busiest.
func heavier(a, b *servicemap.MapEdge) int {
	return cmp.Or(cmp.Compare(b.Failures(), a.Failures()), cmp.Compare(b.Count, a.Count))
}

// drawEnds lists the other ends of edges with their numbers, as many as there is room for.
func (d *diagram) drawEnds(a draw.Area, title string, edges []*servicemap.MapEdge, end func(*servicemap.MapEdge) int, env *views.Env) {
	theme := env.Theme
	a.Text(1, 0, title, theme.Dim)
	w := writer{Area: a, x: 11}
	if len(edges) == 0 {
		w.text("none", theme.Dim)
		return
	}
	for k, e := range edges {
		n := &d.data.Nodes[end(e)]
		rate, calls := d.data.Rates[1], &e.Calls
		if e.Side == servicemap.OnlyBaseline {
			rate, calls = d.data.Rates[0], &e.Baseline
		}
		numbers := ""
		if calls.Count > 0 {
			numbers = " " + numbersText(rate, calls, " ")
		}
		failed := ""
		if text := errorText(&e.Calls, theme); text != "" {
			failed = " " + text
		}
		more := ""
		if rest := len(edges) - k - 1; rest > 0 {
			more = draw.SegmentGap + "+" + draw.Count(rest)
		}
		gap := ""
		if k > 0 {
			gap = draw.SegmentGap
		}
		if k > 0 && w.x+draw.Width(gap+nameOf(n)+numbers+failed+more) > a.W()-1 {
			w.text(draw.SegmentGap+"+"+draw.Count(len(edges)-k), theme.Dim)
			return
		}
		w.text(gap, theme.Dim)
		ink := theme.Text
		if n.Kind == servicemap.Service {
			ink = theme.Service(n.Name)
		}
		w.text(nameOf(n), ink)
		w.text(failed, theme.Error)
		w.text(numbers, theme.Dim)
	}
}
