package capacity

import (
	"fmt"
	"strconv"
	"strings"

	"tracefall/diagnose/rule"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

func (td *tendency) name() string {
	if td.series.Key == "" {
		return "own time"
	}
	return rule.Quoted(td.series.Key)
}

func (td *tendency) often(th *GrowingTrendThresholds) string {
	if td.few(th) {
		return fmt.Sprintf("rose over %s and never fell", rule.Calls(len(td.values), "request"))
	}
	size := strconv.Itoa(len(td.series.Points) / len(td.values))
	if len(td.series.Points)%len(td.values) != 0 {
		size += fmt.Sprintf(" or %d", len(td.series.Points)/len(td.values)+1)
	}
	return fmt.Sprintf("rose over %d windows of %s requests each", len(td.values), size)
}

// course writes the values of the windows; of many the first three and the last.
func (td *tendency) course() string {
	const most = 6
	values := td.values
	var parts []string
	for n, v := range values {
		switch {
		case len(values) <= most || n < 3 || n == len(values)-1:
			parts = append(parts, td.write(v))
		case n == 3:
			parts = append(parts, "…")
		}
	}
	return strings.Join(parts, " → ")
}

// write writes one value of the series.
func (td *tendency) write(v float64) string {
	if td.series.Key == "" {
		return units.Lasted(int64(v))
	}
	return digits(v, 3)
}

// digits writes a number with so many significant digits; whole numbers are written in full.
func digits(v float64, significant int) string {
	const exact = 1 << 53
	if v != float64(int64(v)) || v >= exact || v <= -exact {
		if v >= 1000 {
			v = float64(int64(v + 0.5))
		} else {
			return strconv.FormatFloat(v, 'g', significant, 64)
		}
	}
	if v < 0 {
		return "-" + trace.Grouped(int(-v))
	}
	return trace.Grouped(int(v))
}
