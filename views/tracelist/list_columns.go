package tracelist

import (
	"strconv"

	"tracefall/diagnose/facts"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/table"
)

// wide is the priority of columns that are only shown where all the others have their room.
const wide = 100

// listColumns describes the columns, by ListColumn.
var listColumns = [...]table.Spec{
	ColumnStart:    {Name: "start", Title: "START", Width: 12, Priority: 4},
	ColumnDuration: {Name: "duration", Title: "DURATION", Width: 10, Right: true, Priority: 0},
	ColumnSpans:    {Name: "spans", Title: "SPANS", Width: 7, Right: true, Priority: 6},
	ColumnErrors:   {Name: "errors", Title: "ERR", Width: 5, Right: true, Priority: 3},
	ColumnServices: {Name: "services", Title: "SVC", Width: 5, Right: true, Priority: wide},
	ColumnMatched:  {Name: "matched", Title: "MATCH", Width: 7, Right: true, Priority: 5},
	ColumnRoot:     {Name: "root", Title: "ROOT", Width: 22, Ample: 40, Share: 2, Most: 80, Rising: true, Priority: 1},
	ColumnFindings: {Name: "findings", Title: "FINDINGS", Width: 26, Ample: 36, Share: 3, Most: 60, Priority: 2},
	ColumnTraceID:  {Name: "trace-id", Title: "TRACE ID", Width: 32, Rising: true, Priority: wide + 1},
}

// columnNames lists the names of all columns.
func columnNames() []string {
	var names []string
	for _, c := range listColumns {
		names = append(names, c.Name)
	}
	return names
}

// narrow is the width of a row, in cells, from which on blanks and fractions of seconds are not spared.
const narrow = 110

// lastSpare is how many cells the last two columns may have too few.
const lastSpare = 16

// layout chooses the columns for a width and places them. Columns that the configuration names are wanted all;
// where even these do not fit the least important go, whoever chose them.
func (l *List) layout(width int) []table.Placed[Column] {
	chosen := l.columns
	if chosen == nil {
		chosen = l.defaultColumns()
	}
	chosen = append([]Column(nil), chosen...)
	l.brief = width < narrow
	for len(chosen) > 1 {
		if len(chosen) == 2 && l.need(chosen, false) <= width+lastSpare {
			break // a short name says more than none
		}
		worst := 0
		for i, c := range chosen {
			if listColumns[c].Priority > listColumns[chosen[worst]].Priority {
				worst = i
			}
		}
		if l.need(chosen, l.columns == nil && listColumns[chosen[worst]].Priority >= wide) <= width {
			break
		}
		chosen = append(chosen[:worst], chosen[worst+1:]...)
	}
	return l.place(chosen, width)
}

// gap returns the cells between two columns.
func (l *List) gap() int {
	if l.brief {
		return 1
	}
	return 2
}

// defaultColumns returns the columns that are shown where there is room.
func (l *List) defaultColumns() []Column {
	columns := []Column{ColumnStart, ColumnDuration, ColumnSpans, ColumnErrors, ColumnServices}
	if l.filter != nil && l.filter.Spans != nil {
		columns = append(columns, ColumnMatched)
	}
	columns = append(columns, ColumnRoot)
	if l.findings.Of != nil {
		columns = append(columns, ColumnFindings)
	}
	return append(columns, ColumnTraceID)
}

// columnWidth is the least width of a column now.
func (l *List) columnWidth(c Column) int {
	var widest int
	switch c {
	case ColumnStart:
		switch {
		case l.dated && l.brief:
			return len("01-02 15:04")
		case l.dated:
			return len("01-02 15:04:05.000")
		case l.brief:
			return len("+59.99 ms")
		}
		return listColumns[c].Width
	case ColumnSpans:
		widest = l.mostSpans
	case ColumnErrors:
		widest = l.mostErrors
	default:
		return listColumns[c].Width
	}
	return max(listColumns[c].Width, draw.Width(draw.Count(widest)))
}

// need returns the cells that columns take at least, or amply.
func (l *List) need(columns []Column, amply bool) int {
	n := l.gap() * (len(columns) - 1)
	for _, c := range columns {
		w := l.columnWidth(c)
		if amply {
			w = max(w, listColumns[c].Ample)
		}
		n += w
	}
	return n
}

