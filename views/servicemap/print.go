package servicemap

import (
	"fmt"
	"math"
	"strings"

	"tracefall/diagnose/servicemap"
	"tracefall/views"
	"tracefall/views/draw"
)

// Print draws a whole map in width cells at most and hands it to emit. It reports whether it fits; where it does not
// nothing is drawn.
func Print(data *servicemap.Map, width int, env *views.Env, emit func(*draw.Grid) error) (fits bool, err error) {
	if len(data.Nodes) == 0 || len(data.Nodes) > mostNodes {
		return false, nil
	}
	s := New()
	s.set(data)
	s.cursor = -1 // nothing is selected in what is printed
	s.plan = newPlan(data, width, math.MaxInt, env.Theme)
	if !s.plan.fits {
		return false, nil
	}
	grid := draw.NewGrid(s.plan.place.W, s.plan.place.H)
	grid.SetASCII(env.Theme.ASCII)
	s.drawMap(grid.All(), env)
	return true, emit(grid)
}

// Head counts what a map shows, and says in which unit its rates are.
func Head(data *servicemap.Map) string { return headTexts(data)[0] }

// Row is an edge in words, for a table that is printed.
type Row struct{ Edge, Calls, Rate, Errors, Share, P50, P95, Max string }

// Rows lists the edges of a map as the screen does: those that failed most first, then the busiest.
func Rows(data *servicemap.Map) []Row {
	l := newList()
	l.set(data)
	times := l.times
	for i := range data.Edges {
		times.Longest = max(times.Longest, data.Edges[i].Max)
	}
	var rows []Row
	for _, at := range l.edges {
		e := &data.Edges[at]
		row := Row{Edge: edgeName(data, e), Calls: callsText(&e.Calls)}
		if e.Failures() > 0 {
			row.Errors, row.Share = draw.Count(e.Failures()), errorShare(&e.Calls)
		}
		if e.Count > 0 {
			row.Rate, row.P50, row.P95, row.Max = rateFixed(data.Rates[1], e.Count, l.rates), times.Text(e.P50), times.Text(e.P95), times.Text(e.Max)
			if !e.Timed() {
				row.P50, row.P95, row.Max = views.Unknown, views.Unknown, views.Unknown
			}
		} else {
			row.Share = ""
		}
		rows = append(rows, row)
	}
	return rows
}

// Label is what a diagram says below the name of a node, or beside an edge: "1.2/trace · p95 412 ms · 12 % errors".
func Label(data *servicemap.Map, c *servicemap.Calls) string {
	switch {
	case c.Count == 0 && c.Causes > 0:
		return draw.CountNoun(c.Causes, "error names it", "errors name it")
	case c.Count == 0:
		return ""
	}
	text := rateText(data.Rates[1], c.Count) + draw.SegmentGap + "p95 " + timeText(c, c.P95)
	if c.Errors > 0 {
		text += draw.SegmentGap + errorShare(c) + " errors"
	}
	return text
}

// Name is what a node is called, safe to print.
func Name(n *servicemap.MapNode) string { return nameOf(n) }

// Loud returns which nodes are where most failures began.
func Loud(data *servicemap.Map) []bool {
	most := mostCauses(data)
	list := make([]bool, len(data.Nodes))
	for i := range list {
		list[i] = loud(&data.Nodes[i], most)
	}
	return list
}

// markdownEdges is how many edges a block of Markdown has at most: it is for a chat.
const markdownEdges = 10

// Markdown writes the edges as a table for a chat or a ticket, those that failed most first. It ends in a newline; before
// the calls are counted it is empty.
func (s *ServiceMap) Markdown() string {
	if s.whyEmpty() != "" {
		return ""
	}
	title := "service map"
	if what, query := views.Narrowing(s.of); query != "" {
		title += " of " + what + " " + query
	}
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**: %s\n\n| edge | calls | rate | errors | error share | p50 | p95 | max |\n|---|--:|--:|--:|--:|--:|--:|--:|\n", draw.MarkdownText(title), draw.MarkdownText(headTexts(s.data)[0]))
	rows := Rows(s.data)
	for _, r := range rows[:min(len(rows), markdownEdges)] {
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s | %s | %s |\n", draw.MarkdownText(r.Edge), r.Calls, r.Rate, r.Errors, r.Share, r.P50, r.P95, r.Max)
	}
	if more := len(rows) - markdownEdges; more > 0 {
		fmt.Fprintf(&b, "\nand %s\n", draw.CountNoun(more, "edge", "edges"))
	}
	return b.String()
}
