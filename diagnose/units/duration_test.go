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
