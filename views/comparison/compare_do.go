package comparison

import (
	"strings"

	"tracefall/diagnose/compare"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/waterfall"
)

// Can implements Screen.
func (v *Comparison) Can(c views.Command) string {
	switch c {
	case views.Back:
		return ""
	case views.Down, views.Up, views.PageDown, views.PageUp, views.HalfDown, views.HalfUp, views.Top, views.Bottom, views.Left, views.Right, views.Enter, views.Fold, views.FoldLevel, views.OpenLevel,
		views.FoldAll, views.OpenAll, views.Group, views.NextMatch, views.PrevMatch, views.NextError, views.PrevError, views.NextWorse, views.PrevWorse, views.Wider, views.Narrower,
		views.ZoomSpan, views.ZoomIn, views.ZoomOut, views.ZoomReset, views.PanLeft, views.PanRight, views.Scale, views.Merged, views.Swap, views.OtherSide, views.Inspect, views.NextPane, views.Search, views.CopyValue, views.CopyLine, views.CopySpanID, views.CopyTrace:
	default:
		return views.NotHere
	}
	if v.c == nil {
		return "no comparison"
	}
	return v.canNow(c)
}

// canNow is Can for the commands that depend on what is shown.
func (v *Comparison) canNow(c views.Command) string {
	r, _ := v.row()
	switch c {
	case views.Fold:
		if !v.tree.canOpen(r) {
			return "no calls below"
		}
	case views.Group:
		if r.kind == runRow || !v.index.group(int(r.node)) {
			return "only one call"
		}
	case views.NextMatch, views.PrevMatch:
		if v.tree.jumps.Total() == 0 {
			return "no differences"
		}
	case views.NextError, views.PrevError:
		if v.index.failed.Total() == 0 {
			return "no errors in either trace"
		}
	case views.NextWorse, views.PrevWorse:
		if v.why.causes() == 0 {
			return "no contributors: durations are equal"
		}
	case views.Merged:
		if v.drawn.w > 0 && v.drawn.w < sideBySide {
			return "merged view (window too narrow for side-by-side)"
		}
	case views.Wider, views.Narrower:
		return v.canWiden(c)
	case views.ZoomSpan, views.ZoomIn, views.ZoomOut, views.ZoomReset, views.PanLeft, views.PanRight:
		return v.canZoom(c)
	case views.CopySpanID, views.CopyValue:
		if _, span := v.Selected(); span < 0 || v.index.facts[v.chosen(r)].Trace.Span(span).Synthetic() {
			return "not a span"
		}
	}
	return ""
}

func (v *Comparison) canWiden(c views.Command) string {
	by := waterfall.WidenStep
	if c == views.Narrower {
		by = -waterfall.WidenStep
	}
	now, then := layOut(v.drawn.w, v.drawn.h, v.widen, v.merged), layOut(v.drawn.w, v.drawn.h, v.widen+by, v.merged)
	switch {
	case now.side[views.Good].names != then.side[views.Good].names:
		return ""
	case c == views.Wider:
		return "name column is at its widest"
	}
	return "name column is at its narrowest"
}

// chosen returns the side that a row is opened on: the one that was chosen, where it has the call.
func (v *Comparison) chosen(r diffRow) views.Side {
	if v.spanOf(r, v.side) >= 0 {
		return v.side
	}
	return 1 - v.side
}

// Do implements Screen.
func (v *Comparison) Do(c views.Command) views.Action {
	if v.Can(c) != "" {
		return nil
	}
	if v.c == nil || c == views.Back {
		return v.goBack()
	}
	if c == views.Search {
		v.startSearch()
		return nil
	}
	if v.pane != paneRows && v.paneDo(c) {
		return nil
	}
	if v.Move(c) || v.fold(c) || v.arrange(c) || v.zoomBy(c) {
		return nil
	}
	switch c {
	case views.Enter:
		return v.enter()
	case views.OtherSide:
		v.side = 1 - v.side
		return v.side.Say()
	case views.FoldLevel, views.OpenLevel:
		return v.foldLevel(c == views.OpenLevel)
	case views.NextMatch, views.PrevMatch:
		return v.jump("difference", v.tree.jumps, c == views.NextMatch)
	case views.NextError, views.PrevError:
		return v.jump("error", v.index.failed, c == views.NextError)
	case views.NextWorse, views.PrevWorse:
		return v.worse(c == views.NextWorse)
	case views.Swap:
		return views.CompareTraces{Good: v.c.Bad.Trace, Bad: v.c.Good.Trace}
	}
	return v.copy(c)
}

// goBack undoes what is closest.
func (v *Comparison) goBack() views.Action {
	switch {
	case v.c == nil:
	case v.pane != paneRows:
		v.pane = paneRows
		return nil
	case v.inspect.shown:
		v.inspect.shown = false
		return nil
	case v.isZoomed():
		v.unzoom()
		return nil
	}
	return views.Leave{}
}

// paneDo carries out a command of the pane that has the keys and tells whether it was one.
func (v *Comparison) paneDo(c views.Command) bool {
	if v.pane == paneWhy {
		if v.why.Move(c, len(v.why.entries)) {
			v.goTo(v.why.entries[v.why.Row].node)
			return true
		}
		if c == views.Enter {
			v.goTo(v.why.entries[v.why.Row].node)
			v.pane = paneRows
			return true
		}
		return false
	}
	v.load()
	p := &v.inspect
	if p.Move(c, len(p.lines)) {
		if p.wide >= 0 {
			p.wide = p.Row
		}
		return true
	}
	if c == views.Enter || c == views.Fold {
		if p.wide == p.Row || p.Row >= len(p.lines) || p.lines[p.Row].heading {
			p.wide = -1
		} else {
			p.wide = p.Row
		}
		return true
	}
	return false
}

