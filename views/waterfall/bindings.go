package waterfall

import (
	"tracefall/diagnose/secrets"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/timeline"
	"tracefall/views/tree"
)

// Bindings implements views.Screen.
func (w *Waterfall) Bindings() []views.Binding { return views.Once(&w.bindings, w.bind) }

// bind makes the bindings.
func (w *Waterfall) bind() []views.Binding {
	b := views.Binder{None: views.When(func() bool { return w.rows == nil }, "no trace is open")}
	b.Moves(w.tree.Move)
	timeline.Bind(&b, w.zoomBy, w.whyNotZoom)
	w.tree.Bind(&b, tree.Words{
		Left: "span has no parent", Right: "span has no children",
		FoldAll: "everything is collapsed", OpenAll: "everything is expanded",
		FoldLevel: "everything is collapsed", OpenLevel: "everything is expanded",
	})
	b.Quiet(views.Fold, w.tree.Toggle, views.When(func() bool { return !w.rows.State(w.tree.Row).Opens() }, "span has no children"))
	b.Bind(views.Group, w.group, views.When(func() bool { return w.rows.hiding() }, "cannot group while spans are hidden"))
	b.Bind(views.Enter, w.enter)
	widen := func(name views.Command, by int, most string) {
		b.Quiet(name, func() { w.widen += by }, views.When(func() bool { return !w.drawn.widens(w.widen, by) }, most))
	}
	widen(views.Wider, tree.WidenStep, "name column is at its widest")
	widen(views.Narrower, -tree.WidenStep, "name column is at its narrowest")

	jumps := func(next, prev views.Command, name string, counts func() tree.Counts, reasons ...func() string) {
		b.Pair(next, prev, func(forward bool) views.Action { return w.jump(name, counts(), forward) }, reasons...)
	}
	errors := func() tree.Counts { return w.rows.index.errors }
	warnings := func() tree.Counts { return w.rows.index.warnings }
	matches := func() tree.Counts { return w.rows.matches }
	noErrors := views.When(func() bool { return errors().Total() == 0 }, "no errors in this trace")
	jumps(views.NextError, views.PrevError, "error", errors, noErrors)
	jumps(views.NextWarn, views.PrevWarn, "data warning", warnings,
		views.When(func() bool { return warnings().Total() == 0 }, "no data warnings in this trace"))
	jumps(views.NextMatch, views.PrevMatch, "match", matches, views.When(func() bool { return matches() == nil }, "no search"),
		views.When(func() bool { return matches().Total() == 0 }, "no matches"))
	b.Quiet(views.Search, w.startSearch)

	b.Pair(views.NextFinding, views.PrevFinding, w.walk, views.When(func() bool { return !w.finds.known }, "detectors are still running"),
		views.When(func() bool { return len(w.finds.list) == 0 }, "no findings in this trace"))
	b.Bind(views.RootCause, w.rootCause, noErrors)
	b.Bind(views.CriticalPath, w.cyclePath, views.When(func() bool { return w.facts == nil }, "critical path is being computed"))
	b.Bind(views.ClockOffsets, w.cycleClocks, views.When(func() bool { return !w.clocks.known }, "clock skew is being computed"),
		views.When(func() bool { return w.clocks.offsets == nil }, "no clock skew detected"))
	b.Bind(views.Gaps, w.cycleGaps)
	b.Bind(views.ShowFindings, func() views.Action { return views.OpenFindings{Finding: w.finds.current()} })
	b.Bind(views.ShowStatistics, func() views.Action { return views.OpenStatistics{} })

	copies := func(name views.Command, what string, text func(trace.Span) string) {
		b.Bind(name, views.Copies(what, func() string { return text(w.rows.t.Span(w.Selected())) }), views.When(func() bool {
			span := w.Selected()
			return span < 0 || w.rows.t.Span(span).Synthetic()
		}, "this row is not a span"))
	}
	copies(views.CopyValue, "operation", secrets.SpanName)
	copies(views.CopyLine, "row", rowText)
	copies(views.CopySpanID, "span id", func(s trace.Span) string { return s.ID().String() })
	b.Bind(views.CopyTrace, views.Copies("trace id", func() string { return w.rows.t.ID().String() }))
	b.None = nil
	b.Bind(views.Back, w.goBack)
	list := views.Offers(b.List, views.SpanLogs, views.HideOthers, views.MarkGood, views.MarkNote, views.Reveal)
	// The line of the finding says the key of the next one, too.
	return views.Footer(list, views.ShowHelp, views.Enter, views.RootCause, views.Search, views.CompareGood, views.CriticalPath, views.NextFinding, views.ShowFindings,
		views.NextError, views.ZoomSpan, views.Group, views.OtherPane, views.ShowPalette, views.Close)
}

