package prompt

import (
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/table"
)

const (
	completeText  = 44 // cells that a suggestion gets at most
	completeLeast = 3  // rows, else the other side of the line is tried
)

// Draw draws the list over the screen's area: below the query's line at y, or above it where there is more room,
// never on it. The words that complete stand under the word that is completed. Of the lines below the first skip are
// left free.
func (c *completion) Draw(a draw.Area, q *Line, skip int, env *views.Env) {
	if !c.Open() {
		return
	}
	rows := min(len(c.List), 12)
	if a.H() < 30 {
		rows = min(rows, 8)
	}
	top, room := q.Y+1+skip, a.H()-q.Y-1-skip
	if below := room - 2; below < min(rows, completeLeast) && q.Y > room {
		room = q.Y
		top = max(q.Y-rows-2, 0)
	}
	h := min(rows+2, room)
	if h <= 0 {
		return
	}
	text, count, help := c.widths()
	inner := text + 3
	if count > 0 {
		inner += count + 2
	}
	if help > 0 {
		inner += help + 2
	}
	w := min(inner+2, a.W())
	x := q.x + draw.Width(q.Input.text[:c.from]) - q.Input.shift - 3 // the border, the mark, a blank
	x = max(min(x, a.W()-w), 0)
	in := a.Sub(x, top, w, h).Box("", env.Theme.Border, env.Theme.Title)
	c.Fit(in.H(), len(c.List))
	c.Box = table.Box{X: x, Y: top, W: w, H: h}
	c.DrawRows(in, top+(h-in.H())/2, len(c.List), 0, true, env, func(line draw.Area, row int) { c.drawRow(line, row, text, count, env) })
}

// widths returns the cells of the columns: those of all suggestions, so that the list does not jump while it scrolls.
func (c *completion) widths() (text, count, help int) {
	for i, s := range c.List {
		text = max(text, min(draw.Width(s.Text), completeText))
		count = max(count, draw.Width(c.count(i)))
		help = max(help, draw.Width(s.Help))
	}
	return text, count, help
}

// count says how many spans have what a row suggests, "" where that was not counted.
func (c *completion) count(row int) string {
	s := c.List[row]
	switch {
	case s.Count == 0:
		return ""
	case s.About:
		return "~" + draw.Amount(s.Count, "span")
	}
	return draw.Amount(s.Count, "span")
}

func (c *completion) drawRow(a draw.Area, row, text, count int, env *views.Env) {
	theme, s := env.Theme, c.List[row]
	x := 2
	a.TextEllipsis(x, 0, min(text, a.W()-x), s.Text, theme.Text)
	x += text + 2
	if count > 0 {
		a.Sub(x, 0, count, 1).TextRight(0, 0, count, c.count(row), theme.Dim)
		x += count + 2
	}
	a.TextEllipsis(x, 0, a.W()-x-1, s.Help, theme.Dim)
}
