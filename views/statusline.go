package views

import "tracefall/views/draw"

// StatusLine is the last line of the terminal: where one is, what can be done here, what just happened.
type StatusLine struct {
	Left, Right string
	Hints       []KeyHint
	Message     string // what just happened; takes the place of Left and Hints
	Failed      bool   // the message says that something failed
}

// KeyHint is a key and, in a word or two, what it does here.
type KeyHint struct{ Key, Text string }

const hintGap = 2 // cells between two hints

// Draw draws the line into the first line of an area. Where it is narrow hints go first, the last of them first;
// then the right text; the left one and the message are cut.
func (s StatusLine) Draw(a draw.Area, env *Env) {
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
		drawHints(rest.Sub(n, 0, rest.W()-n, 1), env, s.Hints)
	}
}

// drawHints draws as many hints as there is room for, at the right: there they stay where they are while the text
// at the left changes its length with every key, and are not sent over the line again.
func drawHints(a draw.Area, env *Env, hints []KeyHint) {
	shown, width := make([]KeyHint, 0, len(hints)), -hintGap
	for _, h := range hints {
		if h.Key == "" {
			continue
		}
		n := hintGap + draw.Width(h.Key) + 1 + draw.Width(h.Text)
		if width+n > a.W() {
			break
		}
		shown, width = append(shown, h), width+n
	}
	x := a.W() - width
	for _, h := range shown {
		x += a.Text(x, 0, h.Key, env.Theme.KeyHint) + 1
		x += a.Text(x, 0, h.Text, env.Theme.StatusBar) + hintGap
	}
}
