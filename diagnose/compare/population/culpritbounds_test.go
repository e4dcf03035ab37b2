package population

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"tracefall/diagnose/compare/calltree"
	"tracefall/diagnose/compare/comparetest"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
	"tracefall/sources/trace"
)

// boundsBoard is a board of some services over one good and one bad trace, the good one of so many ns.
func boundsBoard(mean int64, names ...string) *board {
	o := &observed{keys: calltree.NewKeys(), names: names, sides: []uint8{0, 1}, roots: []int32{otherRoot, otherRoot}, size: [2]int{1, 1}}
	p := &population{opt: Options{Q: usualQ}}
	return newBoard(p, &Comparison{Of: [2]Summary{{Mean: mean}, {Mean: mean}}}, o)
}

// certain is a hypothesis that a test has settled.
func certain(z float64) []*group { return []*group{{z: z, p: 0.001}} }

func isNear(t *testing.T, what string, got, want float64) {
	t.Helper()
	if math.Abs(got-want) > 1e-9*math.Abs(want)+1e-12 {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// TestLeastExcess: a call must take a millisecond longer, and a hundredth of what a trace takes where these are short.
func TestLeastExcess(t *testing.T) {
	isNear(t, "the least excess in long traces", boundsBoard(1e9).least, 1e6)
	isNear(t, "the least excess in short traces", boundsBoard(50e6).least, 0.5e6)
}

// TestExcessMatters: a service must take a fiftieth more of what the traces take that it is in.
func TestExcessMatters(t *testing.T) {
	b := boundsBoard(1000)
	isNear(t, "what matters in a trace", b.matters[1], 20)
}

// TestJudgedEdges: calls that take half as long again are suspicious also where chance is not ruled out; what hardly changed in
// three traces is calm.
func TestJudgedEdges(t *testing.T) {
	for _, test := range []struct {
		what   string
		ratio  float64
		z      float64
		traces int
		want   edgeState
	}{
		{"takes half as long again", 1.5, 2, 3, edgeInflated},
		{"takes a fifth longer", 1.2, 2, 3, edgeCalm},
		{"takes longer, by chance", 1.5, 1, 3, edgeCalm},
		{"is in two traces", 1.2, 2, 2, edgeUnknown},
	} {
		b := boundsBoard(1e9)
		e := &edge{change: change{before: 100e6, excess: (test.ratio - 1) * 100e6, calls: 1}, presence: presence{seen: [2]int{test.traces, 9}}}
		if sure := b.judge(e, []*group{{z: test.z, p: 1}}); sure || e.state != test.want {
			t.Errorf("a call that %s: state %v, certain %v; want %v", test.what, e.state, sure, test.want)
		}
	}
}

// TestRareFailures: failures that begin in a service in 2.5 % of the traces more are told, in 1.5 % not.
func TestRareFailures(t *testing.T) {
	for rate, want := range map[float64]float64{0.025: 0.025, 0.015: 0, 1.5: 1} {
		got := rate
		boundsBoard(1e9).sureOf(certain(4)[0], &got)
		isNear(t, "the rate of failures", got, want)
	}
}

// TestCountedCalls: half as many calls again, which take time, point to who makes them with half of it.
func TestCountedCalls(t *testing.T) {
	b := boundsBoard(1000, "caller", "callee")
	at := trackKey{made, 0, 1, 7}
	*b.o.tracks.of(at) = track{trackKey: at, calls: [2]float64{2, 3}, sum: [2]float64{60, 75}}
	b.count(&counted{from: b.all[0], to: 1, op: 7, change: change{before: 2, excess: 1, calls: 1}, sure: certain(4)[0]})
	isNear(t, "the time of more calls", b.all[0].more, 25*0.5)

	b.count(&counted{from: b.all[1], to: 1, op: 7, change: change{before: 2, excess: 0.3, calls: 1}, sure: certain(4)[0]})
	if s := b.all[1]; s.more != 0 || len(s.counts) != 0 {
		t.Errorf("a seventh more calls count as %v", s.more)
	}
}

// TestDrift: what eight services take longer by is a drift, of which at most half as much again is taken off.
func TestDrift(t *testing.T) {
	for _, test := range []struct {
		services    int
		ratio, left float64
	}{{7, 1.3, 1.3}, {8, 1.3, 1}, {9, 1.3, 1}, {9, 2.1, 1.4}} {
		var changes []*change
		for range test.services {
			changes = append(changes, &change{before: 1000, excess: 1000 * (test.ratio - 1), calls: 1})
		}
		discount(changes)
		isNear(t, "what is left", changes[0].ratio(), test.left)
	}
}

// TestSlowOnItsWay: of what a call takes longer, with nothing else to go by, the callee accounts for two thirds.
func TestSlowOnItsWay(t *testing.T) {
	e := &edge{from: &suspect{}, to: &suspect{}, state: edgeInflated}
	e.from.out, e.to.in = []*edge{e}, []*edge{e}
	isNear(t, "the callee's share", calleeShare(e), 1/1.5)
}

// TestActingDifferently: of services that act differently, half of the calls that are no longer made count, and a quarter
// of the work that is no longer done, beside the time that others take longer.
func TestActingDifferently(t *testing.T) {
	b := boundsBoard(1000, "less", "faster", "slow")
	b.all[0].less, b.all[1].faster, b.all[2].more = 0.8, 0.8, 1000
	b.rank()
	for n, want := range []float64{0.4, 0.2, 1} {
		isNear(t, "the weight of "+b.all[n].name, b.all[n].score, want/1.6)
	}
}

// TestPassedDown: a caller that stops after it was answered passes nine tenths on; one that fails then passes on as good as
// all, also where that its callee acts differently becomes known after it was looked at.
func TestPassedDown(t *testing.T) {
	b := boundsBoard(1000, "front", "caller", "callee")
	front, caller, callee := b.all[0], b.all[1], b.all[2]
	front.failing, front.fails = 0.5, 0.5
	front.out = []*edge{{from: front, to: callee}}
	caller.acts, caller.stops, callee.less = 1, callee, 1
	b.passDown()
	isNear(t, "what the caller keeps", caller.acts, 0.1)
	if front.fails > 0.001 || math.Abs(callee.acts-1.4) > 0.001 {
		t.Errorf("the front keeps %v of its failures, the callee gets %v in all", front.fails, callee.acts)
	}
}

// TestExplained: a service explains another one a quarter of whose time is in calls to it, not one with a sixth.
func TestExplained(t *testing.T) {
	for share, want := range map[float64]int{0.25: 1, 0.17: 0} {
		b := boundsBoard(1000, "callee", "caller")
		b.list = b.all
		b.all[1].gap = 100
		b.all[1].leads = []lead{{to: b.all[0], time: 100 * share}}
		list := []Culprit{{Service: "callee"}, {Service: "caller"}}
		if b.explain(list, 1); len(list[0].Explains) != want {
			t.Errorf("with %v of its time the caller is explained by %+v", share, list[0].Explains)
		}
	}
}

// TestLessWork: a service that works hardly more than half as long acts differently, one that works for two thirds does not.
func TestLessWork(t *testing.T) {
	for now, want := range map[float64]float64{550: 0.45, 700: 0} {
		b := boundsBoard(1000, "worker")
		h := &hypotheses{at: map[[4]int32][]*group{{ofOwn, 0}: certain(-4)}}
		s := &series{key: seriesKey{what: ownTime, from: nobody, to: 0, op: nobody}, samples: []number{{0, 1, 1000}, {1, 1, now}}}
		b.ownWork(h, []*series{s})
		isNear(t, "the share of work that is no longer done", b.all[0].faster, want)
	}
}

// TestMoreWork: a service that works half as long again is certain, one that works a fifth longer is not.
func TestMoreWork(t *testing.T) {
	for now, want := range map[float64]bool{1500: true, 1200: false} {
		b := boundsBoard(1000, "worker")
		h := &hypotheses{at: map[[4]int32][]*group{{ofOwn, 0}: certain(4)}}
		s := &series{key: seriesKey{what: ownTime, from: nobody, to: 0, op: nobody}, samples: []number{{0, 1, 1000}, {1, 1, now}}}
		if b.ownWork(h, []*series{s}); b.all[0].ownSure != want {
			t.Errorf("%v instead of 1000 ns: certain %v", now, b.all[0].ownSure)
		}
	}
}

// TestFiveCulprits: of six services that take twice as long five are told.
func TestFiveCulprits(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 8))
	list := func(ms float64) []*facts.Facts {
		b := trace.NewBuilder()
		for id := range 40 {
			spans, at := []comparetest.Span{{Parent: -1, Service: "gateway", Name: "GET /", Kind: trace.KindServer}}, int64(1e6)
			for n := range 6 {
				took := int64(ms * 1e6 * math.Exp(r.NormFloat64()*0.1))
				spans = append(spans, comparetest.Span{Service: "gateway", Name: "call", Kind: trace.KindClient, Start: at, End: at + took + 1e6},
					comparetest.Span{Parent: len(spans), Service: fmt.Sprint("service ", n), Name: fmt.Sprint("work ", n), Kind: trace.KindServer, Start: at + 5e5, End: at + took + 5e5})
				at += took + 2e6
			}
			spans[0].End = at
			comparetest.Build(t, b, uint64(id)+1, spans)
		}
		return factstest.Of(b.Build())
	}
	c, err := Compare(context.Background(), list(10), list(20), Options{})
	if err != nil || len(c.Culprits) != 5 {
		t.Errorf("%v: %+v", err, c.Culprits)
	}
}
