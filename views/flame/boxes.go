package flame

import (
	"strings"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// boxes draws the frames of a graph.
type boxes struct {
	*walk
	hits *hits
	env  *views.Env
}

// leastLabel is how many cells of a name say anything.
const leastLabel = 3

// leastPadded is from how many cells on a label keeps away from the next frame.
const leastPadded = 6

// draw draws a frame into the area of its box.
func (d *boxes) draw(a draw.Area, b box, row int) {
	theme := d.env.Theme
	if b.rest > 0 {
		d.drawRest(a, b, theme)
		return
	}
	hit := d.hits.has(d.graph, b.node)
	l := d.look(b.node, row, theme)
	switch selected := b.node == d.at; {
	case selected && d.env.Focused:
		ink := theme.Selected.With(draw.Bold)
		l = look{fill: ink, text: ink, edge: theme.Accent.On(ink.BG), plain: l.plain}
	case selected:
		l.edge = theme.Accent
	case d.hits.names != nil && !hit:
		l = dimLook(theme)
	}
	a.Fill(l.fill)
	inner := a
	switch {
	case b.node == d.at:
		edge(a, 0, theme.Glyphs.Selection, l.edge)
	case l.plain && b.w >= 3:
		edge(a, 0, "[", l.edge)
		edge(a, b.w-1, "]", l.edge)
		inner, _ = inner.Right(1)
	case l.plain:
		edge(a, 0, theme.Glyphs.Vertical, l.edge)
	default:
		edge(a, 0, theme.Glyphs.Cursor, l.edge)
	}
	_, inner = inner.Left(1)
	if d.graph.failed(b.node) > 0 {
		inner = drawFailed(a, inner, b.node == d.at && d.env.Focused, theme)
	}
	d.drawLabel(inner, b, l, hit, theme)
}

// look returns how a frame is drawn where nothing is special about it.
func (d *boxes) look(node int32, row int, theme *style.Theme) look {
	if w := &d.graph.by[d.by]; w.delta != nil {
		return changeLook(w.delta[node], w.most, row, theme)
	}
	if node == 0 {
		return blockLook(draw.Ink{FG: theme.Dim.FG})
	}
	return serviceLook(d.graph.name(node).service, row, theme)
}

// drawLabel draws what a frame is called, and where there is room what it takes.
func (d *boxes) drawLabel(a draw.Area, b box, l look, hit bool, theme *style.Theme) {
	name, service := d.graph.name(b.node), ""
	if p := d.graph.tree.Nodes[b.node].Parent; name.service != "" && (b.node == d.zoom() || p <= 0 || d.graph.name(p).service != name.service) {
		service = name.service + " "
	}
	ink, room := l.text, a.W()
	if room > leastPadded && draw.Width(name.operation) != room {
		room--
	}
	if draw.Width(service)+draw.Width(name.operation) > room {
		service = "" // the operation tells more than the service
	}
	if hit {
		ink = theme.Match
	}
	n := draw.Width(service) + draw.Width(name.operation)
	if figure := d.figure(b, room-n-2); a.H() == 1 && figure != "" {
		a.TextRight(0, 0, room, figure, l.text)
		room = n
	}
	if room < leastLabel && room < n {
		if hit {
			a.Row(0).Fill(ink)
		}
	} else {
		x := a.Text(0, 0, service, ink)
		a.TextEllipsis(x, 0, room-x, draw.Words(name.operation, room-x), ink)
	}
	if a.H() > 1 {
		a.Text(0, 1, d.figure(b, room), l.text)
	}
}

// figure is what a frame takes, or by how much its own part changed, as far as it fits into width cells.
func (d *boxes) figure(b box, width int) string {
	w := &d.graph.by[d.by]
	if w.delta == nil {
		if d.timeless(b.node) {
			return draw.FirstFitting(width, views.Unknown)
		}
		amount := d.amount(b.node, 0)
		text := d.by.format(amount)
		long := strings.TrimRight(text+"  "+d.share(amount), " ")
		if d.by == byTotal {
			if async := d.async(b.node, 0); len(async) > 0 {
				return draw.FirstFitting(width, long+"  "+async[0], long, text)
			}
		}
		return draw.FirstFitting(width, long, text)
	}
	if w.delta[b.node] == 0 {
		return ""
	}
	return draw.FirstFitting(width, d.by.change(w.delta[b.node]))
}

// drawRest draws what stands for children that have no cell of their own.
func (d *boxes) drawRest(a draw.Area, b box, theme *style.Theme) {
	text := theme.Glyphs.Ellipsis
	if more := text + " " + draw.CountNoun(int(b.rest), "more frame", "more frames"); draw.Width(more) <= b.w {
		text = more
	}
	a.Text(0, 0, text, theme.Dim)
	if a.H() > 1 {
		a.Text(0, 1, draw.FirstFitting(b.w, d.by.format(b.width)), theme.Dim)
	}
}

// drawFailed draws the sign of an error at the left of a frame, outside of its colour, and returns what is left of its inner
// area.
func drawFailed(a, inner draw.Area, selected bool, theme *style.Theme) draw.Area {
	ink := theme.Error
	if selected {
		ink = ink.On(theme.Selected.BG)
	}
	if inner.Empty() {
		inner = a
	}
	inner.Text(0, 0, theme.Glyphs.Error, ink)
	first, rest := inner.Left(1)
	if first.H() > 1 && rest.W() > 1 {
		_, rest = rest.Left(1)
	}
	return rest
}

// edge draws a glyph down a column of the area.
func edge(a draw.Area, x int, glyph string, ink draw.Ink) {
	for y := range a.H() {
		a.Text(x, y, glyph, ink)
	}
}
