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
	// A binding with a reason of its own has it only while there is a comparison.
	shown := func(why func() string) func() string {
		return func() string {
			if v.rows == nil {
				return "no comparison"
			}
			return why()
		}
	}
	always := shown(func() string { return "" })
	list := views.Moves(v.move, always)
	list = append(list, timeline.Bindings(func(step timeline.Step) views.Action {
		at, _ := v.row()
		v.change(step, v.rows, at)
		return nil
	}, func(step timeline.Step) string { return shown(func() string { return v.scales.why(step) })() })...)
	bind := func(name views.Command, do func() views.Action, why func() string) {
		list = append(list, views.Bind(name, do).Unless(shown(why)))
	}
	plain := func(name views.Command, do func()) { bind(name, views.Quiet(do), always) }
	says := func(name views.Command, do func() views.Action) { bind(name, do, always) }

	plain(views.Left, func() { v.tree.Left() })
	plain(views.Right, func() { v.tree.Right() })
	plain(views.FoldAll, func() { v.rows.foldAll(); v.tree.Rebuild() })
	plain(views.OpenAll, func() { v.rows.openAll(); v.tree.Rebuild() })
	level := func(name views.Command, turn func() bool, none string) {
		says(name, func() views.Action { return views.Tell(views.When(func() bool { return !turn() }, none)()) })
	}
	level(views.FoldLevel, v.tree.FoldLevel, "everything is collapsed")
	level(views.OpenLevel, v.tree.OpenLevel, "everything is expanded")
	bind(views.Fold, views.Quiet(v.fold), views.When(func() bool { return !v.rows.State(v.tree.Row).Opens() }, "no calls below"))
	bind(views.Group, views.Quiet(v.oneByOne), func() string {
		if at, _ := v.row(); at.kind == runRow || !v.rows.group(int(at.node)) {
			return "only one call"
		}
		return ""
	})
	says(views.Enter, v.enter)

	jumps := func(next, prev views.Command, name, none string, marks func() tree.Counts) {
		why := views.When(func() bool { return marks().Total() == 0 }, none)
		bind(next, func() views.Action { return v.jump(name, marks(), true) }, why)
		bind(prev, func() views.Action { return v.jump(name, marks(), false) }, why)
	}
	jumps(views.NextMatch, views.PrevMatch, "difference", "no differences", func() tree.Counts { return v.rows.jumps })
	jumps(views.NextError, views.PrevError, "error", "no errors in either trace", func() tree.Counts { return v.rows.failed })
	noCause := views.When(func() bool { return v.why.causes() == 0 }, "no contributors: durations are equal")
	bind(views.NextWorse, func() views.Action { return v.worse(true) }, noCause)
	bind(views.PrevWorse, func() views.Action { return v.worse(false) }, noCause)
	plain(views.Search, v.startSearch)

	plain(views.Scale, func() { v.own = !v.own; v.unzoom() })
	bind(views.Merged, views.Quiet(func() { v.merged = !v.merged }),
		views.When(func() bool { return v.drawn.w > 0 && v.drawn.w < sideBySide }, "merged view (window too narrow for side-by-side)"))
	widen := func(name views.Command, by int, most string) {
		bind(name, views.Quiet(func() { v.widen += by }), views.When(func() bool { return v.names(by) == v.names(0) }, most))
	}
	widen(views.Wider, tree.WidenStep, "name column is at its widest")
	widen(views.Narrower, -tree.WidenStep, "name column is at its narrowest")
	plain(views.Inspect, func() {
		v.inspect.shown = !v.inspect.shown
		if !v.inspect.shown && v.pane == paneInspect {
			v.pane = paneRows
		}
	})
	plain(views.NextPane, v.nextPane)
	plain(views.OtherPane, v.nextPane)
	says(views.OtherSide, func() views.Action { v.side = 1 - v.side; return v.side.Say() })
	says(views.Swap, func() views.Action {
		return views.CompareTraces{Good: v.rows.c.Bad.Trace, Bad: v.rows.c.Good.Trace}
	})
	list = append(list, v.copies(shown)...)
	list = append(list, views.Bind(views.Back, v.goBack), views.Offer(views.ShowFindings))
	return views.Footer(list, views.ShowHelp, views.Enter, views.NextWorse, views.Inspect, views.OtherSide, views.OtherPane, views.NextMatch,
		views.Search, views.Share, views.Back)
}

// names returns the cells of the names' column, were it wider by some.
func (v *Comparison) names(by int) int {
	return layOut(v.drawn.w, v.drawn.h, v.widen+by, v.merged).side[views.Good].names
}

// copies returns the bindings that copy what the row under the cursor names; shown makes a reason one that there is only
// with a comparison.
func (v *Comparison) copies(shown func(why func() string) func() string) []views.Binding {
	always := shown(func() string { return "" })
	noSpan := shown(views.When(func() bool {
		t, span := v.Selected()
		return span < 0 || t.Span(span).Synthetic()
	}, "not a span"))
	copied := func(name views.Command, what func(at row) views.Copy, why func() string) views.Binding {
		return views.Bind(name, func() views.Action {
			at, _ := v.row()
			return what(at)
		}).Unless(why)
	}
	return []views.Binding{
		copied(views.CopyLine, func(at row) views.Copy { return views.Copy{What: "row", Text: v.rows.lineText(at)} }, always),
		copied(views.CopyTrace, func(row) views.Copy {
			return views.Copy{What: v.side.Label() + " trace id", Text: v.rows.facts[v.side].Trace.ID().String()}
		}, always),
		copied(views.CopyValue, func(at row) views.Copy {
			return views.Copy{What: "operation", Text: v.rows.c.Nodes[at.node].Op.Label()}
		}, noSpan),
		copied(views.CopySpanID, func(at row) views.Copy {
			t, span := v.Selected()
			return views.Copy{What: v.chosen(at).Label() + " span id", Text: t.Span(span).ID().String()}
		}, noSpan),
	}
}
