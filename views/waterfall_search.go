package views

import (
	tea "charm.land/bubbletea/v2"

	"tracefall/views/draw"
)

// waterSearch is the query within the trace. Its text goes to the program with a Query; what it finds comes back
// by SetMatches, maybe much later.
type waterSearch struct {
	input   Input
	typing  bool
	before  string // the text when typing began: esc goes back to it
	origin  int    // the span the cursor was on then: less and vim go back there, too
	seeking bool   // the next matches move the cursor
	bad     int    // where the query is wrong, -1 for nowhere
	err     string // what is wrong with it, "" for nothing
}

// Typing tells whether keys go to the query.
func (w *Waterfall) Typing() bool { return w.search.typing }

// Query returns the text of the query.
func (w *Waterfall) Query() string { return w.search.input.Text() }

// SetQuery shows the text of a query that was asked elsewhere; its matches come by SetMatches.
func (w *Waterfall) SetQuery(text string) {
	w.search = waterSearch{bad: -1}
	w.search.input.SetText(text)
}

// SetQueryError says what is wrong with the query, and where in its text (bytes, -1 for nowhere). The matches of
// the query before stay. The next key takes the error away.
func (w *Waterfall) SetQueryError(at int, message string) { w.search.bad, w.search.err = at, message }

// searching tells whether there is a line for the query.
func (w *Waterfall) searching() bool {
	return w.search.typing || w.Query() != "" || w.st != nil && w.st.matches != nil
}

// startSearch begins to type.
func (w *Waterfall) startSearch() {
	s := &w.search
	s.typing, s.before, s.origin = true, s.input.Text(), w.st.spanOf(w.st.rows[w.cursor])
}

// Type takes a key of the query's text. Up and down move among the rows meanwhile.
func (w *Waterfall) Type(key tea.KeyPressMsg) Action {
	s := &w.search
	switch key.Keystroke() {
	case "enter":
		s.typing = false
		return w.ask(true)
	case "esc", "ctrl+c", "ctrl+g":
		return w.giveUp()
	case "backspace":
		if s.input.Text() == "" {
			return w.giveUp()
		}
	case "up", "ctrl+p":
		w.move(Up)
		return nil
	case "down", "ctrl+n":
		w.move(Down)
		return nil
	}
	if _, changed := s.input.Key(key); !changed {
		return nil
	}
	s.seeking = true
	return w.ask(false)
}

// ask asks the program for the matches of the query.
func (w *Waterfall) ask(done bool) Action {
	w.search.bad, w.search.err = -1, ""
	return Query{Text: w.Query(), Done: done}
}

// giveUp stops typing; query and cursor are what they were before.
func (w *Waterfall) giveUp() Action {
	s := &w.search
	s.typing, s.seeking = false, false
	w.Select(s.origin)
	if s.before == "" {
		return w.endSearch()
	}
	if s.input.Text() == s.before {
		return nil
	}
	s.input.SetText(s.before)
	return w.ask(true)
}

// endSearch takes the query away.
func (w *Waterfall) endSearch() Action {
	w.search = waterSearch{bad: -1}
	w.SetMatches(nil, false)
	return Query{Done: true}
}

// seek moves the cursor to the first match from where the search began.
func (w *Waterfall) seek() {
	s := &w.search
	if !s.seeking || w.st.matches == nil {
		return
	}
	s.seeking = s.typing
	to := w.st.matches.next(min(s.origin, w.st.t.Len()) - 1) // the trace may be another load by now
	if to < 0 {
		to = w.st.matches.next(-1)
	}
	if to < 0 {
		to = s.origin
	}
	w.Select(to)
}

// drawQuery draws the query and how much it finds, or what is wrong with it.
func (w *Waterfall) drawQuery(a draw.Area, env *Env) {
	theme, s := env.Theme, &w.search
	a.Text(1, 0, theme.Glyphs.Prompt, theme.Prompt)
	a = a.Sub(3, 0, a.W()-4, 1)
	right, ink, bad := "", theme.Dim, -1
	switch {
	case s.err != "":
		right, ink, bad = theme.Glyphs.Error+" "+s.err, theme.Error, s.bad
	case w.st.matches != nil:
		right = w.found()
	}
	n := min(draw.Width(right), max(a.W()-minQuery, 0))
	a, at := a.Right(n)
	at.TextEllipsis(0, 0, n, right, ink)
	s.input.Placeholder = ""
	if s.typing {
		s.input.Placeholder = "service, operation or attribute"
	}
	a, _ = a.Left(a.W() - 1)
	s.input.Draw(a, env, s.typing && env.Focused, bad)
}

// minQuery is the cells that the query's text gets at least.
const minQuery = 16

// found says how many spans match, and what became of the others.
func (w *Waterfall) found() string {
	text := draw.Count(w.st.matches.total()) + " of " + countNoun(w.st.t.SpanCount(), "span", "spans")
	if w.st.hiding() {
		text += ", the rest hidden"
	}
	return text
}
