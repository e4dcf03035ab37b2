package tracelist

import (
	"fmt"
	"path"
	"strings"

	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/table"
)

// listPlaces is where things were drawn last: what the mouse points at.
type listPlaces struct {
	plot, head, table int // first lines, -1 for what is not there
	plotX             int
	columns           []table.Placed[Column]
	left              int // cells before the first column
}

const listLeft = 3 // a blank, the mark of the selection, a blank

// Draw implements Screen.
func (l *List) Draw(a draw.Area, env *views.Env) {
	a.Fill(draw.Ink{})
	if lines := l.drawAll(a, env); lines > 0 {
		l.query.Popup.Draw(a, &l.query, lines-1, env)
	}
}

// drawAll draws everything but what completes the query. It returns how many lines the query took: 2 where below it
// stands what is wrong.
func (l *List) drawAll(a draw.Area, env *views.Env) (lines int) {
	l.dated = !env.Clock.OneDay(l.from, l.to)
	l.places = listPlaces{plot: -1, head: -1, table: a.H(), left: min(listLeft, a.W())}
	rest, y := a, 0
	take := func(n int) draw.Area {
		var part draw.Area
		part, rest = rest.Top(n)
		y += n
		return part
	}
	if a.H() >= 4 {
		l.drawHeader(take(1), env)
	}
	if n := plotHeight(a.W(), a.H()); n > 0 && len(l.rows) > 0 {
		l.places.plot, l.places.plotX = y, plotLabels
		l.drawPlot(take(n), env)
	}
	if set := l.newest(); set != nil && set.Len() > 0 && a.H() >= 6 || l.query.Typing && a.H() >= 2 {
		line := take(1)
		l.drawQuery(line, y-1, env)
		lines = 1
	}
	// What is wrong with a query takes the place of the columns' names, so that the rows stay where they are.
	wrong := l.query.Complains() && (a.H() >= 5 || len(l.rows) == 0 || lines > 0)
	if wrong {
		l.query.DrawWrong(take(1), env)
		lines = min(2*lines, 2)
	}
	if len(l.rows) == 0 {
		l.Fit(rest.H(), 0)
		l.drawEmpty(rest.Inset(listLeft, 0), env)
		return lines
	}
	l.places.columns = l.layout(max(a.W()-listLeft-1, 0))
	if a.H() >= 5 && !wrong {
		l.places.head = y
		l.drawHead(take(1), env)
	}
	l.places.table = y
	l.Fit(rest.H(), len(l.rows))
	l.drawTable(rest, env)
	return lines
}

// drawHead draws the names of the columns, and by which one is sorted.
func (l *List) drawHead(a draw.Area, env *views.Env) {
	for _, c := range l.places.columns {
		spec, ink := listColumns[c.Column], env.Theme.Header
		title := spec.Title
		if c.Column == l.sort {
			ink = env.Theme.Accent
			if l.descending {
				title += " " + env.Theme.Glyphs.SortDown
			} else {
				title += " " + env.Theme.Glyphs.SortUp
			}
		}
		cell := a.Sub(l.places.left+c.X, 0, c.W, 1)
		if spec.Right {
			cell.TextRight(0, 0, c.W, title, ink)
		} else {
			cell.TextEllipsis(0, 0, c.W, title, ink)
		}
	}
}

// drawTable draws the rows that are on screen.
func (l *List) drawTable(a draw.Area, env *views.Env) {
	for y := 0; y < a.H() && l.Top+y < len(l.rows); y++ {
		row := a.Row(y)
		i := int(l.rows[l.Top+y])
		for _, c := range l.places.columns {
			l.drawCell(row.Sub(l.places.left+c.X, 0, c.W, 1), c.Column, i, env)
		}
		if l.Top+y == l.Row {
			row.Text(1, 0, env.Theme.Glyphs.Selection, env.Theme.Accent)
			if env.Focused && !l.query.Typing {
				row.Paint(env.Theme.Selected)
			}
		}
	}
	a.Scrollbar(a.W()-1, l.Top, len(l.rows), env.Theme.Border, env.Theme.Scrollbar)
}

// drawHeader draws what is loaded and, at the right, what was found or how far loading is.
func (l *List) drawHeader(a draw.Area, env *views.Env) {
	a = a.Inset(1, 0)
	right := l.headerRight(env)
	if n := table.WidthOf(right); n > 0 && n < a.W()*2/3 {
		var corner draw.Area
		a, corner = a.Right(n)
		table.DrawRuns(corner, right)
		if l.load.Loading {
			l.drawLoadBar(corner, env)
		}
		a, _ = a.Right(2)
	}
	facts := l.headerFacts(env)
	names := inputNames(l.names())
	// What is least missed goes first: the program's name, then facts from the last on.
	brand := "tracefall  "
	width := func() int { return draw.Width(brand + strings.Join(append([]string{""}, facts...), " · ")) }
	if draw.Width(names)+width() > a.W() {
		brand = ""
	}
	for len(facts) > 1 && min(draw.Width(names), 16)+width() > a.W() {
		facts = facts[:len(facts)-1]
	}
	x := a.Text(0, 0, brand, env.Theme.Title)
	room := max(a.W()-width(), 8)
	x += a.TextMiddle(x, 0, room, names, env.Theme.Strong)
	for _, fact := range facts {
		x += a.TextEllipsis(x, 0, a.W()-x, " · "+fact, env.Theme.Text)
	}
}

