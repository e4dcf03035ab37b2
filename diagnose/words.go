package diagnose

import (
	"fmt"
	"strconv"
	"strings"
)

// lasted writes a duration in nanoseconds as findings say it: three digits and a unit.
func lasted(ns int64) string {
	switch f := float64(ns); {
	case ns < 1_000:
		return fmt.Sprintf("%d ns", ns)
	case ns < 1_000_000:
		return digits3(f/1e3) + " µs"
	case ns < 1_000_000_000:
		return digits3(f/1e6) + " ms"
	case ns < 120_000_000_000:
		return digits3(f/1e9) + " s"
	}
	return fmt.Sprintf("%d m %02d s", ns/60_000_000_000, ns/1_000_000_000%60)
}

func digits3(f float64) string {
	decimals := 2
	if f >= 100 {
		decimals = 0
	} else if f >= 10 {
		decimals = 1
	}
	text := strconv.FormatFloat(f, 'f', decimals, 64)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// percent writes a share of 0 to 1.
func percent(share float64) string { return fmt.Sprintf("%.0f %%", 100*share) }

// calls writes a number of things.
func calls(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
