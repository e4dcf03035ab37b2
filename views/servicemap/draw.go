package servicemap

import (
	"cmp"
	"slices"
	"strings"

	"tracefall/diagnose/servicemap"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/servicemap/layered"
	"tracefall/views/style"
)

// headLines is how many lines stand above the map, and above the list.
const headLines = 1

// detailLeast is the height from which on the selected node is told in three lines, otherwise in one.
const detailLeast = 14

// Draw implements views.Screen.
func (s *ServiceMap) Draw(a draw.Area, env *views.Env) {
	a.Fill(env.Theme.Text)
	if why := s.whyEmpty(); why != "" {
		if s.WhyNot(s.of) == "" && !s.ready {
			why += " " + env.Theme.Glyphs.Ellipsis
		}
		a.TextEllipsis(1, a.H()/2, a.W()-2, why, env.Theme.Dim)
		s.list.Fit(0, 0)
		return
	}
	head, body := a.Top(headLines)
	s.settle(body.W(), body.H(), env.Theme)
	if s.listed() {
		body, detail := body.Bottom(min(detailLines(body.H()), 3))
		s.drawHead(head, env)
		s.list.draw(body, headLines, s.data, env)
		s.drawEdge(detail, s.selectedEdge(), env)
		return
	}
	body, detail := body.Bottom(body.H() - s.h)
	s.drawHead(head, env)
	s.drawMap(body, env)
	if s.edge >= 0 {
		s.drawEdge(detail, s.selectedEdge(), env)
		return
	}
	s.drawNode(detail, env)
}

// detailLines is how many lines below the map tell of the selected node, in a body of so many lines.
func detailLines(h int) int {
	switch {
	case h >= detailLeast:
		return 4
	case h >= 4:
		return 1
	}
	return 0
}

// settle makes the plan for a body of a size where it is not there yet. Where that makes room for the whole map the
// selected node is told in one line.
func (d *diagram) settle(w, h int, theme *style.Theme) {
	key := planKey{w, h, theme}
	if d.plan != nil && d.planOf == key {
		return
	}
	lines := detailLines(h)
	d.w, d.h = w, h-lines
	d.plan, d.planOf = newPlan(d.data, d.w, d.h, theme), key
	if lines > 1 && !d.plan.fits {
		if larger := newPlan(d.data, w, h-1, theme); larger.fits {
			d.plan, d.h = larger, h-1
		}
	}
	if _, shown := d.plan.number[d.cursor]; !shown {
		d.cursor = d.plan.nodes[0]
	}
	d.follow()
}

// screensMost is how many screens a map may take before the list of calls is shown instead, unless asked for.
const screensMost = 3

// listed reports whether the list is shown instead of the map.
func (s *ServiceMap) listed() bool {
	p := s.plan
	switch {
	case s.form != fitting:
		return s.form == asList
	case p == nil || p.fits:
		return false
	}
	return p.place.W > screensMost*s.w || p.place.H > screensMost*s.h
}

// selectedEdge returns the selected edge, of the map or of the list, nil for none.
func (s *ServiceMap) selectedEdge() *servicemap.MapEdge {
	if s.whyEmpty() != "" {
		return nil
	}
	at := s.edge
	if s.listed() {
		at = s.list.edge()
	}
	if at < 0 {
		return nil
	}
	return &s.data.Edges[at]
}

// drawHead draws what there is, and in which directions there is more.
func (s *ServiceMap) drawHead(a draw.Area, env *views.Env) {
	theme := env.Theme
	texts := headTexts(s.data)
	if more := len(s.data.Nodes) - len(s.plan.nodes); more > 0 && !s.listed() {
		shown := draw.Count(len(s.plan.nodes)) + " of " + draw.CountNoun(len(s.data.Nodes), "node", "nodes") + ", failing and busiest first"
		texts = []string{shown + draw.SegmentGap + texts[0], shown + draw.SegmentGap + texts[len(texts)-1], shown}
	}
	hint := ""
	if s.listed() {
		if key := env.Key(EdgeList); key != "" && s.form == fitting {
			hint = "larger than the screen: " + key + " draws the map"
		}
	} else {
		hint = s.moreText(theme)
	}
	n := draw.Width(hint)
	if n > 0 && n+20 < a.W() {
		a.TextRight(a.W()-1-n, 0, n, hint, theme.Dim)
		a, _ = a.Right(n + 2)
	}
	a.TextEllipsis(1, 0, a.W()-2, cmp.Or(draw.FirstFitting(a.W()-2, texts...), texts[len(texts)-1]), theme.Dim)
}

