package facts

import (
	"fmt"
	"strconv"
	"strings"
)

// Lasted writes a duration in nanoseconds as every sentence about a trace says it: three digits and a unit, from two
// minutes on two units. Each limit is where rounding would write the next unit's 1.
func Lasted(ns int64) string {
	switch f := float64(ns); {
	case ns < 1_000:
		return fmt.Sprintf("%d ns", ns)
	case ns < 999_500:
		return digits3(f/1e3) + " µs"
	case ns < 999_500_000:
		return digits3(f/1e6) + " ms"
	case ns < 119_500_000_000:
		return digits3(f/1e9) + " s"
	}
	seconds := (ns + 500_000_000) / 1_000_000_000
	minutes, hours := (seconds+30)/60, (seconds+1800)/3600
	switch {
	case seconds < 3600:
		return fmt.Sprintf("%d m %02d s", seconds/60, seconds%60)
	case minutes < 24*60:
		return fmt.Sprintf("%d h %02d m", minutes/60, minutes%60)
	}
	return fmt.Sprintf("%d d %d h", hours/24, hours%24)
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
