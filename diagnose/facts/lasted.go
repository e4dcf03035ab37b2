package facts

import (
	"fmt"
	"strconv"
	"strings"
)

// Lasted writes a duration in nanoseconds as every sentence about a trace says it: three digits and a unit.
func Lasted(ns int64) string {
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
