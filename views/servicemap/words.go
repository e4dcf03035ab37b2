package servicemap

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/servicemap"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// rateText writes how often calls were made: "5 calls", "1.2/trace", "14/s".
func rateText(r servicemap.Rate, calls int) string {
	if r.Unit == servicemap.Each {
		return draw.CountNoun(calls, "call", "calls")
	}
	return rateNumber(r, calls) + per(r)
}

// per is what follows the number of a rate.
func per(r servicemap.Rate) string {
	return [...]string{servicemap.Each: "", servicemap.PerTrace: "/trace", servicemap.PerSecond: "/s"}[r.Unit]
}

// rateNumber writes a rate with two digits, more where it is larger.
func rateNumber(r servicemap.Rate, calls int) string {
	return fixed(r, calls, rateDecimals(r, calls))
}

// rateFixed is rateText with so many decimals, for a column.
func rateFixed(r servicemap.Rate, calls, decimals int) string {
	if r.Unit == servicemap.Each {
		return rateText(r, calls)
	}
	return fixed(r, calls, decimals) + per(r)
}

// rateDecimals is how many decimals a rate of two digits has.
func rateDecimals(r servicemap.Rate, calls int) int {
	switch rate := r.Of(calls); {
	case calls == 0 || r.Unit == servicemap.Each || rate >= 9.95:
		return 0
	case rate < 1:
		return 2
	}
	return 1
}

func fixed(r servicemap.Rate, calls, decimals int) string {
	rate := r.Of(calls)
	if calls > 0 && rate < 0.01 {
		return "< 0.01"
	}
	whole, part, _ := strings.Cut(strconv.FormatFloat(rate, 'f', decimals, 64), ".")
	n, _ := strconv.Atoi(whole)
	if part != "" {
		part = "." + part
	}
	return draw.Count(n) + part
}

// callsText writes how many calls there were: "≥ 20" where only failures tell of them.
func callsText(c *servicemap.Calls) string {
	if c.Least() > c.Count {
		return "≥ " + draw.Count(c.Least())
	}
	return draw.Count(c.Count)
}

// errorText writes the share of calls that failed behind its sign, "" where none did.
func errorText(c *servicemap.Calls, theme *style.Theme) string {
	if c.Failures() == 0 {
		return ""
	}
	return theme.Glyphs.Error + " " + errorShare(c)
}

// errorShare writes the share of calls that failed, or how many failures there were where no call was recorded.
func errorShare(c *servicemap.Calls) string {
	if c.Count == 0 {
		return draw.Count(c.Causes)
	}
	return draw.Percent(int64(min(c.Errors, c.Count)), int64(c.Count))
}

// shortRate is rateText in fewer cells, where the line above says the unit.
func shortRate(r servicemap.Rate, calls int) string {
	switch r.Unit {
	case servicemap.PerTrace:
		return rateNumber(r, calls) + "/tr"
	case servicemap.PerSecond:
		return rateNumber(r, calls) + "/s"
	case servicemap.Each:
	}
	return rateNumber(r, calls)
}

// numbersText writes rate and p95, or why there are none.
func numbersText(r servicemap.Rate, c *servicemap.Calls, gap string) string {
	switch {
	case c.Count > 0:
		return rateText(r, c.Count) + gap + timeText(c, c.P95)
	case c.Causes > 0:
		return "no spans, only errors"
	}
	return "no requests"
}

// timeText writes a time of calls, or that none is known.
func timeText(c *servicemap.Calls, ns int64) string {
	if !c.Timed() {
		return views.Unknown
	}
	return draw.Duration(ns)
}

// nameOf is what a node is called.
func nameOf(n *servicemap.MapNode) string {
	if n.Name == "" {
		return views.NoService
	}
	return draw.Clean(n.Name)
}

// edgeName names an edge as statistics do.
func edgeName(m *servicemap.Map, e *servicemap.MapEdge) string {
	return nameOf(&m.Nodes[e.From]) + facts.Arrow + nameOf(&m.Nodes[e.To])
}

// callsOf returns the calls of an edge with their rate: those of the baseline where only that has it.
func callsOf(m *servicemap.Map, e *servicemap.MapEdge) (*servicemap.Calls, servicemap.Rate) {
	if e.Side == servicemap.OnlyBaseline {
		return &e.Baseline, m.Rates[0]
	}
	return &e.Calls, m.Rates[1]
}

