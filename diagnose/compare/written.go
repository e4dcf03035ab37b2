package compare

import (
	"strconv"
	"strings"
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
		return strconv.FormatInt(n, 10) + " ns"
	case n < millisecond:
		return threeDigits(n, microsecond, false) + " µs"
	case n < second:
		return threeDigits(n, millisecond, false) + " ms"
	case n < minute:
		return threeDigits(n, second, true) + " s"
	case n < hour:
		return strconv.FormatInt(n/minute, 10) + " m " + twoDigits(n%minute/second) + " s"
	case n < day:
		return strconv.FormatInt(n/hour, 10) + " h " + twoDigits(n%hour/minute) + " m"
	case n < 100*day:
		return strconv.FormatInt(n/day, 10) + " d " + strconv.FormatInt(n%day/hour, 10) + " h"
	}
	return strconv.FormatInt(n/day, 10) + " d"
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
	if n >= 100*unit {
		decimals = 0
	} else if n >= 10*unit {
		decimals = 1
	}
	if decimals == 0 || n%unit == 0 && !fixed {
		return strconv.FormatInt(n/unit, 10)
	}
	rest := strconv.FormatInt(n%unit, 10)
	rest = strings.Repeat("0", len(strconv.FormatInt(unit, 10))-1-len(rest)) + rest
	return strconv.FormatInt(n/unit, 10) + "." + rest[:decimals]
}

func twoDigits(n int64) string {
	if n < 10 {
		return "0" + strconv.FormatInt(n, 10)
	}
	return strconv.FormatInt(n, 10)
}
