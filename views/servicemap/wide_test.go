package servicemap

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"testing"

	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/servicemap/layered"
	"tracefall/views/viewstest"
)

// wide has a gateway that calls n services, each with a database.
func wide(t testing.TB, n int) *trace.Set {
	var b strings.Builder
	b.WriteString("gateway \"GET /\" 0ms +900ms kind=server\n")
	for i := range n {
		fail := ""
		if i == n-1 {
			fail = ` error="deadlock detected"`
		}
		fmt.Fprintf(&b, "  service-%d \"GET /\" %dms +9ms kind=server%s\n    service-%d \"SELECT\" %dms +5ms kind=client db.system=mysql db.namespace=db%d%s\n", i, i, fail, i, i, i, fail)
	}
	return tracetest.Set(t, b.String())
}

func TestManyNodes(t *testing.T) {
	s := shown(t, wide(t, 100))
	env := viewstest.Env(t)
	if !s.listed() {
		t.Error("a map of 201 nodes is drawn unasked")
	}
	viewstest.Do(s, EdgeList)
	text := viewstest.Plain(s, env, 120, 40)
	if s.listed() || !strings.Contains(text, "80 of 201 nodes, failing and busiest first") || !strings.Contains(text, "mysql/db99") {
		t.Errorf("asked for, the map is\n%s", text)
	}
	viewstest.Do(s, EdgeList)
	if !s.listed() {
		t.Error("the list does not come back")
	}
}

// TestSelectedIsInView moves over a map that is larger than the screen.
func TestSelectedIsInView(t *testing.T) {
	s := shown(t, wide(t, 12))
	env := viewstest.Env(t)
	viewstest.Frame(s, env, 40, 14)
	if s.listed() {
		viewstest.Do(s, EdgeList)
	}
	for _, c := range []views.Command{views.Top, views.Right, views.Down, views.Down, views.Right, views.Down, views.Bottom, views.Left, views.Up, views.Left} {
		viewstest.Do(s, c)
		lines := strings.Split(viewstest.Plain(s, env, 40, 14), "\n")
		name := selectedName(s)
		if !strings.Contains(strings.Join(lines[1:13], "\n"), name) {
			t.Errorf("after %s %s is not in view:\n%s", c, name, strings.Join(lines, "\n"))
		}
	}
}

// TestNumbersAtTheEdgeAreWhole cuts what a node says at every cell: no number loses its end.
func TestNumbersAtTheEdgeAreWhole(t *testing.T) {
	for text, want := range map[string][]string{
		"1.0/tr · 619 µs": {"1.0/tr · 619 µs", "1.0/tr …", "1.0/tr", "…", ""},
		"619 µs":          {"619 µs", "…", ""},
	} {
		for room := -1; room <= len(text); room++ {
			if got := beginning(text, room); !slices.Contains(want, got) || draw.Width(got) > max(room, 0) {
				t.Errorf("%q in %d cells is %q", text, room, got)
			}
		}
	}
	if got := beginning("social-graph-service", 9); got != "social-g…" {
		t.Errorf("a name is cut to %q", got)
	}
}

// TestCrossingLines checks that a cell where one line passes over another belongs to the one that is seen there.
func TestCrossingLines(t *testing.T) {
	s := shown(t, viewstest.OpenDemo(t, "shared-dependency.jsonl.gz"))
	p := s.plan
	upright := map[layered.Point]map[int]bool{}
	for i, path := range p.place.Paths {
		p.walk(path, func(at layered.Point, arms uint8, _ bool) {
			if arms&(armUp|armDown) != 0 {
				if upright[at] == nil {
					upright[at] = map[int]bool{}
				}
				upright[at][i+1] = true
			}
		})
	}
	crossings := 0
	for n := range p.lines {
		c, at := &p.lines[n], layered.Point{X: n % p.place.W, Y: n / p.place.W}
		if c.turn || c.arms != armLeft|armRight|armUp|armDown {
			continue
		}
		crossings++
		if !upright[at][c.seen()] {
			t.Errorf("at %v line %d is drawn, which lies; %v stand", at, c.seen(), upright[at])
		}
	}
	if crossings < 2 {
		t.Errorf("%d lines cross", crossings)
	}
}

// TestHeavyLines: each way that an edge passes a cell has a glyph, whatever else meets there, and shows it as heavy.
func TestHeavyLines(t *testing.T) {
	for own := uint8(1); own < 16; own++ {
		if bits.OnesCount8(own) != 2 {
			continue
		}
		seen := map[string]bool{}
		for arms := own; arms < 16; arms++ {
			if arms&own != own {
				continue
			}
			glyph := unicodeGlyphs.heavyLine(arms, own)
			if glyph == "" || glyph == unicodeGlyphs.lines[arms] || seen[glyph] {
				t.Errorf("arms %04b of %04b are drawn as %q", own, arms, glyph)
			}
			seen[glyph] = true
			if asciiGlyphs.heavyLine(arms, own) == "" {
				t.Errorf("arms %04b of %04b have no ASCII", own, arms)
			}
		}
	}
}
