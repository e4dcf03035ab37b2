package views

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"tracefall/sources/query"
	"tracefall/views/draw"
)

// queryLine is the line in which a query is typed, of the list and of the waterfall: its text, what completes it,
// the queries before it, and what is wrong with it or worth knowing about its answer.
//
//	key --> completion, while it is open
//	    --> history: up and down, while it is not
//	    --> Input --> the text changed: the screen asks, the completion is looked up
type queryLine struct {
	input  Input
	typing bool
	before string // what it was when typing began: esc goes back to it
	wrong  QueryError
	notes  QueryNotes

	popup   completion
	past    recall
	x, y, w int // where the text was drawn last, relative to the screen's area
}

// QueryError says what is wrong with a query. The zero value says nothing.
type QueryError struct {
	Offset, Length int // the wrong part in bytes; Offset -1 where there is none
	Message        string
}

// QueryNotes is what is worth knowing about the answer to a query beside the matches.
type QueryNotes struct {
	Took  time.Duration // 0 where not known
	Lines []string      // "no span has retry.cuont; did you mean retry.count (41 spans)?"
	Apart int           // traces in which the terms hold on different spans, where no span satisfies all: Apart asks for them
}

// typed is what a key came to.
type typed uint8

const (
	typedNothing typed = iota // nothing is left to do
	typedText                 // the text is another one
	typedDone                 // the query is finished
	typedBack                 // typing was given up
	typedOther                // the key means nothing to the line
)

// start begins typing.
func (q *queryLine) start() {
	q.typing, q.before = true, q.input.Text()
	q.past.start(q.before, "")
	q.popup.close()
}

// set replaces the text by one that was not typed.
func (q *queryLine) set(text string) {
	q.input.SetText(text)
	q.before, q.wrong, q.notes = text, QueryError{}, QueryNotes{}
	q.past.start(text, "")
	q.popup.close()
}

// key takes a key while typing. The action is what the program is asked for beside the answer.
func (q *queryLine) key(key tea.KeyPressMsg) (typed, Action) {
	switch name := key.Keystroke(); name {
	case "enter":
		q.popup.close()
		q.typing = false
		return typedDone, nil
	case "esc", "ctrl+c", "ctrl+g":
		if q.popup.open() {
			q.popup.close()
			return typedNothing, nil
		}
		q.typing = false
		return typedBack, nil
	case "up", "ctrl+p", "down", "ctrl+n", "shift+tab", "pgup", "pgdown":
		return q.walk(name), nil
	case "tab":
		return q.tab()
	case "f1", "alt+h":
		return typedNothing, Run{QueryHelp}
	}
	taken, changed := q.input.Key(key)
	switch {
	case changed:
		q.past.start(q.input.Text(), q.input.Text())
		q.popup.look(q, false)
		return typedText, nil
	case taken:
		q.popup.close() // the cursor is at another word
		return typedNothing, nil
	}
	return typedOther, nil
}

// walk moves in the completion while it is open, else in the history.
func (q *queryLine) walk(key string) typed {
	if q.popup.open() {
		q.popup.step(key)
		return typedNothing
	}
	var text string
	var ok bool
	switch key {
	case "up", "ctrl+p":
		text, ok = q.past.older(q.input.Text())
	case "down", "ctrl+n":
		text, ok = q.past.newer()
	default:
		return typedOther
	}
	if !ok {
		return typedNothing
	}
	q.input.SetText(text)
	return typedText
}

// tab inserts the completion under the cursor, at each further key the next; where none is open it asks for what
// matches on different spans, if that was offered, else opens the completion.
func (q *queryLine) tab() (typed, Action) {
	if !q.popup.open() {
		if q.notes.Apart > 0 {
			return typedNothing, Apart{}
		}
		q.popup.look(q, true)
		if len(q.popup.list) == 0 && query.MaskedAt(q.input.text, q.input.at, q.popup.vocabulary) {
			return typedNothing, Say{"the value is masked"}
		}
		if len(q.popup.list) != 1 {
			return typedNothing, nil
		}
	}
	if !q.popup.insert(&q.input) {
		return typedNothing, nil
	}
	if len(q.popup.list) == 1 {
		q.popup.close()
	}
	q.past.start(q.input.Text(), q.input.Text())
	return typedText, nil
}

// asked forgets what was said about the text before.
func (q *queryLine) asked() {
	q.wrong, q.notes = QueryError{}, QueryNotes{}
}

