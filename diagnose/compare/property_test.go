package compare_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/compare/comparetest"
	"tracefall/diagnose/facts"
	"tracefall/sources/tracetest"
)

// TestProperties: over random pairs of traces contributions sum to the difference, each span stands in exactly one
// node, the mirror image has the mirrored difference, and a trace does not differ from itself.
func TestProperties(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for round := range 400 {
		a, b := comparetest.Random(t, r, 1+r.IntN(60)), comparetest.Random(t, r, 1+r.IntN(60))
		name := fmt.Sprintf("round %d", round)
		there, back := compare.Pair(a, b), compare.Pair(b, a)
		checkSum(t, name, there)
		checkSum(t, name, back)
		checkNodes(t, name, there)
		if d := there.Divergence; d != nil && !there.Trust.Unrelated && d.Leads != strings.HasPrefix(there.Headline, d.Brief) {
			t.Errorf("%s: headline %q, divergence %+v", name, there.Headline, d)
		}
		checkOwn(t, name, there)
		if there.DeltaOf(0) != there.Delta {
			t.Errorf("%s: the root makes %d of %d", name, there.DeltaOf(0), there.Delta)
		}
		if there.Delta != -back.Delta || (there.Divergence == nil) != (back.Divergence == nil) && there.Trust.MatchedShare == 1 {
			t.Errorf("%s: not a mirror", name)
		}
		if there.Trust.MatchedShare != back.Trust.MatchedShare {
			t.Errorf("%s: %v of the spans match there, %v back", name, there.Trust.MatchedShare, back.Trust.MatchedShare)
		}
		same := compare.Pair(a, a)
		if same.Delta != 0 || len(same.Contributions)+len(same.Changes) != 0 || same.Divergence != nil || same.Trust.MatchedShare != 1 {
			t.Errorf("%s: a trace differs from itself: %+v %+v", name, same.Contributions, same.Changes)
		}
		if same.Headline != "no difference" {
			t.Errorf("%s: headline %q of a trace with itself", name, same.Headline)
		}
	}
}

// checkOwn: what calls made themselves sums to the whole difference, over any cut of the tree into rows, and is what the
// causes say.
func checkOwn(t *testing.T, name string, c *compare.Comparison) {
	t.Helper()
	var sum int64
	for i := 0; i < len(c.Nodes); {
		end := i + 1
		if i%3 == 1 {
			end = c.Nodes[i].End // a closed row
		}
		sum += c.OwnOf(i, end)
		i = end
	}
	if sum != c.Delta {
		t.Errorf("%s: the rows sum to %d, the difference is %d", name, sum, c.Delta)
	}
	of := map[int]int64{}
	for _, cause := range c.Causes {
		if !cause.NotExecuted {
			of[cause.Node] += cause.Delta
		}
	}
	for i := range c.Nodes {
		if own := c.OwnOf(i, i+1); own != of[i] && !c.Nodes[i].NotReached {
			t.Errorf("%s: node %d made %d, its causes say %d", name, i, own, of[i])
		}
	}
	for _, cause := range c.Causes {
		if share := c.Share(cause.Delta); len(share) > 5 && share[:1] == "1" && share != "100 %" && c.Offset(cause.Delta) == "" {
			t.Errorf("%s: a share of %s, and nothing is said of what offsets it", name, share)
		}
	}
}

// checkNodes verifies that the aligned tree is a pre-order array that holds every span of both traces once.
func checkNodes(t *testing.T, name string, c *compare.Comparison) {
	t.Helper()
	for side, f := range []*facts.Facts{c.Good, c.Bad} {
		seen := make([]int, f.Trace.Len())
		for i := range c.Nodes {
			members := c.Nodes[i].Good
			served, servedBad := c.Served(i)
			if side == 1 {
				members, served = c.Nodes[i].Bad, servedBad
			}
			for _, list := range [][]int{members, served} {
				for _, s := range list {
					seen[s]++
					if c.NodeOf(side == 1, s) != i {
						t.Errorf("%s: span %d is in node %d, NodeOf says %d", name, s, i, c.NodeOf(side == 1, s))
					}
				}
			}
		}
		for s, n := range seen {
			if n != 1 {
				t.Fatalf("%s: span %d of side %d stands in %d nodes", name, s, side, n)
			}
		}
	}
	for i, n := range c.Nodes {
		if (n.Parent < 0) != (i == 0) || n.Parent >= i || n.End <= i || n.Parent >= 0 && (n.End > c.Nodes[n.Parent].End || n.Depth != c.Nodes[n.Parent].Depth+1) {
			t.Fatalf("%s: node %d out of place: %+v", name, i, n)
		}
	}
}

// TestDeepAndWide: long chains of calls and many siblings, all alike and all different. The time grows with their number.
func TestDeepAndWide(t *testing.T) {
	same := func(int) string { return "step" }
	other := func(shift int) func(int) string {
		return func(i int) string {
			return fmt.Sprintf("handle%c%c%c%c", 'a'+i%26, 'a'+i/26%26, 'a'+i/676%26, 'a'+(i/17576+shift)%26)
		}
	}
	chain, fan := func(i int) int { return i - 1 }, func(int) int { return 0 }
	list := []struct {
		name   string
		parent func(i int) int
		span   func(i int) string
	}{
		{"deep", chain, same}, {"deep, different", chain, other(0)}, {"deep, others", chain, other(9)},
		{"wide", fan, same}, {"wide, different", fan, other(0)}, {"wide, others", fan, other(9)},
	}
	for i, a := range list {
		b := list[(i+1)%len(list)]
		t.Run(a.name+" against "+b.name, func(t *testing.T) {
			tracetest.Linear(t, 1000, 16_000, func(n int) [2]*facts.Facts {
				return [2]*facts.Facts{comparetest.Shaped(t, n, a.parent, a.span), comparetest.Shaped(t, n, b.parent, b.span)}
			}, func(of [2]*facts.Facts) {
				checkSum(t, "one against the other", compare.Pair(of[0], of[1]))
				checkSum(t, "the other against the one", compare.Pair(of[1], of[0]))
			})
		})
	}
}

func BenchmarkPair(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			name := func(i int) string { return fmt.Sprintf("op%c%c", 'a'+i%26, 'a'+i/26%26) }
			good := comparetest.Shaped(b, n, func(i int) int { return (i - 1) / 8 }, name)
			bad := comparetest.Shaped(b, n, func(i int) int { return (i - 1) / 9 }, name)
			same := comparetest.Shaped(b, n, func(i int) int { return (i - 1) / 8 }, func(i int) string { return name(i + i/1000) })
			b.Run("other shape", func(b *testing.B) {
				for b.Loop() {
					compare.Pair(good, bad)
				}
			})
			b.Run("some renamed", func(b *testing.B) {
				for b.Loop() {
					compare.Pair(good, same)
				}
			})
		})
	}
}
