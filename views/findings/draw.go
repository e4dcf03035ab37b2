package findings

import (
	"strconv"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/table"
)

// Sizes, in cells.
const (
	findingsBeside = 100 // from this width on the detail is beside the list
	findingsLeast  = 8   // from this height on there is room for both, one above the other
	whereLeast     = 14
	titleMost      = 24
)

// Draw implements Screen.
func (f *Findings) Draw(a draw.Area, env *views.Env) {
	a.Fill(env.Theme.Text)
	f.at, f.beside = table.Box{}, table.Box{}
	if len(f.list)+len(f.blind) == 0 {
		f.Fit(a.H(), 0)
		f.drawNothing(a.Inset(2, 0), env)
		return
	}
	switch w, h := a.W(), a.H(); {
	case w >= findingsBeside:
		n := min(max(w*52/100, 52), 100)
		a.VLine(n, 0, h, env.Theme.Border)
		f.drawList(a, table.Box{W: n, H: h}, env)
		f.drawDetail(a, table.Box{X: n + 2, W: w - n - 2, H: h}, env)
	case h >= findingsLeast:
		n := min(max(h*2/5, 4), max(len(f.rows), 1)+f.headLines()+1)
		a.HLine(0, n, w, env.Theme.Border)
		f.drawList(a, table.Box{W: w, H: n}, env)
		f.drawDetail(a, table.Box{X: 1, Y: n + 1, W: w - 2, H: h - n - 1}, env)
	case f.inDetail:
		f.drawDetail(a, table.Box{W: w, H: h}, env)
	default:
		f.drawList(a, table.Box{W: w, H: h}, env)
	}
}

// drawNothing says why there are no findings.
func (f *Findings) drawNothing(a draw.Area, env *views.Env) {
	theme := env.Theme
	y := min(1, a.H()-1)
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
	say(theme.Glyphs.OK+" "+"Nothing was found.", theme.OK)
	say(draw.Amount(f.checked, "detector")+" looked. A quiet report is not a clean bill: what was not recorded cannot be found.", theme.Dim)
}

// headLines is how many lines stand above the rows.
func (f *Findings) headLines() int {
	if f.search.On || f.search.Input.Text() != "" {
		return 2
	}
	return 1
}

// drawList draws the head and the rows.
func (f *Findings) drawList(screen draw.Area, at table.Box, env *views.Env) {
	a, theme := at.In(screen), env.Theme
	head := 0
	if a.H() >= 3 {
		head = min(f.headLines(), a.H()-2)
		f.drawHead(a.Row(0), theme)
	}
	if head > 1 || f.search.On {
		head = max(head, 1)
		f.drawQuery(a.Row(head-1), env)
	}
	_, body := a.Top(head)
	f.Fit(body.H(), len(f.rows))
	f.at = table.Box{X: at.X, Y: at.Y + head, W: at.W, H: body.H()}
	if len(f.rows) == 0 {
		body.TextEllipsis(2, 0, body.W()-2, f.whyNone(), theme.Dim)
	}
	layout := f.layout(body.W() - 1)
	f.DrawRows(body, f.at.Y, len(f.rows), 0, env.Focused && !f.inDetail, env, func(line draw.Area, n int) {
		f.drawFinding(line, f.rows[n], layout, env.Theme)
	})
}

func (f *Findings) drawHead(a draw.Area, theme *style.Theme) {
	text := "FINDINGS " + draw.Count(len(f.list))
	x := 1 + a.Text(1, 0, text, theme.Header)
	if kinds := f.kinds(); f.search.Input.Text() == "" && kinds < len(f.list) {
		x += a.Text(x, 0, ", "+draw.Count(kinds)+" different", theme.Dim)
	}
	if info := f.info(); info > 0 {
		x += a.Text(x, 0, ", "+draw.Count(info)+" info", theme.Dim)
	}
	order := findingOrderNames[f.sort] + " " + theme.Glyphs.SortDown
	if f.flip {
		order = findingOrderNames[f.sort] + " " + theme.Glyphs.SortUp
	}
	if at := max(x+2, min(20, a.W()/4)); at+draw.Width(order) < a.W() {
		a.Text(at, 0, order, theme.Accent)
	}
}

// drawQuery draws the text that filters.
func (f *Findings) drawQuery(a draw.Area, env *views.Env) {
	shown := 0
	for _, r := range f.rows {
		if r.same != nil {
			shown++
		}
	}
	a.Fill(env.Theme.Text) // where there is room for one line only it stands in the place of the head
	a.Text(1, 0, env.Theme.Glyphs.Prompt, env.Theme.Prompt)
	right, ink, bad := draw.Count(shown)+" shown", env.Theme.Dim, -1
	if f.wrong.Message != "" {
		right, ink, bad = f.wrong.Message, env.Theme.Error, f.wrong.Offset
	}
	a, count := a.Right(min(draw.Width(right)+1, a.W()*3/5))
	count.TextEllipsis(0, 0, count.W()-1, right, ink)
	f.search.Input.Placeholder = "words of a finding, or a query: service=cart error=true"
	f.search.Input.Draw(a.Sub(3, 0, a.W()-4, 1), env, f.search.On && env.Focused, bad)
}

// findingLayout says how wide the columns of the list are.
type findingLayout struct{ rank, title, where, worth, share int }

// layout gives the titles what they need and where a finding is the rest; on little room time goes before place.
func (f *Findings) layout(w int) findingLayout {
	l := findingLayout{rank: 1}
	for _, r := range f.rows {
		if r.same == nil {
			continue
		}
		l.rank = max(l.rank, len(strconv.Itoa(r.rank)))
		l.title = max(l.title, draw.Width(r.title()))
		if n := r.same[0].Numbers.Avoidable; n > 0 {
			l.worth = max(l.worth, draw.Width(draw.Duration(n))+2)
		}
		if text := views.ShareText(r.same[0]); text != "" {
			l.share = max(l.share, draw.Width(text)+2)
		}
	}
	left := w - 4 - l.rank - 1 - l.worth - l.share
	l.title = min(l.title, max(titleMost, left*7/10))
	l.where = left - l.title - 2
	if l.where < whereLeast {
		l.where = 0
		l.title = max(left, 0)
	}
	return l
}

// drawFinding draws one row.
func (f *Findings) drawFinding(a draw.Area, r findingRow, l findingLayout, theme *style.Theme) {
	if r.same == nil {
		a.Text(2, 0, theme.Glyphs.Info, theme.Dim)
		x := 4 + a.TextEllipsis(4, 0, a.W()-5, r.spot.Detector, theme.Dim) + 1
		a.TextEllipsis(x, 0, a.W()-x-1, "could not see: "+r.spot.Reason, theme.Dim)
		return
	}
	at := r.same[0]
	glyph, ink := views.LevelGlyph(views.LevelOf(at.Severity), theme)
	a.Text(2, 0, glyph, ink)
	a.TextRight(4, 0, l.rank, strconv.Itoa(r.rank), theme.Dim)
	x := 4 + l.rank + 1
	a.TextEllipsis(x, 0, l.title, draw.Shorten(r.title(), l.title), theme.Strong)
	x += l.title + 2
	if l.where > 0 {
		a.TextEllipsis(x, 0, l.where, whereOf(at), theme.Text)
	}
	if at.Numbers.Avoidable > 0 {
		right := a.W() - 1
		a.TextRight(right-l.share-l.worth, 0, l.worth, draw.Duration(at.Numbers.Avoidable), theme.Text)
		a.TextRight(right-l.share, 0, l.share, views.ShareText(at), theme.Text)
	}
}
