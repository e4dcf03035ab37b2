package findings

import (
	"strings"
	"unicode"

	"tracefall/diagnose/rule"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/table"
)

// Sizes, in cells.
const (
	findingsBeside = 100 // from this width on the sheet is beside the list
	findingsLeast  = 8   // from this height on there is room for both, one above the other
	sheetLeast     = 44
	whereLeast     = 13
	titleLeast     = 24
	operationLeast = 4 // less of it says nothing
	columnGap      = 2
)

// Draw implements Screen.
func (f *Findings) Draw(a draw.Area, env *views.Env) {
	a.Fill(env.Theme.Text)
	f.at, f.beside = table.Box{}, table.Box{}
	if len(f.rows) == 0 && f.total.all == 0 {
		f.Fit(a.H(), 0)
		f.drawNothing(a.Inset(1, 0), env)
		return
	}
	switch w, h := a.W(), a.H(); {
	case w >= findingsBeside:
		n := min(w*5/8, w-sheetLeast-2, max(f.natural(), w/2))
		a.VLine(n, 0, h, env.Theme.Border)
		f.drawList(a, table.Box{W: n, H: h}, env)
		f.drawSheet(a, table.Box{X: n + 2, W: w - n - 2, H: h}, env)
	case h >= findingsLeast:
		n := min(max(h*2/5, 5), max(len(f.rows), 1)+f.headLines(h)+1)
		if f.inSheet {
			n = min(n, max(h/4, 5))
		}
		a.HLine(0, n, w, env.Theme.Border)
		f.drawList(a, table.Box{W: w, H: n}, env)
		f.drawSheet(a, table.Box{X: 1, Y: n + 1, W: w - 1, H: h - n - 1}, env)
	case f.inSheet:
		f.drawSheet(a, table.Box{W: w, H: h}, env)
	default:
		f.drawList(a, table.Box{W: w, H: h}, env)
	}
}

// drawNothing says why there are no findings.
func (f *Findings) drawNothing(a draw.Area, env *views.Env) {
	theme, y := env.Theme, 0
	say := func(text string, ink draw.Ink) {
		for _, line := range draw.WrapWords(text, a.W()) {
			a.Text(0, y, line, ink)
			y++
		}
	}
	if !f.known {
		say("The detectors have not finished.", theme.Strong)
		if f.diagnosing.Total > 0 {
			say(f.diagnosing.Text()+" of "+draw.Amount(f.diagnosing.Total, "trace"), theme.Dim)
		}
		return
	}
	say(theme.Glyphs.OK+" "+noIssues, theme.OK)
	y++
	say(draw.Amount(f.checked, "detector")+" ran. Few findings does not mean a healthy trace: what was not recorded cannot be found.", theme.Dim)
}

// noIssues is said where nothing was found.
const noIssues = "no issues detected"

// headLines is how many lines stand above the rows of a list of so many lines: what is shown, the query while it is
// typed, and the names of the columns.
func (f *Findings) headLines(h int) int {
	n := 0
	if h >= 3 {
		n++
	}
	if f.search.On || f.wrong.Message != "" {
		n++
	}
	if h >= 6 {
		n++
	}
	return min(n, max(h-1, 1))
}

// drawList draws the head and the rows.
func (f *Findings) drawList(screen draw.Area, at table.Box, env *views.Env) {
	a, theme := at.In(screen), env.Theme
	head := f.headLines(a.H())
	layout := f.layout(a.W() - 1)
	y := 0
	if a.H() >= 3 {
		f.drawHead(a.Row(0), theme)
		y++
	}
	if f.search.On || f.wrong.Message != "" {
		f.drawQuery(a.Row(y), env)
		y++
	}
	if y < head {
		layout.drawNames(a.Row(y), theme)
	}
	_, body := a.Top(head)
	f.Fit(body.H(), len(f.rows))
	f.at = table.Box{X: at.X, Y: at.Y + head, W: at.W, H: body.H()}
	if len(f.rows) == 0 {
		body.TextEllipsis(2, 0, body.W()-2, f.whyNone(), theme.Dim)
	}
	f.DrawRows(body, f.at.Y, len(f.rows), 0, env.Focused && !f.inSheet, env, func(line draw.Area, n int) {
		f.drawRow(line, f.rows[n], layout, theme)
	})
}

// drawHead says how many findings are shown, by severity, and the filter; at the right the order.
func (f *Findings) drawHead(a draw.Area, theme *style.Theme) {
	order := findingOrderNames[f.sort] + " " + theme.Glyphs.SortDown
	if f.flip {
		order = findingOrderNames[f.sort] + " " + theme.Glyphs.SortUp
	}
	room := a.W() - 2
	fits := func(runs []table.Run) bool { return table.WidthOf(runs)+columnGap+draw.Width(order) <= room }
	runs := f.headRuns(f.of == nil, false, theme)
	if !fits(runs) {
		runs = f.headRuns(false, false, theme)
	}
	if table.WidthOf(runs) > room {
		runs = f.headRuns(false, true, theme)
	}
	if f.orderShown = fits(runs); f.orderShown {
		a.TextRight(1, 0, room, order, theme.Dim)
	}
	table.DrawRuns(a.Sub(1, 0, room, 1), runs)
}

// headRuns writes how many findings are shown, and of how many traces or by severity where there is room.
func (f *Findings) headRuns(traces, short bool, theme *style.Theme) []table.Run {
	all := draw.Amount(f.total.all, "finding")
	switch text := f.search.Input.Text(); {
	case text != "":
		return []table.Run{{Text: draw.Count(f.shown.all) + " of " + all, Ink: theme.Header}, {Text: " match ", Ink: theme.Dim}, {Text: draw.Clean(text), Ink: theme.Accent}}
	case f.total.all == 0:
		return []table.Run{{Text: theme.Glyphs.OK + " " + noIssues, Ink: theme.OK}}
	}
	runs := []table.Run{{Text: all, Ink: theme.Header}}
	if traces && f.total.traces > 0 {
		runs = append(runs, table.Run{Text: " in " + draw.Amount(f.total.traces, "trace"), Ink: theme.Dim})
	}
	return append(runs, f.total.runs(short, theme)...)
}

