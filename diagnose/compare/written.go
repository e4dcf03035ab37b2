package compare

import (
	"math"
	"strconv"
	"strings"

	"tracefall/diagnose/units"
)

// Written writes a duration, in ns, as the columns of the screens do, so that one number reads alike in the sentences
// about two traces and in the rows beneath.
func Written(ns int64) string { return units.Duration(ns, units.Column) }

// signedly is Written with a sign for what is more, too: "+2.80 s". For differences.
func signedly(ns int64) string {
	if ns > 0 {
		return "+" + Written(ns)
	}
	return Written(ns)
}

// AddUp reports whether parts sum to the whole as the numbers are written.
func AddUp(write func(ns int64) string, whole int64, parts ...int64) bool {
	var sum int64
	for _, part := range parts {
		sum += read(write(part))
	}
	return write(sum) == write(whole)
}

// read returns the nanoseconds of what Written and columns write: "-404 ms", "+17.60 s", "1 m 05 s".
func read(text string) int64 {
	amount, ns := strings.TrimLeft(text, "+-"), 0.0
	for words := strings.Fields(amount); len(words) > 1; words = words[2:] {
		n, _ := strconv.ParseFloat(words[0], 64)
		ns += n * unitLengths[words[1]]
	}
	if strings.HasPrefix(text, "-") {
		ns = -ns
	}
	return int64(math.Round(ns))
}

var unitLengths = map[string]float64{
	"ns": 1, "µs": units.Microsecond, "ms": units.Millisecond, "s": units.Second, "m": units.Minute, "h": units.Hour, "d": units.Day,
}

// Abs returns the size of a difference.
func Abs(n int64) int64 { return max(n, -n) }