// moreText says in which directions the map goes on.
func (d *diagram) moreText(theme *style.Theme) string {
	text := ""
	for _, side := range []struct {
		more  bool
		glyph string
	}{
		{d.x > 0, theme.Glyphs.Left}, {d.y > 0, theme.Glyphs.Up},
		{d.y+d.h < d.plan.place.H, theme.Glyphs.Down}, {d.x+d.w < d.plan.place.W, theme.Glyphs.Right},
	} {
		if side.more {
			text += side.glyph + " "
		}
	}
	if text != "" {
		text += "more"
	}
	return text
}

// drawMap draws the part of the map that is on screen.
func (d *diagram) drawMap(a draw.Area, env *views.Env) {
	p := d.plan
	// A map that fits stands in the middle.
	left, top := max((a.W()-p.place.W)/2, 0), max((a.H()-p.place.H)/3, 0)
	d.left, d.top = left-d.x, headLines+top-d.y
	ink := d.lineInks(env.Theme)
	glyphs := glyphsOf(env.Theme)
	for y := 0; y < a.H()-top; y++ {
		for x := 0; x < a.W()-left; x++ {
			if d.x+x >= p.place.W || d.y+y >= p.place.H {
				break
			}
			c := &p.lines[(d.y+y)*p.place.W+d.x+x]
			if c.edge == 0 {
				continue
			}
			at := c.seen() - 1
			a.Text(left+x, top+y, glyphs.line(c.arms, c.turn, d.data.Edges[p.edges[at]].Side), ink[at])
		}
	}
	d.drawEdges(a, left, top, ink, env)
	for i := range p.nodes {
		x, y := left+p.place.X[i]-d.x, top+p.place.Y[i]-d.y
		if x < a.W() && y < a.H() && x+p.sizes.Width[i] > 0 && y+p.sizes.Height[i] > 0 {
			d.drawBox(a, x, y, i, env)
		}
	}
}

// lineInks returns the ink of each edge of the plan.
func (d *diagram) lineInks(theme *style.Theme) []draw.Ink {
	inks := make([]draw.Ink, len(d.plan.edges))
	for i := range inks {
		inks[i] = d.lineInk(i, theme)
	}
	return inks
}

// chosen reports whether edge i of the plan is the selected one, or one of the selected node.
func (d *diagram) chosen(i int) bool {
	at := d.plan.edges[i]
	if d.edge >= 0 {
		return at == d.edge
	}
	return d.data.Edges[at].From == d.cursor || d.data.Edges[at].To == d.cursor
}

// lineInk returns the ink of edge i of the plan: red where it leads to a root cause, bright where it is selected, or one of
// the selected node. Other edges with failed calls say so by their labels and arrows.
func (d *diagram) lineInk(i int, theme *style.Theme) draw.Ink {
	e := &d.data.Edges[d.plan.edges[i]]
	chosen := d.chosen(i)
	switch {
	case e.Failures() > 0 && loud(&d.data.Nodes[e.To], d.plan.most):
		if chosen {
			return theme.Error.With(draw.Bold)
		}
		return theme.Error
	case chosen:
		return theme.Accent
	case e.Side == servicemap.OnlyBad:
		return theme.Added
	case e.Side == servicemap.OnlyBaseline:
		return theme.Removed
	}
	return theme.Border
}

