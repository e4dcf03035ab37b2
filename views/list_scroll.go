package views

// scroller is a cursor in a column of rows and the window of them that is on screen.
type scroller struct {
	row, top int
	height   int // rows on screen, as last drawn
}

// margin is how many rows stay visible before and after the cursor, where there is room.
const margin = 2

// move carries out a command that moves the cursor among n rows; false for any other command.
func (s *scroller) move(c Command, n int) bool {
	page := max(s.height-1, 1)
	switch c {
	case Down:
		s.row++
	case Up:
		s.row--
	case PageDown:
		s.row, s.top = s.row+page, s.top+page
	case PageUp:
		s.row, s.top = s.row-page, s.top-page
	case HalfDown:
		s.row, s.top = s.row+max(page/2, 1), s.top+max(page/2, 1)
	case HalfUp:
		s.row, s.top = s.row-max(page/2, 1), s.top-max(page/2, 1)
	case Top:
		s.row = 0
	case Bottom:
		s.row = n - 1
	default:
		return false
	}
	s.clamp(n)
	return true
}

// canMove is Can for the commands of move: "" for those that have rows to move among.
func (s *scroller) canMove(c Command, n int, empty string) (reason string, known bool) {
	probe := scroller{}
	if !probe.move(c, 0) {
		return NotHere, false
	}
	if n == 0 {
		return empty, true
	}
	return "", true
}

// wheel scrolls the window and takes the cursor along.
func (s *scroller) wheel(rows, n int) {
	s.top = max(min(s.top+rows, n-s.height), 0)
	low, high := s.top, s.top+s.height-1
	if s.top > 0 {
		low += s.margin()
	}
	if s.top+s.height < n {
		high -= s.margin()
	}
	s.row = max(min(s.row, high), low)
	s.clamp(n)
}

func (s *scroller) margin() int { return min(margin, max(s.height-1, 0)/2) }

// clamp keeps the cursor among n rows and the window around it.
func (s *scroller) clamp(n int) {
	s.row = max(min(s.row, n-1), 0)
	s.top = max(min(s.top, s.row-s.margin()), s.row+s.margin()-s.height+1)
	s.top = max(min(s.top, n-s.height), 0)
}

// fit takes the height that the rows are drawn with.
func (s *scroller) fit(height, n int) {
	s.height = max(height, 0)
	s.clamp(n)
}
