package diagnose

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"

	"tracefall/diagnose/facts"
	"tracefall/diagnose/rule"
	"tracefall/diagnose/rules/capacity"
	"tracefall/diagnose/rules/failures"
	"tracefall/sources"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// Detectors that weigh a file's traces against each other promise to be quiet where chance dealt the labels: of the
// files below, each dealt anew many times, the share with any finding stays below the q of the detector. Nothing is
// lost by dealing but the order, or who was it: counts, durations and outcomes are those of the incident.
//
//	go test -run Permuted -v ./diagnose
func TestPermutedLabels(t *testing.T) {
	if testing.Short() {
		t.Skip("many runs")
	}
	th := DefaultThresholds()
	for _, test := range []struct {
		detector rule.Detector
		files    []string
		deal     func(*trace.Set, *rand.Rand) *trace.Set
		most     float64 // share of the files
	}{
		{capacity.GrowingTrend, []string{"growing-trend.scenario", "growing-trend.noisy", "growing-trend.flat", "growing-trend.sawtooth", "growing-trend.step"}, otherOrder, rule.ThresholdsOf[capacity.GrowingTrendThresholds](th).Q},
		{capacity.BadInstance, []string{"bad-instance.scenario", "bad-instance.slow", "bad-instance.proportional"}, otherResources, rule.ThresholdsOf[capacity.BadInstanceThresholds](th).Q},
		{failures.SharedDependency, []string{"shared-dependency.three-databases"}, otherOutcomes, 0.01}, // it has no q: as few
	} {
		for _, name := range test.files {
			const times = 1000
			set := diagnoseFile(t, filepath.Join(incidents, name+".new.otlp.json")).Set
			r := rand.New(rand.NewPCG(11, 12))
			with := 0
			for range times {
				if len(ask(test.detector, test.deal(set, r))) > 0 {
					with++
				}
			}
			t.Logf("%-34s %3d of %d with a finding, %g allowed", name, with, times, test.most*times)
			most := test.most * times
			if float64(with) > most+3*math.Sqrt(most) { // three standard deviations: the share itself is what was promised
				t.Errorf("%s: %d of %d files of chance have a finding, want a share of %g", name, with, times, test.most)
			}
		}
	}
}

// TestPermutedNezha does the same with the traces of a real shop.
func TestPermutedNezha(t *testing.T) {
	if testing.Short() {
		t.Skip("many runs")
	}
	set := realTraces(t, "Nezha--boutique-cpu-contention.jsonl.gz")
	r := rand.New(rand.NewPCG(13, 14))
	const times = 12
	trends, instances := 0, 0
	for range times {
		trends += min(len(ask(capacity.GrowingTrend, otherOrder(set, r))), 1)
		instances += min(len(ask(capacity.BadInstance, otherResources(set, r))), 1)
	}
	t.Logf("growing-trend %d, bad-instance %d of %d files with a finding", trends, instances, times)
	if trends > 1 || instances > 0 {
		t.Errorf("%d and %d of %d files of chance have a finding", trends, instances, times)
	}
}

// ask runs one detector of files.
func ask(d rule.Detector, set *trace.Set) []rule.Finding {
	ops := facts.NewOps(set)
	all := make([]*facts.Facts, set.Len())
	for i := range all {
		all[i] = facts.New(set.Trace(i), ops)
	}
	var found []rule.Finding
	d.File(rule.NewFilePass(&d, set, all, survey(all, ops.Clocks(), nil), func(f rule.Finding, total int64) {
		grade(&f, total)
		found = append(found, f)
	}))
	return found
}

// otherOrder gives each trace the time of another.
func otherOrder(s *trace.Set, r *rand.Rand) *trace.Set {
	turn := r.Perm(s.Len())
	by := map[trace.TraceID]int64{}
	for i := range s.Len() {
		by[s.Trace(i).ID()] = s.Trace(turn[i]).Start() - s.Trace(i).Start()
	}
	return skewed(s, func(sp trace.Span) int64 { return by[sp.Trace().ID()] })
}

// otherResources gives each span the resource of another of its service.
func otherResources(s *trace.Set, r *rand.Rand) *trace.Set {
	spans := map[string][]trace.Span{}
	each(s, func(sp trace.Span) { spans[sp.Service()] = append(spans[sp.Service()], sp) })
	next := map[string][]int{}
	b := trace.NewBuilder()
	each(s, func(sp trace.Span) {
		all := spans[sp.Service()]
		if next[sp.Service()] == nil {
			next[sp.Service()] = r.Perm(len(all))
		}
		turn := next[sp.Service()]
		from := all[turn[0]]
		next[sp.Service()] = turn[1:]
		var raw trace.RawSpan
		tracetest.Copy(b, sp, &raw)
		raw.Origin = tracetest.CopyOrigin(b, from)
		b.Add(&raw)
	})
	return b.Build()
}

// otherOutcomes makes a file of requests of three services, each to one of three databases; which fail is chance.
func otherOutcomes(_ *trace.Set, r *rand.Rand) *trace.Set {
	var b strings.Builder
	for n := range 60 {
		status, end := 200, ""
		if r.IntN(8) == 0 {
			status, end = 500, ` error="connection refused"`
		}
		service, db := []string{"auth", "user", "order"}[r.IntN(3)], []string{"redis", "users", "orders"}[r.IntN(3)]
		fmt.Fprintf(&b, "trace %x\n%s \"GET /x\" %ds +16ms kind=server http.response.status_code=%d\n", n+1, service, n, status)
		fmt.Fprintf(&b, "  %s GET %ds +2ms kind=client db.system=redis server.address=%s server.port=6379%s\n", service, n, db, end)
	}
	set, err := tracetest.Parse(b.String())
	if err != nil {
		panic(err)
	}
	return set
}

// realTraces opens a file of the collection beside the module.
func realTraces(t *testing.T, name string) *trace.Set {
	t.Helper()
	path := filepath.Join(tracetest.Corpus(t), name)
	opened, err := sources.Open(context.Background(), []string{path}, sources.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := opened.Set.Close(); err != nil {
			t.Error(err)
		}
	})
	return opened.Set
}
