package sets

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"tracefall/diagnose/compare/population"
	"tracefall/diagnose/facts"
	"tracefall/diagnose/factstest"
	"tracefall/sources/tracetest"
	"tracefall/views"
	"tracefall/views/draw"
	"tracefall/views/viewstest"
)

// setsOf compares two sets of traces.
func setsOf(t testing.TB, good, bad []*facts.Facts, by population.SplitKind) *population.Comparison {
	t.Helper()
	c, err := population.Compare(context.Background(), good, bad, population.Options{By: by})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// checkouts are n requests of a shop; a slow one has a new version, waits for its bank, and asks it for each item.
func checkouts(t testing.TB, n int, slow bool) []*facts.Facts {
	t.Helper()
	rng := rand.New(rand.NewPCG(uint64(n), 7))
	var text strings.Builder
	for i := range n {
		stock, bank, items, version, status := 20+rng.IntN(10), 40+rng.IntN(20), 1, "1.4.1", "200"
		failure := ""
		if slow {
			bank, items, version = 200+rng.IntN(100), 3, "1.4.2"
			if i%3 == 0 {
				status, failure = "503", " error=\"bank timed out\""
			}
		}
		total := 20 + stock + items*(bank+5)
		fmt.Fprintf(&text, "trace %032x\n", i+1)
		fmt.Fprintf(&text, "api \"POST /checkout\" %dms +%dms kind=server http.response.status_code=%s%s region=eu-%d\n", i*1000, total, status, failure, i%3)
		fmt.Fprintf(&text, "  stock \"GET /stock\" %dms +%dms kind=client\n", i*1000+5, stock)
		fmt.Fprintf(&text, "  payment charge %dms +%dms%s resource.service.version=%s resource.k8s.pod.name=pay-%s repeat=%d every=%dms\n", i*1000+10+stock, bank, failure, version, version, items, bank+5)
		if slow {
			fmt.Fprintf(&text, "  audit \"write log\" %dms +5ms\n", i*1000+total-6)
		}
	}
	return factstest.Of(tracetest.Set(t, text.String()))
}

// openSets shows the comparison of usual checkouts with slow ones.
func openSets(t testing.TB) *Sets {
	t.Helper()
	s := New()
	s.SetSets(setsOf(t, checkouts(t, 60, false), checkouts(t, 40, true), population.SplitGiven), [2]string{"good.json.gz", "bad.json.gz"})
	return s
}

func TestCompareSetsFrames(t *testing.T) {
	for _, test := range []struct {
		name string
		open func() *Sets
	}{
		{"slow", func() *Sets { return openSets(t) }},
		{"folded", func() *Sets {
			s := openSets(t)
			viewstest.Do(s, views.FoldAll, views.Down, views.Down, views.Fold)
			return s
		}},
		{"few", func() *Sets {
			s := New()
			s.SetSets(setsOf(t, checkouts(t, 3, false), checkouts(t, 2, true), population.SplitGiven), [2]string{"a.json", "b.json"})
			return s
		}},
		{"same", func() *Sets {
			s := New()
			s.SetSets(setsOf(t, checkouts(t, 40, false), checkouts(t, 40, false), population.SplitGiven), [2]string{})
			return s
		}},
		{"demo", func() *Sets {
			split := population.SplitByErrors(factstest.Of(viewstest.OpenDemo(t, "retry-storm.jsonl.gz")))
			s := New()
			s.SetSets(setsOf(t, split.Good, split.Bad, split.By), [2]string{"did not fail", "failed"})
			return s
		}},
		{"none", New},
	} {
		t.Run(test.name, func(t *testing.T) {
			env := viewstest.EnvOf(t, views.Scope{Set: checkouts(t, 1, true)[0].Trace.Set()})
			viewstest.CheckFrames(t, "compare-sets-"+test.name, test.open(), env)
		})
	}
}

func TestCompareSetsAnything(t *testing.T) {
	list := []*population.Comparison{
		nil, setsOf(t, checkouts(t, 30, false), checkouts(t, 20, true), population.SplitGiven),
		setsOf(t, checkouts(t, 3, false), checkouts(t, 2, true), population.SplitGiven),
		setsOf(t, nil, checkouts(t, 2, true), population.SplitGiven),
		setsOf(t, factstest.Of(viewstest.BrokenTrace(t).Set()), factstest.Of(viewstest.HostileTrace(t).Set()), population.SplitGiven),
	}
	for seed := range uint64(3) {
		s := New()
		viewstest.CheckAnything(t, viewstest.Env(t), seed, 500, func() views.Screen { return s }, func(_ views.Screen, rng *rand.Rand) {
			s.SetSets(list[rng.IntN(len(list))], [2]string{"one\x1b[2J", strings.Repeat("long ", rng.IntN(40))})
			if s.c != nil && s.rows[s.Row].kind == setBlank {
				t.Error("the cursor is on a blank row")
			}
		})
	}
}

// to moves the cursor to the first row of a kind in a section.
func (s *Sets) to(t *testing.T, section setSection, kind setRowKind) {
	t.Helper()
	for k, r := range s.rows {
		if r.section == section && r.kind == kind {
			s.Row = k
			return
		}
	}
	t.Fatalf("section %d has no row of kind %d", section, kind)
}

func TestCompareSetsOpensExamples(t *testing.T) {
	s := openSets(t)
	viewstest.Frame(s, viewstest.Env(t), 120, 40)
	s.to(t, setCulprits, setProof)
	proof := s.c.Culprits[0].Evidence[0]
	if got := viewstest.Act(s, views.Enter); got != (views.OpenTrace{Trace: proof.Facts.Trace, Span: proof.Span}) {
		t.Errorf("enter on evidence gives %#v", got)
	}
	s.to(t, setContributions, setItem)
	places := s.c.Calls[s.c.Contributions[0].Node].Example
	if got := viewstest.Act(s, views.Enter); got != (views.OpenTrace{Trace: places[1].Facts.Trace, Span: places[1].Span}) {
		t.Errorf("enter on a part gives %#v, want the bad example", got)
	}
	viewstest.Do(s, views.OtherSide)
	if got := viewstest.Act(s, views.Enter); got != (views.OpenTrace{Trace: places[0].Facts.Trace, Span: places[0].Span}) {
		t.Errorf("on the good side enter gives %#v", got)
	}
	if got := viewstest.Act(s, views.Inspect); got != (views.CompareTraces{Good: places[0].Facts.Trace, Bad: places[1].Facts.Trace}) {
		t.Errorf("asking what differs gives %#v, want the two examples compared", got)
	}
	s.to(t, setSummary, setItem)
	if viewstest.Why(s, views.Enter) == "" || viewstest.Act(s, views.Enter) != nil {
		t.Error("a line of the summary opens something")
	}
	s.to(t, setAttributes, setTitle)
	rows := len(s.rows)
	viewstest.Do(s, views.Enter)
	if len(s.rows) >= rows || !s.closed[setAttributes] {
		t.Error("enter on a title does not fold")
	}
}

func TestCompareSetsSaysWhatItIsSureOf(t *testing.T) {
	text := viewstest.Plain(openSets(t), viewstest.Env(t), 140, 60)
	for _, want := range []string{"Likely culprits", "payment", "q < 0.001", "+35 pp", "service.version=1.4.2", "appeared"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not said:\n%s", want, text)
		}
	}
	for _, test := range []struct {
		q    float64
		want string
	}{{0, "q < 0.001"}, {0.0042, "q 0.004"}, {0.25, "q 0.25"}, {1, "not significant"}} {
		if got := qText(test.q); got != test.want {
			t.Errorf("q of %v is written %q, want %q", test.q, got, test.want)
		}
	}
}

