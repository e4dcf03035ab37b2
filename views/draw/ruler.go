package draw

import (
	"math"
	"slices"
)

// labelGap is the least space between two labels of a ruler, in cells.
const labelGap = 2

// Ruler labels the scale on line y: its beginning at the left, its end at the
// right, round times between, each label starting at its time. Times are
// written as distances from zero (ns). It returns the ticks between that it
// labelled, for GridLines.
func (a Area) Ruler(y int, s Scale, zero int64, ink Ink) []Tick {
	if s.Width <= 0 || y < 0 || y >= a.h {
		return nil
	}
	from, to, ticks := s.labels(zero)
	if ticks == nil && s.Width < Width(from)+labelGap+Width(to) {
		a.Sub(0, y, s.Width, 1).TextEllipsis(0, 0, s.Width, from, ink)
		return nil
	}
	a.Text(0, y, from, ink)
	a.Text(s.Width-Width(to), y, to, ink)
	for _, t := range ticks {
		a.Text(t.Cell, y, t.Label, ink)
	}
	return ticks
}

// GridLines draws faint vertical lines at ticks over the height of the area, to be
// drawn over by bars.
func (a Area) GridLines(ticks []Tick, ink Ink) {
	glyph := '┊'
	if a.g != nil && a.g.ascii {
		glyph = '.'
	}
	for y := range a.h {
		for _, t := range ticks {
			a.rune(t.Cell, y, glyph, ink)
		}
	}
}

// RulerTicks returns the ticks that a ruler labels between its ends.
func (s Scale) RulerTicks(zero int64) []Tick {
	if s.Width <= 0 {
		return nil
	}
	_, _, ticks := s.labels(zero)
	return ticks
}

// labels returns the labels of a ruler's ends, and the ticks between that have room beside them.
func (s Scale) labels(zero int64) (from, to string, ticks []Tick) {
	from = label(roundTo(s.From, zero, s.extent()), zero)
	to = label(roundTo(int64(uint64(s.From)+s.extent()), zero, s.extent()), zero)
	left, right := Width(from)+labelGap, s.Width-Width(to)
	if right < left {
		return from, to, nil
	}
	return from, to, s.ticksBetween(zero, left, right)
}

// ticksBetween returns the most ticks whose labels have room between two cells.
func (s Scale) ticksBetween(zero int64, left, right int) []Tick {
	for limit := s.Width / 5; limit > 0; limit-- {
		ticks := s.Ticks(zero, limit)
		limit = min(limit, len(ticks))
		ticks = slices.DeleteFunc(ticks, func(t Tick) bool { return t.Cell < left || t.Cell+Width(t.Label)+labelGap > right })
		if len(ticks) > 0 && roomy(ticks) {
			return ticks
		}
	}
	return nil
}

func roomy(ticks []Tick) bool {
	for i := 1; i < len(ticks); i++ {
		if ticks[i-1].Cell+Width(ticks[i-1].Label)+labelGap > ticks[i].Cell {
			return false
		}
	}
	return true
}

// roundTo rounds a time to what can be told apart in a window of the given
// extent: a power of ten, a thousandth to a hundredth of it. The distance from
// zero is what gets round.
func roundTo(t, zero int64, extent uint64) int64 {
	quantum := uint64(1)
	for extent/quantum >= 1000 {
		quantum *= 10
	}
	up := t >= zero
	n, most := uint64(t)-uint64(zero), uint64(math.MaxInt64)-uint64(zero)
	if !up {
		n, most = -n, uint64(zero)-uint64(1<<63)
	}
	rest := n % quantum
	n -= rest
	if rest >= quantum-rest && most-n >= quantum {
		n += quantum
	}
	if !up {
		n = -n
	}
	return int64(uint64(zero) + n)
}
