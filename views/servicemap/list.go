package servicemap

import (
	"cmp"
	"slices"
	"strings"

	"tracefall/diagnose/servicemap"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/table"
)

// column is a column of the list of calls.
type column uint8

const (
	columnErrors column = iota // the first is what it is sorted by
	columnCalls
	columnRate
	columnShare
	columnP50
	columnP95
	columnP99
	columnDelta
	columnName
	columnCount
)

var columnSpecs = [columnCount]table.Spec{
	columnName:   {Title: "EDGE", Width: 24, Rising: true},
	columnCalls:  {Title: "CALLS", Width: 10, Priority: 2, Right: true},
	columnRate:   {Title: "RATE", Width: 12, Priority: 3, Right: true},
	columnErrors: {Title: "ERR", Width: 9, Priority: 1, Right: true},
	columnShare:  {Title: "ERR %", Width: 8, Priority: 1, Right: true},
	columnP50:    {Title: "P50", Width: 10, Priority: 4, Right: true},
	columnP95:    {Title: "P95", Width: 10, Priority: 1, Right: true},
	columnP99:    {Title: "P99", Width: 10, Priority: 5, Right: true},
	columnDelta:  {Title: "Δ P95", Width: 11, Priority: 1, Right: true},
}

// columnOrder is the order of the columns on the screen.
var columnOrder = [...]column{columnName, columnCalls, columnRate, columnErrors, columnShare, columnP50, columnP95, columnP99, columnDelta}

// list is the edges as rows.
type list struct {
	table.Columns[column]
	table.Scroller
	edges []int // of the map, in the order of the rows
	data  *servicemap.Map
}

func newList() list {
	return list{Columns: table.Columns[column]{Specs: columnSpecs[:], Descending: true}}
}

// set shows the edges of a map.
func (l *list) set(m *servicemap.Map) {
	l.data, l.edges = m, make([]int, len(m.Edges))
	for i := range l.edges {
		l.edges[i] = i
	}
	l.Row, l.Top = 0, 0
	l.order()
}

// edge returns the edge of the cursor's row, -1 for none.
func (l *list) edge() int {
	if l.Row >= len(l.edges) {
		return -1
	}
	return l.edges[l.Row]
}

// order sorts the rows; what is equal is ordered by calls, then by name.
func (l *list) order() {
	slices.SortFunc(l.edges, func(a, b int) int {
		x, y := &l.data.Edges[a], &l.data.Edges[b]
		n := cmp.Or(strings.Compare(l.data.Nodes[x.From].Name, l.data.Nodes[y.From].Name), strings.Compare(l.data.Nodes[x.To].Name, l.data.Nodes[y.To].Name))
		if l.Sort != columnName {
			n = cmp.Or(cmp.Compare(l.value(y, l.Sort), l.value(x, l.Sort)), cmp.Compare(y.Count, x.Count), n)
		}
		if l.Descending == l.Specs[l.Sort].Rising {
			return -n
		}
		return n
	})
}

// sortKeeping sorts; the cursor stays on its edge.
func (l *list) sortKeeping() {
	at := l.edge()
	l.order()
	l.Row = max(slices.Index(l.edges, at), 0)
	l.Clamp(len(l.edges))
}

// value returns what a column sorts by.
func (l *list) value(e *servicemap.MapEdge, c column) int64 {
	switch c {
	case columnCalls, columnRate:
		return int64(e.Count)
	case columnErrors:
		return int64(e.Failures())
	case columnShare:
		return int64(e.Failures()) * 1e6 / int64(max(e.Count, 1))
	case columnP50:
		return e.P50
	case columnP95:
		return e.P95
	case columnP99:
		return e.P99
	case columnDelta:
		return e.P95 - e.Baseline.P95
	case columnName, columnCount:
	}
	return 0
}

// draw draws the names of the columns and the rows; line y of the screen is the area's first.
func (l *list) draw(a draw.Area, y int, m *servicemap.Map, env *views.Env) {
	l.layout(a.W() - 3)
	head, rows := a.Top(1)
	l.Head = y
	l.DrawNames(head, env.Theme, func(c column) string { return columnSpecs[c].Title })
	l.Fit(rows.H(), len(l.edges))
	l.DrawRows(rows, y+1, len(l.edges), 0, env.Focused, env, func(line draw.Area, n int) { l.drawRow(line, &m.Edges[l.edges[n]], env.Theme) })
}

