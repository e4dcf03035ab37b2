package waterfall

import (
	tea "charm.land/bubbletea/v2"

	"tracefall/sources/query"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/prompt"
)

// search is the query within the trace. Its text goes to the program with a Query; what it finds comes back
// by SetMatches, maybe much later.
type search struct {
	prompt.Line
	origin  int    // the span the cursor was on when typing began: less and vim go back there, too
	seeking bool   // the next matches move the cursor
	half    []bool // no matches, of a word that is not finished yet: what they would hide stays meanwhile
}

// Typing tells whether keys go to the query.
func (w *Waterfall) Typing() bool { return w.search.Typing }

// Query returns the text of the query.
func (w *Waterfall) Query() string { return w.search.Input.Text() }

// SetQuery shows the text of a query that was asked elsewhere; its matches come by SetMatches.
func (w *Waterfall) SetQuery(text string) {
	w.search.Typing, w.search.seeking = false, false
	w.search.Set(text)
}

// SetQueryError says what is wrong with the query. The matches of the query before stay. The next key takes the
// error away.
func (w *Waterfall) SetQueryError(e prompt.Error) { w.search.Wrong = e }

// SetNotes says what is worth knowing about the answer that SetMatches brought.
func (w *Waterfall) SetNotes(n prompt.Notes) { w.search.Notes = n }

// SetVocabulary gives the completion of the query what the spans of the trace hold.
func (w *Waterfall) SetVocabulary(v *query.Vocabulary) { w.search.SetVocabulary(v) }

// SetHistory gives the query line the queries of the past, the latest last.
func (w *Waterfall) SetHistory(past []string) { w.search.Past.Past = past }

// TypingHints are the keys that mean something while the query is typed, the most useful first.
func (w *Waterfall) TypingHints() []views.KeyHint { return w.search.Hints() }

// ToFirstMatch puts the cursor on the first match, where there is one.
func (w *Waterfall) ToFirstMatch() {
	if w.st == nil || w.st.matches == nil {
		return
	}
	if at := w.st.matches.Next(-1); at >= 0 {
		w.Select(at)
	}
}

// searching tells whether there is a line for the query.
func (w *Waterfall) searching() bool {
	return w.search.Typing || w.Query() != "" || w.st != nil && w.st.matches != nil
}

// startSearch begins to type.
func (w *Waterfall) startSearch() {
	w.search.Start()
	w.search.origin = w.st.spanOf(w.st.rows[w.cursor])
}

// Type takes a key of the query's text. Pages of rows turn meanwhile, and ctrl-f hides what does not match.
func (w *Waterfall) Type(key tea.KeyPressMsg) views.Action {
	s := &w.search
	switch key.Keystroke() {
	case "backspace":
		if s.Input.Text() == "" {
			s.Typing = false
			return w.giveUp()
		}
	case "ctrl+f":
		return views.Run{Command: views.HideOthers}
	}
	was, action := s.Key(key)
	if was == prompt.TypedNothing && s.half != nil && !s.Popup.Open() {
		w.SetMatches(s.half, true) // the word was meant as it stands
	}
	switch was {
	case prompt.TypedText:
		s.seeking = true
		return w.ask(false)
	case prompt.TypedDone:
		return w.ask(true)
	case prompt.TypedBack:
		return w.giveUp()
	case prompt.TypedOther:
		switch key.Keystroke() {
		case "pgup":
			w.Move(views.PageUp)
		case "pgdown":
			w.Move(views.PageDown)
		}
	case prompt.TypedNothing:
	}
	return action
}

// ask asks the program for the matches of the query.
func (w *Waterfall) ask(done bool) views.Action {
	w.search.Asked()
	return views.Query{Text: w.Query(), Done: done}
}

// giveUp stops typing; query and cursor are what they were before.
func (w *Waterfall) giveUp() views.Action {
	s := &w.search
	s.Typing, s.seeking = false, false
	w.Select(s.origin)
	if s.Before == "" {
		return w.endSearch()
	}
	if s.Input.Text() == s.Before {
		return nil
	}
	s.Input.SetText(s.Before)
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
	s := &w.search
	if !s.seeking || w.st.matches == nil {
		return
	}
	s.seeking = s.Typing
	to := w.st.matches.Next(min(s.origin, w.st.t.Len()) - 1) // the trace may be another load by now
	if to < 0 {
		to = w.st.matches.Next(-1)
	}
	if to < 0 && w.st.hiding() {
		return // it would open what hides the cursor's span
	}
	if to < 0 {
		to = s.origin
	}
	w.Select(to)
}

// drawQuery draws the query and how much it finds. Its line is y of the screen.
func (w *Waterfall) drawQuery(a draw.Area, y int, env *views.Env) {
	s := &w.search
	a = a.Inset(1, 0)
	room, right := max(a.W()-prompt.MinQuery, 0), ""
	switch {
	case s.Complains() && w.drawn.header == 0: // there is no other line for it
		right = env.Theme.Glyphs.Error + " " + s.Wrong.Message
		right = draw.Head(right, max(room, 1))
	case w.st.matches != nil:
		right = draw.FirstFitting(room, w.found(), w.matched(), draw.Count(w.st.matches.Total()))
	}
	placeholder := ""
	if s.Typing {
		placeholder = "such as error=true or duration>100ms"
	}
	s.Draw(a, 1, y, env, placeholder, right)
}

// found says how many spans match, and what became of the others.
func (w *Waterfall) found() string {
	text := w.matched()
	if w.st.hiding() {
		text += ", the rest hidden"
	}
	if took := w.search.Notes.TookText(); took != "" {
		text += draw.SegmentGap + took
	}
	return text
}

func (w *Waterfall) matched() string {
	n := w.st.matches.Total()
	if w.search.half != nil {
		n = 0
	}
	return draw.Count(n) + " of " + draw.CountNoun(w.st.t.SpanCount(), "span", "spans")
}
