package draw

import (
	"strings"
	"testing"
)

// TestEllipsisCutsNoNumber cuts a text at every width: what is left of a number with its unit is all of it or nothing.
func TestEllipsisCutsNoNumber(t *testing.T) {
	const text = "each 48.3 ms → 984 ms (+4.68 s) in v2.1/items 10.2.14.7:8080"
	want := map[int]string{
		4: "eac…", 6: "each …", 9: "each…", 12: "each…", 13: "each 48.3 ms…", 17: "each 48.3 ms…", 20: "each 48.3 ms…",
		22: "each 48.3 ms → 984 ms…", 30: "each 48.3 ms → 984 ms…", 32: "each 48.3 ms → 984 ms (+4.68 s)…",
		38: "each 48.3 ms → 984 ms (+4.68 s) in v2…", 50: "each 48.3 ms → 984 ms (+4.68 s) in v2.1/items…", Width(text): text,
	}
	for width, want := range want {
		g := NewGrid(80, 1)
		n := g.All().TextEllipsis(0, 0, width, text, Ink{})
		if got := strings.TrimRight(g.Plain(), " |\n"); got != want {
			t.Errorf("%d cells: %q, want %q", width, got, want)
		}
		if n != Width(want) {
			t.Errorf("%d cells: advanced by %d, want %d", width, n, Width(want))
		}
	}
}

// TestEllipsisCutsNoSize cuts a text within a number of bytes and within its unit.
func TestEllipsisCutsNoSize(t *testing.T) {
	for width := 14; width < 18; width++ {
		g := NewGrid(80, 1)
		g.All().TextEllipsis(0, 0, width, "read of 88.4 MB", Ink{})
		want := "read of…"
		if width >= 15 {
			want = "read of 88.4 MB"
		}
		if got := strings.TrimRight(g.Plain(), " |\n"); got != want {
			t.Errorf("%d cells: %q, want %q", width, got, want)
		}
	}
}
