package importreport

import (
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// rowMargin is the cells at both sides of a row.
const rowMargin = 4

// Draw implements Screen.
func (d *Diagnostics) Draw(a draw.Area, env *views.Env) {
	a.Fill(draw.Ink{})
	d.build(a.W())
	first := 0
	if a.H() >= 6 {
		var head draw.Area
		head, a = a.Top(2)
		head.TextEllipsis(1, 0, head.W()-2, "Import report", env.Theme.Title)
		first = 2
	}
	d.Fit(a.H(), d.count())
	d.DrawRows(a, first, d.count(), 1, env.Focused, env, func(line draw.Area, row int) {
		line = line.Sub(3, 0, line.W()-rowMargin, 1)
		if row < len(d.rows) {
			d.drawRow(line, d.rows[row], env.Theme)
		} else {
			d.columns.drawTrace(line, d.set.Trace(int(d.bad[row-len(d.rows)])), env.Theme)
		}
	})
}

func (d *Diagnostics) drawRow(a draw.Area, r diagRow, theme *style.Theme) {
	fold := theme.Glyphs.Folded
	if r.kind == diagNotice && d.open[r.notice] {
		fold = theme.Glyphs.Open
	}
	look := [...]struct {
		glyph     string
		ink, text draw.Ink
	}{
		diagTitle:  {text: theme.Header},
		diagGood:   {theme.Glyphs.OK, theme.OK, theme.Text},
		diagInput:  {theme.Glyphs.OK, theme.OK, theme.Text},
		diagCut:    {theme.Glyphs.Warning, theme.Warn, theme.Text},
		diagNote:   {" ", theme.Text, theme.Text},
		diagError:  {theme.Glyphs.Error, theme.Error, theme.Error},
		diagWhy:    {" ", theme.Text, theme.Error},
		diagGroup:  {text: theme.Strong},
		diagNotice: {fold, theme.Dim, theme.Text},
		diagMore:   {" ", theme.Text, theme.Dim},
		diagText:   {text: theme.Text},
	}[r.kind]
	x := 0
	if look.glyph != "" {
		x = a.Text(0, 0, look.glyph, look.ink) + 1
	}
	a.TextEllipsis(x, 0, a.W()-x, r.text, look.text)
}
