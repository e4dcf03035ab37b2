package statusline

import (
	"slices"
	"strings"

	"charm.land/bubbles/v2/help"
	"charm.land/bubbles/v2/key"
	"github.com/charmbracelet/x/ansi"

	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/style"
)

// StatusLine is the last line of the terminal: where one is, what can be done here, what just happened.
type StatusLine struct {
	Left, Right string
	Hints       []key.Binding
	Message     string // what just happened; takes the place of Left and Hints
	Failed      bool   // the message says that something failed

	Laid *Laid // the hints as they were laid out for the last frame, nil where nobody keeps them
}

// Laid keeps hints that are laid out: from one frame to the next they are mostly the same, and to lay them out takes a
// third of the time of a frame.
type Laid struct {
	hints []key.Help
	room  int
	inks  [2]draw.Ink // of keys and of what they do
	line  string
	width int
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
		line, width := s.Laid.fit(s.Hints, rest.W()-n, env)
		rest.Sub(rest.W()-width, 0, width, 1).Styled(line)
	}
}

// fit lays hints out, unless they lie there already.
func (l *Laid) fit(hints []key.Binding, room int, env *views.Env) (line string, width int) {
	inks := [2]draw.Ink{env.Theme.KeyHint, env.Theme.StatusBar}
	same := func(h key.Help, b key.Binding) bool { return h == b.Help() }
	if l != nil && l.room == room && l.inks == inks && slices.EqualFunc(l.hints, hints, same) {
		return l.line, l.width
	}
	line, width = fit(hints, room, env)
	if l != nil {
		*l = Laid{hints: l.hints[:0], room: room, inks: inks, line: line, width: width}
		for _, b := range hints {
			l.hints = append(l.hints, b.Help())
		}
	}
	return line, width
}

// fit lays out the hints that there is room for, the last of them dropped first, and returns the cells they take.
func fit(hints []key.Binding, room int, env *views.Env) (line string, width int) {
	h := help.Model{
		ShortSeparator: strings.Repeat(" ", hintGap),
		Styles:         help.Styles{ShortKey: style.Style(env.Theme.KeyHint), ShortDesc: style.Style(env.Theme.StatusBar)},
	}
	h.SetWidth(room)
	for ; room > 0 && len(hints) > 0; hints = hints[:len(hints)-1] {
		line = strings.TrimSuffix(h.ShortHelpView(hints), " ") // which stands where an ellipsis would
		if width = ansi.StringWidth(line); width <= room {
			return line, width
		}
	}
	return "", 0
}

// DrawHints draws as many hints as there is room for.
func DrawHints(a draw.Area, env *views.Env, hints []key.Binding) {
	line, _ := fit(hints, a.W(), env)
	a.Styled(line)
}
