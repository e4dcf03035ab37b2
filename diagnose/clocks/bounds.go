package clocks

// bounds are between what, in nanoseconds, must be added to one clock to be on another, by so many calls.
type bounds struct {
	low, high int64
	calls     int
}

// reverse returns the bounds of what must be added to the other clock.
func (b bounds) reverse() bounds { return bounds{-b.high, -b.low, b.calls} }

// proven reports whether the bounds exclude zero, and the offset and error that they leave.
func (b bounds) proven() (offset, half int64, ok bool) {
	if b.low > b.high || b.low <= 0 && b.high >= 0 {
		return 0, 0, false
	}
	return b.low + (b.high-b.low)/2, (b.high - b.low + 1) / 2, true
}

func abs(n int64) int64 { return max(n, -n) }
