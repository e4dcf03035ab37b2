package detail

import (
	"tracefall/views"
	"tracefall/views/draw"
)

// Can tells whether a command means something now.
func (d *Detail) Can(c views.Command) string {
	switch c {
	case views.Back:
		return ""
	case views.Down, views.Up, views.PageDown, views.PageUp, views.HalfDown, views.HalfUp, views.Top, views.Bottom, views.Left, views.Right, views.Enter, views.Fold, views.FoldAll, views.OpenAll,
		views.Search, views.NextMatch, views.PrevMatch, views.CopyValue, views.CopyLine, views.CopySpanID, views.CopyTrace:
	default:
		return views.NotHere
	}
	if d.t == nil || len(d.lines) == 0 {
		return "no span is shown"
	}
	e := d.entry()
	switch c {
	case views.NextMatch, views.PrevMatch:
		if d.search.input.Text() == "" {
			return "nothing is searched for"
		}
		if len(d.search.found) == 0 {
			return "nothing matches"
		}
	case views.CopyValue, views.CopyLine:
		if e.kind == entryTitle {
			return "a section's title has no value"
		}
	case views.CopySpanID:
		if d.t.Span(d.span).Synthetic() {
			return "the row is no span"
		}
	}
	return ""
}

// entry returns the entry under the cursor.
func (d *Detail) entry() *detailEntry { return &d.entries[d.lines[d.cursor].entry] }

// Do carries out a command.
func (d *Detail) Do(c views.Command) views.Action {
	if reason := d.Can(c); reason == views.NotHere {
		return nil
	} else if reason != "" {
		return views.Say{Text: reason}
	}
	if c == views.Back {
		return d.goBack()
	}
	if d.Move(c) || d.fold(c) {
		return nil
	}
	switch c {
	case views.Enter:
		return d.enter()
	case views.Search:
		d.startSearch()
	case views.NextMatch, views.PrevMatch:
		return d.jump(c == views.NextMatch)
	}
	return d.copy(c)
}

// goBack undoes what is closest.
func (d *Detail) goBack() views.Action {
	if !d.searching() {
		return views.Leave{}
	}
	d.search.typing = false
	d.setSearch("")
	return nil
}

// Move carries out the commands that move the cursor and tells whether it knew the command.
func (d *Detail) Move(c views.Command) bool {
	var by int
	switch c {
	case views.Down:
		by = 1
	case views.Up:
		by = -1
	case views.PageDown:
		by = max(d.page-1, 1)
	case views.PageUp:
		by = -max(d.page-1, 1)
	case views.HalfDown:
		by = max(d.page/2, 1)
	case views.HalfUp:
		by = -max(d.page/2, 1)
	case views.Top:
		by = -len(d.lines)
	case views.Bottom:
		by = len(d.lines)
	default:
		return false
	}
	d.cursor += by
	if by != 1 && by != -1 {
		d.top += by
	}
	d.follow()
	return true
}

// fold carries out the commands that fold sections and tells whether it knew the command.
func (d *Detail) fold(c views.Command) bool {
	e := d.entry()
	switch c {
	case views.Fold:
		d.setClosed(e.section, !d.closed[e.section])
	case views.FoldAll, views.OpenAll:
		for i := range d.closed {
			d.closed[i] = c == views.FoldAll
		}
		d.toTitle(e.section)
		d.layAgain()
	case views.Left:
		if e.kind == entryTitle {
			d.setClosed(e.section, true)
		} else {
			d.toTitle(e.section)
			d.follow()
		}
	case views.Right:
		if e.kind == entryTitle && d.closed[e.section] {
			d.setClosed(e.section, false)
		} else if e.kind == entryTitle {
			d.Move(views.Down)
		}
	default:
		return false
	}
	return true
}

// toTitle puts the cursor on a section's title.
func (d *Detail) toTitle(section section) {
	for i, l := range d.lines {
		if e := &d.entries[l.entry]; e.section == section && e.kind == entryTitle {
			d.cursor = i
			return
		}
	}
}

// setClosed folds or opens a section.
func (d *Detail) setClosed(section section, closed bool) {
	d.toTitle(section)
	d.closed[section] = closed
	d.layAgain()
	d.toTitle(section)
	d.follow()
}

// enter follows a link, folds a section, or shows the rest of a long value.
func (d *Detail) enter() views.Action {
	e := d.entry()
	i := int(d.lines[d.cursor].entry)
	switch {
	case e.kind == entryTitle:
		d.setClosed(e.section, !d.closed[e.section])
	case e.kind == entryLink:
		l := d.t.Span(d.span).Links()[e.link]
		return views.GoTo{Trace: l.TraceID(), Span: l.SpanID()}
	case len(e.shown()) > valueShown:
		if d.full == nil {
			d.full = map[int]bool{}
		}
		d.full[i] = !d.full[i]
		d.layAgain()
	}
	return nil
}

// copy copies what is under the cursor, as it is in the export.
func (d *Detail) copy(c views.Command) views.Action {
	s := d.t.Span(d.span)
	switch c {
	case views.CopySpanID:
		return views.Copy{What: "span id", Text: s.ID().String()}
	case views.CopyTrace:
		return views.Copy{What: "trace id", Text: d.t.ID().String()}
	case views.CopyValue, views.CopyLine:
	default:
		return nil
	}
	e := d.entry()
	what := e.key
	if e.kind == entryNote || e.kind == entryEvent {
		what = "text"
	}
	text := e.raw()
	if e.masked {
		what += ", masked"
	}
	if c == views.CopyLine {
		switch e.kind {
		case entryField:
			text = e.key + "=" + text
		case entryEvent, entryLink:
			text = e.key + " " + text
		case entryTitle, entryNote:
		}
	}
	return views.Copy{What: draw.Clean(what), Text: text}
}

// Mouse takes a mouse event: a click selects, on a title it folds; a double click does what enter does.
func (d *Detail) Mouse(m views.Mouse) views.Action {
	if d.t == nil || len(d.lines) == 0 {
		return nil
	}
	if m.Wheel != 0 {
		d.top = max(min(d.top+m.Wheel, len(d.lines)-d.page), 0)
		d.cursor = min(max(d.cursor, d.top), d.top+d.page-1)
		d.follow()
		return nil
	}
	line := d.top + m.Y - d.head
	if m.Y < d.head || m.Y >= d.head+d.page || line >= len(d.lines) {
		return nil
	}
	again := line == d.cursor
	d.cursor = line
	title := d.entry().kind == entryTitle
	if title != m.Double || title && !again {
		return d.enter()
	}
	return nil
}
