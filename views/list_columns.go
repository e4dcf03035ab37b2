package views

import (
	"strconv"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// columnSpec is what is known about a column of the list.
type columnSpec struct {
	name     string // in the configuration
	title    string
	width    int // cells at least; with share, more where there is room
	ample    int // cells that columns for wide screens leave to it
	share    int // of the room that is left, in parts
	most     int // cells, with share
	right    bool
	rising   bool // sorted from the smallest at first
	priority int  // the highest go first where it is narrow; wide: only there where there is room for all
}

// wide is the priority of columns that are only shown where all the others have their room.
const wide = 100

// listColumns describes the columns, by ListColumn.
var listColumns = [...]columnSpec{
	ColumnStart:    {name: "start", title: "START", width: 12, priority: 4},
	ColumnDuration: {name: "duration", title: "DURATION", width: 10, right: true, priority: 0},
	ColumnSpans:    {name: "spans", title: "SPANS", width: 7, right: true, priority: 6},
	ColumnErrors:   {name: "errors", title: "ERR", width: 5, right: true, priority: 3},
	ColumnServices: {name: "services", title: "SVC", width: 5, right: true, priority: wide},
	ColumnMatched:  {name: "matched", title: "MATCH", width: 7, right: true, priority: 5},
	ColumnRoot:     {name: "root", title: "ROOT", width: 22, ample: 40, share: 2, most: 80, rising: true, priority: 1},
	ColumnFindings: {name: "findings", title: "FINDINGS", width: 26, ample: 36, share: 3, most: 60, priority: 2},
	ColumnTraceID:  {name: "trace-id", title: "TRACE ID", width: 32, rising: true, priority: wide + 1},
}

// columnNames lists the names of all columns.
func columnNames() []string {
	var names []string
	for _, c := range listColumns {
		names = append(names, c.name)
	}
	return names
}

// placedColumn is a column with its place in a row.
type placedColumn struct {
	column ListColumn
	x, w   int
}

// narrow is the width of a row, in cells, from which on blanks and fractions of seconds are not spared.
const narrow = 110

// lastSpare is how many cells the last two columns may have too few.
const lastSpare = 16

// layout chooses the columns for a width and places them. Columns that the configuration names are wanted all;
// where even these do not fit the least important go, whoever chose them.
func (l *List) layout(width int) []placedColumn {
	chosen := l.columns
	if chosen == nil {
		chosen = l.defaultColumns()
	}
	chosen = append([]ListColumn(nil), chosen...)
	l.brief = width < narrow
	for len(chosen) > 1 {
		if len(chosen) == 2 && l.need(chosen, false) <= width+lastSpare {
			break // a short name says more than none
		}
		worst := 0
		for i, c := range chosen {
			if listColumns[c].priority > listColumns[chosen[worst]].priority {
				worst = i
			}
		}
		if l.need(chosen, l.columns == nil && listColumns[chosen[worst]].priority >= wide) <= width {
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
func (l *List) defaultColumns() []ListColumn {
	columns := []ListColumn{ColumnStart, ColumnDuration, ColumnSpans, ColumnErrors, ColumnServices}
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
func (l *List) columnWidth(c ListColumn) int {
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
		return listColumns[c].width
	case ColumnSpans:
		widest = l.mostSpans
	case ColumnErrors:
		widest = l.mostErrors
	default:
		return listColumns[c].width
	}
	return max(listColumns[c].width, draw.Width(draw.Count(widest)))
}

// need returns the cells that columns take at least, or amply.
func (l *List) need(columns []ListColumn, amply bool) int {
	n := l.gap() * (len(columns) - 1)
	for _, c := range columns {
		w := l.columnWidth(c)
		if amply {
			w = max(w, listColumns[c].ample)
		}
		n += w
	}
	return n
}

// place gives the columns their places; what is left goes to those that share it.
func (l *List) place(columns []ListColumn, width int) []placedColumn {
	left, shares := width-l.need(columns, false), 0
	for _, c := range columns {
		shares += listColumns[c].share
	}
	placed := make([]placedColumn, 0, len(columns))
	x := 0
	for _, c := range columns {
		spec := listColumns[c]
		w := l.columnWidth(c)
		if spec.share > 0 && left > 0 {
			more := left * spec.share / shares
			if w+more > spec.most {
				more = max(spec.most-w, 0)
			}
			w, left, shares = w+more, left-more, shares-spec.share
		}
		w = max(min(w, width-x), 0)
		placed = append(placed, placedColumn{c, x, w})
		x += w + l.gap()
	}
	return placed
}

// drawCell draws what a trace has in a column.
func (l *List) drawCell(a draw.Area, c ListColumn, i int, env *Env) {
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
		a.TextRight(0, 0, a.W(), alignedDuration(t), theme.Strong)
	case ColumnSpans:
		number(t.SpanCount(), theme.Text)
	case ColumnErrors:
		number(t.Errors(), theme.Error)
	case ColumnServices:
		number(t.Services(), theme.Text)
	case ColumnMatched:
		number(l.matched(i), theme.Text)
	case ColumnRoot:
		drawRoot(a, t, theme)
	case ColumnFindings:
		l.drawFinding(a, i, theme)
	case ColumnTraceID:
		a.TextEllipsis(0, 0, a.W(), t.ID().String(), theme.Dim)
	}
}

// startText writes when a trace started, with the day where the traces are of several.
func (l *List) startText(ns int64, env *Env) string {
	switch {
	case l.brief:
		return env.Clock.Brief(ns, l.dated)
	case l.dated:
		return env.Clock.DayTime(ns)
	}
	return env.Clock.Time(ns)
}

// drawRoot draws service and operation of the span that stands for a trace; dots before them say that the span's
// own parent is missing.
func drawRoot(a draw.Area, t *trace.Trace, theme *style.Theme) {
	root := t.Root()
	x := 0
	if text := farOutside(t); text != "" {
		text = theme.Glyphs.Warning + " " + text
		if draw.Width(text)+2*leastTitle > a.W() {
			text = theme.Glyphs.Warning
		}
		a.TextRight(0, 0, a.W(), text, theme.Warn)
		a = a.Sub(0, 0, a.W()-draw.Width(text)-1, 1)
	}
	if root.Has(trace.FlagOrphan) {
		x = a.Text(0, 0, theme.Glyphs.Ellipsis+" ", theme.Dim)
	}
	service, name := facts.ServiceName(root), facts.SpanName(root)
	if service != "" {
		room := a.W() - x
		// The operation tells more than the service: that is cut first, to a few letters at each end.
		room = max(room-draw.Width(name)-1, min(room/2, 14))
		x += a.TextMiddle(x, 0, room, service, theme.Service(service)) + 1
	}
	if name == "" {
		a.TextEllipsis(x, 0, a.W()-x, "(no name)", theme.Dim)
		return
	}
	a.TextEllipsis(x, 0, a.W()-x, name, theme.Text)
}

// farOutside says how far spans lie outside a trace's window, where that is farther than the window is long: what
// asynchronous work does at the end of most traces goes without saying.
func farOutside(t *trace.Trace) string {
	from, to := t.Extent()
	early, late := t.Start()-from, to-t.Finish()
	switch {
	case max(early, late) <= t.Duration():
		return ""
	case early >= late:
		return draw.Duration(early) + " earlier"
	}
	return draw.Duration(late) + " later"
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
	glyph, ink := levelGlyph(f.Level, theme)
	x := a.Text(0, 0, glyph+" ", ink)
	// What is counted stands at the end of a title, and what it cost behind: names in the middle are cut first.
	cost := f.costText()
	room := max(a.W()-x-draw.Width(cost), min(a.W()-x, leastTitle))
	x += a.TextEllipsis(x, 0, room, shorten(f.Text, room), theme.Text)
	a.TextEllipsis(x, 0, a.W()-x, cost, theme.Text)
}

// leastTitle is how many cells of a title are shown before what it cost.
const leastTitle = 12

func (f *TraceFinding) costText() string {
	if f.Cost == "" {
		return ""
	}
	return segmentGap + f.Cost
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
func (l *List) cellText(c ListColumn, i int, clock Clock) string {
	t := l.set.Trace(i)
	switch c {
	case ColumnStart:
		return clock.DateTime(t.Start())
	case ColumnDuration:
		return TraceDuration(t)
	case ColumnSpans:
		return amount(t.SpanCount(), "span")
	case ColumnErrors:
		return amount(t.Errors(), "error")
	case ColumnServices:
		return amount(t.Services(), "service")
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

// amount writes a number of things: "1 trace", "1,204 traces".
func amount(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return draw.Count(n) + " " + noun
}
