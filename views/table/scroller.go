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

// step is views.Step for rows of which height show.
func step(c views.Command, row, n, height int) (by int, window bool) {
	page := max(height-1, 1)
	return views.Step(c, row, n, page, max(page/2, 1))
}

// Move carries out a command that moves the cursor among n rows.
func (s *Scroller) Move(c views.Command, n int) {
	by, window := step(c, s.Row, n, s.Height)
	s.Row += by
	if window {
		s.Top += by
	}
	s.Clamp(n)
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

// Next returns the next of n rows that is what is looked for, or the one before, around the end; the row of the cursor
// comes last. It is -1 for none.
func (s *Scroller) Next(n int, forward bool, is func(row int) bool) int {
	step := 1
	if !forward {
		step = n - 1
	}
	for k := 1; k <= n; k++ {
		if row := (s.Row + k*step) % n; is(row) {
			return row
		}
	}
	return -1
}

// Fit takes the height that the rows are drawn with.
func (s *Scroller) Fit(height, n int) {
	s.Height = max(height, 0)
	s.Clamp(n)
}
