package prompt

import (
	"cmp"
	"strings"
	"time"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"tracefall/sources/query"
	"tracefall/views"
	"tracefall/views/draw"
)

// Line is the line in which a query is typed, of the list and of the waterfall: its text, what completes it,
// the queries before it, and what is wrong with it or worth knowing about its answer.
//
//	key --> completion, while it is open
//	    --> history: up and down, while it is not
//	    --> Input --> the text changed: the screen asks, the completion is looked up
type Line struct {
	Input  Input
	On     bool   // keys go to it
	Before string // what it was when typing began: esc goes back to it
	Wrong  Error
	Notes  Notes

	Popup completion
	Past  recall
	x, Y  int // where the text was drawn last, relative to the screen's area
}

// Error says what is wrong with a query. The zero value says nothing.
type Error struct {
	Offset, Length int // the wrong part in bytes; Offset -1 where there is none
	Message        string
}

// Notes is what is worth knowing about the answer to a query beside the matches.
type Notes struct {
	Took  time.Duration // 0 where not known
	Lines []string      // "no span has retry.cuont; did you mean retry.count (41 spans)?"
	OfOne bool          // they are about one trace
	Apart int           // traces in which the terms hold on different spans, where no span satisfies all: Apart asks for them
}

// Typed is what a key came to.
type Typed uint8

// What a key can come to.
const (
	TypedNothing Typed = iota // nothing is left to do
	TypedText                 // the text is another one
	TypedDone                 // the query is finished
	TypedBack                 // typing was given up
	TypedOther                // the key means nothing to the line
)

// Start begins typing.
func (q *Line) Start() {
	q.On, q.Before = true, q.Input.Text()
	q.Past.Start(q.Before, "")
	q.Popup.close()
}

// Set replaces the text by one that was not typed.
func (q *Line) Set(text string) {
	q.Input.SetText(text)
	q.Before, q.Wrong, q.Notes = text, Error{}, Notes{}
	q.Past.Start(text, "")
	q.Popup.close()
}

// Key takes a key while typing. The action is what the program is asked for beside the answer.
func (q *Line) Key(key tea.KeyPressMsg) (Typed, views.Action) {
	switch name := key.Keystroke(); name {
	case "enter":
		if q.Popup.moved && !q.Popup.inserted {
			changed := q.Popup.insert(&q.Input)
			q.Popup.close()
			if changed {
				q.Past.Start(q.Input.Text(), q.Input.Text())
				return TypedText, nil
			}
		}
		q.Popup.close()
		q.On = false
		return TypedDone, nil
	case "esc", "ctrl+c", "ctrl+g":
		if q.Popup.Open() {
			q.Popup.close()
			return TypedNothing, nil
		}
		q.On = false
		return TypedBack, nil
	case "up", "ctrl+p", "down", "ctrl+n", "shift+tab", "pgup", "pgdown":
		return q.walk(name), nil
	case "tab":
		return q.tab()
	case "f1", "alt+h":
		return TypedNothing, views.Run{Command: views.QueryHelp}
	}
	taken, changed := q.Input.Key(key)
	switch {
	case changed:
		q.Past.Start(q.Input.Text(), q.Input.Text())
		q.Popup.look(q, false)
		return TypedText, nil
	case taken:
		q.Popup.close() // the cursor is at another word
		return TypedNothing, nil
	}
	return TypedOther, nil
}

// walk moves in the completion while it is open, else in the history.
func (q *Line) walk(key string) Typed {
	if q.Popup.Open() {
		q.Popup.step(key)
		return TypedNothing
	}
	var text string
	var ok bool
	switch key {
	case "up", "ctrl+p":
		text, ok = q.Past.older(q.Input.Text())
	case "down", "ctrl+n":
		text, ok = q.Past.newer()
	default:
		return TypedOther
	}
	if !ok {
		return TypedNothing
	}
	q.Input.SetText(text)
	return TypedText
}

// tab inserts the completion under the cursor, at each further key the next; where none is open it asks for what
// matches on different spans, if that was offered, else opens the completion.
func (q *Line) tab() (Typed, views.Action) {
	if !q.Popup.Open() {
		if q.Notes.Apart > 0 {
			return TypedNothing, views.Apart{}
		}
		q.Popup.look(q, true)
		if len(q.Popup.List) == 0 && query.MaskedAt(q.Input.text, q.Input.at, q.Popup.vocabulary) {
			return TypedNothing, views.Say{Text: "the value is masked"}
		}
		if len(q.Popup.List) != 1 {
			return TypedNothing, nil
		}
	}
	if !q.Popup.insert(&q.Input) {
		return TypedNothing, nil
	}
	if len(q.Popup.List) == 1 {
		q.Popup.close()
	}
	q.Past.Start(q.Input.Text(), q.Input.Text())
	return TypedText, nil
}

// Asked forgets what was said about the text before.
func (q *Line) Asked() {
	q.Wrong, q.Notes = Error{}, Notes{}
}

