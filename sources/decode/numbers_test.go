package decode

import (
	"math"
	"testing"
)

// TestNumbersOfNineteenDigits has the largest numbers of 64 bits, and what lies beyond them.
func TestNumbersOfNineteenDigits(t *testing.T) {
	for digits, want := range map[string]int64{
		"999999999999999999": 999_999_999_999_999_999, "1999999999999999999": 1_999_999_999_999_999_999,
		"9223372036854775807": math.MaxInt64, "9223372036854775808": math.MaxInt64, "9999999999999999999": math.MaxInt64,
		"-9223372036854775808": math.MinInt64, "-9223372036854775809": math.MinInt64,
	} {
		if n, ok := ParseInt([]byte(digits)); !ok || n != want {
			t.Errorf("%s is read as %d, %v; want %d", digits, n, ok, want)
		}
	}
}
