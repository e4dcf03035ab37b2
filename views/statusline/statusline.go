package statusline

import (
	"tracefall/views"
	"tracefall/views/draw"
)

// StatusLine is the last line of the terminal: where one is, what can be done here, what just happened.
type StatusLine struct {
	Left, Right string
	Hints       []views.KeyHint
	Message     string // what just happened; takes the place of Left and Hints
	Failed      bool   // the message says that something failed
}

const hintGap = 2 // cells between two hints

// Draw draws the line into the first line of an area. Where it is narrow hints go first, the last of them first;
// then the right text; the left one and the message are cut.
func (s StatusLine) Draw(a draw.Area, env *views.Env) {
	a = a.Row(0)
	a.Fill(env.Theme.StatusBar)
	a = a.Inset(1, 0)
	if a.Empty() {
		return
	}
	left, ink := s.Left, env.Theme.StatusBar
	if s.Message != "" {
		left, ink = s.Message, env.Theme.Notice
		if s.Failed {
			left, ink = env.Theme.Glyphs.Error+" "+s.Message, env.Theme.Error
		}
	}
	rest := a
	if n := draw.Width(s.Right); n > 0 && draw.Width(left)+hintGap+n <= a.W() {
		var right draw.Area
		rest, right = a.Right(n + hintGap)
		right.TextRight(0, 0, right.W(), s.Right, env.Theme.StatusBar)
	}
	n := rest.TextEllipsis(0, 0, rest.W(), left, ink)
	if s.Message == "" {
		if n > 0 {
			n += hintGap + 1
		}
		// At the right they stay where they are while the text at the left changes its length with every key, and
		// are not sent to the terminal again.
		shown, width := fitHints(s.Hints, rest.W()-n)
		DrawHints(rest.Sub(rest.W()-width, 0, width, 1), env, shown)
	}
}

// fitHints returns the hints that there is room for, the last of them dropped first, and the cells they take.
func fitHints(hints []views.KeyHint, room int) (shown []views.KeyHint, width int) {
	for _, h := range hints {
		if h.Key == "" {
			continue
		}
		n := draw.Width(h.Key) + 1 + draw.Width(h.Text)
		if len(shown) > 0 {
			n += hintGap
		}
		if width+n > room {
			break
		}
		shown, width = append(shown, h), width+n
	}
	return shown, width
}

// DrawHints draws as many hints as there is room for.
func DrawHints(a draw.Area, env *views.Env, hints []views.KeyHint) {
	shown, _ := fitHints(hints, a.W())
	x := 0
	for _, h := range shown {
		x += a.Text(x, 0, h.Key, env.Theme.KeyHint) + 1
		x += a.Text(x, 0, h.Text, env.Theme.StatusBar) + hintGap
	}
}
