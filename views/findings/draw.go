package findings

import (
	"tracefall/diagnose"
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
	sheetLeast     = 43  // at 120 columns it leaves the list the titles of most findings
	whereLeast     = 13
	titleLeast     = 24
	operationLeast = 4 // less of it says nothing
	columnGap      = 2
	numberGap      = 1 // before a column of numbers that seldom fill it
)

// Draw implements Screen.
func (f *Findings) Draw(a draw.Area, env *views.Env) {
	a.Fill(env.Theme.Text)
	f.at, f.beside = table.Box{}, table.Box{}
	if len(f.rows) == 0 && f.total.Least(rule.Info) == 0 {
		f.Fit(a.H(), 0)
		f.drawNothing(a.Inset(1, 0), env)
		return
	}
	switch w, h := a.W(), a.H(); {
	case w >= findingsBeside:
		n := min(w*5/8, w-sheetLeast-2, max(f.widths.natural(), w/2))
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
	say(theme.Glyphs.OK+" "+diagnose.NoIssues, theme.OK)
	y++
	say(draw.Amount(f.checked, "detector")+" ran. Few findings do not prove a healthy trace: what was not recorded cannot be found.", theme.Dim)
}

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
	if h >= 4 {
		n++
	}
	return min(n, max(h-1, 1))
}

// drawList draws the head and the rows.
func (f *Findings) drawList(screen draw.Area, at table.Box, env *views.Env) {
	a, theme := at.In(screen), env.Theme
	head := f.headLines(a.H())
	layout := f.widths.within(a.W() - 1)
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
		layout.drawRow(line, f.rows[n], theme)
	})
}

// drawHead says how many findings are shown, by severity, and the filter; at the right the order.
func (f *Findings) drawHead(a draw.Area, theme *style.Theme) {
	sign := " " + theme.Glyphs.SortDown
	if f.flip {
		sign = " " + theme.Glyphs.SortUp
	}
	order := findingOrderNames[f.sort] + sign
	room := a.W() - 2
	fits := func(runs []table.Run) bool { return table.WidthOf(runs)+columnGap+draw.Width(order) <= room }
	runs := f.headRuns(f.of == nil, false, theme)
	if f.sort == byImpact && !fits(runs) {
		order = impactName + sign
	}
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
	if text := f.search.Input.Text(); text != "" {
		return []table.Run{{Text: f.shown.of(f.total), Ink: theme.Header}, {Text: " match ", Ink: theme.Dim}, {Text: draw.Clean(text), Ink: theme.Accent}}
	}
	runs := []table.Run{{Text: draw.Amount(f.total.Total(), "finding"), Ink: theme.Header}}
	switch {
	case f.total.Total() == 0:
		runs = []table.Run{{Text: theme.Glyphs.OK + " " + diagnose.NoIssues, Ink: theme.OK}}
	case traces:
		runs = append(runs, table.Run{Text: " in " + draw.Amount(f.total.Traces, "trace"), Ink: theme.Dim})
	}
	return append(runs, severityRuns(f.total, short, theme)...)
}

// levels are the severities of each sign, from the worst to the least.
var levels = [...]struct{ worst, least rule.Severity }{{rule.Critical, rule.High}, {rule.Medium, rule.Low}, {rule.Info, rule.Info}}

// severityRuns writes how many findings there are: each sign with the severities that it stands for, or in short with
// their sum.
func severityRuns(c diagnose.Counts, short bool, theme *style.Theme) []table.Run {
	var runs []table.Run
	for _, level := range &levels {
		text := c.Severities(level.worst, level.least)
		if text == "" {
			continue
		}
		if short {
			text = draw.Count(c.Least(level.least) - c.Least(level.worst+1))
		}
		glyph, ink := views.LevelGlyph(views.LevelOf(level.worst), theme)
		runs = append(runs, table.Run{Text: "  " + glyph, Ink: ink}, table.Run{Text: " " + text, Ink: theme.Text})
	}
	return runs
}

// drawQuery draws the text that filters. Where there is room for one line only it stands in the place of the head.
func (f *Findings) drawQuery(a draw.Area, env *views.Env) {
	bad := -1
	if f.wrong.Message != "" {
		bad = f.wrong.Offset
	}
	f.search.Draw(a, env, "words of a finding, or a query: service=cart error=true", f.wrong.Message, env.Theme.Error, bad)
}
