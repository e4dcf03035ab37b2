package population_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/compare/comparetest"
	"tracefall/diagnose/compare/population"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
	"tracefall/sources/trace"
)

// journey makes the traces of a mix: how many went with which steps, each of which takes about so many ms.
type journey struct {
	n     int
	steps string // one letter a step; A capital one takes ten times as long
}

func journeys(t *testing.T, seed uint64, mix ...journey) []*facts.Facts {
	r := rand.New(rand.NewPCG(seed, 9))
	b := trace.NewBuilder()
	id := uint64(0)
	for _, j := range mix {
		for range j.n {
			list := []comparetest.Span{{Parent: -1, Service: "web", Name: "GET /", Kind: trace.KindServer}}
			at := int64(1e6)
			for _, step := range j.steps {
				took := int64(10e6 * (0.9 + 0.2*r.Float64()))
				if step < 'a' {
					took *= 10
				}
				list = append(list, comparetest.Span{Parent: 0, Service: "web", Name: "step " + strings.ToLower(string(step)), Start: at, End: at + took})
				at += took
			}
			list[0].End = at
			id++
			comparetest.Build(t, b, id, list)
		}
	}
	return factstest.Of(b.Build())
}

func meanTotal(list []*facts.Facts) float64 {
	sum := 0.0
	for _, f := range list {
		sum += float64(f.Total())
	}
	return sum / float64(len(list))
}

// TestSetsMutation: half of the bad traces go a new way, with two more calls. Two ways lost as many; the one that
// differs in two calls is the precursor, not the one that differs in six.
func TestSetsMutation(t *testing.T) {
	good := journeys(t, 1, journey{40, "uvwx"}, journey{40, "abcd"}, journey{20, "abcdef"})
	bad := journeys(t, 2, journey{100, "abcdgh"})
	c := sets(t, good, bad, population.Options{})
	if len(c.Shapes) != 4 {
		t.Fatalf("shapes %+v", c.Shapes)
	}
	if before := c.Shapes[1]; c.Shapes[0].Precursor != 1 || before.Kind != population.Vanished || before.Message != "replaced by the path above" {
		t.Errorf("the path before is %+v", before)
	}
	bad = journeys(t, 2, journey{15, "abcd"}, journey{15, "uvwx"}, journey{25, "abcdgh"}, journey{25, "abcdef"}, journey{20, "mn"})
	c = sets(t, good, bad, population.Options{})
	for _, s := range c.Shapes {
		if s.Kind != population.Appeared || s.Bad != 25 {
			continue
		}
		before := c.Shapes[s.Precursor]
		if before.Good != 40 || !strings.Contains(s.Message, "added: web step g, added: web step h") {
			t.Errorf("the new way came from %+v: %s", before, s.Message)
		}
		longer := meanTotal(c.Bad[30:55]) - meanTotal(c.Good[40:80])
		if s.Extra != 25 || math.Abs(float64(s.Longer)-longer) > 1 || math.Abs(float64(s.Cost)-25*longer) > 25 {
			t.Errorf("%g more traces, each %d longer, cost %d; want 25 and %g", s.Extra, s.Longer, s.Cost, longer)
		}
		return
	}
	t.Errorf("no new way in %+v", c.Shapes)
}

// TestSetsMutationsByCost: the way that costs most in all is first, each with what it came from right behind.
func TestSetsMutationsByCost(t *testing.T) {
	c := sets(t, journeys(t, 1, journey{100, "abc"}), journeys(t, 2, journey{40, "abc"}, journey{35, "abcd"}, journey{25, "abcE"}), population.Options{})
	var got []string
	for _, s := range c.Shapes {
		got = append(got, fmt.Sprintf("%s %d→%d of %d", s.Kind, s.Good, s.Bad, s.Precursor))
	}
	if want := "[appeared 0→25 of 1 less 100→40 of -1 appeared 0→35 of 1]"; fmt.Sprint(got) != want {
		t.Errorf("ways %v, want %v", got, want)
	}
	if got := c.Shapes[1].Message; got != "partly replaced by the path above" { // bad traces still go it
		t.Errorf("the path before is %q", got)
	}
	if c.Shapes[0].Cost <= c.Shapes[2].Cost || c.Shapes[2].Cost <= 0 {
		t.Errorf("costs %d and %d", c.Shapes[0].Cost, c.Shapes[2].Cost)
	}
}

// TestSetsShapeTest: twenty ways, none of which gains or loses a twentieth, shift all together.
func TestSetsShapeTest(t *testing.T) {
	mix := func(even, odd int) []journey {
		var list []journey
		for i := range 20 {
			n := even
			if i%2 == 1 {
				n = odd
			}
			list = append(list, journey{n, "ab" + string(rune('c'+i))})
		}
		return list
	}
	c := sets(t, journeys(t, 1, mix(20, 20)...), journeys(t, 2, mix(35, 5)...), population.Options{})
	if len(c.Shapes) != 0 || c.ShapeTest.Ways != 20 || c.ShapeTest.Q > 0.001 {
		t.Errorf("test of all ways %+v, shapes %+v", c.ShapeTest, c.Shapes)
	}
	if !strings.Contains(c.Headline, "; the shares of the 20 execution paths differ") {
		t.Errorf("headline %q", c.Headline)
	}
	// Every trace goes a way of its own: no more than one way is like another, and that is no difference.
	var own [2][]journey
	for i := range 80 {
		own[i%2] = append(own[i%2], journey{1, "ab" + fmt.Sprintf("%07b", i)})
	}
	c = sets(t, journeys(t, 1, own[0]...), journeys(t, 2, own[1]...), population.Options{})
	if c.ShapeTest.Q < 1 || len(c.Shapes) != 0 {
		t.Errorf("ways that are all different: %+v", c.ShapeTest)
	}
}

// TestSetsPace: of two ways one became slower, in one of its calls.
func TestSetsPace(t *testing.T) {
	good := journeys(t, 1, journey{40, "abc"}, journey{40, "xyz"})
	bad := journeys(t, 2, journey{40, "abC"}, journey{40, "xyz"})
	c := sets(t, good, bad, population.Options{})
	if len(c.Shapes) != 0 || len(c.Paces) != 1 {
		t.Fatalf("shapes %+v, paces %+v", c.Shapes, c.Paces)
	}
	p := c.Paces[0]
	longer := meanTotal(c.Bad[:40]) - meanTotal(c.Good[:40])
	if p.Good != 40 || p.Bad != 40 || math.Abs(float64(p.Cost)-40*longer) > 40 {
		t.Errorf("%d → %d traces cost %d, want 40 × %g", p.Good, p.Bad, p.Cost, longer)
	}
	if p.Node < 0 || c.Calls[p.Node].Op.Label() != "step c" || p.Kind != compare.KindDuration || math.Abs(float64(p.Delta)-longer) > longer/10 ||
		!strings.HasPrefix(p.Message, "web step c: +") || !strings.Contains(p.Message, " each, self time p50 ") {
		t.Errorf("what moved is %+v", p)
	}
}