// Differences too small to be shown on the map.
const (
	leastShift = 5         // percent of the baseline's p95
	leastDelta = 1_000_000 // ns
)

// inked is a short text with its ink.
type inked struct {
	text string
	ink  draw.Ink
}

// deltas lists what changed of calls: that they are new or gone, the share of errors in percentage points, p95.
func deltas(c, baseline *servicemap.Calls, side servicemap.Side, theme *style.Theme) []inked {
	switch side {
	case servicemap.OnlyBad:
		return []inked{{theme.Glyphs.Added + " new", theme.Added}}
	case servicemap.OnlyBaseline:
		return []inked{{theme.Glyphs.Removed + " gone", theme.Removed}}
	case servicemap.Both:
	}
	var list []inked
	if points := percentOf(c) - percentOf(baseline); points != 0 {
		list = append(list, pointsText(points, theme))
	}
	if shift := c.P95 - baseline.P95; c.Count > 0 && baseline.Count > 0 &&
		draw.Magnitude(shift) >= leastDelta && draw.Magnitude(shift)*100/leastShift >= draw.Magnitude(baseline.P95) {
		list = append(list, inked{draw.DurationSigned(shift), views.DeltaInk(shift, theme)})
	}
	return list
}

// pointsText writes how many percentage points more calls fail than in the baseline.
func pointsText(points int, theme *style.Theme) inked {
	if points > 0 {
		return inked{signed(points) + " pp", theme.Error}
	}
	return inked{signed(points) + " pp", theme.Removed}
}

// percentOf is the share of failed calls in whole percent.
func percentOf(c *servicemap.Calls) int {
	if c.Count == 0 {
		return 0
	}
	return (min(c.Errors, c.Count)*200 + c.Count) / (2 * c.Count)
}

func signed(n int) string {
	if n > 0 {
		return "+" + strconv.Itoa(n)
	}
	return strconv.Itoa(n)
}

// texts joins what stands side by side.
func texts(list []inked) string {
	var b strings.Builder
	for i, one := range list {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(one.text)
	}
	return b.String()
}

// byWeight lists the nodes: where failures began first, most of them first, then those that failed, then the busiest.
func byWeight(m *servicemap.Map) []int {
	order := make([]int, len(m.Nodes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := &m.Nodes[a], &m.Nodes[b]
		return cmp.Or(cmp.Compare(y.Causes, x.Causes), cmp.Compare(y.Failures(), x.Failures()), cmp.Compare(y.Count, x.Count), cmp.Compare(y.Baseline.Count, x.Baseline.Count))
	})
	return order
}

// loudShare is the part of the most failures that began at one node, in percent, from which on a node is marked as a
// root cause: a few others beside hundreds are not what the eye has to find first.
const loudShare = 20

// loud reports whether so many of the failures of a map began at a node that it is to be seen first.
func loud(n *servicemap.MapNode, most int) bool {
	return n.Causes > 0 && n.Causes*100 >= most*loudShare
}

// mostCauses returns the most failures that began at one node.
func mostCauses(m *servicemap.Map) int {
	most := 0
	for i := range m.Nodes {
		most = max(most, m.Nodes[i].Causes)
	}
	return most
}

// headTexts say in which unit rates are and what times are, and count what there is; the longest text first. Edges go
// first, then nodes, then traces.
func headTexts(m *servicemap.Map) []string {
	services, others := 0, 0
	for i := range m.Nodes {
		switch n := &m.Nodes[i]; {
		case n.Kind != servicemap.Service:
			others++
		case n.Name != "": // else the spans name no service
			services++
		}
	}
	nodes := draw.SegmentGap + draw.CountNoun(services, "service", "services")
	if others > 0 {
		nodes += " + " + draw.CountNoun(others, "dependency", "dependencies")
	}
	edges := draw.SegmentGap + draw.CountNoun(len(m.Edges), "edge", "edges")
	bad := m.Of[1]
	traces := draw.CountNoun(bad.Traces, "trace", "traces")
	if m.Compared() {
		traces = draw.Count(m.Of[0].Traces) + " baseline, " + draw.CountNoun(bad.Traces, "bad trace", "bad traces")
	}
	traces = draw.SegmentGap + traces
	unit := m.Rates[1].Unit.String() + ", p95"
	return []string{unit + nodes + edges + traces, unit + nodes + traces, unit + traces, unit}
}
