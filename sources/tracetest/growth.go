package tracetest

import (
	"testing"
	"time"
)

// Linear does work with few and with many of something and fails where the time grows with the square of their number
// and not with the number. What the work is done with is made before, outside the time.
func Linear[In any](t testing.TB, few, many int, make func(n int) In, work func(In)) {
	t.Helper()
	const attempts = 5 // another program may have the processor meanwhile; the square is there every time
	small, large := make(few), make(many)
	took := func(in In) float64 {
		began := time.Now()
		work(in)
		return time.Since(began).Seconds()
	}
	most := 3 * float64(many) / float64(few) // larger sets miss the caches, and sorting has its logarithm
	var ratio float64
	for range attempts {
		long := took(large)
		short := took(small)
		for range 2 {
			short = min(short, took(small))
		}
		if ratio = long / short; ratio <= most {
			return
		}
	}
	t.Errorf("%d take %.0f times as long as %d, want at most %.0f times", many, ratio, few, most)
}
