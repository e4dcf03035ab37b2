package servicemap

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/servicemap"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/viewstest"
)

// earlier is the shop of before the incident: without orders and queue, with an older database.
const earlier = `
trace 1
gateway "GET /cart" 0ms +40ms kind=server
  gateway "GET /cart" 5ms +30ms kind=client
    cart "GET /cart" 10ms +20ms kind=server
      cart "SELECT cart" 20ms +5ms kind=client db.system=postgresql db.namespace=carts
      cart "SELECT old" 26ms +2ms kind=client db.system=mysql
  gateway "POST /charge" 35ms +4ms kind=client server.address=api.stripe.com http.request.method=POST url.full=https://api.stripe.com/charge
`

func TestServiceMapFrames(t *testing.T) {
	for _, test := range []struct {
		name string
		open func() *ServiceMap
	}{
		{"shop", func() *ServiceMap { return shown(t, tracetest.Set(t, shop)) }},
		{"failing", func() *ServiceMap { return shown(t, viewstest.OpenDemo(t, "shared-dependency.jsonl.gz")) }},
		{"trace", func() *ServiceMap {
			tr := viewstest.CheckoutTrace(t)
			s := New()
			answer(t, s.Show([]views.Scope{{Set: tr.Set(), Trace: tr, Traces: 1}}))
			return s
		}},
		{"compared", func() *ServiceMap { return shown(t, tracetest.Set(t, earlier), tracetest.Set(t, shop)) }},
		{"list", func() *ServiceMap {
			s := shown(t, tracetest.Set(t, earlier), tracetest.Set(t, shop))
			viewstest.Do(s, EdgeList, views.Down)
			return s
		}},
		{"edge", func() *ServiceMap {
			s := shown(t, tracetest.Set(t, shop))
			viewstest.Do(s, views.NextMatch)
			return s
		}},
		{"edge-failing", func() *ServiceMap {
			s := shown(t, viewstest.OpenDemo(t, "shared-dependency.jsonl.gz"))
			viewstest.Do(s, views.NextMatch, views.NextMatch)
			return s
		}},
		{"cycle", func() *ServiceMap { return shown(t, tracetest.Set(t, cycle)) }},
		{"large", func() *ServiceMap { return shown(t, wide(t, 100)) }},
		{"larger-than-screen", func() *ServiceMap { return shown(t, wide(t, 15)) }},
		{"counting", func() *ServiceMap {
			s := New()
			set := tracetest.Set(t, shop)
			s.Show([]views.Scope{{Set: set, Traces: 60_000}}).(views.Measure).Counted(12_345)
			return s
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := test.open()
			viewstest.CheckFrames(t, "servicemap-"+test.name, s, viewstest.EnvOf(t, s.of...))
		})
	}
	viewstest.CheckASCII(t, "servicemap-ascii", 80, 24, shown(t, tracetest.Set(t, shop)))
	edge := shown(t, tracetest.Set(t, shop))
	viewstest.Do(edge, views.NextMatch)
	viewstest.CheckASCII(t, "servicemap-edge-ascii", 80, 24, edge)
}

// TestFactsAreWhole draws the numbers of a node and of an edge at every width: those that have no room go as a whole, the
// errors last.
func TestFactsAreWhole(t *testing.T) {
	env := viewstest.Env(t)
	node, edge := shown(t, tracetest.Set(t, earlier), tracetest.Set(t, shop)), shown(t, tracetest.Set(t, earlier), tracetest.Set(t, shop))
	viewstest.Do(edge, views.NextMatch)
	for w := 50; w <= 160; w++ {
		for _, s := range []*ServiceMap{node, edge} {
			lines := strings.Split(strings.TrimRight(viewstest.Plain(s, env, w, 24), "\n"), "\n")
			facts := lines[len(lines)-3:]
			for k, line := range facts[:2] {
				if strings.Contains(line, "…") {
					t.Errorf("%d cells: %q is cut", w, line)
				}
				if whole := []string{"✗ 0 % → 33 %", "✗ 0 % → 50 %"}; k == 0 && s == node && !strings.Contains(line, whole[0]) {
					t.Errorf("%d cells: %q lacks the errors", w, line)
				} else if k == 1 && s == edge && !strings.Contains(line, whole[1]) {
					t.Errorf("%d cells: %q lacks the errors", w, line)
				}
			}
		}
	}
}

// TestNumbersOfEdgesAreAligned checks at every width that the points of rates and durations stand one above the other.
func TestNumbersOfEdgesAreAligned(t *testing.T) {
	s, points := shown(t, tracetest.Set(t, earlier), tracetest.Set(t, shop)), 0
	viewstest.Do(s, EdgeList)
	for w := 60; w <= 200; w++ {
		lines := strings.Split(viewstest.Plain(s, viewstest.Env(t), w, 14), "\n")[2:10]
		for _, p := range s.list.Placed {
			switch p.Column {
			case columnRate, columnP50, columnP95, columnP99, columnDelta:
				points += viewstest.CheckPoints(t, lines, p.X+p.W-1)
			case columnErrors, columnCalls, columnShare, columnPoints, columnName, columnCount:
			}
		}
	}
	if points < 1000 {
		t.Errorf("only %d numbers were looked at", points)
	}
}

