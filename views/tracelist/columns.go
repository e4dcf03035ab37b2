package tracelist

import (
	"slices"
	"strings"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/table"
)

// grid is the columns of the list, and how they are drawn.
type grid struct {
	table.Columns[Column]
	chosen  []Column    // as configured, nil for what the width suggests
	dates   views.Dates // that tell the traces apart by the clock last drawn with
	brief   bool        // there is little room
	middles bool        // durations of groups are named
	widest  widths
}

// widths are the cells of the widest root and the widest finding, 0 where that is not known.
type widths struct{ root, finding int }

// wide is the priority of columns that are only shown where all the others have their room.
const wide = 100

// specs describes the columns, by Column.
var specs = [...]table.Spec{
	ColumnStart:    {Name: "start", Title: "START", Width: 12, Priority: 5},
	ColumnDuration: {Name: "duration", Title: "DURATION", Width: 10, Right: true, Priority: 0},
	ColumnSpans:    {Name: "spans", Title: "SPANS", Width: 5, Right: true, Priority: 4},
	ColumnErrors:   {Name: "errors", Title: "ERR", Width: 3, Right: true, Priority: 3},
	ColumnServices: {Name: "services", Title: "SVC", Width: 4, Right: true, Priority: wide},
	ColumnMatched:  {Name: "matched", Title: "MATCH", Width: 5, Right: true, Priority: 3},
	ColumnRoot:     {Name: "root", Title: "ROOT", Width: 28, Ample: 46, Share: 4, Most: 90, Rising: true, Priority: 1},
	ColumnFindings: {Name: "findings", Title: "FINDING", Width: 24, Ample: 36, Share: 4, Most: 60, Priority: 2},
	ColumnTraceID:  {Name: "trace-id", Title: "TRACE ID", Width: 32, Rising: true, Priority: wide + 1},
	ColumnPath:     {Name: "critical-path", Title: "CRITICAL PATH", Width: 16, Ample: 24, Share: 2, Most: 40, Priority: 2},
	ColumnRange:    {Name: "range", Title: "RANGE", Width: 14, Ample: 19, Priority: 6},
}

// columnNames lists the names of all columns.
func columnNames() string {
	var names []string
	for _, c := range specs {
		names = append(names, c.Name)
	}
	return strings.Join(names, ", ")
}

// narrow is the width of a row, in cells, from which on blanks and fractions of seconds are not spared.
const narrow = 140

// shortest is how many cells a column that shares the room keeps where there is none.
const shortest = 12

// rangeWidth is how many cells the longest duration of a group takes with the sign of what lies outside: "≤ 1.26 s △".
const rangeWidth = 10

// lastSpare is how many cells the last two columns may have too few.
const lastSpare = 16

// layout chooses the columns for a width and places them; ranges says that there are lines of several traces. Columns that the configuration names are wanted all;
// where even these do not fit the least important go, whoever chose them.
func (g *grid) layout(width int, s *shown, ranges bool) {
	g.brief = width < narrow
	g.middles = ranges && !g.brief // elsewhere the last line says it of the row under the cursor
	g.Gap = 2
	if g.brief {
		g.Gap = 1
	}
	chosen := g.chosen
	if chosen == nil {
		chosen = s.columns(ranges)
	}
	g.place(table.DropColumns(chosen, g.priority, func(chosen []Column, worst int) bool {
		switch len(chosen) {
		case 1:
			return true
		case 2:
			if g.need(chosen, s, false) <= width+lastSpare { // a short name says more than none
				return true
			}
		}
		need := g.need(chosen, s, g.chosen == nil && worst >= wide)
		if slices.Contains(chosen, ColumnRange) {
			need += max(specs[ColumnRange].Width-g.width(ColumnRange, s), 0) // what a narrow one leaves is for the names
		}
		return need <= width
	}), s, width)
}

// priority says in which order columns go: that by which is sorted stays.
func (g *grid) priority(c Column) int {
	if c == g.Sort {
		return min(specs[c].Priority, specs[ColumnFindings].Priority)
	}
	return specs[c].Priority
}

// columns returns the columns that are shown where there is room.
func (s *shown) columns(ranges bool) []Column {
	columns := []Column{ColumnRoot}
	switch {
	case !s.isHealthy():
		columns = append(columns, ColumnFindings)
	case s.several:
		columns = append(columns, ColumnPath)
	}
	columns = append(columns, ColumnStart, ColumnDuration)
	if ranges || s.far {
		columns = append(columns, ColumnRange)
	}
	columns = append(columns, ColumnSpans, ColumnErrors, ColumnServices)
	if s.filter != nil && s.filter.Spans != nil {
		columns = append(columns, ColumnMatched)
	}
	return append(columns, ColumnTraceID)
}

// sortOrder is the order in which one key sorts by one column after the other.
var sortOrder = [...]Column{
	ColumnFindings, ColumnDuration, ColumnErrors, ColumnStart, ColumnSpans, ColumnServices, ColumnMatched, ColumnRoot, ColumnTraceID, ColumnPath,
}

