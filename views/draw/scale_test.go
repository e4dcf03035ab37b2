package draw

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose/units"
)

// randomScale returns scales of all magnitudes, at all offsets.
func randomScale(r *rand.Rand) Scale {
	from := int64(r.Uint64()) >> r.IntN(64)
	to := from + int64(r.Uint64()>>1>>r.IntN(63))
	if to < from {
		to = math.MaxInt64
	}
	return Scale{From: from, To: to, Width: 1 + r.IntN(300)}
}

func TestEighth(t *testing.T) {
	s := Scale{From: 1000, To: 2000, Width: 10}
	for at, want := range map[int64]int{
		math.MinInt64: 0, 999: 0, 1000: 0, 1012: 0, 1013: 1, 1100: 8, 1500: 40, 1999: 79, 2000: 80, math.MaxInt64: 80,
	} {
		if got := s.Eighth(at); got != want {
			t.Errorf("Eighth(%d) = %d, want %d", at, got, want)
		}
	}
	all := Scale{From: math.MinInt64, To: math.MaxInt64, Width: 100}
	if got := all.Eighth(0); got != 400 {
		t.Errorf("the middle of all time is at %d, want 400", got)
	}
	if got := (Scale{From: 5, To: 5, Width: 3}).Eighth(6); got != 24 {
		t.Errorf("the end of an empty scale is at %d, want 24", got)
	}
}

func TestEighthIsMonotone(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 500 {
		s := randomScale(r)
		times := []int64{math.MinInt64, s.From, s.To, math.MaxInt64}
		for range 20 {
			times = append(times, int64(r.Uint64()), s.From+int64(r.Uint64N(s.extent())))
		}
		slices.Sort(times)
		last := 0
		for _, at := range times {
			e := s.Eighth(at)
			if e < last || e > 8*s.Width {
				t.Fatalf("%+v: Eighth(%d) = %d after %d", s, at, e, last)
			}
			last = e
		}
		for cell := range s.Width {
			if at := s.At(cell); at < s.From || at > s.To || s.Cell(at) > cell {
				t.Fatalf("%+v: cell %d begins at %d, which is in cell %d", s, cell, at, s.Cell(at))
			}
		}
	}
}

// roundStep reports whether a distance of ticks is one people count in.
func roundStep(ns uint64) bool {
	if ns > units.Day && ns%units.Day == 0 {
		ns /= units.Day
	} else if slices.Contains(wideSteps[:], ns) {
		return true
	} else if ns > units.Second {
		return false
	}
	for ns%10 == 0 {
		ns /= 10
	}
	return ns == 1 || ns == 2 || ns == 5
}

func TestTicksAreRoundAndDistinct(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 3000 {
		s := randomScale(r)
		zero := s.From
		if r.IntN(2) == 0 {
			zero = int64(r.Uint64()) >> r.IntN(64)
		}
		limit := r.IntN(20)
		ticks := s.Ticks(zero, limit)
		if len(ticks) > limit {
			t.Fatalf("%+v: %d ticks, at most %d wanted", s, len(ticks), limit)
		}
		labels := map[string]bool{}
		for i, tick := range ticks {
			if tick.At < s.From || tick.At > s.To && s.To > s.From || tick.Cell != s.Cell(tick.At) || labels[tick.Label] {
				t.Fatalf("%+v from %d: tick %d %+v", s, zero, i, tick)
			}
			labels[tick.Label] = true
			if i == 0 {
				continue
			}
			by := uint64(tick.At) - uint64(ticks[i-1].At)
			if !roundStep(by) || ticks[i-1].Cell >= tick.Cell {
				t.Fatalf("%+v from %d: ticks %d ns apart: %+v", s, zero, by, ticks)
			}
		}
	}
}

func TestTicks(t *testing.T) {
	for _, tt := range []struct {
		name     string
		from, to int64
		limit    int
		want     string
	}{
		{"seconds", 0, 5_020_000_000, 6, "0|1 s|2 s|3 s|4 s|5 s"},
		{"fractions", 0, 1_200_000_000, 7, "0|200 ms|400 ms|600 ms|800 ms|1 s|1.2 s"},
		{"a deep zoom", 4_123_450_000, 4_123_480_000, 4, "4.12345 s|4.12346 s|4.12347 s|4.12348 s"},
		{"minutes", 0, 150 * units.Second, 6, "0|30 s|1 m|1 m 30 s|2 m|2 m 30 s"},
		{"hours", 0, 7 * units.Hour, 4, "0|2 h|4 h|6 h"},
		{"an hour and nanoseconds", units.Hour + 10, units.Hour + 13, 4, "1 h 0.00000001 s|1 h 0.000000011 s|1 h 0.000000012 s|1 h 0.000000013 s"},
		{"before zero", -300_000, 300_000, 4, "-200 µs|0|200 µs"},
		{"all time in one", math.MinInt64, math.MaxInt64, 1, "0"},
		{"all time", math.MinInt64, math.MaxInt64, 3, "-100000 d|0|100000 d"},
		{"days", 0, 40 * units.Day, 5, "0|10 d|20 d|30 d|40 d"},
	} {
		s := Scale{From: tt.from, To: tt.to, Width: 100}
		var labels []string
		for _, tick := range s.Ticks(0, tt.limit) {
			labels = append(labels, tick.Label)
		}
		if got := strings.Join(labels, "|"); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
	}
}

func TestRuler(t *testing.T) {
	for _, tt := range []struct {
		from, to, zero int64
		width          int
		want           string
	}{
		{0, 5_020_000_000, 0, 51, "0         1 s       2 s       3 s       4 s  5.02 s"},
		{0, 5_023_456_789, 0, 30, "0    1 s   2 s   3 s    5.02 s"},
		{0, 153_000_000, 0, 22, "0      50 ms    153 ms"}, // 150 ms has no room, which leaves it to 50 ms
		{1_700_000_000_000_000_000, 1_700_000_000_012_000_000, 1_700_000_000_000_000_000, 40, "0     2 ms   4 ms   6 ms  8 ms     12 ms"},
		{4_123_456_789, 4_123_496_789, 0, 60, "4.1234568 s        4.12347 s      4.12348 s      4.1234968 s"},
		{0, 5_020_000_000, 0, 9, "0  5.02 s"},
		{0, 5_020_000_000, 0, 6, "0     "},
		{4_123_456_789, 4_123_496_789, 0, 8, "…       "},
		{0, 5_020_000_000, 0, 1, "0"},
		{0, 90 * units.Minute, 0, 50, "0       15 m    30 m     45 m    1 h      1 h 30 m"},
	} {
		g := NewGrid(tt.width, 1)
		g.All().Ruler(0, Scale{From: tt.from, To: tt.to, Width: tt.width}, tt.zero, Ink{})
		if got := g.Plain(); got != tt.want {
			t.Errorf("%d–%d in %d cells:\n got %q\nwant %q", tt.from, tt.to, tt.width, got, tt.want)
		}
	}
}

// TestTicksEnd has the scales whose round steps do not fit into 64 bits.
func TestTicksEnd(t *testing.T) {
	s := Scale{From: math.MinInt64, To: math.MaxInt64, Width: 100}
	for _, zero := range []int64{math.MinInt64, 0, math.MaxInt64} {
		for limit := range 4 {
			if got := s.Ticks(zero, limit); len(got) > limit || limit > 0 && len(got) == 0 {
				t.Errorf("%d ticks from %d, at most %d wanted", len(got), zero, limit)
			}
		}
	}
}
