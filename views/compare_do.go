package views

import (
	"strings"

	"tracefall/diagnose/compare"
	"tracefall/views/draw"
)

// Can implements Screen.
func (v *Compare) Can(c Command) string {
	switch c {
	case Back:
		return ""
	case Down, Up, PageDown, PageUp, HalfDown, HalfUp, Top, Bottom, Left, Right, Enter, Fold, FoldLevel, OpenLevel,
		FoldAll, OpenAll, Group, NextMatch, PrevMatch, NextError, PrevError, NextWorse, PrevWorse, Wider, Narrower,
		ZoomSpan, ZoomIn, ZoomOut, ZoomReset, PanLeft, PanRight, Scale, Merged, Swap, OtherSide, Inspect, NextPane, Search, CopyValue, CopyLine, CopySpanID, CopyTrace:
	default:
		return NotHere
	}
	if v.c == nil {
		return "no comparison"
	}
	return v.canNow(c)
}

// canNow is Can for the commands that depend on what is shown.
func (v *Compare) canNow(c Command) string {
	r, _ := v.row()
	switch c {
	case Fold:
		if !v.tree.canOpen(r) {
			return "no calls below"
		}
	case Group:
		if r.kind == runRow || !v.index.group(int(r.node)) {
			return "only one call"
		}
	case NextMatch, PrevMatch:
		if v.tree.jumps.total() == 0 {
			return "no differences"
		}
	case NextError, PrevError:
		if v.index.failed.total() == 0 {
			return "no errors in either trace"
		}
	case NextWorse, PrevWorse:
		if v.why.causes() == 0 {
			return "no contributors: durations are equal"
		}
	case Merged:
		if v.drawn.w > 0 && v.drawn.w < sideBySide {
			return "merged view (window too narrow for side-by-side)"
		}
	case Wider, Narrower:
		return v.canWiden(c)
	case ZoomSpan, ZoomIn, ZoomOut, ZoomReset, PanLeft, PanRight:
		return v.canZoom(c)
	case CopySpanID, CopyValue:
		if _, span := v.Selected(); span < 0 || v.index.facts[v.chosen(r)].Trace.Span(span).Synthetic() {
			return "not a span"
		}
	}
	return ""
}

func (v *Compare) canWiden(c Command) string {
	by := widenStep
	if c == Narrower {
		by = -widenStep
	}
	now, then := layoutCompare(v.drawn.w, v.drawn.h, v.widen, v.merged), layoutCompare(v.drawn.w, v.drawn.h, v.widen+by, v.merged)
	switch {
	case now.side[goodSide].names != then.side[goodSide].names:
		return ""
	case c == Wider:
		return "name column is at its widest"
	}
	return "name column is at its narrowest"
}

// chosen returns the side that a row is opened on: the one that was chosen, where it has the call.
func (v *Compare) chosen(r diffRow) diffSideName {
	if v.spanOf(r, v.side) >= 0 {
		return v.side
	}
	return 1 - v.side
}

// Do implements Screen.
func (v *Compare) Do(c Command) Action {
	if v.Can(c) != "" {
		return nil
	}
	if v.c == nil || c == Back {
		return v.goBack()
	}
	if c == Search {
		v.startSearch()
		return nil
	}
	if v.pane != paneRows && v.paneDo(c) {
		return nil
	}
	if v.move(c) || v.fold(c) || v.arrange(c) || v.zoomBy(c) {
		return nil
	}
	switch c {
	case Enter:
		return v.enter()
	case OtherSide:
		v.side = 1 - v.side
		return v.side.say()
	case FoldLevel, OpenLevel:
		return v.foldLevel(c == OpenLevel)
	case NextMatch, PrevMatch:
		return v.jump("difference", v.tree.jumps, c == NextMatch)
	case NextError, PrevError:
		return v.jump("error", v.index.failed, c == NextError)
	case NextWorse, PrevWorse:
		return v.worse(c == NextWorse)
	case Swap:
		return CompareTraces{Good: v.c.Bad.Trace, Bad: v.c.Good.Trace}
	}
	return v.copy(c)
}

// goBack undoes what is closest.
func (v *Compare) goBack() Action {
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
	return Leave{}
}

