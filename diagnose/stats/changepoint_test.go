package stats_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"tracefall/diagnose/stats"
)

func TestPettitt(t *testing.T) {
	for _, tt := range []struct {
		name   string
		series []float64
		before int
		most   float64 // of p
	}{
		{"nothing", nil, 0, 1},
		{"all alike", []float64{3, 3, 3, 3, 3, 3}, 0, 1},
		{"a step", []float64{1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 9, 8, 9, 8, 9, 8, 9, 8, 9, 8}, 10, 0.002},
		{"a step down", []float64{9, 8, 9, 8, 9, 8, 1, 2, 1, 2, 1, 2}, 0, 1},
	} {
		before, p := stats.Pettitt(tt.series)
		if before != tt.before || p > tt.most {
			t.Errorf("%s: change after %d, p %g; want after %d, p at most %g", tt.name, before, p, tt.before, tt.most)
		}
	}
	// K of ten ones and ten twos is 100: 2 exp(−6·100²/(20³+20²)).
	halves := make([]float64, 20)
	for i := range halves {
		halves[i] = float64(1 + i/10)
	}
	if _, p := stats.Pettitt(halves); math.Abs(p-2*math.Exp(-6*100*100/8400.0)) > 1e-12 {
		t.Errorf("p of two halves is %g", p)
	}
}

// TestPettittChance: the approximation is no smaller than how often chance does as much.
func TestPettittChance(t *testing.T) {
	const runs, level = 2000, 0.05
	r := rand.New(rand.NewPCG(1, 2))
	found := 0
	for range runs {
		series := make([]float64, 40)
		for i := range series {
			series[i] = r.Float64()
		}
		if _, p := stats.Pettitt(series); p < level {
			found++
		}
	}
	if found > level*runs {
		t.Errorf("%d of %d series of chance have p below %g", found, runs, level)
	}
}
