package flame

import (
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/views"
	"tracefall/views/viewstest"
)

// TestFlameBoxes checks of random graphs, measures and widths that frames lie side by side within their parent's, and that
// each is found under the mouse where it was drawn.
func TestFlameBoxes(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 1))
	env := viewstest.Env(t)
	for range 150 {
		f := shown(t, randomTrace(t, rng))
		if rng.IntN(3) == 0 {
			f = shown(t, randomTrace(t, rng), randomTrace(t, rng))
		}
		f.by, f.starts = measure(rng.IntN(int(measures))), rng.IntN(2) == 0
		w := rng.IntN(100) + 1
		viewstest.Frame(f, env, w, 40)
		for n := 0; f.rows.row(n) != nil; n++ {
			checkRow(t, f, n)
			for _, b := range f.rows.row(n) {
				y := f.drawn.frames + (n-f.top)*f.drawn.height
				if n < f.top || y >= f.drawn.frames+f.drawn.lines {
					continue
				}
				x := b.x + rng.IntN(b.w)
				if f.Mouse(views.Mouse{X: x, Y: y}); f.at != b.node {
					t.Fatalf("a click at %d, %d selects %d, want %d of %+v", x, y, f.at, b.node, b)
				}
			}
		}
	}
}

// TestFlameSelectedSaysTheSame selects each frame: but for the edge it reads as before.
func TestFlameSelectedSaysTheSame(t *testing.T) {
	f := shown(t, shopTrace(t, 0))
	env := viewstest.Env(t)
	compared := 0
	for w := 60; w < 120; w++ {
		inside := func(b box, row int) (text string) {
			lines := strings.Split(viewstest.Plain(f, env, w, 40), "\n")
			y := f.drawn.frames + row*f.drawn.height
			for _, line := range lines[y : y+f.drawn.height] {
				text += string([]rune(line)[b.x+1:b.x+b.w]) + "\n"
			}
			return text
		}
		viewstest.Do(f, views.Top)
		viewstest.Frame(f, env, w, 40)
		for n := 1; f.rows.row(n) != nil; n++ {
			for _, b := range slices.Clone(f.rows.row(n)) {
				if b.rest > 0 {
					continue
				}
				f.at = 0
				before := inside(b, n)
				f.at = b.node
				if after := inside(b, n); after != before {
					t.Fatalf("at %d columns, before and after it is selected:\n%s%s", w, before, after)
				}
				compared++
			}
		}
	}
	if compared < 300 {
		t.Errorf("%d frames were compared", compared)
	}
}

func checkRow(t *testing.T, f *Flame, n int) {
	t.Helper()
	end := 0
	for _, b := range f.rows.row(n) {
		if b.w < 1 || b.x < end || b.x+b.w > f.rows.w {
			t.Fatalf("row %d has %+v, the frame before ends at %d", n, b, end)
		}
		end = b.x + b.w
		if n == 0 {
			continue
		}
		parent := b.node
		if b.rest == 0 {
			parent = f.graph.tree.Nodes[b.node].Parent
		}
		p := f.rows.row(n - 1)[f.rows.find(n-1, parent)]
		if b.x < p.x || b.x+b.w > p.x+p.w || b.at+b.width > (p.at+p.width)*(1+1e-12) {
			t.Fatalf("row %d has %+v, below %+v", n, b, p)
		}
	}
}

