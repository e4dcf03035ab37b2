package waterfall

import (
	"tracefall/diagnose/secrets"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/timeline"
	"tracefall/views/tree"
)

// Bindings implements views.Screen.
func (w *Waterfall) Bindings() []views.Binding { return views.Once(&w.bindings, w.bind) }

// bind makes the bindings.
func (w *Waterfall) bind() []views.Binding {
	// A binding with a reason of its own has it only while a trace is open.
	open := func(why func() string) func() string {
		return func() string {
			if w.rows == nil {
				return "no trace is open"
			}
			return why()
		}
	}
	always := open(func() string { return "" })
	list := views.Moves(w.tree.Move, always)
	list = append(list, timeline.Bindings(w.zoomBy, func(step timeline.Step) string {
		return open(func() string { return w.whyNotZoom(step) })()
	})...)
	bind := func(name views.Command, do func() views.Action, why func() string) {
		list = append(list, views.Bind(name, do).Unless(open(why)))
	}
	plain := func(name views.Command, do func() views.Action) { bind(name, do, always) }

	plain(views.Left, w.told(w.tree.Left, "the span has nothing above it"))
	plain(views.Right, w.told(w.tree.Right, "the span has nothing beneath it"))
	plain(views.FoldAll, w.told(func() { w.rows.foldAll(); w.tree.Rebuild() }, "all spans below the first are folded"))
	plain(views.OpenAll, w.told(func() { w.rows.openAll(); w.tree.Rebuild() }, "everything is open"))
	plain(views.FoldLevel, toldUnless(w.tree.FoldLevel, "everything is folded"))
	plain(views.OpenLevel, toldUnless(w.tree.OpenLevel, "everything is open"))
	bind(views.Fold, views.Quiet(w.tree.Toggle), func() string {
		return unless(w.rows.State(w.tree.Row).Opens(), "the span has nothing beneath it")
	})
	bind(views.Group, w.group, func() string { return unless(!w.rows.hiding(), "spans between the repeats are hidden") })
	plain(views.Enter, w.enter)

	bind(views.Wider, func() views.Action { w.widen += tree.WidenStep; return nil },
		func() string {
			return unless(w.drawn.widens(w.widen, tree.WidenStep), "the names have all the room there is")
		})
	bind(views.Narrower, func() views.Action { w.widen -= tree.WidenStep; return nil },
		func() string {
			return unless(w.drawn.widens(w.widen, -tree.WidenStep), "the bars have all the room there is")
		})

	jumps := func(next, prev views.Command, name string, counts func() tree.Counts, why func() string) {
		bind(next, func() views.Action { return w.jump(name, counts(), true) }, why)
		bind(prev, func() views.Action { return w.jump(name, counts(), false) }, why)
	}
	noErrors := func() string { return unless(w.rows.index.errors.Total() > 0, "the trace has no errors") }
	jumps(views.NextError, views.PrevError, "error", func() tree.Counts { return w.rows.index.errors }, noErrors)
	jumps(views.NextWarn, views.PrevWarn, "span in doubt", func() tree.Counts { return w.rows.index.warnings },
		func() string { return unless(w.rows.index.warnings.Total() > 0, "no span of the trace is in doubt") })
	jumps(views.NextMatch, views.PrevMatch, "match", func() tree.Counts { return w.rows.matches }, func() string {
		return firstOf(unless(w.rows.matches != nil, "nothing is searched for"), unless(w.rows.matches.Total() > 0, "nothing matches"))
	})
	plain(views.Search, views.Quiet(w.startSearch))

	noFindings := func() string {
		return firstOf(unless(w.finds.known, "the detectors have not finished"), unless(len(w.finds.list) > 0, "no finding in this trace is more than information"))
	}
	bind(views.NextFinding, func() views.Action { return w.walk(1) }, noFindings)
	bind(views.PrevFinding, func() views.Action { return w.walk(-1) }, noFindings)
	bind(views.RootCause, w.rootCause, noErrors)
	bind(views.CriticalPath, w.cyclePath, func() string { return unless(w.facts != nil, "the critical path is not known yet") })
	bind(views.ClockOffsets, w.cycleClocks, func() string {
		return firstOf(unless(w.clocks.known, "the clocks were not compared yet"), unless(w.clocks.offsets != nil, "no clock is proven to be off"))
	})
	plain(views.Gaps, w.cycleGaps)
	plain(views.ShowFindings, func() views.Action { return views.OpenFindings{Trace: w.rows.t, Finding: w.finds.current()} })
	plain(views.ShowStatistics, func() views.Action { return views.OpenStatistics{Trace: w.rows.t} })

	noSpan := func() string {
		span := w.Selected()
		return unless(span >= 0 && !w.rows.t.Span(span).Synthetic(), "the row is no span")
	}
	bind(views.CopyValue, func() views.Action {
		return views.Copy{What: "operation", Text: secrets.SpanName(w.rows.t.Span(w.Selected()))}
	}, noSpan)
	bind(views.CopyLine, func() views.Action { return views.Copy{What: "row", Text: rowText(w.rows.t.Span(w.Selected()))} }, noSpan)
	bind(views.CopySpanID, func() views.Action {
		return views.Copy{What: "span id", Text: w.rows.t.Span(w.Selected()).ID().String()}
	}, noSpan)
	plain(views.CopyTrace, func() views.Action { return views.Copy{What: "trace id", Text: w.rows.t.ID().String()} })
	list = append(list, views.Bind(views.Back, w.goBack),
		views.Offer(views.HideOthers), views.Offer(views.MarkGood), views.Offer(views.MarkNote), views.Offer(views.Reveal))
	return views.Footer(list, views.ShowHelp, views.Enter, views.NextFinding, views.RootCause, views.CriticalPath, views.CompareGood, views.ShowFindings,
		views.Search, views.NextError, views.ZoomSpan, views.Group, views.OtherPane, views.ShowPalette, views.Close)
}

