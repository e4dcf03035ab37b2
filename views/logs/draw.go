package logs

import (
	"cmp"
	"strings"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/table"
	"tracefall/views/tree"
)

// Sizes, in cells.
const (
	sheetLeast = 12 // from this height on the line under the cursor is shown whole
	textLeast  = 40 // what the columns beside the text leave to it
	columnGap  = 2
	rowLeft    = 2 // the mark of the selection, a blank
	widest     = 18
)

// column is a column of the list.
type column uint8

const (
	columnOffset column = iota
	columnTime
	columnSeverity
	columnService
	columnText
)

// columns are the columns of the list, sorted by time.
type columns struct{ table.Columns[column] }

// layout places the columns into w cells.
func (c *columns) layout(w int, lines *Lines, env *views.Env) {
	c.Gap = columnGap
	c.Specs = []table.Spec{
		columnOffset:   {Title: "OFFSET", Width: 10, Right: true},
		columnTime:     {Title: "TIME", Width: views.DatedWidth(env.Clock.Dates(lines.from, lines.to)), Priority: 2},
		columnSeverity: {Title: "LEVEL", Width: len("error"), Priority: 1},
		columnService:  {Title: "SERVICE", Width: max(min(lines.services, widest), len("SERVICE")), Priority: 1},
		columnText:     {Title: "TEXT", Width: textLeast},
	}
	if zone := env.Clock.ZoneName(lines.from); zone != "" {
		c.Specs[columnTime].Title += " " + zone
	}
	all := []column{columnOffset, columnTime, columnSeverity, columnService, columnText}
	if env.Clock.Mode == views.ClockRelative { // which is the offset
		all = append(all[:1:1], all[2:]...)
	}
	if lines.services == 0 {
		all = append(all[:len(all)-2:len(all)-2], columnText)
	}
	need := func(chosen []column) int {
		n := columnGap * (len(chosen) - 1)
		for _, one := range chosen {
			n += c.Specs[one].Width
		}
		return n
	}
	chosen := table.DropColumns(all, func(one column) int { return c.Specs[one].Priority }, func(chosen []column, _ int) bool { return need(chosen) <= w })
	c.Placed = c.Placed[:0]
	x := rowLeft
	for _, one := range chosen {
		n := c.Specs[one].Width
		if one == columnText {
			n = w + rowLeft - x
		}
		c.Placed = append(c.Placed, table.Placed[column]{Column: one, X: x, W: max(min(n, w+rowLeft-x), 0)})
		x += n + columnGap
	}
}

// Draw implements views.Screen.
func (l *Logs) Draw(a draw.Area, env *views.Env) {
	a.Fill(env.Theme.Text)
	l.env = env
	if masks := env.Mask != nil; masks != l.masks {
		l.masks = masks
		l.filter()
	}
	l.at, l.beside = table.Box{}, table.Box{}
	if l.lines == nil || len(l.lines.all) == 0 {
		l.Fit(a.H(), 0)
		l.drawNothing(a.Inset(1, 0), env)
		return
	}
	h := a.H()
	if n := min(max(h*2/5, 6), h/2); h >= sheetLeast && l.line() != nil {
		a.HLine(0, h-n, a.W(), env.Theme.Border)
		l.drawSheet(a, table.Box{X: 1, Y: h - n + 1, W: a.W() - 1, H: n - 1}, env)
		h -= n
	}
	l.drawList(a, table.Box{W: a.W(), H: h}, env)
}

// drawNothing says why there are no lines.
func (l *Logs) drawNothing(a draw.Area, env *views.Env) {
	theme, y := env.Theme, 0
	say := func(text string, ink draw.Ink) {
		for _, one := range draw.WrapWords(text, a.W()) {
			a.Text(0, y, one, ink)
			y++
		}
	}
	hint := func(c views.Command, text string) string {
		if key := env.Key(c); key != "" {
			return key + " " + text
		}
		return text
	}
	switch l.state {
	case asking:
		say("Asking "+l.place+" for the log lines of this trace "+theme.Glyphs.Ellipsis, theme.Strong)
		say(hint(views.Back, "stops asking"), theme.Dim)
	case failed:
		say(l.wrong, theme.Error)
		say(hint(views.Refresh, "asks again"), theme.Dim)
	case stopped:
		say("Stopped asking "+l.place+".", theme.Strong)
		say(hint(views.Refresh, "asks again"), theme.Dim)
	case answered:
		say("No log lines for this trace.", theme.Strong)
		say("Asked "+l.place, theme.Dim)
		for _, note := range l.notes {
			text, ink := note.shown(theme)
			say(text, ink)
		}
	case notAsked:
		say("Not asked yet.", theme.Dim)
	}
}

// headLines is how many lines stand above the rows: what is shown, and the names of the columns.
func headLines(h int) int {
	switch {
	case h >= 5:
		return 2
	case h >= 3:
		return 1
	}
	return 0
}

// drawList draws the head and the rows.
func (l *Logs) drawList(screen draw.Area, at table.Box, env *views.Env) {
	a := at.In(screen)
	head := headLines(a.H())
	l.columns.layout(max(a.W()-rowLeft-1, 0), l.lines, env)
	if head > 0 {
		l.drawHead(a.Row(0), env)
	}
	l.Head = -1
	if head > 1 {
		l.DrawNames(a.Row(1), env.Theme, func(c column) string { return l.Specs[c].Title })
	}
	_, body := a.Top(head)
	l.Fit(body.H(), l.count())
	l.at = table.Box{X: at.X, Y: at.Y + head, W: at.W, H: body.H()}
	if len(l.rows) == 0 {
		text := l.whyEmpty()
		if key := env.Key(views.Back); key != "" {
			text += "; " + key + " shows all"
		}
		body.TextEllipsis(rowLeft, 0, body.W()-2, text, env.Theme.Dim)
	}
	l.DrawRows(body, l.at.Y, l.count(), 0, env.Focused && !l.inSheet && !l.search.On, env, func(row draw.Area, n int) { l.drawRow(row, n, env) })
}