// TestFlameSums checks that the frames have of their own what the whole is wide, that no children are wider than their
// parent, and that the changes of all frames are the change of the whole.
func TestFlameSums(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 2))
	for range 100 {
		a, b := shown(t, randomTrace(t, rng)).graph, shown(t, randomTrace(t, rng))
		pair := newGraph([]iter.Seq[facts.Portion]{portions(randomTrace(t, rng), randomTrace(t, rng)), portions(randomTrace(t, rng))})
		for m := range measures {
			for _, g := range []*graph{a, b.graph, pair} {
				own := 0.0
				for n, w := range g.by[m].own {
					own += w
					kids := 0.0
					for _, k := range g.by[m].widest.Of(int32(n)) {
						kids += g.by[m].width[k]
					}
					if kids > g.by[m].width[n]*(1+1e-12) {
						t.Fatalf("%s: frame %d is %v wide, its children %v", measureNames[m], n, g.by[m].width[n], kids)
					}
				}
				near(t, measureNames[m]+" of all frames", own, g.by[m].width[0])
			}
			both := newGraph([]iter.Seq[facts.Portion]{portions(b.of[0].Trace), portions(b.of[0].Trace)})
			near(t, "a trace less itself", sum(both.by[m].delta), 0)
			difference := 0.0
			for n := range pair.tree.Nodes {
				difference += pair.mean(1, m.own(&pair.tree.Nodes[n].Sides[1])) - pair.mean(0, m.own(&pair.tree.Nodes[n].Sides[0]))
			}
			near(t, "changes by "+measureNames[m], sum(pair.by[m].delta), difference)
			if w := newWalk(pair, m, false, 100); m != byTotal { // durations of calls at once do not add up
				near(t, "change of the whole by "+measureNames[m], w.all(1)-w.all(0), difference)
			}
		}
	}
}

func sum(list []float64) float64 {
	all := 0.0
	for _, v := range list {
		all += v
	}
	return all
}

func near(t *testing.T, what string, got, want float64) {
	t.Helper()
	if diff := got - want; diff > 1e-6*(1+want) && diff > 1 || diff < -1e-6*(1+want) && diff < -1 {
		t.Fatalf("%s: %v, want %v", what, got, want)
	}
}

// randomTrace has up to 60 spans whose children begin and end anywhere.
func randomTrace(t testing.TB, rng *rand.Rand) *trace.Trace {
	m := viewstest.NewMaker()
	ids := []uint64{m.Span(0, "s0", "root", 0, rng.Int64N(1000))}
	for range rng.IntN(60) {
		p := ids[rng.IntN(len(ids))]
		ids = append(ids, m.Span(p, fmt.Sprintf("s%d", rng.IntN(3)), fmt.Sprintf("op%c", 'a'+rune(rng.IntN(5))), rng.Int64N(1000), rng.Int64N(1000)))
	}
	return m.Trace(t)
}

func TestFlameDrawsAtAnySize(t *testing.T) {
	traces := []*trace.Trace{shopTrace(t, 0), viewstest.BrokenTrace(t), viewstest.HostileTrace(t), viewstest.DeepTrace(t, 300), viewstest.WideTrace(t, 500), viewstest.BigTrace(t)}
	viewstest.CheckAnything(t, viewstest.Env(t), 4, 1500, func() views.Screen { return shown(t, traces[0]) }, func(s views.Screen, rng *rand.Rand) {
		f := s.(*Flame)
		tr, other := traces[rng.IntN(len(traces))], traces[rng.IntN(len(traces))]
		switch rng.IntN(8) {
		case 0:
			f.Show(nil)
		case 1:
			f.Show([]views.Scope{scopeOf(tr)})
		case 2, 3:
			if a := f.Show([]views.Scope{scopeOf(tr), scopeOf(other)}); a != nil {
				answer(t, a, portions(tr), portions(other))
			}
		default:
			if a := f.Show([]views.Scope{scopeOf(tr)}); a != nil {
				answer(t, a, portions(tr))
			}
		}
	})
}

// TestFlameKeepsControlsOut checks that no byte of a name reaches the terminal as it is.
func TestFlameKeepsControlsOut(t *testing.T) {
	f := shown(t, viewstest.HostileTrace(t))
	for _, r := range viewstest.Plain(f, viewstest.Env(t), 120, 40) + f.line(f.sides()) {
		if r < 0x20 && r != '\n' || r == 0x202e {
			t.Fatalf("%q is drawn", r)
		}
	}
}
