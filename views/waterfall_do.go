package views

import (
	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/views/draw"
)

// widenStep is by how many cells the names' column grows and shrinks.
const widenStep = 4

// canWiden tells whether the names' column can grow by some cells.
func (w *Waterfall) canWiden(by int) bool {
	now := layoutWaterfall(w.drawn.w, w.drawn.h, waterParts{widen: w.widen})
	return now.bars > 0 && layoutWaterfall(w.drawn.w, w.drawn.h, waterParts{widen: w.widen + by}).names != now.names
}

// Can tells whether a command means something now.
func (w *Waterfall) Can(c Command) string {
	if c == Back {
		return ""
	}
	known := ""
	switch c {
	case Down, Up, PageDown, PageUp, HalfDown, HalfUp, Top, Bottom, Left, Right, Enter, Group, Search,
		FoldAll, OpenAll, FoldLevel, OpenLevel, Wider, Narrower, CopyValue, CopyLine, CopyTrace,
		Fold, ZoomSpan, ZoomIn, ZoomOut, ZoomReset, PanLeft, PanRight,
		NextError, PrevError, NextWarn, PrevWarn, NextMatch, PrevMatch, CopySpanID,
		NextFinding, PrevFinding, RootCause, CriticalPath, ClockOffsets, Gaps, ShowFindings, ShowStatistics:
	default:
		known = NotHere
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
func (w *Waterfall) canNow(c Command) string {
	r := w.st.rows[w.cursor]
	switch c {
	case Fold:
		if !w.st.canOpen(r) {
			return "the span has nothing beneath it"
		}
	case Group:
		if w.st.hiding() {
			return "spans between the repeats are hidden"
		}
	case ZoomSpan, ZoomIn, ZoomOut, ZoomReset, PanLeft, PanRight:
		return w.canZoom(c)
	case Wider:
		if !w.canWiden(widenStep) {
			return "the names have all the room there is"
		}
	case Narrower:
		if !w.canWiden(-widenStep) {
			return "the bars have all the room there is"
		}
	case NextError, PrevError:
		if w.st.index.errors.total() == 0 {
			return "the trace has no errors"
		}
	case NextWarn, PrevWarn:
		if w.st.index.warnings.total() == 0 {
			return "no span of the trace is in doubt"
		}
	case NextMatch, PrevMatch:
		if w.st.matches == nil {
			return "nothing is searched for"
		}
		if w.st.matches.total() == 0 {
			return "nothing matches"
		}
	case CopySpanID, CopyValue, CopyLine:
		if r.kind != spanRow || w.st.t.Span(int(r.span)).Synthetic() {
			return "the row is no span"
		}
	case NextFinding, PrevFinding, RootCause, CriticalPath, ClockOffsets:
		return w.canDiagnose(c)
	}
	return ""
}

// Do carries out a command.
func (w *Waterfall) Do(c Command) Action {
	if reason := w.Can(c); reason == NotHere {
		return nil
	} else if reason != "" {
		return Say{reason}
	}
	if c == Back {
		return w.goBack()
	}
	rows, cursor, window := len(w.st.rows), w.cursor, w.zoom.window
	if w.move(c) {
		return nil
	}
	if w.zoomBy(c) || w.fold(c) {
		if len(w.st.rows) == rows && w.cursor == cursor && w.zoom.window == window {
			return nothingChanged(c)
		}
		return nil
	}
	if mark, forward, ok := w.landmark(c); ok {
		return w.jump(mark, forward)
	}
	switch c {
	case Enter:
		return w.enter()
	case OpenLevel, FoldLevel, Group:
		return w.foldTold(c)
	case Search:
		w.startSearch()
	case Wider:
		w.widen += widenStep
	case Narrower:
		w.widen -= widenStep
	case NextFinding, PrevFinding, RootCause, CriticalPath, ClockOffsets, Gaps, ShowFindings, ShowStatistics:
		return w.diagnosed(c)
	}
	return w.copy(c)
}

// nothingChanged says why a command of folds or of the time window left all as it was.
func nothingChanged(c Command) Action {
	switch c {
	case Right:
		return Say{"the span has nothing beneath it"}
	case Left:
		return Say{"the span has nothing above it"}
	case FoldAll:
		return Say{"all spans below the first are folded"}
	case OpenAll:
		return Say{"everything is open"}
	case ZoomSpan:
		return Say{"the time window is that of the span"}
	}
	return nil
}

// fold carries out the commands that change what is folded and tells whether it knew the command.
func (w *Waterfall) fold(c Command) bool {
	switch c {
	case Left:
		w.left()
	case Right:
		w.right()
	case Fold:
		r := w.st.rows[w.cursor]
		w.st.setOpen(r, !w.st.isOpen(r))
		w.rebuild()
	case FoldAll:
		w.st.foldAll()
		w.rebuild()
	case OpenAll:
		w.st.openAll()
		w.rebuild()
	default:
		return false
	}
	return true
}

// foldTold carries out the fold commands that have something to say.
func (w *Waterfall) foldTold(c Command) Action {
	message := ""
	switch c {
	case FoldLevel:
		if !w.st.foldDeepest() {
			message = "everything is folded"
		}
	case OpenLevel:
		if !w.st.openHighest() {
			message = "everything is open"
		}
	case Group:
		w.st.grouped = !w.st.grouped
		clear(w.st.open)
	}
	w.rebuild()
	if c == Group {
		message = "repeats are rows of their own"
		if n := len(w.groups()); w.st.grouped && n == 0 {
			w.st.grouped = false
			message = "no three siblings in a row are alike"
		} else if w.st.grouped {
			message = countNoun(n, "group", "groups") + " of repeated siblings"
		}
	}
	if message == "" {
		return nil
	}
	return Say{message}
}

func (w *Waterfall) groups() []repeatGroup {
	if w.st.repeats == nil {
		return nil
	}
	return w.st.repeats.groups
}

// enter opens the span's detail, or what the row stands for.
func (w *Waterfall) enter() Action {
	r := w.st.rows[w.cursor]
	if r.kind == spanRow || r.kind == gapRow {
		return OpenSpan{Span: w.st.spanOf(r), Focus: true}
	}
	w.st.setOpen(r, !w.st.isOpen(r))
	w.rebuild()
	return nil
}

// goBack undoes what is closest.
func (w *Waterfall) goBack() Action {
	switch {
	case w.st == nil:
	case w.searching():
		return w.endSearch()
	case w.isZoomed() || w.st.wide:
		w.setWide(false)
		w.zoom.set(w.whole(), w.whole())
		return nil
	}
	return Leave{}
}

// copy copies what the row names.
func (w *Waterfall) copy(c Command) Action {
	s := w.st.t.Span(w.st.spanOf(w.st.rows[w.cursor]))
	switch c {
	case CopyValue:
		return Copy{"operation", facts.SpanName(s)}
	case CopyLine:
		return Copy{"row", rowText(s)}
	case CopySpanID:
		return Copy{"span id", s.ID().String()}
	case CopyTrace:
		return Copy{"trace id", w.st.t.ID().String()}
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

// countNoun writes a count with its noun.
func countNoun(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return draw.Count(n) + " " + many
}
