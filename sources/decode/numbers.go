package decode

import (
	"bytes"
	"math"
	"strconv"

	"tracefall/sources/jsonscan"
)

// ParseInt reads a whole number; what lies beyond 64 bits saturates, what has a fraction is cut.
func ParseInt(digits []byte) (int64, bool) {
	if n := len(digits); n > 0 && n <= 18 || n == 19 && digits[0] == '1' {
		var v int64
		for _, c := range digits {
			if !jsonscan.IsDigit(c) {
				return parseOddInt(digits)
			}
			v = v*10 + int64(c-'0')
		}
		return v, true
	}
	return parseOddInt(digits)
}

func parseOddInt(digits []byte) (int64, bool) {
	n, err := strconv.ParseInt(string(digits), 10, 64)
	if err == nil || n == math.MaxInt64 || n == math.MinInt64 {
		return n, true
	}
	n, _, ok := parseDecimal(digits, 0)
	return n, ok
}

// ParseWhole reads a number that is whole and fits into 64 bits, however it is written.
func ParseWhole(digits []byte) (int64, bool) {
	if n, err := strconv.ParseInt(string(digits), 10, 64); err == nil {
		return n, true
	}
	n, cut, ok := parseDecimal(digits, 0)
	return n, ok && !cut
}

// decimalMost is how many digits before or behind the point a number may have: more than a float's exponent.
const decimalMost = 400

// parseDecimal reads a number in decimal or exponent form, times ten to the power of shift, digit by digit: no
// digit is lost to a floating-point number. What remains behind the point is cut, what lies beyond 64 bits
// saturates; cut tells of either.
func parseDecimal(text []byte, shift int) (n int64, cut, ok bool) {
	switch string(text) {
	case "Infinity", "+Infinity":
		return math.MaxInt64, true, true
	case "-Infinity":
		return math.MinInt64, true, true
	}
	mantissa, exponent := text, 0
	if e := bytes.IndexAny(text, "eE"); e >= 0 {
		power, err := strconv.Atoi(string(text[e+1:]))
		if err != nil {
			return 0, false, false
		}
		mantissa, exponent = text[:e], min(max(power, -decimalMost), decimalMost)
	}
	negative := len(mantissa) > 0 && mantissa[0] == '-'
	if len(mantissa) > 0 && (negative || mantissa[0] == '+') {
		mantissa = mantissa[1:]
	}
	whole, fraction, point := bytes.Cut(mantissa, []byte("."))
	if len(whole) == 0 && len(fraction) == 0 || point && len(fraction) == 0 || jsonscan.Digits(whole, 0) < len(whole) || jsonscan.Digits(fraction, 0) < len(fraction) {
		return 0, false, false
	}
	n, cut = shifted(whole, fraction, len(whole)+exponent+shift)
	if negative {
		n = -n
	}
	return n, cut, true
}

// shifted returns the number that the digits before the point say, when the point stands behind that many digits.
func shifted(whole, fraction []byte, point int) (n int64, cut bool) {
	total := len(whole) + len(fraction)
	for i := range max(total, point) {
		d := int64(0)
		if i < len(whole) {
			d = int64(whole[i] - '0')
		} else if i < total {
			d = int64(fraction[i-len(whole)] - '0')
		}
		switch {
		case i >= point:
			cut = cut || d != 0
		case n > (math.MaxInt64-d)/10:
			return math.MaxInt64, true
		default:
			n = n*10 + d
		}
	}
	return n, cut
}

// ParseFloat reads a floating-point number, NaN and the infinities too.
func ParseFloat(digits []byte) (float64, bool) {
	switch string(digits) {
	case "NaN", "-NaN":
		return math.NaN(), true
	case "Infinity", "+Infinity":
		return math.Inf(1), true
	case "-Infinity":
		return math.Inf(-1), true
	}
	if len(digits) == 0 || !jsonscan.IsDigit(digits[len(digits)-1]) {
		return 0, false
	}
	f, err := strconv.ParseFloat(string(digits), 64)
	return f, err == nil || math.IsInf(f, 0)
}
