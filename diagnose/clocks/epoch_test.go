package clocks

import "testing"

func TestUnitOf(t *testing.T) {
	const at = 1_772_460_131 // 2026, in seconds
	for _, c := range []struct {
		at   int64
		name string
	}{
		{at, "seconds"}, {at * 1e3, "milliseconds"}, {at * 1e6, "microseconds"}, {at * 1e9, "nanoseconds"},
		{0, ""}, {-at, ""}, {at / 4, ""}, {4_102_444_800 * 1e9, ""},
	} {
		name, nanos := UnitOf(c.at)
		if name != c.name || name != "" && c.at*nanos != at*1e9 {
			t.Errorf("%d: %q of %d ns, want %q", c.at, name, nanos, c.name)
		}
	}
}