// SetVocabulary gives the completion what the spans hold. What was typed or asked for before it was known opens now.
func (q *Line) SetVocabulary(v *query.Vocabulary) {
	if q.Popup.vocabulary == v {
		return
	}
	q.Popup.vocabulary = v
	switch {
	case q.Popup.awaited:
		q.Popup.look(q, q.Popup.asked)
	case q.Popup.Open() && !q.Popup.inserted:
		q.Popup.look(q, true)
	}
}

// Complains reports whether something is wrong that is worth showing: not the word that is just being written.
func (q *Line) Complains() bool {
	return q.Wrong.Message != "" && (!q.Popup.Open() || q.Wrong.Offset >= 0 && q.Wrong.Offset+q.Wrong.Length < q.Popup.from)
}

// Draw draws prompt and text into the first line of an area, which lies at x, y in the screen's, and at its right
// what is said about the answer, or what is wrong: then the text is marked from the wrong place on. An empty line shows an
// example of a query, where there is one, and before keys go to it what it is for.
func (q *Line) Draw(a draw.Area, x, y int, env *views.Env, example, right string) {
	theme := env.Theme
	n := draw.Width(theme.Glyphs.Prompt) + 1
	prompt, a := a.Left(n)
	ink := theme.Dim
	if q.On || q.Input.Text() != "" {
		ink = theme.Prompt
	}
	prompt.Text(0, 0, theme.Glyphs.Prompt, ink)
	room := max(a.W()-max(MinQuery, draw.Width(q.Input.Text())+2), a.W()/2)
	if q.Complains() {
		wrong := theme.Glyphs.Error + " " + q.Wrong.Message
		if right != "" && draw.Width(wrong)+noteGap+draw.Width(right) > room {
			right = ""
		}
		a = rightOf(a, right, theme.Dim, room)
		a = rightOf(a, wrong, theme.Error, room)
	} else {
		a = rightOf(a, right, theme.Dim, a.W())
	}
	q.x, q.Y = x+n, y
	bad := -1
	if q.Complains() {
		bad = q.Wrong.Offset
	}
	q.Input.Placeholder = ""
	switch {
	case example == "":
	case q.On:
		q.Input.Placeholder = "e.g. " + example
	default:
		q.Input.Placeholder = "search, e.g. " + example
	}
	q.Input.Draw(a, env, q.On && env.Focused, bad)
}

// noteGap are the cells between what is said at the right of a line.
const noteGap = 3

// rightOf draws a text at the right of a line, in at most room cells, and returns what is left of it beside a gap.
func rightOf(a draw.Area, text string, ink draw.Ink, room int) draw.Area {
	if text == "" {
		return a
	}
	a, end := a.Right(min(draw.Width(text), room))
	end.TextEllipsis(0, 0, end.W(), text, ink)
	a, _ = a.Right(noteGap)
	return a
}

// TookText writes the time that an answer took, "" where it is not known.
func (n Notes) TookText() string {
	switch {
	case n.Took <= 0:
		return ""
	case n.Took < time.Millisecond:
		return "< 1 ms"
	}
	return draw.Duration(n.Took.Round(time.Millisecond).Nanoseconds())
}

// Texts are the notes, the offer of what matches apart first. One trace is known by its own words.
func (n Notes) Texts(env *views.Env, one bool) []string {
	if n.Apart == 0 {
		return n.Lines
	}
	which := "different spans of the trace match"
	if !one {
		which = draw.CountNoun(n.Apart, "trace matches", "traces match") + " on different spans"
	}
	return append([]string{"0 spans match all; " + which + ": press " + cmp.Or(env.Key(views.OtherPane), "tab")}, n.Lines...)
}

// QueryNote is what is worth knowing about the answer, in one line, "" for nothing.
func (q *Line) QueryNote(env *views.Env) string {
	return strings.Join(q.Notes.Texts(env, q.Notes.OfOne), draw.SegmentGap)
}

// Typing reports whether keys go to the line.
func (q *Line) Typing() bool { return q.On }

// Query returns the text of the query.
func (q *Line) Query() string { return q.Input.Text() }

// CursorAt is where the cursor is in the query, in bytes.
func (q *Line) CursorAt() int { return q.Input.at }

// SetQueryError says what is wrong with the query. The answer to the query before stays. The next key takes the error
// away.
func (q *Line) SetQueryError(e Error) { q.Wrong = e }

// SetNotes says what is worth knowing about the answer.
func (q *Line) SetNotes(n Notes) { q.Notes = n }

// SetHistory gives the line the queries of the past, the latest last.
func (q *Line) SetHistory(past []string) { q.Past.Past = past }

// TypingHints are the keys while typing, the most useful first.
func (q *Line) TypingHints() []key.Binding {
	if q.Popup.Open() {
		return []key.Binding{views.Hint("tab", "insert"), views.Hint("up down", "choose"), views.Hint("enter", map[bool]string{true: "insert", false: "run"}[q.Popup.moved]), views.Hint("esc", "close"), views.Hint("f1", "language")}
	}
	return []key.Binding{views.Hint("enter", "run"), views.Hint("tab", "complete"), views.Hint("up", "history"), views.Hint("f1", "language"), views.Hint("esc", "cancel")}
}

// MinQuery is the cells that the query's text gets at least.
const MinQuery = 16
