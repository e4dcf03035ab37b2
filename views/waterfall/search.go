package waterfall

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/prompt"
	"tracefall/views/tree"
)

// search is the query within the trace. Its text goes to the program with a Query; what it finds comes back
// by SetMatches, maybe much later.
type search struct {
	prompt.Line
	origin  int    // the span the cursor was on when typing began: less and vim go back there, too
	seeking bool   // the next matches move the cursor
	half    []bool // no matches, of a word that is not finished yet: what they would hide stays meanwhile
}

// ask asks the program for the matches of the query.
func (s *search) ask(done bool) views.Action {
	s.Asked()
	return views.Query{Text: s.Query(), Done: done}
}

// searching reports whether there is a line for the query.
func (w *Waterfall) searching() bool {
	return w.On || w.Query() != "" || w.rows != nil && w.rows.matches != nil
}

// startSearch begins to type.
func (w *Waterfall) startSearch() {
	w.Start()
	r, _ := w.row()
	w.origin = w.rows.spanOf(r)
}

// Type takes a key of the query's text. Pages of rows turn meanwhile, and ctrl-f hides what does not match.
func (w *Waterfall) Type(key tea.KeyPressMsg) views.Action {
	switch key.Keystroke() {
	case "backspace":
		if w.Query() == "" {
			return w.giveUp()
		}
	case "ctrl+f":
		return views.Run{Command: views.HideOthers}
	}
	was, action := w.Key(key)
	if was == prompt.TypedNothing && w.half != nil && !w.Popup.Open() {
		w.SetMatches(w.half, true) // the word was meant as it stands
	}
	switch was {
	case prompt.TypedText:
		w.seeking = true
		return w.ask(false)
	case prompt.TypedDone:
		return w.ask(true)
	case prompt.TypedBack:
		return w.giveUp()
	case prompt.TypedOther:
		switch key.Keystroke() {
		case "pgup":
			w.tree.Move(views.PageUp)
		case "pgdown":
			w.tree.Move(views.PageDown)
		}
	case prompt.TypedNothing:
	}
	return action
}

// giveUp stops typing; query and cursor are what they were before.
func (w *Waterfall) giveUp() views.Action {
	w.On, w.seeking = false, false
	w.Select(w.origin)
	if w.Before == "" {
		return w.endSearch()
	}
	if w.Query() == w.Before {
		return nil
	}
	w.Input.SetText(w.Before)
	return w.ask(false)
}

// endSearch takes the query away.
func (w *Waterfall) endSearch() views.Action {
	w.SetQuery("")
	w.SetMatches(nil, false)
	return views.Query{Done: true}
}

// seek moves the cursor to the first match from where the search began.
func (w *Waterfall) seek() {
	matches := w.rows.matches
	if !w.seeking || matches == nil {
		return
	}
	w.seeking = w.On
	to := matches.Next(min(w.origin, w.rows.t.Len()) - 1) // the trace may be another load by now
	if to < 0 {
		to = matches.Next(-1)
	}
	if to < 0 && w.rows.hiding() {
		return // it would open what hides the cursor's span
	}
	if to < 0 {
		to = w.origin
	}
	w.Select(to)
}

// drawQuery draws the query and how much it finds: how many spans match, and what became of the others. Its line is y of
// the screen.
func (w *Waterfall) drawQuery(a draw.Area, y int, f *frame) {
	a = a.Inset(1, 0)
	room, right := max(a.W()-prompt.MinQuery, 0), ""
	switch {
	case w.Complains() && f.layout.header == 0: // there is no other line for it
		right = draw.Head(f.theme.Glyphs.Error+" "+w.Wrong.Message, max(room, 1))
	case f.rows.matches != nil:
		total := f.rows.matches.Total()
		n := total
		if w.half != nil {
			n = 0
		}
		matched := draw.Count(n) + " of " + draw.Amount(f.rows.t.SpanCount(), "span")
		found := matched
		if f.rows.hiding() {
			found += " match, " + draw.Count(f.rows.hidden) + " hidden"
		}
		if took := w.Notes.TookText(); took != "" {
			found += draw.SegmentGap + took
		}
		right = draw.FirstFitting(room, found, matched, draw.Count(total))
	}
	example := ""
	if w.On {
		example = "error=true duration>100ms"
	}
	w.Line.Draw(a, 1, y, f.env, example, right)
}

// SetQuery shows the text of a query that was asked elsewhere; its matches come by SetMatches.
func (w *Waterfall) SetQuery(text string) {
	w.On, w.seeking = false, false
	w.Set(text)
}

// SetMatches marks the spans a search or query found, by index; nil ends it. With hide, other spans are left out
// but for the ancestors of matches, and rows say how many are missing.
func (w *Waterfall) SetMatches(matches []bool, hide bool) {
	if w.rows == nil {
		return
	}
	w.half = nil
	if hide && w.Popup.Open() && matches != nil && !slices.Contains(matches, true) {
		w.half = matches
		return
	}
	wasHiding := w.rows.hiding()
	w.rows.matches, w.rows.hide = nil, hide
	if matches != nil {
		w.rows.matches = tree.Count(matches, w.rows.t.Len())
	}
	w.rows.keep()
	if wasHiding || w.rows.hiding() {
		w.tree.Rebuild()
	}
	w.seek()
}
