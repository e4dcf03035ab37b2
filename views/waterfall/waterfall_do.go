package waterfall

import (
	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/draw"
)

// WidenStep is by how many cells the names' column grows and shrinks.
const WidenStep = 4

// canWiden tells whether the names' column can grow by some cells.
func (w *Waterfall) canWiden(by int) bool {
	now := layOut(w.drawn.w, w.drawn.h, parts{widen: w.widen})
	return now.bars > 0 && layOut(w.drawn.w, w.drawn.h, parts{widen: w.widen + by}).names != now.names
}

// Can tells whether a command means something now.
func (w *Waterfall) Can(c views.Command) string {
	if c == views.Back {
		return ""
	}
	known := ""
	switch c {
	case views.Down, views.Up, views.PageDown, views.PageUp, views.HalfDown, views.HalfUp, views.Top, views.Bottom, views.Left, views.Right, views.Enter, views.Group, views.Search,
		views.FoldAll, views.OpenAll, views.FoldLevel, views.OpenLevel, views.Wider, views.Narrower, views.CopyValue, views.CopyLine, views.CopyTrace,
		views.Fold, views.ZoomSpan, views.ZoomIn, views.ZoomOut, views.ZoomReset, views.PanLeft, views.PanRight,
		views.NextError, views.PrevError, views.NextWarn, views.PrevWarn, views.NextMatch, views.PrevMatch, views.CopySpanID,
		views.NextFinding, views.PrevFinding, views.RootCause, views.CriticalPath, views.ClockOffsets, views.Gaps, views.ShowFindings, views.ShowStatistics:
	default:
		known = views.NotHere
	}
	if known == "" && w.st == nil {
		return "no trace is open"
	}
	if known != "" {
		return known
	}
	return w.canNow(c)
}

// canNow is Can for the commands that depend on what is shown.
func (w *Waterfall) canNow(c views.Command) string {
	r := w.st.rows[w.cursor]
	switch c {
	case views.Fold:
		if !w.st.canOpen(r) {
			return "the span has nothing beneath it"
		}
	case views.Group:
		if w.st.hiding() {
			return "spans between the repeats are hidden"
		}
	case views.ZoomSpan, views.ZoomIn, views.ZoomOut, views.ZoomReset, views.PanLeft, views.PanRight:
		return w.canZoom(c)
	case views.Wider:
		if !w.canWiden(WidenStep) {
			return "the names have all the room there is"
		}
	case views.Narrower:
		if !w.canWiden(-WidenStep) {
			return "the bars have all the room there is"
		}
	case views.NextError, views.PrevError:
		if w.st.index.errors.Total() == 0 {
			return "the trace has no errors"
		}
	case views.NextWarn, views.PrevWarn:
		if w.st.index.warnings.Total() == 0 {
			return "no span of the trace is in doubt"
		}
	case views.NextMatch, views.PrevMatch:
		if w.st.matches == nil {
			return "nothing is searched for"
		}
		if w.st.matches.Total() == 0 {
			return "nothing matches"
		}
	case views.CopySpanID, views.CopyValue, views.CopyLine:
		if r.kind != spanRow || w.st.t.Span(int(r.span)).Synthetic() {
			return "the row is no span"
		}
	case views.NextFinding, views.PrevFinding, views.RootCause, views.CriticalPath, views.ClockOffsets:
		return w.canDiagnose(c)
	}
	return ""
}

// Do carries out a command.
func (w *Waterfall) Do(c views.Command) views.Action {
	if reason := w.Can(c); reason == views.NotHere {
		return nil
	} else if reason != "" {
		return views.Say{Text: reason}
	}
	if c == views.Back {
		return w.goBack()
	}
	rows, cursor, window := len(w.st.rows), w.cursor, w.zoom.Window
	if w.Move(c) {
		return nil
	}
	if w.zoomBy(c) || w.fold(c) {
		if len(w.st.rows) == rows && w.cursor == cursor && w.zoom.Window == window {
			return nothingChanged(c)
		}
		return nil
	}
	if mark, forward, ok := w.landmark(c); ok {
		return w.jump(mark, forward)
	}
	switch c {
	case views.Enter:
		return w.enter()
	case views.OpenLevel, views.FoldLevel, views.Group:
		return w.foldTold(c)
	case views.Search:
		w.startSearch()
	case views.Wider:
		w.widen += WidenStep
	case views.Narrower:
		w.widen -= WidenStep
	case views.NextFinding, views.PrevFinding, views.RootCause, views.CriticalPath, views.ClockOffsets, views.Gaps, views.ShowFindings, views.ShowStatistics:
		return w.diagnosed(c)
	}
	return w.copy(c)
}