// mostName is how many cells the name of an edge takes at most.
const mostName = 72

// layout places the columns: the numbers take what they need, the name the rest.
func (l *list) layout(w int) {
	priority := func(c column) int {
		if c == l.Sort {
			return 0
		}
		return columnSpecs[c].Priority
	}
	candidates := columnOrder[:]
	if l.data == nil || !l.data.Compared() {
		candidates = candidates[:len(candidates)-1]
	}
	left := 0
	chosen := table.DropColumns(candidates, priority, func(chosen []column, _ int) bool {
		left = w
		for _, c := range chosen {
			if c != columnName {
				left -= columnSpecs[c].Width
			}
		}
		return left >= 36
	})
	l.Placed = l.Placed[:0]
	x := 2
	for _, c := range chosen {
		width := columnSpecs[c].Width
		if c == columnName {
			width = max(min(left, mostName), 0)
			l.Placed = append(l.Placed, table.Placed[column]{Column: c, X: x, W: width - 1})
		} else {
			l.Placed = append(l.Placed, table.Placed[column]{Column: c, X: x + 1, W: width - 1})
		}
		x += width
	}
}

func (l *list) drawRow(a draw.Area, e *servicemap.MapEdge, theme *style.Theme) {
	calls, rate := &e.Calls, l.data.Rates[1]
	if e.Side == servicemap.OnlyBaseline {
		calls, rate = &e.Baseline, l.data.Rates[0]
	}
	for _, p := range l.Placed {
		switch p.Column {
		case columnName:
			l.drawName(a.Sub(p.X, 0, p.W, 1), e, theme)
			continue
		case columnErrors, columnShare:
			if e.Failures() > 0 {
				text := draw.Count(e.Failures())
				if p.Column == columnShare {
					text = errorShare(&e.Calls)
				} else {
					text = theme.Glyphs.Error + " " + text
				}
				a.TextRight(p.X, 0, p.W, text, theme.Error)
			}
			continue
		case columnDelta:
			l.drawDelta(a, p, e, theme)
			continue
		}
		text := ""
		switch p.Column {
		case columnCalls:
			text = draw.Count(calls.Count)
		case columnRate:
			text = rateText(rate, calls.Count)
		case columnP50:
			text = draw.Duration(calls.P50)
		case columnP95:
			text = draw.Duration(calls.P95)
		case columnP99:
			text = draw.Duration(calls.P99)
		}
		a.TextRight(p.X, 0, p.W, text, theme.Text)
	}
}

// drawDelta draws how much longer calls take than in the baseline, or that they are on one side only.
func (l *list) drawDelta(a draw.Area, p table.Placed[column], e *servicemap.MapEdge, theme *style.Theme) {
	text, ink := draw.DurationSigned(e.P95-e.Baseline.P95), views.DeltaInk(e.P95-e.Baseline.P95, theme)
	switch e.Side {
	case servicemap.OnlyBad:
		text, ink = theme.Glyphs.Added+" new", theme.Added
	case servicemap.OnlyBaseline:
		text, ink = theme.Glyphs.Removed+" gone", theme.Removed
	case servicemap.Both:
	}
	a.TextRight(p.X, 0, p.W, text, ink)
}

// drawName draws the two ends of an edge. Where there is little room both are cut.
func (l *list) drawName(a draw.Area, e *servicemap.MapEdge, theme *style.Theme) {
	const arrow = " → "
	x := 0
	half := (a.W() - draw.Width(arrow)) / 2
	other := draw.Width(nameOf(&l.data.Nodes[e.To]))
	for k, at := range [...]int{e.From, e.To} {
		n := &l.data.Nodes[at]
		ink := theme.Text
		if n.Kind == servicemap.Service {
			ink = theme.Service(n.Name)
		}
		room := a.W() - x
		if k == 0 {
			room = max(half, room-draw.Width(arrow)-other)
		} else {
			x += a.Text(x, 0, arrow, theme.Dim)
			room = a.W() - x
		}
		x += a.TextMiddle(x, 0, room, nameOf(n), ink)
	}
}
