package tree

import (
	"sort"

	"tracefall/views/draw"
	"tracefall/views/style"
)

// DrawRows draws the rows that are on screen, and which of them the cursor is on; sign says whether there is room for its
// sign.
func (c *Cursor) DrawRows(a draw.Area, sign, focused bool, theme *style.Theme, row func(a draw.Area, n int)) {
	for y := 0; y < a.H() && c.Top+y < c.Len(); y++ {
		at := a.Row(y)
		row(at, c.Top+y)
		if c.Top+y != c.Row {
			continue
		}
		ink := theme.Dim
		if focused {
			ink = theme.Accent
		}
		if sign {
			at.Mark(0, 0, theme.Glyphs.Selection, ink)
		}
		if focused {
			theme.Select(at)
		}
	}
}

// Runs draws when any of several calls runs, from the first to the last: dashed where one does, dots between. ran tells
// whether one runs between two times. It returns the first and the last cell; they are not ok where all lie outside of
// the scale.
func Runs(a draw.Area, scale draw.Scale, from, to int64, ink draw.Ink, theme *style.Theme, ran func(from, to int64) bool) (first, last int, ok bool) {
	if !scale.Contains(from, to) {
		a.Span(0, scale, from, to, draw.BarDashed, ink)
		return 0, 0, false
	}
	first, last = scale.Cell(from), scale.Cell(max(to-1, from))
	for x := first; x <= last; x++ {
		if at := scale.At(x); ran(at, max(scale.At(x+1), at+1)) {
			a.Bar(x, 0, 0, 8, draw.BarDashed, ink)
		} else {
			a.Text(x, 0, theme.Glyphs.Dot, theme.Dim)
		}
	}
	return first, last, true
}

// Segment is a part of a title. Where there is no room the parts of a lower rank are the first to go, those of one rank
// together.
type Segment struct {
	Text string
	Ink  draw.Ink
	Rank int
	Gap  string // before it; "" for the usual one
}

// DrawTitle draws a name and of the parts behind it those that there is room for. The name keeps least cells, and gets
// what the parts leave. lead is the gap before the first part, "" for its own.
func DrawTitle(a draw.Area, name string, least int, lead string, segments []Segment, theme *style.Theme) {
	used := 1 + min(draw.Width(name), least)
	if lead != "" {
		used += draw.Width(lead) - 1
	}
	segments, cells := Fit(segments, a.W()-used)
	used += cells
	x := 1 + a.TextEllipsis(1, 0, min(draw.Width(name), least+max(a.W()-used, 0)), name, theme.Title)
	for _, s := range segments {
		gap := s.gap()
		if lead != "" {
			gap, lead = lead, ""
		}
		x += a.Text(x, 0, gap, theme.Dim)
		x += a.Text(x, 0, s.Text, s.Ink)
	}
}

// Fit returns the segments that have room in so many cells, each with its gap before it, and the cells that they take.
func Fit(segments []Segment, room int) (fitting []Segment, cells int) {
	order := make([]int, len(segments))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return segments[order[i]].Rank > segments[order[j]].Rank })
	kept := make([]bool, len(segments))
	for k := 0; k < len(order); {
		need, next := 0, k
		for ; next < len(order) && segments[order[next]].Rank == segments[order[k]].Rank; next++ {
			need += segments[order[next]].width()
		}
		if cells+need <= room {
			cells += need
			for _, i := range order[k:next] {
				kept[i] = true
			}
		}
		k = next
	}
	for i, s := range segments {
		if kept[i] && s.Text != "" {
			fitting = append(fitting, s)
		}
	}
	return fitting, cells
}

// gap is what stands before the segment.
func (s Segment) gap() string {
	if s.Gap == "" {
		return draw.SegmentGap
	}
	return s.Gap
}

// width is the cells of the segment with the gap before it, none where it says nothing.
func (s Segment) width() int {
	if s.Text == "" {
		return 0
	}
	return draw.Width(s.gap()) + draw.Width(s.Text)
}