// cycle has services that call each other, one that calls itself, and an edge that passes over a layer.
const cycle = `
web "GET /" 0ms +90ms kind=server
  orders "GET /" 1ms +50ms kind=server
    stock "GET /" 2ms +40ms kind=server
      orders "POST /callback" 3ms +5ms kind=server error="boom"
      stock "GET /replica" 10ms +9ms kind=client
        stock "GET /replica" 11ms +5ms kind=server resource.service.instance.id=2
  stock "GET /" 60ms +5ms kind=server
`

func TestServiceMapDrawsAtAnySize(t *testing.T) {
	sets := []*trace.Set{tracetest.Set(t, shop), tracetest.Set(t, cycle), wide(t, 30), viewstest.HostileTrace(t).Set(), viewstest.BrokenTrace(t).Set()}
	viewstest.CheckAnything(t, viewstest.Env(t), 5, 1500, func() views.Screen { return shown(t, sets[0]) }, func(screen views.Screen, rng *rand.Rand) {
		s := screen.(*ServiceMap)
		switch rng.IntN(4) {
		case 0:
			s.Show(scopesOf(sets[rng.IntN(len(sets))]))
		case 1:
			viewstest.Do(s, EdgeList)
		case 2:
			*s = *shown(t, sets[rng.IntN(len(sets))], sets[rng.IntN(len(sets))])
		default:
			*s = *shown(t, sets[rng.IntN(len(sets))])
		}
	})
}

func BenchmarkFrame(b *testing.B) {
	for _, test := range []struct {
		name string
		set  *trace.Set
		form form
	}{{"shop", tracetest.Set(b, shop), asMap}, {"80-nodes", wide(b, 100), asMap}, {"list", wide(b, 100), asList}} {
		s := New()
		answer(b, s.Show(scopesOf(test.set)))
		s.form = test.form
		b.Run(test.name, func(b *testing.B) { viewstest.BenchFrames(b, s, views.Down) })
	}
}

// BenchmarkPlan measures what a new size of the screen costs.
func BenchmarkPlan(b *testing.B) {
	for _, n := range []int{10, 100} {
		s := New()
		answer(b, s.Show(scopesOf(wide(b, n))))
		env := viewstest.Env(b)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				newPlan(s.data, 200, 45, env.Theme)
			}
		})
	}
}

// BenchmarkCount counts traces of a thousand to a million spans.
func BenchmarkCount(b *testing.B) {
	viewstest.BenchSizes(b, func(b *testing.B, tr *trace.Trace) {
		f := slices.Values([]facts.Portion{{Facts: viewstest.FactsOf(tr)}})
		for b.Loop() {
			servicemap.Count(f)
		}
	})
}

// TestLinesToARootCauseAreRed selects a node that does not call what fails: how it is reached is seen all the same.
func TestLinesToARootCauseAreRed(t *testing.T) {
	s := shown(t, viewstest.OpenDemo(t, "shared-dependency.jsonl.gz"))
	env := viewstest.EnvOf(t, s.of...)
	viewstest.Frame(s, env, 120, 40)
	viewstest.Do(s, views.Left, views.Left)
	red := func(r viewstest.Run) bool {
		return viewstest.HasInk(r, env.Theme.Error) && strings.Trim(r.Text, "─│┌┐└┘├┤┬┴┼") == ""
	}
	if grid := viewstest.Frame(s, env, 120, 40); !slices.ContainsFunc(viewstest.Runs(grid), red) {
		t.Errorf("no line is red:\n%s", grid.Plain())
	}
}

// TestTheNameOfANodeTakesTheRoom selects a node with a long name: below the map it is whole where the numbers leave room, and
// the numbers are whole where they do not.
func TestTheNameOfANodeTakesTheRoom(t *testing.T) {
	const host = "elasticloadbalancing.eu-west-1.amazonaws.com"
	s := shown(t, tracetest.Set(t, `
operator "join" 0ms +1s kind=server
  operator "GET" 10ms +100ms kind=client server.address=`+host+` http.request.method=GET url.full=https://`+host+`/
`))
	env := viewstest.Env(t)
	viewstest.Frame(s, env, 120, 40)
	viewstest.Do(s, views.Right)
	for w, want := range map[int]string{120: " " + host + " · external · 1 call · p50 100 ms", 80: "1 call · p50 100 ms · p95 100 ms"} {
		lines := strings.Split(viewstest.Plain(s, env, w, 40), "\n")
		if got := lines[len(lines)-3]; !strings.Contains(got, want) {
			t.Errorf("%d cells: below the map stands %q, want %q", w, got, want)
		}
	}
}