// headerFacts returns what the header says about the traces, the most important first.
func (l *List) headerFacts(env *views.Env) []string {
	set := l.newest()
	if set == nil || set.Len() == 0 {
		return nil
	}
	traces, spans := draw.Amount(set.Len(), "trace"), draw.Amount(set.SpanCount(), "span")
	if l.load.Loading {
		traces += " so far"
	}
	return []string{traces, spans, env.Clock.Range(l.from, l.to)}
}

const loadBar = 12 // cells

// headerRight returns the right end of the header.
func (l *List) headerRight(env *views.Env) []table.Run {
	theme := env.Theme
	var runs []table.Run
	if n := len(l.failed); n > 0 {
		runs = append(runs, table.Run{Text: theme.Glyphs.Error + " " + draw.Amount(n, "input") + " not read", Ink: theme.Error})
		if l.load.Loading || l.findings.Of != nil || l.diagnosing.Total > 0 {
			runs = append(runs, table.Run{Text: "  ", Ink: theme.Text})
		}
	}
	if set := l.newest(); set != nil {
		if n := set.TruncatedInputs(); n > 0 {
			text := theme.Glyphs.Warning + " file truncated  "
			if len(set.Inputs()) > 1 {
				text = theme.Glyphs.Warning + " " + draw.Amount(n, "file") + " truncated  "
			}
			runs = append(runs, table.Run{Text: text, Ink: theme.Warn})
		}
	}
	if text := l.backendText(); text != "" {
		runs = append(runs, table.Run{Text: theme.Glyphs.Warning + " " + text, Ink: theme.Warn}, table.Run{Text: "  ", Ink: theme.Text})
	}
	switch {
	case l.load.Loading && l.load.Total > 0:
		done := min(l.load.Bytes, l.load.Total)
		runs = append([]table.Run{{Text: strings.Repeat(" ", loadBar+1), Ink: theme.Text}}, runs...)
		runs = append(runs, table.Run{Text: fmt.Sprintf("%5s of %s", draw.Percent(done, l.load.Total), draw.Bytes(l.load.Total)), Ink: theme.Text})
	case l.load.Loading:
		runs = append(runs, table.Run{Text: "reading, " + draw.Bytes(l.load.Bytes), Ink: theme.Text})
	case l.diagnosing.Total > 0:
		runs = append(runs, table.Run{Text: l.diagnosing.Text(), Ink: theme.Dim})
	case l.findings.Of != nil && l.findings.Total == 0:
		runs = append(runs, table.Run{Text: theme.Glyphs.OK + " no findings", Ink: theme.OK})
	case l.findings.Of != nil:
		if l.findings.Critical > 0 {
			runs = append(runs, table.Run{Text: theme.Glyphs.Critical + " " + draw.Count(l.findings.Critical) + " critical  ", Ink: theme.Error})
		}
		runs = append(runs, table.Run{Text: draw.Amount(l.findings.Total, "finding"), Ink: theme.Text})
	}
	return runs
}

// backendText says that the tracing backend had more to say than the traces, which the import report has in full.
func (l *List) backendText() string {
	text := ""
	if set := l.newest(); set != nil {
		for _, n := range set.Notices() {
			if n.Kind == trace.NoticePartial {
				return views.PartialAnswer
			}
			if n.Kind == trace.NoticeAnswer {
				text = "message of the backend"
			}
		}
	}
	return text
}

// drawLoadBar draws the bar into the blanks that headerRight left for it.
func (l *List) drawLoadBar(a draw.Area, env *views.Env) {
	if l.load.Total > 0 {
		a.Progress(0, 0, loadBar, min(l.load.Bytes, l.load.Total), l.load.Total, env.Theme.ProgressFull, env.Theme.ProgressEmpty)
	}
}

// names returns the names of the inputs.
func (l *List) names() []string {
	if len(l.inputs) > 0 {
		return l.inputs
	}
	if set := l.newest(); set != nil && len(set.Inputs()) > 0 {
		return set.Inputs()
	}
	if l.load.Input != "" {
		return []string{l.load.Input}
	}
	return nil
}

// inputNames names the inputs in a few words.
func inputNames(names []string) string {
	switch len(names) {
	case 0:
		return "no input"
	case 1:
		return path.Base(names[0])
	case 2:
		return path.Base(names[0]) + ", " + path.Base(names[1])
	}
	return fmt.Sprintf("%s and %d more", path.Base(names[0]), len(names)-1)
}

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
	case l.filter != nil:
		query := l.filter.Query
		if query == "" {
			query = l.query.Input.Text()
		}
		say("No trace matches "+query+".", theme.Strong)
		for _, line := range l.query.Notes.Texts(env, false) {
			say(line, theme.Notice)
		}
		say(l.emptyHint(env), theme.Dim)
	case l.load.Loading:
		say("Reading "+inputNames(l.names())+" …", theme.Strong)
		say("The first traces show as soon as they are read.", theme.Dim)
	case len(l.failed) > 0:
		say("Nothing could be read.", theme.Strong)
	case l.newest() == nil:
		say("Nothing was opened.", theme.Strong)
	default:
		say("No traces in "+inputNames(l.names())+".", theme.Strong)
		for _, n := range l.newest().Notices() {
			say(n.String(), theme.Warn)
		}
	}
	for _, line := range l.failed {
		say(theme.Glyphs.Error+" "+line, theme.Error)
	}
}

func (l *List) emptyHint(env *views.Env) string {
	all := "all " + draw.Amount(l.newest().Len(), "trace") + " again"
	if key := env.Key(views.Back); key != "" && !l.query.Typing {
		return key + " shows " + all
	}
	return "an empty query shows " + all
}
