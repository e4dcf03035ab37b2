package diagnose

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tracefall/diagnose/clocks"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/rule"
	"tracefall/sources/trace"
	"tracefall/sources/tracetest"
)

// The mutation benchmark of the detectors: one known change is made to a copy of a healthy trace, real ones and our
// own; what was changed must be found, and nothing else.
//
//	go test -run DetectMutations -v ./diagnose

// mutant is a healthy trace with a change.
type mutant struct {
	r      *rand.Rand
	facts  *facts.Facts // of the source
	d      *tracetest.Draft
	target int // span index in the source
	clocks *clocks.Clocks
}

// change is a kind of mutation.
type change struct {
	name string
	make func(m *mutant) bool // false where the trace does not lend itself to it
	// finds are the detectors of which one must name the target, or any span where it is about none.
	finds []string
	// also may be found besides: what the change makes true as well.
	also          []string
	recall, quiet float64 // floors: shares found, and with nothing else at medium or above
}

var changes = []change{
	{"20 to 40 more calls", func(m *mutant) bool {
		return m.asks() && m.d.Repeat(m.target, 20+m.r.IntN(20)) > 0
	}, []string{"n-plus-one", "redundant-calls"}, []string{"chatty"}, 0.85, 0.95},
	{"the same, 10 % of spans lost", func(m *mutant) bool {
		return m.asks() && m.d.Repeat(m.target, 20+m.r.IntN(20)) > 0 && m.lose(10)
	}, []string{"n-plus-one", "redundant-calls"}, []string{"chatty"}, 0.8, 0.95},
	{"the same, without attributes", func(m *mutant) bool {
		return m.asks() && m.d.Repeat(m.target, 20+m.r.IntN(20)) > 0 && m.strip()
	}, []string{"n-plus-one", "redundant-calls"}, []string{"chatty"}, 0, 0.95}, // a name alone seldom says that it is a call
	{"failing retries", func(m *mutant) bool { return m.retries(0) }, []string{"retry-storm"}, []string{"error-origin"}, 0.95, 0.95},
	{"failing retries, backing off", func(m *mutant) bool { return m.retries(100e6) }, []string{"retry-storm"}, []string{"error-origin"}, 0.95, 0.95},
	{"failing retries, 10 % of spans lost", func(m *mutant) bool { return m.retries(0) && m.lose(10) }, []string{"retry-storm"}, []string{"error-origin"}, 0.85, 0.93},
	{"stretched span", func(m *mutant) bool {
		m.d.Stretch(m.target, 3*m.facts.Total()+600e6)
		return true
	}, []string{"bottleneck", "slow-external", "edge-gap"}, []string{"timeout-wait", "blind-spots"}, 0.97, 0.95},
	{"a clock 5 s ahead", func(m *mutant) bool { return m.clock(5e9) }, []string{"clock-skew"}, nil, 0.95, 0.97},
	{"a clock 5 s behind", func(m *mutant) bool { return m.clock(-5e9) }, []string{"clock-skew"}, nil, 0.95, 0.97},
	{"1 % of spans lost", func(m *mutant) bool { return m.tears(1) }, []string{"lost-context", "blind-spots"}, nil, 0.97, 0.97},
	{"5 % of spans lost", func(m *mutant) bool { return m.tears(5) }, []string{"lost-context", "blind-spots"}, nil, 0.97, 0.97},
	{"20 % of spans lost", func(m *mutant) bool { return m.tears(20) }, []string{"lost-context", "blind-spots"}, nil, 0.97, 0.97},
	{"no attributes", (*mutant).strip, nil, nil, 1, 0.97},
}

// asks reports whether the target is a call that only reads, or may.
func (m *mutant) asks() bool {
	return m.facts.Kind(m.target) == trace.KindClient && m.facts.Class(m.target).Remote() && !m.facts.Detail(m.target).Write
}

// lose leaves out a share of the spans, whose children lose their parent, as a collector under load does. The first
// stays.
func (m *mutant) lose(percent int) bool {
	for i := 1; i < len(m.d.Parts); i++ {
		if i != m.target && m.r.IntN(100) < percent {
			m.d.Parts[i].Dropped = true
		}
	}
	return true
}

// tears loses spans, at least one whose children stay.
func (m *mutant) tears(percent int) bool {
	m.target = -1
	m.lose(percent)
	for i := 1; i < len(m.d.Parts); i++ {
		if p := m.d.Parts[i]; !p.Dropped && m.d.Parts[p.Parent].Dropped {
			return true
		}
	}
	return false
}

// strip takes away all attributes of spans.
func (m *mutant) strip() bool {
	for i := range m.d.Parts {
		m.d.Parts[i].Bare = true
	}
	return true
}

// retries puts 3 to 5 failed attempts before the target, each after a wait (ns).
func (m *mutant) retries(wait int64) bool {
	if !m.asks() {
		return false
	}
	m.d.Retry(m.target, 3+m.r.IntN(3), max(m.facts.Duration(m.target)/2, 1e6), wait)
	return true
}

// clock puts the clock of the target's host off.
func (m *mutant) clock(by int64) bool {
	t := m.facts.Trace
	host := m.clocks.Host(t.Span(m.target).Resource())
	if host == m.clocks.Host(t.Root().Resource()) || m.facts.Server(t.Parent(m.target)) != m.target ||
		t.Span(t.Parent(m.target)).Kind() != trace.KindClient { // only one that is recorded as a call promised to wait
		return false
	}
	for i := range m.d.Parts {
		if p := &m.d.Parts[i]; m.clocks.Host(t.Span(p.From).Resource()) == host {
			p.Start, p.End = p.Start+by, p.End+by
		}
	}
	m.target = -1
	return true
}

