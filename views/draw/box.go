package draw

// Box draws a border around the area, with a title in its top line, and
// returns the area inside. What was there is blanked. An area without room
// for a border is blanked and returned whole.
func (a Area) Box(title string, border, titleInk Ink) Area {
	a.Fill(Ink{BG: border.BG})
	if a.w < 3 || a.h < 3 {
		return a
	}
	r, b := a.w-1, a.h-1
	a.HLine(1, 0, a.w-2, border)
	a.HLine(1, b, a.w-2, border)
	a.VLine(0, 1, a.h-2, border)
	a.VLine(r, 1, a.h-2, border)
	a.rune(0, 0, '┌', border)
	a.rune(r, 0, '┐', border)
	a.rune(0, b, '└', border)
	a.rune(r, b, '┘', border)
	if title != "" && a.w >= 7 {
		n := a.TextEllipsis(3, 0, a.w-6, title, titleInk)
		a.rune(2, 0, ' ', border)
		a.rune(3+n, 0, ' ', border)
	}
	return a.Inset(1, 1)
}

// Scrollbar draws into column x which part of total lines the area shows,
// first being the topmost: a thick line on a thin one. Nothing is drawn where
// all lines are visible.
func (a Area) Scrollbar(x, first, total int, track, thumb Ink) {
	if total <= a.h || a.h == 0 {
		return
	}
	a.VLine(x, 0, a.h, track)
	size := max(a.h*a.h/total, 1)
	at := min(max(first, 0), total-a.h)
	top := at * (a.h - size) / (total - a.h)
	if at > 0 && top == 0 && a.h > size {
		top = 1 // not at the beginning: say so
	}
	for y := range size {
		a.rune(x, top+y, '┃', thumb)
	}
}

// Progress draws a bar of width cells of which part/whole is full. It is full
// only when part has reached whole.
func (a Area) Progress(x, y, width int, part, whole int64, full, empty Ink) {
	row := a.Sub(x, y, width, 1)
	if row.Empty() {
		return
	}
	for i := range row.w {
		row.rune(i, 0, '░', empty)
	}
	s := Scale{From: 0, To: max(whole, 1), Width: row.w}
	n := s.Eighth(part)
	if whole <= 0 {
		n = 0
	}
	if n == 0 && part <= 0 {
		return
	}
	row.Bar(0, 0, 0, n, BarSolid, full)
}