// drawQuery draws the text that filters.
func (f *Findings) drawQuery(a draw.Area, env *views.Env) {
	a.Fill(env.Theme.Text) // where there is room for one line only it stands in the place of the head
	a.Text(1, 0, env.Theme.Glyphs.Prompt, env.Theme.Prompt)
	right, ink, bad := draw.Count(f.shown.all)+" shown", env.Theme.Dim, -1
	if f.wrong.Message != "" {
		right, ink, bad = f.wrong.Message, env.Theme.Error, f.wrong.Offset
	}
	a, count := a.Right(min(draw.Width(right)+1, a.W()*3/5))
	count.TextEllipsis(0, 0, count.W()-1, right, ink)
	f.search.Input.Placeholder = "words of a finding, or a query: service=cart error=true"
	f.search.Input.Draw(a.Sub(3, 0, a.W()-4, 1), env, f.search.On && env.Focused, bad)
}

// findingLayout is how wide the columns of the list are, in cells, 0 for a column that is not there, and where the list
// ends.
type findingLayout struct{ title, where, cost, share, traces, end int }

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

// layout gives the titles what they need and where a finding is the rest. Where there is little room, the place is left
// out before a title is cut.
func (f *Findings) layout(w int) findingLayout {
	l, titles, where := f.widths, f.widths.title, f.widths.where
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
func (l *findingLayout) numbers() int {
	sum := 0
	for _, n := range [...]int{l.cost, l.share, l.traces} {
		if n > 0 {
			sum += n + columnGap
		}
	}
	return sum
}

// natural returns how wide the list would be if nothing in it were cut.
func (f *Findings) natural() int {
	l := &f.widths
	return rowStart + l.title + columnGap + l.where + l.numbers() + 2
}

// places returns the cells that the columns begin in, from the right edge on.
func (l *findingLayout) places() (cost, share, traces int) {
	x := l.end - 1
	place := func(n int) int {
		if n == 0 {
			return x
		}
		x -= n
		at := x
		x -= columnGap
		return at
	}
	traces = place(l.traces)
	share = place(l.share)
	return place(l.cost), share, traces
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

// costText writes a time for a column: the digits of seconds and of milliseconds end in the same cell.
func costText(ns int64) string {
	text := draw.DurationFixed(ns)
	if unit := text[strings.LastIndexByte(text, ' ')+1:]; draw.Width(unit) < 2 {
		text += " "
	}
	return text
}

// footnote is what the last row says.
func footnote(r findingRow) string {
	return "Detectors with limited data (" + draw.Count(len(r.limited)) + ")"
}

// drawRow draws one row.
func (f *Findings) drawRow(a draw.Area, r findingRow, l findingLayout, theme *style.Theme) {
	if r.same == nil {
		a.TextEllipsis(2, 0, a.W()-3, footnote(r), theme.Dim)
		return
	}
	at := r.same[0]
	glyph, ink := views.LevelGlyph(views.LevelOf(at.Severity), theme)
	a.Text(2, 0, glyph, ink)
	a.Text(rowStart, 0, cutTitle(at.Title, l.title), titleInk(at, theme))
	if l.where > 0 {
		x, where := rowStart+l.title+columnGap, r.where
		n := a.TextEllipsis(x, 0, l.where, where.service, theme.Service(where.service))
		if where.service != "" {
			n++
		}
		if l.where-n >= operationLeast {
			a.TextEllipsis(x+n, 0, l.where-n, where.operation, theme.Text)
		}
	}
	cost, share, traces := l.places()
	if at.Numbers.Avoidable > 0 {
		a.TextRight(cost, 0, l.cost, costText(at.Numbers.Avoidable), theme.Text)
		a.TextRight(share, 0, l.share, views.ShareText(at), theme.Text)
	}
	a.TextRight(traces, 0, l.traces, r.times, theme.Dim)
}

// titleInk makes what is only information step back.
func titleInk(f *rule.Finding, theme *style.Theme) draw.Ink {
	if f.Severity == rule.Info {
		return theme.Text
	}
	return theme.Strong
}

// cutTitle cuts a title to so many cells. What it ends in stays where that is a number, "×12" or "· 3.12 s", and it is never
// cut within a number: a part of one would be another number.
func cutTitle(title string, width int) string {
	title = draw.Clean(title)
	switch {
	case draw.Width(title) <= width:
		return title
	case width < 2:
		return ""
	}
	tail := title[tailStart(title):]
	if draw.Width(tail) > width/2 {
		tail = ""
	}
	head := draw.Head(title[:len(title)-len(tail)], width-1-draw.Width(tail))
	last := strings.LastIndexByte(head, ' ') + 1
	if cut := head[last:]; strings.ContainsFunc(cut, unicode.IsDigit) && !strings.HasPrefix(title[len(head):], " ") {
		head = head[:last]
	}
	return strings.TrimRight(head, " ×·:") + "…" + tail
}

// tailStart returns where the number begins that a title ends in, its end where it ends in none.
func tailStart(title string) int {
	for _, before := range [...]string{" ×", " · ", ": "} {
		if at := strings.LastIndex(title, before); at > 0 && strings.ContainsFunc(title[at:], unicode.IsDigit) {
			return at
		}
	}
	return len(title)
}
