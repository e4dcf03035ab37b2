package capacity

import (
	"math"
	"strconv"

	"tracefall/diagnose/patterns"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/units"
	"tracefall/sources/trace"
)

// nameOf names what a series measures.
func nameOf(series *patterns.Series) string {
	if series.Key == "" {
		return "self time"
	}
	return rule.Quoted(series.Key)
}

// sentenceName is nameOf at the start of a sentence; the keys of attributes keep their spelling.
func sentenceName(series *patterns.Series) string {
	if series.Key == "" {
		return "Self time"
	}
	return nameOf(series)
}

// grows titles what a series did.
func grows(series *patterns.Series) string {
	if series.Key == "" {
		return "self time increasing"
	}
	return nameOf(series) + " grows over time"
}

// write writes one value of a series.
func write(series *patterns.Series, v float64) string {
	if series.Key == "" {
		return units.Lasted(int64(v))
	}
	return digits(v, 3)
}

// digits writes a number with so many significant digits; whole numbers are written in full.
func digits(v float64, significant int) string {
	const exact = 1 << 53 // beyond it a float64 does not hold every whole number
	whole := math.Round(v)
	switch size := math.Abs(v); {
	case !(size < exact), v != whole && size < 1000:
		return strconv.FormatFloat(v, 'g', significant, 64)
	case whole < 0:
		return "-" + trace.Grouped(int(-whole))
	}
	return trace.Grouped(int(whole))
}

// probability writes a p-value: "p 0.042", "p < 0.001".
func probability(p float64) string {
	if p < 0.001 {
		return "p < 0.001"
	}
	return "p " + digits(p, 2)
}

// placesOf returns the spans that stand for the points of a series.
func placesOf(p *rule.FilePass, points []patterns.Point) []rule.Place {
	places := make([]rule.Place, len(points))
	for n, point := range points {
		places[n] = rule.Place{Facts: p.Traces[point.Trace], Span: int(point.Span)}
	}
	return places
}