// nothingChanged says why a command of folds or of the time window left all as it was.
func nothingChanged(c views.Command) views.Action {
	switch c {
	case views.Right:
		return views.Say{Text: "the span has nothing beneath it"}
	case views.Left:
		return views.Say{Text: "the span has nothing above it"}
	case views.FoldAll:
		return views.Say{Text: "all spans below the first are folded"}
	case views.OpenAll:
		return views.Say{Text: "everything is open"}
	case views.ZoomSpan:
		return views.Say{Text: "the time window is that of the span"}
	}
	return nil
}

// fold carries out the commands that change what is folded and tells whether it knew the command.
func (w *Waterfall) fold(c views.Command) bool {
	switch c {
	case views.Left:
		w.left()
	case views.Right:
		w.right()
	case views.Fold:
		r := w.st.rows[w.cursor]
		w.st.setOpen(r, !w.st.isOpen(r))
		w.rebuild()
	case views.FoldAll:
		w.st.foldAll()
		w.rebuild()
	case views.OpenAll:
		w.st.openAll()
		w.rebuild()
	default:
		return false
	}
	return true
}

// foldTold carries out the fold commands that have something to say.
func (w *Waterfall) foldTold(c views.Command) views.Action {
	message := ""
	switch c {
	case views.FoldLevel:
		if !w.st.foldDeepest() {
			message = "everything is folded"
		}
	case views.OpenLevel:
		if !w.st.openHighest() {
			message = "everything is open"
		}
	case views.Group:
		w.st.grouped = !w.st.grouped
		clear(w.st.open)
	}
	w.rebuild()
	if c == views.Group {
		message = "repeats are rows of their own"
		if n := len(w.groups()); w.st.grouped && n == 0 {
			w.st.grouped = false
			message = "no three siblings in a row are alike"
		} else if w.st.grouped {
			message = draw.CountNoun(n, "group", "groups") + " of repeated siblings"
		}
	}
	if message == "" {
		return nil
	}
	return views.Say{Text: message}
}

func (w *Waterfall) groups() []repeatGroup {
	if w.st.repeats == nil {
		return nil
	}
	return w.st.repeats.groups
}

// enter opens the span's detail, or what the row stands for.
func (w *Waterfall) enter() views.Action {
	r := w.st.rows[w.cursor]
	if r.kind == spanRow || r.kind == gapRow {
		return views.OpenSpan{Span: w.st.spanOf(r), Focus: true}
	}
	w.st.setOpen(r, !w.st.isOpen(r))
	w.rebuild()
	return nil
}

// goBack undoes what is closest.
func (w *Waterfall) goBack() views.Action {
	switch {
	case w.st == nil:
	case w.searching():
		return w.endSearch()
	case w.isZoomed() || w.st.wide:
		w.setWide(false)
		w.zoom.Set(w.whole(), w.whole())
		return nil
	}
	return views.Leave{}
}

// copy copies what the row names.
func (w *Waterfall) copy(c views.Command) views.Action {
	s := w.st.t.Span(w.st.spanOf(w.st.rows[w.cursor]))
	switch c {
	case views.CopyValue:
		return views.Copy{What: "operation", Text: facts.SpanName(s)}
	case views.CopyLine:
		return views.Copy{What: "row", Text: rowText(s)}
	case views.CopySpanID:
		return views.Copy{What: "span id", Text: s.ID().String()}
	case views.CopyTrace:
		return views.Copy{What: "trace id", Text: w.st.t.ID().String()}
	}
	return nil
}

// rowText is a span in one line, to be pasted into a chat.
func rowText(s trace.Span) string {
	text := facts.SpanName(s)
	if service := facts.ServiceName(s); service != "" {
		text = service + " " + text
	}
	text += " " + draw.Duration(s.Duration())
	if s.Error() {
		text += " error"
	}
	return draw.Clean(text)
}
