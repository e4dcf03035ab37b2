package views

import (
	"tracefall/views/draw"
)

// Can tells whether a command means something now.
func (d *Detail) Can(c Command) string {
	switch c {
	case Back:
		return ""
	case Down, Up, PageDown, PageUp, HalfDown, HalfUp, Top, Bottom, Left, Right, Enter, Fold, FoldAll, OpenAll,
		Search, NextMatch, PrevMatch, CopyValue, CopyLine, CopySpanID, CopyTrace:
	default:
		return NotHere
	}
	if d.t == nil || len(d.lines) == 0 {
		return "no span is shown"
	}
	e := d.entry()
	switch c {
	case NextMatch, PrevMatch:
		if d.search.input.Text() == "" {
			return "nothing is searched for"
		}
		if len(d.search.found) == 0 {
			return "nothing matches"
		}
	case CopyValue, CopyLine:
		if e.kind == entryTitle {
			return "a section's title has no value"
		}
	case CopySpanID:
		if d.t.Span(d.span).Synthetic() {
			return "the row is no span"
		}
	}
	return ""
}

// entry returns the entry under the cursor.
func (d *Detail) entry() *detailEntry { return &d.entries[d.lines[d.cursor].entry] }

// Do carries out a command.
func (d *Detail) Do(c Command) Action {
	if reason := d.Can(c); reason == NotHere {
		return nil
	} else if reason != "" {
		return Say{reason}
	}
	if c == Back {
		return d.goBack()
	}
	if d.move(c) || d.fold(c) {
		return nil
	}
	switch c {
	case Enter:
		return d.enter()
	case Search:
		d.startSearch()
	case NextMatch, PrevMatch:
		return d.jump(c == NextMatch)
	}
	return d.copy(c)
}

// goBack undoes what is closest.
func (d *Detail) goBack() Action {
	if !d.searching() {
		return Leave{}
	}
	d.search.typing = false
	d.setSearch("")
	return nil
}

// move carries out the commands that move the cursor and tells whether it knew the command.
func (d *Detail) move(c Command) bool {
	var by int
	switch c {
	case Down:
		by = 1
	case Up:
		by = -1
	case PageDown:
		by = max(d.page-1, 1)
	case PageUp:
		by = -max(d.page-1, 1)
	case HalfDown:
		by = max(d.page/2, 1)
	case HalfUp:
		by = -max(d.page/2, 1)
	case Top:
		by = -len(d.lines)
	case Bottom:
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
func (d *Detail) fold(c Command) bool {
	e := d.entry()
	switch c {
	case Fold:
		d.setClosed(e.section, !d.closed[e.section])
	case FoldAll, OpenAll:
		for i := range d.closed {
			d.closed[i] = c == FoldAll
		}
		d.toTitle(e.section)
		d.layAgain()
	case Left:
		if e.kind == entryTitle {
			d.setClosed(e.section, true)
		} else {
			d.toTitle(e.section)
			d.follow()
		}
	case Right:
		if e.kind == entryTitle && d.closed[e.section] {
			d.setClosed(e.section, false)
		} else if e.kind == entryTitle {
			d.move(Down)
		}
	default:
		return false
	}
	return true
}

// toTitle puts the cursor on a section's title.
func (d *Detail) toTitle(section detailSection) {
	for i, l := range d.lines {
		if e := &d.entries[l.entry]; e.section == section && e.kind == entryTitle {
			d.cursor = i
			return
		}
	}
}

// setClosed folds or opens a section.
func (d *Detail) setClosed(section detailSection, closed bool) {
	d.toTitle(section)
	d.closed[section] = closed
	d.layAgain()
	d.toTitle(section)
	d.follow()
}

// enter follows a link, folds a section, or shows the rest of a long value.
func (d *Detail) enter() Action {
	e := d.entry()
	i := int(d.lines[d.cursor].entry)
	switch {
	case e.kind == entryTitle:
		d.setClosed(e.section, !d.closed[e.section])
	case e.kind == entryLink:
		l := d.t.Span(d.span).Links()[e.link]
		return GoTo{Trace: l.TraceID(), Span: l.SpanID()}
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
func (d *Detail) copy(c Command) Action {
	s := d.t.Span(d.span)
	switch c {
	case CopySpanID:
		return Copy{"span id", s.ID().String()}
	case CopyTrace:
		return Copy{"trace id", d.t.ID().String()}
	case CopyValue, CopyLine:
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
	if c == CopyLine {
		switch e.kind {
		case entryField:
			text = e.key + "=" + text
		case entryEvent, entryLink:
			text = e.key + " " + text
		case entryTitle, entryNote:
		}
	}
	return Copy{draw.Clean(what), text}
}

// Mouse takes a mouse event: a click selects, on a title it folds; a double click does what enter does.
func (d *Detail) Mouse(m Mouse) Action {
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
