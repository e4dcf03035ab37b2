package units

import (
	"testing"
	"time"
)

func TestLasted(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0:                                       "0 s",
		999_499:                                 "999 µs",
		999_500:                                 "1 ms",
		999_500_000:                             "1 s",
		47300 * time.Millisecond:                "47.3 s",
		2 * time.Minute:                         "2 m 00 s",
		59*time.Minute + 59700*time.Millisecond: "1 h 00 m",
		904*time.Minute + 21*time.Second:        "15 h 04 m",
		89*time.Minute + 51*time.Second:         "1 h 30 m",
		24*time.Hour - 20*time.Second:           "1 d 0 h",
		49*time.Hour + 30*time.Minute:           "2 d 2 h",
	} {
		if got := Lasted(int64(d)); got != want {
			t.Errorf("Lasted(%d) = %q, want %q", d, got, want)
		}
	}
}

// TestColumn: three digits, and from a minute on two units.
func TestColumn(t *testing.T) {
	for d, want := range map[time.Duration]string{
		999:                          "999 ns",
		12_345:                       "12.3 µs",
		999_500:                      "1 ms",
		1_235_000:                    "1.24 ms",
		9_995_000:                    "10 ms",
		123_499_999:                  "123 ms",
		59_949_999_999:               "59.9 s",
		59_950_000_000:               "1 m 00 s",
		-12_340 * time.Millisecond:   "-12.3 s",
		time.Hour - time.Second/2:    "1 h 00 m",
		95*24*time.Hour + time.Hour:  "95 d 1 h",
		100*24*time.Hour + time.Hour: "100 d",
	} {
		if got := Duration(int64(d), Column); got != want {
			t.Errorf("Duration(%d, Column) = %q, want %q", d, got, want)
		}
	}
}