// place gives the columns their places; what is left goes to those that share it.
func (l *List) place(columns []Column, width int) []table.Placed[Column] {
	left, shares := width-l.need(columns, false), 0
	for _, c := range columns {
		shares += listColumns[c].Share
	}
	placed := make([]table.Placed[Column], 0, len(columns))
	x := 0
	for _, c := range columns {
		spec := listColumns[c]
		w := l.columnWidth(c)
		if spec.Share > 0 && left > 0 {
			more := left * spec.Share / shares
			if w+more > spec.Most {
				more = max(spec.Most-w, 0)
			}
			w, left, shares = w+more, left-more, shares-spec.Share
		}
		w = max(min(w, width-x), 0)
		placed = append(placed, table.Placed[Column]{Column: c, X: x, W: w})
		x += w + l.gap()
	}
	return placed
}

// drawCell draws what a trace has in a column.
func (l *List) drawCell(a draw.Area, c Column, i int, env *views.Env) {
	t := l.set.Trace(i)
	theme := env.Theme
	number := func(n int, ink draw.Ink) {
		if n == 0 {
			ink = theme.Dim
		}
		a.TextRight(0, 0, a.W(), draw.Count(n), ink)
	}
	switch c {
	case ColumnStart:
		a.TextEllipsis(0, 0, a.W(), l.startText(t.Start(), env), theme.Text)
	case ColumnDuration:
		a.TextRight(0, 0, a.W(), views.AlignedDuration(t), theme.Strong)
	case ColumnSpans:
		number(t.SpanCount(), theme.Text)
	case ColumnErrors:
		number(t.Errors(), theme.Error)
	case ColumnServices:
		number(t.Services(), theme.Text)
	case ColumnMatched:
		number(l.matched(i), theme.Text)
	case ColumnRoot:
		views.DrawRoot(a, t, theme)
	case ColumnFindings:
		l.drawFinding(a, i, theme)
	case ColumnTraceID:
		a.TextEllipsis(0, 0, a.W(), t.ID().String(), theme.Dim)
	}
}

// startText writes when a trace started, with the day where the traces are of several.
func (l *List) startText(ns int64, env *views.Env) string {
	switch {
	case l.brief:
		return env.Clock.Brief(ns, l.dated)
	case l.dated:
		return env.Clock.DayTime(ns)
	}
	return env.Clock.Time(ns)
}

// drawFinding draws the worst finding of a trace.
func (l *List) drawFinding(a draw.Area, i int, theme *style.Theme) {
	if l.findings.Of == nil {
		return
	}
	f := l.findings.Of(i)
	if f.Text == "" {
		return
	}
	glyph, ink := views.LevelGlyph(f.Level, theme)
	x := a.Text(0, 0, glyph+" ", ink)
	// What is counted stands at the end of a title, and what it cost behind: names in the middle are cut first.
	cost := f.costText()
	room := max(a.W()-x-draw.Width(cost), min(a.W()-x, views.LeastTitle))
	x += a.TextEllipsis(x, 0, room, draw.Shorten(f.Text, room), theme.Text)
	a.TextEllipsis(x, 0, a.W()-x, cost, theme.Text)
}

func (f *TraceFinding) costText() string {
	if f.Cost == "" {
		return ""
	}
	return draw.SegmentGap + f.Cost
}

// matched returns how many spans of a trace match the query.
func (l *List) matched(i int) int {
	if l.filter == nil || l.filter.Spans == nil {
		return 0
	}
	k, ok := l.filter.place(i)
	if !ok {
		return 0
	}
	return l.filter.Spans[k]
}

// cellText returns what a trace has in a column, as text to be copied.
func (l *List) cellText(c Column, i int, clock views.Clock) string {
	t := l.set.Trace(i)
	switch c {
	case ColumnStart:
		return clock.DateTime(t.Start())
	case ColumnDuration:
		return views.TraceDuration(t)
	case ColumnSpans:
		return draw.Amount(t.SpanCount(), "span")
	case ColumnErrors:
		return draw.Amount(t.Errors(), "error")
	case ColumnServices:
		return draw.Amount(t.Services(), "service")
	case ColumnMatched:
		return strconv.Itoa(l.matched(i)) + " matching"
	case ColumnRoot:
		return draw.Clean(facts.ServiceName(t.Root()) + " " + facts.SpanName(t.Root()))
	case ColumnFindings:
		if l.findings.Of != nil {
			f := l.findings.Of(i)
			return draw.Clean(f.Text + f.costText())
		}
	case ColumnTraceID:
		return draw.Clean(t.ID().String())
	}
	return ""
}