// unless returns a reason for what is not so.
func unless(so bool, reason string) string {
	if so {
		return ""
	}
	return reason
}

// firstOf returns the first reason there is.
func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// toldUnless says why nothing changed, where nothing did.
func toldUnless(do func() bool, message string) func() views.Action {
	return func() views.Action { return views.Tell(unless(do(), message)) }
}

// told says why a command of folds left all as it was, where it did.
func (w *Waterfall) told(do func(), message string) func() views.Action {
	return toldUnless(func() bool {
		n, row := w.rows.Len(), w.tree.Row
		do()
		return w.rows.Len() != n || w.tree.Row != row
	}, message)
}

// zoomBy changes the window and says why it is what it was, where that is the span's.
func (w *Waterfall) zoomBy(step timeline.Step) views.Action {
	was := w.zoom.Window
	w.change(step)
	return views.Tell(unless(step != timeline.ToSpan || w.zoom.Window != was, "the time window is that of the span"))
}

// group shows repeats as one row each, or apart again.
func (w *Waterfall) group() views.Action {
	w.rows.grouped = !w.rows.grouped
	clear(w.rows.open)
	w.tree.Rebuild()
	if !w.rows.grouped {
		return views.Say{Text: "repeats are rows of their own"}
	}
	n := len(w.rows.repeats.groups)
	if n == 0 {
		w.rows.grouped = false
		return views.Say{Text: "no three siblings in a row are alike"}
	}
	return views.Say{Text: draw.Amount(n, "group") + " of repeated siblings"}
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

// Mouse takes a mouse event: a click selects, on a fold it folds, in the minimap it moves the window; the wheel
// scrolls, sideways it pans.
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
	switch row := w.tree.Top + m.Y - l.bodyY(); {
	case m.Wheel != 0 && m.Shift:
		w.zoom.Pan(m.Wheel, w.rows.whole())
	case m.Wheel != 0:
		w.tree.Wheel(m.Wheel)
	case m.X < 0 || m.X >= l.w || m.Y < 0 || m.Y >= l.h:
	case m.Y >= l.title && m.Y < l.title+l.minimap:
		w.clickMinimap(m.X - 1)
	case l.banner > 0 && m.Y == l.title+l.minimap:
		return views.OpenFindings{Trace: w.rows.t, Finding: w.finds.current()}
	case m.Y < l.bodyY() || row >= w.rows.Len():
	default:
		w.tree.To(row)
		if m.Double {
			return w.enter()
		}
		w.tree.ClickFold(row, m.X-l.gutter)
	}
	return nil
}

// clickMinimap moves the middle of the window to a cell of the minimap.
func (w *Waterfall) clickMinimap(x int) {
	if !w.isZoomed() {
		return
	}
	scale := w.rows.whole().Scale(max(w.drawn.w-2, 1))
	w.zoom.Center(int64(uint64(scale.At(x))+(uint64(scale.At(x+1))-uint64(scale.At(x)))/2), w.rows.whole())
}