// paneDo carries out a command of the pane that has the keys and tells whether it was one.
func (v *Compare) paneDo(c Command) bool {
	if v.pane == paneWhy {
		if v.why.move(c, len(v.why.entries)) {
			v.goTo(v.why.entries[v.why.row].node)
			return true
		}
		if c == Enter {
			v.goTo(v.why.entries[v.why.row].node)
			v.pane = paneRows
			return true
		}
		return false
	}
	v.load()
	p := &v.inspect
	if p.move(c, len(p.lines)) {
		if p.wide >= 0 {
			p.wide = p.row
		}
		return true
	}
	if c == Enter || c == Fold {
		if p.wide == p.row || p.row >= len(p.lines) || p.lines[p.row].heading {
			p.wide = -1
		} else {
			p.wide = p.row
		}
		return true
	}
	return false
}

// arrange carries out the commands that change what is shown how, and tells whether it knew the command.
func (v *Compare) arrange(c Command) bool {
	switch c {
	case Scale:
		v.own = !v.own
		v.unzoom()
	case Merged:
		v.merged = !v.merged
	case Wider:
		v.widen += widenStep
	case Narrower:
		v.widen -= widenStep
	case Inspect:
		v.inspect.shown = !v.inspect.shown
		if !v.inspect.shown && v.pane == paneInspect {
			v.pane = paneRows
		}
	case NextPane:
		v.nextPane()
	default:
		return false
	}
	return true
}

// nextPane gives the keys to the next pane that is there: rows, causes, differences of the pair.
func (v *Compare) nextPane() {
	there := [...]bool{paneRows: true, paneWhy: len(v.why.entries) > 0 && v.drawn.why > 0, paneInspect: v.inspect.shown && v.drawn.inspect > 0}
	for {
		v.pane = (v.pane + 1) % diffPane(len(there))
		if there[v.pane] {
			return
		}
	}
}

// fold carries out the commands that fold and open, and tells whether it knew the command.
func (v *Compare) fold(c Command) bool {
	r, _ := v.row()
	switch c {
	case Left:
		v.left(r)
	case Right:
		v.right(r)
	case Fold:
		v.tree.setOpen(r, !v.tree.isOpen(r))
		v.rebuild()
	case FoldAll:
		v.tree.foldAll()
		v.rebuild()
	case OpenAll:
		v.tree.openAll()
		v.rebuild()
	case Group:
		v.oneByOne(int(r.node))
	default:
		return false
	}
	return true
}

// oneByOne shows the calls of a node one by one, or no longer.
func (v *Compare) oneByOne(node int) {
	v.cursor = v.tree.find(node, callRow)
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
func (v *Compare) left(r diffRow) {
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
func (v *Compare) right(r diffRow) {
	switch {
	case !v.tree.canOpen(r):
	case !v.tree.isOpen(r):
		v.tree.setOpen(r, true)
		v.rebuild()
	default:
		v.moveTo(v.cursor + 1)
	}
}

func (v *Compare) foldLevel(open bool) Action {
	if !v.tree.level(open) {
		return Say{map[bool]string{true: "everything is expanded", false: "everything is collapsed"}[open]}
	}
	v.rebuild()
	return nil
}

// enter opens the waterfall at the row's span, or what the row stands for.
func (v *Compare) enter() Action {
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
	return OpenTrace{Trace: t, Span: span}
}

// copy copies what the row names.
func (v *Compare) copy(c Command) Action {
	r, _ := v.row()
	t, span := v.Selected()
	switch c {
	case CopyLine:
		return Copy{"row", v.rowText(r)}
	case CopyTrace:
		return Copy{v.side.label() + " trace id", v.index.facts[v.side].Trace.ID().String()}
	case CopyValue:
		return Copy{"operation", v.c.Nodes[r.node].Op.Label()}
	case CopySpanID:
		return Copy{v.chosen(r).label() + " span id", t.Span(span).ID().String()}
	}
	return nil
}

// rowText is a row in one line, to be pasted into a chat.
func (v *Compare) rowText(r diffRow) string {
	if r.kind == runRow {
		return v.headingText(r)
	}
	text := v.c.Name(int(r.node))
	good, bad := v.spanOf(r, goodSide) >= 0, v.spanOf(r, badSide) >= 0
	if good && bad {
		text += " " + draw.Duration(v.duration(r, goodSide)) + " → " + draw.Duration(v.duration(r, badSide))
	} else {
		text += " " + draw.Duration(v.duration(r, v.present(r)))
	}
	if details := v.details(int(r.node)); details != "" {
		text += ": " + details
	}
	return draw.Clean(text)
}

// details says what differs at a node.
func (v *Compare) details(i int) string {
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
	return strings.Join(parts, segmentGap)
}
