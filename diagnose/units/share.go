package units

import (
	"math"
	"math/bits"
	"strconv"
)

// Percent writes part of whole in percent, "96 %". What is little but not
// nothing is "< 1 %", on either side of 0, what is almost all is "> 99 %": 0 and
// 100 are exact. A whole of 0 or less gives "–".
func Percent(part, whole int64) string {
	if whole <= 0 {
		return "–"
	}
	if part >= 0 {
		return percent(uint64(part), uint64(whole))
	}
	text := percent(-uint64(part), uint64(whole))
	if text == little {
		return text // of what is nearly nothing the sign says nothing
	}
	return "-" + text
}

// PercentOf writes a share, from 0 to 1, in percent as Percent does.
func PercentOf(share float64) string {
	const parts = 1_000_000
	switch {
	case share <= 0:
		return Percent(0, parts)
	case share >= 1:
		return Percent(parts, parts)
	}
	return Percent(max(min(int64(math.Round(share*parts)), parts-1), 1), parts)
}

// little is less than one percent.
const little = "< 1 %"

func percent(part, whole uint64) string {
	hi, lo := bits.Mul64(part, 100)
	lo, carry := bits.Add64(lo, whole/2, 0)
	n, _ := bits.Div64((hi+carry)%whole, lo, whole)
	if hi+carry >= whole {
		return "> 999 %" // beyond 2^64 percent
	}
	switch {
	case n == 0 && part > 0:
		return little
	case n == 100 && part < whole:
		return "> 99 %"
	}
	return Grouped(n) + " %"
}

// Grouped writes a number with its thousands separated.
func Grouped(n uint64) string {
	digits := strconv.FormatUint(n, 10)
	if len(digits) <= 3 {
		return digits
	}
	buf := make([]byte, 0, len(digits)+len(digits)/3)
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			buf = append(buf, ',')
		}
		buf = append(buf, digits[i])
	}
	return string(buf)
}
