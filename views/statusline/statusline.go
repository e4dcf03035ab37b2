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
	Status  []string // where one is; what has no room is dropped from the end
	Hints   []key.Binding
	Message string // what just happened; takes the place of Status, and of hints where it Overflows
	Failed  bool   // the message says that something failed

	Laid *Laid // the hints as they were laid out for the last frame, nil where nobody keeps them
}

// Laid keeps hints that are laid out: from one frame to the next they are mostly the same, and to lay them out takes a
// third of the time of a frame. It knows where they were drawn, for the mouse.
type Laid struct {
	hints []key.Help
	room  int
	inks  [2]draw.Ink // of keys and of what they do
	strip draw.Strip
	width int
	x     int // where the strip was drawn last
	shown []key.Binding
}

// Sizes of the line, in cells.
const (
	hintGap   = 2
	statusGap = 3 // between status and hints
	// leastHints is how many hints are shown at least, at the cost of the status.
	leastHints = 4
)

// Draw draws the line into the first line of an area: at the left the status, on two fifths of it at most, at the right the
// hints. Where it is narrow hints go, those before the last one first.
func (s StatusLine) Draw(a draw.Area, env *views.Env) {
	a = a.Row(0)
	a.Fill(env.Theme.StatusBar)
	a = a.Inset(1, 0)
	if a.Empty() {
		return
	}
	n := s.drawLeft(a, env)
	if n > 0 {
		n += statusGap
	}
	laid := s.Laid
	if laid == nil {
		laid = &Laid{}
	}
	laid.fit(s.Hints, a.W()-n, env)
	// At the right they stay where they are while the text at the left changes its length with every key, and
	// are not sent to the terminal again.
	laid.x = a.W() - laid.width
	laid.strip.Draw(a, laid.x)
	laid.x++ // beside the margin
}

// free is how many of w cells the hints that are shown at least leave.
func (s StatusLine) free(w int) int {
	hints := enabled(s.Hints)
	if len(hints) > leastHints {
		hints = slices.Delete(hints, leastHints-1, len(hints)-1)
	}
	return max(w-widthOf(hints)-statusGap, 0)
}

// message is the message as it stands in a line of which it has room cells, and its colour.
func (s StatusLine) message(room int, theme *style.Theme) (string, draw.Ink) {
	text := s.Message
	if s.Failed {
		return theme.Glyphs.Error + " " + text, theme.Error
	}
	if draw.Width(text) > room {
		text = draw.WithoutBrackets(text)
	}
	return text, theme.Notice
}

// Overflows reports whether in a line of w cells the message has no room beside the hints that are shown at least. It belongs
// into a line of its own then, where there is one.
func (s StatusLine) Overflows(w int, theme *style.Theme) bool {
	if s.Message == "" {
		return false
	}
	text, _ := s.message(draw.Width(s.Message), theme) // all of it: what stands in brackets is the reason
	return draw.Width(text) > s.free(w-2)
}

// DrawMessage draws the message into a line of its own.
func (s StatusLine) DrawMessage(a draw.Area, theme *style.Theme) {
	a = a.Inset(1, 0)
	text, ink := s.message(a.W(), theme)
	a.TextEllipsis(0, 0, a.W(), text, ink)
}

// drawLeft draws the message or the status and returns the cells it takes.
func (s StatusLine) drawLeft(a draw.Area, env *views.Env) int {
	theme, free := env.Theme, s.free(a.W())
	if s.Message != "" {
		text, ink := s.message(free, theme)
		return a.TextEllipsis(0, 0, a.W(), text, ink)
	}
	room := min(a.W()*2/5, free)
	n := 0
	for k, part := range s.Status {
		if k > 0 {
			part = draw.SegmentGap + part
		}
		if k > 0 && n+draw.Width(part) > room {
			break
		}
		if draw.Width(part) > room-n {
			part = draw.WithoutBrackets(part) // before a number is cut in two
		}
		n += a.TextEllipsis(n, 0, room-n, part, theme.StatusBar)
	}
	return n
}

// Start returns the cell where the hints that were drawn last begin.
func (l *Laid) Start() int { return l.x }

// At returns the key of the hint that was drawn last at cell x of the line, as Bubble Tea spells it, "" for none.
func (l *Laid) At(x int) string {
	from := l.x
	for _, b := range l.shown {
		to := from + widthOf([]key.Binding{b})
		if x >= from && x < to {
			return b.Keys()[0]
		}
		from = to + hintGap
	}
	return ""
}

// fit lays hints out, unless they lie there already.
func (l *Laid) fit(hints []key.Binding, room int, env *views.Env) {
	inks := [2]draw.Ink{env.Theme.KeyHint, env.Theme.StatusBar}
	same := func(h key.Help, b key.Binding) bool { return h == b.Help() }
	if l.room == room && l.inks == inks && slices.EqualFunc(l.hints, hints, same) {
		return
	}
	l.room, l.inks, l.hints = room, inks, l.hints[:0]
	for _, b := range hints {
		l.hints = append(l.hints, b.Help())
	}
	l.shown = chosen(enabled(hints), room)
	h := help.Model{
		ShortSeparator: strings.Repeat(" ", hintGap),
		Styles:         help.Styles{ShortKey: style.Style(env.Theme.KeyHint), ShortDesc: style.Style(env.Theme.StatusBar)},
	}
	line := h.ShortHelpView(l.shown)
	l.width = ansi.StringWidth(line)
	l.strip = draw.NewStrip(line, l.width)
}

// enabled leaves out hints without a key.
func enabled(hints []key.Binding) []key.Binding {
	return slices.DeleteFunc(slices.Clone(hints), func(b key.Binding) bool { return !b.Enabled() })
}

// chosen returns the hints that there is room for: the last one, and of those before it each that still fits, the first first.
func chosen(hints []key.Binding, room int) []key.Binding {
	if room -= widthOf(hints[max(len(hints)-1, 0):]); room < 0 || len(hints) == 0 {
		return nil
	}
	return slices.DeleteFunc(hints, func(b key.Binding) bool {
		if b.Help() == hints[len(hints)-1].Help() {
			return false
		}
		n := widthOf([]key.Binding{b}) + hintGap
		if n > room {
			return true
		}
		room -= n
		return false
	})
}

// widthOf returns the cells that hints take.
func widthOf(hints []key.Binding) int {
	n := 0
	for k, b := range hints {
		if k > 0 {
			n += hintGap
		}
		n += draw.Width(b.Help().Key) + 1 + draw.Width(b.Help().Desc)
	}
	return n
}
