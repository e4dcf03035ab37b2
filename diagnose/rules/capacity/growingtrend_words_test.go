package capacity

import (
	"math"
	"testing"
)

// TestDigits writes numbers of any size, of which only some fit into an integer.
func TestDigits(t *testing.T) {
	for _, c := range []struct {
		v    float64
		want string
	}{
		{0, "0"}, {0.0421, "0.042"}, {999.5, "1e+03"}, {1000, "1,000"}, {1234.5, "1,235"}, {-1234.5, "-1,235"}, {-12, "-12"},
		{1 << 52, "4,503,599,627,370,496"}, {1e300, "1e+300"}, {-1e19, "-1e+19"}, {math.Inf(1), "+Inf"}, {math.NaN(), "NaN"},
	} {
		if got := digits(c.v, 2); got != c.want {
			t.Errorf("%g is written %q, want %q", c.v, got, c.want)
		}
	}
}