// drawEdges draws the selected edge, or the edges of the selected node, over the others, and of all of them arrows and labels.
// The selected edge is a heavy line, so that it is seen without colours.
func (d *diagram) drawEdges(a draw.Area, left, top int, ink []draw.Ink, env *views.Env) {
	p, theme := d.plan, env.Theme
	glyphs := glyphsOf(theme)
	for i, at := range p.edges {
		path := p.place.Paths[i]
		e := &d.data.Edges[at]
		if len(path) == 0 || !d.chosen(i) {
			continue
		}
		p.walk(path, func(at layered.Point, own uint8, _ bool) {
			c, arms := p.at(at), own
			if c.turn {
				arms = c.arms
			}
			glyph := glyphs.line(arms, c.turn, e.Side)
			if p.edges[i] == d.edge {
				glyph = glyphs.heavyLine(arms, own)
			}
			if x, y := left+at.X-d.x, top+at.Y-d.y; x >= 0 && x < a.W() && y >= 0 && y < a.H() {
				a.Text(x, y, glyph, ink[i])
			}
		})
	}
	for i, at := range p.edges {
		path := p.place.Paths[i]
		if len(path) == 0 {
			continue
		}
		end, arrow := path[len(path)-1], theme.Glyphs.Right
		x, y := left+end.X-d.x, top+end.Y-d.y
		if text := p.labels[i]; text != "" && y >= 0 && y < a.H() {
			label := clippedText{a, x - draw.Width(text) - 2, y, draw.Width(text) + 2}
			label.left(" "+text+" ", labelInk(&d.data.Edges[at], ink[i], theme))
			if p.edges[i] == d.edge && env.Focused {
				label.selected(theme)
			}
		}
		if p.layers.Back[i] {
			end, arrow = path[0], theme.Glyphs.Left
			x, y = left+end.X-d.x, top+end.Y-d.y
		}
		if int(p.at(end).edge) != i+1 && at != d.edge {
			continue // the arrow of a graver edge stands here
		}
		arrowInk := ink[i]
		if d.data.Edges[at].Failures() > 0 {
			arrowInk = theme.Error.With(ink[i].Attr & draw.Bold)
			if p.labels[i] == "" {
				arrow = theme.Glyphs.Error
			}
		}
		a.Text(x, y, arrow, arrowInk)
	}
}

// labelInk is the ink of a label: that of the line, but text is never as faint as lines may be.
func labelInk(e *servicemap.MapEdge, ink draw.Ink, theme *style.Theme) draw.Ink {
	switch {
	case e.Failures() > 0:
		return theme.Error.With(ink.Attr & draw.Bold)
	case ink == theme.Border:
		return theme.Dim
	}
	return ink
}

// drawBox draws a node whose upper left corner is at a cell of the area.
func (d *diagram) drawBox(a draw.Area, x, y, i int, env *views.Env) {
	p, theme := d.plan, env.Theme
	n, t := &d.data.Nodes[p.nodes[i]], &p.texts[i]
	w, h := p.sizes.Width[i], p.sizes.Height[i]
	chosen := p.nodes[i] == d.cursor
	border, name := theme.Border, theme.Text
	if n.Kind == servicemap.Service {
		name = theme.Service(n.Name)
	}
	switch {
	case t.loud:
		border, name = theme.Error.With(draw.Bold), theme.Error.With(draw.Bold)
	case n.Side == servicemap.OnlyBad:
		border = theme.Added
	case n.Side == servicemap.OnlyBaseline:
		border, name = theme.Removed, theme.Dim
	}
	inside := 0
	if p.boxed {
		drawBorder(a, x, y, w, h, glyphsOf(theme).border(n, t.loud), border)
		inside = 1
		topLine := clippedText{a, x + 1, y, w - 2}
		if t.kind != "" {
			topLine.left(" "+t.kind+" ", theme.Dim)
		}
		if t.errors != "" {
			ink := theme.Error
			if t.loud {
				ink = ink.With(draw.Bold)
			}
			topLine.right(" "+t.errors+" ", ink)
		}
		right := w - 2 // the last text ends in a blank before the corner
		for k := len(t.deltas) - 1; k >= 0; k-- {
			one := t.deltas[k]
			right -= draw.Width(one.text) + 1
			clippedText{a, x + max(right, 1), y + h - 1, w - 2}.left(" "+one.text+" ", one.ink)
		}
	}
	for row := range h - 2*inside {
		var line []inked
		switch row {
		case 0:
			line = []inked{{t.name, name}}
		case 1:
			line = t.numbers
		}
		y := y + inside + row
		fill := clippedText{a, x + inside, y, w - 2*inside}
		fill.blank(theme.Text)
		part := clippedText{a, x + 1 + inside, y, w - 2 - 2*inside}
		for _, one := range line {
			part.left(one.text, one.ink)
			n := draw.Width(one.text) + 1
			part.x, part.w = part.x+n, part.w-n
		}
		if !p.boxed {
			d.drawStub(a, x, y, i, row, texts(line), theme)
		}
		if chosen {
			a.Mark(x+inside, y, theme.Glyphs.Selection, theme.Accent)
		}
		if chosen && d.selectsNode() && env.Focused {
			fill.selected(theme)
		}
	}
}

