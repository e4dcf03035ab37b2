package table

import (
	"tracefall/views"
	"tracefall/views/draw"
)

// DrawRows draws those of n rows that are on screen into an area whose first line is line y of the screen, and the
// scrollbar. The row of the cursor is marked in the column mark, -1 for none, and painted where it is strong.
func (s *Scroller) DrawRows(a draw.Area, y, n, mark int, strong bool, env *views.Env, row func(line draw.Area, i int)) {
	theme := env.Theme
	s.First = y
	for at := 0; at < a.H() && s.Top+at < n; at++ {
		line := a.Row(at)
		row(line, s.Top+at)
		if s.Top+at != s.Row {
			continue
		}
		if mark >= 0 {
			line.Mark(mark, 0, theme.Glyphs.Selection, theme.Accent)
		}
		if strong {
			theme.Select(line)
		}
	}
	a.Scrollbar(a.W()-1, s.Top, n, theme.Border, theme.Scrollbar)
}

// RowAt returns which of n rows was drawn last in line y of the screen.
func (s *Scroller) RowAt(y, n int) (row int, ok bool) {
	row = s.Top + y - s.First
	return row, y >= s.First && y < s.First+s.Height && row < n
}

// Click takes a turn of the wheel, or puts the cursor on the row that was clicked. It reports whether there was one.
func (s *Scroller) Click(m views.Mouse, n int) bool {
	if m.Wheel != 0 {
		s.Wheel(m.Wheel, n)
		return false
	}
	row, ok := s.RowAt(m.Y, n)
	if ok {
		s.Row = row
		s.Clamp(n)
	}
	return ok
}

// Box is a rectangle of the screen.
type Box struct{ X, Y, W, H int }

// Contains reports whether a cell of the screen is in the box.
func (b Box) Contains(x, y int) bool { return x >= b.X && x < b.X+b.W && y >= b.Y && y < b.Y+b.H }

// In returns the part of the screen that the box is.
func (b Box) In(screen draw.Area) draw.Area { return screen.Sub(b.X, b.Y, b.W, b.H) }

// Overlay is rows in a box over the middle of the screen.
type Overlay struct {
	Scroller
	Box Box // where it was drawn last
}

// Sizes of an overlay at most, in cells and lines.
const (
	overlayWidth  = 110
	OverlayHeight = 22
)

// Frame draws the box, with h lines where there is room, and returns what is in it; its first line is line y of the
// screen.
func (o *Overlay) Frame(a draw.Area, h int, title string, env *views.Env) (in draw.Area, y int) {
	w := min(a.W(), overlayWidth)
	if a.W() > 60 {
		w = min(w, a.W()-4)
	}
	h = min(a.H(), h, OverlayHeight)
	o.Box = Box{(a.W() - w) / 2, min(max((a.H()-h)/4, 0), 3), w, h}
	in = o.Box.In(a).Box(title, env.Theme.Border, env.Theme.Title)
	return in, o.Box.Y + min(h-in.H(), 1)
}

// Choose takes a mouse event: a click on one of n rows chooses it, one beside the box closes it, the wheel scrolls.
func (o *Overlay) Choose(m views.Mouse, n int, choose func() views.Action) views.Action {
	switch {
	case m.Wheel == 0 && !o.Box.Contains(m.X, m.Y):
		return views.Leave{}
	case o.Click(m, n):
		return choose()
	}
	return nil
}

// Page is lines that scroll, without a cursor.
type Page struct{ Top, height int }

// Scroll moves a page of n lines.
func (p *Page) Scroll(c views.Command, n int) {
	by, _ := step(c, p.Top, n, p.height)
	p.Turn(by, n)
}

// Turn moves a page of n lines by some lines.
func (p *Page) Turn(lines, n int) { p.Top = max(min(p.Top+lines, n-p.height), 0) }

// DrawLines draws those of n lines that are on screen, and the scrollbar.
func (p *Page) DrawLines(a draw.Area, n int, env *views.Env, line func(y, n int)) {
	p.height = a.H()
	p.Turn(0, n)
	for y := 0; y < a.H() && p.Top+y < n; y++ {
		line(y, p.Top+y)
	}
	a.Scrollbar(a.W()-1, p.Top, n, env.Theme.Border, env.Theme.Scrollbar)
}

// Shown says which of n lines are shown.
func (p *Page) Shown(n int) string {
	if n <= p.height {
		return "all shown"
	}
	return "lines " + draw.Count(p.Top+1) + "–" + draw.Count(min(p.Top+p.height, n)) + " of " + draw.Count(n)
}
