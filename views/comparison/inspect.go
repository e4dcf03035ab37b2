package comparison

import (
	"cmp"
	"strings"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
	"tracefall/views/table"
)

// inspector is the pane that shows what differs between the two spans of a row.
type inspector struct {
	table.Scroller
	shown bool
	of    row // whose lines these are
	known bool
	lines []inspectLine
	rows  *rows
	wide  int // line whose values are shown whole, -1 for none

	keys   int    // cells of the longest key
	values [2]int // and of the longest value of either side
}

// inspectLine is a line of the pane: a heading, or what differs.
type inspectLine struct {
	heading   bool
	key       string
	good, bad string
}

// load makes the lines for the row under the cursor, where they are those of another.
func (p *inspector) load(v *rows, r row, ok bool) {
	if p.known && p.of == r && ok {
		return
	}
	*p = inspector{shown: p.shown, Scroller: table.Scroller{Height: p.Height}, of: r, known: ok, rows: v, wide: -1}
	if !ok || r.kind == runRow {
		p.lines = []inspectLine{{heading: true, key: "several calls: expand the row"}}
		return
	}
	good, bad := v.spanOf(r, views.Good), v.spanOf(r, views.Bad)
	p.pair(v.pairTitle(r), good, bad)
	servedGood, servedBad := v.c.Served(int(r.node))
	k := int(r.pair)
	if len(servedGood) > k || len(servedBad) > k {
		p.pair("server span", listed(servedGood, k), listed(servedBad, k))
	}
	for _, line := range p.lines {
		if line.heading {
			continue
		}
		p.keys = max(p.keys, draw.Width(draw.Escape(line.key)))
		for side, value := range [...]string{line.good, line.bad} {
			p.values[side] = max(p.values[side], draw.Width(valueText(value)))
		}
	}
}

// move carries out a command that moves by lines.
func (p *inspector) move(c views.Command) {
	p.Move(c, len(p.lines))
	if p.wide >= 0 {
		p.wide = p.Row
	}
}

// widen shows the values of the line under the cursor whole, or no longer.
func (p *inspector) widen() {
	if p.wide == p.Row || p.Row >= len(p.lines) || p.lines[p.Row].heading {
		p.wide = -1
	} else {
		p.wide = p.Row
	}
}

// pair adds what differs between two spans, -1 for one that is not there.
func (p *inspector) pair(title string, good, bad int) {
	c := p.rows.c
	switch {
	case good < 0:
		title += ": only in bad"
	case bad < 0:
		title += ": only in baseline"
	}
	p.lines = append(p.lines, inspectLine{heading: true, key: title})
	if good < 0 || bad < 0 {
		p.single(good, bad)
		return
	}
	a, b := c.Good.Trace.Span(good), c.Bad.Trace.Span(bad)
	add := func(key, good, bad string) { p.lines = append(p.lines, inspectLine{key: key, good: good, bad: bad}) }
	of := fieldsOf(b)
	for k, field := range fieldsOf(a) {
		if field.value != of[k].value {
			add(field.key, masked("", field.value), masked("", of[k].value))
		}
	}
	changes := c.Attributes(good, bad)
	for _, ch := range changes {
		key := masked("", ch.Key)
		if ch.Scope == "resource" {
			key = "resource " + key
		}
		add(key, masked(ch.Key, ch.Good), masked(ch.Key, ch.Bad))
	}
	p.lines = append(p.lines, inspectLine{heading: true, key: "  " + equalText(a, changes)})
}

// masked returns a value with its secrets masked.
func masked(key, value string) string {
	text, _ := secrets.Mask(key, value[:min(len(value), valueMost)], false)
	return text
}

// equalText says how many attributes of a span have the same value on the other side.
func equalText(s trace.Span, changes []compare.AttributeChange) string {
	n := s.Attrs().Len() + s.Resource().Attrs().Len()
	for _, ch := range changes {
		if ch.Good != "" {
			n--
		}
	}
	return draw.CountNoun(max(n, 0), "equal attribute", "equal attributes")
}

// single lists a span that has no counterpart.
func (p *inspector) single(good, bad int) {
	side, i := views.Good, good
	if good < 0 {
		side, i = views.Bad, bad
	}
	s := p.rows.facts[side].Trace.Span(i)
	add := func(key, value string) {
		if value == "" {
			return
		}
		line := inspectLine{key: key, good: value}
		if side == views.Bad {
			line = inspectLine{key: key, bad: value}
		}
		p.lines = append(p.lines, line)
	}
	for _, field := range fieldsOf(s) {
		add(field.key, masked("", field.value))
	}
	for key, value := range s.Attrs().All() {
		add(masked("", key), masked(key, value.String()))
	}
}

