package waterfall

import "tracefall/views"

// moveTo puts the cursor on a row.
func (w *Waterfall) moveTo(row int) {
	w.cursor, w.settle = row, false
	w.follow()
}

// Move carries out the commands that move the cursor by rows and tells whether it knew the command.
func (w *Waterfall) Move(c views.Command) bool {
	half := max(w.page/2, 1)
	switch c {
	case views.Down:
		w.moveTo(w.cursor + 1)
	case views.Up:
		w.moveTo(w.cursor - 1)
	case views.PageDown:
		w.scroll(max(w.page-1, 1))
	case views.PageUp:
		w.scroll(-max(w.page-1, 1))
	case views.HalfDown:
		w.scroll(half)
	case views.HalfUp:
		w.scroll(-half)
	case views.Top:
		w.moveTo(0)
	case views.Bottom:
		w.moveTo(len(w.st.rows) - 1)
	default:
		return false
	}
	return true
}

// scroll moves cursor and screen together, so that the eye keeps its place.
func (w *Waterfall) scroll(rows int) {
	w.settle = false
	w.cursor += rows
	w.top += rows
	w.follow()
}

// left folds the row, or goes to the row above it in the tree.
func (w *Waterfall) left() {
	r := w.st.rows[w.cursor]
	if w.st.isOpen(r) {
		w.st.setOpen(r, false)
		w.rebuild()
		return
	}
	if p := w.st.parentRow(w.cursor); p >= 0 {
		w.moveTo(p)
	}
}

// right opens the row, or goes to the first row beneath it.
func (w *Waterfall) right() {
	r := w.st.rows[w.cursor]
	if !w.st.canOpen(r) {
		return
	}
	if !w.st.isOpen(r) {
		w.st.setOpen(r, true)
		w.rebuild()
		return
	}
	w.moveTo(w.cursor + 1)
}

// landmark is a property that commands jump along.
type landmark struct {
	name   string // of one
	counts SpanCounts
}

// landmark returns what a jump command goes along, and which way.
func (w *Waterfall) landmark(c views.Command) (mark landmark, forward, ok bool) {
	switch c {
	case views.NextError, views.PrevError:
		return landmark{"error", w.st.index.errors}, c == views.NextError, true
	case views.NextWarn, views.PrevWarn:
		return landmark{"span in doubt", w.st.index.warnings}, c == views.NextWarn, true
	case views.NextMatch, views.PrevMatch:
		return landmark{"match", w.st.matches}, c == views.NextMatch, true
	}
	return landmark{}, false, false
}

// jump goes to the next or previous span with the property, opening what it is hidden in. At the end it begins
// again, and says so.
func (w *Waterfall) jump(mark landmark, forward bool) views.Action {
	row := w.st.rows[w.cursor]
	at := int(row.span)
	if row.kind != spanRow && forward {
		at-- // a group or hidden range lies before its first span
	}
	message := ""
	var to int
	if forward {
		if to = mark.counts.Next(at); to < 0 {
			to, message = mark.counts.Next(-1), "no "+mark.name+" further down; this is the first"
		}
	} else if to = mark.counts.Prev(at); to < 0 {
		to, message = mark.counts.Prev(w.st.t.Len()), "no "+mark.name+" further up; this is the last"
	}
	if to < 0 {
		return views.Say{Text: "there is no " + mark.name}
	}
	w.Select(to)
	if message == "" {
		return nil
	}
	if mark.counts.Total() == 1 {
		message = "this is the only " + mark.name
	}
	return views.Say{Text: message}
}
