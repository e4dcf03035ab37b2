package units

import (
	"math"
	"testing"
)

func TestPercent(t *testing.T) {
	for _, c := range []struct {
		part, whole int64
		want        string
	}{
		{0, 5, "0 %"}, {1, 1000, "< 1 %"}, {-1, 1000, "< 1 %"}, {-96, 100, "-96 %"}, {999, 1000, "> 99 %"}, {5, 5, "100 %"}, {5, 0, "–"}, {1, -5, "–"},
		{12_000, 1000, "1,200 %"}, {math.MinInt64, math.MaxInt64, "-100 %"},
	} {
		if got := Percent(c.part, c.whole); got != c.want {
			t.Errorf("%d of %d is %q, want %q", c.part, c.whole, got, c.want)
		}
	}
}

func TestPercentOf(t *testing.T) {
	for share, want := range map[float64]string{
		0: "0 %", -1: "0 %", 1e-12: "< 1 %", 0.4946: "49 %", 0.495: "50 %", 1 - 1e-12: "> 99 %", 1: "100 %", 1.5: "100 %",
	} {
		if got := PercentOf(share); got != want {
			t.Errorf("%v is %q, want %q", share, got, want)
		}
	}
}
