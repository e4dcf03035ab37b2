package draw

import (
	"math"
	"strconv"
	"strings"

	"tracefall/diagnose/units"
)

// Tick is one labelled position of a time scale.
type Tick struct {
	At    int64  // ns
	Cell  int    // 0 to Width-1
	Label string // the time since zero
}

// wideSteps are the round steps above a second, in ns. Below, steps are 1, 2
// and 5 times a power of ten.
var wideSteps = [...]uint64{
	units.Second, 2 * units.Second, 5 * units.Second, 10 * units.Second, 15 * units.Second, 30 * units.Second,
	units.Minute, 2 * units.Minute, 5 * units.Minute, 10 * units.Minute, 15 * units.Minute, 30 * units.Minute,
	units.Hour, 2 * units.Hour, 3 * units.Hour, 6 * units.Hour, 12 * units.Hour, units.Day,
}

// step returns the smallest round step of at least ns.
func step(ns uint64) uint64 {
	if ns <= units.Second/2 {
		return decimal(ns)
	}
	for _, s := range wideSteps {
		if s >= ns {
			return s
		}
	}
	days := decimal((ns-1)/units.Day + 1)
	if days > math.MaxUint64/units.Day {
		return math.MaxUint64
	}
	return days * units.Day
}

// decimal returns the smallest of 1, 2, 5, 10, 20 … that is at least n.
func decimal(n uint64) uint64 {
	for unit := uint64(1); ; unit *= 10 {
		for _, m := range [...]uint64{1, 2, 5} {
			if m*unit >= n {
				return m * unit
			}
		}
	}
}

// Ticks returns at most limit ticks at round distances from zero (ns),
// ascending, in different cells and with different labels.
func (s Scale) Ticks(zero int64, limit int) []Tick {
	if limit <= 0 || s.Width <= 0 {
		return nil
	}
	limit = min(limit, s.Width)
	by := step((s.extent()-1)/uint64(limit) + 1)
	ticks := s.ticksBy(zero, by)
	for len(ticks) > limit && by < math.MaxUint64 {
		by = step(by + 1)
		ticks = s.ticksBy(zero, by)
	}
	return ticks[:min(len(ticks), limit)]
}

// ticksBy returns the ticks at multiples of a step. There are few of them: the
// step is of the order of the extent.
func (s Scale) ticksBy(zero int64, by uint64) []Tick {
	first, ok := firstTick(s.From, zero, by)
	if !ok {
		return nil
	}
	last := uint64(s.From) + s.extent()
	var ticks []Tick
	for offset := first - uint64(s.From); offset <= last-uint64(s.From); offset += by {
		at := int64(uint64(s.From) + offset)
		ticks = append(ticks, Tick{At: at, Cell: s.Cell(at), Label: label(at, zero)})
		if offset+by < offset {
			break
		}
	}
	return ticks
}

// firstTick returns the first time from `from` on that is a multiple of by
// away from zero, as the bits of an int64, and whether there is one.
func firstTick(from, zero int64, by uint64) (uint64, bool) {
	if from >= zero {
		rest := (uint64(from) - uint64(zero)) % by
		if rest == 0 {
			return uint64(from), true
		}
		at := int64(uint64(from) + by - rest)
		return uint64(at), at > from
	}
	return uint64(from) + (uint64(zero)-uint64(from))%by, true
}

// label writes the exact distance from zero. Round distances have short
// labels, and no two distances the same.
func label(at, zero int64) string {
	if at == zero {
		return "0"
	}
	sign, n := "", uint64(at)-uint64(zero)
	if at < zero {
		sign, n = "-", -n
	}
	var parts []string
	for _, u := range [...]struct {
		unit uint64
		name string
	}{{units.Day, " d"}, {units.Hour, " h"}, {units.Minute, " m"}} {
		if n >= u.unit {
			parts = append(parts, strconv.FormatUint(n/u.unit, 10)+u.name)
			n %= u.unit
		}
	}
	if n > 0 {
		parts = append(parts, subMinute(n, len(parts) > 0))
	}
	return sign + strings.Join(parts, " ")
}

// subMinute writes a time of less than a minute in one unit.
func subMinute(n uint64, inSeconds bool) string {
	unit, name := uint64(units.Second), " s"
	switch {
	case n >= units.Second || inSeconds:
	case n >= units.Millisecond:
		unit, name = units.Millisecond, " ms"
	case n >= units.Microsecond:
		unit, name = units.Microsecond, " µs"
	default:
		unit, name = 1, " ns"
	}
	decimals := 0
	for d := unit; d > 1 && n%d != 0; d /= 10 {
		decimals++
	}
	for range decimals {
		unit /= 10
	}
	return string(units.AppendDecimal(nil, n/unit, decimals, true)) + name
}
