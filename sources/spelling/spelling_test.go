package spelling

import (
	"math/rand/v2"
	"testing"
)

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b         string
		plain, swaps int
	}{
		{"", "", 0, 0}, {"", "abc", 3, 3}, {"kitten", "sitting", 3, 3}, {"theem", "theme", 2, 1}, {"ca", "abc", 3, 3},
		{"duration", "duratoin", 2, 1}, {"abc", "abc", 0, 0}, {"flaw", "lawn", 2, 2},
	} {
		if got := Distance([]byte(c.a), []byte(c.b), 99, false); got != c.plain {
			t.Errorf("%q to %q: %d, want %d", c.a, c.b, got, c.plain)
		}
		if got := Distance([]rune(c.a), []rune(c.b), 99, true); got != c.swaps {
			t.Errorf("%q to %q with swaps: %d, want %d", c.a, c.b, got, c.swaps)
		}
	}
}

// TestDistanceIsBounded compares every bound with the distance that has none, and with the one the other way round.
func TestDistanceIsBounded(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	word := func() []byte {
		b := make([]byte, r.IntN(7))
		for i := range b {
			b[i] = "abc"[r.IntN(3)]
		}
		return b
	}
	for range 1000 {
		a, b := word(), word()
		for _, swaps := range []bool{false, true} {
			whole := Distance(a, b, 99, swaps)
			if want := slow(a, b, swaps); whole != want {
				t.Fatalf("%q to %q is %d, want %d", a, b, whole, want)
			}
			if back := Distance(b, a, 99, swaps); back != whole {
				t.Fatalf("%q to %q is %d, back %d", a, b, whole, back)
			}
			for limit := 1; limit < 10; limit++ {
				if got := Distance(a, b, limit, swaps); got != min(whole, limit) {
					t.Fatalf("%q to %q is %d, bounded by %d it is %d", a, b, whole, limit, got)
				}
			}
		}
	}
}

// slow is the definition.
func slow(a, b []byte, swaps bool) int {
	if len(a) == 0 || len(b) == 0 {
		return len(a) + len(b)
	}
	i, j := len(a)-1, len(b)-1
	if a[i] == b[j] && !swaps {
		return slow(a[:i], b[:j], swaps)
	}
	d := slow(a[:i], b[:j], swaps)
	if a[i] != b[j] {
		d = min(d, slow(a[:i], b, swaps), slow(a, b[:j], swaps)) + 1
	}
	if swaps && i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
		d = min(d, slow(a[:i-1], b[:j-1], swaps)+1)
	}
	return d
}

func TestSuggest(t *testing.T) {
	for _, c := range []struct {
		word  string
		known []string
		want  string
	}{
		{"lihgt", []string{"dark", "light"}, `; did you mean "light"?`},
		{"qqq", []string{"dark", "light"}, ": expected one of dark, light"},
		{"", []string{"dark"}, ": expected one of dark"},
	} {
		if got := Suggest(c.word, c.known); got != c.want {
			t.Errorf("Suggest(%q) = %q, want %q", c.word, got, c.want)
		}
	}
}
