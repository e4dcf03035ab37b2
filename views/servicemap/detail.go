package servicemap

import (
	"cmp"
	"slices"
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/secrets"
	"tracefall/diagnose/servicemap"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/tree"
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
	var parts []tree.Segment
	if n.Kind != servicemap.Service {
		parts = append(parts, tree.Segment{Text: n.Kind.String(), Ink: theme.Dim, Rank: rankKind})
	}
	parts = append(parts, d.facts(&n.Calls, &n.Baseline.Calls, n.Side, env)...)
	room := a.W() - 2
	_, taken := tree.Fit(parts, room-min(draw.Width(nameOf(n)), a.W()/3))
	x := 1 + a.TextMiddle(1, 0, room-taken, nameOf(n), name)
	words := writer{Area: a, x: x, later: true, dim: theme.Dim}
	words.parts(parts)
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
	words, numbers := writer{Area: a, x: 1, dim: theme.Dim}, d.facts(&e.Calls, &e.Baseline, e.Side, env)
	if a.H() > 2 { // a line of its own for the numbers
		words.text(edgeName(d.data, e), theme.Strong)
		_, a = a.Top(1)
		words = writer{Area: a, x: 1, dim: theme.Dim}
	} else {
		words.pair(nameOf(&d.data.Nodes[e.From]), nameOf(&d.data.Nodes[e.To]), a.W()/2, theme)
	}
	words.parts(numbers)
	if a.H() > 1 && e.Trace != nil {
		call := strings.TrimSpace(secrets.ServiceName(e.Trace.Span(e.Span)) + " " + cmp.Or(e.Label, views.NoName))
		title := "slowest call  "
		if e.Count == 0 { // known from errors only, of which this is the first
			title = "failed in  "
		}
		a.TextEllipsis(1, 1, a.W()-2, title+call, theme.Dim)
	}
}

// writer writes one text behind the other into a line.
type writer struct {
	draw.Area
	x     int
	later bool     // something was written already
	dim   draw.Ink // of what stands between
}

func (w *writer) text(text string, ink draw.Ink) {
	w.x += w.TextEllipsis(w.x, 0, max(w.W()-w.x-1, 0), text, ink)
	w.later = true
}

// pair writes the ends of an edge into so many cells.
func (w *writer) pair(from, to string, cells int, theme *style.Theme) {
	from, to = draw.Pair(from, to, cells-draw.Width(facts.Arrow), true)
	w.text(from+facts.Arrow+to, theme.Strong)
}

// parts writes those segments that have room: no number is cut, the least important go as a whole.
func (w *writer) parts(segments []tree.Segment) {
	room := w.W() - 1 - w.x
	if !w.later {
		room += draw.Width(draw.SegmentGap)
	}
	fitting, _ := tree.Fit(segments, room)
	for _, s := range fitting {
		if gap := cmp.Or(s.Gap, draw.SegmentGap); w.later {
			w.text(gap, w.dim)
		}
		w.text(s.Text, s.Ink)
	}
}

// The ranks of what is told of calls: what is lower goes first where there is no room.
const (
	rankMax = iota
	rankFailed
	rankCalls
	rankP50
	rankKind
	rankRate
	rankCauses
	rankP95
	rankErrors
	rankSide
)

// facts are the numbers of calls, and what they were in the baseline.
func (d *diagram) facts(c, baseline *servicemap.Calls, side servicemap.Side, env *views.Env) []tree.Segment {
	theme, m := env.Theme, d.data
	both := m.Compared() && side == servicemap.Both
	rate := m.Rates[1]
	var list []tree.Segment
	say := func(rank int, gap, text string, ink draw.Ink) {
		list = append(list, tree.Segment{Text: text, Ink: ink, Rank: rank, Gap: gap})
	}
	if side == servicemap.OnlyBaseline {
		say(rankSide, "", theme.Glyphs.Removed+" only in baseline", theme.Removed)
		c, rate = baseline, m.Rates[0]
	}
	if side == servicemap.OnlyBad {
		say(rankSide, "", theme.Glyphs.Added+" new", theme.Added)
	}
	text := rateText(rate, c.Count)
	if both && rateNumber(m.Rates[0], baseline.Count) != rateNumber(rate, c.Count) {
		text = rateNumber(m.Rates[0], baseline.Count) + " → " + text
	}
	if c.Count == 0 {
		text = numbersText(rate, c, "")
	}
	say(rankRate, "", text, theme.Text)
	if rate.Unit != servicemap.Each && c.Count > 0 {
		say(rankCalls, "", draw.CountNoun(c.Count, "call", "calls"), theme.Text)
	}
	if c.Count > 0 && c.Errors > 0 || baseline.Errors > 0 {
		text = ""
		if both {
			text = errorShare(baseline) + " → "
		}
		ink := theme.Error
		if c.Errors == 0 {
			ink = theme.Text
		}
		say(rankErrors, "", theme.Glyphs.Error+" "+text+errorShare(c), ink)
		say(rankFailed, " ", "("+draw.Count(c.Errors)+")", ink)
	}
	switch {
	case c.Count > 0 && !c.Timed():
		say(rankP95, "", "duration "+views.Unknown, theme.Text)
	case c.Count > 0:
		say(rankP50, "", "p50 "+before(both, baseline.P50, c.P50), theme.Text)
		say(rankP95, "", "p95 "+before(both, baseline.P95, c.P95), theme.Text)
		say(rankMax, "", "max "+draw.Duration(c.Max), theme.Text)
	}
	if c.Causes > 0 {
		say(rankCauses, "", theme.Glyphs.Cause+" "+draw.CountNoun(c.Causes, "root-cause error", "root-cause errors"), theme.Error.With(draw.Bold))
	}
	return list
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
	w := writer{Area: a, x: 11, dim: theme.Dim}
	if len(edges) == 0 {
		w.text("none", theme.Dim)
		return
	}
	for k, e := range edges {
		n := &d.data.Nodes[end(e)]
		calls, rate := callsOf(d.data, e)
		numbers := ""
		if calls.Count > 0 {
			numbers = " " + numbersText(rate, calls, ", ")
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
		room := a.W() - 1 - w.x - draw.Width(gap+nameOf(n)+more)
		if k > 0 && room < draw.Width(numbers+failed) {
			w.text(draw.SegmentGap+"+"+draw.Count(len(edges)-k), theme.Dim)
			return
		}
		if room < draw.Width(numbers+failed) {
			numbers = ""
		}
		if room < draw.Width(failed) {
			failed = ""
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