// zoomBy changes the window and says why it is what it was, where that is the span's.
func (w *Waterfall) zoomBy(step timeline.Step) views.Action {
	was := w.zoom.Window
	w.change(step)
	if step == timeline.ToSpan && w.zoom.Window == was {
		return views.Say{Text: "already zoomed to this span"}
	}
	return nil
}

// group shows repeats as one row each, or apart again.
func (w *Waterfall) group() views.Action {
	w.rows.grouped = !w.rows.grouped
	clear(w.rows.open)
	w.tree.Rebuild()
	if !w.rows.grouped {
		return views.Say{Text: "repeated calls shown one by one"}
	}
	n := len(w.rows.repeats.groups)
	if n == 0 {
		w.rows.grouped = false
		return views.Say{Text: "no repeated calls to group"}
	}
	return views.Say{Text: draw.Amount(n, "group") + " of repeated calls"}
}

// enter opens the span's detail, or what the row stands for.
func (w *Waterfall) enter() views.Action {
	r, _ := w.row()
	if r.kind == spanRow || r.kind == gapRow {
		return views.OpenSpan{Span: w.rows.spanOf(r), Focus: true}
	}
	w.tree.Toggle()
	return nil
}

// goBack undoes what is closest.
func (w *Waterfall) goBack() views.Action {
	switch {
	case w.rows == nil:
	case w.searching():
		return w.endSearch()
	case w.isZoomed() || w.rows.wide:
		w.resetZoom(false)
		return nil
	}
	return views.Leave{}
}

// Mouse takes a mouse event: a click selects, on a fold it folds, in the minimap it moves the window, or begins to drag it; the
// wheel scrolls, sideways it pans.
func (w *Waterfall) Mouse(m views.Mouse) views.Action {
	if w.rows == nil {
		return nil
	}
	if taken, changed := w.Popup.Mouse(m, &w.Input); changed {
		w.seeking = true
		return w.ask(false)
	} else if taken {
		return nil
	}
	l := w.drawn
	if m.Wheel == 0 {
		w.drag = drag{}
	}
	switch row := w.tree.Top + m.Y - l.bodyY(); {
	case m.Wheel != 0 && m.Shift:
		w.zoom.Pan(m.Wheel, w.rows.whole())
	case m.Wheel != 0:
		w.tree.Wheel(m.Wheel)
	case m.X < 0 || m.X >= l.w || m.Y < 0 || m.Y >= l.h:
	case l.minimap > 0 && m.Y == l.minimapY():
		w.drag.press(&w.view, l, m.X)
	case m.Y < l.banner && w.finds.current() == nil: // it says that a clock is off
		return w.cycleClocks()
	case m.Y < l.banner && m.X >= w.next[0] && m.X < w.next[1]:
		return views.Do(w.Bindings(), views.NextFinding)
	case m.Y < l.banner:
		return views.OpenFindings{Finding: w.finds.current()}
	case m.Y < l.bodyY() || row >= w.rows.Len():
	default:
		return w.tree.Click(row, m.X-l.gutter, m.Double, w.enter)
	}
	return nil
}

// Drag implements views.Draggable: what was pressed in the minimap follows the mouse.
func (w *Waterfall) Drag(m views.Mouse) {
	if w.rows != nil && w.drawn.minimap > 0 {
		w.drag.to(&w.view, w.drawn, m.X)
	}
}
