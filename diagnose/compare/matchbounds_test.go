package compare_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestLikenessBounds pairs calls that go by other names, and leaves those alone that have too little in common. A pair
// has spans on both sides.
func TestLikenessBounds(t *testing.T) {
	many := func(n int, end string) string {
		var b strings.Builder
		b.WriteString("web \"GET /\" 0ms +1s kind=server\n")
		for i := range n {
			letters := strings.Repeat(string(rune('a'+i%26)), 6) + strings.Repeat(string(rune('a'+i/26)), 6)
			fmt.Fprintf(&b, "  web %s%s %dms +1ms\n", letters, end, 2*i+1)
		}
		return b.String()
	}
	for _, test := range []struct {
		name, good, bad string
		pairs           int
	}{
		{"150 renamed calls", many(150, "Old"), many(150, "New"), 151},
		{"250 renamed calls are too many", many(250, "Old"), many(250, "New"), 1},
		{"another service", `
web "GET /" 0ms +1s kind=server
  alpha loadTheProducts 10ms +100ms
  alpha drawTheWholePage 200ms +100ms
`, `
web "GET /" 0ms +1s kind=server
  beta loadTheProducts 10ms +100ms
  beta drawTheWholePage 200ms +100ms
`, 3},
		{"another name in the same service", `
web "GET /" 0ms +1s kind=server
  web loadTheProducts 10ms +100ms
  web drawTheWholePage 200ms +100ms
`, `
web "GET /" 0ms +1s kind=server
  web checkout 10ms +100ms
  web session 200ms +100ms
`, 1},
		{"nearly the same name to another peer, with other calls", `
web "GET /" 0ms +1s kind=server
  web abcdefghij 10ms +100ms kind=client peer.service=one
    web first 20ms +10ms
  web zyxwvutsrq 200ms +100ms kind=client peer.service=one
    web second 210ms +10ms
`, `
web "GET /" 0ms +1s kind=server
  web abcdefghXY 10ms +100ms kind=client peer.service=two
    web third 20ms +10ms
  web zyxwvutsXY 200ms +100ms kind=client peer.service=two
    web fourth 210ms +10ms
`, 3},
		{"nearly the same name in another service, with half the calls", `
web "GET /" 0ms +1s kind=server
  alpha abcdefghij 10ms +100ms
    alpha first 20ms +10ms
    alpha both 40ms +10ms
  alpha zyxwvutsrq 200ms +100ms
    alpha second 220ms +10ms
    alpha both 240ms +10ms
`, `
web "GET /" 0ms +1s kind=server
  beta abcdefghiX 10ms +100ms
    alpha first 20ms +10ms
    alpha both 40ms +10ms
    alpha more 60ms +10ms
    alpha most 80ms +10ms
  beta zyxwvutsrX 200ms +100ms
    alpha second 220ms +10ms
    alpha both 240ms +10ms
    alpha more 260ms +10ms
    alpha most 280ms +10ms
`, 7},
		{"the last child of each side, with most of the calls", `
web "GET /" 0ms +1s kind=server
  web loadTheProducts 10ms +200ms
    web a 20ms +10ms
    web b 40ms +10ms
    web c 60ms +10ms
    web d 80ms +10ms
`, `
web "GET /" 0ms +1s kind=server
  web checkout 10ms +200ms
    web a 20ms +10ms
    web b 40ms +10ms
    web c 60ms +10ms
    web e 80ms +10ms
`, 5},
	} {
		c := pair(t, test.good, test.bad)
		pairs := 0
		for i := range c.Nodes {
			if len(c.Nodes[i].Good) > 0 && len(c.Nodes[i].Bad) > 0 {
				pairs++
			}
		}
		if pairs != test.pairs {
			t.Errorf("%s: %d pairs of %d calls, want %d", test.name, pairs, len(c.Nodes), test.pairs)
		}
	}
}

// TestHiddenBounds: what hides a call is looked for some way up only. A chain of calls that nothing on the critical path runs
// beside but far above would else be climbed by each of them.
func TestHiddenBounds(t *testing.T) {
	deep := func(took string) string {
		var b strings.Builder
		b.WriteString("web \"GET /\" 0ms +10s kind=server\n  web wait 0ms +9s\n")
		for i := range 120 {
			fmt.Fprintf(&b, "%sweb step%d 1ms +%s\n", strings.Repeat("  ", i+1), i, took)
		}
		return b.String()
	}
	near, far := 0, 0
	for _, c := range pair(t, deep("100ms"), deep("900ms")).Changes {
		switch {
		case strings.Contains(c.Detail, "hidden behind wait"):
			near++
		case strings.Contains(c.Detail, "but not on the critical path"):
			far++
		}
	}
	if near != 100 || far != 20 {
		t.Errorf("%d calls are hidden, %d off the critical path, want 100 and 20", near, far)
	}
}
