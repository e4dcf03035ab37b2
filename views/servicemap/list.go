package servicemap

import (
	"cmp"
	"slices"
	"strings"

	"tracefall/diagnose/facts"
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
	columnPoints
	columnName
	columnCount
)

var columnSpecs = [columnCount]table.Spec{
	columnName:   {Title: "EDGE", Width: 24, Rising: true},
	columnCalls:  {Title: "CALLS", Width: 10, Priority: 2, Right: true},
	columnRate:   {Title: "RATE", Width: 12, Priority: 3, Right: true}, // or as wide as the longest
	columnErrors: {Title: "ERR", Width: 9, Priority: 1, Right: true},
	columnShare:  {Title: "ERR %", Width: 8, Priority: 1, Right: true},
	columnP50:    {Title: "P50", Width: 10, Priority: 4, Right: true},
	columnP95:    {Title: "P95", Width: 10, Priority: 1, Right: true},
	columnP99:    {Title: "P99", Width: 10, Priority: 5, Right: true},
	columnDelta:  {Title: "Δ P95", Width: 11, Priority: 1, Right: true},
	columnPoints: {Title: "Δ ERR %", Width: 10, Priority: 3, Right: true},
}

// columnOrder is the order of the columns on the screen.
var columnOrder = [...]column{columnName, columnCalls, columnRate, columnErrors, columnShare, columnP50, columnP95, columnP99, columnDelta, columnPoints}

// list is the edges as rows.
type list struct {
	table.Columns[column]
	table.Scroller
	edges []int // of the map, in the order of the rows
	data  *servicemap.Map
	times draw.Durations
	ends  [2][]int // by node: edges from it, and to it
	name  int      // cells of the longest pair of names
	rates int      // decimals of the rates
	rate  int      // cells of the column of rates
}

func newList() list {
	return list{Columns: table.Columns[column]{Specs: columnSpecs[:], Descending: true}}
}

// set shows the edges of a map.
func (l *list) set(m *servicemap.Map) {
	l.data, l.edges = m, make([]int, len(m.Edges))
	l.times, l.name, l.rates = draw.Durations{}, 0, 0
	l.ends = [2][]int{make([]int, len(m.Nodes)), make([]int, len(m.Nodes))}
	for i := range l.edges {
		e := &m.Edges[i]
		l.edges[i] = i
		l.ends[0][e.From]++
		l.ends[1][e.To]++
		l.times.Longest = max(l.times.Longest, e.P99, e.Baseline.P99)
		l.name = max(l.name, draw.Width(edgeName(m, e)))
		calls, rate := callsOf(m, e)
		l.rates = max(l.rates, rateDecimals(rate, calls.Count))
	}
	l.rate = columnSpecs[columnRate].Width
	for i := range m.Edges {
		calls, rate := callsOf(m, &m.Edges[i])
		l.rate = max(l.rate, draw.Width(rateFixed(rate, calls.Count, l.rates))+1)
	}
	l.Row, l.Top = 0, 0
	l.order()
}

// width is how many cells a column of numbers takes, with the gap before it.
func (l *list) width(c column) int {
	if c == columnRate {
		return l.rate
	}
	return columnSpecs[c].Width
}

// edge returns the edge of the cursor's row, -1 for none.
func (l *list) edge() int {
	if l.Row >= len(l.edges) {
		return -1
	}
	return l.edges[l.Row]
}

// choose puts the cursor on the row of an edge.
func (l *list) choose(edge int) {
	l.Row = max(slices.Index(l.edges, edge), 0)
	l.Clamp(len(l.edges))
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
	l.choose(at)
}

// value returns what a column sorts by.
func (l *list) value(e *servicemap.MapEdge, c column) int64 {
	switch c {
	case columnCalls:
		return int64(e.Least())
	case columnRate:
		return int64(e.Count)
	case columnErrors:
		return int64(e.Failures())
	case columnShare:
		return int64(e.Failures()) * 1e6 / int64(max(e.Count, 1))
	case columnP50, columnP95, columnP99:
		return timeOf(&e.Calls, c)
	case columnDelta:
		return e.P95 - e.Baseline.P95
	case columnPoints:
		return int64(percentOf(&e.Calls) - percentOf(&e.Baseline))
	case columnName, columnCount:
	}
	return 0
}

