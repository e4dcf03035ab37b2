package incidents

import (
	"slices"
	"strings"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/table"
)

// column is one of the table.
type column uint8

const (
	columnTitle column = iota
	columnFinding
	columnWhere
	columnCost
	columnShare
)

// specs describes the columns. Where it is narrow the place of a finding goes first, then findings are cut, then go the numbers.
var specs = [...]table.Spec{
	columnTitle:   {Title: "INCIDENT"},
	columnFinding: {Title: "FINDING", Priority: 1},
	columnWhere:   {Title: "WHERE", Priority: 4},
	columnCost:    {Title: "COST", Right: true, Priority: 2},
	columnShare:   {Title: "SHARE", Right: true, Priority: 3},
}

// Sizes, in cells.
const (
	left      = 2  // the mark of the selected row and a blank
	gap       = 2  // between two columns
	signWidth = 2  // the sign of a finding and a blank
	leastText = 24 // of a text that is cut
)

// costs writes those of all incidents alike.
func (s *Incidents) costs() draw.Durations {
	var times draw.Durations
	for n := range s.list {
		if f := s.list[n].Finding; f != nil {
			times.Longest = max(times.Longest, f.Numbers.Avoidable)
		}
	}
	return times
}

// text returns what an incident has in a column.
func (one *Incident) text(c column, costs draw.Durations) string {
	f := one.Finding
	switch {
	case c == columnTitle:
		return one.Title
	case f == nil:
	case c == columnFinding:
		return draw.Clean(f.Title)
	case c == columnWhere:
		return draw.Clean(f.Where)
	case c == columnCost && f.Numbers.Avoidable > 0:
		return costs.Text(f.Numbers.Avoidable)
	case c == columnShare:
		return views.ShareText(f)
	}
	return ""
}

// layout chooses the columns for a width, of those in which something is said, and places them. What they take too much
// the places or the findings give, then the titles.
func (s *Incidents) layout(width int, costs draw.Durations) {
	var widths [len(specs)]int
	var said []column
	for c := range column(len(specs)) {
		widest := 0
		for n := range s.list {
			widest = max(widest, draw.Width(s.list[n].text(c, costs)))
		}
		if widest > 0 {
			said = append(said, c)
		}
		if c == columnFinding {
			widest += signWidth
		}
		widths[c] = max(widest, draw.Width(specs[c].Title))
	}
	over := func(chosen []column) int {
		sum := gap*(len(chosen)-1) - width
		for _, c := range chosen {
			sum += widths[c]
		}
		return max(sum, 0)
	}
	// The last text of those that are there is cut first, as long as it says something.
	cut := func(chosen []column) column {
		if slices.Contains(chosen, columnWhere) {
			return columnWhere
		}
		return columnFinding
	}
	spare := func(c column) int { return max(widths[c]-leastText, 0) }
	chosen := table.DropColumns(said, func(c column) int { return specs[c].Priority }, func(chosen []column, _ int) bool {
		return over(chosen) <= spare(cut(chosen))
	})
	if len(chosen) > 1 {
		widths[cut(chosen)] -= min(over(chosen), spare(cut(chosen)))
	}
	widths[columnTitle] -= over(chosen)
	s.placed = s.placed[:0]
	x := left
	for _, c := range chosen {
		s.placed = append(s.placed, table.Placed[column]{Column: c, X: x, W: max(widths[c], 0)})
		x += widths[c] + gap
	}
}

// draw draws what an incident has in a column.
func (one *Incident) draw(a draw.Area, c column, costs draw.Durations, theme *style.Theme) {
	text := one.text(c, costs)
	switch {
	case c == columnTitle:
		a.TextEllipsis(0, 0, a.W(), text, theme.Strong)
	case text == "":
	case c == columnFinding:
		glyph, ink := views.LevelGlyph(views.LevelOf(one.Finding.Severity), theme)
		a.Text(0, 0, glyph, ink)
		a.Text(signWidth, 0, views.Title(text, a.W()-signWidth), theme.Text)
	case c == columnWhere:
		service := draw.Clean(one.Finding.WhereService)
		x := a.TextEllipsis(0, 0, a.W(), service, theme.Service(service))
		a.TextEllipsis(x, 0, a.W()-x, strings.TrimPrefix(text, service), theme.Text)
	default:
		a.TextRight(0, 0, a.W(), text, theme.Text)
	}
}
