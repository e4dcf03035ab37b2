package views

// Step returns by how many rows a command moves from a row among n, where a page and half a page are so many rows, and
// whether the window moves as far; 0 for a command that does not move.
func Step(c Command, row, n, page, half int) (by int, window bool) {
	switch c {
	case Down:
		return 1, false
	case Up:
		return -1, false
	case PageDown:
		return page, true
	case PageUp:
		return -page, true
	case HalfDown:
		return half, true
	case HalfUp:
		return -half, true
	case Top:
		return -row, false
	case Bottom:
		return n - 1 - row, false
	}
	return 0, false
}
