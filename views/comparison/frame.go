package comparison

import (
	"cmp"
	"slices"
	"strings"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/tree"
)

// frame draws what a comparison shows now.
type frame struct {
	*rows
	*scales
	layout
	tree   *tree.Tree
	env    *views.Env
	theme  *style.Theme
	chosen views.Side // the side that Enter opens
}

// frame returns what draws the comparison as it was laid out last.
func (v *Comparison) frame(env *views.Env) *frame {
	return &frame{rows: v.rows, scales: &v.scales, layout: v.drawn, tree: &v.tree, env: env, theme: env.Theme, chosen: v.side}
}

// Draw draws the comparison below its first line. Only the rows on screen are formatted.
func (v *Comparison) Draw(a draw.Area, env *views.Env) {
	a.Fill(env.Theme.Text)
	v.drawn = layOut(a.W(), a.H(), v.widen, v.shape, v.need)
	if v.rows == nil {
		a.TextEllipsis(0, a.H()/2, a.W(), " "+cmp.Or(v.pending, "no comparison"), env.Theme.Dim)
		return
	}
	doubts, headline := v.doubts(a.W(), env.Theme), v.headline(a.W())
	v.drawn.heights(len(doubts), len(headline), v.why.lines(), v.height, v.inspect.shown)
	if v.search.On && v.drawn.body > 1 {
		var line draw.Area
		a, line = a.Bottom(1)
		v.drawn.body--
		v.search.Draw(line, env, "part of a call or of what differs", draw.Amount(len(v.search.Found), "call"), env.Theme.Dim, -1)
	}
	v.tree.Fit(v.drawn.body)
	v.layNames()
	level := -1
	if at, ok := v.row(); ok {
		level = int(at.indent)
	}
	v.tree.Keep(level, v.rows.depth+2)
	f := v.frame(env)
	head, rest := a.Top(f.layout.headline)
	doubt, rest := rest.Top(f.trust)
	_, rest = rest.Top(f.layout.air)
	whyHead, rest := rest.Top(f.layout.whyHead)
	why, rest := rest.Top(f.layout.why)
	_, rest = rest.Top(f.layout.gap)
	header, rest := rest.Top(f.layout.header)
	body, inspect := rest.Bottom(f.inspect)
	drawLines(head, headline, env.Theme.Strong)
	drawLines(doubt, doubts, env.Theme.Warn)
	v.why.drawHead(whyHead, env.Theme)
	v.why.draw(why, env, v.pane == paneWhy)
	f.header(header)
	keys := env.Focused && v.pane == paneRows
	v.tree.DrawRows(body, f.gutter > 0 || !keys, keys, env.Theme, f.row)
	if !inspect.Empty() {
		v.load()
		v.inspect.draw(inspect, v.drawn.inspectY(), env, v.pane == paneInspect)
	}
}

// drawLines draws lines, the last one cut where there are more than there is room for.
func drawLines(a draw.Area, lines []string, ink draw.Ink) {
	if n := a.H(); n > 0 && len(lines) > n {
		lines = append(slices.Clone(lines[:n-1]), strings.Join(lines[n-1:], " "))
		a.Lines(lines[:n-1], ink)
		a.TextEllipsis(1, n-1, a.W()-2, lines[n-1], ink)
		return
	}
	a.Lines(lines, ink)
}

// layNames makes room for the indentation of names.
func (v *Comparison) layNames() {
	v.tree.Lay(v.drawn.side[views.Good].names, nameRoom, v.rows.depth)
}

// headline returns the lines that say what made the difference.
func (v *Comparison) headline(width int) []string {
	text := cmp.Or(v.pending, v.rows.c.Headline)
	if draw.Width(text) > headlineMost*(width-2) {
		text = cmp.Or(v.pending, v.rows.c.Brief)
	}
	return draw.Wrap(text, max(width-2, 1))
}

// doubts says what is in doubt about the comparison, in lines; none where nothing is. That the traces are different
// operations the headline says.
func (v *Comparison) doubts(width int, theme *style.Theme) []string {
	parts := v.rows.incomplete()
	if n := v.rows.c.Trust.Ambiguous; n > 0 {
		parts = append(parts, draw.Amount(n, "renamed call")+" could be matched in another way as well (≈)")
	}
	if parts == nil {
		return nil
	}
	return draw.Wrap(draw.Clean(theme.Glyphs.Warning+" "+strings.Join(parts, draw.SegmentGap)), max(width-2, 1))
}

// incomplete says which of the traces may lack spans, and why.
func (x *index) incomplete() []string {
	var parts []string
	for side, incomplete := range x.c.Trust.Incomplete {
		if !incomplete {
			continue
		}
		q := x.facts[side].Trace.Quality()
		text := views.Side(side).Label() + " trace may be incomplete"
		switch {
		case q.Truncated:
			text += ": file truncated"
		case q.Orphans > 0:
			text += ": " + draw.Amount(q.Orphans, "orphan span")
		case q.Partial:
			text += ": partial result of the backend"
		}
		parts = append(parts, text)
	}
	return parts
}

// header draws the names of the columns, the rulers, and which side Enter opens.
func (f *frame) header(a draw.Area) {
	if a.Empty() {
		return
	}
	inks := [2]draw.Ink{f.theme.Header, f.theme.Header}
	inks[f.chosen] = f.theme.Accent
	if f.merged {
		f.mergedHeader(a, inks)
		return
	}
	for side := range f.facts {
		col := f.layout.side[side]
		area := a.Sub(col.x, 0, col.w, 1)
		area.TextEllipsis(0, 0, col.names-1, strings.ToUpper(views.Side(side).Label()), inks[side])
		area.Sub(col.names, 0, col.bars, 1).Ruler(0, f.scale(views.Side(side), col.bars), 0, f.theme.Ruler)
		area.TextRight(col.names+col.bars, 0, col.durs, "DURATION", f.theme.Header)
	}
	m := f.middle(a)
	f.partHeader(m, 1+f.signs)
}

func (f *frame) mergedHeader(a draw.Area, inks [2]draw.Ink) {
	col := f.layout.side[views.Good]
	a.TextEllipsis(col.x, 0, col.names-1, "SERVICE  OPERATION", f.theme.Header)
	if col.bars > 0 {
		bars := a.Sub(col.x+col.names, 0, col.bars-1, 1)
		if f.own {
			bars.TextEllipsis(0, 0, bars.W(), "separate time scales", f.theme.Ruler)
		} else {
			bars.Ruler(0, f.scale(views.Bad, bars.W()), 0, f.theme.Ruler)
		}
	}
	x := f.delta.x + f.signs
	if f.durs > 0 {
		a.TextRight(x, 0, f.base, "BASELINE", inks[views.Good])
		a.TextRight(x+f.base, 0, f.durs-f.base, "BAD", inks[views.Bad])
	}
	f.partHeader(a, x+f.durs)
}

// partHeader names the columns of what a call contributed to the difference.
func (f *frame) partHeader(a draw.Area, x int) {
	a.TextRight(x, 0, f.deltas+f.partBar, partHead, f.theme.Header)
	a.TextRight(x+f.deltas+f.partBar, 0, f.shares, "SHARE", f.theme.Header)
}