// tally sums up a kind of change.
type tally struct {
	made, found, quiet int
	misses             []string
}

func TestDetectMutations(t *testing.T) {
	if testing.Short() {
		t.Skip("many runs")
	}
	list := healthy(t)
	t.Logf("%d healthy traces", len(list))
	t.Logf("%-40s %6s %8s %8s", "change", "made", "found", "only it")
	for _, kind := range changes {
		var s tally
		for n, f := range list {
			h := fnv.New64a()
			fmt.Fprint(h, kind.name, n)
			s.add(t, kind, f, rand.New(rand.NewPCG(h.Sum64(), 7)))
		}
		recall, quiet := portion(s.found, s.made), portion(s.quiet, s.made)
		t.Logf("%-40s %6d %7.1f%% %7.1f%%", kind.name, s.made, 100*recall, 100*quiet)
		if s.made == 0 || recall < kind.recall || quiet < kind.quiet {
			t.Errorf("%s: %d made, %.3f found, want %.3f; %.3f with nothing else, want %.3f\n%s", kind.name, s.made, recall, kind.recall, quiet, kind.quiet,
				strings.Join(s.misses[:min(len(s.misses), 5)], "\n"))
		}
	}
}

func portion(n, of int) float64 { return float64(n) / float64(max(of, 1)) }

// add makes one change to one trace and looks at what is found.
func (s *tally) add(t *testing.T, kind change, f *facts.Facts, r *rand.Rand) {
	var eligible []int
	for i := 1; i < f.Trace.Len(); i++ {
		if tracetest.Apart(f.Trace, i) {
			eligible = append(eligible, i)
		}
	}
	r.Shuffle(len(eligible), func(i, k int) { eligible[i], eligible[k] = eligible[k], eligible[i] })
	for _, target := range eligible {
		m := &mutant{r: r, facts: f, d: tracetest.NewDraft(f.Trace), target: target, clocks: f.Ops.Clocks()}
		if !kind.make(m) {
			continue
		}
		before, after := diagnosed(t, tracetest.NewDraft(f.Trace)), diagnosed(t, m.d)
		s.made++
		found, more := kind.judge(m, before, after)
		if found {
			s.found++
		}
		if len(more) == 0 {
			s.quiet++
		}
		if !found || len(more) > 0 {
			s.misses = append(s.misses, fmt.Sprintf("%s of %s in %s, found %v, also %v\n%s", kind.name, f.Trace.Span(target).Name(), f.Trace.ID(), found, more, describeAll(after)))
		}
		return
	}
}

// judge reports whether the change was found, and which findings at medium or above there are besides.
func (c *change) judge(m *mutant, before, after *Report) (found bool, more []string) {
	known := map[string]bool{}
	for i := range before.Findings {
		known[before.Findings[i].Detector] = true
	}
	for i := range after.Findings {
		f := &after.Findings[i]
		names := append([]string{f.Detector}, f.Also...)
		expected := slices.ContainsFunc(names, func(n string) bool { return slices.Contains(c.finds, n) })
		if expected && (m.target < 0 || atPart(f, m.target)) {
			found = true
		}
		if !expected && f.Severity >= rule.Medium && !known[f.Detector] && !slices.Contains(c.also, f.Detector) {
			more = append(more, f.Detector+": "+f.Title)
		}
	}
	return found || len(c.finds) == 0, more
}

// atPart reports whether a part of a draft is evidence of a finding, or what it is shown at.
func atPart(f *rule.Finding, part int) bool {
	id := trace.SpanID{N: uint64(part) + 1}
	return f.Trace.Span(f.Anchor).ID() == id ||
		slices.ContainsFunc(f.Evidence, func(e rule.Evidence) bool { return e.Trace.Span(e.Span).ID() == id })
}

func diagnosed(t *testing.T, d *tracetest.Draft) *Report {
	t.Helper()
	b := trace.NewBuilder()
	d.Add(b, 1)
	r, err := Run(context.Background(), b.Build(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// healthy returns traces without a failure, with nothing missing, and of which nothing is found at medium or above:
// of each file of our own, and of the collection beside the module where it is there.
func healthy(t *testing.T) []*facts.Facts {
	t.Helper()
	const perFile = 30
	names, err := filepath.Glob(filepath.Join(incidents, "*.new.otlp.json"))
	if err != nil {
		t.Fatal(err)
	}
	collected, err := filepath.Glob(filepath.Join("..", "..", "shared", "traces", "*.json*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(collected) == 0 {
		t.Log("without the collection of traces")
	}
	var list []*facts.Facts
	for _, name := range append(names, collected...) {
		list = append(list, healthyOf(t, name, perFile)...)
	}
	return list
}

func healthyOf(t *testing.T, name string, most int) []*facts.Facts {
	report := diagnoseFile(t, name)
	var list []*facts.Facts
	step := max(report.Set.Len()/most/2, 1)
	for i := 0; i < report.Set.Len() && len(list) < most; i += step {
		tr := report.Set.Trace(i)
		f := report.Facts(tr)
		bad := slices.ContainsFunc(report.Of(tr), func(f *rule.Finding) bool { return f.Severity >= rule.Medium })
		if !bad && tr.Len() >= 4 && tr.Len() < 1000 && tr.Errors() == 0 && tr.First() == 0 && tr.Quality() == (trace.Quality{}) && f.Total() > 0 {
			list = append(list, f)
		}
	}
	return list
}