func BenchmarkCompareSetsFrame(b *testing.B) {
	s := openSets(b)
	viewstest.Do(s, views.OpenAll)
	viewstest.BenchFrames(b, s, views.Down)
}

func TestPrintedSets(t *testing.T) {
	s := openSets(t)
	var text strings.Builder
	if err := s.Print(100, viewstest.Env(t), func(g *draw.Grid) error {
		viewstest.CheckSize(t, g)
		text.WriteString(g.Plain() + "\n")
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"+695 ms", "payment charge", "appeared", "Changed calls"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is not printed:\n%s", want, text.String())
		}
	}
	if strings.Contains(text.String(), "▌") {
		t.Error("a cursor is printed")
	}
	markdown := s.Markdown()
	for _, want := range []string{"| mean | 98.2 ms | 792.8 ms | +694.6 ms |", "- payment: self time 48.9 ms → 244 ms per call of charge, calls/trace 1 → 3", "- +587 ms payment charge: self time",
		"· critical path time p50 50 ms → 729 ms (p95 58 ms → 870 ms, p99 59 ms → 882 ms)"} {
		if !strings.Contains(markdown, want) {
			t.Errorf("%q is missing in:\n%s", want, markdown)
		}
	}
}

func TestEvidenceIsOnItsSide(t *testing.T) {
	s := openSets(t)
	s.to(t, setCulprits, setItem)
	r, _ := s.at()
	places := s.examples(r)
	if places[views.Bad].Facts != s.c.Culprits[0].Evidence[0].Facts || places[views.Good].Facts != s.c.Culprits[0].Evidence[3].Facts {
		t.Error("offender and baseline are on the wrong sides")
	}
	var names strings.Builder
	for i := range 26 {
		fmt.Fprintf(&names, "  svc \"step %c\" %dms +%dms\n", 'a'+i, i*20, i+1)
	}
	usual, slow := "api go 0ms +600ms\n"+names.String(), "api go 0ms +600ms\n"+strings.ReplaceAll(names.String(), "ms +", "ms +1")
	s.SetSets(setsOf(t, factstest.Of(tracetest.Set(t, usual)), factstest.Of(tracetest.Set(t, slow)), population.SplitGiven), [2]string{})
	rows := len(s.rows)
	s.to(t, setContributions, setMore)
	viewstest.Do(s, views.Enter)
	if len(s.rows) <= rows {
		t.Error("enter on what is left out does not show it")
	}
}