// selectsNode reports whether the node is selected itself, or an edge from it to itself, which is drawn in it.
func (d *diagram) selectsNode() bool {
	return d.edge < 0 || d.data.Edges[d.edge].From == d.data.Edges[d.edge].To
}

// drawStub draws the line from the text of a node without borders to where its edges begin.
func (d *diagram) drawStub(a draw.Area, x, y, i, row int, text string, theme *style.Theme) {
	p := d.plan
	end := layered.Point{X: p.place.X[i] + p.sizes.Width[i], Y: p.place.Y[i] + row}
	if end.X >= p.place.W || p.at(end).edge == 0 {
		return
	}
	edge := int(p.at(end).edge) - 1
	heavy := false
	if at := slices.Index(p.edges, d.edge); at >= 0 && len(p.place.Paths[at]) > 0 && p.place.Paths[at][0] == end {
		edge, heavy = at, true
	}
	glyph := glyphsOf(theme).line(armLeft|armRight, false, d.data.Edges[p.edges[edge]].Side)
	if heavy {
		glyph = glyphsOf(theme).heavyLine(armLeft|armRight, armLeft|armRight)
	}
	for k := min(draw.Width(text), p.sizes.Width[i]-2) + 2; k < p.sizes.Width[i]; k++ {
		a.Text(x+k, y, glyph, d.lineInk(edge, theme))
	}
}

// clippedText is a part of a line, some of which may lie outside of its area.
type clippedText struct {
	a       draw.Area
	x, y, w int
}

// left draws text from the left end.
func (c clippedText) left(text string, ink draw.Ink) {
	if draw.Width(text) > c.w {
		text = draw.Middle(text, c.w)
	}
	if room := c.a.W() - c.x; draw.Width(text) > room { // the window ends in it: a part of a number would be another number
		text = beginning(text, room)
	}
	if draw.Width(text) <= c.w {
		c.a.Text(c.x, c.y, text, ink)
	}
}

// beginning returns what of a text has room in some cells: of several parts the first ones, of a name its beginning, of a number
// nothing.
func beginning(text string, room int) string {
	const more = "…"
	if at := strings.LastIndex(text, draw.SegmentGap); at > 0 {
		if text = text[:at] + " " + more; draw.Width(text) <= room {
			return text
		}
		return beginning(strings.TrimSuffix(text, " "+more), room)
	}
	switch {
	case draw.Width(text) <= room:
		return text
	case room < 1 || text == "":
		return ""
	case '0' <= text[0] && text[0] <= '9':
		return more
	}
	return draw.Head(text, room-1) + more
}

// right draws text up to the right end.
func (c clippedText) right(text string, ink draw.Ink) {
	if n := draw.Width(text); n <= c.w {
		c.a.Text(c.x+c.w-n, c.y, text, ink)
	}
}

func (c clippedText) blank(ink draw.Ink) { c.a.Sub(c.x, c.y, c.w, 1).Fill(ink) }

func (c clippedText) selected(theme *style.Theme) { theme.Select(c.a.Sub(c.x, c.y, c.w, 1)) }