// setVocabulary gives the completion what the spans hold.
func (q *queryLine) setVocabulary(v *query.Vocabulary) {
	if q.popup.vocabulary == v {
		return
	}
	q.popup.vocabulary = v
	if q.popup.open() && !q.popup.inserted {
		q.popup.look(q, true)
	}
}

// complains tells whether something is wrong that is worth showing: not the word that is just being written.
func (q *queryLine) complains() bool {
	if q.wrong.Message == "" {
		return false
	}
	return !q.popup.open() || q.wrong.Offset >= 0 && q.wrong.Offset+q.wrong.Length < q.popup.from
}

// draw draws prompt and text into the first line of an area, which lies at x, y in the screen's, and at its right
// what is said about the answer.
func (q *queryLine) draw(a draw.Area, x, y int, env *Env, placeholder, right string) {
	theme := env.Theme
	n := draw.Width(theme.Glyphs.Prompt) + 1
	prompt, a := a.Left(n)
	ink := theme.Dim
	if q.typing || q.input.Text() != "" {
		ink = theme.Prompt
	}
	prompt.Text(0, 0, theme.Glyphs.Prompt, ink)
	a, end := a.Right(draw.Width(right))
	end.Text(0, 0, right, theme.Dim)
	if right != "" {
		a, _ = a.Right(1)
	}
	q.x, q.y, q.w = x+n, y, a.W()
	bad := -1
	if q.complains() {
		bad = q.wrong.Offset
	}
	q.input.Placeholder = placeholder
	q.input.Draw(a, env, q.typing && env.Focused, bad)
}

// drawWrong draws what is wrong into the line below the text: a caret under the place, the words beside it. The area
// begins in the column that x of draw counts from.
func (q *queryLine) drawWrong(a draw.Area, env *Env) {
	theme := env.Theme
	text, at := q.wrong.Message, q.wrong.Offset
	line := q.input.Text()
	if at < 0 || at > len(line) {
		a.Inset(1, 0).TextEllipsis(0, 0, a.W()-2, theme.Glyphs.Error+" "+text, theme.Error)
		return
	}
	from := q.x + draw.Width(line[:at]) - q.input.shift
	carets := max(draw.Width(line[at:min(at+q.wrong.Length, len(line))]), 1)
	if from+carets > q.x+q.w {
		carets = max(q.x+q.w-from, 1)
	}
	n, end := draw.Width(text), from+carets+1
	switch {
	case from < q.x || from >= a.W():
		a.Inset(1, 0).TextEllipsis(0, 0, a.W()-2, theme.Glyphs.Error+" "+text, theme.Error)
		return
	case end+n <= a.W()-1:
		a.Text(end, 0, text, theme.Error)
	case n+2 <= from:
		a.Text(from-n-1, 0, text, theme.Error)
	default:
		// Beside the caret there is no room for all of it: the words matter more.
		a.Inset(1, 0).TextEllipsis(0, 0, a.W()-2, theme.Glyphs.Error+" "+text, theme.Error)
		return
	}
	for i := range carets {
		a.Text(from+i, 0, "^", theme.Error)
	}
}

// took writes the time that an answer took, "" where it is not known.
func (n QueryNotes) took() string {
	switch {
	case n.Took <= 0:
		return ""
	case n.Took < time.Millisecond:
		return "<1 ms"
	}
	return draw.Duration(n.Took.Round(time.Millisecond).Nanoseconds())
}

// lines are the notes, the offer of what matches apart first. One trace is known by its own words.
func (n QueryNotes) lines(env *Env, one bool) []string {
	key := env.Key(OtherPane)
	if key == "" {
		key = "tab"
	}
	switch {
	case n.Apart == 0:
		return n.Lines
	case one:
		return append([]string{"0 spans match all; different spans of the trace match: press " + key}, n.Lines...)
	}
	verb := " match"
	if n.Apart == 1 {
		verb = " matches"
	}
	return append([]string{"0 spans match all; " + amount(n.Apart, "trace") + verb + " on different spans: press " + key}, n.Lines...)
}

// hints are the keys while typing, the most useful first.
func (q *queryLine) hints() []KeyHint {
	if q.popup.open() {
		return []KeyHint{{"tab", "insert"}, {"up down", "choose"}, {"enter", "run"}, {"esc", "close"}, {"f1", "language"}}
	}
	return []KeyHint{{"enter", "run"}, {"tab", "complete"}, {"up", "history"}, {"f1", "language"}, {"esc", "cancel"}}
}
