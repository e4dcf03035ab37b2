package population_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"tracefall/diagnose/compare/population"
	"tracefall/diagnose/facts"
)

// in tells in how many traces a service is.
func in(list []*facts.Facts, service string) int {
	n := 0
	for _, f := range list {
		for i := range f.Trace.Len() {
			if f.Trace.Span(i).Service() == service {
				n++
				break
			}
		}
	}
	return n
}

// fleetCase makes the sets of one seed: a system, good traces, and bad ones in which a fault of one service strikes
// some. Both sides ask for other shares of the root operations. There is none where no service is asked often enough.
func fleetCase(t testing.TB, seed uint64, kind string, s style) (good, bad []*facts.Facts, culprit string) {
	r := rand.New(rand.NewPCG(seed, 77))
	n := 12 + r.IntN(32)
	s.generic, s.poor = r.IntN(2) == 0, !s.kinds || r.IntN(2) == 0
	s.internal, s.dropped = r.IntN(2) == 0, []float64{0, 0, 0.005}[r.IntN(3)]
	f := newFleet(r, n, s)
	good, _ = f.make(t, r, 30+r.IntN(120), mixOf(r, len(f.roots)), 1, nil)
	size := 12 + r.IntN(80)
	for range 60 {
		v := 1 + r.IntN(n-1)
		if r.IntN(12) == 0 && kind != "kill" {
			v = 0
		}
		if 5*in(good, f.names[v]) < len(good) {
			continue
		}
		x := newTrouble(r, kind, v, len(f.endpoints[v]))
		bad, hit := f.make(t, r, size, mixOf(r, len(f.roots)), 0.95+0.15*r.Float64(), &x)
		if hit >= max(5, size/8) {
			return good, bad, f.names[v]
		}
	}
	return nil, nil, ""
}

// fleetStyles are what exports record, with the share of the faults that must be found first: in the systems that the
// ranking was written with, and in others that it was only measured with. Where no status is recorded, a service that
// fails or is gone only shows in what is no longer called.
var fleetStyles = []struct {
	name  string
	style style
	least float64
}{
	{"with kinds", style{kinds: true}, 0.85},
	{"without kinds", style{}, 0.85},
	{"with kinds, without spans for calls", style{kinds: true, bare: true}, 0.7},
	{"without kinds or status", style{mute: true}, 0.65},
}

// TestCulpritsOfFleets: faults of many kinds in made-up systems of 12 to 43 services must be found, and more often than
// by others.
//
//	go test -run CulpritsOfFleets -v ./diagnose/compare
func TestCulpritsOfFleets(t *testing.T) {
	if testing.Short() {
		t.Skip("many runs")
	}
	const each = 2 // systems for each fault
	for _, held := range []uint64{0, 500} {
		for _, x := range fleetStyles {
			var all rankings
			for k, kind := range troubles {
				var b rankings
				for n := range uint64(each) {
					if good, bad, culprit := fleetCase(t, uint64(k)*1000+held+n, kind, x.style); good != nil {
						b.add(t, fmt.Sprintf("%s: %s %d", x.name, kind, held+n), culprit, len(services(good)), good, bad)
					}
				}
				all.join(&b)
			}
			what := x.name
			if held > 0 {
				what += ", held out"
			}
			all.row(t, what)
			all.holds(t, what)
			if found := all.found(); all.cases < 15 || found < x.least {
				t.Errorf("%s: the service with the fault is first in %.2f of %d, want %.2f", what, found, all.cases, x.least)
			}
		}
	}
}

// TestCulpritsOfFleetsByChance: where nothing is wrong, and only other shares of the root operations are asked for, nobody
// is blamed.
func TestCulpritsOfFleetsByChance(t *testing.T) {
	if testing.Short() {
		t.Skip("many runs")
	}
	const rounds = 40
	found := 0
	for seed := range uint64(rounds) {
		r := rand.New(rand.NewPCG(seed, 99))
		f := newFleet(r, 12+r.IntN(32), style{
			kinds: r.IntN(2) == 0, generic: r.IntN(2) == 0, poor: r.IntN(2) == 0, internal: r.IntN(2) == 0, bare: r.IntN(4) == 0, dropped: 0.005,
		})
		good, _ := f.make(t, r, 20+r.IntN(100), mixOf(r, len(f.roots)), 1, nil)
		bad, _ := f.make(t, r, 10+r.IntN(60), mixOf(r, len(f.roots)), 1.05, nil)
		if c := sets(t, good, bad, population.Options{}); len(c.Culprits) > 0 {
			found++
			t.Logf("seed %d: %s: %s", seed, c.Culprits[0].Service, c.Culprits[0].Message)
		}
	}
	t.Logf("%d of %d", found, rounds)
	if found > rounds*5/100 {
		t.Errorf("somebody is blamed by chance in %d of %d", found, rounds)
	}
}
