package compare

import "tracefall/diagnose/units"

// Written writes a duration, in ns, as the columns of the screens do, so that one number reads alike in the sentences
// about two traces and in the rows beneath.
func Written(ns int64) string { return units.Duration(ns, units.Column) }

// Signed is Written with a sign for what is more, too: "+2.80 s". For differences.
func Signed(ns int64) string {
	if ns > 0 {
		return "+" + Written(ns)
	}
	return Written(ns)
}

// AddUp reports whether parts sum to the whole as the numbers are written, which are rounded so.
func AddUp(rounded func(ns int64) int64, whole int64, parts ...int64) bool {
	var sum int64
	for _, part := range parts {
		sum += rounded(part)
	}
	return rounded(sum) == rounded(whole)
}

// Abs returns the size of a difference.
func Abs(n int64) int64 { return max(n, -n) }

// makes reports whether a part is so many percent of a whole, or more, whatever their signs: a hundred times the years that
// wrong clocks make a trace last are more than 64 bits hold.
func makes(part, whole int64, percent float64) bool {
	return 100*float64(Abs(part)) >= percent*float64(Abs(whole))
}
