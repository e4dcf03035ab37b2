package detail

import (
	"strings"

	"tracefall/views"
	"tracefall/views/draw"
)

// Bindings implements views.Screen.
func (d *Detail) Bindings() []views.Binding { return views.Once(&d.bindings, d.bind) }

// bind makes the bindings.
func (d *Detail) bind() []views.Binding {
	b := views.Binder{None: views.When(d.empty, "no span is shown")}
	b.Moves(d.Move)
	b.Quiet(views.Fold, d.fold)
	b.QuietPair(views.FoldAll, views.OpenAll, d.foldAll)
	b.Quiet(views.Left, d.left)
	b.Quiet(views.Right, d.right)
	b.Bind(views.Enter, d.enter)

	b.Quiet(views.Search, d.startSearch)
	b.Pair(views.NextMatch, views.PrevMatch, d.jump, views.When(func() bool { return d.search.Input.Text() == "" }, "nothing is searched for"),
		views.When(func() bool { return len(d.search.Found) == 0 }, "nothing matches"))
	b.Pair(views.CopyLine, views.CopyValue, d.copy, views.When(func() bool { return d.of(d.Row).kind.titles() }, "a title has no value"))
	b.Bind(views.CopySpanID, views.Copies("span id", func() string { return d.t.Span(d.span).ID().String() }),
		views.When(func() bool { return d.t.Span(d.span).Synthetic() }, "the row is no span"))
	b.Bind(views.CopyTrace, views.Copies("trace id", func() string { return d.t.ID().String() }))
	b.None = nil
	b.Bind(views.Back, d.goBack)
	list := views.Offers(b.List, views.SpanLogs, views.CompareGood, views.MarkGood, views.MarkNote, views.ShowFindings, views.ShowStatistics, views.Reveal)
	return views.Footer(list, views.ShowHelp, views.OtherPane, views.Search, views.CopyMenu, views.Back)
}

// goBack undoes what is closest.
func (d *Detail) goBack() views.Action {
	if !d.search.Searching() {
		return views.Leave{}
	}
	d.search.On = false
	d.search.Input.SetText("")
	d.find()
	return nil
}

// fold folds the section or the namespace of the cursor, or opens it.
func (d *Detail) fold() {
	of := d.of(d.Row).part()
	d.setClosed(of, !d.closed[of])
}

// foldAll folds or opens all sections and namespaces.
func (d *Detail) foldAll(closed bool) {
	section := part{section: d.of(d.Row).section}
	d.closed = map[part]bool{}
	for i := range d.entries {
		if e := &d.entries[i]; closed && e.kind.titles() {
			d.closed[e.part()] = true
		}
	}
	d.Row = d.title(section, d.Row)
	d.layAgain()
}

// left folds the section or namespace whose title is under the cursor, or goes to the title above.
func (d *Detail) left() {
	switch e := d.of(d.Row); {
	case e.kind.titles() && !d.closed[e.part()]:
		d.setClosed(e.part(), true)
	case e.kind.titles():
		d.To(d.title(part{section: e.section}, d.Row))
	default:
		d.To(d.title(e.part(), d.Row))
	}
}

// right opens the section or namespace whose title is under the cursor, or goes to its first line.
func (d *Detail) right() {
	switch e := d.of(d.Row); {
	case !e.kind.titles():
	case d.closed[e.part()]:
		d.setClosed(e.part(), false)
	default:
		d.To(d.Row + 1)
	}
}

// enter follows a link, folds a section, or shows the rest of a long value.
func (d *Detail) enter() views.Action {
	i := int(d.lines[d.Row].entry)
	switch e := d.of(d.Row); {
	case e.kind.titles():
		d.fold()
	case e.kind == entryLink:
		l := d.t.Span(d.span).Links()[e.link]
		return views.GoTo{Trace: l.TraceID(), Span: l.SpanID()}
	case e.long:
		if d.full == nil {
			d.full = map[int]bool{}
		}
		d.full[i] = !d.full[i]
		d.layAgain()
	}
	return nil
}

// copy copies the value under the cursor, as it is in the export, or the line with its key.
func (d *Detail) copy(line bool) views.Action {
	e := d.of(d.Row)
	what, text := e.key, e.raw()
	if e.table {
		text = strings.TrimSpace(text)
	}
	switch {
	case line && e.kind == entryMessage:
		text = e.key + ": " + text
	case line && e.kind == entryField:
		text = e.key + "=" + text
	case line && (e.kind == entryEvent || e.kind == entryLink):
		text = e.key + " " + text
	}
	if e.kind == entryNote || e.kind == entryEvent || e.kind == entryMessage {
		what = "text"
	}
	if e.masked {
		what += ", masked"
	}
	return views.Copy{What: draw.Clean(what), Text: text}
}

// Mouse takes a mouse event: a click selects, on a title it folds; a double click does what enter does.
func (d *Detail) Mouse(m views.Mouse) views.Action {
	if d.empty() {
		return nil
	}
	if m.Wheel != 0 {
		d.Wheel(m.Wheel)
		return nil
	}
	line := d.Top + m.Y - d.head
	if m.Y < d.head || m.Y >= d.head+d.Page() || line >= len(d.lines) {
		return nil
	}
	again := line == d.Row
	d.Row = line
	title := d.of(line).kind.titles()
	if title != m.Double || title && !again {
		return d.enter()
	}
	return nil
}