// drawRow draws a line, or the row that asks for more.
func (l *Logs) drawRow(row draw.Area, n int, env *views.Env) {
	theme := env.Theme
	if n >= len(l.rows) {
		text := "more than " + draw.Count(l.limit) + " lines"
		if key := env.Key(views.Enter); key != "" {
			text += ": " + key + " asks for " + draw.Count(min(4*l.limit, mostLines))
		}
		row.TextEllipsis(rowLeft, 0, row.W()-rowLeft-1, text, theme.Accent)
		return
	}
	one := &l.lines.all[l.rows[n]]
	for _, p := range l.Placed {
		switch p.Column {
		case columnOffset:
			start := l.of.Start()
			offsets := draw.Durations{Longest: max(l.lines.to-start, start-l.lines.from)}
			row.TextRight(p.X, 0, p.W, offsets.Change(one.Time-start), theme.Dim)
		case columnTime:
			row.TextEllipsis(p.X, 0, p.W, env.Clock.DatedTime(one.Time, env.Clock.Dates(l.lines.from, l.lines.to)), theme.Dim)
		case columnSeverity:
			row.TextEllipsis(p.X, 0, p.W, one.Severity.String(), views.SeverityInk(one.Severity, theme))
		case columnService:
			row.TextEllipsis(p.X, 0, p.W, one.service, theme.Service(one.service))
		case columnText:
			row.TextEllipsis(p.X, 0, p.W, beginning(one.text(l.masks)), textInk(one.Severity, theme))
		}
	}
}

// beginning is as much of a text as a row can show, on one line.
func beginning(text string) string {
	const most = 2 << 10 // bytes: more than a row is wide
	if len(text) > most {
		text = strings.ToValidUTF8(text[:most], "") + "…"
	}
	return strings.Join(strings.Fields(text), " ")
}

// drawHead says how many lines are shown, of what, and who was asked; or what is typed.
func (l *Logs) drawHead(a draw.Area, env *views.Env) {
	theme := env.Theme
	if l.search.On {
		count := draw.Count(len(l.rows)) + " of " + draw.CountNoun(len(l.lines.all), "line", "lines")
		l.search.Draw(a, env, "words of a line, its service or its level", count, theme.Dim, -1)
		return
	}
	room := a.W() - 2
	runs, side := l.headRuns(room, env), l.place
	if l.state == asking {
		side = "asking " + l.place + " " + theme.Glyphs.Ellipsis
	}
	if table.WidthOf(runs)+columnGap+draw.Width(side) <= room {
		a.TextRight(1, 0, room, side, theme.Dim)
	}
	table.DrawRuns(a.Sub(1, 0, room, 1), runs)
}

// headRuns writes how many lines there are, what limits them, and of the facts about them those that have room.
func (l *Logs) headRuns(room int, env *views.Env) []table.Run {
	theme, all := env.Theme, draw.CountNoun(len(l.lines.all), "line", "lines")
	var runs []table.Run
	if l.state == failed {
		runs = append(runs, table.Run{Text: l.wrong + "  ", Ink: theme.Error})
	}
	text := strings.Join(strings.Fields(l.search.Input.Text()), " ")
	if l.span >= 0 || text != "" {
		all = draw.Count(len(l.rows)) + " of " + all
	}
	runs = append(runs, table.Run{Text: all, Ink: theme.Header})
	if text != "" {
		runs = append(runs, table.Run{Text: " match ", Ink: theme.Dim}, table.Run{Text: draw.Clean(text), Ink: theme.Accent})
	}
	if l.span >= 0 {
		runs = append(runs, table.Run{Text: " of span ", Ink: theme.Dim}, table.Run{Text: env.Masked(views.SpanText(l.of.Span(l.span))), Ink: theme.Accent})
	}
	facts, _ := tree.Fit(l.facts(room, text == "" && l.span < 0, theme), room-table.WidthOf(runs))
	for _, s := range facts {
		runs = append(runs, table.Run{Text: cmp.Or(s.Gap, draw.SegmentGap), Ink: theme.Dim}, table.Run{Text: s.Text, Ink: s.Ink})
	}
	return runs
}

// facts are the notes, and where all lines are shown how many are errors and warnings: the rows say that, too, so these go
// before the notes. A note that fills the line is cut to what stands before its colon.
func (l *Logs) facts(room int, all bool, theme *style.Theme) []tree.Segment {
	var list []tree.Segment
	if n := l.lines.failed(); all && n > 0 {
		list = append(list, tree.Segment{Text: theme.Glyphs.Error + " " + draw.Amount(n, "error"), Ink: theme.Error, Rank: 1, Gap: "  "})
	}
	if n := l.lines.warned(); all && n > 0 {
		list = append(list, tree.Segment{Text: theme.Glyphs.Warning + " " + draw.Amount(n, "warning"), Ink: theme.Warn, Gap: "  "})
	}
	for n, note := range l.notes {
		text, ink := note.shown(theme)
		if draw.Width(text) > room/2 {
			text, _, _ = strings.Cut(text, ":")
		}
		one := tree.Segment{Text: text, Ink: ink, Rank: 2 + n}
		if note.Warn {
			one.Gap = "  "
		}
		list = append(list, one)
	}
	return list
}

// shown returns what a note says and its ink.
func (n Note) shown(theme *style.Theme) (string, draw.Ink) {
	if n.Warn {
		return theme.Glyphs.Warning + " " + n.Text, theme.Warn
	}
	return n.Text, theme.Dim
}
