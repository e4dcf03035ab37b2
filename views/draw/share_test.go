package draw

import (
	"math"
	"strings"
	"testing"
)

func TestShare(t *testing.T) {
	for _, test := range []struct {
		part, whole int64
		want        string
	}{
		{0, 100, ""}, {-5, 100, ""}, {5, 0, ""}, {1, 1000, "╸"}, {25, 100, "━"}, {26, 100, "━╸"}, {50, 100, "━━"}, {100, 100, "━━━━"}, {500, 100, "━━━━"},
		{math.MaxInt64 - 1, math.MaxInt64, "━━━━"}, {math.MaxInt64 / 2, math.MaxInt64, "━━"},
	} {
		g := NewGrid(6, 1)
		Share(g.All(), 1, 0, 4, test.part, test.whole, Ink{})
		if got := strings.TrimRight(g.Plain()[1:], " "); got != test.want {
			t.Errorf("%d of %d is drawn %q, want %q", test.part, test.whole, got, test.want)
		}
	}
}
