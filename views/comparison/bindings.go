package comparison

import (
	"tracefall/views"
	"tracefall/views/timeline"
	"tracefall/views/tree"
)

// Bindings implements views.Screen.
func (v *Comparison) Bindings() []views.Binding { return views.Once(&v.bindings, v.bind) }

// bind makes the bindings.
func (v *Comparison) bind() []views.Binding {
	b := views.Binder{None: views.When(func() bool { return v.rows == nil }, "no comparison")}
	b.Moves(v.move)
	timeline.Bind(&b, func(step timeline.Step) views.Action {
		at, _ := v.row()
		v.change(step, v.rows, at)
		return nil
	}, v.scales.why)
	v.tree.Bind(&b, tree.Words{FoldLevel: "everything is collapsed", OpenLevel: "everything is expanded"})
	b.Quiet(views.Fold, v.fold, views.When(func() bool { return !v.rows.State(v.tree.Row).Opens() }, "no calls below"))
	b.Quiet(views.Group, v.oneByOne, views.When(func() bool {
		at, _ := v.row()
		return at.kind == runRow || !v.rows.group(int(at.node))
	}, "only one call"))
	b.Bind(views.Enter, v.enter)

	jumps := func(next, prev views.Command, name, none string, marks func() tree.Counts) {
		b.Pair(next, prev, func(forward bool) views.Action { return v.jump(name, marks(), forward) },
			views.When(func() bool { return marks().Total() == 0 }, none))
	}
	jumps(views.NextMatch, views.PrevMatch, "difference", "no differences", func() tree.Counts { return v.rows.jumps })
	jumps(views.NextError, views.PrevError, "error", "no errors in either trace", func() tree.Counts { return v.rows.failed })
	b.Pair(views.NextWorse, views.PrevWorse, v.worse, views.When(func() bool { return v.why.causes() == 0 }, "no contributors: durations are equal"))
	b.Quiet(views.Search, v.startSearch)

	b.Quiet(views.Scale, func() { v.own = !v.own; v.unzoom() })
	b.Quiet(views.Merged, v.reshape,
		views.When(func() bool { return v.drawn.w > 0 && v.drawn.w < sidesLeast }, "merged view (window too narrow for side-by-side)"))
	widen := func(name views.Command, by int, most string) {
		b.Quiet(name, func() { v.widen += by }, views.When(func() bool { return v.names(by) == v.names(0) }, most))
	}
	widen(views.Wider, tree.WidenStep, "name column is at its widest")
	widen(views.Narrower, -tree.WidenStep, "name column is at its narrowest")
	b.Quiet(views.Inspect, func() {
		v.inspect.shown = !v.inspect.shown
		if !v.inspect.shown && v.pane == paneInspect {
			v.pane = paneRows
		}
	})
	b.Quiet(views.NextPane, v.nextPane)
	b.Quiet(views.OtherPane, v.nextPane)
	b.Bind(views.OtherSide, func() views.Action { v.side = 1 - v.side; return v.side.Say() })
	b.Bind(views.Swap, func() views.Action {
		return views.CompareTraces{Good: v.rows.c.Bad.Trace, Bad: v.rows.c.Good.Trace}
	})
	v.copies(&b)
	b.None = nil
	b.Bind(views.Back, v.goBack)
	return views.Footer(views.Offers(b.List, views.ShowFindings), views.ShowHelp, views.Enter, views.NextWorse, views.Inspect, views.OtherSide,
		views.OtherPane, views.NextMatch, views.Search, views.Share, views.Back)
}

// names returns the cells of the names' column, were it wider by some.
func (v *Comparison) names(by int) int {
	return layOut(v.drawn.w, v.drawn.h, v.widen+by, v.shape, v.need).side[views.Good].names
}

// copies adds the bindings that copy what the row under the cursor names.
func (v *Comparison) copies(b *views.Binder) {
	copies := func(name views.Command, what func(at row) views.Copy, reasons ...func() string) {
		b.Bind(name, func() views.Action {
			at, _ := v.row()
			return what(at)
		}, reasons...)
	}
	noSpan := views.When(func() bool {
		t, span := v.Selected()
		return span < 0 || t.Span(span).Synthetic()
	}, "not a span")
	copies(views.CopyLine, func(at row) views.Copy { return views.Copy{What: "row", Text: v.rows.lineText(at)} })
	copies(views.CopyTrace, func(row) views.Copy {
		return views.Copy{What: v.side.Label() + " trace id", Text: v.rows.facts[v.side].Trace.ID().String()}
	})
	copies(views.CopyValue, func(at row) views.Copy {
		return views.Copy{What: "operation", Text: v.rows.c.Nodes[at.node].Op.Label()}
	}, noSpan)
	copies(views.CopySpanID, func(at row) views.Copy {
		t, span := v.Selected()
		return views.Copy{What: v.chosen(at).Label() + " span id", Text: t.Span(span).ID().String()}
	}, noSpan)
}
