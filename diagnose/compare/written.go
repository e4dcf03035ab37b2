package compare

import (
	"fmt"
	"strconv"
)

// Units of time, in ns.
const (
	microsecond = int64(1000)
	millisecond = 1000 * microsecond
	second      = 1000 * millisecond
	minute      = 60 * second
	hour        = 60 * minute
	day         = 24 * hour
)

// Written writes a duration, in ns, as the columns of the screens do, so that one number reads alike in the sentences
// about two traces and in the rows beneath: three digits and a unit, from a minute on two units.
func Written(ns int64) string {
	if ns < 0 {
		return "-" + Written(-max(ns, -int64(^uint64(0)>>1)))
	}
	n := shown(ns)
	switch {
	case n < microsecond:
		return fmt.Sprintf("%d ns", n)
	case n < millisecond:
		return threeDigits(n, microsecond, false) + " µs"
	case n < second:
		return threeDigits(n, millisecond, false) + " ms"
	case n < minute:
		return threeDigits(n, second, true) + " s"
	case n < hour:
		return fmt.Sprintf("%d m %02d s", n/minute, n%minute/second)
	case n < day:
		return fmt.Sprintf("%d h %02d m", n/hour, n%hour/minute)
	case n < 100*day:
		return fmt.Sprintf("%d d %d h", n/day, n%day/hour)
	}
	return fmt.Sprintf("%d d", n/day)
}

// signedly is Written with a sign for what is more, too: "+2.80 s". For differences.
func signedly(ns int64) string {
	if ns > 0 {
		return "+" + Written(ns)
	}
	return Written(ns)
}

// shown rounds a duration, in ns, to what is left of it once it is written.
func shown(ns int64) int64 {
	if ns < 0 {
		return -shown(-max(ns, -int64(^uint64(0)>>1)))
	}
	step := int64(1)
	switch {
	case ns < minute-50*millisecond:
		for n := ns; n >= 1000; n /= 10 {
			step *= 10
		}
	case ns < hour-second/2:
		step = second
	case ns < day-minute/2:
		step = minute
	case ns < 100*day-hour/2:
		step = hour
	default:
		step = day
	}
	down := ns - ns%step
	if up := down + step; ns-down >= step-(ns-down) && up > 0 {
		return up
	}
	return down
}

// threeDigits writes n/unit, which has no more than three digits that are not zero: always all three, or those
// behind the point only where they say something.
func threeDigits(n, unit int64, fixed bool) string {
	decimals := 2
	if n >= 100*unit || n%unit == 0 && !fixed {
		decimals = 0
	} else if n >= 10*unit {
		decimals = 1
	}
	return strconv.FormatFloat(float64(n)/float64(unit), 'f', decimals, 64)
}
