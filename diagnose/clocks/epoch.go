package clocks

import "time"

// years that traces are from: nobody traced before, nor will for long.
var (
	firstYear = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano()
	lastYear  = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC).UnixNano()
)

// UnitOf returns the unit that a time since 1970 must be written in to lie in the years that traces are from, and how
// many nanoseconds it has; "" and 0 where no unit fits.
func UnitOf(at int64) (name string, nanos int64) {
	for _, unit := range [...]struct {
		name  string
		nanos int64
	}{{"nanoseconds", 1}, {"microseconds", 1_000}, {"milliseconds", 1_000_000}, {"seconds", 1_000_000_000}} {
		if at >= firstYear/unit.nanos && at < lastYear/unit.nanos {
			return unit.name, unit.nanos
		}
	}
	return "", 0
}