// spanField is what a span says beside its attributes.
type spanField struct{ key, value string }

func fieldsOf(s trace.Span) [6]spanField {
	return [...]spanField{
		{"duration", draw.Duration(s.Duration())},
		{"name", secrets.SpanName(s)},
		{"kind", s.Kind().String()},
		{"status", statusOf(s)},
		{"status message", s.StatusMessage()},
		{"events", eventNames(s)},
	}
}

// statusOf reads the status of a span as the list of changes does: where nothing says that it failed, it ended well.
func statusOf(s trace.Span) string {
	if s.Error() {
		return trace.StatusError.String()
	}
	return trace.StatusOK.String()
}

// eventNames lists the events of a span by name.
func eventNames(s trace.Span) string {
	const most = 8
	var names []string
	for i := range min(s.Events(), most) {
		names = append(names, masked("", s.Event(i).Name()))
	}
	if more := s.Events() - most; more > 0 {
		names = append(names, draw.Count(more)+" more")
	}
	return strings.Join(names, ", ")
}

// draw draws the pane, in which the line under the cursor is marked where it has the keys, from line y of the screen on.
func (p *inspector) draw(a draw.Area, y int, env *views.Env, keys bool) {
	theme := env.Theme
	rule, a := a.Top(1)
	rule.HLine(0, 0, rule.W(), theme.Border)
	ink := theme.Header
	if keys {
		ink = theme.Accent
	}
	rule.TextEllipsis(2, 0, rule.W()-4, " what differs ", ink)
	keysWidth := min(max(a.W()/4, 10), 36, p.keys+3)
	if p.wide >= 0 && p.wide < len(p.lines) && a.H() > 4 {
		var whole draw.Area
		a, whole = a.Bottom(a.H() / 2)
		p.drawWhole(whole, theme)
	}
	p.Fit(a.H(), len(p.lines))
	sign := -1
	if keys {
		sign = 0
	}
	p.DrawRows(a, y+1, len(p.lines), sign, keys && env.Focused, env, func(line draw.Area, n int) { p.drawLine(line, n, keysWidth, theme) })
}

// valueMost is how much of a value is made visible, in bytes.
const valueMost = 4096

func (p *inspector) drawLine(a draw.Area, n, keys int, theme *style.Theme) {
	line := p.lines[n]
	if line.heading {
		ink := theme.Strong
		if strings.HasPrefix(line.key, " ") {
			ink = theme.Dim
		}
		a.TextEllipsis(2, 0, a.W()-3, line.key, ink)
		return
	}
	a.TextMiddle(4, 0, keys-1, draw.Escape(line.key), theme.Key)
	room := a.W() - keys - 4
	rooms := views.ShareRoom(room-4, p.values)
	x := 4 + keys
	drawValue(a.Sub(x, 0, rooms[views.Good], 1), line.good, theme.Removed, theme)
	x += rooms[views.Good] + 1
	a.Text(x, 0, theme.Glyphs.Link, theme.Dim)
	drawValue(a.Sub(x+2, 0, rooms[views.Bad], 1), line.bad, theme.Added, theme)
}

func drawValue(a draw.Area, value string, ink draw.Ink, theme *style.Theme) {
	if value == "" {
		ink = theme.Dim
	}
	a.TextEllipsis(0, 0, a.W(), valueText(value), ink)
}

// valueText is as much of a value as may be visible.
func valueText(value string) string {
	return cmp.Or(draw.Escape(value[:min(len(value), valueMost)]), "(none)")
}

// wholeX is where values begin that are shown whole, behind the name of their side.
const wholeX = 11

// drawWhole draws both values of a line, as much of them as there is room for.
func (p *inspector) drawWhole(a draw.Area, theme *style.Theme) {
	line := p.lines[p.wide]
	a.HLine(2, 0, a.W()-4, theme.Border)
	y := 1
	for side, value := range [...]string{line.good, line.bad} {
		value = cmp.Or(value, "(none)")
		ink := [...]draw.Ink{theme.Removed, theme.Added}[side]
		limit := y + max((a.H()-y)/(2-side), 1)
		for k, text := range draw.Wrap(draw.Escape(value[:min(len(value), valueMost)]), a.W()-wholeX-2) {
			if y >= limit {
				break
			}
			if k == 0 {
				a.Text(2, y, views.Side(side).Label(), theme.Dim)
			}
			a.Text(wholeX, y, text, ink)
			y++
		}
	}
}
