package population_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose/compare/comparetest"
	"tracefall/diagnose/compare/population"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
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
	{"slow work in a third", func(r *rand.Rand, f *facts.Facts, d *tracetest.Draft, service string) bool {
		list := serving(f, service)
		for _, i := range list {
			if r.IntN(3) == 0 {
				d.Stretch(i, 60e6)
			}
		}
		return len(list) > 0
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

// corpora are real healthy traces in which faults are made: a file, and how many of its traces.
var corpora = []struct {
	name string
	most int
}{
	{"TraceWeaver--hotel_load25.json.gz", 120},
	{"TraceWeaver--node_fileio_0.json.gz", 120},
	{"Nezha--boutique-cpu-contention.jsonl.gz", 120},
}

// incidents are our own, with at least five bad traces: which they are, and the service that has to be found.
var incidents = []struct {
	file, service string
	bad           func(f *facts.Facts) bool
}{
	{"bad-instance", "api", failedRoot},
	{"no-fast-fail", "order-service", failedRoot},
	{"bottleneck", "pricing-service", slower(1e9)},
	{"exhaustion", "billing-service", slower(1e9)},
	{"growing-trend", "user-service", slower(400e6)},
}

func failedRoot(f *facts.Facts) bool { return f.Failed(f.Trace.Root().Index()) }

func slower(than int64) func(*facts.Facts) bool {
	return func(f *facts.Facts) bool { return f.Total() > than }
}

// rankings sums up how often each ranker named the service that had to be found first, and among the first three.
type rankings struct {
	cases        int
	chance       [2]float64 // of choosing at random
	first, third []int      // by ranker
}

// found is the share of the cases in which ours named it first.
func (b *rankings) found() float64 {
	return float64(b.first[len(rankers)-1]) / float64(max(b.cases, 1))
}

func (b *rankings) add(t *testing.T, what, service string, candidates int, good, bad []*facts.Facts) {
	if b.first == nil {
		b.first, b.third = make([]int, len(rankers)), make([]int, len(rankers))
	}
	b.cases++
	b.chance[0] += 1 / float64(candidates)
	b.chance[1] += min(3/float64(candidates), 1)
	for n, r := range rankers {
		list := r.rank(good, bad)
		at := slices.Index(list, service)
		if at == 0 {
			b.first[n]++
		}
		if at >= 0 && at < 3 {
			b.third[n]++
		}
		if r.name == "ours" && at != 0 {
			t.Logf("%s in %s: %s", what, service, brief(sets(t, good, bad, population.Options{})))
		}
	}
}

// row writes the shares of cases, as a line of the table.
func (b *rankings) row(t *testing.T, what string) {
	n := float64(max(b.cases, 1))
	line := fmt.Sprintf("%-62s %5d   %.2f %.2f ", what, b.cases, b.chance[0]/n, b.chance[1]/n)
	for k := range b.first {
		line += fmt.Sprintf("  %.2f %.2f ", float64(b.first[k])/n, float64(b.third[k])/n)
	}
	t.Log(line)
}

// join adds the cases of another rankings.
func (b *rankings) join(x *rankings) {
	b.cases, b.chance[0], b.chance[1] = b.cases+x.cases, b.chance[0]+x.chance[0], b.chance[1]+x.chance[1]
	if b.first == nil {
		b.first, b.third = make([]int, len(rankers)), make([]int, len(rankers))
	}
	for k := range x.first {
		b.first[k] += x.first[k]
		b.third[k] += x.third[k]
	}
}

// holds fails where ours names the service less often than another does.
func (b *rankings) holds(t *testing.T, what string) {
	t.Helper()
	our := len(rankers) - 1
	if float64(b.first[our]) < b.chance[0] || float64(b.third[our]) < b.chance[1] {
		t.Errorf("%s: chance does better", what)
	}
	for k, r := range rankers[:our] {
		if b.first[our] < b.first[k] || b.third[our] < b.third[k] {
			t.Errorf("%s: %s names the service first in %d and among three in %d of %d, ours in %d and %d",
				what, r.name, b.first[k], b.third[k], b.cases, b.first[our], b.third[our])
		}
	}
}

// TestCulprits: a fault in one service of real traces must be found in it, and at least as often as others find it.
// Services are found from the traces; each has each fault once.
//
//	go test -run Culprits -v ./diagnose/compare
func TestCulprits(t *testing.T) {
	if testing.Short() {
		t.Skip("many runs")
	}
	header := fmt.Sprintf("%-62s %5s   %-9s", "first, among three", "cases", "random")
	for _, r := range rankers {
		header += fmt.Sprintf("   %-9s", r.name)
	}
	t.Log(header)
	var all rankings
	for _, corpus := range corpora {
		list := factstest.Of(comparetest.Open(t, filepath.Join(tracetest.Corpus(t), corpus.name)))
		list = list[:min(len(list), corpus.most)]
		names := services(list)
		for _, kind := range faults {
			var b rankings
			for _, service := range names {
				if good, bad := halves(list, kind, service); bad != nil {
					b.add(t, kind.name, service, len(names), good, bad)
				}
			}
			b.row(t, corpus.name+", "+kind.name)
			all.join(&b)
		}
	}
	all.row(t, "all")
	all.holds(t, "faults made in real traces")
	if our := len(rankers) - 1; all.cases < 30 || all.found() < 0.9 {
		t.Errorf("the service with the fault is first in %d of %d", all.first[our], all.cases)
	}
}

// TestCulpritsOfIncidents does the same with our own incidents.
func TestCulpritsOfIncidents(t *testing.T) {
	var b rankings
	for _, x := range incidents {
		list := factstest.Of(comparetest.Open(t, "../../../testdata/demo/"+x.file+".jsonl.gz"))
		var good, bad []*facts.Facts
		for _, f := range list {
			if x.bad(f) {
				bad = append(bad, f)
			} else {
				good = append(good, f)
			}
		}
		if len(bad) < 5 {
			t.Errorf("%s has %d bad traces", x.file, len(bad))
		}
		b.add(t, x.file, x.service, len(services(list)), good, bad)
	}
	b.row(t, "our own incidents")
	b.holds(t, "our own incidents")
}

// TestCulpritsSayWhatFailed: where failures begin in several services, what they say shows what these share; what
// differs in values only is one text. That failed requests take less time is said after it.
func TestCulpritsSayWhatFailed(t *testing.T) {
	for _, tt := range []struct {
		file string
		want []string
	}{
		{"shared-dependency", []string{
			`, 14 of 14 with "connect ECONNREFUSED redis:6379"; less self time: 29.3 ms → 14.2 ms per request`,
			`, 14 of 14 with "connect ECONNREFUSED redis:6379"; less self time: 27.7 ms → 13.6 ms per request`,
			`, 13 of 13 with "connect ECONNREFUSED redis:6379"; less self time: 27 ms → 13.7 ms per request`,
		}},
		{"bad-instance", []string{`, 12 of 12 with "connection pool exhausted: size 10, in use 10, waiting 37"`}},
	} {
		split := population.SplitByErrors(factstest.Of(comparetest.Open(t, "../../../testdata/demo/"+tt.file+".jsonl.gz")))
		c := sets(t, split.Good, split.Bad, population.Options{By: split.By})
		if len(c.Culprits) != len(tt.want) {
			t.Fatalf("%s: culprits %+v", tt.file, c.Culprits)
		}
		for n, k := range c.Culprits {
			if !strings.HasSuffix(k.Message, tt.want[n]) {
				t.Errorf("%s: %s: %q does not end in %q", tt.file, k.Service, k.Message, tt.want[n])
			}
		}
	}
}

// TestCulpritsSayWhatDiffers: texts that differ in values only are one, with the values left out.
func TestCulpritsSayWhatDiffers(t *testing.T) {
	good, bad := "", ""
	for i := range 12 {
		good += fmt.Sprintf("trace %d\nweb root 0ms +10ms\n", i+1)
		bad += fmt.Sprintf("trace %d\nweb root 0ms +10ms error=\"no seat %d left\"\n", i+1, i)
	}
	c := sets(t, factstest.Of(tracetest.Set(t, good)), factstest.Of(tracetest.Set(t, bad)), population.Options{})
	if len(c.Culprits) != 1 || !strings.HasSuffix(c.Culprits[0].Message, `, 12 of 12 with "no seat {int} left"`) {
		t.Errorf("culprits %+v", c.Culprits)
	}
}

func brief(c *population.Comparison) string {
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
