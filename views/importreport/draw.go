package importreport

import (
	"cmp"

	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
)

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
		line = line.Sub(3, 0, line.W()-4, 1)
		if row < len(d.rows) {
			d.drawRow(line, d.rows[row], env.Theme)
		} else {
			d.drawTrace(line, d.set.Trace(int(d.bad[row-len(d.rows)])), env.Theme)
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

// Sizes of what is said of a trace, in cells.
const (
	rootEnough   = 27 // for its root, before what is wrong with it is told at length
	qualityLeast = 40 // for "file truncated (trace may be incomplete)"
)

// drawTrace draws a trace with blemishes: its id, what is wrong with it, and its root in what that leaves.
func (d *Diagnostics) drawTrace(a draw.Area, t *trace.Trace, theme *style.Theme) {
	id, n := views.ShortID(t.ID()), 9
	if a.W() >= 120 {
		id, n = t.ID().String(), 32
	}
	a.TextEllipsis(0, 0, n, id, theme.Dim)
	_, a = a.Left(n + 2)
	root := max(a.W()/3, min(rootEnough, a.W()-qualityLeast-2))
	wrong := qualityText(views.QualityWords(t.Quality()), a.W()-root-2)
	views.DrawRoot(a.Sub(0, 0, root, 1), t, theme)
	a.TextEllipsis(root+2, 0, a.W()-root-2, wrong, theme.Text)
}

// qualityText says what is wrong with a trace in so many cells: where there is no room explanations in brackets go, then the
// least grave, which are counted.
func qualityText(words []string, width int) string {
	texts := []string{joined(words)}
	short := make([]string, len(words))
	for n, word := range words {
		short[n] = draw.WithoutBrackets(word)
	}
	for n := len(short); n > 0; n-- {
		text := joined(short[:n])
		if more := len(short) - n; more > 0 {
			text += ", +" + draw.Count(more) + " more"
		}
		texts = append(texts, text)
	}
	return cmp.Or(draw.FirstFitting(width, texts...), texts[len(texts)-1])
}
