package units

import "testing"

// TestAligned writes durations of a column: right-aligned, their points are below each other.
func TestAligned(t *testing.T) {
	for _, c := range []struct {
		ns     int64
		coarse bool
		want   string
	}{
		{0, false, "0 s"},
		{7, false, "7 ns"},
		{120, false, "0.1 µs"},
		{32_000, false, "32.0 µs"},
		{700_000, false, "700.0 µs"},
		{700_000, true, "0.7 ms"},
		{32_000, true, "32.0 µs"},
		{99_949, true, "99.9 µs"},
		{99_950, true, "0.1 ms"},
		{999_949, false, "999.9 µs"},
		{999_950, false, "1.0 ms"},
		{9_000_000, true, "9.0 ms"},
		{890_000_000, true, "890.0 ms"},
		{999_949_999, true, "999.9 ms"},
		{999_950_000, true, "1.00 s"},
		{5_016_000_000, true, "5.02 s"},
		{59_994_999_999, true, "59.99 s"},
		{59_995_000_000, true, "1 m 00 s"},
		{-9_000_000, true, "-9.0 ms"},
	} {
		if got := Aligned(c.ns, c.coarse); got != c.want {
			t.Errorf("Aligned(%d, %v) = %q, want %q", c.ns, c.coarse, got, c.want)
		}
	}
	const most = len("890.0 ms")
	for n := int64(100); n < Minute-5*Millisecond; n += n/7 + 1 {
		text := []rune(Aligned(n, n%2 == 0))
		if len(text) > most {
			t.Errorf("%d ns are written in %d cells: %s", n, len(text), string(text))
		}
		if text[len(text)-5] != '.' {
			t.Errorf("the point of %q is not the fifth cell from its end", string(text))
		}
	}
}
