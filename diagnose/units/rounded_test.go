package units

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// TestRounded: what a duration is rounded to is what its text says.
func TestRounded(t *testing.T) {
	column := func(ns int64) string { return Duration(ns, Column) }
	fixed := func(ns int64) string { return Duration(ns, Fixed) }
	fine, coarse := func(ns int64) string { return Aligned(ns, false) }, func(ns int64) string { return Aligned(ns, true) }
	r := rand.New(rand.NewPCG(6, 1))
	check := func(ns int64) {
		for _, c := range []struct {
			write func(int64) string
			got   int64
		}{
			{column, Rounded(ns)}, {fixed, Rounded(ns)}, {fine, RoundedAligned(ns, false)}, {coarse, RoundedAligned(ns, true)},
		} {
			text := c.write(ns)
			if c.got != read(t, text) {
				t.Fatalf("%d ns are written %q and rounded to %d", ns, text, c.got)
			}
			if off := max(c.got-ns, ns-c.got); off > max(ns, -ns)/20+1 && off > Millisecond/20 {
				t.Fatalf("%d ns are rounded to %d", ns, c.got)
			}
		}
	}
	for range 50_000 {
		check((r.Int64N(1<<61) >> r.IntN(60)) * (1 - 2*r.Int64N(2)))
	}
	// Around each place where another unit or number of decimals begins.
	for _, at := range []int64{
		Microsecond, Millisecond / 10, Millisecond, Second, 10 * Second, Minute, Hour, Day, 100 * Day,
	} {
		for _, half := range []int64{0, 1, 50, 500, 50_000, 500_000, 5 * Millisecond, 50 * Millisecond, Second / 2, Minute / 2, Hour / 2, Day / 2} {
			for _, ns := range []int64{at - half - 1, at - half, at - half + 1, at + half} {
				check(ns)
			}
		}
	}
}

// read returns the nanoseconds that a text says: "-404 ms", "17.60 s", "1 m 05 s".
func read(t *testing.T, text string) int64 {
	lengths := map[string]float64{"ns": 1, "µs": Microsecond, "ms": Millisecond, "s": Second, "m": Minute, "h": Hour, "d": Day}
	amount, negative := strings.CutPrefix(text, "-")
	sum := 0.0
	for words := strings.Fields(amount); len(words) > 1; words = words[2:] {
		n, err := strconv.ParseFloat(words[0], 64)
		if err != nil || lengths[words[1]] == 0 {
			t.Fatalf("%q is no duration", text)
		}
		sum += n * lengths[words[1]]
	}
	if negative {
		sum = -sum
	}
	return int64(math.Round(sum))
}
