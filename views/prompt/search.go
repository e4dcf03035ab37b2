package prompt

import (
	"slices"

	"charm.land/bubbles/v2/key"
	tea "charm.land/bubbletea/v2"

	"tracefall/views"
	"tracefall/views/draw"
)

// Search is a line in which text is typed that lines, or calls, are looked for with. They are known by numbers.
type Search struct {
	Input  Input
	On     bool   // keys go to it
	Before string // the text when typing began: esc goes back to it
	Origin int    // where the cursor was then
	Found  []int  // in order
}

// Start begins to type where the cursor is at.
func (s *Search) Start(at int) { s.On, s.Before, s.Origin = true, s.Input.Text(), at }

// Typing reports whether keys go to the search.
func (s *Search) Typing() bool { return s.On }

// Searching reports whether there is something to look for, or will be.
func (s *Search) Searching() bool { return s.On || s.Input.Text() != "" }

// SearchHints are the keys while typing, the most useful first.
func SearchHints() []key.Binding {
	return []key.Binding{views.Hint("enter", "done"), views.Hint("up down", "choose"), views.Hint("ctrl+u", "clear"), views.Hint("esc", "cancel")}
}

// Key takes a key while typing. The step is 1 for a key that goes down, -1 for one that goes up.
func (s *Search) Key(key tea.KeyPressMsg) (was Typed, step int) {
	switch key.Keystroke() {
	case "enter":
		s.On = false
		return TypedDone, 0
	case "esc", "ctrl+c", "ctrl+g":
		s.On = false
		s.Input.SetText(s.Before)
		return TypedBack, 0
	case "up", "ctrl+p":
		return TypedOther, -1
	case "down", "ctrl+n":
		return TypedOther, 1
	}
	if _, changed := s.Input.Key(key); changed {
		return TypedText, 0
	}
	return TypedNothing, 0
}

// Draw draws prompt and text into the first line of an area, and at its right what is said beside them. From byte bad on the text
// is drawn as wrong; -1 for none.
func (s *Search) Draw(a draw.Area, env *views.Env, placeholder, beside string, ink draw.Ink, bad int) {
	a = a.Row(0)
	a.Fill(env.Theme.Text)
	a.Text(1, 0, env.Theme.Glyphs.Prompt, env.Theme.Prompt)
	a = rightOf(a.Sub(3, 0, a.W()-4, 1), beside, ink, a.W()*3/5)
	s.Input.Placeholder = placeholder
	s.Input.Draw(a, env, s.On && env.Focused, bad)
}

// Next returns the first that was found from a number on, or the last before it; at the end it begins again. Where
// nothing was found it is where the search began.
func (s *Search) Next(from int, forward bool) int {
	n := len(s.Found)
	if n == 0 {
		return s.Origin
	}
	k, _ := slices.BinarySearch(s.Found, from)
	if !forward {
		k += n - 1
	}
	return s.Found[k%n]
}
