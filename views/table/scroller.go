package table

import "tracefall/views"

// Scroller is a cursor in a column of rows and the window of them that is on screen.
type Scroller struct {
	Row, Top int
	Height   int // rows on screen, as last drawn
	First    int // line of the screen where the first of them was drawn last
}

// margin is how many rows stay visible before and after the cursor, where there is room.
const margin = 2

// step returns by how many rows a command moves from a row among n, of which height show, and whether the window moves
// as far; false for a command that does not move.
func step(c views.Command, row, n, height int) (by int, window, ok bool) {
	page := max(height-1, 1)
	switch c {
	case views.Down:
		return 1, false, true
	case views.Up:
		return -1, false, true
	case views.PageDown:
		return page, true, true
	case views.PageUp:
		return -page, true, true
	case views.HalfDown:
		return max(page/2, 1), true, true
	case views.HalfUp:
		return -max(page/2, 1), true, true
	case views.Top:
		return -row, false, true
	case views.Bottom:
		return n - 1 - row, false, true
	}
	return 0, false, false
}

// Move carries out a command that moves the cursor among n rows; false for any other command.
func (s *Scroller) Move(c views.Command, n int) bool {
	by, window, ok := step(c, s.Row, n, s.Height)
	if !ok {
		return false
	}
	s.Row += by
	if window {
		s.Top += by
	}
	s.Clamp(n)
	return true
}

// Wheel scrolls the window and takes the cursor along.
func (s *Scroller) Wheel(rows, n int) {
	s.Top = max(min(s.Top+rows, n-s.Height), 0)
	low, high := s.Top, s.Top+s.Height-1
	if s.Top > 0 {
		low += s.margin()
	}
	if s.Top+s.Height < n {
		high -= s.margin()
	}
	s.Row = max(min(s.Row, high), low)
	s.Clamp(n)
}

func (s *Scroller) margin() int { return min(margin, max(s.Height-1, 0)/2) }

// Clamp keeps the cursor among n rows and the window around it.
func (s *Scroller) Clamp(n int) {
	s.Row = max(min(s.Row, n-1), 0)
	s.Top = max(min(s.Top, s.Row-s.margin()), s.Row+s.margin()-s.Height+1)
	s.Top = max(min(s.Top, n-s.Height), 0)
}

// Fit takes the height that the rows are drawn with.
func (s *Scroller) Fit(height, n int) {
	s.Height = max(height, 0)
	s.Clamp(n)
}
