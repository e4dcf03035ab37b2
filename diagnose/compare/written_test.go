package compare

import (
	"math/rand/v2"
	"testing"
)

// TestShown: durations are shown as the same number exactly where they read alike.
func TestShown(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	for range 50_000 {
		a := r.Int64N(1<<61) >> r.IntN(60)
		b := a + r.Int64N(1+a/100)
		if r.IntN(4) == 0 {
			a, b = -a, -b
		}
		if (shown(a) == shown(b)) != (Written(a) == Written(b)) {
			t.Fatalf("%d and %d are shown as %d and %d, and read %q and %q", a, b, shown(a), shown(b), Written(a), Written(b))
		}
	}
}
