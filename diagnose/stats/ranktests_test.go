package stats_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tracefall/diagnose/stats"
)

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if math.IsNaN(got) || math.Abs(got-want) > tolerance {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

// TestMannWhitneyExact compares with the share of all arrangements that are at least as uneven.
func TestMannWhitneyExact(t *testing.T) {
	for _, c := range [][2][]float64{
		{{1, 2, 3}, {4, 5, 6}},
		{{1, 4, 5, 8}, {2, 3, 6, 7}},
		{{0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46}, {1.15, 0.88, 0.9, 0.74, 1.21}},
	} {
		x, y := c[0], c[1]
		got := stats.MannWhitney(x, y)
		all := slices.Concat(x, y)
		mean := float64(len(x)*len(y)) / 2
		extreme, total := 0, 0
		for set := range 1 << len(all) {
			var a, b []float64
			for i, v := range all {
				if set>>i&1 == 0 {
					a = append(a, v)
				} else {
					b = append(b, v)
				}
			}
			if len(b) != len(y) {
				continue
			}
			total++
			if math.Abs(larger(a, b)-mean) >= math.Abs(larger(x, y)-mean)-1e-9 {
				extreme++
			}
		}
		near(t, "U", got.U, larger(x, y), 0)
		near(t, "P", got.P, float64(extreme)/float64(total), 1e-12)
	}
}

func larger(x, y []float64) float64 {
	u := 0.0
	for _, a := range x {
		for _, b := range y {
			switch {
			case b > a:
				u++
			case b == a:
				u += 0.5
			}
		}
	}
	return u
}

func TestMannWhitneyApproximate(t *testing.T) {
	var x, y []float64
	for i := range 30 {
		x, y = append(x, float64(i)), append(y, float64(i)+0.5)
	}
	got := stats.MannWhitney(x, y)
	near(t, "U", got.U, larger(x, y), 0)
	near(t, "P", got.P, 0.8303, 0.0005) // U = 465 of 900: z = 14.5/√4575 = 0.2144
	tied := stats.MannWhitney([]float64{1, 1, 2, 2, 3}, []float64{2, 3, 3, 4, 4})
	near(t, "U with ties", tied.U, larger([]float64{1, 1, 2, 2, 3}, []float64{2, 3, 3, 4, 4}), 0)
	near(t, "P with ties", tied.P, 0.0524, 0.0005) // U = 22: z = 9/√(25/12·(11 − 60/90)) = 1.9397
	near(t, "P of one value", stats.MannWhitney([]float64{7, 7, 7}, []float64{7, 7}).P, 1, 0)
	near(t, "P of nothing", stats.MannWhitney(nil, []float64{1}).P, 1, 0)
}

func TestHodgesLehmann(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		x, y := sample(r, 1+r.IntN(12)), sample(r, 1+r.IntN(12))
		var differences []float64
		for _, a := range x {
			for _, b := range y {
				differences = append(differences, b-a)
			}
		}
		slices.Sort(differences)
		want := differences[(len(differences)+1)/2-1]
		if got := stats.HodgesLehmann(x, y); got != want {
			t.Fatalf("HodgesLehmann(%v, %v) = %v, want %v", x, y, got, want)
		}
	}
	near(t, "of nothing", stats.HodgesLehmann(nil, nil), 0, 0)
}

func sample(r *rand.Rand, n int) []float64 {
	list := make([]float64, n)
	for i := range list {
		list[i] = math.Round(r.NormFloat64()*20) / 4
	}
	return list
}

func TestFisherExact(t *testing.T) {
	near(t, "the lady tasting tea", stats.FisherExact(3, 4, 1, 4), 17.0/70, 1e-12)
	near(t, "all of them", stats.FisherExact(4, 4, 0, 4), 1.0/70, 1e-12)
	near(t, "at least none", stats.FisherExact(0, 4, 3, 4), 1, 1e-12)
	near(t, "12 of 31, none of 64", stats.FisherExact(12, 31, 0, 64), choose(31, 12)/choose(95, 12), 1e-12)
	near(t, "impossible", stats.FisherExact(5, 4, 0, 4), 1, 0)
}

func choose(n, k int) float64 {
	c := 1.0
	for i := range k {
		c = c * float64(n-i) / float64(i+1)
	}
	return c
}

func TestBenjaminiHochberg(t *testing.T) {
	got := stats.BenjaminiHochberg([]float64{0.04, 0.001, 0.03, 0.5})
	want := []float64{0.04 * 4 / 3, 0.004, 0.04 * 4 / 3, 0.5}
	for i := range want {
		near(t, "q", got[i], want[i], 1e-12)
	}
}

func TestKolmogorovSmirnov(t *testing.T) {
	d, p := stats.KolmogorovSmirnov([]float64{3, 1, 2, 4}, []float64{5, 6, 7, 8})
	near(t, "distance of separate samples", d, 1, 0)
	near(t, "p", p, 0.011, 0.002)
	d, p = stats.KolmogorovSmirnov([]float64{1, 2, 3}, []float64{1, 2, 3})
	near(t, "distance of equal samples", d, 0, 0)
	near(t, "p", p, 1, 0)
	// 61 of 1000: 2·exp(−2·(22.485·0.061)²).
	x, y := make([]float64, 1000), make([]float64, 1000)
	for i := range x {
		x[i], y[i] = float64(i), float64(i)+60.5
	}
	_, p = stats.KolmogorovSmirnov(x, y)
	near(t, "p", p, 0.0464, 0.0005)
}

// TestMannKendall compares with all orders of the values.
func TestMannKendall(t *testing.T) {
	for _, series := range [][]float64{{1, 2, 3, 4}, {2, 1, 3, 4, 5}, {3, 1, 4, 2, 6, 5}, {6, 5, 4, 3, 2, 1}} {
		got := stats.MannKendall(series)
		score := rises(series)
		as, all := 0, 0
		permute(slices.Clone(series), len(series), func(order []float64) {
			all++
			if rises(order) >= score {
				as++
			}
		})
		near(t, "P", got.P, float64(as)/float64(all), 1e-12)
		near(t, "Tau", got.Tau, float64(score)/float64(len(series)*(len(series)-1)/2), 1e-12)
	}
	near(t, "P of four that rise", stats.MannKendall([]float64{1000, 5000, 15000, 50000}).P, 1.0/24, 1e-12)
	near(t, "P of a constant", stats.MannKendall([]float64{1, 1, 1, 1}).P, 1, 0)
	near(t, "P of nothing", stats.MannKendall(nil).P, 1, 0)
	// Twelve that rise: S = 66, variance 12·11·29/18 = 212.67, z = 65/14.58 = 4.457.
	long := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}
	near(t, "P of twelve that rise", stats.MannKendall(long).P, 4.15e-6, 1e-7)
	near(t, "slope beside an outlier", stats.SenSlope([]float64{1, 3, 5, 100, 9}), 2, 0)
	near(t, "slope of a line", stats.SenSlope(long), 1, 0)
}

func rises(series []float64) int {
	n := 0
	for i := range series {
		for _, later := range series[i+1:] {
			if later > series[i] {
				n++
			} else if later < series[i] {
				n--
			}
		}
	}
	return n
}

func permute(list []float64, k int, visit func([]float64)) {
	if k <= 1 {
		visit(list)
		return
	}
	for i := range k {
		list[i], list[k-1] = list[k-1], list[i]
		permute(list, k-1, visit)
		list[i], list[k-1] = list[k-1], list[i]
	}
}
