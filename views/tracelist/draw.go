package tracelist

import (
	"cmp"

	"tracefall/views"
	"tracefall/views/draw"
)

const listLeft = 3 // the mark of the selection, whether a group is open, that of the baseline

// Draw implements Screen.
func (l *List) Draw(a draw.Area, env *views.Env) {
	a.Fill(draw.Ink{})
	if lines := l.drawAll(a, env); lines > 0 {
		l.Popup.Draw(a, &l.Line, lines-1, env)
	}
}

// drawAll draws everything but what completes the query. It returns how many lines the query took.
func (l *List) drawAll(a draw.Area, env *views.Env) (lines int) {
	l.dates = env.Clock.Dates(l.unread.extend(l.from, l.to))
	l.plotY, l.Columns.Head, l.First = -1, -1, a.H()
	rest, y := a, 0
	take := func(n int) draw.Area {
		var part draw.Area
		part, rest = rest.Top(n)
		y += n
		return part
	}
	set := l.newest()
	if n := plotHeight(a.W(), a.H()); n > 0 && len(l.rows) > 1 {
		l.plotY = y
		l.plot.draw(take(n), &l.shown, l.Selected(), env)
	}
	if set != nil && (set.Len() > 0 || l.length() > 0) && a.H() >= 6 || l.On && a.H() >= 2 {
		line := take(1)
		l.drawQuery(line, y-1, env)
		lines = 1
	}
	if l.length() == 0 {
		rest = l.drawMore(rest, 0, env)
		l.Fit(rest.H(), 0)
		l.drawEmpty(rest.Inset(listLeft, 0), env)
		return lines
	}
	l.layout(max(a.W()-listLeft-1, 0), &l.shown, len(l.list) > 0)
	if a.H() >= 5 {
		l.Columns.Head = y
		names := l.Columns
		names.Sort = l.orderedBy(l.Sort)
		names.DrawNames(take(1), env.Theme, func(c Column) string { return specs[c].Title })
	}
	rest = l.drawMore(rest, l.length(), env)
	l.Fit(rest.H(), l.length())
	l.DrawRows(rest, y, l.length(), 0, env.Focused && !l.On, env, func(line draw.Area, row int) { l.drawLine(line, l.entryAt(row), env) })
	return lines
}

// drawLine draws a line of the list: a trace, or several as one.
func (l *List) drawLine(line draw.Area, e entry, env *views.Env) {
	if e.unread != nil {
		l.grid.drawUnread(line, e.unread, l.unread.undecided(e.unread, l.filter), env)
		return
	}
	theme := env.Theme
	of := l.cellOf(e)
	if of.sum != nil {
		sign := theme.Glyphs.Folded
		if l.list[e.group].open {
			sign = theme.Glyphs.Open
		}
		line.Text(1, 0, sign, theme.Dim)
	}
	if l.markedRow >= 0 && l.holds(e, l.markedRow) {
		line.Text(listLeft-1, 0, theme.Glyphs.Baseline, theme.Accent)
	}
	for n, p := range l.Placed {
		at := line.Sub(p.X, 0, p.W, 1)
		if n == 0 && e.inside {
			at = at.Sub(insideIndent, 0, p.W, 1)
		}
		if n == 0 && p.Column != ColumnRoot {
			at = drawCount(at, of.n, theme)
		}
		l.drawCell(at, p.Column, of, env)
	}
}

// insideIndent is how many cells the traces of an open group stand to the right.
const insideIndent = 2

// drawEmpty says in words why there are no rows, and what can be done.
func (l *List) drawEmpty(a draw.Area, env *views.Env) {
	y := 1
	say := func(text string, ink draw.Ink) {
		for _, line := range draw.WrapWords(text, a.W()) {
			a.Text(0, y, line, ink)
			y++
		}
	}
	theme := env.Theme
	if a.H() < 4 {
		y = 0
	}
	switch {
	case l.source != nil && !l.load.Loading && len(l.failed) == 0 && l.newest() != nil && l.newest().Len() == 0:
		if text := "No trace from " + l.source.Window; l.source.More {
			say(text+" so far: the rest was not asked for.", theme.Strong)
		} else {
			say(text+".", theme.Strong)
		}
		if l.filter != nil {
			say("asked for: "+l.filter.Query, theme.Dim)
		}
		for _, line := range l.source.Notes {
			say(line, theme.Warn)
		}
		if key := env.Key(views.Refresh); key != "" && l.source.More {
			say(key+" asks again", theme.Dim)
		}
		if key := env.Key(views.SetTimeWindow); key != "" {
			say(key+" chooses another time window", theme.Dim)
		}
	case l.filter != nil:
		say("No trace matches "+cmp.Or(l.filter.Query, l.Input.Text())+".", theme.Strong)
		for _, line := range l.Notes.Texts(env, false) {
			say(line, theme.Notice)
		}
		hint := "an empty query"
		if key := env.Key(views.Back); key != "" && !l.On {
			hint = key
		}
		say(hint+" shows all "+draw.Amount(l.newest().Len(), "trace")+" again", theme.Dim)
	case l.load.Loading:
		say("Reading "+l.names(l.newest())+" …", theme.Strong)
		say("The first traces show as soon as they are read.", theme.Dim)
	case len(l.failed) > 0:
		say("Nothing could be read.", theme.Strong)
	case l.newest() == nil:
		say("Nothing was opened.", theme.Strong)
	default:
		say("No traces in "+l.names(l.newest())+".", theme.Strong)
		for _, n := range l.newest().Notices() {
			say(n.String(), theme.Warn)
		}
	}
	for _, line := range l.failed {
		say(theme.Glyphs.Error+" "+line, theme.Error)
	}
	if key := env.Key(views.Refresh); len(l.failed) > 0 && l.remote && !l.load.Loading && key != "" {
		say(key+" asks again", theme.Dim)
	}
}
