package findings

import (
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// findingLayout is how wide the columns of the list are, in cells, 0 for a column that is not there, and where the list
// ends.
type findingLayout struct {
	title, where, cost, share, traces, end int

	times draw.Durations // of the costs
}

// The names of the columns.
const (
	nameTitle  = "FINDING"
	nameWhere  = "WHERE"
	nameCost   = "COST"
	nameShare  = "SHARE"
	nameTraces = "TRACES"
)

// rowStart is the cell that titles begin in: behind the mark and the sign.
const rowStart = 4

// within gives the titles what they need and where a finding is the rest. Where there is little room, the place is left
// out before a title is cut.
func (l findingLayout) within(w int) findingLayout {
	titles, where := l.title, l.where
	l.end = w
	left := w - rowStart - 1
	left -= l.numbers()
	l.title = titles
	if titles+columnGap+where > left {
		l.title = min(max(left-columnGap-where, left*2/3), titles)
	}
	if most := left - columnGap - whereLeast; l.title > most {
		l.title = max(most, titleLeast)
	}
	if l.where = min(left-l.title-columnGap, where); l.where < whereLeast {
		l.where, l.title = 0, max(min(titles, left), 0)
	}
	return l
}

// numbers returns the cells that the columns of numbers take.
func (l *findingLayout) numbers() int { return l.costs() + taken(l.traces, numberGap) }

// costs returns the cells that the columns of the cost and of its share take.
func (l *findingLayout) costs() int { return taken(l.cost, columnGap) + taken(l.share, numberGap) }

// taken returns the cells that a column takes with the gap before it.
func taken(width, gap int) int {
	if width == 0 {
		return 0
	}
	return gap + width
}

// names returns the cells that the title and the place of a row have. A row without a cost has for them all cells up to how many
// traces it is in, and a title that is longer than its column moves the place to the right.
func (l *findingLayout) names(r findingRow) (title, where int) {
	title, where = l.title, l.where
	if at := r.same[0]; at.Numbers.Avoidable == 0 {
		where += l.costs() + l.traces - draw.Width(r.times)
		room := where - min(draw.Width(r.where.text()), l.where)
		more := min(max(draw.Width(r.title)-title, 0), room)
		title, where = title+more, where-more
	}
	return title, where
}

// natural returns how wide the list would be if nothing in it were cut.
func (l *findingLayout) natural() int {
	return rowStart + l.title + columnGap + l.where + l.numbers() + 2
}

// places returns the cells that the columns begin in, from the right edge on.
func (l *findingLayout) places() (cost, share, traces int) {
	x := l.end - 1
	place := func(n, gap int) int {
		if n == 0 {
			return x
		}
		at := x - n
		x = at - gap
		return at
	}
	traces = place(l.traces, numberGap)
	share = place(l.share, numberGap)
	return place(l.cost, columnGap), share, traces
}

// drawNames draws the names of the columns.
func (l *findingLayout) drawNames(a draw.Area, theme *style.Theme) {
	cost, share, traces := l.places()
	a.TextEllipsis(rowStart, 0, l.title, nameTitle, theme.Header)
	if l.where > 0 {
		a.Text(rowStart+l.title+columnGap, 0, nameWhere, theme.Header)
	}
	a.TextRight(cost, 0, l.cost, nameCost, theme.Header)
	a.TextRight(share, 0, l.share, nameShare, theme.Header)
	a.TextRight(traces, 0, l.traces, nameTraces, theme.Header)
}

// measured fills in what is drawn of rows, and returns how wide their columns would be if nothing were cut.
func measured(rows []findingRow) findingLayout {
	l := findingLayout{title: len(nameTitle), where: len(nameWhere)}
	for n := range rows {
		if same := rows[n].same; same != nil {
			l.times.Longest = max(l.times.Longest, same[0].Numbers.Avoidable)
		}
	}
	for n := range rows {
		r := &rows[n]
		at := r.same[0]
		r.times = ""
		if n := tracesOf(r.same); n > 1 {
			r.times = "×" + draw.Count(n)
			l.traces = max(l.traces, draw.Width(r.times), len(nameTraces))
		}
		l.title = max(l.title, draw.Width(r.title))
		l.where = max(l.where, draw.Width(r.where.text()))
		if n := at.Numbers.Avoidable; n > 0 {
			l.cost = max(l.cost, draw.Width(l.times.Text(n)), len(nameCost))
		}
		if text := views.ShareText(at); text != "" {
			l.share = max(l.share, draw.Width(text), len(nameShare))
		}
	}
	return l
}

// drawRow draws one row.
func (l *findingLayout) drawRow(a draw.Area, r findingRow, theme *style.Theme) {
	if r.same == nil {
		a.TextEllipsis(2, 0, a.W()-3, footnote(r), theme.Dim)
		return
	}
	at := r.same[0]
	glyph, ink := views.LevelGlyph(views.LevelOf(r.worst), theme)
	a.Text(2, 0, glyph, ink)
	title, room := l.names(r)
	a.Text(rowStart, 0, views.Title(r.title, title), titleInk(r, theme))
	if l.where > 0 {
		x, where := rowStart+title+columnGap, r.where
		n := a.TextEllipsis(x, 0, room, where.service, theme.Service(where.service))
		if where.service != "" {
			n++
		}
		if room-n >= operationLeast {
			a.TextEllipsis(x+n, 0, room-n, where.operation, theme.Text)
		}
	}
	cost, share, traces := l.places()
	if at.Numbers.Avoidable > 0 {
		a.TextRight(cost, 0, l.cost, l.times.Text(at.Numbers.Avoidable), theme.Text)
		a.TextRight(share, 0, l.share, views.ShareText(at), theme.Text)
	}
	a.TextRight(traces, 0, l.traces, r.times, theme.Dim)
}

// titleInk makes what is only information step back.
func titleInk(r findingRow, theme *style.Theme) draw.Ink {
	if r.info() {
		return theme.Text
	}
	return theme.Strong
}
