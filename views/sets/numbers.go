package sets

import (
	"cmp"
	"math"
	"strconv"
	"strings"

	"tracefall/diagnose/compare/population"
	"tracefall/diagnose/facts"
	"tracefall/views"
	"tracefall/views/draw"
)

// qText writes a q-value: the share of false findings among those that are as clear as this one.
func qText(q float64) string {
	switch {
	case q < 0.001:
		return "q < 0.001"
	case q < 0.0995:
		return "q " + strconv.FormatFloat(q, 'f', 3, 64)
	case q < 0.995:
		return "q " + strconv.FormatFloat(q, 'f', 2, 64)
	}
	return "not significant"
}

// durationText writes a duration that was computed.
func durationText(ns float64) string { return draw.Duration(int64(math.Round(ns))) }

// numbersText says by how much numbers are larger, and what parts of them are elsewhere.
func numbersText(r *population.AttributeRate) string {
	sign := ""
	if r.Shift > 0 {
		sign = "+"
	}
	text := "median shift " + sign + number(r.Shift)
	if moved := r.Numbers.MovedText(setLevel, number); moved != "" {
		text += draw.SegmentGap + moved
	}
	return text
}

// number writes a number with three digits, a large one in full.
func number(f float64) string {
	if math.Abs(f) >= 100 && math.Abs(f) < 1e9 {
		return strconv.FormatFloat(f, 'f', 0, 64)
	}
	return strconv.FormatFloat(f, 'g', 3, 64)
}

// setCallName is how sentences name a call of a set: whose it is, and what.
func setCallName(op facts.Op) string {
	return strings.TrimPrefix(op.Service+" "+cmp.Or(op.Label(), views.NoName), " ")
}
