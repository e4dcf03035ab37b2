package tracetest

import (
	"testing"
	"time"
)

// Linear does work with many of something, and with few as often as it takes to have worked with as many, and fails where
// the first takes longer than the second by far: where the time grows with the square of the number. Both last as long
// where it does not, so that a busy machine slows down the one as it does the other. What the work is done with is made
// before.
func Linear[In any](t testing.TB, few, many int, build func(n int) In, work func(In)) {
	t.Helper()
	const (
		most     = 3 // more memory is slower memory, and sorting has its logarithm
		attempts = 5 // other programs come and go; the square is there every time
	)
	small, large := build(few), build(many)
	var ratio float64
	for range attempts {
		began := time.Now()
		work(large)
		between := time.Now()
		for range many / few {
			work(small)
		}
		if ratio = float64(between.Sub(began)) / float64(time.Since(between)); ratio <= most {
			return
		}
	}
	t.Errorf("%d at once take %.1f times as long as %d at a time, want at most %d times", many, ratio, few, most)
}