// TestNothingToCompare: where the sets have no operation in common one sentence says so, no number of nothing is shown, and what was
// left out is listed.
func TestNothingToCompare(t *testing.T) {
	mail := factstest.Of(tracetest.Set(t, "trace 1\nmail send 0ms +5ms\ntrace 2\nmail send 0ms +5ms\n"))
	s := New()
	s.SetSets(setsOf(t, checkouts(t, 3, false), mail, population.SplitGiven), [2]string{"the rest", "service=mail"})
	screen := viewstest.Plain(s, viewstest.Env(t), 120, 30)
	for _, text := range []string{screen, s.Markdown()} {
		for _, want := range []string{"nothing to compare: the two sets share no root operation", "3 traces of api POST /checkout: only in baseline", "2 traces of mail send: only in bad"} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not in\n%s", want, text)
			}
		}
		for _, wrong := range []string{"0 %", "0 s", "do not differ", "p99", "not tested"} {
			if strings.Contains(text, wrong) {
				t.Errorf("%q is in\n%s", wrong, text)
			}
		}
	}
	grid := draw.NewGrid(120, 1)
	s.Head(grid.All(), viewstest.Env(t))
	if got, want := strings.TrimSpace(grid.Plain()), "baseline 3 traces · the rest   ⇄   bad 2 traces · service=mail"; !strings.HasPrefix(got, want) {
		t.Errorf("the head says %q, want %q", got, want)
	}
}