// timeOf returns the percentile that a column shows.
func timeOf(calls *servicemap.Calls, c column) int64 {
	if c == columnP50 {
		return calls.P50
	}
	if c == columnP95 {
		return calls.P95
	}
	return calls.P99
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

// mostPair is how many cells the name of an edge takes at most.
const mostPair = 72

// layout places the columns: the names get what they need up to a measure, before the less important numbers, then what
// those leave.
func (l *list) layout(w int) {
	priority := func(c column) int {
		if c == l.Sort {
			return 0
		}
		return columnSpecs[c].Priority
	}
	candidates := slices.Clone(columnOrder[:])
	if l.data == nil || !l.data.Compared() {
		candidates = candidates[:len(candidates)-2]
	}
	if l.data == nil || l.data.Rates[1].Unit == servicemap.Each { // which the calls say already
		candidates = slices.DeleteFunc(candidates, func(c column) bool { return c == columnRate })
	}
	left := 0
	need := max(min(l.name+1, table.NameShare(w)), columnSpecs[columnName].Width)
	chosen := table.DropColumns(candidates, priority, func(chosen []column, _ int) bool {
		left = w
		for _, c := range chosen {
			if c != columnName {
				left -= l.width(c)
			}
		}
		return left >= need
	})
	l.Placed = l.Placed[:0]
	x := 2
	for _, c := range chosen {
		width := l.width(c)
		if c == columnName {
			width = max(min(left, mostPair), 0)
			l.Placed = append(l.Placed, table.Placed[column]{Column: c, X: x, W: width - 1})
		} else {
			l.Placed = append(l.Placed, table.Placed[column]{Column: c, X: x + 1, W: width - 1})
		}
		x += width
	}
}

func (l *list) drawRow(a draw.Area, e *servicemap.MapEdge, theme *style.Theme) {
	for _, p := range l.Placed {
		if p.Column == columnName {
			l.drawName(a.Sub(p.X, 0, p.W, 1), e, theme)
			continue
		}
		one := l.cell(e, p.Column, theme)
		a.TextRight(p.X, 0, p.W, one.text, one.ink)
	}
}

// cell returns what a column of numbers shows of an edge.
func (l *list) cell(e *servicemap.MapEdge, c column, theme *style.Theme) inked {
	calls, rate := callsOf(l.data, e)
	seen := calls.Count > 0 // not only named in messages of errors
	switch c {
	case columnCalls:
		return inked{callsText(calls), theme.Text}
	case columnErrors:
		if e.Failures() > 0 {
			return inked{theme.Glyphs.Error + " " + draw.Count(e.Failures()), theme.Error}
		}
	case columnShare:
		if seen && e.Errors > 0 {
			return inked{errorShare(&e.Calls), theme.Error}
		}
	case columnRate:
		if seen {
			return inked{rateFixed(rate, calls.Count, l.rates), theme.Text}
		}
	case columnP50, columnP95, columnP99:
		if seen {
			if !calls.Timed() {
				return inked{views.Unknown, theme.Dim}
			}
			return inked{l.times.Text(timeOf(calls, c)), theme.Text}
		}
	case columnDelta:
		return l.deltaCell(e, theme)
	case columnPoints:
		if points := percentOf(&e.Calls) - percentOf(&e.Baseline); points != 0 && e.Side == servicemap.Both {
			return pointsText(points, theme)
		}
	case columnName, columnCount:
	}
	return inked{}
}

// deltaCell says how much longer calls take than in the baseline, or that they are on one side only.
func (l *list) deltaCell(e *servicemap.MapEdge, theme *style.Theme) inked {
	if e.Side != servicemap.Both {
		return deltas(&e.Calls, &e.Baseline, e.Side, theme)[0]
	}
	if e.Count == 0 || e.Baseline.Count == 0 {
		return inked{}
	}
	shift := e.P95 - e.Baseline.P95
	return inked{l.times.Change(shift), views.DeltaInk(shift, theme)}
}

// drawName draws the two ends of an edge. Where there is little room the one that more edges share is cut first.
func (l *list) drawName(a draw.Area, e *servicemap.MapEdge, theme *style.Theme) {
	nodes := [...]*servicemap.MapNode{&l.data.Nodes[e.From], &l.data.Nodes[e.To]}
	var names [2]string
	names[0], names[1] = draw.Pair(nameOf(nodes[0]), nameOf(nodes[1]), a.W()-draw.Width(facts.Arrow), l.ends[0][e.From] >= l.ends[1][e.To])
	x := 0
	for k, n := range nodes {
		ink := theme.Text
		if n.Kind == servicemap.Service {
			ink = theme.Service(n.Name)
		}
		if k > 0 {
			x += a.Text(x, 0, facts.Arrow, theme.Dim)
		}
		x += a.TextEllipsis(x, 0, a.W()-x, names[k], ink)
	}
}
