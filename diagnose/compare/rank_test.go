package compare_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"tracefall/diagnose/compare"
	"tracefall/diagnose/facts"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// fault is something done to one service in the bad half of a file of real healthy traces.
type fault struct {
	name string
	make func(r *rand.Rand, f *facts.Facts, d *tracetest.Draft, service string) bool
}

// serving lists the spans in which a service does its work for others.
func serving(f *facts.Facts, service string) []int {
	var list []int
	for i := f.Trace.First(); i < f.Trace.Len(); i++ {
		if f.Trace.Span(i).Service() == service && f.Kind(i) == trace.KindServer {
			list = append(list, i)
		}
	}
	return list
}

var faults = []fault{
	{"slow work", func(r *rand.Rand, f *facts.Facts, d *tracetest.Draft, service string) bool {
		list := serving(f, service)
		for _, i := range list {
			more := int64(20e6 * (0.5 + r.Float64()))
			d.Stretch(i, more)
		}
		return len(list) > 0
	}},
	{"slow network", func(r *rand.Rand, f *facts.Facts, d *tracetest.Draft, service string) bool {
		done := false
		for _, i := range serving(f, service) {
			up := f.Trace.Parent(i)
			if up < 0 || f.Server(up) != i {
				continue
			}
			more := int64(20e6 * (0.5 + r.Float64()))
			d.Stretch(up, more)
			for k := range d.Parts {
				if d.Under(k, i) {
					d.Parts[k].Start, d.Parts[k].End = d.Parts[k].Start+more/2, d.Parts[k].End+more/2
				}
			}
			done = true
		}
		return done
	}},
	{"failures", func(r *rand.Rand, f *facts.Facts, d *tracetest.Draft, service string) bool {
		list := serving(f, service)
		for _, i := range list {
			for up := i; up >= 0 && r.IntN(2) == 0; up = -1 {
				for at := i; at >= 0; at = d.Parts[at].Parent { // all callers fail too
					d.Parts[at].Failed = true
				}
			}
		}
		return len(list) > 0
	}},
}

// TestCulprits: a fault in one service of real traces must be found in it. Services are found from the traces;
// each has each fault once.
func TestCulprits(t *testing.T) {
	t.Logf("%-40s %-14s %6s %6s", "file", "fault", "cases", "first")
	cases, first := 0, 0
	for _, name := range []string{"TraceWeaver--hotel_load25.json.gz", "TraceWeaver--node_fileio_0.json.gz"} {
		all := factsOf(open(t, "../shared/traces/"+name))[:120]
		for _, kind := range faults {
			n, hits := 0, 0
			for _, service := range services(all) {
				good, bad := halves(all, kind, service)
				if bad == nil {
					continue
				}
				c := sets(t, good, bad, compare.SetOptions{})
				n++
				if len(c.Culprits) > 0 && c.Culprits[0].Service == service {
					hits++
				} else {
					t.Logf("%s of %s: %s", kind.name, service, brief(c))
				}
			}
			t.Logf("%-40s %-14s %6d %6d", name, kind.name, n, hits)
			cases, first = cases+n, first+hits
		}
	}
	if cases < 15 || share(first, cases) < 0.9 {
		t.Errorf("the service with the fault is first in %d of %d", first, cases)
	}
}

func brief(c *compare.SetComparison) string {
	text := ""
	for _, x := range c.Culprits {
		text += fmt.Sprintf("%s %.2f (%s); ", x.Service, x.Score, x.Message)
	}
	return text + c.Headline
}

func services(all []*facts.Facts) []string {
	var list []string
	for _, f := range all {
		for i := range f.Trace.Len() {
			if s := f.Trace.Span(i).Service(); !slices.Contains(list, s) {
				list = append(list, s)
			}
		}
	}
	slices.Sort(list)
	return list
}

// halves copies the traces, every second one with the fault; nil when it does not apply to the service.
func halves(all []*facts.Facts, kind fault, service string) (good, bad []*facts.Facts) {
	r := rand.New(rand.NewPCG(uint64(len(service)), 11))
	b := trace.NewBuilder()
	done := 0
	for n, f := range all {
		d := tracetest.NewDraft(f.Trace)
		if n%2 == 1 && kind.make(r, f, d, service) {
			done++
		}
		d.Add(b, uint64(n)+1)
	}
	if done < len(all)/4 {
		return nil, nil
	}
	set := b.Build()
	ops := facts.NewOps(set)
	for n := range all {
		f := facts.New(set.Find(trace.TraceID{Lo: uint64(n) + 1}), ops)
		if n%2 == 0 {
			good = append(good, f)
		} else {
			bad = append(bad, f)
		}
	}
	return good, bad
}
