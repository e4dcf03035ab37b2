package draw

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"tracefall/diagnose/units"
)

func TestDuration(t *testing.T) {
	for _, tt := range []struct {
		ns          int64
		want, fixed string
	}{
		{0, "0 s", "0 s"},
		{1, "1 ns", "1 ns"},
		{90, "90 ns", "90 ns"},
		{999, "999 ns", "999 ns"},
		{1000, "1 µs", "1.00 µs"},
		{1250, "1.25 µs", "1.25 µs"},
		{9_994, "9.99 µs", "9.99 µs"},
		{9_995, "10 µs", "10.0 µs"},
		{350_000, "350 µs", "350 µs"},
		{999_499, "999 µs", "999 µs"},
		{999_500, "1 ms", "1.00 ms"},
		{12_000_000, "12 ms", "12.0 ms"},
		{12_349_999, "12.3 ms", "12.3 ms"},
		{99_949_999, "99.9 ms", "99.9 ms"},
		{99_950_000, "100 ms", "100 ms"},
		{412_000_000, "412 ms", "412 ms"},
		{999_500_000, "1.00 s", "1.00 s"},
		{1_250_000_000, "1.25 s", "1.25 s"},
		{5_020_000_000, "5.02 s", "5.02 s"},
		{12_345_000_000, "12.3 s", "12.3 s"},
		{59_949_999_999, "59.9 s", "59.9 s"},
		{59_950_000_000, "1 m 00 s", "1 m 00 s"},
		{125_000_000_000, "2 m 05 s", "2 m 05 s"},
		{3_599_499_999_999, "59 m 59 s", "59 m 59 s"},
		{3_599_500_000_000, "1 h 00 m", "1 h 00 m"},
		{3_720_000_000_000, "1 h 02 m", "1 h 02 m"},
		{86_370_000_000_000, "1 d 0 h", "1 d 0 h"},
		{3*units.Day + 4*units.Hour, "3 d 4 h", "3 d 4 h"},
		{9*units.Day + 23*units.Hour, "9 d 23 h", "9 d 23 h"},
		{99*units.Day + 23*units.Hour, "99 d 23 h", "99 d 23 h"},
		{100*units.Day + 7*units.Hour, "100 d", "100 d"},
		{math.MaxInt64, "106752 d", "106752 d"},
		{-5_020_000_000, "-5.02 s", "-5.02 s"},
		{math.MinInt64, "-106752 d", "-106752 d"},
	} {
		if got := Duration(tt.ns); got != tt.want {
			t.Errorf("Duration(%d) = %q, want %q", tt.ns, got, tt.want)
		}
		if got := DurationFixed(tt.ns); got != tt.fixed {
			t.Errorf("DurationFixed(%d) = %q, want %q", tt.ns, got, tt.fixed)
		}
	}
	for ns, want := range map[int64]string{0: "0 s", 2_800_000_000: "+2.80 s", -31_000_000: "-31 ms"} {
		if got := DurationSigned(ns); got != want {
			t.Errorf("DurationSigned(%d) = %q, want %q", ns, got, want)
		}
	}
}

func TestOffset(t *testing.T) {
	for ns, want := range map[int64]string{0: "+0 s", 12_000_000: "+12 ms", -31_000_000: "-31 ms"} {
		if got := Offset(ns); got != want {
			t.Errorf("Offset(%d) = %q, want %q", ns, got, want)
		}
	}
}

func TestDurationsAreShort(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20_000 {
		ns := int64(r.Uint64()) >> r.IntN(64)
		for _, got := range []string{Duration(ns), DurationFixed(ns)} {
			if Width(strings.TrimPrefix(got, "-")) > 9 || strings.Contains(got, "1000 ") || strings.Contains(got, " 60 ") {
				t.Errorf("%d ns: %q", ns, got)
			}
		}
	}
}

func TestCountBytesPercent(t *testing.T) {
	for n, want := range map[int]string{
		0: "0", 999: "999", 1204: "1,204", 88412: "88,412", 1_000_000: "1,000,000", -1234: "-1,234",
		math.MinInt64: "-9,223,372,036,854,775,808",
	} {
		if got := Count(n); got != want {
			t.Errorf("Count(%d) = %q, want %q", n, got, want)
		}
	}
	for n, want := range map[int64]string{
		0: "0 B", 512: "512 B", 999: "999 B", 1000: "1.00 kB", 1204: "1.20 kB", 88_412_345: "88.4 MB",
		999_499: "999 kB", 999_500: "1.00 MB", math.MaxInt64: "9.22 EB", -2000: "-2.00 kB",
	} {
		if got := Bytes(n); got != want {
			t.Errorf("Bytes(%d) = %q, want %q", n, got, want)
		}
	}
	for _, tt := range []struct {
		part, whole int64
		want        string
	}{
		{0, 5, "0 %"}, {1, 1000, "< 1 %"}, {96, 100, "96 %"}, {999, 1000, "> 99 %"}, {5, 5, "100 %"},
		{12, 5, "240 %"}, {1, 0, "–"}, {-1, 4, "-25 %"}, {math.MaxInt64, math.MaxInt64, "100 %"},
		{math.MaxInt64 - 1, math.MaxInt64, "> 99 %"}, {math.MaxInt64, 1, "> 999 %"}, {math.MinInt64, math.MaxInt64, "-100 %"},
	} {
		if got := Percent(tt.part, tt.whole); got != tt.want {
			t.Errorf("Percent(%d, %d) = %q, want %q", tt.part, tt.whole, got, tt.want)
		}
	}
}