// arrange carries out the commands that change what is shown how, and tells whether it knew the command.
func (v *Comparison) arrange(c views.Command) bool {
	switch c {
	case views.Scale:
		v.own = !v.own
		v.unzoom()
	case views.Merged:
		v.merged = !v.merged
	case views.Wider:
		v.widen += waterfall.WidenStep
	case views.Narrower:
		v.widen -= waterfall.WidenStep
	case views.Inspect:
		v.inspect.shown = !v.inspect.shown
		if !v.inspect.shown && v.pane == paneInspect {
			v.pane = paneRows
		}
	case views.NextPane:
		v.nextPane()
	default:
		return false
	}
	return true
}

// nextPane gives the keys to the next pane that is there: rows, causes, differences of the pair.
func (v *Comparison) nextPane() {
	there := [...]bool{paneRows: true, paneWhy: len(v.why.entries) > 0 && v.drawn.why > 0, paneInspect: v.inspect.shown && v.drawn.inspect > 0}
	for {
		v.pane = (v.pane + 1) % pane(len(there))
		if there[v.pane] {
			return
		}
	}
}

// fold carries out the commands that fold and open, and tells whether it knew the command.
func (v *Comparison) fold(c views.Command) bool {
	r, _ := v.row()
	switch c {
	case views.Left:
		v.left(r)
	case views.Right:
		v.right(r)
	case views.Fold:
		v.tree.setOpen(r, !v.tree.isOpen(r))
		v.rebuild()
	case views.FoldAll:
		v.tree.foldAll()
		v.rebuild()
	case views.OpenAll:
		v.tree.openAll()
		v.rebuild()
	case views.Group:
		v.oneByOne(int(r.node))
	default:
		return false
	}
	return true
}

// oneByOne shows the calls of a node one by one, or no longer.
func (v *Comparison) oneByOne(node int) {
	v.cursor = v.tree.Find(node, callRow)
	call := v.tree.rows[v.cursor]
	calls := diffRow{node: call.node, kind: callsRow}
	if v.c.Nodes[node].End == node+1 {
		calls = call
	}
	open := !v.tree.isOpen(calls) || !v.tree.isOpen(call)
	v.tree.setOpen(calls, open)
	if open {
		v.tree.setOpen(call, true)
	}
	v.rebuild()
}

// left folds the row, or goes to the row above it in the tree.
func (v *Comparison) left(r diffRow) {
	if v.tree.isOpen(r) {
		v.tree.setOpen(r, false)
		v.rebuild()
		return
	}
	if p := v.tree.parentRow(v.cursor); p >= 0 {
		v.moveTo(p)
	}
}

// right opens the row, or goes to the first row beneath it.
func (v *Comparison) right(r diffRow) {
	switch {
	case !v.tree.canOpen(r):
	case !v.tree.isOpen(r):
		v.tree.setOpen(r, true)
		v.rebuild()
	default:
		v.moveTo(v.cursor + 1)
	}
}

func (v *Comparison) foldLevel(open bool) views.Action {
	if !v.tree.level(open) {
		return views.Say{Text: map[bool]string{true: "everything is expanded", false: "everything is collapsed"}[open]}
	}
	v.rebuild()
	return nil
}

// enter opens the waterfall at the row's span, or what the row stands for.
func (v *Comparison) enter() views.Action {
	r, _ := v.row()
	if r.kind == runRow || r.kind == callsRow {
		v.tree.setOpen(r, !v.tree.isOpen(r))
		v.rebuild()
		return nil
	}
	t, span := v.Selected()
	if t == nil {
		return nil
	}
	return views.OpenTrace{Trace: t, Span: span}
}

// copy copies what the row names.
func (v *Comparison) copy(c views.Command) views.Action {
	r, _ := v.row()
	t, span := v.Selected()
	switch c {
	case views.CopyLine:
		return views.Copy{What: "row", Text: v.rowText(r)}
	case views.CopyTrace:
		return views.Copy{What: v.side.Label() + " trace id", Text: v.index.facts[v.side].Trace.ID().String()}
	case views.CopyValue:
		return views.Copy{What: "operation", Text: v.c.Nodes[r.node].Op.Label()}
	case views.CopySpanID:
		return views.Copy{What: v.chosen(r).Label() + " span id", Text: t.Span(span).ID().String()}
	}
	return nil
}

// rowText is a row in one line, to be pasted into a chat.
func (v *Comparison) rowText(r diffRow) string {
	if r.kind == runRow {
		return v.headingText(r)
	}
	text := v.c.Name(int(r.node))
	good, bad := v.spanOf(r, views.Good) >= 0, v.spanOf(r, views.Bad) >= 0
	if good && bad {
		text += " " + draw.Duration(v.duration(r, views.Good)) + " → " + draw.Duration(v.duration(r, views.Bad))
	} else {
		text += " " + draw.Duration(v.duration(r, v.present(r)))
	}
	if details := v.details(int(r.node)); details != "" {
		text += ": " + details
	}
	return draw.Clean(text)
}

// details says what differs at a node.
func (v *Comparison) details(i int) string {
	var parts []string
	for _, ch := range v.index.changesOf(i) {
		text := ch.Detail
		switch ch.Kind {
		case compare.KindStatus:
			text = "status: " + text
		case compare.KindDuration:
			text = "duration per call " + text
			if !v.index.group(i) {
				text = "duration " + ch.Detail
			}
		default:
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, draw.SegmentGap)
}
