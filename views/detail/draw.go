package detail

import (
	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/prompt"
	"tracefall/views/style"
)

// Draw draws the detail. Only the lines on screen are drawn.
func (d *Detail) Draw(a draw.Area, env *views.Env) {
	a.Fill(env.Theme.Text)
	if a.Empty() {
		return
	}
	if d.t == nil {
		a.TextEllipsis(0, a.H()/2, a.W(), " no span is selected", env.Theme.Dim)
		return
	}
	head, body := a.Top(d.headHeight(a.H()))
	d.head = head.H()
	d.prepare(a.W(), env)
	d.Fit(body.H())
	d.drawHead(head, env)
	d.DrawRows(body, body.W() >= detailMargin, env.Focused, env.Theme, func(line draw.Area, n int) { d.drawLine(line, n, env) })
}

// headHeight returns the lines that stay on top: the span's name, what is counted, the search.
func (d *Detail) headHeight(h int) int {
	n := 0
	if h >= 4 {
		n++
	}
	if h >= 8 {
		n++
	}
	if h >= 2 && d.search.Searching() {
		n++
	}
	return n
}

// drawHead draws the span's name, its kind and duration, and the search.
func (d *Detail) drawHead(a draw.Area, env *views.Env) {
	theme, s := env.Theme, d.t.Span(d.span)
	lines := a.H()
	if d.search.Searching() && lines > 0 {
		lines--
		d.drawSearch(a.Row(lines), env)
	}
	if lines == 0 {
		return
	}
	x := 1
	if s.Error() {
		x += a.Text(x, 0, theme.Glyphs.Error, theme.Error) + 1
	}
	room := a.W() - x - 1
	service, name := secrets.ServiceName(s), secrets.SpanName(s)
	switch {
	case s.Synthetic():
		service, name = "", "several roots"
	case name == "":
		name = views.NoName
	}
	if service != "" {
		n := a.TextEllipsis(x, 0, max(room/2, room-draw.Width(name)-1), service, theme.Service(service)) + 1
		x, room = x+n, room-n
	}
	a.TextEllipsis(x, 0, room, name, theme.Title)
	if lines < 2 {
		return
	}
	text := draw.Duration(s.Duration()) + draw.SegmentGap + draw.Percent(s.Duration(), d.t.Duration()) + " of trace" +
		draw.SegmentGap + "at " + draw.Offset(s.Start()-d.t.Start())
	if s.Untimed() {
		text = "time and duration " + views.Unknown
	}
	if s.Kind() != trace.KindUnspecified {
		text = s.Kind().String() + draw.SegmentGap + text
	}
	a.TextEllipsis(1, 1, a.W()-2, text, theme.Dim)
}

// drawSearch draws what is searched for and how often it was found.
func (d *Detail) drawSearch(a draw.Area, env *views.Env) {
	found := ""
	if d.search.Input.Text() != "" {
		found = draw.CountNoun(len(d.search.Found), "line", "lines")
	}
	d.search.Draw(a, env, "key or value", found, env.Theme.Dim, -1)
}

// drawLine draws line n.
func (d *Detail) drawLine(a draw.Area, n int, env *views.Env) {
	theme, l := env.Theme, &d.lines[n]
	e := &d.entries[l.entry]
	body := a.Sub(detailMargin, 0, a.W()-detailMargin, 1)
	switch {
	case e.kind == entryTitle:
		d.drawTitle(a, e, theme.Header, theme)
	case e.kind == entryGroup:
		d.drawTitle(a.Sub(innerIndent, 0, a.W()-innerIndent, 1), e, theme.Dim, theme)
	case l.offer != "":
		text := theme.Glyphs.Ellipsis + " " + l.offer
		if key := env.Key(views.Enter); key != "" {
			text += ": " + key + " shows all"
		}
		body.TextEllipsis(int(l.at), 0, body.W()-int(l.at), text, theme.Info)
	default:
		keyInk, ink := d.inks(e, theme)
		switch l.tone {
		case lineStrong:
			ink = theme.Strong
		case lineDim:
			ink = theme.Dim
		case linePlain:
		}
		body.Text(e.indent(), 0, l.key, keyInk)
		d.highlight(body, e.indent(), l.key, theme)
		x := int(l.at) + body.Text(int(l.at), 0, l.text, ink)
		d.highlight(body, int(l.at), l.text, theme)
		if x > int(l.at) {
			x += noteGap
		}
		body.Text(x, 0, l.note, theme.Dim)
	}
}

// drawTitle draws the title of a section or a namespace.
func (d *Detail) drawTitle(a draw.Area, e *entry, ink draw.Ink, theme *style.Theme) {
	glyph := theme.Glyphs.Open
	if d.closed[e.part()] {
		glyph = theme.Glyphs.Folded
	}
	a.Text(1, 0, glyph, theme.Dim)
	x := detailMargin + a.TextEllipsis(detailMargin, 0, a.W()-detailMargin, e.text, ink)
	a.TextEllipsis(x+1, 0, a.W()-x-1, e.note, theme.Dim)
}

// inks returns what key and value of an entry are drawn in.
func (d *Detail) inks(e *entry, theme *style.Theme) (key, value draw.Ink) {
	key, value = theme.Key, theme.Value
	switch e.kind {
	case entryEvent:
		key, value = theme.Dim, theme.Strong
	case entryLink:
		value = theme.Link
	case entryMessage:
		if e.key == "assistant" {
			key = theme.Accent
		}
	case entryTitle, entryGroup, entryField, entryNote:
	}
	switch e.tone {
	case toneError:
		value = theme.Error
	case toneWarn:
		value = theme.Warn
	case toneStrong:
		value = theme.Strong
	case tonePlain:
	}
	return key, value
}

// highlight marks what is searched for in a text drawn at cell x.
func (d *Detail) highlight(a draw.Area, x int, text string, theme *style.Theme) {
	lower := d.needle()
	if lower == "" {
		return
	}
	for {
		i := prompt.IndexFold(text, lower)
		if i < 0 || i+len(lower) > len(text) {
			return
		}
		x += draw.Width(text[:i])
		n := draw.Width(text[i : i+len(lower)])
		a.Sub(x, 0, n, 1).Paint(theme.Match)
		x, text = x+n, text[i+len(lower):]
	}
}

// Status says where the cursor is.
func (d *Detail) Status(env *views.Env) (left, right string) {
	if d.empty() {
		return "", ""
	}
	left = "line " + draw.Count(d.Row+1) + " of " + draw.Count(len(d.lines))
	switch e := d.of(d.Row); {
	case e.kind == entryLink && env.Key(views.Enter) != "":
		left += draw.SegmentGap + env.Key(views.Enter) + " follows the link"
	case e.long && env.Key(views.Enter) != "":
		what := " shows all"
		if d.full[int(d.lines[d.Row].entry)] {
			what = " shows less"
		}
		left += draw.SegmentGap + env.Key(views.Enter) + what
	}
	return left, ""
}