// SortNext sorts by the next column that is on screen: the findings first, then the durations.
func (g *grid) SortNext() {
	at := slices.Index(sortOrder[:], g.Sort)
	for n := 1; n <= len(sortOrder); n++ {
		next := sortOrder[(at+n)%len(sortOrder)]
		if slices.ContainsFunc(g.Placed, func(p table.Placed[Column]) bool { return p.Column == next }) {
			g.Sort, g.Descending = next, !specs[next].Rising
			return
		}
	}
}

// width is the least width of a column now.
func (g *grid) width(c Column, s *shown) int {
	least, widest := specs[c].Width, 0
	switch {
	case c == ColumnStart && g.dates != views.NoDates && g.brief:
		return len("01-02 15:04")
	case c == ColumnStart && g.brief:
		return len("+59.99 ms")
	case c == ColumnDuration && g.middles:
		return len(middleName + " 400.8 ms")
	case c == ColumnStart && g.dates != views.NoDates:
		return views.DatedWidth(g.dates)
	case c == ColumnRange && g.brief:
		return rangeWidth
	case c == ColumnRange && s.far:
		return specs[c].Ample // "△ 15 h 04 m earlier"
	case c == ColumnRoot && g.widest.root > 0:
		return min(least, max(g.widest.root, shortest))
	case c == ColumnSpans:
		widest = s.mostSpans
	case c == ColumnErrors:
		widest = s.mostErrors
	}
	return max(least, draw.Width(draw.Count(widest)), g.NameWidth(c))
}

// need returns the cells that columns take at least, or amply.
func (g *grid) need(columns []Column, s *shown, amply bool) int {
	n := g.Gap * (len(columns) - 1)
	for _, c := range columns {
		w := g.width(c, s)
		if amply {
			w = max(w, specs[c].Ample)
		}
		n += w
	}
	return n
}

// wanted returns how many cells more the text beside the root can use.
func (g *grid) wanted(columns []Column, s *shown) int {
	switch {
	case slices.Contains(columns, ColumnFindings):
		return max(g.widest.finding-g.width(ColumnFindings, s), 0)
	case slices.Contains(columns, ColumnPath):
		return specs[ColumnPath].Most - g.width(ColumnPath, s)
	}
	return 0
}

// place gives the columns their places; what is left goes to those that share it.
func (g *grid) place(columns []Column, s *shown, width int) {
	left, shares := width-g.need(columns, s, false), 0
	for _, c := range columns {
		shares += specs[c].Share
	}
	g.Placed = g.Placed[:0]
	x := 0
	for _, c := range columns {
		spec, w := specs[c], g.width(c, s)
		if spec.Share > 0 && left > 0 {
			more := left * spec.Share / shares
			if c == ColumnRoot && g.widest.root > 0 {
				// Two texts that have room beside each other are not cut, and what is left is the root's.
				more = max(min(more, g.widest.root-w), left-g.wanted(columns, s), 0)
			}
			more = min(more, max(spec.Most-w, 0))
			w, left, shares = w+more, left-more, shares-spec.Share
		}
		if spec.Share > 0 && left < 0 { // a short name says more than none
			less := min(-left, w-shortest)
			w, left = w-less, left+less
		}
		w = max(min(w, width-x), 0)
		g.Placed = append(g.Placed, table.Placed[Column]{Column: c, X: listLeft + x, W: w})
		x += w + g.Gap
	}
}

// startText writes when a trace started, with the day where the traces are of several.
func (g *grid) startText(ns int64, env *views.Env) string {
	if g.brief {
		return env.Clock.Brief(ns, g.dates)
	}
	return env.Clock.DatedTime(ns, g.dates)
}

// drawUnread draws the line of a trace that was not read.
func (g *grid) drawUnread(line draw.Area, u *Unread, undecided bool, env *views.Env) {
	theme := env.Theme
	if undecided {
		line.Text(1, 0, undecidedGlyph, theme.Dim)
	}
	for _, p := range g.Placed {
		at := line.Sub(p.X, 0, p.W, 1)
		switch p.Column {
		case ColumnRoot:
			views.DrawCall(at, u.Service, u.Name, [2]draw.Ink{theme.Dim, theme.Dim}, theme)
		case ColumnStart:
			at.TextEllipsis(0, 0, at.W(), g.startText(u.Start, env), theme.Dim)
		case ColumnErrors:
			ink := theme.Dim
			if u.Errors > 0 {
				ink = theme.Error
			}
			at.TextRight(0, 0, at.W(), u.text(p.Column), ink)
		case ColumnTraceID:
			at.TextEllipsis(0, 0, at.W(), u.text(p.Column), theme.Dim)
		case ColumnMatched:
			if undecided {
				at.TextRight(0, 0, at.W(), undecidedGlyph, theme.Dim)
			}
		case ColumnDuration, ColumnSpans, ColumnServices:
			at.TextRight(0, 0, at.W(), u.text(p.Column), theme.Dim)
		case ColumnFindings, ColumnPath, ColumnRange:
		}
	}
}

// undecidedGlyph stands before a trace of which nobody knows yet whether it matches.
const undecidedGlyph = "?"
